# -*- test-case-name: lbproxy.test.session.test_http -*-
"""
HTTP mode, the way in: request heads, their analysers, and a link for each of them (reference 23).
"""

from lbproxy.http import BadMessage, parseRequest
from lbproxy.session.exchange import Exchange
from lbproxy.session.link import Link
from lbproxy.session.requestbody import RequestRelay
from lbproxy.session.states import EST, WANTED
from lbproxy.session.verdicts import CLOSE, CONTINUE, RESPOND, WAIT

#: Methods that may be sent again when a reused connection turns out dead (reference 23).
REPLAYABLE = frozenset((b"GET", b"HEAD", b"OPTIONS", b"TRACE", b"PUT", b"DELETE"))


class HeadReader(RequestRelay):
    """
    The part of an HTTP client side that takes requests in.
    """

    __slots__ = ()

    def _expectHead(self, now):
        when = self.dueAt(now)
        if when is not None:
            self.expectBefore(when)

    def _newRequest(self, now):
        """
        @return: an exchange; the first one of a connection counts from accept, others from their first byte.
        """
        exchange = self.exchange = Exchange(self, now, self.frontend.log is not None)
        if self.isFirst:
            exchange.date -= now - self.acceptedAt
            exchange.startedAt = self.acceptedAt
        return exchange

    def _head(self, data):
        """
        Input while a head is awaited.
        """
        self.lastActivity = now = self.now()
        request = None if self.buffer else self.requests.get(data)
        if request is None:
            request = self._parse(data, now)
            if request is None:
                return
            exchange = self.exchange
        else:
            exchange = self.exchange
            if exchange is None:
                exchange = self._newRequest(now)
        self.isFirst = False
        exchange.request = request
        exchange.requestAt = now
        exchange.bytesIn = request.size
        frontend = self.frontend
        exchange.route = route = frontend.route
        if frontend.requestAnalysers:
            for analyse in frontend.requestAnalysers:
                if analyse(exchange) != CONTINUE:
                    self.respond(*exchange.answer)
                    return
            route = exchange.route
        if route is None:
            self._orphan(exchange)
            return
        backend = exchange.backend = route.backend
        exchange.backendName = backend.name
        backend.requestBegan(now)
        if route.analysers:
            exchange.analysers = route.analysers
            if not self._analyse(exchange):
                return
        self._link(exchange)

    def _parse(self, data, now):
        """
        What is no head that was seen before.

        @return: C{RequestHead}, C{None} if there is none yet, or none will be.
        """
        if self.exchange is None:
            self._newRequest(now)
        buffered = self.buffer
        start = 0
        if buffered:
            start = len(buffered)
            data = buffered + data
        try:
            request = parseRequest(data, start, self.limits)
        except BadMessage as bad:
            self._refuse(bad, data, now)
            return None
        if request is None:
            self.buffer = data
            self._expectHead(now)
            return None
        size = request.size
        if size == len(data):
            self.buffer = b""
            self.requests.keep(data, request)
        else:
            self.buffer = data[size:]
        return request

    def _analyse(self, exchange):
        """
        Ask the analysers of the route, from the one that waited on.

        @return: whether all are content.
        """
        analysers = exchange.analysers
        while exchange.analyser < len(analysers):
            verdict = analysers[exchange.analyser](exchange)
            if verdict == CONTINUE:
                exchange.analyser += 1
                exchange.analysisDeadline = None
                exchange.analysisExpired = False
            elif verdict == WAIT:
                self.dataReceived = self._hold
                if len(self.buffer) < self.process.bufferSize:
                    self.read(True)
                self._expectHead(self.now())
                return False
            elif verdict == RESPOND:
                self.respond(*exchange.answer)
                return False
            elif verdict == CLOSE:
                self.finish(exchange, self.now())
                self.shut()
                return False
        return True

    def _goOn(self):
        exchange = self.exchange
        if exchange.link is None and self._analyse(exchange):
            self._link(exchange)

    def _refuse(self, bad, data, now):
        """
        A head that is no HTTP, or could be read in two ways (reference 22).
        """
        self.frontend.counters.failedRequests += 1
        if self.process.badMessage is not None:
            self.process.badMessage(self.exchange, data, bad.position, False)
        self.exchange.bytesIn = len(data)
        self.respond(bad.status, "P", "R")

    def _hold(self, data):
        """
        Input while no server is there.
        """
        self.lastActivity = self.now()
        self.buffer += data
        if len(self.buffer) >= self.process.bufferSize:
            self.read(False)
        exchange = self.exchange
        if exchange.link is None and exchange.analysers:
            self._goOn()

    def _orphan(self, exchange):
        """
        No backend will serve it (SWI-06), though it may have to be held first.
        """
        exchange.analysers = self.frontend.orphanAnalysers
        if self._analyse(exchange):
            self.respond(503, "S", "C")

    def _link(self, exchange):
        if exchange.backend is None:
            self.respond(503, "S", "C")
            return
        request = exchange.request
        method = request.method
        exchange.replayable = method in REPLAYABLE
        exchange.mayReuse = exchange.route.mayReuse and not request.upgrade and method != b"CONNECT"
        exchange.link = link = Link(exchange, self, exchange.backend, exchange.requestAt)
        link.step(WANTED)
        if link.state != EST and self.exchange is exchange:
            self.dataReceived = self._hold
