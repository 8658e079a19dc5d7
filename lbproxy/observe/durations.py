# -*- test-case-name: lbproxy.test.observe.test_durations -*-
"""
Spans of time for people.
"""

_UNITS = (("d", 86400), ("h", 3600), ("m", 60), ("s", 1))


def duration(seconds):
    """
    At most two units, the largest that are not zero (STA-34).

    @param seconds: int or float; parts of a second are dropped. Negative for an unknown span.
    @return: str such as C{"3d4h"}, C{"12m5s"}, C{"1h"}, C{"0s"}; C{"?"} for a negative one.
    """
    if seconds < 0:
        return "?"
    rest = int(seconds)
    words = []
    for unit, size in _UNITS:
        count, rest = divmod(rest, size)
        if count:
            words.append("%d%s" % (count, unit))
    return "".join(words[:2]) or "0s"


def uptime(seconds):
    """
    Days, hours, minutes and seconds (STA-09, STA-25).

    @param seconds: int or float, not negative.
    @return: str such as C{"0d 0h00m05s"}.
    """
    minutes, second = divmod(int(seconds), 60)
    hours, minute = divmod(minutes, 60)
    day, hour = divmod(hours, 24)
    return "%dd %dh%02dm%02ds" % (day, hour, minute, second)
