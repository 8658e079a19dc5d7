# -*- test-case-name: lbproxy.test.http.test_sessionuri -*-
"""
Tests for L{lbproxy.http.sessionuri}.
"""

from twisted.trial import unittest

from lbproxy.http import sessionInUri


class SessionInUriTests(unittest.SynchronousTestCase):
    """
    CKI-20: sessions of clients without cookies.
    """

    def test_places(self):
        """
        The identifier stands behind a semicolon of the path, or behind C{?} or C{&} in the query.
        """
        for uri, expected in (
            (b"/a;jsessionid=abcdef?x=1", b"abcd"),
            (b"/a;JSESSIONID=AbCdef", b"AbCd"),
            (b"/a;x=1;JSessionId=abcdef", b"abcd"),
            (b"/a;jsessionid=ab;c/d", b"ab"),
            (b"/a;jsessionid=ab/d", b"ab"),
            (b"/a;jsessionid=ab?cd", b"ab"),
            (b"/a?jsessionid=abcdef", b"abcd"),
            (b"/a?x=1&jsessionid=ab&y", b"ab"),
            (b"/a?jsessionid=a/b", b"a/b"),
            (b"http://h/a;jsessionid=abcdef", b"abcd"),
            (b"/a;jsessionid=path?jsessionid=query", b"path"),
            (b"/a;y=1?jsessionid=query", b"quer"),
            (b"/a", None),
            (b"/a?", None),
            (b"/a;jsessionid=", None),
            (b"/a?jsessionid=&x", None),
            (b"/jsessionid=abcd", None),
            (b"/a;xjsessionid=abcd", None),
            (b"/a?xjsessionid=abcd", None),
            (b"/a;jsessionidx=abcd", None),
            (b"/a?b;jsessionid=abcd", None),
            (b"/a&jsessionid=abcd", None),
            (b"*", None),
        ):
            self.assertEqual(sessionInUri(uri, b"JSESSIONID", 4), expected, uri)

    def test_cookieCase(self):
        """
        The letters of the configured name count in either case.
        """
        for name in (b"sid", b"SID", b"Sid"):
            self.assertEqual(sessionInUri(b"/;sId=Q", name, 52), b"Q")
