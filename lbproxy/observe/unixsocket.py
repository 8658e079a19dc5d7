# -*- test-case-name: lbproxy.test.observe.test_unixsocket -*-
"""
The file of the console's socket (STA-21, STA-22).
"""

import os
import socket
import stat

from lbproxy.net.listen import startListening

#: Length of the kernel's queue: those above C{stats maxconn} wait there.
BACKLOG = 10


class ConsoleSocket:
    """
    The socket C{stats socket} asks for. An existing one is replaced at the very end of opening, atomically: whatever
    fails before leaves it as it was.

    @ivar config: the L{StatsSocket<lbproxy.config.model.StatsSocket>}.
    @ivar socket: listening non-blocking socket, C{None} when closed.
    @ivar port: the C{IListeningPort}, C{None} before L{listen}.
    """

    def __init__(self, config):
        self.config = config
        self.socket = self.port = self._identity = None

    def open(self):
        """
        Bind under a name of our own, set owner and mode, listen, rename over the final path.

        @raise OSError: if that cannot be done, or if something other than a socket has the name. Nothing is left
            behind.
        """
        config = self.config
        path = config.path
        if os.path.lexists(path) and not stat.S_ISSOCK(os.stat(path).st_mode):
            raise OSError(None, "%s is no socket" % (path,))
        temporary = "%s.%d.new" % (path, os.getpid())
        sock = socket.socket(socket.AF_UNIX, socket.SOCK_STREAM)
        try:
            sock.setblocking(False)
            _unlink(temporary)
            sock.bind(temporary)
            if config.uid is not None or config.gid is not None:
                os.chown(temporary, _unset(config.uid), _unset(config.gid))
            if config.mode is not None:
                os.chmod(temporary, config.mode)
            sock.listen(BACKLOG)
            identity = _identityOf(temporary)
            os.rename(temporary, path)
        except BaseException:
            sock.close()
            _unlink(temporary)
            raise
        self.socket, self._identity = sock, identity

    def listen(self, reactor, factory):
        """
        Accept connections.

        @param reactor: lbproxy's or a stock one.
        @param factory: a L{ConsoleFactory<lbproxy.observe.console.ConsoleFactory>}; it is told the port, to pause it.
        @return: the C{IListeningPort}.
        """
        # One at a time: the limit of connections must hold between two of them.
        self.port = factory.port = startListening(reactor, self.socket, factory, BACKLOG, 1)
        return self.port

    def close(self):
        """
        Stop listening, and remove the file unless it belongs to another process by now. Our inode cannot be given to
        another file as long as our socket is open, so this is looked at first.

        @return: C{None}, or the Deferred of the port.
        """
        sock, self.socket = self.socket, None
        if sock is None:
            return None
        if self._identity == _identityOf(self.config.path):
            _unlink(self.config.path)
        if self.port is not None:
            return self.port.stopListening()
        sock.close()
        return None


def _unset(number):
    return -1 if number is None else number


def _identityOf(path):
    """
    @return: what tells one file from another, C{None} without file.
    """
    try:
        found = os.lstat(path)
    except OSError:
        return None
    return found.st_dev, found.st_ino


def _unlink(path):
    try:
        os.unlink(path)
    except OSError:
        pass
