# -*- test-case-name: lbproxy.test.http.test_request -*-
"""
Tests for L{lbproxy.http.request}.
"""

from twisted.trial import unittest

from lbproxy.http import (
    BODY_CHUNKED,
    BODY_LENGTH,
    HOP_STRIP,
    HOP_UPGRADE,
    NO_BODY,
    BadMessage,
    Limits,
    RequestHead,
    parseRequest,
)
from lbproxy.test.http.tables import BROWSER, inPieces, outcome, request

#: Input, and what must be seen of its head; C{out} is what is forwarded (HOP_UPGRADE: nothing stripped).
ACCEPTED = [
    (b"GET / HTTP/1.0\r\n\r\n", {"method": b"GET", "uri": b"/", "version": b"HTTP/1.0", "minor": 0, "keepAlive": False,
                                     "body": NO_BODY, "length": 0, "upgrade": False, "expectContinue": False}),
    (b"GET /x HTTP/1.1\r\nHost: a\r\n\r\n", {"minor": 1, "keepAlive": True, "line": b"GET /x HTTP/1.1"}),
    (b"GET / HTTP/1.9\r\n\r\n", {"minor": 1, "version": b"HTTP/1.9", "out": b"GET / HTTP/1.9\r\n\r\n"}),
    (b"foo!#$ * HTTP/1.1\r\n\r\n", {"method": b"foo!#$", "uri": b"*"}),
    (b"OPTIONS * HTTP/1.1\r\n\r\n", {"method": b"OPTIONS"}),
    (b"CONNECT a:443 HTTP/1.1\r\nHost: a:443\r\n\r\n", {"method": b"CONNECT", "uri": b"a:443", "upgrade": False}),
    (b"GET /\xff\"<>\\^`{|} HTTP/1.1\r\n\r\n", {"uri": b"/\xff\"<>\\^`{|}"}),
    (BROWSER, {"keepAlive": True, "body": NO_BODY, "out": BROWSER}),
    # Several blanks become one, LF becomes CRLF, folded lines one line, empty lines are skipped.
    (b"GET   /   HTTP/1.1\r\nA: b\r\n\r\n", {"line": b"GET / HTTP/1.1", "out": b"GET / HTTP/1.1\r\nA: b\r\n\r\n"}),
    (b"GET / HTTP/1.1\nA: b\nC: d\r\n\n", {"out": b"GET / HTTP/1.1\r\nA: b\r\nC: d\r\n\r\n"}),
    (b"GET / HTTP/1.1\nA: b\n\r\n", {"out": b"GET / HTTP/1.1\r\nA: b\r\n\r\n"}),
    (b"GET / HTTP/1.1\r\nA: b \t\r\n \t c  d \r\n\te\r\nF: g\r\n\r\n",
     {"out": b"GET / HTTP/1.1\r\nA: b c  d e\r\nF: g\r\n\r\n"}),
    (b"GET / HTTP/1.1\r\nA:\r\n b\r\n\r\n", {"out": b"GET / HTTP/1.1\r\nA: b\r\n\r\n"}),
    (b"\r\n\n\r\nGET / HTTP/1.1\r\n\r\n", {"out": b"GET / HTTP/1.1\r\n\r\n"}),
    (b"\r\n" * 300 + b"GET / HTTP/1.1\r\nHost: a\r\n\r\n", {"out": b"GET / HTTP/1.1\r\nHost: a\r\n\r\n"}),
    # Odd but legal lines stay as they are.
    (b"GET / HTTP/1.1\r\nhOsT:a\r\nX:\r\nY: \t z \t \r\nX: \x80\xff\r\n\r\n",
     {"out": b"GET / HTTP/1.1\r\nhOsT:a\r\nX:\r\nY: \t z \t \r\nX: \x80\xff\r\n\r\n"}),
    # Bodies.
    (b"POST / HTTP/1.1\r\nContent-Length: 5\r\n\r\n", {"body": BODY_LENGTH, "length": 5}),
    (b"POST / HTTP/1.1\r\ncontent-length:\t0 \r\n\r\n", {"body": BODY_LENGTH, "length": 0}),
    (b"POST / HTTP/1.1\r\nContent-Length: 9223372036854775808\r\n\r\n", {"length": 1 << 63}),
    (b"POST / HTTP/1.1\r\nContent-Length: 5\r\nA: b\r\nConnection: close\r\nContent-length:5\r\n\r\n",
     {"length": 5, "out": b"POST / HTTP/1.1\r\nContent-Length: 5\r\nA: b\r\nConnection: close\r\n\r\n"}),
    (b"POST / HTTP/1.1\r\nTransfer-Encoding: chunked\r\n\r\n", {"body": BODY_CHUNKED, "length": 0}),
    (b"POST / HTTP/1.1\r\ntransfer-encoding:gzip;q=1 ,\tCHUNKED\r\n\r\n", {"body": BODY_CHUNKED}),
    (b"POST / HTTP/1.1\r\nTransfer-Encoding: gzip\r\nTransfer-Encoding: chunked\r\n\r\n", {"body": BODY_CHUNKED}),
    (b"POST / HTTP/1.1\r\nTransfer-Encoding:\r\n chunked\r\n\r\n", {"body": BODY_CHUNKED}),
    # What the client wants for its connection.
    (b"GET / HTTP/1.1\r\nConnection: close\r\n\r\n", {"keepAlive": False}),
    (b"GET / HTTP/1.1\r\nConnection: x , Close\r\n\r\n", {"keepAlive": False}),
    (b"GET / HTTP/1.1\r\nConnection: keep-alive, close\r\n\r\n", {"keepAlive": False}),
    (b"GET / HTTP/1.1\r\nConnection: keep-alive\r\nConnection: close\r\n\r\n", {"keepAlive": False}),
    (b"GET / HTTP/1.1\r\nConnection: closed\r\n\r\n", {"keepAlive": True}),
    (b"GET / HTTP/1.1\r\nProxy-Connection: close\r\n\r\n", {"keepAlive": True}),
    (b"GET / HTTP/1.0\r\nConnection: Keep-Alive\r\n\r\n", {"keepAlive": True}),
    (b"GET / HTTP/1.0\r\nConnection: x,KEEP-ALIVE\r\n\r\n", {"keepAlive": True}),
    (b"GET / HTTP/1.0\r\nKeep-Alive: 300\r\n\r\n", {"keepAlive": False}),
    # Upgrade and Expect.
    (b"GET / HTTP/1.1\r\nUpgrade: websocket\r\nConnection: Upgrade\r\n\r\n", {"upgrade": True, "keepAlive": True}),
    (b"GET / HTTP/1.1\r\nUpgrade: websocket\r\nConnection: keep-alive, upgrade\r\n\r\n", {"upgrade": True}),
    (b"GET / HTTP/1.1\r\nUpgrade: websocket\r\n\r\n", {"upgrade": False}),
    (b"GET / HTTP/1.1\r\nConnection: upgrade\r\n\r\n", {"upgrade": False}),
    (b"GET / HTTP/1.0\r\nUpgrade: websocket\r\nConnection: Upgrade\r\n\r\n", {"upgrade": False}),
    (b"PUT / HTTP/1.1\r\nContent-Length: 1\r\nExpect: 100-Continue\r\n\r\n", {"expectContinue": True, "length": 1}),
    (b"PUT / HTTP/1.1\r\nContent-Length: 1\r\nExpect: 200-ok\r\n\r\n", {"expectContinue": False}),
]

