# -*- test-case-name: lbproxy.test.config.test_backtracking -*-
"""
Tests for L{lbproxy.config.backtracking}.
"""

from twisted.trial.unittest import SynchronousTestCase

from lbproxy.config.backtracking import EXPONENTIAL, QUADRATIC, catastrophic


class CatastrophicTests(SynchronousTestCase):
    """
    What an operator is warned of, and what not.
    """

    def test_exponential(self):
        """
        A repeated part that can match one text in several ways is found, however it is hidden.
        """
        for pattern in (
            b"(a+)+", b"(a*)*b", b"(.*)*", b"(a|a)*", b"(a|aa)+$", b"(a|b|ab)*$", b"(a?b?)*$", b"^(.*,)+x", b"(x+x+)+y",
            b"([a-z0-9-]+[.]?)+$", b"(a{1,3})*$", b"(a{1,20})+$", b"((a|b)*c?)*$", b"(\\w+\\s?)*$", b"((a*)?b)*$",
            b"^Host: (www|[a-z]+)*[.]com", b"(([0-9]+),?)*x", b"((ab)*c?)*d",
        ):
            self.assertEqual(catastrophic(pattern), EXPONENTIAL, pattern)

    def test_quadratic(self):
        """
        Two repetitions side by side that can match the same are found when something after them may fail.
        """
        for pattern in (b".*.*=.*", b"a*a*$", b"^[^ ]*[^ ]+ x", b"^([a-z]+)([a-z0-9]*);$", b"^(.*)(.*)x"):
            self.assertEqual(catastrophic(pattern), QUADRATIC, pattern)

    def test_silent(self):
        """
        What operators write every day is not warned of.
        """
        for pattern in (
            b"", b"^.*foo.*$", b"^Host: *(.*)$", b"^Host: *(.*)[.]example[.]com$", b"^([^ ]*) (.*)$", b"^GET /(.*)/(.*)/(.*)$",
            b"^[^:]*: *([^ ]*) *$", b"([a-z]+[.])+example[.]com", b"([0-9]{1,3}[.]){3}[0-9]{1,3}", b"([^,]*,)*x",
            b"(^|,) *x *(,|$)", b"(a(b|c)?)*$", b"(a{2})*$", b"(a?)*$", b"(a|b)*abb", b"^Cookie:(.*;)? *SID=([^;]*)",
            b".*[^/]*$", b".+.+", b"^(GET|POST|HEAD) [^ ?]*[?](.*&)?id=[0-9]+", b"((foo|bar|fob),)*x",
            b"^Location:\\ *http://([^/]*)(/.*)$", b"^(.*)\\ HTTP/1\\.[01]$",
        ):
            self.assertIsNone(catastrophic(pattern), pattern)

    def test_case(self):
        """
        Ignoring case makes letters the same that otherwise exclude each other.
        """
        self.assertIsNone(catastrophic(b"(ab|A[bB])*x"))
        self.assertEqual(catastrophic(b"(ab|A[bB])*x", True), EXPONENTIAL)

    def test_bounded(self):
        """
        The search itself gives up in time.
        """
        wide = b"(" + b"|".join(b".%c%c" % (65 + n % 26, 97 + n // 26) for n in range(130)) + b")*x"
        self.assertIsNone(catastrophic(wide))

    def test_malformed(self):
        """
        A malformed expression, or one too large to be looked at, is none of its business.
        """
        for pattern in (b"(", b"[", b"a**+", b"\\", b"(" * 3000 + b")" * 3000, b"abcd" * 1000):
            self.assertIsNone(catastrophic(pattern))
