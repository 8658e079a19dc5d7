# -*- test-case-name: lbproxy.test.config.test_words -*-
"""
Tests for L{lbproxy.config.words}.
"""

from twisted.trial.unittest import SynchronousTestCase

from lbproxy.config.errors import Refused
from lbproxy.config.model import Place
from lbproxy.config.words import commentOf, splitWords, toBytes, writeWord


def split(line, comments=True):
    """
    The words of a line, as bytes, each with its offset.
    """
    words = splitWords(line, lambda offset: Place("f", 1, offset), comments)
    return [(toBytes(word), word.place.column) for word in words]


class SplitTests(SynchronousTestCase):
    """
    Words and escapes (CFG-01, CFG-02).
    """

    def test_table(self):
        """
        Words are split on blanks; escapes give single bytes; a comment ends the line.
        """
        for line, words in (
            (b"", []),
            (b"  \t ", []),
            (b"# all comment", []),
            (b"a b", [b"a", b"b"]),
            (b"\ta\t b \r\n", [b"a", b"b"]),
            (b"a#b c", [b"a"]),
            (b"a \\# b", [b"a", b"#", b"b"]),
            (b"a\\ b c", [b"a b", b"c"]),
            (b"a\\\\b", [b"a\\b"]),
            (b"\\r\\n\\t", [b"\r\n\t"]),
            (b"\\x41\\x2fz", [b"A/z"]),
            (b"\\xff", [b"\xff"]),
            (b"\\1\\.\\d", [b"\\1\\.\\d"]),
            (b"a\\", [b"a\\"]),
            (b"\xc3\xa9 \xff", [b"\xc3\xa9", b"\xff"]),
            (b"a\rb", [b"a"]),
        ):
            self.assertEqual([word for word, _ in split(line)], words, line)

    def test_places(self):
        """
        Each word knows the offset of its first byte, escape included.
        """
        self.assertEqual(split(b" a  \\ b c\\ d"), [(b"a", 1), (b" b", 4), (b"c d", 8)])

    def test_badHex(self):
        """
        C{\\x} without two hexadecimal digits is refused where it stands.
        """
        for line in (b"a \\x4", b"a \\x", b"a \\xg0", b"a \\x4 1"):
            error = self.assertRaises(Refused, split, line)
            self.assertEqual(error.place.column, 2)

    def test_withoutComments(self):
        """
        In YAML values a hash sign is an ordinary character and line ends are blanks.
        """
        self.assertEqual([word for word, _ in split(b"a #b\nc\\#", False)], [b"a", b"#b", b"c#"])


class WriteTests(SynchronousTestCase):
    """
    Words are written so that they are read back.
    """

    def test_escapes(self):
        """
        Only what would be read otherwise is escaped.
        """
        for word, written in (
            ("a", "a"),
            ("a#b", "a#b"),
            ("a b\tc\r\n", "a\\ b\\tc\\r\\n"),
            ("\\.\\d", "\\.\\d"),
            ("\\x41", "\\\\x41"),
            ("\\n", "\\\\n"),
            ("a\\", "a\\\\"),
            ("\\\\", "\\\\\\\\"),
            ("\\\udcff", "\\\\\\xff"),
            ("\u00e9\x7f\u2028", "\u00e9\\x7f\\xe2\\x80\\xa8"),
        ):
            self.assertEqual(writeWord(word), written)
            self.assertEqual([text for text, _ in split(written.encode("utf-8"), False)],
                             [word.encode("utf-8", "surrogateescape")])


class CommentTests(SynchronousTestCase):
    """
    The comment of a line.
    """

    def test_comments(self):
        """
        It starts at the first hash sign that is not escaped.
        """
        for line, comment in (
            (b"a # b ", b" b"),
            (b"# a # b", b" a # b"),
            (b"a\\#b", None),
            (b"a\\\\#b", b"b"),
            (b"a#", b""),
            (b"a\\", None),
            (b"", None),
        ):
            self.assertEqual(commentOf(line), comment, line)
