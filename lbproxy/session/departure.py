# -*- test-case-name: lbproxy.test.session.test_http -*-
"""
HTTP mode: clients that leave before they have their answer.
"""

from lbproxy.session.analysers import countTarpit
from lbproxy.session.requesthead import HeadReader
from lbproxy.session.states import QUE


class Departing(HeadReader):
    """
    The part of an HTTP client side that sees its client go.
    """

    __slots__ = ()

    def clientEnded(self, now):
        """
        The client has closed its output; it is still served (HTP-19).
        """
        exchange = self.exchange
        if exchange is None and not self.isFirst:
            self.shut()
        elif exchange is None or exchange.request is None:
            self._noHead(exchange or self._newRequest(now), 400, "C")
        elif exchange.link is None:
            if exchange.tarpit:
                exchange.queuedUntil = now
                countTarpit(exchange)
                self.respond(500, "C", "T")
            else:
                self._goOn()
        elif exchange.link.isWaiting:
            if exchange.backend.abortOnClose:
                exchange.link.abort()
        elif exchange.isTunnel:
            self.relayClientEnded(now)
        elif self.peer is not None:
            self.peer.lastActivity = now
            self.passEnd()

    def clientGone(self, now):
        """
        The client's connection broke: nothing more can be sent to it.
        """
        exchange = self.exchange
        if exchange is None:
            if self.isFirst:
                exchange = self._newRequest(now)
                self._lostHead(exchange, now)
        elif exchange.request is None:
            self._lostHead(exchange, now)
        elif exchange.isTunnel:
            self.relayBroken(now, "C")
        else:
            self._lostExchange(exchange, now)

    def _lostHead(self, exchange, now):
        self.frontend.counters.failedRequests += 1
        exchange.bytesIn = len(self.buffer)
        if not self.buffer and self.frontend.dontLogNull and exchange.startedAt == self.acceptedAt:
            exchange.isLogged = False
        exchange.blame("C", "R")
        self.finish(exchange, now)

    def _lostExchange(self, exchange, now):
        link = exchange.link
        if link is None:
            if exchange.tarpit:
                exchange.queuedUntil = now
                countTarpit(exchange)
            else:
                self.frontend.counters.failedRequests += 1
            exchange.blame("C", "T" if exchange.tarpit else "R")
        elif link.isWaiting:
            exchange.blame("C", "Q" if link.state == QUE else "C")
            link.abort()
            return
        elif exchange.response is None:
            exchange.blame("C", "H")
        else:
            exchange.blame("C", "L" if exchange.responseDone else "D")
        peer, self.peer = self.peer, None
        if peer is not None:
            peer.abort()
        self.finish(exchange, now)