#: Input, cause, position of the first bad byte. None needs a byte behind it to be refused.
REFUSED = [
    (b"GET / HTTP/1.0\r\nGood: 1\r\nbad header\r\n\r\n", "name", 28),
    (b"GET / HTTP/1.0\r\nBad Header : x\r\n\r\n", "name", 19),
    (b"GET / HTTP/1.0\r\nX : y\r\n\r\n", "name", 17),
    (b"GET / HTTP/1.0\r\n: y\r\n\r\n", "name", 16),
    (b"GET / HTTP/1.0\r\nnocolon\r\n\r\n", "name", 23),
    (b"GET / HTTP/1.0\r\nX(: y\r\n\r\n", "name", 17),
    (b"GET / HTTP/1.0\r\nX\x80: y\r\n\r\n", "name", 17),
    (b"GET / HTTP/1.0\r\n Host: y\r\n\r\n", "fold", 16),
    (b"GET / HTTP/1.0\r\n\tHost: y\r\n\r\n", "fold", 16),
    (b"GET / HTTP/1.0\r\nX: a\0b\r\n\r\n", "value", 20),
    (b"GET / HTTP/1.0\r\nX: a\rb\r\n\r\n", "value", 20),
    (b"GET / HTTP/1.0\r\nX: a\r\r\n\r\n", "value", 20),
    (b"GET / HTTP/1.0\r\nX: a\x7fb\r\n\r\n", "value", 20),
    (b"GET / HTTP/1.0\r\nX: a\r\n b\x01\r\n\r\n", "value", 24),
    (b"GET / HTTP/1.0\nX: a\x0bb\n\n", "value", 19),
    # Request lines, refused as soon as they are complete.
    (b"GET /\r\n", "version", 5),
    (b"GET /\n", "version", 5),
    (b"GET\r\n", "method", 3),
    (b"GET \r\n", "uri", 4),
    (b"GET  HTTP/1.1\r\n", "version", 13),
    (b"(GET) / HTTP/1.0\r\n", "method", 0),
    (b" GET / HTTP/1.0\r\n", "method", 0),
    (b"G\x01T / HTTP/1.0\r\n", "method", 1),
    (b"GET\t/ HTTP/1.0\r\n", "method", 3),
    (b"GET /\tHTTP/1.0\r\n", "uri", 5),
    (b"GET /a#b HTTP/1.0\r\n", "uri", 6),
    (b"GET /a\x7f HTTP/1.0\r\n", "uri", 6),
    (b"GET /a\rb HTTP/1.1\r\n", "uri", 6),
    (b"GET / HTTX/1.0\r\n", "version", 9),
    (b"GET / HTTP/2.0\r\n", "version", 11),
    (b"GET / HTTP/1.10\r\n", "version", 14),
    (b"GET / HTTP/1.x\r\n", "version", 13),
    (b"GET / HTTP/1.0 \r\n", "version", 14),
    (b"GET / HTTP/1.0 extra\r\n", "version", 14),
    (b"GET / http/1.0\r\n", "version", 6),
    (b"GET / HTTP/1.0\r\r\n", "version", 14),
    (b"GET /" + b"a" * 50 + b"\x01 HTTP/1.0\r\n", "uri", 55),
    # Refused even without line end.
    (b"\x16\x03\x01\x02\x00", "method", 0),
    (b"G@", "method", 1),
    # Empty lines before.
    (b"\r\n\rGET / HTTP/1.0\r\n\r\n", "method", 2),
    (b"\r\n\r\r\n", "method", 2),
    (b"\n\n\r\r\n", "method", 2),
    (b"\r\r", "method", 0),
    (b"\n\nG\n", "method", 3),
    (b"\n\n\nG\n", "method", 4),
    (b"\n\n\n\nGG\n", "method", 6),
    (b"\r\n\r\nG\r\n", "method", 5),
    (b"\n\n\r\rG", "method", 2),
    (b"\r\n\r\n\rG", "method", 4),
    (b"\r\n\r\n\r\n\rG / HTTP/1.0\r\n\r\n", "method", 6),
    (b"\r\n\r\nGET /\r\n", "version", 9),
    # What could be read in two ways.
    (b"GET / HTTP/1.1\r\nHost: a\r\nHost: a\r\n\r\n", "host", 25),
    (b"GET / HTTP/1.1\r\nA: b\r\nHost: a\r\nhost: b\r\n\r\n", "host", 31),
    (b"GET / HTTP/1.1\r\nHost: a\r\nUpgrade: b\r\nhost: b\r\n\r\n", "host", 37),
    (b"GET / HTTP/1.1\nHost: a\nHost: b\n\n", "host", 23),
    (b"P / HTTP/1.1\r\nContent-Length: 4\r\nContent-Length: 5\r\n\r\n", "length", 49),
    (b"P / HTTP/1.1\r\nContent-Length: 4\r\nContent-Length: 04\r\n\r\n", "length", 49),
    (b"P / HTTP/1.1\r\nContent-Length: 4, 4\r\n\r\n", "length", 31),
    (b"P / HTTP/1.1\r\nContent-Length: +4\r\n\r\n", "length", 30),
    (b"P / HTTP/1.1\r\nContent-Length: -4\r\n\r\n", "length", 30),
    (b"P / HTTP/1.1\r\nContent-Length: 4_4\r\n\r\n", "length", 31),
    (b"P / HTTP/1.1\r\nContent-Length: 0x4\r\n\r\n", "length", 31),
    (b"P / HTTP/1.1\r\nContent-Length: \xb2\r\n\r\n", "length", 30),
    (b"P / HTTP/1.1\r\nContent-Length:\r\n\r\n", "length", 29),
    (b"P / HTTP/1.1\r\nContent-Length: 4\r\n 4\r\n\r\n", "length", 31),
    (b"P / HTTP/1.1\r\nContent-Length: 9223372036854775809\r\n\r\n", "length", 30),
    (b"P / HTTP/1.1\r\nContent-Length: " + b"9" * 5000 + b"\r\n\r\n", "length", 30),
    (b"P / HTTP/1.1\r\nContent-Length: 4\r\nTransfer-Encoding: chunked\r\n\r\n", "length", 33),
    (b"P / HTTP/1.1\r\nTransfer-Encoding: chunked\r\nContent-Length: 4\r\n\r\n", "length", 42),
    (b"P / HTTP/1.0\r\nTransfer-Encoding: chunked\r\n\r\n", "coding", 14),
    (b"P / HTTP/1.1\r\nTransfer-Encoding: xchunked\r\n\r\n", "coding", 14),
    (b"P / HTTP/1.1\r\nTransfer-Encoding: chunked, gzip\r\n\r\n", "coding", 14),
    (b"P / HTTP/1.1\r\nTransfer-Encoding: chunked, chunked\r\n\r\n", "coding", 14),
    (b"P / HTTP/1.1\r\nTransfer-Encoding: chunked\r\nTransfer-Encoding: chunked\r\n\r\n", "coding", 14),
    (b"P / HTTP/1.1\r\nTransfer-Encoding: chunked\r\nTransfer-Encoding: identity\r\n\r\n", "coding", 14),
    (b"P / HTTP/1.1\r\nTransfer-Encoding: chunked;a=b\r\n\r\n", "coding", 14),
    (b"P / HTTP/1.1\r\nTransfer-Encoding: chunked;a, chunked\r\n\r\n", "coding", 14),
    (b"P / HTTP/1.1\r\nTransfer-Encoding: ,chunked\r\n\r\n", "coding", 14),
    (b"P / HTTP/1.1\r\nTransfer-Encoding: \"chunked\"\r\n\r\n", "coding", 14),
    (b"P / HTTP/1.1\r\nTransfer-Encoding:\r\n\r\n", "coding", 14),
    (b"P / HTTP/1.1\r\nTransfer-Encoding: identity\r\n\r\n", "coding", 14),
]

