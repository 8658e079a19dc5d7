# -*- test-case-name: lbproxy.test.http.test_fuzz -*-
"""
Damaged and odd input for the parsers of heads and of chunks: whatever comes, there is an answer, and only one.
"""

from hypothesis import given, settings
from hypothesis import strategies as st
from twisted.trial import unittest

from lbproxy.http import BODY_LENGTH, BadMessage, ChunkedBody, Limits
from lbproxy.test.http.tables import BROWSER, NGINX, inPieces, outcome, request, response

#: Runs the same examples each time.
STEADY = settings(max_examples=150, deadline=None, derandomize=True, database=None)

_POST = (b"POST /x HTTP/1.1\r\nHost: a\r\nTransfer-Encoding: gzip, chunked\r\nConnection: close, x\r\nX: 1\r\n\r\n"
         b"5\r\nhello\r\n0\r\n\r\n")
_SHIFTY = (b"PUT /x HTTP/1.0\r\nContent-Length: 5\r\nContent-Length: 5\r\nKeep-Alive: x\r\nExpect: 100-continue\r\n\r\nhello")
_SPLIT = b"HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\nContent-Length: 3\r\nSet-Cookie: a=b\r\n\r\n0\r\n\r\n"
_CHUNKS = b"5;x=\"y\"\r\nhello\r\n00a\r\n0123456789\r\n0\r\nA: b\r\nC: d\r\n\r\n"

#: What an attacker would put in.
_tokens = st.sampled_from([
    b"\r\n", b"\n", b"\r", b"\0", b" ", b"\t", b":", b",", b";", b"\r\n ", b"\r\n\t", b"\r\n\r\n", b"\n\n", b"\x0b", b"\xff",
    b"Content-Length: 5\r\n", b"Content-Length: 05\r\n", b"content-length:+5\r\n", b"Transfer-Encoding: chunked\r\n",
    b"Transfer-Encoding: xchunked\r\n", b"Transfer-Encoding : chunked\r\n", b"Host: b\r\n", b"HTTP/1.0", b"0\r\n\r\n",
])
_sizes = st.lists(st.integers(1, 40), max_size=10)


@st.composite
def damaged(draw, originals):
    """
    @return: one of C{originals} after a few changes: pieces cut out, doubled, overwritten or put in.
    """
    text = draw(st.sampled_from(originals))
    for _ in range(draw(st.integers(0, 3))):
        at = draw(st.integers(0, len(text)))
        end = min(len(text), at + draw(st.integers(0, 12)))
        piece = draw(st.one_of(_tokens, st.binary(max_size=3), st.just(text[at:end] * 2), st.just(b"")))
        text = text[:at] + piece + text[end:]
    return text


def inTurn(parse, text, sizes):
    """
    Deliver C{text} in pieces.

    @return: C{outcome} of the head.
    """
    return outcome(lambda: inPieces(parse, text, sizes))


class HeadTests(unittest.SynchronousTestCase):
    """
    Heads of both directions.
    """

    def check(self, parse, text, sizes):
        """
        Check that C{text} has one meaning, however it is cut and whatever follows.
        """
        whole = outcome(parse, text)
        self.assertEqual(inTurn(parse, text, sizes), whole)
        self.assertEqual(inTurn(parse, text, None), whole)
        if isinstance(whole, dict):
            self.assertEqual(outcome(parse, text[:whole["size"]] + b"\0\r\n: "), whole)
            again = outcome(parse, whole["raw"])
            again["size"] = whole["size"]
            if "status" in whole and again["body"] != BODY_LENGTH and b"content-length" in text.lower():
                # A length beside a coding was left out; it made the server's connection unusable.
                again["keepAlive"] = again["keepAlive"] and whole["keepAlive"]
            self.assertEqual(again, whole)
        elif whole is not None:
            self.assertLess(whole[2], len(text) + 1)

    @STEADY
    @given(damaged([BROWSER, _POST, _SHIFTY]), _sizes)
    def test_requests(self, text, sizes):
        """
        A request gives the same head or the same refusal in any pieces; what is sent on reads as what was read.
        """
        self.check(request, text, sizes)

    @STEADY
    @given(damaged([NGINX, _SPLIT]), _sizes, st.sampled_from([b"GET", b"HEAD", b"CONNECT"]))
    def test_responses(self, text, sizes, method):
        """
        So does a response.
        """
        self.check(lambda data, start=0: response(data, start, method=method), text, sizes)

    @STEADY
    @given(damaged([BROWSER, _POST]), st.integers(10, 400), st.integers(0, 12), _sizes)
    def test_limits(self, text, size, headers, sizes):
        """
        No head beyond the limits gets through, in whatever pieces it comes.
        """
        limits = Limits(size, headers)
        whole = outcome(request, text, 0, limits)
        self.assertEqual(inTurn(lambda data, start: request(data, start, limits), text, sizes), whole)
        if isinstance(whole, dict):
            self.assertLessEqual(whole["size"], size)
            self.assertLessEqual(len(whole["headers"]), headers)


class ChunkTests(unittest.SynchronousTestCase):
    """
    Chunked bodies.
    """

    def scanned(self, text, sizes):
        """
        @return: C{(complete, size)} of the body, or C{(cause, position)}.
        """
        body = ChunkedBody()
        at = 0
        for size in [*sizes, len(text) + 1]:
            piece = text[at:at + size]
            try:
                end = body.feed(piece, 0)
            except BadMessage as bad:
                return bad.cause, at + bad.position
            at += end
            if body.complete:
                break
            self.assertEqual(end, len(piece))
        return body.complete, at

    @STEADY
    @given(damaged([_CHUNKS, b"0\r\n\r\n"]), _sizes, st.binary(max_size=4))
    def test_pieces(self, text, sizes, more):
        """
        A body ends, or is refused, at the same byte in any pieces; what follows it does not matter.
        """
        whole = self.scanned(text, ())
        self.assertEqual(self.scanned(text, sizes), whole)
        self.assertEqual(self.scanned(text, [1] * len(text)), whole)
        if whole[0] is True:
            self.assertEqual(self.scanned(text[:whole[1]] + more, sizes), whole)

    @STEADY
    @given(st.lists(st.binary(min_size=1, max_size=20), max_size=5), _sizes, st.binary(max_size=6))
    def test_content(self, chunks, sizes, more):
        """
        A proper body ends where it ends, whatever is in the chunks.
        """
        text = b"".join(b"%x\r\n%s\r\n" % (len(chunk), chunk) for chunk in chunks) + b"0\r\n\r\n"
        self.assertEqual(self.scanned(text + more, sizes), (True, len(text)))
