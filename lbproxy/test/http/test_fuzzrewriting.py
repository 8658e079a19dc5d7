# -*- test-case-name: lbproxy.test.http.test_fuzzrewriting -*-
"""
Any rules on any heads: what goes out reads as what was meant, and ends where it ended.
"""

from hypothesis import given
from hypothesis import strategies as st
from twisted.trial import unittest

from lbproxy.config.model import RegexRule
from lbproxy.http import HOP_UPGRADE, BadMessage, Limits, RequestRules, ResponseRules, parseRequest, parseResponse
from lbproxy.test.http.tables import LIMITS, request, response
from lbproxy.test.http.test_fuzz import STEADY

_LIMITS = Limits(400, 12)
_ROOM = 500

_lines = st.lists(st.sampled_from([
    b"A: 1", b"B: two", b"a:3", b"Connection: close", b"Connection: keep-alive, B", b"Keep-Alive: 3", b"Content-Length: 5",
    b"Content-Length: 0", b"Transfer-Encoding: chunked", b"X:  y ", b"Cookie: S=1; b=2", b"Expect: 100-continue",
    b"Upgrade: websocket", b"Proxy-Connection: x", b"Host: a"]), max_size=5, unique=True)
_requestLines = st.sampled_from([b"GET / HTTP/1.1", b"POST /a?b HTTP/1.1", b"HEAD /x HTTP/1.0", b"PUT * HTTP/1.9"])
_statusLines = st.sampled_from([b"HTTP/1.1 200 OK", b"HTTP/1.0 404", b"HTTP/1.1 304 Not", b"HTTP/1.1 204 No",
                                b"HTTP/1.1 500 "])

#: Beginnings of lines: the plain account in this file knows no regular expressions.
_patterns = st.sampled_from([b"A:", b"B", b"Con", b"Content-Length:", b"Tran", b"GET", b"POST", b"HEAD /", b"HTTP/1.1", b"X",
                             b"a", b"HTTP/1.1 2", b""])
_texts = st.sampled_from([
    b"", b"A: 9", b"New: \\0", b"GET /new HTTP/1.1", b"POST /n HTTP/1.0", b"HTTP/1.1 201 Made", b"HTTP/1.1 204 X", b"\\0",
    b"\\0\r\nL: 1", b"L: 1\r\n\\0", b"Content-Length: 5", b"Transfer-Encoding: chunked", b"no colon", b" fold", b"C: \\x41",
    b"Connection: close", b"Host: x\nQ: 1", b"\\0" * 30, b"HTTP/1.1 100 Go", b"bad\r\n\r\nGET / HTTP/1.1", b"E: \r",
    b"HEAD / HTTP/1.1"])
_adds = st.lists(st.sampled_from([b"Add: 1", b"Connection: close", b"Content-Length: 5", b"Z:", b"odd", b" f",
                                  b"P: 1\r\nQ: 2"]), max_size=2)
_edits = st.lists(st.tuples(st.sampled_from(["replace", "delete"]), _patterns, _texts), max_size=4)


def rulesOf(edits):
    """
    @return: the rules that C{edits} stand for.
    """
    return [RegexRule(action, b"^" + pattern + b".*", False, text if action == "replace" else None)
            for action, pattern, text in edits]


def model(lines, edits, adds):
    """
    What rules mean, said as plainly as possible.

    @return: the lines that come out, C{None} if a start line in between looks like a header line or nothing at all.
    """
    lines = [(line, False) for line in lines]
    before = list(lines)
    for action, pattern, text in edits:
        text = text.replace(b"\\x41", b"A")
        first = lines[0][0].startswith(pattern) and action == "replace"
        made = []
        for index, (line, isMade) in enumerate(lines):
            if not line.startswith(pattern) or (index > 0 if first else index == 0):
                made.append((line, isMade))
            elif action == "replace":
                new = text.replace(b"\\0", line).replace(b"\r\n", b"\n").split(b"\n")
                made += [(part, True) for part in new if part]
        lines = made
        if not lines:
            return None
    if b"Connection: keep-alive, B" in [line for line, _ in before] and (adds or lines != before):
        # B was named by the sender: what it sent of that name goes, not what rules have written.
        lines = [(b"Connection: keep-alive" if line == b"Connection: keep-alive, B" and not isMade else line, isMade)
                 for line, isMade in lines if isMade or not line.startswith(b"B:")]
    return [line for line, _ in lines] + [part for add in adds for part in add.split(b"\r\n")]


