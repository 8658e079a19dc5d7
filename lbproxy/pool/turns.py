# -*- test-case-name: lbproxy.test.pool.test_ring -*-
"""
The ring when all weights are equal.

As long as every server asked has room, the rules of reference 11 then come down to visiting the servers in turn: a pick
costs a tenth. The places are worked out when something else happens: a server without room, one to avoid, a change.
That both give the same sequence is proven by test.
"""

from lbproxy.pool.line import FRESH
from lbproxy.pool.ring import Ring


class TurningRing(Ring):
    """
    @ivar order: the servers in turn while that is all there is to know, else C{None}.
    @ivar turn: index of the next one. C{size}: their number. C{rounds}: complete rounds since C{order} was made.
    """

    __slots__ = ("order", "turn", "rounds", "size", "_seatOrder")

    def __init__(self, pool, servers):
        self.order = self._seatOrder = None
        self.turn = self.rounds = self.size = 0
        Ring.__init__(self, pool, servers)
        self.takeTurns()

    def takeTurns(self):
        """
        At the start of a window: visit in turn from now on if that is possible.

        @return: whether it is.
        """
        if not self.isEven or self.current or not self.fresh or len(self.fresh) != len(self.seats):
            return False
        self._seatOrder = self.fresh[::-1]
        self.order = [seat.server for seat in self._seatOrder]
        self.size = len(self.order)
        self.turn = self.rounds = 0
        return True

    def windowBegins(self):
        """
        @return: the first server when it has room and from now on they are visited in turn, else C{None}.
        """
        if not self.fresh or not self.fresh[-1].server.hasRoom() or not self.takeTurns():
            return None
        self.rounds, self.turn = divmod(1, self.size)
        return self.order[0]

    def pick(self, avoid):
        """
        One pick by the complete rules.
        """
        if self.order is not None:
            self._derive()
        return Ring.pick(self, avoid)

    def settle(self):
        """
        Bring the places up to date.
        """
        if self.order is not None:
            self._derive()
        Ring.settle(self)

    def _derive(self):
        # What the complete rules would have arrived at after as many picks. The windows of equal weights are alike; a
        # full one is not the same as an empty one.
        size, seats, window = self.size, self._seatOrder, self.window
        picks = self.rounds * size + self.turn
        self.order = self._seatOrder = None
        if picks:
            picks = (picks - 1) % self.total + 1
        rounds, turn = divmod(picks, size)
        self.position = window + picks
        self.fresh = []
        for index, seat in enumerate(seats):
            visits = rounds + (index < turn)
            seat.rem = 0
            if not visits:
                seat.where = FRESH
                self.fresh.append(seat)
                continue
            seat.pos = window + index + size * visits
            seat.last = seat.pos - size
            self.requeue(seat)
        self.fresh.reverse()
