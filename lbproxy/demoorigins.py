# -*- test-case-name: lbproxy.test.test_demo -*-
"""
The two small servers of the demonstration.

They speak just enough HTTP/1.1 (keep-alive, C{Content-Length}) to stand behind a load balancer, and only listen on
loopback. Each can be stopped and is started again through the other, so that the health check is seen at work.
"""

from twisted.application.service import Service
from twisted.internet.defer import gatherResults, maybeDeferred
from twisted.internet.error import CannotListenError
from twisted.internet.protocol import Protocol, ServerFactory
from twisted.python import log

from lbproxy.demopage import INDEX, page, whoAmI

HOST = "127.0.0.1"
BALANCER_PORT = 8080
#: Name, colour and port of the two servers.
ORIGINS = (("blue", "#2563eb", 8081), ("green", "#15803d", 8082))
#: Seconds after which both servers come back when both were stopped.
REVIVE_AFTER = 10.0
#: A request head that is longer than this ends the connection.
MAX_HEAD = 16384


class OriginProtocol(Protocol):
    """
    One connection to a demonstration server. Requests are answered one after the other, pipelined ones too.

    @ivar factory: the L{Origin}.
    """

    def __init__(self):
        self._received = b""
        self._skip = 0
        self._closing = False

    def connectionMade(self):
        """
        The origin keeps track of us, to close us when it stops.
        """
        self.factory.connections.add(self)

    def connectionLost(self, reason):
        """
        Forgotten.
        """
        self.factory.connections.discard(self)

    def dataReceived(self, data):
        """
        Answer every complete request head; a body with a length is skipped.
        """
        self._received += data
        while self._received and not self._closing:
            if self._skip:
                taken = min(self._skip, len(self._received))
                self._received = self._received[taken:]
                self._skip -= taken
                continue
            end = self._received.find(b"\r\n\r\n")
            if end < 0:
                if len(self._received) > MAX_HEAD:
                    self.transport.loseConnection()
                return
            head, self._received = self._received[:end], self._received[end + 4 :]
            self._answerHead(head)

    def _answerHead(self, head):
        lines = head.split(b"\r\n")
        words = lines[0].split(b" ")
        if len(words) != 3:
            self._send(b"400 Bad Request", b"text/plain", b"not a request\n", b"GET", (), False)
            return
        method, uri, version = words
        pairs = (line.partition(b":") for line in lines[1:])
        fields = {name.strip().lower(): value.strip() for name, _, value in pairs}
        length = fields.get(b"content-length", b"0")
        self._skip = int(length) if length.isdigit() else 0
        connection = fields.get(b"connection", b"").lower()
        keep = connection == b"keep-alive" if version == b"HTTP/1.0" else connection != b"close"
        if b"transfer-encoding" in fields:
            keep = False
        status, kind, body, more = self.factory.respond(method, uri.partition(b"?"))
        self._send(status, kind, body, method, more, keep and not self.factory.stopping)
        if self.factory.stopping:
            self.factory.stop()

    def _send(self, status, kind, body, method, more, keep):
        lines = [b"HTTP/1.1 " + status, b"Content-Type: " + kind, b"Content-Length: %d" % len(body)]
        lines += [b"Cache-Control: no-store", b"X-Origin: " + self.factory.name.encode("ascii")]
        lines += more
        if not keep:
            lines.append(b"Connection: close")
        answer = b"\r\n".join(lines) + b"\r\n\r\n"
        self.transport.write(answer if method == b"HEAD" else answer + body)
        if not keep:
            self._closing = True
            self.transport.loseConnection()


