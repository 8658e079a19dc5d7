# -*- test-case-name: lbproxy.test.observe.test_dates -*-
"""
Tests of L{lbproxy.observe.dates}.
"""

from twisted.trial import unittest

from lbproxy.observe.dates import AcceptDates, acceptDate, acceptDates, syslogDate
from lbproxy.test.observe.samples import DATE, useZone


class DateTests(unittest.SynchronousTestCase):
    """
    Tests of L{acceptDate} and L{syslogDate}.
    """

    def setUp(self):
        useZone(self)
        acceptDates.clear()
        self.addCleanup(acceptDates.clear)

    def test_acceptDate(self):
        """
        Milliseconds are cut, binary fractions do not cost one, and a second is never 1000 ms long (LOG-24).
        """
        for date, text in [
            (DATE, "[13/Feb/2009:23:31:30.125]"),
            (1234567890.008, "[13/Feb/2009:23:31:30.008]"),
            (1234567890.123, "[13/Feb/2009:23:31:30.123]"),
            (1234567890.9999995, "[13/Feb/2009:23:31:30.999]"),
            (1234567891.0, "[13/Feb/2009:23:31:31.000]"),
        ]:
            self.assertEqual(acceptDate(date), text)

    def test_localTime(self):
        """
        Dates are in local time.
        """
        useZone(self, "XXX-2")
        self.assertEqual(acceptDate(DATE), "[14/Feb/2009:01:31:30.125]")
        self.assertEqual(syslogDate(int(DATE)), "Feb 14 01:31:30")

    def test_syslogDate(self):
        """
        The day is padded with a blank (LOG-04).
        """
        self.assertEqual(syslogDate(1233446400), "Feb  1 00:00:00")
        self.assertEqual(syslogDate(1234567890), "Feb 13 23:31:30")

    def test_boundedMemory(self):
        """
        Dates of a long past do not pile up.
        """
        dates = AcceptDates()
        for second in range(1000):
            dates[second]
        self.assertLess(len(dates), 100)
