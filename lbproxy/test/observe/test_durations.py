# -*- test-case-name: lbproxy.test.observe.test_durations -*-
"""
Tests of L{lbproxy.observe.durations}.
"""

from twisted.trial import unittest

from lbproxy.observe.durations import duration, uptime


class DurationTests(unittest.SynchronousTestCase):
    """
    Tests of L{duration}.
    """

    def test_vectors(self):
        """
        At most two units are shown, the largest there are; a negative span is a question mark (STA-34).
        """
        for seconds, text in [
            (0, "0s"), (0.999, "0s"), (1, "1s"), (59.9, "59s"), (60, "1m"), (725, "12m5s"), (3600, "1h"),
            (3661, "1h1m"), (3605, "1h5s"), (86399, "23h59m"), (86400, "1d"), (3 * 86400 + 4 * 3600, "3d4h"),
            (3 * 86400 + 4 * 3600 + 120 + 5, "3d4h"), (400 * 86400 + 5, "400d5s"), (-1, "?"), (-0.5, "?"),
        ]:
            self.assertEqual(duration(seconds), text, seconds)


class UptimeTests(unittest.SynchronousTestCase):
    """
    Tests of L{uptime}.
    """

    def test_vectors(self):
        """
        All four units are always shown (STA-09, STA-25).
        """
        for seconds, text in [(5, "0d 0h00m05s"), (0, "0d 0h00m00s"), (90061.7, "1d 1h01m01s"), (3599, "0d 0h59m59s")]:
            self.assertEqual(uptime(seconds), text)
