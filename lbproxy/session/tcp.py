# -*- test-case-name: lbproxy.test.session.test_tcp -*-
"""
TCP mode: connect as soon as a client is there, then relay both ways until both are closed (TCP-01, TCP-02).
"""

from lbproxy.net.connect import LOCAL_FAILURES
from lbproxy.net.seen import pendingBytes
from lbproxy.session.client import ClientSide
from lbproxy.session.exchange import Exchange
from lbproxy.session.link import Link
from lbproxy.session.side import Side, ignore
from lbproxy.session.states import QUE

#: Seconds for which a server that is to be closed may make no progress with what it was sent.
LINGER = 5.0


class Relay(ClientSide):
    """
    A client side that relays: TCP mode, and what an HTTP session becomes after an upgrade.
    """

    __slots__ = ()

    def relayDue(self, now):
        """
        @return: when the first of the two inactivity timers expires while data is relayed, and whose it is: C{(time,
            "c" or "s")}, C{(None, "")} if neither runs.
        """
        when, who = None, ""
        timeout = self.frontend.clientTimeout
        if timeout is not None and self.isTimed():
            if self.blocked and self.hasProgressed():
                self.lastActivity = now
            when, who = self.lastActivity + timeout, "c"
        peer = self.peer
        if peer is not None:
            timeout = self.exchange.backend.serverTimeout
            if timeout is not None and peer.isTimed():
                if peer.blocked and peer.hasProgressed():
                    peer.lastActivity = now
                late = peer.lastActivity + timeout
                if when is None or late < when:
                    when, who = late, "s"
        return when, who

    def relay(self, data):
        """
        Input for the server.
        """
        peer = self.peer
        now = self.now()
        self.lastActivity = peer.lastActivity = now
        self.exchange.bytesIn += len(data)
        transport = peer.transport
        if transport is not None and not peer.outputEnded:
            transport.write(data)

    def relayBack(self, data):
        """
        Input of the server for us.
        """
        now = self.now()
        self.lastActivity = self.peer.lastActivity = now
        self.exchange.bytesOut += len(data)
        if not self.outputEnded:
            self.transport.write(data)

    def startRelay(self, now):
        """
        Both sides are there: time runs for both.
        """
        self.dataReceived = self.relay
        self.peer.dataReceived = self.relayBack
        if self.peer.blocked:
            self.read(False)
        if self.blocked:
            self.peer.read(False)
        timeouts = [t for t in (self.frontend.clientTimeout, self.exchange.backend.serverTimeout) if t is not None]
        if timeouts:
            self.expectBefore(now + min(timeouts))

    def relayClientEnded(self, now):
        """
        The client has closed its output: so do we towards the server.
        """
        peer = self.peer
        if peer.inputEnded and not peer.blocked:
            # Closing says the same.
            self.relayOver(now)
            return
        self.lastActivity = peer.lastActivity = now
        peer.endOutput()
        if peer.inputEnded:
            self.relayOver(now)

    def relayServerEnded(self, now):
        """
        The server has closed its output: so do we towards the client.
        """
        if self.inputEnded and not self.blocked:
            self.relayOver(now)
            return
        self.lastActivity = self.peer.lastActivity = now
        self.endOutput()
        if self.inputEnded:
            self.relayOver(now)

    def relayOver(self, now):
        """
        Both directions are closed.
        """
        peer, exchange = self.peer, self.exchange
        peer.close()
        self.finish(exchange, now)
        self.shut()

    def relayBroken(self, now, cause):
        """
        An error or a timer ended it.

        @param cause: C{"C"}, C{"S"}, C{"c"} or C{"s"}.
        """
        peer, exchange = self.peer, self.exchange
        exchange.blame(cause, "D")
        self.finish(exchange, now)
        if peer is not None:
            if cause == "C":
                peer.abort()
            else:
                peer.close()
        self.leave(cause)