PATHS = [
    (b"/", b"/"), (b"/a/b?c=/d", b"/a/b"), (b"*", None), (b"http://h/p?q", b"/p"), (b"http://h", None),
    (b"http://h?q", None), (b"HTTPS://h:1/", b"/"), (b"a:443", None), (b"x/y?z", b"/y"), (b"//h/p", b"//h/p"),
    (b"/?", b"/"), (b"a+b.c-1://u@h/x", b"/x"), (b"http:/x", b"/x"), (b"?a", None),
]


class AcceptedTests(unittest.SynchronousTestCase):
    """
    Requests that reach a server.
    """

    def test_table(self):
        """
        Every legal spelling of a request is understood, and forwarded in one spelling only.
        """
        for text, seen in ACCEPTED:
            head = request(text)
            self.assertIsInstance(head, RequestHead, text)
            self.assertEqual(head.size, len(text))
            for name, value in seen.items():
                got = head.forward(HOP_UPGRADE) if name == "out" else getattr(head, name)
                self.assertEqual(got, value, (text, name))

    def test_pieces(self):
        """
        It does not matter whether a request comes whole, byte by byte, or with its body and the next one (HTP-07).
        """
        for text, _ in ACCEPTED:
            whole = outcome(request, text)
            self.assertEqual(outcome(inPieces, request, text), whole, text)
            for more in (b"x", b"\r\n", b"\n", b"GET / HTTP/1.1\r\n\r\n", b"\0" * 9000):
                self.assertEqual(outcome(request, text + more), whole, text)

    def test_incomplete(self):
        """
        No part of a request is taken for a whole one, nor refused.
        """
        for text, _ in ACCEPTED:
            for end in range(len(text)):
                self.assertIs(request(text[:end]), None, text[:end])

    def test_unchanged(self):
        """
        A usual request is passed on as the bytes that came: none is copied for it.
        """
        head = request(b"GET /x HTTP/1.1\r\nHost: a\r\nX: y\r\n\r\n")
        self.assertIs(head.forward(HOP_STRIP), head.raw)
        self.assertEqual(head.raw, b"GET /x HTTP/1.1\r\nHost: a\r\nX: y\r\n\r\n")

    def test_twice(self):
        """
        What is forwarded is itself a request with the same meaning.
        """
        for text, _ in ACCEPTED:
            first = request(text)
            out = first.forward(HOP_UPGRADE)
            again = request(out)
            self.assertEqual(again.size, len(out))
            for name in ("method", "uri", "version", "body", "length", "keepAlive", "upgrade", "line"):
                self.assertEqual(getattr(again, name), getattr(first, name), (text, name))
            self.assertEqual(again.headers(), first.headers())


