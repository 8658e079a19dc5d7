# -*- test-case-name: lbproxy.test.net.test_connect -*-
"""
Connections to servers.

A L{ServerConnector} is a C{ClientCreator}: it may be used as one. L{ServerConnector.open} is the same call for the data path:
no Deferred, no resolver, no timeout timer (the session has a deadline), and on lbproxy's reactor no connector object
either, which halves the cost of a connection (FINDINGS 3).
"""

import errno
import os
import socket
from _socket import socket as RawSocket
from errno import EALREADY, EINPROGRESS, EISCONN
from select import EPOLLOUT

from twisted.internet import protocol as protocols
from twisted.internet.error import ConnectError

from lbproxy.net.transport import LeanConnection

_IP_BIND_ADDRESS_NO_PORT = 24
_STREAM = socket.SOCK_STREAM | socket.SOCK_NONBLOCK
_TCP = socket.IPPROTO_TCP
_NODELAY = socket.TCP_NODELAY



class LeanAttempt:
    """
    A connection that the kernel is still making.
    """

    __slots__ = ("reactor", "socket", "fd", "protocol", "peername", "target")

    def __init__(self, reactor, sock, protocol, peername, target):
        self.reactor = reactor
        self.socket = sock
        self.fd = sock.fileno()
        self.protocol = protocol
        self.peername = peername
        self.target = target
        reactor.lean[self.fd] = self
        reactor.leanRegister(self.fd, EPOLLOUT)

    def event(self, _events):
        """
        Made or failed: the kernel knows which (CON-16).
        """
        protocol, sock = self.protocol, self.socket
        # Asked for the outcome by connecting again: the event may be one of the descriptor's former owner, closed in this
        # very turn, and then the kernel is still at it.
        code = sock.connect_ex(self.target)
        if code == EALREADY:
            return
        if code and code != EISCONN:
            self.cancel()
            protocol.connectFailed(OSError(code, os.strerror(code)))
            return
        reactor, self.protocol = self.reactor, None
        transport = LeanConnection(reactor, sock, protocol, self.peername, reactor.leanModify)
        try:
            protocol.makeConnection(transport)
        except BaseException:
            transport.connectionLost()
            raise

    readable = event

    def cancel(self):
        """
        Give up silently.
        """
        if self.protocol is not None:
            self.protocol = None
            self.reactor.lean.pop(self.fd, None)
            self.socket.close()

    def connectionLost(self, reason):
        """
        The reactor is going away.
        """
        protocol = self.protocol
        if protocol is not None:
            self.cancel()
            protocol.connectFailed(ConnectError())

    def logPrefix(self):
        """
        @return: a text for Twisted's log.
        """
        return "connection attempt to %s:%d" % self.peername[:2]


class _NoAttempt:
    """
    What is returned when the outcome was known at once.
    """

    __slots__ = ()

    def cancel(self):
        """
        Nothing to give up.
        """


_NONE = _NoAttempt()


class _StockAttempt(protocols.ClientFactory):
    """
    The same on a stock reactor.
    """

    noisy = False

    def __init__(self, protocol):
        self._protocol = protocol
        self.connector = None

    def buildProtocol(self, _address):
        """
        @return: the protocol given to L{ServerConnector.open}.
        """
        protocol, self._protocol = self._protocol, None
        return protocol

    def clientConnectionFailed(self, connector, reason):
        """
        The attempt failed.
        """
        protocol, self._protocol = self._protocol, None
        if protocol is not None:
            protocol.connectFailed(reason.value)

    def cancel(self):
        """
        Give up silently.
        """
        if self._protocol is not None:
            self._protocol = None
            self.connector.disconnect()


class ServerConnector(protocols.ClientCreator):
    """
    Makes connections to one address.

    @ivar bindAddress: source C{(host, port)}, or C{None} for the system's choice (CON-12).
    """

    def __init__(self, reactor, host, port, bindAddress=None):
        """
        @param host: numeric address.
        """
        protocols.ClientCreator.__init__(self, reactor, protocols.Protocol)
        self.bindAddress = bindAddress
        self.family = socket.AF_INET6 if ":" in host else socket.AF_INET
        self.address = (host, port)
        # As bytes it is taken as it is; a str would go through the IDNA codec each time.
        self._target = (host.encode("ascii"), port)
        self._lean = hasattr(reactor, "lean")

    def open(self, protocol):
        """
        Connect.

        @param protocol: gets C{makeConnection(transport)}, or C{connectFailed(reason)} with an exception. Either may
            happen before this returns.
        @return: an object with C{cancel()}, after which neither is called.
        """
        if not self._lean:
            factory = _StockAttempt(protocol)
            factory.connector = self.reactor.connectTCP(
                self.address[0], self.address[1], factory, timeout=None, bindAddress=self.bindAddress)
            return factory
        # C{socket.socket} is a Python class around this one; it makes a connection 1.5 microseconds dearer.
        try:
            sock = RawSocket(self.family, _STREAM)
        except OSError as problem:
            protocol.connectFailed(problem)
            return _NONE
        try:
            sock.setsockopt(_TCP, _NODELAY, 1)
            if self.bindAddress is not None:
                self._bind(sock)
            code = sock.connect_ex(self._target)
            if code == EINPROGRESS:
                # On one machine the handshake is over when the call returns, though it says otherwise. Asking again
                # costs a microsecond and saves a turn of the poller and three registrations.
                code = sock.connect_ex(self._target)
        except OSError as problem:
            code = problem.errno or errno.EADDRNOTAVAIL
        if code == EISCONN or code == 0:
            protocol.makeConnection(LeanConnection(self.reactor, sock, protocol, self.address))
            return _NONE
        if code == EALREADY:
            return LeanAttempt(self.reactor, sock, protocol, self.address, self._target)
        sock.close()
        protocol.connectFailed(OSError(code, os.strerror(code)))
        return _NONE

    def _bind(self, sock):
        if not self.bindAddress[1] and self.family == socket.AF_INET:
            try:
                sock.setsockopt(socket.IPPROTO_IP, _IP_BIND_ADDRESS_NO_PORT, 1)
            except OSError:
                pass
        sock.bind(self.bindAddress)


#: What the kernel says when the machine, not the server, has a problem: retried at once, logged as an emergency (CON-19).
LOCAL_FAILURES = frozenset((errno.EMFILE, errno.ENFILE, errno.ENOBUFS, errno.ENOMEM, errno.EAGAIN,
                            errno.EADDRNOTAVAIL, errno.EADDRINUSE))

__all__ = ["LOCAL_FAILURES", "LeanAttempt", "ServerConnector"]
