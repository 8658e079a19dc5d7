# -*- test-case-name: lbproxy.test.acl.test_numbers -*-
"""
Tests for L{lbproxy.acl.numbers}.
"""

from twisted.trial.unittest import SynchronousTestCase

from lbproxy.acl.numbers import integers
from lbproxy.acl.registry import BadPattern, Patterns


class IntegerTests(SynchronousTestCase):
    """
    Numbers, ranges and operators (ACL-04).
    """

    def test_truth(self):
        """
        Each pattern matches exactly the numbers it stands for, around each bound.
        """
        for text, matched in (
            ("5", {5}),
            ("eq 5", {5}),
            ("ge 5", {5, 6, 7, 8}),
            ("gt 5", {6, 7, 8}),
            ("le 2", {-2, -1, 0, 1, 2}),
            ("lt 2", {-2, -1, 0, 1}),
            ("3:5", {3, 4, 5}),
            ("3-5", {3, 4, 5}),
            ("6:", {6, 7, 8}),
            (":0", {-2, -1, 0}),
            ("-1", {-1}),
            ("-2:-1", {-2, -1}),
            ("1 3 7:", {1, 3, 7, 8}),
            ("gt 7 lt -1", {8, -2}),
            ("ge 8 eq 1", {8, 1}),
            ("eq 2:3", {2, 3}),
            ("", set()),
        ):
            match = integers(Patterns(text.encode().split()))
            self.assertEqual({value for value in range(-2, 9) if match(value)}, matched, text)

    def test_refusals(self):
        """
        Anything else is refused, telling which word.
        """
        for text, index in (
            ("x", 0), ("1 x", 1), ("gt 1:5", 1), ("gt", 0), ("1 le", 1), (":", 0), ("-", 0), ("5:3", 0), ("1.5", 0),
            ("ne 5", 0), ("9" * 30, 0),
        ):
            error = self.assertRaises(BadPattern, integers, Patterns(text.encode().split()))
            self.assertEqual(error.index, index, text)
