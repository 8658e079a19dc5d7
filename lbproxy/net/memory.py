# -*- test-case-name: lbproxy.test.net.test_memory -*-
"""
A network in memory: connections without sockets, for C{explain}, for tests, for everything that runs on virtual time.
"""

import errno

from twisted.internet import address, error, interfaces
from twisted.python.failure import Failure
from zope.interface import implementer


@implementer(interfaces.ITransport)
class MemoryTransport:
    """
    Our end of a connection; whoever made it is the other end.

    @ivar sent: everything written that the "kernel" has taken.
    @ivar room: bytes it still takes, C{None} for any number.
    """

    def __init__(self, protocol, peername=("10.0.0.1", 4000), host=("10.0.0.9", 80)):
        self.protocol = protocol
        self.peername = peername
        self.host = host
        self.sent = b""
        self.waiting = b""
        self.room = None
        self.reading = True
        self.producer = None
        self.writeEnded = self.lost = self.aborted = self.closing = False

    @property
    def pending(self):
        """
        Bytes written that were not taken. int.
        """
        return len(self.waiting)

    def connect(self):
        """
        Begin.
        """
        self.protocol.makeConnection(self)
        return self

    def write(self, data):
        """
        As C{ITransport}; the producer is paused while something waits.
        """
        assert not self.lost, "written to a closed transport"
        assert not self.writeEnded, "written after the end of output"
        if self.closing:
            return
        self.waiting += data
        self._flush()
        if self.waiting and self.producer is not None:
            self.producer.pauseProducing()

    def _flush(self):
        taken = len(self.waiting) if self.room is None else min(self.room, len(self.waiting))
        self.sent += self.waiting[:taken]
        self.waiting = self.waiting[taken:]
        if self.room is not None:
            self.room -= taken

    def take(self, room=None):
        """
        The other end reads on.

        @param room: bytes it takes, C{None} for all.
        """
        self.room = room
        waited = bool(self.waiting)
        self._flush()
        if waited and not self.waiting:
            if self.closing:
                self._gone(error.ConnectionDone())
            elif self.producer is not None:
                self.producer.resumeProducing()

    def read(self):
        """
        @return: what was sent since this was asked last.
        """
        sent, self.sent = self.sent, b""
        return sent

    def registerProducer(self, producer, streaming):
        """
        As C{IConsumer}; push producers only.
        """
        assert self.producer is None and streaming
        self.producer = producer

    def unregisterProducer(self):
        """
        As C{IConsumer}.
        """
        self.producer = None

    def pauseProducing(self):
        """
        As C{IPushProducer}.
        """
        self.reading = False

    def resumeProducing(self):
        """
        As C{IPushProducer}.
        """
        self.reading = True

    def loseConnection(self):
        """
        As C{ITransport}: close once everything was taken.
        """
        self.closing = True
        if not self.waiting:
            self._gone(error.ConnectionDone())

    def abortConnection(self):
        """
        As C{ITCPTransport}.
        """
        self.aborted = True
        self._gone(error.ConnectionAborted())

    def loseWriteConnection(self):
        """
        As C{ITCPTransport}.
        """
        assert not self.writeEnded
        self.writeEnded = True

    def _gone(self, reason):
        if not self.lost:
            self.lost = True
            self.waiting = b""
            protocol, self.protocol = self.protocol, None
            protocol.connectionLost(Failure(reason))

    def getPeer(self):
        """
        As C{ITransport}.
        """
        return address.IPv4Address("TCP", *self.peername)

    def getHost(self):
        """
        As C{ITransport}.
        """
        return address.IPv4Address("TCP", *self.host)

    def getHandle(self):
        """
        @return: what stands for the socket.
        """
        return self

    def recv(self, _size, _flags):
        """
        The kernel knows of nothing that came.
        """
        raise BlockingIOError

    # -- what the other end does

    def receive(self, data):
        """
        Data of the other end arrives.
        """
        assert self.reading and not self.lost, "data for one who does not read"
        self.protocol.dataReceived(data)

    def end(self):
        """
        The other end closes its output.
        """
        self.protocol.readConnectionLost()

    def reset(self):
        """
        The other end resets.
        """
        self._gone(error.ConnectionLost())


class Attempt:
    """
    A connection attempt; whoever made the network decides.
    """

    def __init__(self, target, protocol):
        self.target = target
        self.protocol = protocol
        self.cancelled = False

    def cancel(self):
        """
        Nobody waits for it any more.
        """
        self.cancelled = True

    def accept(self):
        """
        @return: the transport of the made connection.
        """
        assert not self.cancelled
        return MemoryTransport(self.protocol, self.target).connect()

    def refuse(self, number=errno.ECONNREFUSED):
        """
        The attempt fails.
        """
        assert not self.cancelled
        self.protocol.connectFailed(OSError(number, "refused"))


class Network:
    """
    Servers by C{(host, port)}: C{"accept"}, C{"refuse"} or C{"wait"} (the default).

    @ivar attempts: every attempt, in order; those accepted are in C{transports}.
    """

    def __init__(self):
        self.behaviour = {}
        self.attempts = []
        self.transports = []

    def newConnector(self, host, port, source):
        """
        As the assembly wants it.
        """
        return _Connector(self, (host, port))


class _Connector:
    def __init__(self, network, target):
        self.network = network
        self.target = target

    def open(self, protocol):
        attempt = Attempt(self.target, protocol)
        self.network.attempts.append(attempt)
        behaviour = self.network.behaviour.get(self.target, "wait")
        if behaviour == "accept":
            self.network.transports.append(attempt.accept())
        elif behaviour == "refuse":
            attempt.refuse()
        return attempt
