# -*- test-case-name: lbproxy.test.http.test_framing -*-
"""
Tests for L{lbproxy.http.framing}: no message may be smuggled in another.
"""

from hypothesis import given, settings
from hypothesis import strategies as st
from twisted.trial import unittest

from lbproxy.http import BadMessage
from lbproxy.http.framing import Marks, connectionOptions, hasMeaning, scan, usual, withoutLines
from lbproxy.test.http.tables import BROWSER, NGINX, request, response

_names = [b"Host", b"Content-Length", b"content-length", b"Transfer-Encoding", b"Connection", b"connection",
          b"Keep-Alive", b"Proxy-Connection", b"Upgrade", b"Expect", b"X", b"Cookie"]
_values = [b"", b"3", b"3", b"03", b"4", b"chunked", b"chunked", b"gzip, chunked", b"gzip", b"chunked, chunked",
           b"close", b"keep-alive", b"upgrade", b"x, close", b"content-length", b"host, transfer-encoding, cookie",
           b"100-continue", b"a\r\n b", b"chun\r\n ked", b"\xff"]
_line = st.tuples(st.sampled_from(_names), st.sampled_from([b":", b": ", b":\t "]), st.sampled_from(_values),
                  st.sampled_from([b"\r\n", b"\r\n", b"\n", b" \r\n"])).map(b"".join)
_lines = st.lists(_line, max_size=7).map(b"".join)
_extra = st.sampled_from([b"", b"X-Forwarded-For: 1.2.3.4\r\n"])


class SmugglingTests(unittest.SynchronousTestCase):
    """
    What is sent on ends where we think it ends.
    """

    def check(self, head, again, out, hop):
        """
        Compare the head received with what the next one sees in C{out}.
        """
        self.assertEqual(again.size, len(out))
        self.assertEqual((again.body, again.length), (head.body, head.length))
        self.assertEqual(again.line, head.line)
        self.assertLessEqual(len(again.values(b"content-length")), 1)
        if again.values(b"transfer-encoding"):
            self.assertEqual(again.values(b"content-length"), [])
        self.assertEqual(again.values(b"transfer-encoding"), head.values(b"transfer-encoding"))
        self.assertEqual(again.values(b"host"), head.values(b"host"))
        self.assertEqual(again.values(b"cookie"), head.values(b"cookie"))
        told = again.values(b"connection")
        if hop == 0:
            self.assertEqual(told, [])
        elif hop == 1 and (not head.isRequest or head.minor):
            self.assertEqual([value.lower() for value in told], [b"close"])
        elif hop == 2:
            self.assertEqual(told, [b"keep-alive"])

    @settings(max_examples=600, deadline=None)
    @given(st.sampled_from([b"POST / HTTP/1.1\r\n", b"POST / HTTP/1.0\n", b"POST  /  HTTP/1.3\r\n"]), _lines, _extra)
    def test_requests(self, first, lines, extra):
        """
        A request that passes is read by the server as we read it.
        """
        try:
            head = request(first + lines + b"\r\n")
        except BadMessage:
            return
        for hop in range(4):
            out = head.forward(hop, extra)
            self.check(head, request(out + b"GET / HTTP/1.1\r\n\r\n"), out, hop)

    @settings(max_examples=600, deadline=None)
    @given(st.sampled_from([b"HTTP/1.1 200 OK\r\n", b"HTTP/1.0 200 OK\n", b"HTTP/1.1 304 \r\n"]), _lines, _extra,
           st.sampled_from([b"GET", b"HEAD", b"CONNECT"]))
    def test_responses(self, first, lines, extra, method):
        """
        A response that passes is read by the client as we read it; one that was unclear ends its connection.
        """
        text = first + lines + b"\r\n"
        try:
            head = response(text, method=method)
        except BadMessage:
            return
        for hop in range(4):
            out = head.forward(hop, extra)
            self.check(head, response(out + b"HTTP/1.1 200 OK\r\n\r\n", method=method), out, hop)
        low = text.lower()
        if b"content-length" in low and head.values(b"transfer-encoding") and not head.values(b"content-length"):
            if b"\ncontent-length" in low:
                self.assertFalse(head.keepAlive)


