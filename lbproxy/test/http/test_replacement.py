# -*- test-case-name: lbproxy.test.http.test_replacement -*-
"""
Tests for L{lbproxy.http.replacement}.
"""

from twisted.trial import unittest

from lbproxy.config.regex import compileRegex
from lbproxy.http.replacement import compileReplacement


class ReplacementTests(unittest.SynchronousTestCase):
    """
    HDR-02, HDR-12: the text that takes the place of a line.
    """

    def expand(self, pattern, text, line):
        """
        @return: what C{line} becomes.
        """
        compiled = compileRegex(pattern)
        return compileReplacement(text, compiled.groups)(compiled.search(line))

    def test_texts(self):
        """
        Groups, bytes by their number, and plain text; unset and missing groups insert nothing.
        """
        for pattern, text, line, expected in (
            (b"^(a)(b)?(c)", rb"\3-\2-\1", b"acx", b"c--a"),
            (b"a.c", rb"[\0]", b"xabcx", b"[abc]"),
            (b"(a)", rb"\1\9", b"a", b"a"),
            (b"a", rb"\x41\x0a\xfF", b"a", b"A\n\xff"),
            (b"a", rb"\x4g", b"a", b"x4g"),
            (b"a", b"\\\\1", b"a", b"\\1"),
            (b"(a)", b"\\\\\\1", b"a", b"\\a"),
            (b"a", rb"\.\q", b"a", b".q"),
            (b"a", b"", b"a", b""),
            (b"a", b"X: 1\r\nY: 2", b"a", b"X: 1\r\nY: 2"),
            (b"(a)", rb"\10", b"a", b"a0"),
        ):
            self.assertEqual(self.expand(pattern, text, line), expected, text)

    def test_groupTextIsPlain(self):
        """
        What a client sends is never read as an escape.
        """
        self.assertEqual(self.expand(b"(.*)", rb"\1", rb"\0\1\x41"), rb"\0\1\x41")

    def test_trailingBackslash(self):
        """
        HDR-12: a backslash at the end is refused.
        """
        self.assertRaises(ValueError, compileReplacement, b"a\\", 1)
        self.assertEqual(compileReplacement(b"a\\\\", 1)(None), b"a\\")
