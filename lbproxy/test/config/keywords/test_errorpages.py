# -*- test-case-name: lbproxy.test.config.keywords.test_errorpages -*-
"""
Tests for L{lbproxy.config.keywords.errorpages}.
"""

from twisted.trial.unittest import SynchronousTestCase

from lbproxy.test.config.support import found, inProxies, loadText

FILES = {"page": b"HTTP/1.0 503 Sorry\r\n\r\n"}


class ErrorPageTests(SynchronousTestCase):
    """
    C{errorfile} and C{errorloc} (ERR-02 to ERR-04).
    """

    def pages(self, lines, defaults=""):
        """
        The files and the locations of a frontend with some lines, and those of its backend.
        """
        text = inProxies("\n".join(lines)).replace("    mode http", "    mode http\n    " + defaults, 1)
        return [(proxy.errorFiles, proxy.errorLocations) for proxy in loadText(text, files=FILES)[0].proxies]

    def test_locations(self):
        """
        A location is sent with the code that its keyword says.
        """
        for word, code in (("errorloc", 302), ("errorloc302", 302), ("errorloc303", 303)):
            for status in (400, 403, 408, 500, 502, 503, 504):
                front, back = self.pages(["%s %d http://x/y" % (word, status)])
                self.assertEqual((front, back), (({}, {status: (code, b"http://x/y")}), ({}, {})))

    def test_last(self):
        """
        The last statement for a status wins, whichever kind it is; other statuses stay.
        """
        files, locations = {503: FILES["page"]}, {503: (302, b"/x")}
        for lines, expected in (
            (["errorfile 503 page", "errorloc 503 /x"], ({}, locations)),
            (["errorloc 503 /x", "errorfile 503 page"], (files, {})),
            (["errorloc303 503 /y", "errorloc 503 /x"], ({}, locations)),
            (["errorloc 503 /x", "errorfile 502 page"], ({502: FILES["page"]}, locations)),
        ):
            self.assertEqual(self.pages(lines)[0], expected, lines)

    def test_inherited(self):
        """
        Both kinds are inherited by frontends and backends, and one may replace the other in one section only.
        """
        files, locations = {503: FILES["page"]}, {503: (302, b"/x")}
        self.assertEqual(self.pages([], "errorloc 503 /x"), [({}, locations)] * 2)
        self.assertEqual(self.pages(["errorfile 503 page"], "errorloc 503 /x"), [(files, {}), ({}, locations)])
        self.assertEqual(self.pages(["errorloc 503 /x"], "errorfile 503 page"), [({}, locations), (files, {})])

    def test_unknown(self):
        """
        A status without page is warned of and ignored.
        """
        for words in ("errorloc 404 /x", "errorloc303 200 /x", "errorfile 404 nowhere"):
            (problem,) = found(words)
            self.assertIn("has no error page; ignored; known: 400, 403", problem)

    def test_refusals(self):
        """
        A missing, superfluous or unfit word is refused.
        """
        for words, problem in (
            ("errorloc", "10:5: frontend 'web': 'errorloc': needs a status code"),
            ("errorloc 503", "10:5: frontend 'web': 'errorloc': needs a URL after the status code"),
            ("errorloc x /y", "10:14: frontend 'web': 'errorloc': 'x' is not a whole number"),
            ("errorloc 503 /x\\r\\ny",
             "10:18: frontend 'web': 'errorloc': a location cannot have a control character (\\x0d)"),
            ("errorfile 503 nowhere", "10:19: frontend 'web': 'errorfile': cannot read 'nowhere': No such file or directory"),
        ):
            self.assertEqual(found(words), ["lb.cfg:" + problem])
