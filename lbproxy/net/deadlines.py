# -*- test-case-name: lbproxy.test.net.test_deadlines -*-
"""
Many coarse deadlines behind one timer.

A session has one deadline at a time. It stamps its activity and leaves the deadline where it is; when the deadline comes,
the session looks at its stamps and arms the next one. Arming costs a set operation, not a C{DelayedCall} (FINDINGS 4).
"""

from heapq import heappop, heappush
from math import ceil

from twisted.python import log
from twisted.python.failure import Failure

#: Seconds between two instants at which deadlines are looked at; a deadline is never early, and at most this late.
TICK = 0.008

#: An instant that does not come.
NEVER = float("inf")


class Deadlines:
    """
    Calls C{item.deadlineReached(now)} at or just after the time an item was armed for, at most two ticks.

    Items have two attributes which are ours: C{deadlineSlot}, C{None} at first, and C{deadlineAt}, L{NEVER} at first: when
    it will be called. Whoever has a later deadline than C{deadlineAt} need not say so: it looks again then.
    """

    def __init__(self, clock):
        """
        @param clock: an C{IReactorTime}.
        """
        self._clock = clock
        self._slots = {}
        self._ticks = []
        self._timer = None
        self._timerTick = None

    def __len__(self):
        return sum(len(slot[1]) for slot in self._slots.values())

    def arm(self, item, when):
        """
        Have C{item} called at C{when}, instead of any time it was armed for before.

        @param when: seconds of the clock.
        """
        tick = ceil(when / TICK)
        slot = item.deadlineSlot
        if slot is not None:
            if slot[0] == tick:
                return
            slot[1].discard(item)
        slot = self._slots.get(tick)
        if slot is None:
            slot = self._slots[tick] = (tick, set())
            heappush(self._ticks, tick)
            if self._timerTick is None or tick < self._timerTick:
                self._setTimer(tick)
        slot[1].add(item)
        item.deadlineSlot = slot
        # A deadline in the same tick need not be armed again.
        item.deadlineAt = tick * TICK - TICK

    def armEarlier(self, item, when):
        """
        As L{arm}, unless the item is already due at or before C{when}: it will look again then.
        """
        if when < item.deadlineAt:
            self.arm(item, when)

    def disarm(self, item):
        """
        Forget C{item}.
        """
        slot = item.deadlineSlot
        if slot is not None:
            slot[1].discard(item)
            item.deadlineSlot = None
            item.deadlineAt = NEVER

    def stop(self):
        """
        Forget everything.
        """
        if self._timer is not None and self._timer.active():
            self._timer.cancel()
        for _tick, items in self._slots.values():
            for item in items:
                item.deadlineSlot = None
                item.deadlineAt = NEVER
        self._slots.clear()
        del self._ticks[:]
        self._timer = self._timerTick = None

    def _setTimer(self, tick):
        delay = max(0.0, tick * TICK - self._clock.seconds())
        if self._timer is not None and self._timer.active():
            self._timer.reset(delay)
        else:
            self._timer = self._clock.callLater(delay, self._fire)
        self._timerTick = tick

    def _fire(self):
        self._timer = self._timerTick = None
        now = self._clock.seconds()
        # A hair of tolerance: the reactor may wake up early by a rounding. What is due is looked at as of its tick, so an
        # item that is armed again meanwhile goes to a later one, and this ends.
        limit = int(now / TICK + 0.001)
        now = max(now, limit * TICK)
        ticks = self._ticks
        # All that is due is taken out first: what arms itself again is not due again in this call.
        due = (0, set())
        while ticks and ticks[0] <= limit:
            for item in self._slots.pop(heappop(ticks))[1]:
                item.deadlineSlot = due
                due[1].add(item)
        items = due[1]
        while items:
            item = items.pop()
            item.deadlineSlot = None
            item.deadlineAt = NEVER
            try:
                item.deadlineReached(now)
            except Exception:
                log.err(Failure(), "deadline of %r" % (item,))
        if ticks:
            self._setTimer(ticks[0])
