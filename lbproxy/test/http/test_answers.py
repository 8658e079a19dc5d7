# -*- test-case-name: lbproxy.test.http.test_answers -*-
"""
Tests for L{lbproxy.http.answers}.
"""

from twisted.trial import unittest

from lbproxy.http import BARE_OK, BODY_UNTIL_CLOSE, Answers, answer
from lbproxy.test.http.tables import response

STATUSES = (200, 400, 401, 403, 408, 500, 502, 503, 504)


class AnswerTests(unittest.SynchronousTestCase):
    """
    ERR-01: pages for what lbproxy answers itself.
    """

    def test_heads(self):
        """
        Every page is HTTP/1.0, not to be cached, and says that the connection is closed.
        """
        for status in STATUSES:
            page = answer(status)
            head = response(page)
            self.assertEqual((head.version, head.status, head.body), (b"HTTP/1.0", status, BODY_UNTIL_CLOSE))
            self.assertTrue(head.reason)
            self.assertEqual(head.headers()[:3], [
                (b"cache-control", b"no-cache"), (b"connection", b"close"), (b"content-type", b"text/html")])
            self.assertIn(b"<h1>" + head.reason + b"</h1>", page[head.size:])
            self.assertTrue(page.endswith(b"</html>\n"))

    def test_head(self):
        """
        A HEAD request gets the same head and no body.
        """
        for status in STATUSES:
            page = answer(status)
            self.assertEqual(answer(status, head=True), page[:page.index(b"\r\n\r\n") + 4])

    def test_challenge(self):
        """
        A 401 asks for a name and a password, in the realm given if one is.
        """
        self.assertEqual(response(answer(401)).values(b"www-authenticate"), [b'Basic realm="lbproxy"'])
        page = answer(401, extra=b'WWW-Authenticate: Basic realm="x"\r\n')
        self.assertEqual(response(page).values(b"www-authenticate"), [b'Basic realm="x"'])

    def test_unknown(self):
        """
        There is no page for other statuses.
        """
        self.assertRaises(KeyError, answer, 418)
        self.assertRaises(KeyError, Answers().page, 418)

    def test_bare(self):
        """
        ERR-08: a probe from the monitor network gets nothing but a status.
        """
        self.assertEqual(BARE_OK, b"HTTP/1.0 200 OK\r\n\r\n")


class AnswersTests(unittest.SynchronousTestCase):
    """
    ERR-02: pages of the operator.
    """

    def test_custom(self):
        """
        A custom page is sent verbatim, other statuses have the generated page.
        """
        answers = Answers({503: b"HTTP/1.0 503 Down\r\nX: 1\r\n\r\nSorry"})
        self.assertEqual(answers.page(503), b"HTTP/1.0 503 Down\r\nX: 1\r\n\r\nSorry")
        self.assertEqual(answers.page(502), answer(502))

    def test_head(self):
        """
        A HEAD request gets the head of a custom page, whatever line ends it uses; a page without head is sent whole.
        """
        for page, head in (
            (b"HTTP/1.0 503 Down\r\nX: 1\r\n\r\nSorry\r\n\r\n", b"HTTP/1.0 503 Down\r\nX: 1\r\n\r\n"),
            (b"HTTP/1.0 503 Down\nX: 1\n\nSorry\r\n\r\n", b"HTTP/1.0 503 Down\nX: 1\n\n"),
            (b"HTTP/1.0 503 Down\nX: 1\n\r\nSorry\n\n", b"HTTP/1.0 503 Down\nX: 1\n\r\n"),
            (b"raw bytes", b"raw bytes"),
        ):
            self.assertEqual(Answers({503: page}).page(503, True), head)
        self.assertEqual(Answers().page(502, True), answer(502, True))
