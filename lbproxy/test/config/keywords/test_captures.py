# -*- test-case-name: lbproxy.test.config.keywords.test_captures -*-
"""
Tests for L{lbproxy.config.keywords.captures}.
"""

from twisted.trial.unittest import SynchronousTestCase

from lbproxy.config import Capture
from lbproxy.test.config.support import found, inProxies, problems, proxies


class CaptureTests(SynchronousTestCase):
    """
    C{capture} (LOG-17, LOG-19).
    """

    def test_cookie(self):
        """
        One cookie is captured, the last one that was written; more than 63 bytes are cut with a warning.
        """
        self.assertEqual(proxies("capture cookie SID= len 63")[0].cookieCapture, Capture(b"SID=", 63))
        self.assertEqual(proxies("capture cookie SID len 64")[0].cookieCapture, Capture(b"SID", 63))
        self.assertEqual(found("capture cookie SID len 64"), [
            "lb.cfg:10:5: frontend 'web': 'capture cookie': 64 bytes are too many: 63 are captured"])
        lines = "capture cookie A len 5\ncapture cookie B len 5"
        self.assertEqual(proxies(lines)[0].cookieCapture, Capture(b"B", 5))
        self.assertEqual(found(lines), [
            "lb.cfg:11:5: frontend 'web': 'capture cookie': overwriting the value of line 10"])

    def test_headers(self):
        """
        Headers are captured in their order, those of requests and of responses apart.
        """
        front = proxies("capture request header A len 500\ncapture response header B len 1\ncapture request header C len 2")[0]
        self.assertEqual(front.requestCaptures, (Capture(b"A", 500), Capture(b"C", 2)))
        self.assertEqual(front.responseCaptures, (Capture(b"B", 1),))

    def test_refusals(self):
        """
        Bad names and lengths, and words that are missing, are refused where they stand.
        """
        for words, problem in (
            ("cookie", "10:5: frontend 'web': 'capture cookie': needs a cookie name"),
            ("cookie a;b len 5", "10:20: frontend 'web': 'capture cookie': a cookie name cannot have the character ';'"),
            ("cookie A", "10:5: frontend 'web': 'capture cookie': needs 'len NUMBER' after the name"),
            ("cookie A len", "10:22: frontend 'web': 'capture cookie': 'len' needs a value"),
            ("cookie A len 0", "10:26: frontend 'web': 'capture cookie': 0 is too small: the least is 1"),
            ("request header A: len 5", "10:28: frontend 'web': 'capture request header': 'A:' is not a header name"),
            ("response header A len x", "10:35: frontend 'web': 'capture response header': 'x' is not a whole number"),
            ("request head A len 5", "10:13: frontend 'web': unknown 'capture' word 'request': it must be one of cookie, "
             "request header, response header"),
        ):
            self.assertEqual([problem.partition("; ")[0] for problem in found("capture " + words)], ["lb.cfg:" + problem])

    def test_sections(self):
        """
        Header captures are refused in C{defaults} (CFG-07), a cookie capture is ignored there, all are in a backend.
        """
        for words, part in (("request header A len 5", "is not allowed in a 'defaults' section"),
                            ("response header A len 5", "is not allowed in a 'defaults' section"),
                            ("cookie A len 5", "is ignored because")):
            self.assertIn(part, problems("defaults\n capture " + words + "\n" + inProxies())[0])
            self.assertIn("no frontend capability", found("", "capture " + words)[0])
