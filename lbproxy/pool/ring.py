# -*- test-case-name: lbproxy.test.pool.test_ring -*-
"""
The order in which one group of servers is visited: the smooth weighted round robin of reference 11.

Each server has a place on a line; the reader moves along it one step a pick, and each server chosen moves on by total
weight / own weight. Names here and there: C{position} is P, C{window} is W, C{total} is N.
"""

from heapq import heappop, heapreplace

from lbproxy.pool.line import FRESH, WAITING, WEIGHT, Line, Seat


class Ring(Line):
    """
    Picks servers, and takes changes.
    """

    __slots__ = ("_isFull", "_refusals")

    def __init__(self, pool, servers):
        """
        @param pool: the L{ServerPool<lbproxy.pool.pool.ServerPool>}.
        @param servers: usable servers in declaration order.
        """
        Line.__init__(self, pool, servers)
        self._isFull = False
        self._refusals = 0

    # -- picking -----------------------------------------------------------------------------------------------

    def pick(self, avoid):
        """
        One pick by the complete rules.

        @param avoid: server to choose only when there is no other, or C{None}.
        @return: a server, or C{None} when all are saturated.
        """
        if self._isFull:
            if avoid is None and self.pool.queue and not self.isDynamic:
                # Others wait already, so nobody has got room since the last refusal.
                self._refusals += 1
                return None
            self.settle()
        if not self.window:
            self.window = self.position = self.total
        current, position = self.current, self.position
        # The usual pick: the next one of the line has room and moves on along it.
        if avoid is None and current:
            seat = current[0][2]
            server = seat.server
            if seat.pos <= position and (not server.maxconn or server.hasRoom()):
                self.position = position + 1
                self._moveOn(seat)
                return server
        return self._search(avoid)

    def _moveOn(self, seat):
        # next(), advance() and requeue() for the usual case: 0.35 us instead of 0.7.
        seat.last = pos = seat.pos
        pos += seat.step
        weight = seat.weight
        part = seat.part
        if part:
            rem = seat.rem + part
            if rem >= weight:
                rem -= weight
                pos += 1
            seat.rem = rem
        else:
            rem = seat.rem
        window = self.window
        if pos >= 2 * window or pos >= window + self.total:
            heappop(self.current)
            seat.pos = pos - window
            seat.where = WAITING
            self.waiting.append(seat)
        else:
            seat.pos = pos
            self.count = count = self.count + 1
            heapreplace(self.current, (256 * pos + ((4080 + rem - weight) >> 4), count, seat))

    def _search(self, avoid):
        aside = []
        avoided = None
        isSwapped = False
        while True:
            seat = self.next()
            if seat is None:
                if not isSwapped:
                    isSwapped = True
                    self.swap()
                    server = None if aside or avoid is not None else self.windowBegins()
                    if server is not None:
                        return server
                    continue
                seat = avoided
                break
            self.advance(seat)
            server = seat.server
            if not server.maxconn or server.hasRoom():
                if server is not avoid or avoided is not None:
                    break
                avoided = seat
            aside.append(seat)
        if seat is not None:
            self.requeue(seat)
        if aside:
            # Last set aside, first put back.
            back = [other for other in reversed(aside) if other is not seat]
            if isSwapped:
                self.refresh(back)
            else:
                for other in back:
                    self.requeue(other)
        if seat is None:
            self._isFull = bool(aside)
            return None
        return seat.server

    def windowBegins(self):
        """
        A window begins, all seats are fresh, and nothing special is asked. For refinements.

        @return: a server if it was picked in another way; here C{None}.
        """
        return None

    # -- changes -----------------------------------------------------------------------------------------------

    def add(self, server):
        """
        C{server} becomes usable. It remembers no place from before.
        """
        self.settle()
        seat = self.seats[server] = Seat(server)
        self.total += seat.weight
        self.retune()
        seat.pos = self.position + (self.total + self.window - self.position) // seat.weight
        self.requeue(seat)

    def remove(self, server):
        """
        C{server} is no longer usable; nothing happens when it was not.
        """
        if server not in self.seats:
            return
        self.settle()
        seat = self.seats.pop(server)
        self.total -= seat.weight
        self.detach(seat)
        self.retune()

    def reweigh(self, server):
        """
        Take over the new effective weight of a usable C{server}.
        """
        self.settle()
        seat = self.seats[server]
        self.total += server.effectiveWeight - seat.weight
        where = seat.where
        self.detach(seat)
        seat.weight = server.effectiveWeight
        self.retune()
        if where == FRESH:
            self.refresh([seat])
            return
        if where == WAITING:
            seat.pos += self.window
        seat.pos = min(seat.pos, seat.last + seat.step)
        seat.rem = 0
        if seat.pos < self.position + 2:
            seat.pos = self.position + seat.step
        self.requeue(seat)

    def settle(self):
        """
        Bring the places up to date, where they were left to be worked out later.
        """
        if not self._isFull:
            return
        self._isFull = False
        if self._refusals:
            # Each refusal empties the window and begins another one, and puts all of them back last one first.
            self.window = self.position = self.total
            if self._refusals & 1:
                self.fresh.reverse()
                self.fresh.sort(key=WEIGHT)
            self._refusals = 0