class RefusedTests(unittest.SynchronousTestCase):
    """
    Requests that are answered with 400.
    """

    def test_table(self):
        """
        The cause and the first bad byte are found, however the request is cut and whatever follows it.
        """
        for text, cause, position in REFUSED:
            wanted = (400, cause, position)
            self.assertEqual(outcome(request, text), wanted, text)
            self.assertEqual(outcome(inPieces, request, text), wanted, text)
            if text.endswith(b"\n"):
                for more in (b"x", b"\r\n\r\n", b"\n\n", b"A: b\r\n\r\n"):
                    self.assertEqual(outcome(request, text + more), wanted, (text, more))

    def test_waits(self):
        """
        Nothing is refused before its bad byte has come.
        """
        for text, _, position in REFUSED:
            for end in range(position):
                self.assertIs(request(text[:end]), None, text[:end])


class LimitTests(unittest.SynchronousTestCase):
    """
    HTP-05, HTP-06: large requests.
    """

    def head(self, size, prefix=b""):
        """
        @return: a head of C{size} bytes.
        """
        begin = prefix + b"GET / HTTP/1.1\r\nX: "
        return begin + b"y" * (size - len(begin) - 4) + b"\r\n\r\n"

    def test_size(self):
        """
        A head of 8192 bytes passes, one of 8193 is refused, with skipped empty lines counted.
        """
        for prefix in (b"", b"\r\n\r\n"):
            self.assertEqual(request(self.head(8192, prefix)).size, 8192)
            self.assertEqual(request(self.head(8192, prefix) + b"more").size, 8192)
            self.assertEqual(outcome(request, self.head(8193, prefix)), (400, "size", 8192))
            self.assertEqual(outcome(inPieces, request, self.head(8193, prefix)), (400, "size", 8192))

    def test_certain(self):
        """
        A head is refused as soon as it cannot fit, without waiting for its end.
        """
        text = self.head(9000)
        self.assertIs(request(text[:8191]), None)
        self.assertEqual(outcome(request, text[:8192]), (400, "size", 8192))
        self.assertEqual(outcome(request, text[:8192], 8191), (400, "size", 8192))
        self.assertEqual(outcome(request, b"\r\n" * 4096), (400, "size", 8192))
        self.assertEqual(outcome(inPieces, request, b"\r\n" * 4096), (400, "size", 8192))
        self.assertEqual(outcome(request, b"GET /" + b"a" * 8187), (400, "size", 8192))

    def test_firstBadByte(self):
        """
        A bad line in a head that is too large is what is told, since it came first.
        """
        text = b"GET / HTTP/1.1\r\nbad line\r\nX: " + b"y" * 9000
        self.assertEqual(outcome(request, text + b"\r\n\r\n"), (400, "name", 19))
        self.assertEqual(outcome(inPieces, request, text), (400, "name", 19))

    def test_headers(self):
        """
        204 header lines pass, 205 do not; folded lines count once.
        """
        begin = b"GET / HTTP/1.1\r\n"
        for line in (b"a:\r\n", b"Accept: x\r\n", b"a: b\n", b"a: b\r\n c\r\n"):
            self.assertEqual(len(request(begin + line * 204 + b"\r\n").headers()), 204)
            self.assertEqual(outcome(request, begin + line * 205 + b"\r\n"), (400, "headers", 16 + 204 * len(line)))

    def test_configured(self):
        """
        Other limits are kept as well.
        """
        limits = Limits(headBytes=64, headers=2)
        self.assertEqual(parseRequest(self.head(64), 0, limits).size, 64)
        self.assertRaises(BadMessage, parseRequest, self.head(65), 0, limits)
        text = b"G / HTTP/1.1\r\na:\r\nb:\r\n"
        self.assertEqual(parseRequest(text + b"\r\n", 0, limits).size, len(text) + 2)
        self.assertRaises(BadMessage, parseRequest, text + b"c:\r\n\r\n", 0, limits)


