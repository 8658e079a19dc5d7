# -*- test-case-name: lbproxy.test.http.test_rewriting -*-
"""
Tests for L{lbproxy.http.rewriting}: what rules make of requests. L{lbproxy.test.http.test_safety} has
what they must not do, L{lbproxy.test.http.test_rsprules} those on responses.
"""

from twisted.trial import unittest

from lbproxy.config.model import RegexRule
from lbproxy.http import HOP_STRIP, BadMessage, RequestRules
from lbproxy.test.http.tables import LIMITS, request

HOST = b"Host: www"


def rule(action, pattern, replacement=None, ignoreCase=False, backend=None):
    """
    @return: a L{RegexRule}.
    """
    return RegexRule(action, pattern, ignoreCase, replacement, backend)


def head(*lines):
    """
    @return: head of a request with these lines.
    """
    return request(b"\r\n".join(lines) + b"\r\n\r\n")


class RequestRulesCase(unittest.SynchronousTestCase):
    """
    Applies rules.
    """

    def apply(self, lines, rules, adds=(), allowed=False, limits=LIMITS, room=None, note=None):
        """
        @return: C{Rewritten} for a request with C{lines}, having checked that the received head is as it was.
        """
        received = head(*lines)
        raw, hops = received.raw, received.hops
        found = RequestRules(rules, adds, limits, room).apply(received, allowed, note)
        self.assertEqual((received.raw, received.hops), (raw, hops))
        return found

    def lines(self, *args, **named):
        """
        @return: the lines of the head that comes out.
        """
        return self.apply(*args, **named).head.forward(HOP_STRIP).split(b"\r\n")[:-2]

    def refused(self, cause, *args, **named):
        """
        Check that the request is refused with 400.
        """
        bad = self.assertRaises(BadMessage, self.apply, *args, **named)
        self.assertEqual((bad.status, bad.cause), (400, cause))


