# -*- test-case-name: lbproxy.test.session.test_http -*-
"""
How a client's connection ends once its session has nothing more to say.
"""

from lbproxy.net.seen import pendingBytes
from lbproxy.session.side import Side, ignore

#: Seconds for which input is drained after output was closed, so that an answer is not destroyed by a reset.
DRAIN = 1.0


class Ending(Side):
    """
    The part of a client side that closes it.
    """

    __slots__ = ()

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
        if drain:
            self.outputEnded = True
            transport.loseWriteConnection()
            if not self.isReading:
                self.isReading = True
                transport.resumeProducing()
        else:
            transport.unregisterProducer()
            transport.loseConnection()
        self.drainUntil = self.now() + (self._patience() if pending else DRAIN)
        self.process.deadlines.arm(self, self.drainUntil)

    def leave(self, cause):
        """
        Close after a failure. A client that did not take its output in time gets no more time for it.

        @param cause: first letter of the termination state.
        """
        if cause == "c" and self.blocked:
            self.exchange = self.peer = None
            self.unlist()
            self.abort()
        else:
            self.shut()

    def resumeProducing(self):
        """
        As L{Side.resumeProducing}; for a session that is over, only input is to be drained now.
        """
        if self.drainUntil is None:
            Side.resumeProducing(self)
        else:
            self.drainUntil = self.now() + DRAIN
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
        self.exchange = self.peer = None
        if exchange is not None and exchange.endedAt is None:
            exchange.blame("P", "D")
            if peer is not None:
                peer.close()
            if exchange.link is not None and exchange.link.isWaiting:
                exchange.link.destroy()
            self.finish(exchange, self.now())
        self.unlist()
        if transport is not None:
            transport.abortConnection()

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
