# -*- test-case-name: lbproxy.test.session.test_http -*-
"""
HTTP mode: servers that answer nonsense, or leave before they have answered.
"""

from lbproxy.http import BODY_UNTIL_CLOSE
from lbproxy.session.response import ResponseRelay


class ServerDeparting(ResponseRelay):
    """
    The part of an HTTP client side that sees its server fail.
    """

    __slots__ = ()

    def badResponse(self, bad, data):
        """
        What the server sent is no HTTP response (HTP-18).
        """
        exchange = self.exchange
        self.countResponseError(exchange)
        if self.process.badMessage is not None:
            self.process.badMessage(exchange, data, bad.position, True)
        self.respond(502, "P", "H")

    def serverEnded(self, now):
        """
        The server has closed its output.
        """
        exchange = self.exchange
        if exchange.isTunnel:
            self.relayServerEnded(now)
        elif exchange.response is None:
            self._unanswered(exchange)
        elif exchange.response.body == BODY_UNTIL_CLOSE:
            self.responseDone(self.peer, b"", now)
        else:
            exchange.blame("S", "D")
            self.breakOff(exchange)

    def serverGone(self, now):
        """
        The server's connection broke.
        """
        exchange = self.exchange
        if exchange.isTunnel:
            self.relayBroken(now, "S")
        elif exchange.response is None:
            self._unanswered(exchange)
        else:
            exchange.blame("S", "D")
            self.breakOff(exchange)

    def _unanswered(self, exchange):
        """
        Closed without a complete head: 502, unless it was a pooled connection that had died (reference 23).
        """
        side = self.peer
        if (side.reused and not side.heard and not exchange.replaced and exchange.replayable
                and exchange.sent is not None):
            exchange.replaced = True
            self.peer = None
            side.close()
            exchange.link.replace()
            return
        self.countResponseError(exchange)
        self.respond(502, "S", "H")
