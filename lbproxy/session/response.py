# -*- test-case-name: lbproxy.test.session.test_http -*-
"""
HTTP mode, the way back: response heads and bodies, and what becomes of both connections afterwards (reference 23).
"""

from lbproxy.http import (
    BODY_CHUNKED,
    BODY_LENGTH,
    BODY_UNTIL_CLOSE,
    HOP_CLOSE,
    HOP_KEEPALIVE,
    HOP_STRIP,
    HOP_UPGRADE,
    NO_BODY,
    BadMessage,
    ChunkedBody,
)
from lbproxy.session.side import ignore
from lbproxy.session.states import ENDED
from lbproxy.session.tcp import Relay
from lbproxy.session.verdicts import CONTINUE


class ResponseRelay(Relay):
    """
    The part of an HTTP client side that answers are relayed by.
    """

    __slots__ = ()

    def interim(self, head):
        """
        A 1xx response: forwarded untouched, unless the client cannot know it (HTP-34).

        @param head: C{ResponseHead}.
        """
        exchange = self.exchange
        exchange.bytesOut += head.size
        if (exchange.received or exchange.request).minor:
            self.transport.write(head.forward(HOP_UPGRADE))

    def responseHead(self, side, head, data, now):
        """
        The response proper.

        @param head: C{ResponseHead}.
        @param data: input of the server, beginning with that head.
        """
        exchange = self.exchange
        exchange.response = head
        exchange.responseAt = now
        exchange.status = head.status
        shown, extra = head, b""
        if exchange.route.responseAnalysers:
            shown = self._analyseResponse(exchange, head)
            if shown is None:
                return
            extra = exchange.responseExtra
        if head.upgrade:
            self._upgrade(side, shown.forward(HOP_UPGRADE, extra), data, now)
            return
        out = self._forwarded(exchange, shown, extra)
        kind, size = head.body, head.size
        body = data[size:] if size != len(data) else b""
        rest = b""
        done = True
        if kind == BODY_LENGTH:
            left = head.length - len(body)
            if left < 0:
                rest, body = body[left:], body[:left]
            elif left:
                exchange.responseLeft = left
                side.dataReceived = self._lengthBody
                done = False
        elif kind == NO_BODY:
            rest, body = body, b""
        else:
            body, rest, done = self._beginOpenBody(side, exchange, kind, body)
        exchange.bytesOut += size
        if exchange.isLogged and self.frontend.logAsap:
            self.logEarly(exchange, now)
        exchange.bytesOut += len(body)
        self.transport.write(out + body)
        if done is None:
            self._badBodyFromServer(exchange)
        elif done:
            self.responseDone(side, rest, now)
        else:
            self._expectBody(side, exchange, now)

    def _forwarded(self, exchange, head, extra):
        """
        @return: bytes of the head for the client, whose connection is kept if everybody can agree to that.
        """
        response = exchange.response
        # A rule that writes C{Connection: close} means the client, in a request as in a response.
        if (exchange.request.keepAlive and not exchange.route.closes and head.body != BODY_UNTIL_CLOSE and not self.inputEnded
                and (head is response or head.keepAlive or not response.keepAlive) and not self.process.stopping):
            exchange.keepClient = True
            # What the client is, not what rules have made of its request.
            minor = (exchange.received or exchange.request).minor
            return head.forward(HOP_STRIP if minor else HOP_KEEPALIVE, extra)
        return head.forward(HOP_CLOSE, extra)

    def _analyseResponse(self, exchange, head):
        """
        Ask the response analysers.

        @return: the head that the client gets, C{None} if it got something else.
        """
        exchange.relayed = head
        for analyse in exchange.route.responseAnalysers:
            if analyse(exchange) != CONTINUE:
                self.respond(*exchange.answer)
                return None
        return exchange.relayed

    def forceEnd(self, exchange, side):
        """
        C{option forceclose}: a server whose close alone tells the end of its response is asked to, by ours (HTP-11).
        """
        if exchange.route.forces and exchange.response.body == BODY_UNTIL_CLOSE:
            side.endOutput()

    def _expectBody(self, side, exchange, now):
        self.lastActivity = now
        if self.blocked:
            side.read(False)
        if exchange.requestDone:
            self.forceEnd(exchange, side)
        when = self.relayDue(now)[0]
        if when is not None:
            self.expectBefore(when)

    def _beginOpenBody(self, side, exchange, kind, body):
        """
        A body without a known length.

        @return: C{(body, rest, done)}; C{done} is C{None} for a broken one.
        """
        if kind == BODY_UNTIL_CLOSE:
            side.dataReceived = self._openBody
            return body, b"", False
        assert kind == BODY_CHUNKED
        chunks = exchange.responseChunks = ChunkedBody()
        try:
            end = chunks.feed(body, 0) if body else 0
        except BadMessage:
            return b"", b"", None
        if chunks.complete:
            return body[:end], body[end:], True
        side.dataReceived = self._chunkedBody
        return body, b"", False

    # -- bodies: one function for each framing -----------------------------------------------------------------

    def _lengthBody(self, data):
        exchange = self.exchange
        side = self.peer
        now = self.now()
        left = exchange.responseLeft - len(data)
        if left > 0:
            exchange.responseLeft = left
            exchange.bytesOut += len(data)
            self.lastActivity = side.lastActivity = now
            self.transport.write(data)
            return
        rest = b""
        if left < 0:
            rest, data = data[left:], data[:left]
        exchange.responseLeft = 0
        exchange.bytesOut += len(data)
        self.lastActivity = side.lastActivity = now
        self.transport.write(data)
        self.responseDone(side, rest, now)

    def _openBody(self, data):
        self.exchange.bytesOut += len(data)
        self.lastActivity = self.peer.lastActivity = self.now()
        self.transport.write(data)

    def _chunkedBody(self, data):
        exchange = self.exchange
        side = self.peer
        chunks = exchange.responseChunks
        try:
            end = chunks.feed(data, 0)
        except BadMessage:
            self._badBodyFromServer(exchange)
            return
        self.lastActivity = side.lastActivity = now = self.now()
        if chunks.complete and end != len(data):
            rest, data = data[end:], data[:end]
        else:
            rest = b""
        exchange.bytesOut += len(data)
        self.transport.write(data)
        if chunks.complete:
            self.responseDone(side, rest, now)

    def _badBodyFromServer(self, exchange):
        self.countResponseError(exchange)
        exchange.blame("S", "D")
        self.breakOff(exchange)

    # -- the end of a response ---------------------------------------------------------------------------------

    def responseDone(self, side, rest, now):
        """
        The response is complete: the server's part is over, the client's as soon as it has taken everything.

        @param rest: bytes of the server behind it, which make its connection unusable.
        """
        exchange = self.exchange
        exchange.responseDone = True
        if not exchange.requestDone:
            # Nobody wants the rest of the request.
            self.dataReceived = ignore
        link = exchange.link
        self.peer = None
        head = exchange.response
        if not (head.keepAlive and exchange.mayReuse and exchange.requestDone and not rest and exchange.request.minor
                and link.server is not None and side.rest(now)):
            side.close()
        link.step(ENDED)
        if self.blocked:
            if self.frontend.clientTimeout is not None:
                self.expectBefore(now + self.frontend.clientTimeout)
        else:
            self.exchangeDone(now)

    def drained(self):
        """
        The client has taken its output.
        """
        exchange = self.exchange
        if exchange is not None and exchange.responseDone:
            self.exchangeDone(self.now())
        elif self.peer is not None:
            self.peer.read(True)

    def exchangeDone(self, now):
        """
        Account for the exchange; wait for the next request, or close.
        """
        exchange = self.exchange
        self.finish(exchange, now)
        if not exchange.keepClient or not exchange.requestDone or self.inputEnded or self.process.stopping:
            self.shut(drain=bool(self.buffer) or not exchange.requestDone)
            return
        self.exchange = None
        self.lastActivity = now
        self.dataReceived = self._head
        data = self.buffer
        if not self.isReading and len(data) < self.process.bufferSize:
            self.read(True)
        if data:
            self.buffer = b""
            self._head(data)
        else:
            timeout = self.frontend.keepAliveTimeout
            if timeout is not None and now + timeout < self.deadlineAt:
                self.process.deadlines.arm(self, now + timeout)

    def breakOff(self, exchange):
        """
        End a session in the middle of a response: close both sides, so that the client knows it is incomplete.

        @param exchange: with its cause set.
        """
        peer, self.peer = self.peer, None
        if peer is not None:
            peer.close()
        self.finish(exchange, self.now())
        self.leave(exchange.cause)

    def countResponseError(self, exchange):
        """
        One response error on the server and the backend.
        """
        exchange.backend.counters.responseErrors += 1
        server = exchange.server
        if server is not None:
            server.responseErrors += 1

    # -- upgrades ----------------------------------------------------------------------------------------------

    def _upgrade(self, side, out, data, now):
        """
        101, or a successful CONNECT: from here on bytes pass both ways (reference 23).

        @param out: bytes of the head that the client gets.
        """
        exchange = self.exchange
        request = exchange.request
        if not request.upgrade and request.method != b"CONNECT":
            # Nobody asked for another protocol.
            exchange.response = exchange.responseAt = None
            self.countResponseError(exchange)
            self.respond(502, "P", "H")
            return
        exchange.isTunnel = True
        exchange.requestDone = True
        exchange.bytesOut += len(data)
        held, self.buffer = self.buffer, b""
        self.lastActivity = side.lastActivity = now
        self.transport.write(out + data[exchange.response.size:])
        self.startRelay(now)
        if held:
            exchange.bytesIn += len(held)
            side.transport.write(held)
        if not side.blocked:
            self.read(True)
        if self.inputEnded:
            side.endOutput()