class EditTests(RequestRulesCase):
    """
    HDR-01 to HDR-03, HDR-09 to HDR-12: rules that change lines.
    """

    def test_add(self):
        """
        HDR-01: lines are put behind the last header, in order.
        """
        self.assertEqual(self.lines([b"GET / HTTP/1.1", b"A: b"], (), (b"X: 1", b"Y: 2 3")),
                         [b"GET / HTTP/1.1", b"A: b", b"X: 1", b"Y: 2 3"])
        self.assertEqual(self.lines([b"GET / HTTP/1.1"], (), (b"X: 1",)), [b"GET / HTTP/1.1", b"X: 1"])

    def test_addSeveralInOne(self):
        """
        A line to add may hold a line end: two lines are added.
        """
        found = self.apply([b"GET / HTTP/1.1"], (), (b"X: 1\r\nY: 2",)).head
        self.assertEqual(found.headers(), [(b"x", b"1"), (b"y", b"2")])

    def test_addWithMeaning(self):
        """
        A line to add that matters is acted upon: C{Connection: close} closes, a length that contradicts is refused.
        """
        found = self.apply([b"GET / HTTP/1.1", HOST], (), (b"Connection: close",)).head
        self.assertFalse(found.keepAlive)
        self.assertEqual(found.forward(HOP_STRIP), b"GET / HTTP/1.1\r\nHost: www\r\n\r\n")
        self.refused("framing", [b"GET / HTTP/1.1"], (), (b"Content-Length: 5",))
        self.refused("length", [b"POST / HTTP/1.1", b"Transfer-Encoding: chunked"], (), (b"Content-Length: 5",))
        self.refused("host", [b"GET / HTTP/1.1", HOST], (), (b"Host: other",))

    def test_replaceWholeLine(self):
        """
        HDR-02: not the part that matched but the line is replaced, on every header line that matches.
        """
        self.assertEqual(
            self.lines([b"GET / HTTP/1.1", b"A: 1x", b"B: 2", b"a: 3x"], [rule("replace", b"(.)x", rb"N: \1")]),
            [b"GET / HTTP/1.1", b"N: 1", b"B: 2", b"N: 3"])

    def test_replaceStartLine(self):
        """
        HDR-09, HDR-11: a rule that applies to the request line leaves headers alone; what it made counts from there on.
        """
        found = self.apply([b"GET /old/x HTTP/1.0", b"Referer: GET /old/y"],
                           [rule("replace", b"([A-Z]+) /old/(.*)", rb"PUT /new/\2"),
                            rule("setbe", b"^PUT /new/", backend="b")])
        self.assertEqual((found.head.method, found.head.uri, found.head.version, found.head.path()),
                         (b"PUT", b"/new/x", b"HTTP/1.0", b"/new/x"))
        self.assertEqual(found.head.values(b"referer"), [b"GET /old/y"])
        self.assertEqual(found.backend, "b")

    def test_startLineCanonical(self):
        """
        Several blanks in a new request line become one, as in received ones.
        """
        self.assertEqual(self.lines([b"GET / HTTP/1.1"], [rule("replace", b"^GET (.*) HTTP", rb"GET  \1   HTTP/1.1")]),
                         [b"GET / HTTP/1.1"])

    def test_badStartLine(self):
        """
        HDR-11: a request line that is none any more is a bad request, even if a later rule would have mended it.
        """
        mend = rule("replace", b".", b"GET / HTTP/1.1")
        for text, cause in ((b"", "method"), (b"GET", "method"), (b"GET /", "version"), (b"GET / HTTP/2.0", "version"),
                            (b"GET /a b HTTP/1.1", "version"), (b"G\x01T / HTTP/1.1", "method"),
                            (b"GET /\x7f HTTP/1.1", "uri"), (b"X: y\r\nGET / HTTP/1.1", "method")):
            self.refused(cause, [b"GET / HTTP/1.1"], [rule("replace", b"^GET", text), mend])

    def test_replaceByLines(self):
        """
        A replacement may hold line ends: operators add lines in a certain place so. The new lines are rules' matter too.
        """
        self.assertEqual(
            self.lines([b"GET / HTTP/1.1", b"A: 1", b"B: 2"],
                       [rule("replace", b"^GET(.*)", b"PUT\\1\r\nX: 1\r\nY: 2"), rule("replace", b"^A(.*)", b"A\\1\nC: 3"),
                        rule("delete", b"^Y"), rule("replace", b"^C", rb"C: 4\x0d\x0aD: 5")]),
            [b"PUT / HTTP/1.1", b"X: 1", b"A: 1", b"C: 4", b"D: 5", b"B: 2"])

    def test_replaceByNothing(self):
        """
        A header line that is replaced by nothing is gone: an empty line would end the head.
        """
        for text in (b"", b"\r\n", b"\r\n\r\n"):
            self.assertEqual(self.lines([b"GET / HTTP/1.1", b"A: 1", b"B: 2"], [rule("replace", b"^A", text)]),
                             [b"GET / HTTP/1.1", b"B: 2"])

    def test_noEarlyEnd(self):
        """
        Nor does an empty line in what a rule makes of the request line end the head: what follows would be a body.
        """
        self.assertEqual(self.lines([b"GET / HTTP/1.1", b"A: 1"], [rule("replace", b"^GET", b"PUT / HTTP/1.1\r\n\r\nX: 1")]),
                         [b"PUT / HTTP/1.1", b"X: 1", b"A: 1"])

    def test_badHeaderLine(self):
        """
        A line that is no header line is refused, not sent to a server.
        """
        for text, cause in ((b"no colon", "name"), (b"A b: c", "name"), (b": x", "name"), (b"A: \x00", "value"),
                            (b"A: b\rC: d", "value")):
            self.refused(cause, [b"GET / HTTP/1.1", b"X: 1", b"A: 1"], [rule("replace", b"^A", text)])

    def test_delete(self):
        """
        HDR-03: every header line that matches goes; the request line never.
        """
        for pattern, ignoreCase, kept in ((b"^X-Del:", False, [b"x-del: 2", b"GET: 3"]), (b"^x-del:", True, [b"GET: 3"]),
                                          (b"GET", False, [b"X-Del: 1", b"x-del: 2", b"X-Del: 4"])):
            self.assertEqual(
                self.lines([b"GET / HTTP/1.1", b"X-Del: 1", b"x-del: 2", b"GET: 3", b"X-Del: 4"],
                           [rule("delete", pattern, ignoreCase=ignoreCase)]),
                [b"GET / HTTP/1.1"] + kept)

    def test_anchors(self):
        """
        HDR-10: C{^} and C{$} are the ends of the line.
        """
        for pattern, matches in ((b"^A: b$", True), (b"^: b", False), (b"b$", True), (b"^A: b.$", False), (b"b\r", False)):
            lines = self.lines([b"GET / HTTP/1.1", b"A: b", b"C: d"], [rule("delete", pattern)])
            self.assertEqual(len(lines), 2 if matches else 3, pattern)

    def test_order(self):
        """
        HDR-09: rules see what those before them made.
        """
        chain = [rule("replace", b"^A: (.*)", rb"B: \1"), rule("replace", b"^B: (.*)", rb"C: \1")]
        self.assertEqual(self.lines([b"GET / HTTP/1.1", b"A: 1"], chain)[1:], [b"C: 1"])
        self.assertEqual(self.lines([b"GET / HTTP/1.1", b"A: 1"], chain[::-1])[1:], [b"B: 1"])

    def test_untouched(self):
        """
        Lines that no rule touches come out byte for byte, and a head that nothing touches is the very same.
        """
        lines = [b"GET / HTTP/1.1", b"hOsT:www", b"A:   b  ", b"A: \xff\t", b"X: 1"]
        self.assertEqual(self.lines(lines, [rule("delete", b"^X")]), lines[:-1])
        received = head(*lines)
        for rules in ([], [rule("delete", b"^Z")], [rule("allow", b".")]):
            self.assertIs(RequestRules(rules, (), LIMITS).apply(received, False).head, received)

    def test_size(self):
        """
        What is counted as received does not change.
        """
        received = request(b"\r\nGET  / HTTP/1.1\nA: 1\n\n")
        for rules in ([], [rule("delete", b"^A")], [rule("replace", b"^A", b"B: 22222222")]):
            self.assertEqual(RequestRules(rules, (b"X: 1",), LIMITS).apply(received, False).head.size, received.size)

    def test_note(self):
        """
        C{explain} hears of each match: the rule, the line, and what it became.
        """
        rules = [rule("replace", b"^GET", b"PUT / HTTP/1.1"), rule("delete", b"^A"), rule("pass", b"^B"), rule("deny", b"^C")]
        notes = []
        found = self.apply([b"GET / HTTP/1.1", b"A: 1", b"B: 2", b"C: 3"], rules, note=lambda *note: notes.append(note))
        self.assertEqual(found.verdict, "deny")
        self.assertEqual(notes, [(rules[0], b"GET / HTTP/1.1", b"PUT / HTTP/1.1"), (rules[1], b"A: 1", b""),
                                 (rules[2], b"B: 2", None), (rules[3], b"C: 3", None)])


