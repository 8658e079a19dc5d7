# -*- test-case-name: lbproxy.test.http.test_rsprules -*-
"""
Tests for L{lbproxy.http.rewriting}: what rules make of responses.
"""

from twisted.trial import unittest

from lbproxy.config.model import RegexRule
from lbproxy.http import BODY_CHUNKED, BODY_LENGTH, BODY_UNTIL_CLOSE, HOP_STRIP, NO_BODY, BadMessage, Limits, ResponseRules
from lbproxy.test.http.tables import LIMITS, response


def rule(action, pattern, replacement=None, ignoreCase=False):
    """
    @return: a L{RegexRule}.
    """
    return RegexRule(action, pattern, ignoreCase, replacement)


class ResponseRulesTests(unittest.SynchronousTestCase):
    """
    C{rsp*} rules.
    """

    OK = (b"HTTP/1.1 200 OK", b"Content-Length: 5")
    CHUNKS = (b"HTTP/1.1 200 OK", b"Transfer-Encoding: chunked")

    def apply(self, lines, rules, adds=(), method=b"GET", limits=LIMITS, room=None, note=None):
        """
        @return: C{Rewritten} for a response with C{lines}.
        """
        head = response(b"\r\n".join(lines) + b"\r\n\r\n", method=method)
        return ResponseRules(rules, adds, limits, room).apply(head, method, note)

    def lines(self, *args, **named):
        """
        @return: the lines of the head that comes out.
        """
        return self.apply(*args, **named).head.forward(HOP_STRIP).split(b"\r\n")[:-2]

    def refused(self, cause, *args, **named):
        """
        Check that the response is refused with 502.
        """
        bad = self.assertRaises(BadMessage, self.apply, *args, **named)
        self.assertEqual((bad.status, bad.cause), (502, cause))

    def test_edits(self):
        """
        HDR-01 to HDR-03: lines are added, replaced and deleted as in requests.
        """
        self.assertEqual(
            self.lines(self.OK + (b"LOCATION: http://in:80/p", b"Server: x", b"server: y"),
                       [rule("replace", b"^location: http://[^/]*/(.*)", rb"Location: https://pub/\1", True),
                        rule("delete", b"^Server:")], (b"X: 1", b"Y: 2")),
            list(self.OK) + [b"Location: https://pub/p", b"server: y", b"X: 1", b"Y: 2"])

    def test_statusLine(self):
        """
        HDR-11, HTP-35: the status is read anew after a rule on the status line.
        """
        head = self.apply((b"HTTP/1.1 404 Gone Missing",) + self.OK[1:],
                          [rule("replace", b"^HTTP/1.1 404 (.*)", rb"HTTP/1.1 410 Was \1")]).head
        self.assertEqual((head.status, head.reason, head.line), (410, b"Was Gone Missing", b"HTTP/1.1 410 Was Gone Missing"))

    def test_badStatusLine(self):
        """
        HDR-11: what is no status line any more is a bad response.
        """
        for text, cause in ((b"", "version"), (b"HTTP/1.1", "status"), (b"HTTP/1.1 20 OK", "status"),
                            (b"HTTP/2.0 200 OK", "version"), (b"HTTP/1.1 200 \x01", "reason"), (b"X: y", "version")):
            self.refused(cause, self.OK, [rule("replace", b"^HTTP", text)])

    def test_deny(self):
        """
        HDR-14: a response is denied for its status line or a header line; that ends all.
        """
        for pattern in (b"^HTTP/1.1 200", b"^Content"):
            found = self.apply(self.OK, [rule("deny", pattern), rule("replace", b".", b"")])
            self.assertEqual((found.verdict, found.head.status), ("deny", 200))
        self.assertIsNone(self.apply(self.OK, [rule("deny", b"^X-Secret")]).verdict)

    def test_framing(self):
        """
        A rule that would make the response end elsewhere makes it a bad one. Chunks do not become content.
        """
        untilClose = (b"HTTP/1.1 200 OK", b"A: 1")
        for lines, rules in (
            (self.OK, [rule("replace", b"^Content", b"Content-Length: 4")]),
            (self.OK, [rule("replace", b"^Content", b"Transfer-Encoding: chunked")]),
            (self.OK, [rule("replace", b"^HTTP", b"HTTP/1.1 204 OK")]),
            (self.OK, [rule("replace", b"^HTTP", b"HTTP/1.1 304 OK")]),
            (self.OK, [rule("replace", b"^HTTP", b"HTTP/1.1 100 OK")]),
            (self.OK, [rule("replace", b"^HTTP", b"HTTP/1.1 101 OK")]),
            (self.CHUNKS, [rule("replace", b"^Transfer", b"Content-Length: 5")]),
            (self.CHUNKS, [rule("delete", b"^Transfer")]),
            (self.CHUNKS, [rule("replace", b"^HTTP", b"HTTP/1.0 200 OK")]),
            (untilClose, [rule("replace", b"^A", b"Content-Length: 4")]),
            (untilClose, [rule("replace", b"^A", b"Transfer-Encoding: chunked")]),
            (untilClose, [rule("replace", b"^HTTP", b"HTTP/1.1 204 No")]),
            ((b"HTTP/1.1 101 X", b"Upgrade: x"), [rule("replace", b"^HTTP", b"HTTP/1.1 200 OK")]),
            ((b"HTTP/1.1 304 X", b"Content-Length: 5"), [rule("replace", b"^HTTP", b"HTTP/1.1 200 OK")]),
        ):
            self.refused("framing", lines, rules)
        self.refused("length", self.OK, (), (b"Content-Length: 6",))
        self.refused("framing", self.OK, [rule("replace", b"^HTTP", b"HTTP/1.1 100 OK")], method=b"HEAD")
        self.refused("framing", (b"HTTP/1.1 200 OK",), [rule("replace", b"^HTTP", b"HTTP/1.1 404 X")], method=b"CONNECT")

    def test_sameEnd(self):
        """
        What ends where it did is fine. A length that gets lost makes the body last until the connection is closed.
        """
        for lines, rules, method, body, length in (
            (self.OK, [rule("replace", b"^HTTP", b"HTTP/1.0 404 X")], b"GET", BODY_LENGTH, 5),
            (self.OK, [rule("delete", b"^C")], b"GET", BODY_UNTIL_CLOSE, 0),
            (self.OK, [rule("replace", b"^Content", b"Content-Length: 7")], b"HEAD", NO_BODY, 0),
            ((b"HTTP/1.1 204 X",), [rule("replace", b"^HTTP", b"HTTP/1.1 200 X\r\nContent-Length: 0")], b"GET",
             BODY_LENGTH, 0),
            ((b"HTTP/1.1 200 X", b"Content-Length: 0"), [rule("replace", b"^HTTP", b"HTTP/1.1 204 X")], b"GET", NO_BODY, 0),
            ((b"HTTP/1.1 304 X",), [rule("replace", b"^HTTP", b"HTTP/1.1 200 X")], b"GET", BODY_UNTIL_CLOSE, 0),
            (self.CHUNKS, [rule("replace", b"^HTTP", b"HTTP/1.1 500 X")], b"GET", BODY_CHUNKED, 0),
        ):
            head = self.apply(lines, rules, method=method).head
            self.assertEqual((head.body, head.length), (body, length), (lines, rules))

    def test_lengthBesideChunks(self):
        """
        A length that was left out since chunks decide does not come back, and the server's connection is not reused.
        """
        lines = self.CHUNKS + (b"Content-Length: 5", b"A: 1")
        self.assertEqual(self.lines(lines, [rule("delete", b"^A")]), list(self.CHUNKS))

    def test_room(self):
        """
        HDR-15: a head that outgrows the buffer, or has too many lines, is a bad response.
        """
        size = len(b"\r\n".join(self.OK)) + 4 + len(b"X: 1\r\n")
        self.assertEqual(len(self.apply(self.OK, (), (b"X: 1",), room=size).head.raw), size)
        self.refused("size", self.OK, (), (b"X: 1",), room=size - 1)
        self.refused("size", self.OK, [rule("replace", b"^HTTP.*", b"\\0\r\nX: 1")], room=size - 1)
        self.refused("headers", self.OK, (), (b"X: 1",), limits=Limits(8192, 1))

    def test_note(self):
        """
        C{explain} hears of each match.
        """
        rules = [rule("replace", b"^HTTP", b"HTTP/1.1 201 X"), rule("delete", b"^A")]
        notes = []
        self.apply(self.OK + (b"A: 1",), rules, note=lambda *note: notes.append(note))
        self.assertEqual(notes, [(rules[0], b"HTTP/1.1 200 OK", b"HTTP/1.1 201 X"), (rules[1], b"A: 1", b"")])
