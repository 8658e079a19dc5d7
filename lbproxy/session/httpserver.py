# -*- test-case-name: lbproxy.test.session.test_http -*-
"""
HTTP mode, the server's side: response heads, and the life of an idle connection between two requests.
"""

from lbproxy.http import BadMessage, parseResponse
from lbproxy.net.seen import isQuiet
from lbproxy.session.side import ignore
from lbproxy.session.tcp import ServerSide

#: Methods after which the same head means something else: it frames no body.
SPECIAL = frozenset((b"HEAD", b"CONNECT"))


class HttpServerSide(ServerSide):
    """
    @ivar buffer: an incomplete head.
    @ivar heard: anything came since the last request was sent.
    @ivar backend: whose pool it belongs to.
    @ivar server: whose connection it is.
    """

    __slots__ = ("buffer", "heard", "backend", "server")

    def __init__(self, client, link):
        ServerSide.__init__(self, client, link)
        self.buffer = b""
        self.heard = False
        self.backend = link.backend
        self.server = link.server
        self.dataReceived = self._head

    def _head(self, data):
        """
        Input while a response is awaited.
        """
        client = self.client
        if client is None:
            # From an idle connection: nobody can tell what it belongs to.
            self._dropIdle()
            return
        self.heard = True
        self.lastActivity = now = self.now()
        if not self.buffer:
            end = data.find(b"\r\n\r\n") + 4
            head = client.responses.get(data[:end])
            if head is not None and client.exchange.request.method not in SPECIAL:
                client.responseHead(self, head, data, now)
                return
        self._parse(client, data, now)

    def _parse(self, client, data, now):
        start = len(self.buffer)
        if start:
            data = self.buffer + data
        method = client.exchange.request.method
        while True:
            try:
                head = parseResponse(data, start, client.limits, method)
            except BadMessage as bad:
                client.badResponse(bad, data)
                return
            if head is None:
                self.buffer = data
                return
            if not head.interim:
                break
            client.interim(head)
            data = data[head.size:]
            start = 0
            if not data:
                self.buffer = b""
                return
        self.buffer = b""
        if method not in SPECIAL and not head.upgrade:
            client.responses.keep(data[:head.size], head)
        client.responseHead(self, head, data, now)

    # -- between two requests ----------------------------------------------------------------------------------

    def rest(self, now):
        """
        Become an idle connection of the server.

        @return: whether that is possible.
        """
        if self.inputEnded or self.outputEnded or self.blocked or self.transport is None:
            return False
        backend = self.backend
        if not backend.keepIdle(self.server, self):
            return False
        self.client = self.peer = self.link = None
        self.dataReceived = self._head
        self.lastActivity = now
        if not self.isReading:
            self.read(True)
        if now + backend.idleTimeout < self.deadlineAt:
            backend.process.deadlines.arm(self, now + backend.idleTimeout)
        return True

    def resume(self, exchange):
        """
        Serve again.
        """
        self.client = exchange.client
        self.link = exchange.link
        self.reused = True
        self.heard = False

    def isAlive(self):
        """
        @return: whether the kernel knows of no end and no data on an idle connection.
        """
        return self.transport is not None and not self.inputEnded and isQuiet(self.transport)

    def discard(self):
        """
        Close an idle connection that was taken out of the pool.
        """
        self.backend.process.deadlines.disarm(self)
        self.close()

    def _dropIdle(self):
        if self in self.server.idle:
            self.server.idle.remove(self)
        self.discard()

    def deadlineReached(self, now):
        """
        Idle for too long?
        """
        if self.lingers:
            ServerSide.deadlineReached(self, now)
        elif self.client is None and self.transport is not None:
            when = self.lastActivity + self.backend.idleTimeout
            if when <= now:
                self._dropIdle()
            else:
                self.backend.process.deadlines.arm(self, when)

    def readConnectionLost(self):
        """
        The server has closed its output.
        """
        self.inputEnded = True
        if self.client is not None:
            self.client.serverEnded(self.now())
        elif self.transport is not None:
            self._dropIdle()

    def connectionLost(self, _reason):
        """
        The connection is gone.
        """
        client = self.client
        lost = self.detach() is not None
        self.dataReceived = ignore
        self.deadlines.disarm(self)
        if client is not None:
            if lost:
                client.serverGone(self.now())
        elif lost and self in self.server.idle:
            self.server.idle.remove(self)
