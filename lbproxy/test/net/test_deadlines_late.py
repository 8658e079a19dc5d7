# -*- test-case-name: lbproxy.test.net.test_deadlines_late -*-
"""
Tests for L{lbproxy.net.deadlines} when a turn of the reactor comes late, which is usual under load.
"""

from twisted.internet.task import Clock
from twisted.trial import unittest

from lbproxy.net.deadlines import NEVER, TICK, Deadlines

#: More calls than any of these tests may lead to.
ENOUGH = 1000

#: Number of the tick at which the time of these tests ends.
LAST = 12625


class Stamped:
    """
    As a session: looks at its stamp, and comes again if that is in the future.
    """

    deadlineSlot = None
    deadlineAt = NEVER

    def __init__(self, deadlines, when):
        self.deadlines = deadlines
        self.when = when
        self.calls = []
        self.acted = []
        deadlines.arm(self, when)

    def deadlineReached(self, now):
        """
        Act or come again, but not for ever.
        """
        self.calls.append(now)
        if len(self.calls) >= ENOUGH:
            return
        if self.when > now:
            self.deadlines.arm(self, self.when)
        else:
            self.acted.append(now)


class Restless(Stamped):
    """
    Is never content: comes again C{pause} later.
    """

    pause = 0.0

    def deadlineReached(self, now):
        """
        Come again, but not for ever.
        """
        self.calls.append(now)
        if len(self.calls) < ENOUGH:
            self.deadlines.arm(self, now + self.pause)


class LateTests(unittest.SynchronousTestCase):
    """
    A reactor that was busy.
    """

    def setUp(self):
        self.clock = Clock()
        self.clock.rightNow = 100.0
        self.deadlines = Deadlines(self.clock)

    def advanceTo(self, ticks):
        """
        The reactor comes round at C{ticks}, whatever was due before.
        """
        self.clock.advance(max(0.0, ticks * TICK - self.clock.seconds()))

    def test_fractionOfTick(self):
        """
        A turn that was late by more than half a tick found the next tick due, but its item not: that one armed itself for
        the very tick again, and the process span for ever. Whatever the lateness, an item is called at most twice.
        """
        for late in (0.0, 0.1, 0.4, 0.5, 0.51, 0.6, 0.75, 0.9, 0.999, 1.0, 1.3, 1.6, 7.6, 1000.6):
            self.setUp()
            first = Stamped(self.deadlines, (LAST - 1) * TICK)
            others = [Stamped(self.deadlines, (LAST - 1 + part) * TICK) for part in (0.05, 0.3, 0.5, 0.8, 0.95, 1.2)]
            self.advanceTo(LAST - 1 + late)
            for item in [first] + others:
                self.assertLess(len(item.calls), 3, "late by %s ticks" % late)
            self.assertEqual(len(first.acted), 1)
            self.advanceTo(LAST + 2000)
            self.assertEqual([len(item.acted) for item in others], [1] * len(others), "late by %s ticks" % late)

    def test_neverEarly(self):
        """
        A late turn is no reason to act before the time: nobody is timed out early because another one was due.
        """
        items = [Stamped(self.deadlines, (LAST + part / 10.0) * TICK) for part in range(30)]
        for ticks in (LAST + 0.6, LAST + 1.2, LAST + 1.25, LAST + 2.7, LAST + 10):
            self.advanceTo(ticks)
            for item in items:
                for now in item.acted:
                    self.assertTrue(item.when <= now, (item.when, now))
        self.assertEqual([len(item.acted) for item in items], [1] * 30)

    def test_armedInItsCall(self):
        """
        An item that is armed again in its call, for a moment from now, waits for a later turn.
        """
        for late in (0.0, 0.3, 0.6, 0.9, 5.6):
            for pause in (0.0001, TICK / 4, TICK, 3 * TICK):
                self.setUp()
                item = Restless(self.deadlines, LAST * TICK)
                item.pause = pause
                self.advanceTo(LAST + late)
                self.assertEqual(len(item.calls), 1, (late, pause))
                self.advanceTo(LAST + late + 10)
                self.assertEqual(len(item.calls), 2, (late, pause))

    def test_others(self):
        """
        One that comes again and again does not keep the others from their turn.
        """
        restless = Restless(self.deadlines, LAST * TICK)
        restless.pause = TICK / 2
        other = Stamped(self.deadlines, (LAST + 3) * TICK)
        for quarter in range(40):
            self.advanceTo(LAST + quarter * 0.25)
        self.assertEqual(len(other.acted), 1)
        self.assertTrue(5 <= len(restless.calls) <= 12, len(restless.calls))
