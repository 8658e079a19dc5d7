# -*- test-case-name: lbproxy.test.pool.test_counters -*-
"""
Tests for L{lbproxy.pool.counters}.
"""

from twisted.trial.unittest import TestCase

from lbproxy.pool.counters import ProxyCounters, RateCounter


class RateCounterTests(TestCase):
    """
    Sessions per second, as the CSV shows them (PRF-17).
    """

    def rate(self, ticks, now):
        """
        @return: the rate read at C{now} after events at C{ticks}.
        """
        counter = RateCounter()
        for when in ticks:
            counter.tick(when)
        return counter.read(now)

    def test_values(self):
        """
        The running second counts fully, the one before by what is left of it.
        """
        for ticks, now, expected in [
            ([], 5.0, 0),
            ([5.1] * 10, 5.9, 10),
            ([5.1] * 10, 6.0, 10),
            ([5.1] * 10, 6.25, 7),
            ([5.1] * 10, 6.5, 5),
            ([5.1] * 10 + [6.1] * 4, 6.5, 9),
            ([5.1] * 10 + [6.1] * 4, 7.5, 2),
            ([5.1] * 10, 6.999, 0),
            ([5.1] * 10, 7.0, 0),
            ([5.1] * 10 + [7.2], 7.2, 1),
            ([5.1] * 10, 100.0, 0),
        ]:
            self.assertEqual(self.rate(ticks, now), expected, (ticks, now))

    def test_loneEvent(self):
        """
        One event reads as one until the next second is over, and then as none.
        """
        for now, expected in [(5.9, 1), (6.0, 1), (6.5, 1), (6.99, 1), (7.0, 0)]:
            self.assertEqual(self.rate([5.5], now), expected)

    def test_readingChangesNothing(self):
        """
        Looking at the statistics does not falsify them.
        """
        counter = RateCounter()
        counter.tick(5.0)
        counter.tick(5.1)
        counter.read(9.0)
        self.assertEqual(counter.read(5.2), 2)


class ProxyCountersTests(TestCase):
    """
    A proxy starts with nothing counted.
    """

    def test_start(self):
        """
        All counters are zero, and the rates are apart.
        """
        counters = ProxyCounters()
        counters.feRate.tick(1.0)
        self.assertEqual(counters.beRate.read(1.0), 0)
        for name in ("feCurrent", "feTotal", "beCurrent", "beMax", "bytesIn", "selected", "redispatches"):
            self.assertEqual(getattr(counters, name), 0)
