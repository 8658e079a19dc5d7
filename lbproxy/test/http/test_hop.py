# -*- test-case-name: lbproxy.test.http.test_hop -*-
"""
Tests for L{lbproxy.http.hop} and for C{forward} of L{lbproxy.http.head}.
"""

from twisted.trial import unittest

from lbproxy.http import HOP_CLOSE, HOP_KEEPALIVE, HOP_STRIP, HOP_UPGRADE
from lbproxy.http.hop import PROTECTED
from lbproxy.test.http.tables import request, response

#: Lines received, and what is left of them when this hop's lines are removed.
STRIPPED = [
    ([b"A: b"], [b"A: b"]),
    ([b"A: b", b"Connection: keep-alive", b"C: d"], [b"A: b", b"C: d"]),
    ([b"Connection: close"], []),
    ([b"connection:x", b"A: b"], [b"A: b"]),
    ([b"Keep-Alive: timeout=5", b"A: b"], [b"A: b"]),
    ([b"A: b", b"Proxy-Connection: keep-alive"], [b"A: b"]),
    ([b"Proxy-Connection: a", b"Connection: keep-alive", b"Keep-Alive: 5", b"CONNECTION: close"], []),
    ([b"X-Hop: 1", b"Connection: close, x-hop ,, te", b"A: x-hop", b"TE: trailers", b"x-HOP: 2", b"X-Hopper: 3"],
     [b"A: x-hop", b"X-Hopper: 3"]),
    ([b"Connection: a", b"A: 1", b"B: 2", b"Connection: b"], []),
    ([b"Upgrade: x", b"Connection: upgrade"], []),
    ([b"Upgrade: x"], [b"Upgrade: x"]),
    ([b"Connections: x", b"X-Connection: y", b"Keep-Alive-Not: z"],
     [b"Connections: x", b"X-Connection: y", b"Keep-Alive-Not: z"]),
    # Nobody can make us drop what decides about the length, the rules, or who is asking.
    ([b"Host: h", b"Content-Length: 3", b"Cookie: c", b"X-Forwarded-For: 1", b"Authorization: a",
      b"Connection: host, content-length, Transfer-Encoding, cookie, x-forwarded-for, authorization, a", b"A: 1"],
     [b"Host: h", b"Content-Length: 3", b"Cookie: c", b"X-Forwarded-For: 1", b"Authorization: a"]),
]

#: Lines received, and what HOP_CLOSE makes of them in an HTTP/1.1 message (HTP-10).
CLOSED = [
    ([b"Host: www"], [b"Host: www", b"+", b"Connection: close"]),
    ([b"Host: www", b"Connection: keep-alive", b"A: b"], [b"Host: www", b"Connection: close", b"A: b", b"+"]),
    ([b"connection:CLOSE ", b"A: b"], [b"connection:CLOSE ", b"A: b", b"+"]),
    ([b"Connection: close", b"A: b", b"Connection: keep-alive", b"connection: x", b"C: d"],
     [b"Connection: close", b"A: b", b"C: d", b"+"]),
    ([b"Connection: a", b"Connection: close", b"A: b"], [b"Connection: close", b"A: b", b"+"]),
    ([b"Keep-Alive: 5", b"Proxy-Connection: x"],
     [b"Keep-Alive: 5", b"Proxy-Connection: x", b"+", b"Connection: close"]),
]


def build(first, lines):
    """
    @return: a head.
    """
    return b"\r\n".join([first] + lines + [b"", b""])


def resolve(lines, extra):
    """
    @return: C{lines} with the mark of the extra lines replaced.
    """
    return [line for given in lines for line in ((extra if given == b"+" else [given]))]


