# -*- test-case-name: lbproxy.test.session.test_link -*-
"""
How a link finds its server: the one that persistence names, else the one that balancing says, a slot or a queue there.
"""

from lbproxy.pool.admission import ADMITTED, QUEUED
from lbproxy.session.states import ANSWERED, FOUND, SATURATED, UNSERVED


class LinkSearch:
    """
    The part of a L{Link<lbproxy.session.link.Link>} that leaves the state REQ.
    """

    def findServer(self):
        """
        INI, CER, TAR to REQ.
        """
        pool, exchange = self.pool, self.exchange
        self.deadline = None
        if self.avoid is not None:
            return self._findAnother(self.avoid)
        server = exchange.designated
        if server is not None and not server.running and not self.backend.isPersistent:
            # It went down while the request was looked at (CKI-04).
            exchange.forsake()
            server = None
        if server is None:
            if self.backend.isAddressed:
                return FOUND if self.backend.addressOf(exchange) is not None else UNSERVED
            server = pool.choose(None, exchange.balanceKey)
            if server is None:
                if pool.usableCount:
                    pool.enqueue(self)
                    return SATURATED
                return UNSERVED
            server.selected += 1
            pool.counters.selected += 1
        self.server = server
        if exchange.redirectable and server.config.redirect is not None:
            return ANSWERED
        if server.maxconn:
            verdict = pool.admit(server, self)
            if verdict != ADMITTED:
                return SATURATED if verdict == QUEUED else self._queueFull(server)
        else:
            pool.take(server)
        self.holdsSlot = True
        return FOUND

    def _queueFull(self, server):
        """
        C{maxqueue} of a designated server: elsewhere, if C{option redispatch} allows it (QUE-11).
        """
        if not self.exchange.direct or not self.backend.redispatch:
            return UNSERVED
        self.avoid = server
        return self._findAnother(server)

    def _findAnother(self, previous):
        """
        The same when C{previous} is to be left: another server, or that one again if there is no other.
        """
        pool, exchange = self.pool, self.exchange
        exchange.forsake()
        held = self.holdsSlot
        if held:
            # Released before choosing, offered to others only if we move (QUE-17).
            self.holdsSlot = False
            previous.served -= 1
        server = pool.choose(previous, exchange.balanceKey)
        if server is None:
            pool.offer(previous)
            self.server = None
            if pool.usableCount:
                pool.enqueue(self)
                return SATURATED
            return UNSERVED
        self.server = server
        if exchange.redirectable and server.config.redirect is not None:
            return self._moveToRedirection(previous, server)
        if server is previous and held:
            # Taken back, whoever waits (QUE-17).
            pool.take(server)
        else:
            if server is not previous:
                server.selected += 1
                pool.counters.selected += 1
            verdict = pool.admit(server, self)
            if verdict != ADMITTED:
                if server is not previous:
                    pool.offer(previous)
                return SATURATED if verdict == QUEUED else UNSERVED
        self.holdsSlot = True
        if previous is not server:
            pool.offer(previous)
        self._countMove(previous, server)
        return FOUND

    def _moveToRedirection(self, previous, server):
        if server is not previous:
            server.selected += 1
            self.pool.counters.selected += 1
            self._countMove(previous, server)
        self.pool.offer(previous)
        return ANSWERED

    def redirected(self):
        """
        REQ, ASS to CLO: the server's C{redir} is the answer; it takes neither slot nor queue (HTP-28).
        """
        server = self.server
        if self.holdsSlot:
            # Handed out by a queue.
            self.holdsSlot = False
            self.pool.give(server)
        server.cumulated += 1
        server.rate.tick(self.backend.seconds())
        if self.exchange.queuedUntil is None:
            self.exchange.queuedUntil = self.since
        self.client.linkRedirected(server)

    def _countMove(self, previous, server):
        self.avoid = None
        counters = self.pool.counters
        if server is previous:
            server.retries += 1
            counters.retries += 1
        else:
            previous.redispatches += 1
            counters.redispatches += 1
            self.exchange.redispatched = True
