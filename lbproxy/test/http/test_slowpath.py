# -*- test-case-name: lbproxy.test.http.test_slowpath -*-
"""
Tests for L{lbproxy.http.slowpath}: that both ways to read a head agree, and what they cost.
"""

import time

from hypothesis import given, settings
from hypothesis import strategies as st
from twisted.trial import unittest

from lbproxy.http import BadMessage
from lbproxy.http import request as requestModule
from lbproxy.http import response as responseModule
from lbproxy.http.lines import REQUEST_LINES, STATUS_LINES
from lbproxy.http.slowpath import settle
from lbproxy.test.http import test_request, test_response
from lbproxy.test.http.tables import BROWSER, LIMITS, NGINX, inPieces, outcome, request, response

KINDS = [
    (REQUEST_LINES, requestModule._canonicalHead, [row[0] for row in test_request.ACCEPTED + test_request.REFUSED]),
    (STATUS_LINES, responseModule._canonicalHead, [row[0] for row in test_response.ACCEPTED + test_response.REFUSED]),
]

lineStrategy = st.one_of(
    st.sampled_from([b"Host: a", b"Content-Length: 3", b"Connection: close", b"Transfer-Encoding: chunked", b" fold",
                     b"", b"A", b":", b"A : b", b"X: a\rb", b"X:\x00"]),
    st.binary(max_size=12),
    st.builds(b"%s: %s".__mod__, st.tuples(st.text("abC-_~", min_size=1, max_size=6).map(str.encode),
                                           st.binary(max_size=8))),
)
textStrategy = st.tuples(
    st.sampled_from([b"GET / HTTP/1.1", b"POST /x HTTP/1.0", b"HTTP/1.1 200 OK", b"HTTP/1.0 404", b"G  / HTTP/1.1"]),
    st.lists(lineStrategy, max_size=6), st.sampled_from([b"\r\n", b"\r\n", b"\n"]),
).map(lambda parts: parts[2].join([parts[0]] + parts[1] + [b"", b""]))


class AgreementTests(unittest.SynchronousTestCase):
    """
    The fast and the slow way to read a head give the same.
    """

    def agree(self, text):
        """
        Compare both ways for one input.
        """
        for kind, canonical, _ in KINDS:
            match = canonical(text, 0, LIMITS.headBytes)
            try:
                slow = settle(text, 0, LIMITS, kind)
            except BadMessage as bad:
                if match is not None:
                    self.assertEqual(bad.cause, "headers")
                continue
            if match is not None:
                self.assertEqual((slow.raw, slow.size), (match.group(), match.end()))
            elif slow is not None:
                # What the slow path lets pass is canonical afterwards, and settled.
                self.assertEqual(canonical(slow.raw).end(), len(slow.raw))
                again = settle(slow.raw, 0, LIMITS, kind)
                self.assertEqual(again.raw, slow.raw)

    def test_table(self):
        """
        They agree about all vectors.
        """
        for _, _, texts in KINDS:
            for text in texts:
                self.agree(text)
                self.agree(text + b"\r\n\r\n")

    @settings(max_examples=400, deadline=None)
    @given(textStrategy)
    def test_made(self, text):
        """
        They agree about anything that looks like a head.
        """
        self.agree(text)

    @settings(max_examples=400, deadline=None)
    @given(st.sampled_from([BROWSER, NGINX]), st.integers(0, 100), st.binary(max_size=3), st.integers(0, 3))
    def test_mutated(self, text, where, what, skipped):
        """
        They agree about a damaged head.
        """
        self.agree(text[:where] + what + text[where + skipped:])

    def test_origin(self):
        """
        A position in the rewritten head is told as one in the input, folded lines and LFs notwithstanding.
        """
        text = b"\n\nP   /  HTTP/1.1\nA: b\n  c\nContent-Length: 4x\n\n"
        self.assertEqual(outcome(request, text), (400, "length", text.index(b"x")))


class ChunkingTests(unittest.SynchronousTestCase):
    """
    HTP-07: pieces do not matter.
    """

    @settings(max_examples=400, deadline=None)
    @given(textStrategy, st.lists(st.integers(1, 30), max_size=12), st.binary(max_size=5))
    def test_pieces(self, text, sizes, more):
        """
        Any way to cut any input gives the same head, or the same refusal.
        """
        for parse in (request, response):
            whole = outcome(parse, text + more)
            for cut in (sizes, None):
                self.assertEqual(outcome(inPieces, parse, text + more, cut), whole)


    @settings(max_examples=400, deadline=None)
    @given(st.text("\r\n\r\nGA /:", max_size=14).map(str.encode), st.sampled_from([b"", b"GET / HTTP/1.1\r\n\r\n"]))
    def test_emptyLines(self, text, more):
        """
        Nor does it matter where empty lines, complete or not, are cut.
        """
        for parse in (request, response):
            self.assertEqual(outcome(inPieces, parse, text + more), outcome(parse, text + more))


class CostTests(unittest.SynchronousTestCase):
    """
    PRF-19: nobody can make a head cost more than its size.
    """

    def best(self, parse, text, pieces):
        """
        @return: seconds of processor time for one reading, the best of two.
        """
        times = []
        for _ in range(2):
            begin = time.process_time()
            outcome(inPieces if pieces else parse, *((parse, text) if pieces else (text,)))
            times.append(time.process_time() - begin)
        return min(times)

    def heads(self, size, ends=(b"\x00\r\n\r\n", b"")):
        """
        @param ends: what follows the awkward part of each.
        @return: awkward heads of about C{size} bytes, none of them accepted.
        """
        first = b"GET / HTTP/1.1\r\n"
        for unit in (b"a: b\r\n", b"a" * 50 + b"\r\n", b"a:\r\n", b" \r\n", b"\ta\n", b"a", b":", b" ", b"\r", b"Host:",
                     b"a: " + b"b" * 60 + b"\r\n", b"Connection: a\r\n", b"Content-Length: 1\r\n"):
            for begin in (first, first + b"a: b\r\n", first + b"a:", b"GET /", b"GET ", b"G", b""):
                for end in ends:
                    yield begin + unit * (size // len(unit)) + end
        for unit in (b"\r\n", b"\n", b"\n\r\n", b"\r\n\n\n"):
            yield unit * (size // len(unit))
            yield unit * (size // len(unit) // 2) + b"G / HTTP/1.1\r\n" + b"a: b\n" * (size // 10)

    def test_whole(self):
        """
        The worst head of 8 kB takes milliseconds at most: a few hundred nanoseconds per byte, not a power of its size.
        """
        for text in self.heads(8100):
            self.assertLess(self.best(request, text, False), 0.02, text[:40])

    def test_pieces(self):
        """
        8 kB byte by byte cost about as much per byte as 1 kB do.
        """
        for small, large in zip(self.heads(1000, (b"",)), self.heads(8000, (b"",))):
            cost = self.best(request, large, True)
            allowed = 8 * 6 * self.best(request, small, True) + 0.02
            self.assertLess(cost, allowed, large[:40])

    def test_options(self):
        """
        A Connection line that names a thousand headers is dealt with in one pass.
        """
        names = b",".join(b"%d" % number for number in range(1500))
        text = b"GET / HTTP/1.1\r\nConnection: " + names + b"\r\n" + b"1: x\r\n2: x\r\n" * 50 + b"A: b\r\n\r\n"
        head = request(text)
        begin = time.process_time()
        self.assertEqual(head.forward(0), b"GET / HTTP/1.1\r\nA: b\r\n\r\n")
        self.assertLess(time.process_time() - begin, 0.05)
