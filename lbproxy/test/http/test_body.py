# -*- test-case-name: lbproxy.test.http.test_body -*-
"""
Tests for L{lbproxy.http.body}.
"""

from twisted.trial import unittest

from lbproxy.http import BadMessage, ChunkedBody, Limits

#: Whole chunked bodies.
BODIES = [
    b"0\r\n\r\n",
    b"000\r\n\r\n",
    b"5\r\nhello\r\n0\r\n\r\n",
    b"5\r\nhello\r\n3;ext=1\r\nabc\r\n0\r\nX-Trailer: t\r\n\r\n",
    b"00a\r\n0123456789\r\nB\r\n0123456789a\r\n0;last\r\n\r\n",
    b"5  \t\r\nhello\r\n0 \r\n\r\n",
    b"5 ; a=\"b;\xff\" \r\nhello\r\n0\r\n\r\n",
    b"4\r\n\r\n\r\n\r\n0\r\n\r\n",
    b"7\r\n0\r\n\r\n12\r\n0\r\n\r\n",
    b"400\r\n" + b"x" * 1024 + b"\r\n0\r\nA: \t\xff \r\nB:\r\n\r\n",
    b"0" * 1000 + b"1\r\nx\r\n0\r\n\r\n",
]

#: Bad framing: cause, position of the first bad byte.
BAD = [
    (b"x\r\n", "chunk", 0),
    (b"\r\n", "chunk", 0),
    (b" 5\r\nhello\r\n", "chunk", 0),
    (b"-5\r\n", "chunk", 0),
    (b"+5\r\n", "chunk", 0),
    (b"0x5\r\n", "chunk", 1),
    (b"5_0\r\n", "chunk", 1),
    (b"5\nhello\r\n", "chunk", 1),
    (b"5\rhello\r\n", "chunk", 2),
    (b"5 5\r\n", "chunk", 2),
    (b"5;a\x00b\r\n", "chunk", 3),
    (b"5;a\nhello\r\n", "chunk", 3),
    (b"5;a\rb\r\n", "chunk", 4),
    (b"5\r\nhello!\r\n", "chunk", 8),
    (b"5\r\nhello\n0\r\n\r\n", "chunk", 8),
    (b"5\r\nhello\rx", "chunk", 9),
    (b"5\r\nhello\r\n\r\n", "chunk", 10),
    (b"8000000000000001\r\n", "chunk", 15),
    (b"ffffffffffffffff\r\n", "chunk", 15),
    (b"10000000000000000\r\n", "chunk", 16),
    (b"5\r\nhello\r\n8000000000000001\r\n", "chunk", 25),
    (b"0" * 1025, "size", 1024),
    (b"0" * 1009 + b"f" * 16, "size", 1024),
    (b"0" * 1008 + b"f" * 17, "chunk", 1023),
    (b"0" * 1024 + b"f\r\n", "size", 1024),
    (b"5" + b" " * 1024 + b"\r\nhello\r\n", "size", 1024),
    (b"5;" + b"a" * 1023 + b"\r\nhello\r\n", "size", 1024),
    (b"1\r\nx\r\n5;" + b"a" * 1023 + b"\r\nhello\r\n", "size", 1030),
    (b"0\r\nbad trailer: x\r\n\r\n", "trailer", 6),
    (b"0\r\n: x\r\n\r\n", "trailer", 3),
    (b"0\r\nA: b\r\n folded\r\n\r\n", "trailer", 9),
    (b"0\r\nA: b\n\r\n", "trailer", 7),
    (b"0\r\nA: b\rC\r\n", "trailer", 8),
    (b"0\r\nA: \x00\r\n", "trailer", 6),
    (b"0\r\nA\r\n\r\n", "trailer", 4),
    (b"0\r\n\n", "trailer", 3),
    (b"0\r\n\rx", "trailer", 4),
    (b"0\r\n" + b"a:\r\n" * 205, "headers", 3 + 4 * 204),
    (b"0\r\nA:" + b"x" * 8192, "size", 5 + 8191),
]


def feedPieces(body, text, size):
    """
    Feed C{text} in pieces of C{size} bytes.

    @return: number of bytes that belong to the body.
    @raise BadMessage: with the position counted from the beginning of C{text}.
    """
    for begin in range(0, len(text), size):
        piece = text[begin:begin + size]
        try:
            end = body.feed(piece, 0)
        except BadMessage as bad:
            raise BadMessage(bad.status, bad.cause, begin + bad.position) from None
        if body.complete:
            return begin + end
        assert end == len(piece), (end, piece)
    return len(text)


class ChunkedBodyTests(unittest.SynchronousTestCase):
    """
    The end of a chunked body is found without touching it.
    """

    def test_bodies(self):
        """
        A body ends after its trailers, however it is cut, and what follows is left alone.
        """
        for text in BODIES:
            for more in (b"", b"x", b"\r\n", b"5\r\nhello\r\n0\r\n\r\n"):
                for size in (1, 2, 3, 7, 4096):
                    body = ChunkedBody()
                    self.assertEqual(feedPieces(body, text + more, size), len(text), (text, size))
                    self.assertTrue(body.complete)

    def test_incomplete(self):
        """
        No part of a body is taken for a whole one.
        """
        for text in BODIES:
            for end in range(len(text)):
                body = ChunkedBody()
                self.assertEqual(body.feed(text[:end], 0), end)
                self.assertFalse(body.complete, text[:end])

    def test_start(self):
        """
        The body may begin within the bytes given, behind a head, and nothing is used after its end.
        """
        body = ChunkedBody()
        self.assertEqual(body.feed(b"head5\r\nhello\r\n0\r\n\r\nnext", 4), 19)
        self.assertTrue(body.complete)
        self.assertEqual(body.feed(b"5\r\n", 0), 0)

    def test_bad(self):
        """
        Framing that could be read in two ways is refused at its first bad byte, however it is cut.
        """
        for text, cause, position in BAD:
            for size in (1, 2, 5, 100000):
                bad = self.assertRaises(BadMessage, feedPieces, ChunkedBody(), text, size)
                self.assertEqual((bad.status, bad.cause, bad.position), (400, cause, position), (text[:60], size))

    def test_large(self):
        """
        A chunk of 2**63 bytes is only a number.
        """
        body = ChunkedBody()
        self.assertEqual(body.feed(b"8000000000000000\r\n", 0), 18)
        for _ in range(10):
            self.assertEqual(body.feed(b"x" * 65536, 0), 65536)
        self.assertFalse(body.complete)

    def test_given(self):
        """
        Limits and the status for servers can be given.
        """
        body = ChunkedBody(Limits(chunkLine=4), 502)
        bad = self.assertRaises(BadMessage, body.feed, b"1;abc\r\n", 0)
        self.assertEqual((bad.status, bad.cause, bad.position), (502, "size", 4))
