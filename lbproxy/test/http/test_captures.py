# -*- test-case-name: lbproxy.test.http.test_captures -*-
"""
Tests for L{lbproxy.http.captures}.
"""

from twisted.trial import unittest

from lbproxy.config.model import Capture
from lbproxy.http import HeaderCaptures
from lbproxy.test.http.tables import request, response


class HeaderCapturesTests(unittest.SynchronousTestCase):
    """
    LOG-19: values of header lines for the log.
    """

    def test_values(self):
        """
        In the order of the configuration: the last line of the name, in either case, cut; nothing for what is absent.
        """
        captures = HeaderCaptures((Capture(b"X-Two", 5), Capture(b"Host", 20), Capture(b"absent", 3), Capture(b"e", 3)))
        head = request(b"GET / HTTP/1.1\r\nhost:  www \r\nx-two: first\r\nX-TWO: 123456\r\nE:\r\n\r\n")
        self.assertEqual(captures.of(head), (b"12345", b"www", None, b""))

    def test_response(self):
        """
        Responses are read alike.
        """
        captures = HeaderCaptures((Capture(b"Server", 4),))
        self.assertEqual(captures.of(response(b"HTTP/1.1 200 OK\r\nServer: nginx\r\n\r\n")), (b"ngin",))
        self.assertEqual(captures.of(response(b"HTTP/1.1 200 OK\r\n\r\n")), (None,))

    def test_none(self):
        """
        Without captures there are no values.
        """
        self.assertEqual(HeaderCaptures(()).of(request(b"GET / HTTP/1.1\r\n\r\n")), ())

    def test_remembered(self):
        """
        The same head is read once.
        """
        captures = HeaderCaptures((Capture(b"Host", 20),))
        raw = b"GET / HTTP/1.1\r\nHost: a\r\n\r\n"
        self.assertIs(captures.of(request(raw)), captures.of(request(raw)))