class ForwardTests(unittest.SynchronousTestCase):
    """
    What the other side gets.
    """

    def both(self, minor, lines):
        """
        @return: a request and a response with these lines, each with its first line.
        """
        for parse, first in ((request, b"GET / HTTP/1.%d"), (response, b"HTTP/1.%d 200 OK")):
            line = first % minor
            yield parse(build(line, lines)), line

    def test_strip(self):
        """
        Lines of one hop end there, and all others come through byte for byte.
        """
        for lines, left in STRIPPED:
            for head, first in self.both(1, lines):
                self.assertEqual(head.forward(HOP_STRIP), build(first, left))
                self.assertEqual(head.forward(HOP_STRIP, b"X: 1\r\nY: 2\r\n"), build(first, left + [b"X: 1", b"Y: 2"]))

    def test_keepAlive(self):
        """
        A client of HTTP/1.0 is told that its connection stays, once, at the end.
        """
        for lines, left in STRIPPED:
            for head, first in self.both(1, lines):
                told = left + [b"Connection: keep-alive"]
                self.assertEqual(head.forward(HOP_KEEPALIVE), build(first, told))
                told.insert(-1, b"X: 1")
                self.assertEqual(head.forward(HOP_KEEPALIVE, b"X: 1\r\n"), build(first, told))

    def test_close(self):
        """
        HTP-10: exactly one C{Connection: close}, in the place of the first Connection line or behind everything.
        """
        for lines, wanted in CLOSED:
            for extra in ([], [b"X: 1", b"Y: 2"]):
                for head, first in self.both(1, lines):
                    out = head.forward(HOP_CLOSE, b"".join(line + b"\r\n" for line in extra))
                    self.assertEqual(out, build(first, resolve(wanted, extra)))

    def test_closeOld(self):
        """
        Nothing is appended to a request of HTTP/1.0, but what it says is changed; its response gets the line.
        """
        first = b"GET / HTTP/1.0"
        self.assertEqual(request(build(first, [b"A: b"])).forward(HOP_CLOSE), build(first, [b"A: b"]))
        self.assertEqual(request(build(first, [b"A: b"])).forward(HOP_CLOSE, b"X: 1\r\n"),
                         build(first, [b"A: b", b"X: 1"]))
        self.assertEqual(request(build(first, [b"Connection: keep-alive"])).forward(HOP_CLOSE),
                         build(first, [b"Connection: close"]))
        first = b"HTTP/1.0 200 OK"
        self.assertEqual(response(build(first, [])).forward(HOP_CLOSE), build(first, [b"Connection: close"]))

    def test_upgrade(self):
        """
        A handshake for another protocol, and interim responses, pass as they are.
        """
        lines = [b"Upgrade: websocket", b"Connection: keep-alive, Upgrade", b"Keep-Alive: 5"]
        for head, first in self.both(1, lines):
            self.assertEqual(head.forward(HOP_UPGRADE), build(first, lines))
            self.assertEqual(head.forward(HOP_UPGRADE, b"X: 1\r\n"), build(first, lines + [b"X: 1"]))

    def test_dropped(self):
        """
        Lines that were refused a place in the head do not shift what is removed later.
        """
        head = request(build(b"P / HTTP/1.1", [
            b"Content-Length: 3", b"Content-Length: 3", b"Connection: keep-alive", b"A: b"]))
        self.assertEqual(head.forward(HOP_STRIP), build(b"P / HTTP/1.1", [b"Content-Length: 3", b"A: b"]))
        self.assertEqual(head.values(b"content-length"), [b"3"])
        head = response(build(b"HTTP/1.1 200 OK", [
            b"Content-Length: 3", b"Connection: x, keep-alive", b"X: 1", b"Transfer-Encoding: chunked"]))
        self.assertEqual(head.forward(HOP_STRIP), build(b"HTTP/1.1 200 OK", [b"Transfer-Encoding: chunked"]))
        self.assertEqual(head.headers(), [(b"connection", b"x, keep-alive"), (b"x", b"1"),
                                          (b"transfer-encoding", b"chunked")])

    def test_protected(self):
        """
        No protected line is lost, whichever spelling Connection uses.
        """
        for name in PROTECTED:
            if name in (b"transfer-encoding", b"content-length"):
                continue
            lines = [name.title() + b": 1", b"Connection: " + name.upper() + b", x"]
            self.assertEqual(request(build(b"GET / HTTP/1.1", lines)).forward(HOP_STRIP),
                             build(b"GET / HTTP/1.1", lines[:1]))


class OtherHeadTests(unittest.SynchronousTestCase):
    """
    Heads made of others: shared ones are never changed.
    """

    def test_withLines(self):
        """
        Lines are added behind the others, in requests and responses; all else stays, hop lines are still treated.
        """
        for parse, first, names in ((request, b"POST /x HTTP/1.1\r\n", ("method", "uri", "expectContinue")),
                                    (response, b"HTTP/1.1 200 OK\r\n", ("status", "reason", "interim"))):
            head = parse(first + b"A: 1\r\nConnection: close\r\nContent-Length: 5\r\n\r\nhello")
            raw, before = head.raw, head.forward(HOP_STRIP)
            self.assertEqual(len(head.headers()), 3)
            other = head.withLines(b"X: 1\r\nY: 2\r\n")
            self.assertEqual(other.forward(HOP_STRIP), before[:-2] + b"X: 1\r\nY: 2\r\n\r\n")
            self.assertEqual(other.values(b"y"), [b"2"])
            self.assertEqual(len(other.headers()), 5)
            self.assertEqual((head.raw, head.forward(HOP_STRIP), len(head.headers())), (raw, before, 3))
            names += ("line", "version", "minor", "size", "body", "length", "keepAlive", "upgrade", "hops")
            for name in names:
                self.assertEqual(getattr(other, name), getattr(head, name), name)

    def test_withRaw(self):
        """
        In other bytes, hop lines are found where they are.
        """
        head = request(b"GET / HTTP/1.1\r\nA: 1\r\nConnection: x\r\nX: 1\r\nKeep-Alive: 1\r\n\r\n")
        head.forward(HOP_STRIP)
        other = head.withRaw(head.raw.replace(b"A: 1\r\n", b""))
        self.assertEqual(other.forward(HOP_STRIP), b"GET / HTTP/1.1\r\n\r\n")
        self.assertEqual(head.forward(HOP_STRIP), b"GET / HTTP/1.1\r\nA: 1\r\n\r\n")
