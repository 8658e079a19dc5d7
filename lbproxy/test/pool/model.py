# -*- test-case-name: lbproxy.test.pool.test_ring -*-
"""
The round robin of reference 11 word by word: sorted lists, no shortcuts. What the real one is compared with.
"""


class Model:
    """
    @ivar servers: usable servers of one group.
    """

    def __init__(self, servers):
        self.count = 0
        self.place = {server: {"pos": 0, "rem": 0, "last": 0} for server in servers}
        self.fresh, self.current, self.waiting = [], [], []
        for server in servers:
            self._byWeight(self.fresh, server)
        self.P = self.W = self.N = sum(server.effectiveWeight for server in servers)

    def _byWeight(self, where, server):
        self.count += 1
        where.append((-server.effectiveWeight, self.count, server))
        where.sort()

    def _queue(self, server):
        place = self.place[server]
        if place["pos"] >= 2 * self.W or place["pos"] >= self.W + self.N:
            place["pos"] -= self.W
            self._byWeight(self.waiting, server)
        else:
            self.count += 1
            key = 256 * place["pos"] + (4080 + place["rem"] - server.effectiveWeight) // 16
            self.current.append((key, self.count, server))
            self.current.sort()

    def _candidate(self):
        if self.current and self.place[self.current[0][2]]["pos"] <= self.P:
            return self.current.pop(0)[2]
        if self.fresh:
            server = self.fresh.pop(0)[2]
            self.place[server].update(pos=0, rem=0)
            return server
        return self.current.pop(0)[2] if self.current else None

    def pick(self, avoid=None):
        """
        @return: a server or C{None}.
        """
        if self.W == 0:
            self.W = self.P = self.N
        aside, avoided, swapped = [], None, False
        while True:
            server = self._candidate()
            if server is None:
                if swapped:
                    server = avoided
                    break
                swapped = True
                self.fresh, self.waiting = self.waiting, self.fresh
                self.W = self.P = self.N
                continue
            place, weight = self.place[server], server.effectiveWeight
            base = place["pos"] or self.P
            place.update(last=base, pos=base + self.N // weight, rem=place["rem"] + self.N % weight)
            if place["rem"] >= weight:
                place["rem"] -= weight
                place["pos"] += 1
            self.P += 1
            if not server.maxconn or (not server.queue and server.served < server.limit()):
                if server is not avoid or avoided is not None:
                    break
                avoided = server
            aside.insert(0, server)
        if server is not None:
            self._queue(server)
        for other in aside:
            if other is not server:
                if swapped:
                    self._byWeight(self.fresh, other)
                else:
                    self._queue(other)
        return server

    def _out(self, server):
        where = None
        for label in ("fresh", "current", "waiting"):
            entries = getattr(self, label)
            for entry in list(entries):
                if entry[2] is server:
                    entries.remove(entry)
                    where = label
        return where

    def up(self, server):
        """
        A server comes up.
        """
        place = self.place[server] = {"pos": 0, "rem": 0, "last": 0}
        self.N += server.effectiveWeight
        place["pos"] = self.P + (self.N + self.W - self.P) // server.effectiveWeight
        self._queue(server)

    def down(self, server):
        """
        A server goes down.
        """
        self._out(server)
        self.N -= server.effectiveWeight

    def reweigh(self, server, before):
        """
        A weight changed.
        """
        self.N += server.effectiveWeight - before
        where, place = self._out(server), self.place[server]
        if where == "fresh":
            self._byWeight(self.fresh, server)
            return
        if where == "waiting":
            place["pos"] += self.W
        step = self.N // server.effectiveWeight
        place["pos"] = min(place["pos"], place["last"] + step)
        place["rem"] = 0
        if place["pos"] < self.P + 2:
            place["pos"] = self.P + step
        self._queue(server)
