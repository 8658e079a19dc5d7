# -*- test-case-name: lbproxy.test.session -*-
"""
A whole balancer on virtual time: transports and servers in memory.
"""

from twisted.internet.task import Clock

from lbproxy.assembly import Assembly
from lbproxy.config.model import Configuration, Global, Proxy, ServerConfig, Timeouts
from lbproxy.http import Limits
from lbproxy.net.deadlines import Deadlines
from lbproxy.net.memory import MemoryTransport, Network
from lbproxy.session.balancer import Balancer
from lbproxy.test.clockwork import step


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
        self.configuration = self.configure(Configuration(globals_ or Global(), (
            Proxy("frontend", "web", 1, **web), Proxy("backend", "app", 2, servers=configs, **options)) + more))
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

    def configure(self, configuration):
        """
        @return: what is to be built, for those who want it different.
        """
        return configuration

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
