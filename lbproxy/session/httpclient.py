# -*- test-case-name: lbproxy.test.session.test_http -*-
"""
HTTP mode, the client's side: heads in, analysers, a link for each request, the request body out (reference 23).

What comes back from the server is in L{lbproxy.session.response}.
"""

from lbproxy.http import BODY_CHUNKED, BODY_LENGTH, NO_BODY, BadMessage, ChunkedBody, parseRequest
from lbproxy.session.analysers import CLOSE, CONTINUE, RESPOND, WAIT
from lbproxy.session.exchange import Exchange
from lbproxy.session.httpserver import HttpServerSide
from lbproxy.session.link import Link
from lbproxy.session.response import ResponseRelay
from lbproxy.session.states import EST, QUE, WANTED

#: Methods that may be sent again when a reused connection turns out dead (reference 23).
REPLAYABLE = frozenset((b"GET", b"HEAD", b"OPTIONS", b"TRACE", b"PUT", b"DELETE"))

#: Status of the answer for each phase in which a link may fail.
LINK_STATUS = {"C": 503, "Q": 503}


class HttpClientSide(ResponseRelay):
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

    def _expectHead(self, now):
        when = self.dueAt(now)
        if when is not None:
            self.expectBefore(when)

    # -- the request head ---------------------------------------------------------------------------------------------

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
            self.respond(503, "S", "C")
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

    # -- the link ---------------------------------------------------------------------------------------------------------

    def _link(self, exchange):
        request = exchange.request
        method = request.method
        exchange.replayable = method in REPLAYABLE
        exchange.mayReuse = exchange.route.mayReuse and not request.upgrade and method != b"CONNECT"
        exchange.link = link = Link(exchange, self, exchange.backend, exchange.requestAt)
        link.step(WANTED)
        if link.state != EST and self.exchange is exchange:
            self.dataReceived = self._hold

    def newServerSide(self, link):
        """
        @return: a protocol for a connection to a server.
        """
        return HttpServerSide(self, link)

    def linkEstablished(self, side):
        """
        Send the request: its head and what is there of its body in one write.
        """
        exchange = self.exchange
        request = exchange.request
        self.peer = side
        side.peer = self
        side.lastActivity = now = exchange.connectedAt
        out = exchange.sent
        if out is None:
            route = exchange.route
            if exchange.extra or request.hops is not None or route.closes:
                out = request.forward(route.hopFor(request), exchange.extra)
            else:
                out = request.raw
            if request.body == NO_BODY:
                exchange.requestDone = True
                exchange.sent = out
                self.dataReceived = self._pipeline
            else:
                part = self._beginBody(exchange, request)
                if part is None:
                    return
                out += part
                if exchange.requestDone:
                    exchange.sent = out
        side.transport.write(out)
        if not exchange.requestDone:
            self._expectBodyFromClient(exchange, side, now)
        if self.inputEnded:
            side.endOutput()
        timeout = exchange.backend.serverTimeout
        if timeout is not None and now + timeout < self.deadlineAt:
            self.process.deadlines.arm(self, now + timeout)

    def _expectBodyFromClient(self, exchange, side, now):
        self.dataReceived = self._body
        if not side.blocked:
            self.read(True)
        if exchange.backend.serverTimeout is None:
            self._expectHead(now)

    def _beginBody(self, exchange, request):
        if request.body == BODY_CHUNKED:
            exchange.chunks = ChunkedBody()
        elif request.body == BODY_LENGTH:
            exchange.bodyLeft = request.length
        held, self.buffer = self.buffer, b""
        self.dataReceived = self._pipeline
        return self._claim(exchange, held)

    def _claim(self, exchange, data):
        """
        Split input at the end of the request body.

        @return: the part of the body, forwarded unchanged; C{None} if the session was ended for a broken one.
        """
        chunks = exchange.chunks
        if chunks is not None:
            try:
                end = chunks.feed(data, 0)
            except BadMessage as bad:
                self._badBody(exchange, bad, data)
                return None
            done = chunks.complete
        else:
            end = min(exchange.bodyLeft, len(data))
            exchange.bodyLeft -= end
            done = not exchange.bodyLeft
        exchange.bytesIn += end
        if done:
            exchange.requestDone = True
            self.dataReceived = self._pipeline
            if end != len(data):
                self.buffer, data = data[end:], data[:end]
        return data

    def _badBody(self, exchange, bad, data):
        self.frontend.counters.failedRequests += 1
        if self.process.badMessage is not None:
            self.process.badMessage(exchange, data, bad.position, False)
        if exchange.response is None:
            self.respond(400, "P", "R")
        else:
            exchange.blame("P", "D")
            self.breakOff(exchange)

    def _body(self, data):
        """
        Input that belongs to the request body.
        """
        exchange, peer = self.exchange, self.peer
        self.lastActivity = peer.lastActivity = self.now()
        data = self._claim(exchange, data)
        if data and not peer.outputEnded:
            peer.transport.write(data)

    def _pipeline(self, data):
        """
        Input behind a complete request: the next one waits for its turn.
        """
        self.lastActivity = self.now()
        self.buffer += data
        if len(self.buffer) >= self.process.bufferSize:
            self.read(False)

    def linkFailed(self, cause, phase):
        """
        No server will serve it.
        """
        self.respond(LINK_STATUS[phase] if cause != "R" else 500, cause, phase)

    # -- answers of our own -----------------------------------------------------------------------------------------------

    def respond(self, status, cause, phase):
        """
        Answer with a generated page and close (SES-21).

        @param cause, phase: termination state.
        """
        exchange = self.exchange
        now = self.now()
        peer, self.peer = self.peer, None
        exchange.blame(cause, phase)
        exchange.status = status
        request, route = exchange.request, exchange.route
        answers = self.frontend.answers if exchange.backend is None or route is None else route.answers
        page = answers.page(status, request is not None and request.method == b"HEAD")
        exchange.bytesOut += len(page)
        if peer is not None:
            peer.close()
        if self.transport is not None and not self.outputEnded:
            self.transport.write(page)
        self.finish(exchange, now)
        self.shut(drain=bool(self.buffer) or request is None or (request.body != NO_BODY and not exchange.requestDone))

    # -- time -----------------------------------------------------------------------------------------------------------------

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
            return exchange.analysisDeadline
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

    # -- the client leaves ------------------------------------------------------------------------------------------------------

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
            self.peer.endOutput()

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
            exchange.queuedUntil = now if exchange.tarpit else None
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


def _after(began, timeout):
    return None if timeout is None else began + timeout


def _earliest(one, other):
    if one is None:
        return other
    return one if other is None or one < other else other
