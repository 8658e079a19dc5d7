# -*- test-case-name: lbproxy.test.config.keywords.test_cookies -*-
"""
Tests for L{lbproxy.config.keywords.cookies}.
"""

from twisted.trial.unittest import SynchronousTestCase

from lbproxy.config import AppSession, Cookie
from lbproxy.test.config.support import found, proxies


class CookieTests(SynchronousTestCase):
    """
    C{cookie} (CKI-01, CKI-12).
    """

    def test_words(self):
        """
        The words after the name come in any order.
        """
        for words, cookie in (
            ("c", Cookie(b"c")),
            ("c insert", Cookie(b"c", "insert")),
            ("c rewrite nocache", Cookie(b"c", "rewrite", nocache=True)),
            ("c prefix", Cookie(b"c", "prefix")),
            ("c indirect", Cookie(b"c", None, True)),
            ("c postonly nocache indirect insert", Cookie(b"c", "insert", True, True, True)),
            ("c insert domain .a.example", Cookie(b"c", "insert", domain=b".a.example")),
        ):
            self.assertEqual(proxies("", "cookie " + words)[1].cookie, cookie, words)

    def test_last(self):
        """
        A later statement replaces the whole of an earlier one.
        """
        self.assertEqual(proxies("", "cookie a insert indirect\ncookie b")[1].cookie, Cookie(b"b"))

    def test_refusals(self):
        """
        Modes that exclude each other, bad names, domains and words are refused where they stand.
        """
        for words, problem in (
            ("", "12:5: backend 'app': 'cookie': needs a cookie name"),
            ("c insert rewrite", "12:21: backend 'app': 'cookie': 'insert' and 'rewrite' exclude each other"),
            ("c prefix insert", "12:21: backend 'app': 'cookie': 'prefix' and 'insert' exclude each other"),
            ("c rewrite indirect", "12:22: backend 'app': 'cookie': 'rewrite' and 'indirect' exclude each other"),
            ("c inserted", "12:14: backend 'app': 'cookie': unknown word 'inserted'; did you mean 'insert'?"),
            ("a=b", "12:12: backend 'app': 'cookie': a cookie name cannot have the character '='"),
            ("c domain", "12:14: backend 'app': 'cookie': 'domain' needs a value"),
            ("c domain example.com", "12:21: backend 'app': 'cookie': domain 'example.com' must start with a dot and "
             "contain another one; e.g. '.example.com'"),
            ("c domain .local", "12:21: backend 'app': 'cookie': domain '.local' must start with a dot and contain another "
             "one; e.g. '.example.com'"),
            ("c domain .a;b.c", "12:21: backend 'app': 'cookie': character ';' is not allowed in domain '.a;b.c'"),
        ):
            self.assertEqual(found("", "cookie " + words), ["lb.cfg:" + problem])


class AppSessionTests(SynchronousTestCase):
    """
    C{appsession} (CKI-19, CKI-24).
    """

    def test_words(self):
        """
        Length, timeout and lbproxy's own bound of the memory come in any order.
        """
        for words, session, timeout in (
            ("J len 52 timeout 3h", AppSession(b"J", 52), 10800.0),
            ("J timeout 5 len 2", AppSession(b"J", 2), 0.005),
            ("J len 52 timeout 1s entries 9", AppSession(b"J", 52, 9), 1.0),
        ):
            back = proxies("", "appsession " + words)[1]
            self.assertEqual((back.appSession, back.timeouts.appsession), (session, timeout), words)

    def test_timeout(self):
        """
        The timeout may be a statement of its own; without any the appsession is refused.
        """
        back = proxies("", "appsession J len 5\ntimeout appsession 7s")[1]
        self.assertEqual(back.timeouts.appsession, 7.0)
        self.assertEqual(found("", "appsession J len 5"), [
            "lb.cfg:12:5: backend 'app': 'appsession': needs 'timeout TIME', or a 'timeout appsession'"])

    def test_one(self):
        """
        A backend has one; the last one counts, with a warning. A frontend has none.
        """
        lines = "appsession J len 5 timeout 1s\nappsession K len 6 timeout 2s"
        self.assertEqual(found("", lines), ["lb.cfg:13:5: backend 'app': 'appsession': overwriting the value of line 12"])
        back = proxies("", lines)[1]
        self.assertEqual((back.appSession, back.timeouts.appsession), (AppSession(b"K", 6), 2.0))
        self.assertIn("no backend capability", found("appsession J len 5 timeout 1s")[0])

    def test_refusals(self):
        """
        Missing and wrong values are refused where they stand.
        """
        for words, problem in (
            ("", "12:5: backend 'app': 'appsession': needs a cookie name"),
            ("J timeout 5s", "12:5: backend 'app': 'appsession': needs 'len NUMBER', the characters of the cookie that count"),
            ("J len 0 timeout 5s", "12:22: backend 'app': 'appsession': 0 is too small: the least is 1"),
            ("J len 5 timeout 5x", "12:32: backend 'app': 'appsession': unknown time unit 'x' in '5x': use us, ms, s, m, h "
             "or d"),
            ("J len 5 timeout 5s entries 0", "12:43: backend 'app': 'appsession': 0 is too small: the least is 1"),
            ("J length 5", "12:18: backend 'app': 'appsession': unknown word 'length'; did you mean 'len'?"),
        ):
            self.assertEqual(found("", "appsession " + words), ["lb.cfg:" + problem])
