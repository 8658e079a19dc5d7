# -*- test-case-name: lbproxy.test.config.test_regex -*-
"""
Tests for L{lbproxy.config.regex}.
"""

from twisted.trial.unittest import SynchronousTestCase

from lbproxy.config.regex import compileRegex


class CompileTests(SynchronousTestCase):
    """
    POSIX extended regular expressions (ACL-08).
    """

    def test_matches(self):
        """
        Expressions mean what POSIX says, also where Python's would differ.
        """
        for pattern, text, matched in (
            (b"^(GET|HEAD) /", b"HEAD /x", True),
            (b"b|c", b"xcx", True),
            (b"[[:digit:]]+x", b"12x", True),
            (b"[[:alpha:][:space:]-]z", b"-z", True),
            (b"[\\.]x", b"\\x", True),
            (b"[\\.]x", b"ax", False),
            (b"[]a]", b"]", True),
            (b"[^]a]", b"]a", False),
            (b"[a^]b", b"^b", True),
            (b"a$", b"a\n", False),
            (b"a.b", b"a\nb", True),
            (b"\\d", b"5", False),
            (b"\\d", b"d", True),
            (b"\\.", b"x", False),
            (b"a{2,3}c", b"xaac", True),
            (b"a{2}c", b"ac", False),
            (b"a{c", b"a{c", True),
            (b"^a*?b", b"aab", True),
            (b"^(a+?b)+c", b"ababc", True),
            (b"\\<img", b"x img", True),
            (b"\\<img", b"ximg", False),
            (b"(x)\\1", b"xx", True),
        ):
            self.assertEqual(compileRegex(pattern).search(text) is not None, matched, (pattern, text))

    def test_ignoreCase(self):
        """
        Case counts unless told otherwise.
        """
        self.assertIsNone(compileRegex(b"abc").search(b"ABC"))
        self.assertIsNotNone(compileRegex(b"a[b]c", True).search(b"ABC"))

    def test_malformed(self):
        """
        A malformed expression is refused with its reason.
        """
        for pattern in (b"(", b"a)", b"[a", b"a\\", b"*", b"[[:nope:]]", b"(?i)x", b"a{2}{3}", b"[z-a]"):
            error = self.assertRaises(ValueError, compileRegex, pattern)
            self.assertIn("bad regular expression", str(error))
