# -*- test-case-name: lbproxy.test.net.test_port -*-
"""
A listening stream socket that accepts in bounded batches.
"""

import socket
from _socket import socket as RawSocket
from select import EPOLLIN

from twisted.internet import defer, error, interfaces
from twisted.python import log
from twisted.python.failure import Failure
from zope.interface import implementer

from lbproxy.net.transport import LeanConnection, addressOf

#: Seconds a port rests after the system ran out of descriptors or memory (LST-10).
REST = 0.1


def openListener(host, port):
    """
    @param host: numeric address, empty for every IPv4 address.
    @return: a bound, non-blocking socket that does not listen yet (LST-01).
    @raise OSError: if the address cannot be had.
    """
    family = socket.AF_INET6 if ":" in host else socket.AF_INET
    sock = socket.socket(family, socket.SOCK_STREAM)
    try:
        sock.setblocking(False)
        sock.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        # Inherited by accepted sockets: once here instead of once per connection.
        sock.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
        if family == socket.AF_INET6:
            sock.setsockopt(socket.IPPROTO_IPV6, socket.IPV6_V6ONLY, 1)
        sock.bind((host, port))
    except BaseException:
        sock.close()
        raise
    return sock


@implementer(interfaces.IListeningPort, interfaces.IReadDescriptor)
class LeanPort:
    """
    @ivar numberAccepts: connections accepted per wake-up; -1 for all there are (LST-06).
    @ivar reading: whether it accepts.
    """

    numberAccepts = 100

    def __init__(self, reactor, factory, backlog, address, sock=None):
        """
        @param backlog: kernel queue, C{None} for an adopted socket that listens already.
        @param address: C{(host, port)} to bind, C{None} with C{sock}.
        @param sock: a bound socket to adopt.
        """
        self.reactor = reactor
        self.factory = factory
        self.backlog = backlog
        self.address = address
        self.socket = sock
        self.reading = self.connected = False
        self._resting = None
        # A factory that wants no address object is spared one for each connection.
        self._raw = getattr(factory, "rawAddresses", False)

    def startListening(self):
        """
        Bind (unless adopted), listen, accept.

        @raise twisted.internet.error.CannotListenError: if the address cannot be had.
        """
        try:
            if self.socket is None:
                self.socket = openListener(self.address[0], self.address[1])
            self.socket.setblocking(False)
            if self.backlog is not None:
                self.socket.listen(self.backlog)
        except OSError as problem:
            host, port = self.address or ("", 0)
            raise error.CannotListenError(host, port, problem) from None
        self.family = self.socket.family
        self.fd = self.socket.fileno()
        self.connected = self.reading = True
        self.factory.doStart()
        self._register()

    def _register(self):
        self.reactor.lean[self.fd] = self
        self.reactor.leanRegister(self.fd, EPOLLIN)

    def _unregister(self):
        self.reactor.lean.pop(self.fd, None)

    def readable(self):
        """
        Accept a batch.
        """
        left = self.numberAccepts
        accept = self.socket._accept
        family = self.family
        while left and self.reading:
            left -= 1
            try:
                fd, peername = accept()
            except (BlockingIOError, ConnectionAbortedError, PermissionError):
                return
            except OSError as problem:
                self._exhausted(problem)
                return
            sock = RawSocket(family, socket.SOCK_STREAM, 0, fd)
            sock.setblocking(False)
            try:
                self._begin(sock, peername)
            except Exception:
                log.err(Failure(), "new connection")
                sock.close()

    def _begin(self, sock, peername):
        protocol = self.factory.buildProtocol(peername if self._raw else addressOf(peername, self.family))
        if protocol is None:
            sock.close()
            return
        transport = LeanConnection(self.reactor, sock, protocol, peername)
        try:
            protocol.makeConnection(transport)
        except Exception:
            log.err(Failure(), "connectionMade of %s" % (type(protocol).__name__,))
            transport.connectionLost(Failure())

    def event(self, _events):
        """
        An error on the listening socket shows when accepting.
        """
        self.readable()

    def _exhausted(self, problem):
        report = getattr(self.factory, "acceptFailed", None)
        if report is not None:
            report(problem)
        else:
            log.err(Failure(problem), "accept")
        if self.reading:
            self.pauseProducing()
            self._resting = self.reactor.callLater(REST, self._rested)

    def _rested(self):
        self._resting = None
        # Meanwhile the factory may have reached a limit of its own.
        if getattr(self.factory, "accepting", True):
            self.resumeProducing()

    def pauseProducing(self):
        """
        Leave new connections in the kernel's queue (LST-03).
        """
        if self.reading and self.connected:
            self.reading = False
            self._rest()

    def resumeProducing(self):
        """
        Accept again.
        """
        if not self.reading and self.connected:
            self.reading = True
            self._wake()

    def _rest(self):
        self.reactor.leanModify(self.fd, 0)

    def _wake(self):
        self.reactor.leanModify(self.fd, EPOLLIN)

    def stopReading(self):
        """
        As L{pauseProducing}.
        """
        self.pauseProducing()

    def startReading(self):
        """
        As L{resumeProducing}.
        """
        self.resumeProducing()

    def stopListening(self):
        """
        @return: a Deferred that fires at once: the port is free.
        """
        self.connectionLost()
        return defer.succeed(None)

    loseConnection = stopListening

    def connectionLost(self, _reason=None):
        """
        Close.
        """
        if self.connected:
            self.connected = self.reading = False
            if self._resting is not None:
                self._resting.cancel()
                self._resting = None
            self._unregister()
            self.socket.close()
            self.factory.doStop()

    def getHost(self):
        """
        @return: the address object of this port.
        """
        return addressOf(self.socket.getsockname(), self.family)

    def fileno(self):
        """
        @return: the descriptor.
        """
        return self.fd

    def logPrefix(self):
        """
        @return: a text for Twisted's log.
        """
        return "%s (Port)" % (type(self.factory).__name__,)

    def __repr__(self):
        return "<%s of %r>" % (type(self).__name__, self.factory)


class StockPort(LeanPort):
    """
    The same for a stock reactor, whose own port checks no limit between two accepts of a batch. Connections get the
    reactor's own transports.
    """

    def _register(self):
        self.reactor.addReader(self)

    _wake = _register

    def _unregister(self):
        self.reactor.removeReader(self)

    _rest = _unregister

    def _begin(self, sock, _peername):
        self.reactor.adoptStreamConnection(sock.fileno(), self.family, self.factory)
        sock.close()

    def doRead(self):
        """
        As C{IReadDescriptor.doRead}.
        """
        self.readable()
