# -*- test-case-name: lbproxy.test.http.test_safety -*-
"""
Tests for L{lbproxy.http.rewriting}: what rules on requests must not do, whatever the operator wrote.
"""

from lbproxy.http import BODY_CHUNKED, Limits, RequestRules
from lbproxy.test.http.tables import LIMITS
from lbproxy.test.http.test_rewriting import HOST, RequestRulesCase, rule


class SafetyTests(RequestRulesCase):
    """
    HDR-15 and the ends of messages.
    """

    POST = (b"POST / HTTP/1.1", HOST, b"Content-Length: 5")
    CHUNKS = (b"POST / HTTP/1.1", HOST, b"Transfer-Encoding: chunked")

    def test_framing(self):
        """
        A rule that would make the request end elsewhere makes it a bad request.
        """
        for lines, rules in (
            (self.POST, [rule("delete", b"^Content-Length")]),
            (self.POST, [rule("replace", b"^Content-Length", b"Content-Length: 4")]),
            (self.POST, [rule("replace", b"^Content-Length", b"Transfer-Encoding: chunked")]),
            (self.CHUNKS, [rule("delete", b"^Transfer")]),
            (self.CHUNKS, [rule("replace", b"^Transfer", b"Content-Length: 0")]),
            ((b"GET / HTTP/1.1", b"A: 1"), [rule("replace", b"^A", b"Content-Length: 1")]),
            ((b"GET / HTTP/1.1", b"A: 1"), [rule("replace", b"^A", b"Transfer-Encoding: chunked")]),
        ):
            self.refused("framing", lines, rules)

    def test_ambiguous(self):
        """
        A rule that makes a request ambiguous makes it a bad one, as if it had come so.
        """
        add = rule("replace", b"^Host.*", b"\\0\r\nTransfer-Encoding: chunked")
        self.refused("length", self.POST, [add])
        self.refused("coding", self.CHUNKS, [add])
        self.refused("coding", self.CHUNKS, [rule("replace", b"^POST", b"POST / HTTP/1.0")])
        self.refused("host", self.POST, [rule("replace", b"^Content.*", b"\\0\r\nHost: evil")])

    def test_response(self):
        """
        The client would take the body of the answer for the next one if HEAD became something else, or wait for one.
        """
        for before, after in ((b"HEAD", b"GET"), (b"GET", b"HEAD"), (b"CONNECT", b"GET"), (b"GET", b"CONNECT")):
            self.refused("framing", [before + b" /a HTTP/1.1"], [rule("replace", b".", after + b" /a HTTP/1.1")])
        self.assertEqual(self.lines([b"HEAD /a HTTP/1.1"], [rule("replace", b"/a", b"HEAD /b HTTP/1.1")]),
                         [b"HEAD /b HTTP/1.1"])

    def test_sameEnd(self):
        """
        What ends where it did is fine, however it is written.
        """
        for lines, rules, body in (
            (self.POST, [rule("replace", b"^Content-Length: 5", b"content-length:5")], 5),
            (self.POST + (b"A: 1",), [rule("replace", b"^A", b"Content-Length: 5")], 5),
            ((b"GET / HTTP/1.1", b"A: 1"), [rule("replace", b"^A", b"Content-Length: 0")], 0),
            ((b"GET / HTTP/1.1", b"Content-Length: 0"), [rule("delete", b"^C")], 0),
        ):
            self.assertEqual(self.apply(lines, rules).head.length, body)
        found = self.apply(self.CHUNKS, [rule("replace", b"^T", b"transfer-encoding: Chunked")]).head
        self.assertEqual(found.body, BODY_CHUNKED)

    def test_hops(self):
        """
        Lines of this hop that rules make or move are treated as such.
        """
        rules = [rule("replace", b"^A", b"AAAAAA: 1"), rule("replace", b"^B", b"Keep-Alive: 3")]
        self.assertEqual(self.lines([b"GET / HTTP/1.1", b"A: 1", b"Connection: x", b"X: 2", b"B: 2", b"C: 3"], rules),
                         [b"GET / HTTP/1.1", b"AAAAAA: 1", b"C: 3"])

    def test_keepAlive(self):
        """
        A client that wants its connection closed gets it closed, whatever rules do to the line that said so; rules can
        close, but not keep what the client does not keep.
        """
        for lines, rules, keeps in (
            ([b"GET / HTTP/1.1", b"Connection: close"], [rule("delete", b"^Conn")], False),
            ([b"GET / HTTP/1.0"], [rule("replace", b"^GET", b"GET / HTTP/1.1")], False),
            ([b"GET / HTTP/1.0", b"Connection: keep-alive"], [rule("replace", b"^GET", b"GET / HTTP/1.1")], True),
            ([b"GET / HTTP/1.1"], [rule("replace", b"^GET", b"GET / HTTP/1.0")], False),
            ([b"GET / HTTP/1.1", b"A: 1"], [rule("replace", b"^A", b"Connection: close")], False),
            ([b"GET / HTTP/1.1", b"A: 1"], [rule("delete", b"^A")], True),
        ):
            self.assertEqual(self.apply(lines, rules).head.keepAlive, keeps, (lines, rules))

    def test_room(self):
        """
        HDR-15: a head may grow up to the size of the buffer, not beyond, whether by replaced or by added lines.
        """
        lines = [b"GET / HTTP/1.1", b"A: 1"]
        for rules, adds in (((), (b"X: " + b"x" * 50,)), ([rule("replace", b"^A", b"X: " + b"x" * 50)], ()),
                            ((), (b"Keep-Alive: " + b"x" * 50,))):
            size = len(self.apply(lines, rules, adds).head.raw)
            self.assertEqual(len(self.apply(lines, rules, adds, room=size).head.raw), size)
            self.refused("size", lines, rules, adds, room=size - 1)

    def test_roomByDefault(self):
        """
        Without a size, a head may become twice the largest that is received.
        """
        limits = Limits(100, 20)
        self.apply([b"GET / HTTP/1.1"], (), (b"X: " + b"x" * (200 - 23),), limits=limits)
        self.refused("size", [b"GET / HTTP/1.1"], (), (b"X: " + b"x" * (201 - 23),), limits=limits)

    def test_headers(self):
        """
        HTP-06: nor do rules get past the number of header lines.
        """
        limits = Limits(8192, 3)
        lines = [b"GET / HTTP/1.1", b"A: 1", b"B: 2"]
        more = rule("replace", b"^A", b"A: 1\r\nC: 3\r\nD: 4")
        self.assertEqual(len(self.lines(lines, (), (b"X: 1",), limits=limits)), 4)
        self.refused("headers", lines, (), (b"X: 1", b"Y: 2"), limits=limits)
        self.refused("headers", lines, [more], limits=limits)
        self.assertEqual(len(self.lines(lines, [more, rule("delete", b"^B")], limits=limits)), 4)

    def test_badConfiguration(self):
        """
        Malformed rules are found when the proxy is built.
        """
        for bad in (rule("delete", b"(a"), rule("replace", b"a", b"b\\")):
            self.assertRaises(ValueError, RequestRules, [bad], (), LIMITS)
