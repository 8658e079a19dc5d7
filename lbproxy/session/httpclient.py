# -*- test-case-name: lbproxy.test.session.test_http -*-
"""
HTTP mode, the client's side as a whole: what begins it, what it answers itself, and how long it waits (reference 23).

Requests come in by L{lbproxy.session.requesthead}, go out by L{lbproxy.session.requestbody}, and what comes back is in
L{lbproxy.session.response}.
"""

from lbproxy.http import NO_BODY, serverRedirect
from lbproxy.session.departure import Departing
from lbproxy.session.httpserver import HttpServerSide

#: Status of the answer for each phase in which a link may fail.
LINK_STATUS = {"C": 503, "Q": 503}


class HttpClientSide(Departing):
    """
    @ivar requests, responses: heads seen before, L{HeadCache<lbproxy.http.cache.HeadCache>}.
    @ivar buffer: input not used yet: a partial head, a body without server, pipelined requests.
    """

    __slots__ = ("buffer", "limits", "requests", "responses")

    def begin(self, now):
        """
        Wait for a head.
        """
        self.buffer = b""
        process = self.process
        self.limits = process.limits
        self.requests = process.requests
        self.responses = process.responses
        self.dataReceived = self._head
        patience = self.frontend.headPatience
        if patience is not None:
            process.deadlines.arm(self, now + patience)

    def newServerSide(self, link):
        """
        @return: a protocol for a connection to a server.
        """
        return HttpServerSide(self, link)

    def linkFailed(self, cause, phase):
        """
        No server will serve it.
        """
        self.respond(LINK_STATUS[phase] if cause != "R" else 500, cause, phase)

    # -- answers of our own ------------------------------------------------------------------------------------

    def linkRedirected(self, server):
        """
        The server sends its clients elsewhere (HTP-28).
        """
        self.respond(302, "P", "C", serverRedirect(server.config.redirect, self.exchange.request))

    def respond(self, status, cause, phase, page=None):
        """
        Answer with a generated page and close (SES-21).

        @param cause, phase: termination state.
        @param page: bytes of the whole answer, C{None} for the page of that status.
        """
        exchange = self.exchange
        now = self.now()
        peer, self.peer = self.peer, None
        exchange.blame(cause, phase)
        exchange.status = status
        request, route = exchange.request, exchange.route
        if page is None:
            answers = self.frontend.answers if exchange.backend is None or route is None else route.answers
            page = answers.page(status, request is not None and request.method == b"HEAD")
        if peer is not None:
            peer.close()
        if self.transport is not None and not self.outputEnded:
            exchange.bytesOut += len(page)
            self.transport.write(page)
        self.finish(exchange, now)
        self.shut(drain=bool(self.buffer) or request is None or (request.body != NO_BODY and not exchange.requestDone))

    # -- time --------------------------------------------------------------------------------------------------

    def dueAt(self, now):
        """
        @return: when the current phase expires by one of our timers, or C{None}.
        """
        exchange, frontend = self.exchange, self.frontend
        if exchange is None and not self.isFirst:
            timeout = frontend.keepAliveTimeout
            return None if timeout is None else self.lastActivity + timeout
        if exchange is None or exchange.request is None:
            began = self.acceptedAt if exchange is None else exchange.startedAt
            return _earliest(_after(began, frontend.requestTimeout), _after(self.lastActivity, frontend.clientTimeout))
        if exchange.link is None:
            if exchange.tarpit:
                return exchange.analysisDeadline
            return _earliest(exchange.analysisDeadline, _after(self.lastActivity, frontend.clientTimeout))
        if exchange.responseDone:
            return self.relayDue(now)[0]
        if exchange.response is None:
            return self._responseDue(exchange)
        return self.relayDue(now)[0]

    def _responseDue(self, exchange):
        """
        While a response is awaited only the server's timer runs, if it has one (HTP-15, HTP-16, HTP-36).
        """
        peer = self.peer
        if peer is None:
            return None
        timeout = exchange.backend.serverTimeout
        if timeout is not None:
            if peer.blocked and peer.hasProgressed():
                peer.lastActivity = self.now()
            return peer.lastActivity + timeout
        return None if exchange.requestDone else _after(self.lastActivity, self.frontend.clientTimeout)

    def timedOut(self, now):
        """
        The phase has expired.
        """
        exchange = self.exchange
        if exchange is None and not self.isFirst:
            self.shut()
        elif exchange is None or exchange.request is None:
            self._noHead(exchange or self._newRequest(now), 408, "c")
        elif exchange.link is None:
            exchange.analysisExpired = True
            self._goOn()
        elif exchange.response is None:
            self._noResponse(exchange)
        else:
            cause = self.relayDue(now)[1]
            if exchange.isTunnel:
                self.relayBroken(now, cause)
            else:
                exchange.blame(cause, "L" if exchange.responseDone else "D")
                self.breakOff(exchange)

    def _noHead(self, exchange, status, cause):
        self.frontend.counters.failedRequests += 1
        exchange.bytesIn = len(self.buffer)
        if not self.buffer and self.frontend.dontLogNull and exchange.startedAt == self.acceptedAt:
            exchange.isLogged = False
        self.respond(status, cause, "R")

    def _noResponse(self, exchange):
        if exchange.backend.serverTimeout is None:
            self.frontend.counters.failedRequests += 1
            self.respond(408, "c", "H")
        else:
            self.countResponseError(exchange)
            self.respond(504, "s", "H")

def _after(began, timeout):
    return None if timeout is None else began + timeout


def _earliest(one, other):
    if one is None:
        return other
    return one if other is None or one < other else other
