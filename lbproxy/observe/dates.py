# -*- test-case-name: lbproxy.test.observe.test_dates -*-
"""
Dates of the wall clock in logs, in local time, whatever the locale (LOG-04, LOG-24).
"""

from time import localtime

MONTHS = ("Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec")

#: Milliseconds are cut, not rounded, so that the parts of a time never exceed the whole; this, added before, makes up
#: for binary fractions, which would show 8 ms as 7.
FUZZ = 0.01

#: Ends of an accept date for each millisecond: looked up, they cost a third of being formatted. One more for the fuzz.
MILLISECONDS = tuple([".%03d]" % (min(count, 999),) for count in range(1001)])

#: Seconds remembered: old ones come back with long sessions, so there may be several in use.
_KEPT = 64


class AcceptDates(dict):
    """
    Second to the beginning of an accept date, C{"[dd/Mon/yyyy:hh:mm:ss"}. Looking one up is all the fast path does.
    """

    def __missing__(self, second):
        if len(self) >= _KEPT:
            self.clear()
        when = localtime(second)
        text = self[second] = "[%02d/%s/%04d:%02d:%02d:%02d" % (
            when.tm_mday, MONTHS[when.tm_mon - 1], when.tm_year, when.tm_hour, when.tm_min, when.tm_sec)
        return text


acceptDates = AcceptDates()


def acceptDate(date):
    """
    @param date: float seconds since the epoch.
    @return: str, C{"[dd/Mon/yyyy:hh:mm:ss.mmm]"}.
    """
    second = int(date)
    return acceptDates[second] + MILLISECONDS[int((date - second) * 1000.0 + FUZZ)]


def syslogDate(second):
    """
    @param second: int seconds since the epoch.
    @return: str, C{"Mon dd hh:mm:ss"}, the day padded with a blank.
    """
    when = localtime(second)
    return "%s %2d %02d:%02d:%02d" % (MONTHS[when.tm_mon - 1], when.tm_mday, when.tm_hour, when.tm_min, when.tm_sec)