class TcpClientSide(Relay):
    """
    @ivar held: input that came before the server was there.
    """

    __slots__ = ("held",)

    def begin(self, now):
        """
        Connect, whether the client speaks or not.
        """
        exchange = self.exchange = Exchange(self, now, self.frontend.log is not None)
        self.held = b""
        self.dataReceived = self._hold
        route = self.frontend.route
        if route is None:
            exchange.blame("S", "C")
            self._over(now)
            return
        backend = exchange.backend = route.backend
        exchange.backendName = backend.name
        backend.requestBegan(now)
        exchange.link = link = Link(exchange, self, backend, now)
        link.start()

    def _hold(self, data):
        self.exchange.bytesIn += len(data)
        self.held += data
        if len(self.held) >= self.process.bufferSize:
            self.read(False)

    def newServerSide(self, link):
        """
        @return: a protocol for a connection to a server.
        """
        return TcpServerSide(self, link)

    def linkEstablished(self, side):
        """
        The server is there.
        """
        now = self.now()
        exchange = self.exchange
        self.peer = side
        side.peer = self
        self.lastActivity = side.lastActivity = now
        if exchange.isLogged and self.frontend.logAsap:
            self.logEarly(exchange, now)
        held, self.held = self.held, b""
        self.read(True)
        if held:
            side.transport.write(held)
        self.startRelay(now)
        if self.inputEnded:
            side.endOutput()

    def linkFailed(self, cause, phase):
        """
        No server: close without a word.
        """
        self.exchange.blame(cause, phase)
        self._over(self.now())

    def _over(self, now):
        exchange = self.exchange
        if exchange is not None:
            self._silence(exchange)
            self.finish(exchange, now)
            self.shut()

    def _silence(self, exchange):
        if self.frontend.dontLogNull and not exchange.bytesIn:
            exchange.isLogged = False

    def dueAt(self, now):
        """
        @return: when inactivity ends the session, or C{None}.
        """
        return self.relayDue(now)[0] if self.peer is not None else None

    def timedOut(self, now):
        """
        Nobody sent or took anything for too long.
        """
        cause = self.relayDue(now)[1]
        self._silence(self.exchange)
        self.relayBroken(now, cause)

    def clientEnded(self, now):
        """
        The client has closed its output.
        """
        exchange = self.exchange
        if self.peer is not None:
            self._silence(exchange)
            self.relayClientEnded(now)
        elif exchange.link is not None and (not self.held or exchange.backend.abortOnClose):
            # Nothing left to send for it (QUE-15).
            exchange.link.abort()

    def clientGone(self, now):
        """
        The client's connection broke.
        """
        exchange = self.exchange
        if exchange is None:
            return
        self._silence(exchange)
        if self.peer is not None:
            self.relayBroken(now, "C")
        else:
            exchange.blame("C", "Q" if exchange.link.state == QUE else "C")
            exchange.link.abort()

    def serverEnded(self, now):
        """
        The server has closed its output.
        """
        self._silence(self.exchange)
        self.relayServerEnded(now)

    def serverGone(self, now):
        """
        The server's connection broke.
        """
        self._silence(self.exchange)
        self.relayBroken(now, "S")


class ServerSide(Side):
    """
    The server's side while it is connected for a link.

    @ivar client: the session, C{None} when idle or over.
    @ivar reused: it served another request before.
    """

    __slots__ = ("client", "link", "reused", "now", "deadlines", "lingers")

    def __init__(self, client, link):
        Side.__init__(self)
        self.client = client
        self.link = link
        self.now = client.now
        self.deadlines = client.process.deadlines
        self.reused = self.lingers = False

    def connectionMade(self):
        """
        The network layer says that it is connected.
        """
        self.lastActivity = self.now()
        self.link.connected()

    def connectFailed(self, reason):
        """
        It is not.

        @param reason: an exception.
        """
        number = getattr(reason, "errno", None)
        if number is None:
            number = getattr(reason, "osError", None)
        isLocal = number in LOCAL_FAILURES
        if isLocal:
            link = self.link
            who = "backend %s" % link.backend.name if link.server is None else "server %s/%s" % (
                link.backend.name, link.server.name)
            link.backend.pool.report(0, "Connect() failed for %s: %s." % (who, reason))
        link = self.link
        self.forget()
        link.connectFailed(isLocal)

    def retime(self):
        """
        As L{Side.retime}: time is the session's.
        """
        if self.client is not None:
            self.client.retime()

    def forget(self):
        """
        This attempt is over: leave nothing that refers to itself.
        """
        self.client = self.link = None
        self.dataReceived = ignore

    def readConnectionLost(self):
        """
        The server has closed its output.
        """
        self.inputEnded = True
        if self.client is not None:
            self.client.serverEnded(self.now())

    def connectionLost(self, _reason):
        """
        The connection is gone.
        """
        client = self.client
        lost = self.detach() is not None
        self.dataReceived = ignore
        self.deadlines.disarm(self)
        if client is not None and lost:
            client.serverGone(self.now())

    def close(self):
        """
        As L{Side.close}, and the session hears no more of it. A server that takes nothing does not hold it for ever.
        """
        self.client = self.peer = None
        self.dataReceived = ignore
        transport = self.transport
        if transport is None or not pendingBytes(transport):
            Side.close(self)
            return
        self.lingers = True
        self.lastPending = pendingBytes(transport)
        transport.unregisterProducer()
        transport.loseConnection()
        self.deadlines.arm(self, self.now() + LINGER)

    def deadlineReached(self, now):
        """
        Closed, but output still waits: go on as long as it moves.
        """
        if self.lingers and self.transport is not None:
            if self.hasProgressed():
                self.deadlines.arm(self, now + LINGER)
            else:
                self.abort()

    def abort(self):
        """
        As L{Side.abort}, and the session hears no more of it.
        """
        self.client = self.peer = None
        self.dataReceived = ignore
        Side.abort(self)


class TcpServerSide(ServerSide):
    """
    A connection to a server in TCP mode.
    """

    __slots__ = ()


__all__ = ["Relay", "ServerSide", "TcpClientSide", "TcpServerSide"]