class VerdictTests(RequestRulesCase):
    """
    HDR-04 to HDR-07, HDR-09: rules that decide.
    """

    GET = (b"GET /a HTTP/1.1", b"A: 1", b"B: 2")

    def test_stop(self):
        """
        Deny and tarpit stop everything, whether on the request line or a header line; the head stays as it was.
        """
        for action in ("deny", "tarpit"):
            for pattern in (b"^GET", b"^B: 2$"):
                found = self.apply(self.GET, [rule("delete", b"^A"), rule(action, pattern), rule("replace", b".", b""),
                                              rule("setbe", b".", backend="x")], (b"X: 1",))
                self.assertEqual((found.verdict, found.backend, found.head.raw), (action, None, head(*self.GET).raw))
            self.assertIsNone(self.apply(self.GET, [rule(action, b"^C")]).verdict)

    def test_first(self):
        """
        The first verdict is the verdict.
        """
        for one, other in (("deny", "tarpit"), ("tarpit", "deny")):
            self.assertEqual(self.apply(self.GET, [rule(one, b"^B"), rule(other, b"^GET")]).verdict, one)

    def test_allow(self):
        """
        HDR-05: once allowed nothing denies any more, while rewriting goes on; an allow behind a deny comes too late.
        """
        for pattern in (b"^GET /a", b"^A: 1"):
            found = self.apply(self.GET, [rule("allow", pattern), rule("deny", b"."), rule("tarpit", b"."),
                                          rule("delete", b"^A"), rule("setbe", b"^GET", backend="x")])
            self.assertEqual((found.verdict, found.allowed, found.backend), (None, True, "x"))
            self.assertEqual(found.head.headers(), [(b"b", b"2")])
        found = self.apply(self.GET, [rule("deny", b"^B"), rule("allow", b".")])
        self.assertEqual((found.verdict, found.allowed), ("deny", False))
        self.assertFalse(self.apply(self.GET, [rule("allow", b"^C")]).allowed)

    def test_allowedBefore(self):
        """
        HDR-05: what the frontend allowed, the backend's rules do not deny.
        """
        found = self.apply(self.GET, [rule("deny", b".")], allowed=True)
        self.assertEqual((found.verdict, found.allowed), (None, True))
        self.assertTrue(self.apply(self.GET, (), (b"X: 1",), allowed=True).allowed)

    def test_pass(self):
        """
        HDR-06: the lines that match are exempt from later verdicts, other lines are not.
        """
        for passed, denied, verdict in (
            (b"^A", b"^A", None),
            (b"^A", b": 1|: 2", "deny"),
            (b"^[AB]", b": 1$|: 2$", None),
            (b"^GET", b"^GET", None),
            (b"^GET", b".", "deny"),
            (b"^C", b"^A", "deny"),
        ):
            for action in ("deny", "tarpit"):
                found = self.apply(self.GET, [rule("pass", passed), rule(action, denied)])
                self.assertEqual(found.verdict, verdict and action, (passed, denied))

    def test_passStartLine(self):
        """
        HDR-09: a pass that applies to the request line does not look at headers.
        """
        self.assertEqual(self.apply(self.GET, [rule("pass", b"/a|^A"), rule("deny", b"^A")]).verdict, "deny")

    def test_passEndsAllow(self):
        """
        HDR-06: an exempt line does not allow either; rewriting and switching still see it.
        """
        found = self.apply(self.GET, [rule("pass", b"^A"), rule("allow", b"^A"), rule("setbe", b"^A", backend="x"),
                                      rule("replace", b"^A: (.*)", rb"C: \1"), rule("deny", b"^C")])
        self.assertEqual((found.allowed, found.backend, found.verdict), (False, "x", None))
        self.assertEqual(found.head.headers(), [(b"c", b"1"), (b"b", b"2")])

    def test_passMovesWithItsLine(self):
        """
        HDR-06: lines that come and go before an exempt one do not make it another.
        """
        for edit in (rule("delete", b"^A"), rule("replace", b"^A", b"X: 1\r\nY: 2\r\nZ: 3")):
            for pattern, verdict in ((b"^B", None), (b"^C", "deny")):
                found = self.apply(self.GET + (b"C: 3",), [rule("pass", b"^B"), edit, rule("deny", pattern)])
                self.assertEqual(found.verdict, verdict)

    def test_setbe(self):
        """
        The first rule that matches chooses the backend.
        """
        for patterns, backend in (((b"^GET", b"^A", b"."), "0"), ((b"^X", b"^A", b"^B"), "1"), ((b"^X",), None)):
            rules = [rule("setbe", pattern, backend=str(index)) for index, pattern in enumerate(patterns)]
            self.assertEqual(self.apply(self.GET, rules).backend, backend)
