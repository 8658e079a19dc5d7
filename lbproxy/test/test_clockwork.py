# -*- test-case-name: lbproxy.test.test_clockwork -*-
"""
Tests for L{lbproxy.test.clockwork}.
"""

from twisted.internet.task import Clock, LoopingCall
from twisted.trial.unittest import TestCase

from lbproxy.test.clockwork import step


class StepTests(TestCase):
    """
    Time passes as it does in life.
    """

    def test_everyCallSeesItsTime(self):
        """
        A call that comes again each second comes five times in five seconds, each time at its own time.
        """
        clock, seen = Clock(), []
        loop = LoopingCall(lambda: seen.append(clock.seconds()))
        loop.clock = clock
        loop.start(1)
        step(clock, 5)
        self.assertEqual(seen, [0, 1, 2, 3, 4, 5])
        loop.stop()

    def test_oddFractions(self):
        """
        Fractions that do not add up exactly neither hang nor lose a call.
        """
        clock, seen = Clock(), []
        loop = LoopingCall(lambda: seen.append(clock.seconds()))
        loop.clock = clock
        clock.advance(12345.678)
        loop.start(0.1)
        step(clock, 1.05)
        self.assertEqual(len(seen), 11)
        self.assertAlmostEqual(clock.seconds(), 12346.728)
        loop.stop()
