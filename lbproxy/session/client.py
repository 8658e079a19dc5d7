# -*- test-case-name: lbproxy.test.session.test_tcp -*-
"""
The client's side of a session, which is the session: it is counted, listed and timed here; what is relayed, how, is
known to the classes for each mode.
"""

from twisted.python import log
from twisted.python.failure import Failure

from lbproxy.net.seen import pendingBytes
from lbproxy.session.accounting import Accounting
from lbproxy.session.shown import Shown
from lbproxy.session.side import Side


class ClientSide(Accounting, Shown):
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
        frontend = self.frontend
        if frontend.greeting is not None and frontend.greeting(self):
            return
        now = self._enlist()
        if frontend.logConnection is not None:
            frontend.logConnection(self)
        self.begin(now)

    def _enlist(self):
        self.acceptedAt = self.lastActivity = now = self.now()
        self.id = self.process.newId()
        self.listed = True
        self.frontend.sessionBegan(self, now)
        return now

    def say(self, words):
        """
        Say this and close: counted as a connection, never logged (ERR-08, LST-26).

        @param words: bytes.
        """
        self._enlist()
        self.transport.write(words)
        self.shut(drain=True)

    @property
    def destination(self):
        """
        The C{(host, port)} the client connected to.
        """
        if self._destination is None:
            host = self.transport.getHost()
            self._destination = (getattr(host, "host", ""), getattr(host, "port", 0))
        return self._destination

    # -- the link tells us -------------------------------------------------------------------------------------

    def linkWaits(self, deadline):
        """
        The link waits; our own timer is suspended meanwhile (HTP-15).
        """
        if deadline is not None:
            self.process.deadlines.arm(self, deadline)

    # -- time --------------------------------------------------------------------------------------------------

    def expectBefore(self, when):
        """
        Look at the deadlines at C{when} at the latest.
        """
        self.process.deadlines.armEarlier(self, when)

    def deadlineReached(self, now):
        """
        Look at the stamps: act, or look again later.
        """
        try:
            self._lookAt(now)
        except Exception:
            log.err(Failure(), "session 0x%x" % self.id)
            self.destroy()

    def _lookAt(self, now):
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

    def retime(self):
        """
        As L{Side.retime}: look at the deadlines early enough.
        """
        exchange = self.exchange
        if exchange is not None and exchange.link is not None and not exchange.link.isWaiting and exchange.endedAt is None:
            when = self.dueAt(self.now())
            if when is not None:
                self.expectBefore(when)

    # -- the end -----------------------------------------------------------------------------------------------

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
            try:
                if self.drainUntil is None:
                    self.clientGone(self.now())
            except Exception:
                log.err(Failure(), "session 0x%x" % self.id)
                self.destroy()
            self.exchange = self.peer = None
            self.unlist()

    def destroy(self):
        """
        Something that must not happen has happened: end this session only, and give back all that it holds (SES-03).
        """
        exchange, peer = self.exchange, self.peer
        self.exchange = self.peer = None
        if peer is not None:
            peer.abort()
        if exchange is not None and exchange.endedAt is None:
            if exchange.link is not None:
                exchange.link.destroy()
            exchange.blame("I", "D")
            self.finish(exchange, self.now())
        self.unlist()
        self.abort()
