# -*- test-case-name: lbproxy.test.http.test_redirects -*-
"""
Tests for L{lbproxy.http.redirects}.
"""

from twisted.trial import unittest

from lbproxy.config.model import Condition, RedirectRule
from lbproxy.http import BODY_UNTIL_CLOSE, Answers, Redirect, locationPage, serverRedirect
from lbproxy.test.http.tables import request, response

ALWAYS = Condition(())
ROOM = 16384


def asked(uri, method=b"GET"):
    """
    @return: head of a request for C{uri}.
    """
    return request(b"%s %s HTTP/1.1\r\nHost: www\r\n\r\n" % (method, uri))


def located(page):
    """
    @return: C{(status, locations)} of an answer, which must be a proper head and nothing else.
    """
    head = response(page)
    assert head.size == len(page)
    return head.status, head.values(b"location")


class PageTests(unittest.SynchronousTestCase):
    """
    Reference 16: what such an answer looks like.
    """

    def test_bytes(self):
        """
        HTTP/1.0, not to be cached, the connection is closed, no body.
        """
        self.assertEqual(
            locationPage(302, b"http://x/"),
            b"HTTP/1.0 302 Found\r\nCache-Control: no-cache\r\nConnection: close\r\nLocation: http://x/\r\n\r\n")
        self.assertEqual(response(locationPage(303, b"/")).body, BODY_UNTIL_CLOSE)

    def test_codes(self):
        """
        SWI-11: 301, 302 and 303 with their usual phrases; there are no others.
        """
        for code, phrase in ((301, b"Moved Permanently"), (302, b"Found"), (303, b"See Other")):
            head = response(locationPage(code, b"/"))
            self.assertEqual((head.status, head.reason), (code, phrase))
        self.assertRaises(KeyError, locationPage, 307, b"/")


class RedirectTests(unittest.SynchronousTestCase):
    """
    C{redirect} rules.
    """

    def answer(self, uri, kind, to, **more):
        """
        @return: C{(status, locations)} of a rule's answer.
        """
        return located(Redirect(RedirectRule(kind, to, ALWAYS, **more), ROOM).answer(asked(uri)))

    def test_location(self):
        """
        SWI-10, SWI-12: that exact location, whatever was asked for; C{drop-query} changes nothing.
        """
        for drop in (False, True):
            for uri in (b"/", b"/a?b", b"*"):
                self.assertEqual(self.answer(uri, "location", b"http://x/?y=1", dropQuery=drop),
                                 (302, [b"http://x/?y=1"]))

    def test_prefix(self):
        """
        SWI-10, SWI-12, SWI-14, SWI-15: the prefix and the URI from its path.
        """
        for prefix, uri, whole, dropped in (
            (b"http://m", b"/a/b?x=1&y=2", b"http://m/a/b?x=1&y=2", b"http://m/a/b"),
            (b"http://m", b"/m/a?x=1?y=2", b"http://m/m/a?x=1?y=2", b"http://m/m/a"),
            (b"http://m", b"/a;p=1?x=/?", b"http://m/a;p=1?x=/?", b"http://m/a;p=1"),
            (b"http://m", b"/a", b"http://m/a", b"http://m/a"),
            (b"http://m/p", b"http://www:80/a?x=1", b"http://m/p/a?x=1", b"http://m/p/a"),
            (b"http://m", b"http://www", b"http://m/", b"http://m/"),
            (b"http://m", b"*", b"http://m/", b"http://m/"),
            (b"/", b"/a?x=1", b"/a?x=1", b"/a"),
            (b"/", b"http://www/a?x=1", b"/a?x=1", b"/a"),
            (b"/", b"*", b"/", b"/"),
            (b"", b"/a", b"/a", b"/a"),
        ):
            self.assertEqual(self.answer(uri, "prefix", prefix), (302, [whole]), (prefix, uri))
            self.assertEqual(self.answer(uri, "prefix", prefix, dropQuery=True), (302, [dropped]), (prefix, uri))

    def test_noForeignHost(self):
        """
        A prefix that inserts nothing does not let whoever made a link choose the host: browsers read C{//x} as one.
        """
        for uri, location in ((b"//evil/x", b"/evil/x"), (b"/\\evil", b"/evil"), (b"///\\//evil\\a", b"/evil\\a"),
                              (b"http://www//evil", b"/evil"), (b"/a//b", b"/a//b")):
            self.assertEqual(self.answer(uri, "prefix", b"/"), (302, [location]))
        self.assertEqual(self.answer(b"//x", "prefix", b"http://m"), (302, [b"http://m//x"]))

    def test_cookie(self):
        """
        SWI-13: one Set-Cookie line with exactly the text of the rule.
        """
        rule = RedirectRule("location", b"/out", ALWAYS, 301, cookie=b"USER=; Max-Age=0")
        redirect = Redirect(rule, ROOM)
        self.assertEqual(redirect.code, 301)
        self.assertEqual(
            redirect.answer(asked(b"/")),
            b"HTTP/1.0 301 Moved Permanently\r\nCache-Control: no-cache\r\nConnection: close\r\nLocation: /out\r\n"
            b"Set-Cookie: USER=; Max-Age=0\r\n\r\n")

    def test_tooLong(self):
        """
        SWI-17: an answer of exactly the limit is given, one byte more is not.
        """
        for kind, to in (("prefix", b"http://m"), ("location", b"http://m/" + b"x" * 100)):
            rule = RedirectRule(kind, to, ALWAYS)
            size = len(Redirect(rule, ROOM).answer(asked(b"/" + b"x" * 100)))
            self.assertEqual(len(Redirect(rule, size).answer(asked(b"/" + b"x" * 100))), size)
            self.assertIsNone(Redirect(rule, size - 1).answer(asked(b"/" + b"x" * 100)))


class ServerRedirectTests(unittest.SynchronousTestCase):
    """
    HTP-28: a server's C{redir}.
    """

    def test_locations(self):
        """
        A 302 to the prefix and the URI from its path.
        """
        for uri, location in ((b"/a/b?c=d", b"http://s:81/a/b?c=d"), (b"http://www/x", b"http://s:81/x"),
                              (b"*", b"http://s:81/")):
            self.assertEqual(located(serverRedirect(b"http://s:81", asked(uri, b"HEAD"))), (302, [location]))


class ErrorLocationTests(unittest.SynchronousTestCase):
    """
    ERR-03: C{errorloc} and its kin.
    """

    def test_pages(self):
        """
        The page of that status is a redirect to the exact URL, for HEAD too; other pages stay.
        """
        answers = Answers({502: b"HTTP/1.0 502 X\r\n\r\nmine"}, {503: (302, b"http://x/sorry?a"), 403: (303, b"/no")})
        for head in (False, True):
            self.assertEqual(located(answers.page(503, head)), (302, [b"http://x/sorry?a"]))
            self.assertEqual(located(answers.page(403, head)), (303, [b"/no"]))
        self.assertEqual(answers.page(502), b"HTTP/1.0 502 X\r\n\r\nmine")
        self.assertEqual(answers.page(500), Answers().page(500))
