# -*- test-case-name: lbproxy.test.session -*-
"""
A whole balancer on virtual time: transports and servers in memory.
"""

import errno

from twisted.internet import address, error, interfaces
from twisted.internet.task import Clock
from twisted.python.failure import Failure
from zope.interface import implementer

from lbproxy.assembly import Assembly
from lbproxy.config.model import Configuration, Global, Proxy, ServerConfig, Timeouts
from lbproxy.http import Limits
from lbproxy.net.deadlines import Deadlines
from lbproxy.session.balancer import Balancer
from lbproxy.test.clockwork import step


@implementer(interfaces.ITransport)
class MemoryTransport:
    """
    One end of a connection; the test is the other end.

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
        return len(self.waiting)

    def connect(self):
        """
        Begin.
        """
        self.protocol.makeConnection(self)
        return self

    def write(self, data):
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
        assert self.producer is None and streaming
        self.producer = producer

    def unregisterProducer(self):
        self.producer = None

    def pauseProducing(self):
        self.reading = False

    def resumeProducing(self):
        self.reading = True

    def loseConnection(self):
        self.closing = True
        if not self.waiting:
            self._gone(error.ConnectionDone())

    def abortConnection(self):
        self.aborted = True
        self._gone(error.ConnectionAborted())

    def loseWriteConnection(self):
        assert not self.writeEnded
        self.writeEnded = True

    def _gone(self, reason):
        if not self.lost:
            self.lost = True
            self.waiting = b""
            protocol, self.protocol = self.protocol, None
            protocol.connectionLost(Failure(reason))

    def getPeer(self):
        return address.IPv4Address("TCP", *self.peername)

    def getHost(self):
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
    A connection attempt; the test decides.
    """

    def __init__(self, target, protocol):
        self.target = target
        self.protocol = protocol
        self.cancelled = False

    def cancel(self):
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


class House:
    """
    Frontend C{web} and backend C{app}, or whatever is given, and the proxies in C{more}.

    @ivar logs: ended exchanges, in the order of their log lines.
    @ivar events: C{(level, text)} reported.
    """

    def __init__(self, mode="http", servers=("a",), timeouts=None, server=None, globals_=None, more=(), **settings):
        self.clock = Clock()
        self.clock.rightNow = 1000.0
        self.network = Network()
        self.logs = []
        self.events = []
        times = dict(client=10.0, server=8.0, connect=5.0, queue=5.0, httpRequest=None, httpKeepAlive=10.0)
        times.update(timeouts or {})
        front = {name[6:]: settings.pop(name) for name in list(settings) if name.startswith("front_")}
        options = dict(mode=mode, timeouts=Timeouts(**times), **settings)
        configs = tuple(
            ServerConfig(name, index + 1, "10.1.0.%d" % (index + 1), 80, **dict(server or {}))
            for index, name in enumerate(servers))
        self.addresses = {config.name: (config.address, 80) for config in configs}
        web = dict(options, defaultBackend="app", logFormat=mode)
        web.update(front)
        self.configuration = Configuration(globals_ or Global(), (
            Proxy("frontend", "web", 1, **web), Proxy("backend", "app", 2, servers=configs, **options)) + more)
        settings = self.configuration.globals
        self.bad = []
        self.balancer = Balancer(
            self.clock.seconds, lambda: self.clock.seconds() + 1.0e9, Deadlines(self.clock),
            Limits(settings.bufferSize // 2, settings.maxHeaders), settings.maxconn, settings.bufferSize,
            lambda *found: self.bad.append(found))
        self.assembly = Assembly(self.configuration, self.balancer, self.clock, self.network.newConnector,
                                 lambda proxy: lambda level, text: self.events.append((level, text))).build()
        self.frontend = self.assembly.frontends[0]
        self.frontend.log = lambda exchange, now: self.logs.append(exchange)
        self.backend = self.assembly.backends["app"]
        self.pool = self.backend.pool

    def server(self, name):
        """
        @return: the runtime server of that name.
        """
        return [one for one in self.pool.servers if one.name == name][0]

    def behave(self, **behaviours):
        """
        Say what servers do with connections: C{behave(a="accept")}.
        """
        for name, behaviour in behaviours.items():
            self.network.behaviour[self.addresses[name]] = behaviour

    def client(self, *data, **settings):
        """
        @return: the transport of a new client that sent C{data}.
        """
        transport = MemoryTransport(self.frontend.buildProtocol(None), **settings).connect()
        for piece in data:
            if not transport.lost:
                transport.receive(piece)
        return transport

    def step(self, seconds):
        """
        Let time pass.
        """
        step(self.clock, seconds)

    def origin(self, index=-1):
        """
        @return: the transport of a made server connection.
        """
        return self.network.transports[index]

    def assertQuiet(self, case):
        """
        Nothing is left: no session, no slot, no waiter, no counter that should be zero.
        """
        case.assertEqual(list(self.balancer.sessions.values()), [])
        case.assertEqual(self.balancer.current, 0)
        case.assertEqual(self.frontend.counters.feCurrent, 0)
        case.assertEqual(self.backend.counters.beCurrent, 0)
        case.assertEqual(self.pool.waiting, 0)
        for server in self.pool.servers:
            case.assertEqual((server.name, server.served, server.current), (server.name, 0, 0))


def state(exchange):
    """
    @return: the two termination letters of a log line.
    """
    return exchange.cause + exchange.phase
