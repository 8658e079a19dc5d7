# -*- test-case-name: lbproxy.test.pool.test_ring -*-
"""
The places of the servers of one group, for weighted round robin (reference 11).
"""

from heapq import heapify, heappop, heappush
from operator import attrgetter

#: Where a seat is.
OUT = 0
FRESH = 1
CURRENT = 2
WAITING = 3

WEIGHT = attrgetter("weight")


class Seat:
    """
    A server's place.

    @ivar weight: effective weight.
    @ivar pos: next place; C{last} the one before it; C{rem} the remainder carried.
    @ivar step: total // weight; C{part}: total % weight.
    """

    __slots__ = ("server", "weight", "pos", "last", "rem", "step", "part", "where")

    def __init__(self, server):
        self.server = server
        self.weight = server.effectiveWeight
        self.pos = self.last = self.rem = self.step = self.part = 0
        self.where = OUT


class Line:
    """
    @ivar pool: the pool, for refinements.
    @ivar seats: server to L{Seat} of those that are usable.
    @ivar isEven: all weigh the same. C{isDynamic}: some limit follows the load.
    @ivar count: heap entries made so far: the order among equal keys.
    @ivar position: where the reader is. C{window}: length of this passage. C{total}: sum of weights, length of the next
        one.
    @ivar current: heap of C{(key, count, seat)} to visit in this window.
    @ivar fresh: seats not visited yet in this window, in reverse: the heaviest at the end, among equals the first
        inserted.
    @ivar waiting: seats for the next window in the order they came.
    """

    __slots__ = ("pool", "seats", "position", "window", "total", "fresh", "current", "waiting", "isEven", "count",
                 "isDynamic")

    def __init__(self, pool, servers):
        """
        @param pool: the L{ServerPool<lbproxy.pool.pool.ServerPool>}.
        @param servers: usable servers in declaration order.
        """
        self.pool = pool
        self.seats = {server: Seat(server) for server in servers}
        seats = list(self.seats.values())
        self.total = self.window = self.position = sum(seat.weight for seat in seats)
        self.current = []
        self.waiting = seats
        self.count = 0
        self.retune()
        self.swap()

    def next(self):
        """
        Take out the seat to consider next (step 2).

        @return: a L{Seat}, C{None} when this window has no more.
        """
        current, fresh = self.current, self.fresh
        if current and (current[0][2].pos <= self.position or not fresh):
            return heappop(current)[2]
        if fresh:
            seat = fresh.pop()
            seat.pos = seat.rem = 0
            return seat
        return None

    def advance(self, seat):
        """
        Give a seat that was taken out its next place, and move on (steps 3 and 4).
        """
        base = seat.pos or self.position
        seat.last = base
        seat.pos = base + seat.step
        rem = seat.rem + seat.part
        if rem >= seat.weight:
            rem -= seat.weight
            seat.pos += 1
        seat.rem = rem
        seat.where = OUT
        self.position += 1

    def requeue(self, seat):
        """
        Put a seat where its place says.
        """
        pos = seat.pos
        if pos >= 2 * self.window or pos >= self.window + self.total:
            seat.pos = pos - self.window
            seat.where = WAITING
            self.waiting.append(seat)
        else:
            self.count += 1
            seat.where = CURRENT
            heappush(self.current, (256 * pos + ((4080 + seat.rem - seat.weight) >> 4), self.count, seat))

    def refresh(self, seats):
        """
        Make C{seats} fresh, in this order, after those that are and weigh the same.
        """
        for seat in seats:
            seat.where = FRESH
        self.fresh[:0] = reversed(seats)
        self.fresh.sort(key=WEIGHT)

    def swap(self):
        """
        Begin a window with those who wait for it.
        """
        seats, self.waiting = self.waiting, []
        self.fresh = []
        self.refresh(seats)
        self.window = self.position = self.total

    def detach(self, seat):
        """
        Take a seat out of where it is.
        """
        if seat.where == FRESH:
            self.fresh.remove(seat)
        elif seat.where == WAITING:
            self.waiting.remove(seat)
        else:
            self.current = [entry for entry in self.current if entry[2] is not seat]
            heapify(self.current)
        seat.where = OUT

    def retune(self):
        """
        Work out what depends on the total.
        """
        total = self.total
        weights = set()
        self.isDynamic = False
        for seat in self.seats.values():
            weight = seat.weight
            weights.add(weight)
            seat.step, seat.part = divmod(total, weight)
            if seat.server.isDynamic:
                self.isDynamic = True
        self.isEven = len(weights) == 1
