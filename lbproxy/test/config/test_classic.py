# -*- test-case-name: lbproxy.test.config.test_classic -*-
"""
Tests for L{lbproxy.config.classic}.
"""

from twisted.trial.unittest import SynchronousTestCase

from lbproxy.test.config.support import found, inProxies, loadText, problems


class ClassicTests(SynchronousTestCase):
    """
    The classic file (CFG-01 to CFG-03).
    """

    def test_layout(self):
        """
        Comments, blank lines, tabs, CR and trailing blanks change nothing.
        """
        plain = inProxies("maxconn 5")
        decorated = "# first\r\n\n" + plain.replace("    maxconn 5", "\t maxconn\t5   # five  ").replace("\n", "\r\n\n")
        self.assertEqual(loadText(plain)[0], loadText(decorated)[0])

    def test_longLine(self):
        """
        A line of 2047 characters is read, a longer one is refused with its number and the limit.
        """
        line = "maxconn 5 #"
        self.assertEqual(found(line + "x" * (2047 - 4 - len(line))), [])
        self.assertEqual(
            found(line + "x" * (2048 - 4 - len(line))), ["lb.cfg:10:1: the line is longer than 2047 characters"]
        )

    def test_words(self):
        """
        Words after the 64th are dropped, with a warning.
        """
        line = "acl a path " + " ".join("/%d" % (n,) for n in range(62))
        configuration, warnings = loadText(inProxies(line))
        self.assertEqual(len(configuration.proxies[0].acls[0].patterns), 61)
        self.assertIn("only the first 64 words", str(warnings[0]))

    def test_badEscape(self):
        """
        A broken escape is refused where it is, and the rest of the file is still read.
        """
        self.assertEqual(
            found("monitor-uri /\\x4\nmaxconn x"),
            [
                "lb.cfg:10:18: '\\x' needs two hexadecimal digits",
                "lb.cfg:11:13: frontend 'web': 'maxconn': 'x' is not a whole number",
            ],
        )

    def test_bytes(self):
        """
        Bytes that are not text reach the configuration as they are.
        """
        proxy = loadText(inProxies("monitor-uri /\udcff\\xfe"))[0].proxies[0]
        self.assertEqual(proxy.monitorUri, b"/\xff\xfe")

    def test_outside(self):
        """
        A keyword before any section is refused, once.
        """
        self.assertEqual(
            problems("maxconn 5\nmode http\n" + inProxies()),
            [
                "lb.cfg:1:1: keyword 'maxconn' is outside of any section; start one with 'global', 'defaults', "
                "'frontend', 'backend' or 'listen'"
            ],
        )

    def test_ruleset(self):
        """
        The obsolete section kind is refused.
        """
        self.assertIn("'ruleset' sections are not supported", problems("ruleset x\n" + inProxies())[0])
