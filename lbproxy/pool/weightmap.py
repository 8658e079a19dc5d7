# -*- test-case-name: lbproxy.test.pool.test_weightmap -*-
"""
The static map of servers by weight, and the hash that leads into it (reference 12).
"""

from array import array
from functools import reduce
from heapq import heappop, heappush
from math import gcd

from zope.interface import implementer

from lbproxy.pool.algorithm import IAlgorithm
from lbproxy.pool.groups import servingGroup

_MASK = (1 << 64) - 1


def textHash(text):
    """
    The hash S of reference 12, on 64-bit unsigned arithmetic with signed bytes (LB-30).

    @param text: bytes of any length.
    @return: int, 0 to 2^64 - 1.
    """
    total = 0
    for byte in array("b", text):
        total = (byte + total * 65599) & _MASK
    return total


def layOut(weights):
    """
    Spread servers over the slots of a map.

    In every slot each server's score grows by its weight; the first one with the greatest whole number of totals,
    counted upward from zero, takes the slot and pays one total. Scores are only looked at when they pass a multiple of
    the total, so this takes as long as the map is, whatever the number of servers.

    @param weights: list of ints above 0, in declaration order.
    @return: list of indexes into C{weights}; its length is their sum.
    """
    total = sum(weights)
    levels = [1 + weight // total for weight in weights]
    rises = [1 + weight // total for weight in weights]
    ready = [(-level, index) for index, level in enumerate(levels)]
    ready.sort()
    due = [[] for _ in range(total + 1)]
    for index, weight in enumerate(weights):
        _schedule(due, total, rises, weight, index)
    slots = []
    for slot in range(1, total + 1):
        for index in due[slot]:
            levels[index] += 1
            rises[index] += 1
            heappush(ready, (-levels[index], index))
            _schedule(due, total, rises, weights[index], index)
        due[slot] = None
        while True:
            level, index = heappop(ready)
            if -level == levels[index]:
                break
        levels[index] -= 1
        if levels[index] > 0:
            heappush(ready, (-levels[index], index))
        slots.append(index)
    return slots


def _schedule(due, total, rises, weight, index):
    when = -(-total * rises[index] // weight)
    if when <= total:
        due[when].append(index)


@implementer(IAlgorithm)
class WeightMap:
    """
    C{balance url_param}: the hash of the key designates a server, saturated or not (LB-13, LB-21, LB-22); without a key
    the servers of the map take turns. Static: only going up and down changes the map (LB-04).
    """

    __slots__ = ("pool", "_divisor", "_slots", "_index")

    def __init__(self, pool):
        self.pool = pool
        self._divisor = reduce(gcd, [server.weight for server in pool.servers], 0) or 1
        self._slots = None
        self._index = 0

    def slots(self):
        """
        @return: the map: a list of usable servers, empty when there is none. One usable server has one slot (LB-31).
        """
        slots = self._slots
        if slots is None:
            pool = self.pool
            servers = servingGroup(pool.servers, pool.allBackups)
            if len(servers) > 1:
                servers = [servers[index] for index in layOut([server.weight // self._divisor for server in servers])]
            slots = self._slots = servers
        return slots

    def choose(self, avoid=None, key=None):
        """
        @param avoid: only looked at without a key.
        @param key: bytes of the parameter's value, or C{None}.
        @return: a server, or C{None} (L{IAlgorithm.choose}).
        """
        slots = self._slots
        if slots is None:
            slots = self.slots()
        if not slots:
            return None
        if key is not None:
            return slots[0] if len(slots) == 1 else slots[textHash(key) % len(slots)]
        return self._inTurn(slots, avoid)

    def _inTurn(self, slots, avoid):
        size = len(slots)
        start = index = self._index if self._index < size else 0
        avoided = None
        while True:
            server = slots[index]
            index += 1
            if not server.maxconn or server.current < server.limit():
                if server is not avoid:
                    self._index = index
                    return server
                avoided, avoidedIndex = server, index
            if index == size:
                index = 0
            if index == start:
                break
        if avoided is not None:
            self._index = avoidedIndex
        return avoided

    def stateChanged(self, server):
        """
        The map is made again when it is asked next.
        """
        self._slots = None

    def weightChanged(self, server, before):
        """
        Nothing changes.
        """
