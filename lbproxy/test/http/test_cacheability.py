# -*- test-case-name: lbproxy.test.http.test_cacheability -*-
"""
Tests for L{lbproxy.http.cacheability}.
"""

from twisted.trial import unittest

from lbproxy.http import cacheability
from lbproxy.test.http.tables import response

NO, COOKIELESS, YES = (False, False), (True, False), (True, True)


class CacheabilityTests(unittest.SynchronousTestCase):
    """
    HTP-26, CKI-08, reference 16: what may be kept by caches.
    """

    def check(self, expected, lines=(), method=b"GET", status=200):
        """
        Check a response with C{lines}.
        """
        raw = b"".join(line + b"\r\n" for line in (b"HTTP/1.1 %d X" % status, b"Server: x") + tuple(lines)) + b"\r\n"
        self.assertEqual(cacheability(method, status, response(raw)), expected, (method, raw))

    def test_statuses(self):
        """
        Without a word from the server, only some statuses may be kept, and never what a POST gave.
        """
        for status in range(200, 600):
            self.check(YES if status in (200, 203, 206, 300, 301, 410) else NO, status=status)
            self.check(NO, method=b"POST", status=status)
        for method in (b"HEAD", b"PUT", b"post"):
            self.check(YES, method=method)

    def test_words(self):
        """
        Each line of the reference's table; names and values in either case, blanks do not count.
        """
        for line, expected in (
            (b"Pragma: no-cache", NO),
            (b"Pragma: No-Cache=x", NO),
            (b"Pragma: x", YES),
            (b"Cache-Control: private", NO),
            (b"CACHE-CONTROL:   PRIVATE  ", NO),
            (b"Cache-Control: no-store", NO),
            (b"Cache-Control: max-age=0", NO),
            (b"Cache-Control: s-maxage=0", NO),
            (b"Cache-Control: no-cache", NO),
            (b"Cache-Control: no-cache, must-revalidate", NO),
            (b"Cache-Control: private, x", NO),
            (b"Cache-Control: max-age=01", YES),
            (b"Cache-Control: max-age=60", YES),
            (b"Cache-Control: privately", YES),
            (b'Cache-Control: no-cache="set-cookie"', COOKIELESS),
            (b'Cache-Control: no-cache="Set-Cookie"', COOKIELESS),
            (b'Cache-Control: no-cache="set-cookie, foo"', COOKIELESS),
            (b'Cache-Control: no-cache="set-cookie2"', YES),
            (b'Cache-Control: no-cache="foo"', YES),
            (b"Cache-Control: public", YES),
            (b"Cache-Control: public, max-age=0", YES),
            (b"X-Cache-Control: private", YES),
            (b"Cache-Control:", YES),
        ):
            self.check(expected, (line,))

    def test_order(self):
        """
        Lines count in order: a refusal ends it, a permission can still be refused.
        """
        for lines, expected in (
            ((b"Cache-Control: public", b"Pragma: no-cache"), NO),
            ((b"Cache-Control: private", b"Cache-Control: public"), NO),
            ((b"Pragma: no-cache", b"Cache-Control: public"), NO),
            ((b'Cache-Control: no-cache="set-cookie"', b"Cache-Control: public"), YES),
            ((b"Cache-Control: public", b'Cache-Control: no-cache="set-cookie"'), COOKIELESS),
        ):
            self.check(expected, lines)

    def test_public(self):
        """
        The server's C{public} makes any status and the response to a POST cacheable, as the manual says.
        """
        for method, status in ((b"POST", 200), (b"GET", 404), (b"POST", 500)):
            self.check(YES, (b"Cache-Control: public",), method, status)
            self.check(NO, (b"Cache-Control: max-age=60",), method, status)
            self.check(NO, (b"Cache-Control: public", b"Cache-Control: private"), method, status)
