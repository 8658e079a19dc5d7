# -*- test-case-name: lbproxy.test.session.test_shown -*-
"""
What a session shows of itself: an C{ISession}.
"""

from lbproxy.session.states import CLO, EST, INI


class Shown:
    """
    The part of a client side that is only read.
    """

    __slots__ = ()

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

    @property
    def proto(self):
        """
        C{"tcpv4"}, C{"tcpv6"} or C{"unix_stream"}.
        """
        host = self.source[0]
        return "tcpv6" if ":" in host else "tcpv4" if host else "unix_stream"
