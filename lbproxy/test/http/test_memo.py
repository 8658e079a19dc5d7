# -*- test-case-name: lbproxy.test.http.test_memo -*-
"""
Tests for L{lbproxy.http.memo}: that nobody can tell what was remembered from what was worked out.
"""

from twisted.trial import unittest

from lbproxy.config.model import Cookie, RegexRule
from lbproxy.http import BODY_UNTIL_CLOSE, NO_BODY, RequestCookies, RequestRules, ResponseCookies, ResponseRules
from lbproxy.http.cache import LONGEST
from lbproxy.test.http.tables import LIMITS, request, response

DROP = RegexRule("delete", b"^X-Drop:")


class MemoryTests(unittest.SynchronousTestCase):
    """
    Outcomes that are remembered.
    """

    def test_sameHead(self):
        """
        The same head gives the same outcome without work.
        """
        rules = RequestRules((DROP,), (), LIMITS)
        for raw in (b"GET / HTTP/1.1\r\nX-Drop: 1\r\n\r\n", b"GET / HTTP/1.1\r\n\r\n"):
            head = request(raw)
            self.assertIs(rules.apply(head, False), rules.apply(head, False))

    def test_unchangedOther(self):
        """
        For another head of the same bytes that is not changed, the outcome gives back that very head.
        """
        rules, cookies = RequestRules((DROP,), (), LIMITS), RequestCookies(b"S", "remove")
        for treat in (lambda head: rules.apply(head, False), cookies.read):
            one, other = request(b"GET / HTTP/1.1\r\n\r\n"), request(b"GET / HTTP/1.1\r\n\r\n")
            self.assertIs(treat(one).head, one)
            self.assertIs(treat(other).head, other)
            self.assertIs(treat(one).head, one)

    def test_changedOther(self):
        """
        For another head of the same bytes that is changed, the work is not done twice.
        """
        rules = RequestRules((DROP,), (), LIMITS)
        one, other = (request(b"GET / HTTP/1.1\r\nX-Drop: 1\r\n\r\n") for _ in range(2))
        self.assertIs(rules.apply(other, False).head, rules.apply(one, False).head)
        self.assertIs(rules.apply(other, False).source, other)

    def test_otherSize(self):
        """
        Equal heads that took unequal input keep their sizes: counters count what was received.
        """
        rules = RequestRules((DROP,), (b"A: 1",), LIMITS)
        short, long = request(b"GET / HTTP/1.1\r\n\r\n"), request(b"\r\nGET   / HTTP/1.1\n\n")
        self.assertEqual(short.raw, long.raw)
        for head in (short, long, short):
            self.assertEqual(rules.apply(head, False).head.size, head.size)

    def test_otherMethod(self):
        """
        A response to HEAD is not taken for one to GET with the same bytes, nor the other way round.
        """
        rules = ResponseRules((DROP,), (b"A: 1",), LIMITS)
        raw = b"HTTP/1.1 200 OK\r\nX-Drop: 1\r\nContent-Length: 5\r\n\r\n"
        for method, length in ((b"GET", 5), (b"HEAD", 0), (b"GET", 5), (b"HEAD", 0), (b"POST", 5)):
            self.assertEqual(rules.apply(response(raw, method=method), method).head.length, length)

    def test_otherMethodSameLooks(self):
        """
        Nor when they look the same until a rule gives the response a status that has a body for one of them only.
        """
        rules = ResponseRules((RegexRule("replace", b"^HTTP/1.1 304", replacement=b"HTTP/1.1 200 OK"),), (), LIMITS)
        raw = b"HTTP/1.1 304 X\r\n\r\n"
        for method, body in ((b"GET", BODY_UNTIL_CLOSE), (b"HEAD", NO_BODY)) * 2:
            self.assertEqual(rules.apply(response(raw, method=method), method).head.body, body)

    def test_otherFraming(self):
        """
        Cookies taken out of a response do not make it one to another method, nor a server's connection fit for reuse.
        """
        cookies = ResponseCookies(Cookie(b"S", "insert"))
        coded = b"HTTP/1.1 200 OK\r\nSet-Cookie: S=1\r\nTransfer-Encoding: chunked\r\n"
        for heads in (
            [response(b"HTTP/1.1 200 OK\r\nSet-Cookie: S=1\r\nContent-Length: 5\r\n\r\n", method=method)
             for method in (b"GET", b"HEAD")],
            [response(coded + lines + b"\r\n") for lines in (
                b"X: a%s\r\n b\r\n" % (b" " * 17,), b"X: a b\r\nContent-Length: 5\r\n")],
            [response(coded + length + b"\r\n") for length in (b"", b"Content-Length: 5\r\n")],
        ):
            self.assertEqual(heads[0].raw, heads[1].raw)
            for head in heads * 2:
                found = cookies.treat(head, b"one", False, True).head
                self.assertEqual((found.body, found.length, found.keepAlive, found.size),
                                 (head.body, head.length, head.keepAlive, head.size))

    def test_allowed(self):
        """
        What was allowed before is part of what is remembered.
        """
        rules = RequestRules((RegexRule("deny", b"^GET"),), (), LIMITS)
        head = request(b"GET / HTTP/1.1\r\n\r\n")
        for allowed, verdict in ((False, "deny"), (True, None), (False, "deny"), (True, None)):
            self.assertEqual(rules.apply(head, allowed).verdict, verdict)

    def test_longHead(self):
        """
        Long heads are treated as others, but not remembered.
        """
        rules = RequestRules((DROP,), (), LIMITS)
        head = request(b"GET / HTTP/1.1\r\nX-Drop: 1\r\nX: %s\r\n\r\n" % (b"x" * LONGEST))
        first, second = rules.apply(head, False), rules.apply(head, False)
        self.assertIsNot(first, second)
        self.assertEqual(first.head.raw, second.head.raw)
        self.assertEqual([name for name, _value in first.head.headers()], [b"x"])

    def test_note(self):
        """
        Who asks for reasons gets them each time.
        """
        rules = RequestRules((DROP,), (), LIMITS)
        head = request(b"GET / HTTP/1.1\r\nX-Drop: 1\r\n\r\n")
        rules.apply(head, False)
        notes = []
        for times in (1, 2):
            rules.apply(head, False, lambda *note: notes.append(note))
            self.assertEqual(notes, [(DROP, b"X-Drop: 1", b"")] * times)