class RequestHeadTests(unittest.SynchronousTestCase):
    """
    What rules may ask of a request.
    """

    def test_path(self):
        """
        HTP-33: the path is found in every form of URI.
        """
        for uri, path in PATHS:
            self.assertEqual(request(b"GET " + uri + b" HTTP/1.1\r\n\r\n").path(), path, uri)

    def test_fromPath(self):
        """
        HTP-33, SWI-10: the URI from its path on has the query as well; without path there is nothing.
        """
        for uri, path in PATHS:
            found = request(b"GET " + uri + b" HTTP/1.1\r\n\r\n").fromPath()
            self.assertEqual(found and found.partition(b"?")[0], path, uri)
            self.assertTrue(found is None or uri.endswith(found), uri)

    def test_headers(self):
        """
        Names come in lower case, values without blanks around them, in order, folded ones joined.
        """
        head = request(b"GET / HTTP/1.1\r\nB: 1\r\nA:\t2 3 \r\nb:4:5\r\nC:\r\nD: 6\r\n  7\r\n\r\n")
        self.assertEqual(head.headers(),
                         [(b"b", b"1"), (b"a", b"2 3"), (b"b", b"4:5"), (b"c", b""), (b"d", b"6 7")])
        self.assertIs(head.headers(), head.headers())

    def test_values(self):
        """
        All lines of a name are found, and only those, whether the list of headers was made or not.
        """
        text = b"GET /Host:x HTTP/1.1\r\nHost: h\r\nX-A: 1\r\nx-a: \t2 \r\nX-AB: 3\r\nB-X-A: 4\r\nX.A: X-A: 5\r\n\r\n"
        for prepare in (lambda head: None, lambda head: head.headers()):
            head = request(text)
            prepare(head)
            self.assertEqual(head.values(b"x-a"), [b"1", b"2"])
            self.assertEqual(head.values(b"x.a"), [b"X-A: 5"])
            self.assertEqual(head.values(b"host"), [b"h"])
            self.assertEqual(head.values(b"none"), [])

    def test_manyNames(self):
        """
        Asking for ever new names does not make the process grow.
        """
        from lbproxy.http import head as module

        head = request(BROWSER)
        for number in range(1000):
            self.assertEqual(head.values(b"x-%d" % number), [])
        self.assertLessEqual(len(module._searches), 256)
