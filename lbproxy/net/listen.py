# -*- test-case-name: lbproxy.test.net.test_listen -*-
"""
Listening sockets: bound first, all of them, and listening only when everything else is ready (LST-01).
"""

import os
import socket
import stat

from lbproxy.net.port import LeanPort, StockPort, openListener


def bindListener(bind):
    """
    @param bind: a L{Bind<lbproxy.config.model.Bind>}: an address, a UNIX path or an inherited descriptor.
    @return: a bound non-blocking stream socket.
    @raise OSError: if it cannot be had; nothing stays open.
    """
    if bind.fd is not None:
        sock = socket.socket(fileno=os.dup(bind.fd))
        if sock.type != socket.SOCK_STREAM:
            sock.close()
            raise OSError(None, "descriptor %d is no stream socket" % bind.fd)
        sock.setblocking(False)
        return sock
    if bind.path is not None:
        return _bindPath(bind.path, bind.mode)
    return openListener(bind.host, bind.port)


def _bindPath(path, mode):
    """
    Bind under a name of our own and rename, so that a socket left behind is replaced and one in use is never absent.
    """
    sock = socket.socket(socket.AF_UNIX, socket.SOCK_STREAM)
    temporary = "%s.%d.new" % (path, os.getpid())
    try:
        sock.setblocking(False)
        if os.path.exists(path) and not stat.S_ISSOCK(os.stat(path).st_mode):
            raise OSError(None, "%s is no socket" % path)
        if os.path.exists(temporary):
            os.unlink(temporary)
        sock.bind(temporary)
        if mode is not None:
            os.chmod(temporary, mode)
        os.rename(temporary, path)
    except BaseException:
        sock.close()
        raise
    return sock


def startListening(reactor, sock, factory, backlog, maxAccept):
    """
    Listen and accept.

    @param sock: from L{bindListener}; it belongs to the port from now on.
    @param backlog: length of the kernel's queue (LST-02).
    @param maxAccept: connections accepted per wake-up, -1 for all (LST-06).
    @return: an C{IListeningPort} with C{stopReading} and C{startReading}.
    """
    sock.listen(backlog)
    port = (LeanPort if hasattr(reactor, "lean") else StockPort)(reactor, factory, None, None, sock)
    port.numberAccepts = maxAccept
    port.startListening()
    return port
