# -*- test-case-name: lbproxy.test.net.test_transport -*-
"""
A write-through stream transport.

It sends at once and asks the poller for writability only after a short write, holds no buffer while idle, and tells the
end of input apart from the end of the connection. It is an ordinary C{ITCPTransport} to its protocol.
"""

import errno
import socket
import struct
from select import EPOLLERR, EPOLLHUP, EPOLLIN, EPOLLOUT

from twisted.internet import address, error, interfaces
from twisted.python.failure import Failure
from zope.interface import implementer

#: Bytes asked of the kernel at first; full reads make it grow, short ones make it shrink again (FINDINGS 5).
READ_SMALL = 16384
READ_LARGE = 262144

#: Shared reasons: a Failure for each close costs as much as the close.
DONE = Failure(error.ConnectionDone())
ABORTED = Failure(error.ConnectionAborted())

_RESET = struct.pack("ii", 1, 0)


def addressOf(name, family):
    """
    @param name: what C{getpeername} or C{accept} gave.
    @param family: C{socket.AF_*}.
    @return: an C{IPv4Address}, C{IPv6Address} or C{UNIXAddress}.
    """
    if family == socket.AF_UNIX:
        return address.UNIXAddress(name or None)
    kind = address.IPv6Address if family == socket.AF_INET6 else address.IPv4Address
    return kind("TCP", *name[:2])


def reasonFor(problem):
    """
    @param problem: an C{OSError}, or C{None} for a clean end.
    @return: the C{Failure} a protocol is told.
    """
    if problem is None:
        return DONE
    lost = error.ConnectionLost()
    lost.osError = problem
    return Failure(lost)


_halfCloseable: dict = {}


def isHalfCloseable(protocol):
    """
    @return: whether a protocol wants to tell the end of input from the end of the connection; asked once per class.
    """
    kind = type(protocol)
    known = _halfCloseable.get(kind)
    if known is None:
        known = _halfCloseable[kind] = interfaces.IHalfCloseableProtocol.providedBy(protocol)
    return known


