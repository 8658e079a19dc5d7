# -*- test-case-name: lbproxy.test.session.test_counting -*-
"""
What an exchange leaves behind: bytes in the counters, a line in the log.
"""

from lbproxy.session.ending import Ending
from lbproxy.session.states import CLO, EST


class Accounting(Ending):
    """
    The part of a client side that accounts for its exchanges.
    """

    __slots__ = ()

    def finish(self, exchange, now):
        """
        Account for an exchange, once (SES-02): its bytes go to the frontend, the backend if that is another proxy, and the
        server; then it is logged.
        """
        if exchange.endedAt is not None:
            return
        link = exchange.link
        if link is not None and link.state != CLO:
            link.end()
            if exchange.endedAt is not None:
                # The end of the link was told to us, and this was done then.
                return
        exchange.endedAt = now
        frontend = self.frontend
        self._credit(exchange, link)
        if exchange.backend is not None:
            exchange.backend.counters.beCurrent -= 1
        if exchange.isLogged:
            frontend.emit(exchange)
        if link is not None:
            link.release()

    def _credit(self, exchange, link):
        received, sent = exchange.bytesIn, exchange.bytesOut
        if exchange.credited is not None:
            received -= exchange.credited[0]
            sent -= exchange.credited[1]
        counters = self.frontend.counters
        counters.bytesIn += received
        counters.bytesOut += sent
        backend = exchange.backend
        if backend is not None:
            others = backend.counters
            if others is not counters:
                others.bytesIn += received
                others.bytesOut += sent
            if link is not None and link.server is not None:
                server = link.server
                server.bytesIn += received
                server.bytesOut += sent

    def creditNow(self):
        """
        C{option contstats}: count what was transferred so far, for somebody who is about to look at the counters (STA-17).
        Not before the server is settled, who gets its share.
        """
        exchange = self.exchange
        if (exchange is not None and exchange.endedAt is None and exchange.link is not None and exchange.link.state == EST
                and self.drainUntil is None):
            self._credit(exchange, exchange.link)
            exchange.credited = exchange.bytesIn, exchange.bytesOut

    def logEarly(self, exchange, now):
        """
        C{option logasap} (LOG-10).
        """
        exchange.early = True
        exchange.endedAt = now
        self.frontend.emit(exchange)
        exchange.endedAt = None
