# -*- test-case-name: lbproxy.test.pool.test_roundrobin -*-
"""
Weighted round robin: the algorithm that gets the servers' groups right and asks the ring of the serving one.
"""

from zope.interface import implementer

from lbproxy.pool.algorithm import IAlgorithm
from lbproxy.pool.groups import servingGroup
from lbproxy.pool.turns import TurningRing


class _Nobody:
    """
    The ring of no server.
    """

    __slots__ = ()
    order = None

    def pick(self, _avoid):
        """
        @return: C{None}.
        """
        return None


class _Alone:
    """
    The ring of the one backup that serves (LB-23).
    """

    __slots__ = ("server",)
    order = None

    def __init__(self, server):
        self.server = server

    def pick(self, _avoid):
        """
        @return: the server, avoided or not, C{None} when it is saturated.
        """
        return self.server if self.server.hasRoom() else None


@implementer(IAlgorithm)
class RoundRobin:
    """
    C{balance roundrobin} (LB-01 to LB-05, LB-28).

    @ivar serving: the L{TurningRing<lbproxy.pool.turns.TurningRing>} of the group that serves now.
    """

    __slots__ = ("pool", "serving", "_active", "_backup")

    def __init__(self, pool):
        self.pool = pool
        usable = [server for server in pool.servers if server.usable]
        self._active = TurningRing(pool, [server for server in usable if not server.backup])
        self._backup = TurningRing(pool, [server for server in usable if server.backup])
        self._settle()

    def choose(self, avoid=None, key=None):
        """
        @param key: not looked at.
        @return: a server with room, or C{None} (L{IAlgorithm.choose}).
        """
        ring = self.serving
        order = ring.order
        if order is not None and avoid is None:
            turn = ring.turn
            server = order[turn]
            if not server.maxconn or server.hasRoom():
                turn += 1
                if turn == ring.size:
                    ring.rounds += 1
                    turn = 0
                ring.turn = turn
                return server
        return ring.pick(avoid)

    def stateChanged(self, server):
        """
        C{server} became usable or unusable.
        """
        ring = self._backup if server.backup else self._active
        if server.usable:
            ring.add(server)
        else:
            ring.remove(server)
        self._settle()

    def weightChanged(self, server, before):
        """
        Takes effect without restarting the cycle (LB-04).
        """
        (self._backup if server.backup else self._active).reweigh(server)

    def _settle(self):
        pool = self.pool
        members = servingGroup(pool.servers, pool.allBackups)
        if not members:
            self.serving = _Nobody()
        elif not members[0].backup:
            self.serving = self._active
        elif pool.allBackups:
            self.serving = self._backup
        else:
            self.serving = _Alone(members[0])
