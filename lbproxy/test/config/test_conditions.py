# -*- test-case-name: lbproxy.test.config.test_conditions -*-
"""
Tests for L{lbproxy.config.conditions}.
"""

from twisted.trial.unittest import SynchronousTestCase

from lbproxy.config.conditions import parseAcl, parseCondition
from lbproxy.config.errors import Refused
from lbproxy.config.model import AclEntry, Place, Term
from lbproxy.config.words import splitWords

HERE = Place("f", 1, 1)


def words(text):
    """
    Words placed at their columns.
    """
    return splitWords(text.encode(), lambda offset: Place("f", 1, offset + 1))


def spelled(text):
    """
    The groups of a condition, negated names with an exclamation mark.
    """
    condition = parseCondition(words(text), HERE)
    return condition.unless, [["!" * term.negated + term.name for term in group] for group in condition.groups]


class ConditionTests(SynchronousTestCase):
    """
    C{if} and C{unless} (ACL-10, ACL-11, ACL-29).
    """

    def test_groups(self):
        """
        Blanks are AND, C{or} in any case and a double bar are OR, each exclamation mark toggles.
        """
        for text, expected in (
            ("if a", (False, [["a"]])),
            ("unless a b", (True, [["a", "b"]])),
            ("if a b or c OR d || e", (False, [["a", "b"], ["c"], ["d"], ["e"]])),
            ("if !a ! b !!c ! !d !! ! e", (False, [["!a", "!b", "c", "d", "!e"]])),
        ):
            self.assertEqual(spelled(text), expected)

    def test_braces(self):
        """
        A test may be written out between braces that stand alone, wherever a name may stand.
        """
        condition = parseCondition(words("if { path_beg /x /y } !{ hdr(Host) -i a } b or ! !! { src 10.0.0.0/8 }"), HERE)
        self.assertEqual(condition.groups, (
            (
                Term("", False, AclEntry("", "path_beg", None, False, (b"/x", b"/y"))),
                Term("", True, AclEntry("", "hdr", "Host", True, (b"a",))),
                Term("b"),
            ),
            (Term("", True, AclEntry("", "src", None, False, (b"10.0.0.0/8",))),),
        ))
        first, second = condition.groups[0][:2]
        self.assertEqual((first.place.column, first.acl.place.column), (4, 6))
        self.assertEqual([place.column for place in first.acl.patternPlaces], [15, 18])
        self.assertEqual((second.place.column, second.acl.place.column), (23, 26))

    def test_wordsInBraces(self):
        """
        Between braces C{or} and an exclamation mark are values like any other.
        """
        ((term,),) = parseCondition(words("if { path or !x || }"), HERE).groups
        self.assertEqual(term.acl.patterns, (b"or", b"!x", b"||"))

    def test_badBraces(self):
        """
        Braces that do not match, are empty, or stick to a word are refused where they stand.
        """
        for text, column, part in (
            ("if { path /x", 4, "'{' is not closed"),
            ("if a { path /x or { path /y }", 6, "'{' is not closed"),
            ("if { path /x}", 4, "'{' is not closed"),
            ("if { }", 4, "there is no test"),
            ("if a }", 6, "'}' closes nothing"),
            ("if {path /x }", 4, "'{path' is not a name"),
            ("if a}", 4, "'a}' is not a name"),
            ("if { hdr(a /x }", 6, "is not closed"),
        ):
            error = self.assertRaises(Refused, parseCondition, words(text), HERE)
            self.assertEqual((error.place.column, part in error.text), (column, True), (text, error.text))

    def test_places(self):
        """
        A condition and its terms remember where they were written (CFG-21).
        """
        condition = parseCondition(words("if aa ! bb"), HERE)
        self.assertEqual(condition.place.column, 1)
        self.assertEqual([term.place.column for term in condition.groups[0]], [4, 7])

    def test_refusals(self):
        """
        A condition without polarity, term or name after an exclamation mark is refused.
        """
        for text in ("", "a", "when a", "if", "if or a", "if a or", "if a || || b", "if !", "if a !", "if ! or a"):
            self.assertRaises(Refused, spelled, text)


class AclTests(SynchronousTestCase):
    """
    C{acl} lines (ACL-01 to ACL-03).
    """

    def test_parts(self):
        """
        Criterion, argument, flags and values are told apart; flags only count before the first value.
        """
        for text, expected in (
            ("a path /x /y", ("path", None, False, (b"/x", b"/y"))),
            ("a hdr(Host) -i X", ("hdr", "Host", True, (b"X",))),
            ("a hdr(h) -- -i", ("hdr", "h", False, (b"-i",))),
            ("a hdr(h) -i -- -f -i", ("hdr", "h", True, (b"-f", b"-i"))),
            ("a path x -i", ("path", None, False, (b"x", b"-i"))),
            ("a hdr_val(x) -5", ("hdr_val", "x", False, (b"-5",))),
            ("a always_true", ("always_true", None, False, ())),
            ("a hdr()", ("hdr", "", False, ())),
        ):
            entry = parseAcl(words(text), HERE)
            self.assertEqual((entry.criterion, entry.argument, entry.ignoreCase, entry.patterns), expected, text)

    def test_refusals(self):
        """
        A bad name, a missing criterion and an unclosed parenthesis are refused.
        """
        for text, part in (
            ("", "needs a name"),
            ("a", "needs a criterion"),
            ("a/b path x", "character '/'"),
            ("a hdr(x y", "is not closed"),
            ("or path /", "cannot be named 'or'"),
            ("{ path /", "character '{' is not allowed"),
        ):
            error = self.assertRaises(Refused, parseAcl, words(text), HERE)
            self.assertIn(part, error.text)
