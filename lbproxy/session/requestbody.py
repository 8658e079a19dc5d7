# -*- test-case-name: lbproxy.test.session.test_http -*-
"""
HTTP mode, the way to the server: the request head in one write with what is there of its body, the rest as it comes.
"""

from lbproxy.http import BODY_CHUNKED, BODY_LENGTH, NO_BODY, BadMessage, ChunkedBody
from lbproxy.session.serverdeparture import ServerDeparting


class RequestRelay(ServerDeparting):
    """
    The part of an HTTP client side that requests are relayed by.
    """

    __slots__ = ()

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
            self.passEnd()
        timeout = exchange.backend.serverTimeout
        if timeout is not None and now + timeout < self.deadlineAt:
            self.process.deadlines.arm(self, now + timeout)

    def _expectBodyFromClient(self, exchange, side, now):
        self.dataReceived = self._body
        if not side.blocked:
            self.read(True)
        if exchange.backend.serverTimeout is None:
            self._expectHead(now)

    def passEnd(self):
        """
        The client has closed its output: so do we towards the server, unless a tunnel may still come, whose first bytes
        are here.
        """
        request = self.exchange.request
        if not request.upgrade and request.method != b"CONNECT":
            self.peer.endOutput()

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
        if exchange.requestDone and exchange.response is not None:
            self.forceEnd(exchange, peer)

    def _pipeline(self, data):
        """
        Input behind a complete request: the next one waits for its turn.
        """
        self.lastActivity = self.now()
        self.buffer += data
        if len(self.buffer) >= self.process.bufferSize:
            self.read(False)