@implementer(interfaces.ITCPTransport, interfaces.IHalfCloseableDescriptor)
class LeanConnection:
    """
    One connected stream socket on a L{LeanReactor<lbproxy.net.reactor.LeanReactor>}.

    @ivar peername: the peer as the kernel names it; a C{(host, port)} tuple for TCP.
    @ivar ready: output can be tried at once: connected, open, and nothing waits.
    @ivar pending: bytes accepted by L{write} that the kernel has not taken yet.
    """

    __slots__ = ("reactor", "socket", "send", "recv", "fd", "protocol", "peername", "readSize", "reading", "events",
                 "ready", "pending", "readClosed", "writeClosed", "closing", "broken", "producer", "producerPaused",
                 "connected", "_out", "_more")

    disconnecting = property(lambda self: self.closing)
    disconnected = property(lambda self: not self.connected)

    def __init__(self, reactor, sock, protocol, peername, register=None):
        """
        @param sock: a connected non-blocking socket.
        @param protocol: its protocol; the caller calls C{makeConnection}.
        @param register: how to tell the poller, if it knows the socket already.
        """
        self.reactor = reactor
        self.socket = sock
        self.send = sock.send
        self.recv = sock.recv
        self.fd = fd = sock.fileno()
        self.protocol = protocol
        self.peername = peername
        self.readSize = READ_SMALL
        self.reading = self.connected = self.ready = True
        self.readClosed = self.writeClosed = self.closing = self.broken = self.producerPaused = False
        self.producer = self._out = self._more = None
        self.pending = 0
        self.events = EPOLLIN
        (register or reactor.leanRegister)(fd, EPOLLIN)
        reactor.lean[fd] = self

    # -- events ------------------------------------------------------------------------------------------------

    def readable(self):
        """
        Data, an end or an error waits to be read.
        """
        size = self.readSize
        try:
            data = self.recv(size)
        except BlockingIOError:
            return
        except OSError as problem:
            self._lost(reasonFor(problem))
            return
        if not data:
            self._inputEnded()
            return
        if size != READ_SMALL or len(data) == size:
            if len(data) == size:
                self.readSize = min(size * 4, READ_LARGE)
            elif len(data) < size >> 2:
                self.readSize = READ_SMALL
        self.protocol.dataReceived(data)

    def event(self, events):
        """
        Anything but plain readability.

        @param events: the poller's mask.
        """
        if events & EPOLLOUT and self.pending:
            self._drain()
        if not self.connected:
            return
        if events & EPOLLIN and self.reading:
            self.readable()
        elif events & (EPOLLHUP | EPOLLERR):
            if self.reading:
                self.readable()
            elif self.broken or self.readClosed or self.closing or self.pending:
                # Neither direction has a future.
                problem = self.socket.getsockopt(socket.SOL_SOCKET, socket.SO_ERROR)
                self._lost(reasonFor(OSError(problem, "connection lost") if problem else None))
            else:
                # The poller reports a hang-up whether asked or not. What was received before it is still to be read:
                # stay silent until somebody wants it (HTP-20).
                self._want(-1)

    def _inputEnded(self):
        protocol = self.protocol
        if not isHalfCloseable(protocol):
            self._lost(DONE)
            return
        self.readClosed = True
        self.reading = False
        protocol.readConnectionLost()
        if self.connected:
            self._interest()

    def _want(self, events):
        """
        Tell the poller; -1 leaves it altogether.
        """
        if events == self.events:
            return
        reactor = self.reactor
        if events < 0:
            reactor.leanUnregister(self.fd)
        elif self.events < 0:
            reactor.leanRegister(self.fd, events)
        else:
            reactor.leanModify(self.fd, events)
        self.events = events

    def _interest(self):
        self._want((EPOLLIN if self.reading else 0) | (EPOLLOUT if self.pending else 0))

    # -- writing -----------------------------------------------------------------------------------------------

    def write(self, data):
        """
        Send C{data}, now if the kernel takes it.
        """
        if not self.ready:
            self._queue(data)
            return
        try:
            sent = self.send(data)
        except BlockingIOError:
            sent = 0
        except OSError:
            self._writeFailed()
            return
        if sent != len(data):
            self.ready = False
            self._out = memoryview(data)[sent:]
            self.pending = len(data) - sent
            self._interest()
            if self.producer is not None and not self.producerPaused:
                self.producerPaused = True
                self.producer.pauseProducing()

    def _queue(self, data):
        """
        Output while other output waits, or when there is no way out any more.
        """
        if self.pending and not self.closing and not self.writeClosed:
            self.pending += len(data)
            if self._more is None:
                self._more = [data]
            else:
                self._more.append(data)

    def writeSequence(self, chunks):
        """
        Send several pieces as one.
        """
        self.write(b"".join(chunks))

    def _writeFailed(self):
        """
        The peer takes nothing more. What it sent before is still wanted, so only output ends here; the poller reports
        the hang-up, and reading it tells the protocol (HTP-20).
        """
        self.broken = True
        self.ready = False
        self._out = self._more = None
        self.pending = 0
        if self.closing:
            self._lost(DONE)
        elif not self.reading:
            self._want(0)
        else:
            self._interest()

    def _drain(self):
        out = self._out
        try:
            sent = self.send(out)
        except BlockingIOError:
            return
        except OSError:
            self._writeFailed()
            return
        self.pending -= sent
        if sent != len(out):
            self._out = out[sent:]
            return
        more, self._more = self._more, None
        if more:
            self._out = memoryview(b"".join(more))
            return
        self._out = None
        if self.closing:
            self._lost(DONE)
            return
        self._interest()
        if self.writeClosed:
            self._shutdown()
        else:
            self.ready = True
        if self.producerPaused:
            self.producerPaused = False
            self.producer.resumeProducing()

    # -- flow control ------------------------------------------------------------------------------------------

    def registerProducer(self, producer, streaming):
        """
        Have C{producer} paused whenever output waits. Only push producers, as lbproxy needs no other, and a pull
        producer is asked once for each time the output is empty.
        """
        if self.producer is not None:
            raise RuntimeError("a producer is registered already")
        if not self.connected:
            producer.stopProducing()
            return
        self.producer = producer
        if not streaming:
            self.producerPaused = bool(self.pending)
            if not self.pending:
                self.producerPaused = True
                self._out = memoryview(b"")
                producer.resumeProducing()

    def unregisterProducer(self):
        """
        Forget the producer.
        """
        self.producer = None
        self.producerPaused = False

    def pauseProducing(self):
        """
        Stop reading. A hang-up found meanwhile is reported when reading goes on.
        """
        if self.reading:
            self.reading = False
            if self.connected:
                self._interest()

    def resumeProducing(self):
        """
        Read again.
        """
        if not self.reading and self.connected and not self.readClosed:
            self.reading = True
            self._interest()

    stopReading = pauseProducing
    startReading = resumeProducing

    def stopProducing(self):
        """
        Close.
        """
        self.loseConnection()

    # -- closing -----------------------------------------------------------------------------------------------

    def loseConnection(self, _reason=None):
        """
        Close once what was written is sent. The protocol is told at the end of the reactor's turn.
        """
        if self.connected and not self.closing:
            self.closing = True
            self.ready = False
            if not self.pending:
                self._lost(DONE)
            elif self.reading:
                self.reading = False
                self._interest()

    def abortConnection(self):
        """
        Close now with a reset.
        """
        if self.connected:
            try:
                self.socket.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, _RESET)
            except OSError:
                pass
            self._lost(ABORTED)

    def loseWriteConnection(self):
        """
        End our output once it is sent; input goes on.
        """
        if self.connected and not self.writeClosed and not self.closing:
            self.writeClosed = True
            self.ready = False
            if not self.pending:
                self._shutdown()

    def _shutdown(self):
        try:
            self.socket.shutdown(socket.SHUT_WR)
        except OSError as problem:
            if problem.errno != errno.ENOTCONN:
                raise
        protocol = self.protocol
        if isHalfCloseable(protocol):
            protocol.writeConnectionLost()

    def _lost(self, reason):
        if self.connected:
            self.connected = self.ready = self.reading = False
            reactor = self.reactor
            if self.events < 0:
                reactor.lean.pop(self.fd, None)
            else:
                del reactor.lean[self.fd]
            # close() also leaves the epoll set: nobody else holds this descriptor.
            self.socket.close()
            self._out = self._more = None
            self.pending = 0
            reactor.leanFinished.append((self.protocol, reason))
            self.protocol = None
            producer, self.producer = self.producer, None
            if producer is not None:
                self.producerPaused = False

    def connectionLost(self, reason=DONE):
        """
        The reactor is going away.
        """
        self._lost(reason)

    def readConnectionLost(self, _reason=None):
        """
        Part of C{IHalfCloseableDescriptor}.
        """
        self._inputEnded()

    def writeConnectionLost(self, _reason=None):
        """
        Part of C{IHalfCloseableDescriptor}.
        """
        self.loseWriteConnection()

    # -- what it is --------------------------------------------------------------------------------------------

    def getPeer(self):
        """
        @return: the peer's address object.
        """
        return addressOf(self.peername, self.socket.family)

    def getHost(self):
        """
        @return: our address object.
        """
        return addressOf(self.socket.getsockname(), self.socket.family)

    def getHandle(self):
        """
        @return: the socket.
        """
        return self.socket

    def fileno(self):
        """
        @return: the descriptor, -1 once closed.
        """
        return self.fd if self.connected else -1

    def logPrefix(self):
        """
        @return: a text for Twisted's log.
        """
        return type(self.protocol).__name__

    def getTcpNoDelay(self):
        """
        @return: whether Nagle's algorithm is off.
        """
        return bool(self.socket.getsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY))

    def setTcpNoDelay(self, enabled):
        """
        Switch Nagle's algorithm off (true) or on.
        """
        self.socket.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, int(enabled))

    def getTcpKeepAlive(self):
        """
        @return: whether TCP probes an idle peer.
        """
        return bool(self.socket.getsockopt(socket.SOL_SOCKET, socket.SO_KEEPALIVE))

    def setTcpKeepAlive(self, enabled):
        """
        Have TCP probe an idle peer.
        """
        self.socket.setsockopt(socket.SOL_SOCKET, socket.SO_KEEPALIVE, int(enabled))
