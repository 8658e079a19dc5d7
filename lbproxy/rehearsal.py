# -*- test-case-name: lbproxy.test.test_explain -*-
"""
One request played through a whole balancer, on virtual time and on connections in memory: the real analysers, pools and
state machine, with nobody else there.
"""

from twisted.internet.task import Clock

from lbproxy.assembly import Assembly
from lbproxy.http import Limits
from lbproxy.net.deadlines import Deadlines
from lbproxy.net.memory import MemoryTransport, Network
from lbproxy.session.balancer import Balancer

#: Virtual seconds given to a request that has to wait (a tarpit, a queue).
PATIENCE = 24 * 3600.0

#: What a server answers when nothing else is said.
ANSWER = b"HTTP/1.1 200 OK\r\nContent-Length: 0\r\n\r\n"


class Rehearsal:
    """
    @ivar assembly: the L{Assembly<lbproxy.assembly.Assembly>}.
    @ivar exchange: the L{Exchange<lbproxy.session.exchange.Exchange>} played, once it has begun.
    @ivar toServer: bytes the server got, C{None} if none was connected to.
    @ivar toClient: bytes the client got.
    @ivar target: C{(host, port)} connected to, or C{None}.
    @ivar events: C{(level, text)} reported meanwhile.
    """

    def __init__(self, configuration, resolve, witness):
        """
        @param resolve: as for L{Assembly}.
        @param witness: a L{Witness<lbproxy.witness.Witness>}.
        """
        self.clock = Clock()
        self.network = Network()
        self.events = []
        settings = configuration.globals
        self.balancer = Balancer(
            self.clock.seconds, self.clock.seconds, Deadlines(self.clock),
            Limits(settings.bufferSize // 2, settings.maxHeaders), settings.maxconn, settings.bufferSize)
        self.assembly = Assembly(
            configuration, self.balancer, self.clock, self.network.newConnector,
            lambda proxy: lambda level, text: self.events.append((level, text)), resolve, witness).build()
        self.exchange = self.toServer = self.target = None
        self.toClient = b""

    def takeDown(self, backend, server):
        """
        Let a server be down.

        @raise LookupError: there is none of that name.
        """
        for one in self.assembly.backends[backend].pool.servers:
            if one.name == server:
                one.pool.markDown(one)
                return
        raise LookupError(server)

    def play(self, frontend, request, source, destination, answer=ANSWER):
        """
        Let a client send a request to a frontend, and the server answer.

        @param frontend: a L{Frontend<lbproxy.session.frontend.Frontend>} of the assembly.
        @param request: bytes of the whole request.
        @param source, destination: C{(host, port)} of the client, and what it connected to.
        @param answer: bytes of the server's response.
        """
        frontend.log = self._ended
        client = MemoryTransport(frontend.buildProtocol(None), source, destination).connect()
        session = next(iter(self.balancer.sessions.values()), None)
        if not client.lost and client.reading and request:
            client.receive(request)
        self.exchange = self.exchange or getattr(session, "exchange", None)
        self._connect()
        if self.network.transports:
            self._answer(self.network.transports[-1], answer)
        elif self.exchange is not None and self.exchange.endedAt is None:
            self._wait()
        self.toClient = client.sent

    def _ended(self, exchange, _now):
        self.exchange = exchange

    def _connect(self):
        for attempt in self.network.attempts:
            if not attempt.cancelled:
                self.target = attempt.target
                self.network.transports.append(attempt.accept())

    def _answer(self, server, answer):
        self.toServer = server.sent
        if server.protocol is not None and answer and server.reading:
            server.protocol.dataReceived(answer)
        if not server.lost:
            server.end()

    def _wait(self):
        """
        Let time pass until the request is over: one deadline after the other.
        """
        end = self.clock.seconds() + PATIENCE
        while self.exchange.endedAt is None and self.clock.getDelayedCalls() and self.clock.seconds() < end:
            following = min(call.getTime() for call in self.clock.getDelayedCalls())
            self.clock.advance(max(0.0, following - self.clock.seconds()))
