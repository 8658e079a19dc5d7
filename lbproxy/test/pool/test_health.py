# -*- test-case-name: lbproxy.test.pool.test_health -*-
"""
Tests for L{lbproxy.pool.health}.
"""

from twisted.trial.unittest import TestCase

from lbproxy.pool import health
from lbproxy.test.pool.builders import serverConfig


def trace(rise, fall, results):
    """
    @param results: text of C{+} and C{-}.
    @return: list of health values and meanings, from the initial state.
    """
    value, values = rise, []
    for result in results:
        if result == "+":
            value, meaning = health.afterSuccess(value, rise, fall)
        else:
            value, meaning = health.afterFailure(value, rise)
        values.append((value, meaning))
    return values


class HealthTests(TestCase):
    """
    How many results it takes (CHK-08, CHK-09).
    """

    def test_traces(self):
        """
        The first failure of all takes a server down, later C{fall} are needed; C{rise} successes bring it up again, to
        full health.
        """
        up, down, weak, steady = health.GOES_UP, health.GOES_DOWN, health.WEAKENED, health.STEADY
        for rise, fall, results, expected in [
            (2, 3, "-", [(0, down)]),
            (2, 3, "--", [(0, down), (0, steady)]),
            (2, 3, "+---", [(4, steady), (3, weak), (2, weak), (0, down)]),
            (2, 3, "+--+---", [(4, steady), (3, weak), (2, weak), (4, steady), (3, weak), (2, weak), (0, down)]),
            (2, 3, "-+-++", [(0, down), (1, steady), (0, steady), (1, steady), (4, up)]),
            (3, 1, "-+++-", [(0, down), (1, steady), (2, steady), (3, up), (0, down)]),
            (1, 2, "-+--+", [(0, down), (2, up), (1, weak), (0, down), (2, up)]),
            (1, 1, "+-+-", [(1, steady), (0, down), (1, up), (0, down)]),
        ]:
            self.assertEqual(trace(rise, fall, results), expected, (rise, fall, results))

    def test_words(self):
        """
        The CSV says how far a server is on its way up or down.
        """
        for value, running, word in [(4, True, "UP"), (3, True, "UP 2/3"), (2, True, "UP 1/3"), (1, False, "DOWN 1/2"),
                                     (0, False, "DOWN")]:
            self.assertEqual(health.checkWord(value, running, 2, 3), word)


class DelayTests(TestCase):
    """
    When the next check comes (CHK-11, CHK-15).
    """

    def test_states(self):
        """
        C{inter} when fully up, C{downinter} when fully down, C{fastinter} in between; unset ones are C{inter}.
        """
        all_ = serverConfig("a", inter=2.0, fastinter=0.5, downinter=10.0)
        some = serverConfig("a", inter=2.0)
        for value, expected in [(4, 2.0), (3, 0.5), (2, 0.5), (1, 0.5), (0, 10.0)]:
            self.assertEqual(health.nextDelay(value, all_), expected)
            self.assertEqual(health.nextDelay(value, some), 2.0)

    def test_spread(self):
        """
        The delay varies by the given part to both sides.
        """
        for chance, expected in [(0.0, 2.4), (0.5, 2.0), (0.75, 1.8)]:
            self.assertAlmostEqual(health.spreadDelay(2.0, 20, lambda chance=chance: chance), expected)
        self.assertEqual(health.spreadDelay(2.0, 0, None), 2.0)


class StartOffsetTests(TestCase):
    """
    First checks do not all come at once (CHK-14).
    """

    def test_spread(self):
        """
        They are spread over the smallest interval of at least a second, or over their own if that is longer.
        """
        for intervals, expected in [
            ([], []),
            ([2.0, 2.0], [0.0, 1.0]),
            ([2.0, 4.0, 2.0, 10.0], [0.0, 1.0, 1.0, 7.5]),
            ([0.5, 3.0, 0.5], [0.0, 1.0, 2.0]),
            ([0.2, 0.4], [0.0, 0.2]),
        ]:
            configs = [serverConfig("s", inter=interval) for interval in intervals]
            self.assertEqual(health.startOffsets(configs), expected)

    def test_fast(self):
        """
        The interval before the first result is C{fastinter}.
        """
        configs = [serverConfig("s", inter=8.0, fastinter=4.0), serverConfig("s", inter=8.0, fastinter=4.0)]
        self.assertEqual(health.startOffsets(configs), [0.0, 2.0])
