# -*- test-case-name: lbproxy.test.http.test_limits -*-
"""
Tests for L{lbproxy.http.limits} and L{lbproxy.http.errors}.
"""

from twisted.trial import unittest

from lbproxy.http import BadMessage, Limits
from lbproxy.test.http.tables import outcome, request, response


class LimitsTests(unittest.SynchronousTestCase):
    """
    Bounds on messages.
    """

    def test_defaults(self):
        """
        HTP-05, HTP-06: half of the 16384-byte buffer and 204 lines.
        """
        limits = Limits()
        self.assertEqual((limits.headBytes, limits.headers), (8192, 204))

    def test_sure(self):
        """
        The size up to which lines need not be counted is not too large: the smallest heads with a line too many are
        still refused.
        """
        for headers in (0, 1, 2, 50, 204):
            limits = Limits(headers=headers)
            for parse, first in ((request, b"G / HTTP/1.1\r\n"), (response, b"HTTP/1.1 200\r\n")):
                text = first + b"a:\r\n" * headers
                self.assertEqual(len(parse(text + b"\r\n", 0, limits).headers()), headers)
                refusal = outcome(parse, text + b"a:\r\n\r\n", 0, limits)
                self.assertEqual(refusal[1:], ("headers", 14 + 4 * headers))


class BadMessageTests(unittest.SynchronousTestCase):
    """
    What is told about a bad message.
    """

    def test_attributes(self):
        """
        Status, cause and position are there, and readable in a traceback.
        """
        bad = BadMessage(400, "name", 28)
        self.assertEqual((bad.status, bad.cause, bad.position), (400, "name", 28))
        self.assertEqual(str(bad), "400: bad name at byte 28")
