# -*- test-case-name: lbproxy.test.net.test_deadlines -*-
"""
Tests for L{lbproxy.net.deadlines}.
"""

from twisted.internet.task import Clock
from twisted.trial import unittest

from lbproxy.net.deadlines import NEVER, TICK, Deadlines
from lbproxy.test.clockwork import step


class Item:
    """
    Notes when it was called.
    """

    deadlineSlot = None
    deadlineAt = NEVER

    def __init__(self, calls, name, again=None):
        self.calls = calls
        self.name = name
        self.again = again

    def deadlineReached(self, now):
        self.calls.append((self.name, now))
        if self.again is not None:
            self.again(self, now)


class DeadlinesTests(unittest.TestCase):
    """
    Timers of sessions.
    """

    def setUp(self):
        self.clock = Clock()
        self.deadlines = Deadlines(self.clock)
        self.calls = []

    def tearDown(self):
        self.deadlines.stop()
        self.assertEqual(self.clock.getDelayedCalls(), [])

    def item(self, name, again=None):
        return Item(self.calls, name, again)

    def test_onTime(self):
        """
        An item is called at its time: never before, and at most one tick later.
        """
        self.deadlines.arm(self.item("a"), 1.0)
        step(self.clock, 0.999)
        self.assertEqual(self.calls, [])
        step(self.clock, TICK + 0.001)
        self.assertEqual([name for name, _ in self.calls], ["a"])
        self.assertTrue(1.0 - 1e-9 <= self.calls[0][1] <= 1.0 + TICK)

    def test_order(self):
        """
        Earlier deadlines come first, whatever the order of arming.
        """
        for name, when in (("c", 3.0), ("a", 1.0), ("b", 2.0)):
            self.deadlines.arm(self.item(name), when)
        step(self.clock, 4.0)
        self.assertEqual([name for name, _ in self.calls], ["a", "b", "c"])

    def test_moved(self):
        """
        Arming again replaces the earlier deadline, in both directions.
        """
        later, earlier = self.item("later"), self.item("earlier")
        self.deadlines.arm(later, 1.0)
        self.deadlines.arm(later, 5.0)
        self.deadlines.arm(earlier, 5.0)
        self.deadlines.arm(earlier, 1.0)
        step(self.clock, 2.0)
        self.assertEqual([name for name, _ in self.calls], ["earlier"])
        step(self.clock, 4.0)
        self.assertEqual([name for name, _ in self.calls], ["earlier", "later"])

    def test_armEarlier(self):
        """
        C{armEarlier} leaves an item alone that is due before anyway, and moves one that is due too late.
        """
        item = self.item("a")
        self.deadlines.arm(item, 1.0)
        slot = item.deadlineSlot
        self.deadlines.armEarlier(item, 9.0)
        self.assertIs(item.deadlineSlot, slot)
        self.deadlines.armEarlier(item, 0.5)
        step(self.clock, 0.6)
        self.assertEqual(len(self.calls), 1)

    def test_disarmed(self):
        """
        A disarmed item is not called and not kept.
        """
        item = self.item("a")
        self.deadlines.arm(item, 1.0)
        self.deadlines.disarm(item)
        self.deadlines.disarm(item)
        self.assertEqual(len(self.deadlines), 0)
        step(self.clock, 2.0)
        self.assertEqual(self.calls, [])

    def test_again(self):
        """
        An item may arm itself again when called, as a lazy timer does.
        """
        self.deadlines.arm(self.item("a", lambda item, now: self.deadlines.arm(item, now + 1.0)), 1.0)
        step(self.clock, 3.5)
        self.assertEqual(len(self.calls), 3)

    def test_failure(self):
        """
        An item that raises is logged; the others due at the same time are called nevertheless.
        """

        def fail(_item, _now):
            raise ValueError("broken")

        self.deadlines.arm(self.item("a", fail), 1.0)
        self.deadlines.arm(self.item("b", fail), 1.0)
        step(self.clock, 2.0)
        self.assertEqual(sorted(name for name, _ in self.calls), ["a", "b"])
        self.assertEqual(len(self.flushLoggedErrors(ValueError)), 2)
