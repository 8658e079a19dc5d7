# -*- test-case-name: lbproxy.test.acl.test_logic -*-
"""
Tests for L{lbproxy.acl.logic}.
"""

import itertools

from hypothesis import given, settings
from hypothesis import strategies as some
from twisted.trial.unittest import SynchronousTestCase

from lbproxy.acl.logic import THREE_VALUED, TWO_VALUED

VALUES = (True, False, None)


def allOf(values):
    """
    AND as the reference says it: false dominates, then undecided.
    """
    return False if False in values else None if None in values else True


def anyOf(values):
    """
    OR: true dominates, then undecided.
    """
    return True if True in values else None if None in values else False


def constant(value, calls=None):
    """
    A test that is what it is.
    """

    def test(exchange, partial=None):
        if calls is not None:
            calls.append(value)
        return value

    return test


class LogicTests(SynchronousTestCase):
    """
    Tests combined (ACL-10, ACL-11).
    """

    def test_tables(self):
        """
        The truth tables of up to four terms, in two values and in three.
        """
        for count in range(1, 5):
            for values in itertools.product(VALUES, repeat=count):
                tests = [constant(value) for value in values]
                self.assertIs(THREE_VALUED.every(tests)(None, True), allOf(values), values)
                self.assertIs(THREE_VALUED.some(tests)(None, True), anyOf(values), values)
                if None not in values:
                    self.assertIs(bool(TWO_VALUED.every(tests)(None)), allOf(values))
                    self.assertIs(bool(TWO_VALUED.some(tests)(None)), anyOf(values))

    def test_negation(self):
        """
        What is undecided stays so.
        """
        self.assertEqual([THREE_VALUED.negate(constant(value))(None, True) for value in VALUES], [False, True, None])

    def test_shortCircuit(self):
        """
        The first false term of a group, and the first true group, end the search; an undecided one does not.
        """
        for combine, values, asked in (
            (THREE_VALUED.every, (True, None, False, True), 3), (THREE_VALUED.some, (False, None, True, True), 3),
        ):
            calls = []
            combine([constant(value, calls) for value in values])(None, True)
            self.assertEqual(len(calls), asked)
        for combine, values in ((TWO_VALUED.every, (True, False, True)), (TWO_VALUED.some, (False, True, False))):
            calls = []
            combine([constant(value, calls) for value in values])(None)
            self.assertEqual(len(calls), 2)

    @settings(max_examples=200, deadline=None, derandomize=True, database=None)
    @given(some.lists(some.lists(some.tuples(some.sampled_from(VALUES), some.booleans()), min_size=1, max_size=4), min_size=1,
                      max_size=4))
    def test_conditions(self, groups):
        """
        A whole condition agrees with the plain reading of it: groups of terms, some negated.
        """
        def term(value, negated):
            return THREE_VALUED.negate(constant(value)) if negated else constant(value)

        built = THREE_VALUED.some([THREE_VALUED.every([term(*one) for one in group]) for group in groups])
        expected = anyOf([allOf([value if value is None or not negated else not value for value, negated in group])
                          for group in groups])
        self.assertIs(built(None, True), expected)