def framing(head):
    """
    @return: what decides where the body ends.
    """
    return (head.body, head.length) if head.body > 1 else head.length


class RewritingTests(unittest.SynchronousTestCase):
    """
    Both directions.
    """

    def same(self, head, again, names):
        """
        Check that two heads say the same.
        """
        for name in names + ("line", "minor", "body", "length", "upgrade", "raw", "hops"):
            self.assertEqual(getattr(again, name), getattr(head, name), name)
        self.assertEqual(again.headers(), head.headers())

    def meant(self, head, first, lines, edits, adds):
        """
        Check that C{head} is what the plain account makes of C{lines}.
        """
        expected = model([first, *lines], edits, adds)
        text = b"\r\n".join(expected) + b"\r\n\r\n"
        parsed = parseRequest(text, 0, LIMITS) if head.isRequest else parseResponse(text, 0, LIMITS, b"HEAD")
        self.assertEqual(head.raw, parsed.raw)

    @STEADY
    @given(_requestLines, _lines, _edits, _adds)
    def test_requests(self, first, lines, edits, adds):
        """
        A rewritten request is refused, or is what its bytes say, what the rules say, and as long as it was.
        """
        try:
            head = request(b"\r\n".join([first, *lines]) + b"\r\n\r\n", 0, _LIMITS)
        except BadMessage:
            return
        before = head.raw
        rules = RequestRules(rulesOf(edits), adds, _LIMITS, _ROOM)
        try:
            found = rules.apply(head, False)
        except BadMessage as bad:
            self.assertEqual(bad.status, 400)
            return
        finally:
            self.assertEqual(head.raw, before)
        made = found.head
        self.same(made, parseRequest(made.forward(HOP_UPGRADE), 0, LIMITS), ("method", "uri", "expectContinue"))
        self.assertEqual(framing(made), framing(head))
        self.assertEqual(made.size, head.size)
        self.assertLessEqual(len(made.raw), _ROOM)
        self.assertLessEqual(len(made.headers()), _LIMITS.headers)
        self.assertIs(rules.apply(head, False).head, made)
        self.meant(made, first, lines, edits, adds)

    @STEADY
    @given(_statusLines, _lines, _edits, _adds, st.sampled_from([b"GET", b"HEAD"]))
    def test_responses(self, first, lines, edits, adds, method):
        """
        So is a rewritten response; its length may get lost.
        """
        try:
            head = response(b"\r\n".join([first, *lines]) + b"\r\n\r\n", 0, _LIMITS, method)
        except BadMessage:
            return
        if len(head.headers()) != len(lines):
            return
        rules = ResponseRules(rulesOf(edits), adds, _LIMITS, _ROOM)
        try:
            made = rules.apply(head, method).head
        except BadMessage as bad:
            self.assertEqual(bad.status, 502)
            return
        self.same(made, parseResponse(made.forward(HOP_UPGRADE), 0, LIMITS, method), ("status", "interim"))
        if made.body != 3:
            self.assertEqual(framing(made), framing(head))
        self.assertFalse(made.interim)
        self.assertEqual(made.size, head.size)
        self.meant(made, first, lines, edits, adds)

    @STEADY
    @given(_requestLines, _lines, st.lists(st.tuples(
        st.sampled_from(["allow", "deny", "pass", "tarpit"]), _patterns), max_size=5), st.booleans())
    def test_verdicts(self, first, lines, rules, allowed):
        """
        Verdicts are those of the plain account, and leave the head as it is.
        """
        try:
            head = request(b"\r\n".join([first, *lines]) + b"\r\n\r\n")
        except BadMessage:
            return
        rest = [first, *lines]
        verdict, expected = None, allowed
        for action, pattern in rules:
            hits = [line for line in rest if line.startswith(pattern)]
            if expected or not hits:
                continue
            if action == "pass":
                rest = [line for line in rest if line not in hits] if hits[0] != first else rest[1:]
            elif action == "allow":
                expected = True
            else:
                verdict = action
                break
        compiled = [RegexRule(action, b"^" + pattern) for action, pattern in rules]
        found = RequestRules(compiled, (), LIMITS).apply(head, allowed)
        self.assertEqual((found.verdict, found.allowed), (verdict, expected))
        self.assertIs(found.head, head)