class ScanTests(unittest.SynchronousTestCase):
    """
    The lines that matter.
    """

    def test_shortcut(self):
        """
        The shortcut for usual heads says what the full account says.
        """
        for text in (BROWSER, NGINX):
            length, told, hops, hosts = usual(text, 0)
            marks = Marks(scan(text, 0))
            self.assertEqual(list(hops), marks.hops)
            self.assertEqual(told, (b"close" in marks.options, b"keep-alive" in marks.options))
            self.assertEqual(hosts, len(marks.hosts))
            self.assertEqual(length >= 0, bool(marks.lengths))

    @settings(max_examples=400, deadline=None)
    @given(_lines)
    def test_shortcutMade(self, lines):
        """
        The shortcut never says anything about a head that the full account would put otherwise.
        """
        text = b"\r\n" + lines.replace(b"\r\n ", b" ").replace(b"\r\n", b"\n").replace(b"\n", b"\r\n") + b"\r\n"
        said = usual(text, 0)
        if said is None:
            return
        length, told, hops, hosts = said
        marks = Marks(scan(text, 0))
        self.assertEqual(list(hops or ()), marks.hops)
        self.assertEqual(told or (False, False), (b"close" in marks.options, b"keep-alive" in marks.options))
        self.assertEqual(hosts, len(marks.hosts))
        self.assertEqual(len(marks.lengths) + len(marks.codings), 0 if length == -1 else 1)
        self.assertFalse(marks.upgrade or marks.expectContinue)

    def test_names(self):
        """
        A name is found in any spelling, but only as a whole name at the beginning of a line.
        """
        text = (b"\r\nCONTENT-length: 1\r\nX-Host: 2\r\nContent-Lengthy: 3\r\nA: Host: 4\r\nhOST:5\r\n"
                b"Upgrade-Insecure-Requests: 6\r\nexpect:\r\n\r\n")
        self.assertEqual([(match.lastindex, match.group(match.lastindex)) for match in scan(text)],
                         [(2, b" 1"), (3, b"5"), (8, b"")])

    def test_options(self):
        """
        Names in Connection are told apart by commas; empty ones are nothing.
        """
        self.assertEqual(connectionOptions(b" Close,,\tX-a , "), [b"close", b"x-a"])
        self.assertEqual(connectionOptions(b""), [])

    def test_without(self):
        """
        Lines are taken out whole.
        """
        text = b"P / HTTP/1.1\r\nHost: a\r\nA: b\r\nHost: c\r\n\r\n"
        self.assertEqual(withoutLines(text, list(scan(text))), b"P / HTTP/1.1\r\nA: b\r\n\r\n")

    def test_hasMeaning(self):
        """
        Lines that are added are read again only if they may change something, or are not in canonical form.
        """
        for lines, expected in (
            (b"", False),
            (b"X: 1\r\nCookie: a=b\r\nY:\r\n", False),
            (b"Hosts: a\r\nX-Host: b\r\nContent-Lengths: 3\r\nUpgrade-Insecure-Requests: 1\r\n", False),
            (b"X: Host: a\r\n", False),
            (b"X: 1", True),
            (b"X: 1\n", True),
            (b"X: 1\r\n\r\n", True),
            (b" folded\r\n", True),
            (b"X : 1\r\n", True),
            (b"no colon\r\n", True),
            (b"X: \x00\r\n", True),
            (b"X: a\rb\r\n", True),
        ):
            self.assertEqual(hasMeaning(lines), expected, lines)
        for name in (b"Connection", b"CONTENT-LENGTH", b"host", b"Keep-Alive", b"Proxy-Connection", b"transfer-Encoding",
                     b"Upgrade", b"Expect"):
            self.assertTrue(hasMeaning(name + b": x\r\n"))
            self.assertTrue(hasMeaning(b"A: 1\r\n" + name + b":x\r\n"))
