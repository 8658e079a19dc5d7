# -*- test-case-name: lbproxy.test.acl.test_strings -*-
"""
Tests for L{lbproxy.acl.strings}.
"""

from twisted.trial.unittest import SynchronousTestCase

from lbproxy.acl.registry import BadPattern, Patterns
from lbproxy.acl.strings import FORMS, expressions


class FormTests(SynchronousTestCase):
    """
    Ways to compare (ACL-06 to ACL-08).
    """

    def test_table(self):
        """
        Each form matches what its name says, and nothing else.
        """
        for form, patterns, value, matched in (
            ("", [b"/exact"], b"/exact", True),
            ("", [b"/exact"], b"/exact/", False),
            ("", [b"a", b"b"], b"b", True),
            ("", [b""], b"", True),
            ("", [], b"", False),
            ("_beg", [b"/img", b"/pix"], b"/pix/1", True),
            ("_beg", [b"/img"], b"/im", False),
            ("_beg", [b""], b"x", True),
            ("_end", [b".gif", b".png"], b"/a.png", True),
            ("_end", [b".gif"], b".gi", False),
            ("_sub", [b"secret"], b"/a/secrets", True),
            ("_sub", [b"secret", b"x"], b"/a/x", True),
            ("_sub", [b"secret"], b"/secre", False),
            ("_sub", [], b"x", False),
            ("_dir", [b"img"], b"/static/img/x", True),
            ("_dir", [b"img"], b"/static/imgs", False),
            ("_dir", [b"img"], b"/simg/x", False),
            ("_dir", [b"img"], b"img", True),
            ("_dir", [b"img"], b"/a/img?x", True),
            ("_dir", [b"/img/"], b"/img", True),
            ("_dir", [b"img/x"], b"/img/x/y", True),
            ("_dir", [b"img"], b"a.img.b", False),
            ("_dir", [b"/"], b"/", False),
            ("_dir", [b"img"], b"/imgs/img", True),
            ("_dom", [b"ex.com"], b"www.ex.com", True),
            ("_dom", [b"ex.com"], b"www.ex.com/path", True),
            ("_dom", [b".ex.com."], b"ex.com", True),
            ("_dom", [b"ex.com"], b"wwwex.com", False),
            ("_dom", [b"ex.com"], b"ex.company", False),
            ("_reg", [b"^/(a|b)[0-9]+$"], b"/b12", True),
            ("_reg", [b"^/(a|b)[0-9]+$"], b"/c12", False),
            ("_reg", [b"nope", b"b.d"], b"xbcd", True),
            ("_reg", [], b"x", False),
        ):
            match = FORMS[form](Patterns(patterns))
            self.assertEqual(match(value), matched, (form, patterns, value))

    def test_ignoreCase(self):
        """
        C{-i} makes every form ignore case; without it case counts.
        """
        for form, pattern, value in (
            ("", b"aBc", b"AbC"),
            ("_beg", b"aB", b"AbC"),
            ("_end", b"bC", b"ABc"),
            ("_sub", b"b", b"ABC"),
            ("_dir", b"Img", b"/iMG/"),
            ("_dom", b"Ex", b"www.EX"),
            ("_reg", b"^a[b]", b"ABC"),
        ):
            self.assertTrue(FORMS[form](Patterns([pattern], True))(value), form)
            self.assertFalse(FORMS[form](Patterns([pattern]))(value), form)

    def test_badExpression(self):
        """
        A malformed expression is refused, telling which.
        """
        error = self.assertRaises(BadPattern, expressions, Patterns([b"a", b"("]))
        self.assertEqual(error.index, 1)