class Origin(ServerFactory):
    """
    One demonstration server.

    @ivar name: C{"blue"} or C{"green"}.
    @ivar colour: of its page, CSS.
    @ivar port: the port it listens on, 0 for any.
    @ivar listening: the port object, C{None} while stopped.
    @ivar stopping: an answer is being sent after which it stops.
    @ivar served: pages sent so far.
    @ivar connections: open L{OriginProtocol}s.
    """

    protocol = OriginProtocol
    noisy = False

    def __init__(self, origins, name, colour, port):
        self._origins = origins
        self.name = name
        self.colour = colour
        self.port = port
        self.listening = None
        self.stopping = False
        self.served = 0
        self.connections = set()

    def start(self):
        """
        Listen; nothing happens when it already does.

        @raise twisted.internet.error.CannotListenError: when the port is taken.
        """
        if self.listening is None:
            self.listening = self._origins.reactor.listenTCP(self.port, self, interface=HOST)
            self.port = self.listening.getHost().port

    def stop(self):
        """
        Close the port and every connection.

        @return: what C{stopListening} gave, or C{None} when it was stopped already.
        """
        self.stopping = False
        if self.listening is None:
            return None
        listening, self.listening = self.listening, None
        for connection in list(self.connections):
            connection.transport.loseConnection()
        log.msg("demo: %s stopped" % self.name)
        self._origins.stopped()
        return listening.stopListening()

    def respond(self, method, target):
        """
        The answer to a request.

        @param method: bytes.
        @param target: C{(path, b"?" or b"", query)}.
        @return: C{(status with reason, content type, body, further header lines)}, all bytes.
        """
        path, _, query = target
        if path == b"/health":
            return b"200 OK", b"text/plain", b"fit\n", ()
        if method not in (b"GET", b"HEAD", b"POST"):
            return b"405 Method Not Allowed", b"text/plain", b"GET, HEAD or POST\n", (b"Allow: GET, HEAD, POST",)
        if path == b"/stop":
            self.stopping = True
            return self._seeIndex("%s stops now; the other server can start it again\n" % self.name)
        if path.startswith(b"/start/"):
            return self._revive(path[7:].decode("latin-1"))
        if path == b"/who":
            self.served += 1
            return b"200 OK", b"application/json", whoAmI(self), ()
        if path == INDEX:
            self.served += 1
            origins = self._origins
            body = page(self, origins.others(self), origins.balancer, origins.age(), query == b"refresh")
            return b"200 OK", b"text/html; charset=utf-8", body, ()
        return b"404 Not Found", b"text/plain", b"nothing here; try /\n", ()

    def _revive(self, name):
        for other in self._origins.others(self):
            if other.name == name:
                other.start()
                log.msg("demo: %s started" % name)
                return self._seeIndex("%s is back\n" % name)
        return b"404 Not Found", b"text/plain", b"no such server\n", ()

    def _seeIndex(self, text):
        location = "Location: http://%s:%d/" % (HOST, self._origins.balancer)
        return b"303 See Other", b"text/plain", text.encode("ascii"), (location.encode("ascii"),)


class DemoOrigins(Service):
    """
    The two servers, as a service. When both were stopped they come back after L{REVIVE_AFTER} seconds.

    @ivar reactor: listens, and delays.
    @ivar balancer: port of lbproxy, for the links of the pages.
    @ivar origins: the two L{Origin}s.
    """

    def __init__(self, reactor, ports=None, balancer=BALANCER_PORT):
        """
        @param ports: the two ports to listen on, by default those of L{ORIGINS}.
        """
        self.reactor = reactor
        self.balancer = balancer
        self.origins = [
            Origin(self, name, colour, port if ports is None else ports[index])
            for index, (name, colour, port) in enumerate(ORIGINS)
        ]
        self._since = reactor.seconds()
        self._revival = None

    def age(self):
        """
        Seconds since the demonstration began.
        """
        return self.reactor.seconds() - self._since

    def others(self, origin):
        """
        All but one.

        @return: list of L{Origin}.
        """
        return [other for other in self.origins if other is not origin]

    def open(self):
        """
        Both servers listen; nothing happens when they do already.

        @raise twisted.internet.error.CannotListenError: when a port is taken; none listens then.
        """
        try:
            for origin in self.origins:
                origin.start()
        except CannotListenError:
            for origin in self.origins:
                origin.stop()
            raise

    def startService(self):
        """
        As L{open}.
        """
        self.open()
        Service.startService(self)

    def stopService(self):
        """
        Both servers stop for good.

        @return: Deferred, fired when both ports are closed.
        """
        Service.stopService(self)
        if self._revival is not None:
            self._revival.cancel()
            self._revival = None
        return gatherResults([maybeDeferred(origin.stop) for origin in self.origins])

    def stopped(self):
        """
        A server was stopped: with none left, arrange for their return.
        """
        alive = any(origin.listening is not None for origin in self.origins)
        if self.running and not alive and self._revival is None:
            self._revival = self.reactor.callLater(REVIVE_AFTER, self._reviveAll)

    def _reviveAll(self):
        self._revival = None
        for origin in self.origins:
            origin.start()
        log.msg("demo: both servers are back")


__all__ = ["BALANCER_PORT", "DemoOrigins", "HOST", "ORIGINS", "REVIVE_AFTER", "Origin", "OriginProtocol"]
