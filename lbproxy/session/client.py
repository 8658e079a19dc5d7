# -*- test-case-name: lbproxy.test.session.test_tcp -*-
"""
The client's side of a session, which is the session: it is counted, listed and timed here; what is relayed, how, is
known to the classes for each mode.
"""

from lbproxy.net.transport import pendingBytes
from lbproxy.session.side import Side, ignore
from lbproxy.session.states import CLO, EST, INI

#: Seconds for which input is drained after output was closed, so that an answer is not destroyed by a reset.
DRAIN = 1.0


class ClientSide(Side):
    """
    @ivar id: number of the session.
    @ivar source: C{(host, port)} of the client.
    @ivar acceptedAt: when it was accepted.
    @ivar exchange: the current L{Exchange<lbproxy.session.exchange.Exchange>}, C{None} between requests.
    @ivar isFirst: no request of this connection is complete yet.
    @ivar drainUntil: set once the session is over and only the close is awaited.
    """

    __slots__ = ("frontend", "process", "now", "id", "source", "acceptedAt", "exchange", "drainUntil", "listed",
                 "isFirst", "_destination")

    def __init__(self, frontend):
        Side.__init__(self)
        self.frontend = frontend
        self.process = frontend.process
        self.now = frontend.seconds
        self.exchange = self.drainUntil = self._destination = None
        self.listed = False
        self.isFirst = True

    def connectionMade(self):
        """
        A session begins.
        """
        transport = self.transport
        peername = getattr(transport, "peername", None)
        if peername is None:
            peer = transport.getPeer()
            peername = (getattr(peer, "host", ""), getattr(peer, "port", 0))
        self.source = peername[:2] if peername and not isinstance(peername, (str, bytes)) else ("", 0)
        self.acceptedAt = self.lastActivity = now = self.now()
        self.id = self.process.newId()
        self.listed = True
        self.frontend.sessionBegan(self, now)
        if self.frontend.logConnection is not None:
            self.frontend.logConnection(self)
        self.begin(now)

    @property
    def destination(self):
        """
        The C{(host, port)} the client connected to.
        """
        if self._destination is None:
            host = self.transport.getHost()
            self._destination = (getattr(host, "host", ""), getattr(host, "port", 0))
        return self._destination

    @property
    def proto(self):
        """
        C{"tcpv4"}, C{"tcpv6"} or C{"unix_stream"}.
        """
        host = self.source[0]
        return "tcpv6" if ":" in host else "tcpv4" if host else "unix_stream"

    # -- the link tells us -------------------------------------------------------------------------------------------

    def linkWaits(self, deadline):
        """
        The link waits; our own timer is suspended meanwhile (HTP-15).
        """
        if deadline is not None:
            self.process.deadlines.arm(self, deadline)

    # -- time ----------------------------------------------------------------------------------------------------------

    def expectBefore(self, when):
        """
        Look at the deadlines at C{when} at the latest.
        """
        self.process.deadlines.armEarlier(self, when)

    def deadlineReached(self, now):
        """
        Look at the stamps: act, or look again later.
        """
        if self.drainUntil is not None:
            self._drainOver(now)
            return
        exchange = self.exchange
        link = exchange.link if exchange is not None else None
        if link is not None and link.isWaiting:
            if link.deadline is None:
                return
            if link.deadline <= now:
                link.expired()
            else:
                self.process.deadlines.arm(self, link.deadline)
            return
        when = self.dueAt(now)
        if when is None:
            return
        if when > now:
            self.process.deadlines.arm(self, when)
        else:
            self.timedOut(now)

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

    # -- the end ---------------------------------------------------------------------------------------------------------

    def finish(self, exchange, now):
        """
        Account for an exchange, once (SES-02): its bytes go to the frontend, the backend if that is another proxy, and the
        server; then it is logged.
        """
        if exchange.endedAt is not None:
            return
        exchange.endedAt = now
        link = exchange.link
        if link is not None and link.state != CLO:
            link.end()
        frontend = self.frontend
        received, sent = exchange.bytesIn, exchange.bytesOut
        counters = frontend.counters
        counters.bytesIn += received
        counters.bytesOut += sent
        backend = exchange.backend
        if backend is not None:
            others = backend.counters
            others.beCurrent -= 1
            if others is not counters:
                others.bytesIn += received
                others.bytesOut += sent
            if link is not None and link.server is not None:
                server = link.server
                server.bytesIn += received
                server.bytesOut += sent
        if exchange.isLogged:
            frontend.emit(exchange)
        if link is not None:
            link.release()

    def logEarly(self, exchange, now):
        """
        C{option logasap} (LOG-10).
        """
        exchange.early = True
        exchange.endedAt = now
        self.frontend.emit(exchange)
        exchange.endedAt = None

    def shut(self, drain=False):
        """
        Nothing more to do for this client: close once it has taken its output, at most for its timeout (ERR-13).

        @param drain: input may still come that nobody reads. Output is closed first and input drained for a moment, so
            that the answer is not destroyed by a reset.
        """
        self.exchange = self.peer = None
        transport = self.transport
        if transport is None:
            self.unlist()
            return
        pending = pendingBytes(transport)
        drain = drain and not self.inputEnded
        if not pending and not drain:
            self.unlist()
            self.close()
            return
        self.dataReceived = ignore
        self.lastPending = pending
        transport.unregisterProducer()
        if drain:
            self.outputEnded = True
            transport.loseWriteConnection()
            if not self.isReading:
                self.isReading = True
                transport.resumeProducing()
        else:
            transport.loseConnection()
        self.drainUntil = self.now() + (self._patience() if pending else DRAIN)
        self.process.deadlines.arm(self, self.drainUntil)

    def _patience(self):
        return self.frontend.clientTimeout or 60.0

    def _drainOver(self, now):
        if self.transport is None or not pendingBytes(self.transport):
            self.unlist()
            self.close()
        elif self.hasProgressed():
            self.drainUntil = now + self._patience()
            self.process.deadlines.arm(self, self.drainUntil)
        else:
            self.unlist()
            self.abort()

    def closeIfIdle(self):
        """
        A soft stop has begun: an idle connection is closed, one in an exchange ends with it (reference 23).
        """
        if self.exchange is None and self.drainUntil is None and not self.isFirst:
            self.shut()

    def kill(self):
        """
        The process ends: close both sides now; what was under way is logged as it stands.
        """
        exchange, peer = self.exchange, self.peer
        transport = self.detach()
        if exchange is not None and exchange.endedAt is None:
            exchange.blame("P", "D")
            self.peer = None
            if peer is not None:
                peer.close()
            self.finish(exchange, self.now())
        if transport is not None:
            transport.abortConnection()
        self.exchange = self.peer = None
        self.unlist()

    def unlist(self):
        """
        The session is over for good.
        """
        if self.listed:
            self.listed = False
            if self.deadlineSlot is not None:
                self.process.deadlines.disarm(self)
            self.dataReceived = ignore
            self.frontend.sessionEnded(self)

    def readConnectionLost(self):
        """
        The client has closed its output.
        """
        self.inputEnded = True
        if self.drainUntil is not None:
            if self.transport is not None and not pendingBytes(self.transport):
                self.unlist()
                self.close()
        elif self.listed:
            self.clientEnded(self.now())

    def connectionLost(self, _reason):
        """
        The connection is gone.
        """
        self.detach()
        if self.listed:
            if self.drainUntil is None:
                self.clientGone(self.now())
            self.exchange = self.peer = None
            self.unlist()

    # -- what is shown ---------------------------------------------------------------------------------------------------

    @property
    def startedAt(self):
        """
        When it was accepted.
        """
        return self.acceptedAt

    @property
    def backend(self):
        """
        The assigned backend, or C{None}.
        """
        return None if self.exchange is None else self.exchange.backend

    @property
    def server(self):
        """
        The assigned server, or C{None}.
        """
        return None if self.exchange is None else self.exchange.server

    @property
    def clientState(self):
        """
        Index of reference 18.
        """
        return EST if self.transport is not None else CLO

    @property
    def serverState(self):
        """
        Index of reference 18.
        """
        exchange = self.exchange
        return INI if exchange is None or exchange.link is None else exchange.link.state

    def expiry(self, now):
        """
        @return: seconds until the session expires unless something happens, C{None} for never.
        """
        if self.drainUntil is not None:
            return max(0.0, self.drainUntil - now)
        exchange = self.exchange
        link = exchange.link if exchange is not None else None
        when = link.deadline if link is not None and link.isWaiting else self.dueAt(now)
        return None if when is None else max(0.0, when - now)
