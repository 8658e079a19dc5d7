# -*- test-case-name: lbproxy.test.test_clockwork -*-
"""
Moving virtual time.
"""


def step(clock, seconds):
    """
    Let time pass from one due call to the next, so that each sees its own time and what it schedules is not missed;
    C{Clock.advance} would move to the end first.

    @param clock: a C{twisted.internet.task.Clock}.
    @param seconds: how long, float >= 0. Calls due exactly at the end are made.
    """
    end = clock.seconds() + seconds
    while True:
        due = [call.getTime() for call in clock.getDelayedCalls()]
        if not due or min(due) > end:
            break
        clock.advance(max(0, min(due) - clock.seconds()))
        if clock.seconds() < min(due):
            # Sums of floats: the last bit.
            clock.rightNow = min(due)
            clock.advance(0)
    clock.advance(max(0, end - clock.seconds()))
    clock.rightNow = max(clock.rightNow, end)
