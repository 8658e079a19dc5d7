# -*- test-case-name: lbproxy.test.pool.test_pool -*-
"""
The servers of one backend, and the choice among them.
"""

from lbproxy.pool.admission import Admission
from lbproxy.pool.groups import servingGroup
from lbproxy.pool.queues import WaitQueue
from lbproxy.pool.roundrobin import RoundRobin
from lbproxy.pool.server import WEIGHT_SCALE, Server
from lbproxy.pool.transitions import ALERT, EMERGENCY, NOTICE, downText, emptyText, upText
from lbproxy.pool.weightmap import WeightMap

#: Word of C{balance}: what provides L{IAlgorithm<lbproxy.pool.algorithm.IAlgorithm>} for a pool.
ALGORITHMS = {"roundrobin": RoundRobin, "url_param": WeightMap}


class ServerPool(Admission):
    """
    @ivar proxy: the L{Proxy<lbproxy.config.model.Proxy>}; C{name} and C{allBackups} are its own.
    @ivar counters: the L{ProxyCounters<lbproxy.pool.counters.ProxyCounters>}.
    @ivar servers: tuple of L{Server<lbproxy.pool.server.Server>}s in declaration order; empty in dispatch mode (LB-27).
    @ivar choose: C{choose(avoid=None, key=None)} of the algorithm, with its own words: a server, or C{None} when none
        is usable (C{usableCount} is 0) or all are saturated. Reserves and counts nothing.
    @ivar fullconn: requests in progress at which the limits of servers reach their C{maxconn} (QUE-13, QUE-21).
    @ivar usableCount: usable servers, C{activeCount} and C{backupCount} together.
    @ivar onDown: list of callables called with a server that went down, before its queue is emptied.
    @ivar lastChange: monotonic seconds of the last time the first server came or the last one left.
    @ivar downTransitions: how often the last usable server was lost (CHK-19).
    @ivar downBefore: whole seconds without usable server before C{lastChange}.
    """

    __slots__ = ("proxy", "name", "counters", "clock", "report", "servers", "allBackups", "fullconn", "queue",
                 "queueMax", "waiting", "usableCount", "activeCount", "backupCount", "onDown", "lastChange",
                 "downTransitions", "downBefore", "algorithm", "choose")

    def __init__(self, proxy, counters, clock, report):
        """
        @param clock: has C{seconds()}, monotonic.
        @param report: called with C{(level, text)}, a syslog level and a line to log.
        """
        self.proxy = proxy
        self.name = proxy.name
        self.counters = counters
        self.clock = clock
        self.report = report
        self.allBackups = proxy.allBackups
        self.fullconn = proxy.fullconn or (proxy.maxconn if proxy.isFrontend else 0)
        self.queue = WaitQueue()
        self.queueMax = self.waiting = 0
        self.onDown = []
        self.lastChange = now = clock.seconds()
        self.downTransitions = self.downBefore = 0
        self.servers = tuple([Server(config, self, now) for config in proxy.servers])
        self._recount()
        self.algorithm = ALGORITHMS[proxy.balance.algorithm](self)
        self.choose = self.algorithm.choose

    def __repr__(self):
        return "<ServerPool %s %d/%d>" % (self.name, self.usableCount, len(self.servers))

    def _recount(self):
        usable = [server.backup for server in self.servers if server.usable]
        self.usableCount = len(usable)
        self.backupCount = sum(usable)
        self.activeCount = self.usableCount - self.backupCount

    def isUp(self):
        """
        @return: whether a server is usable, or there is none at all (STA-19).
        """
        return self.usableCount > 0 or not self.servers

    def servingCount(self):
        """
        @return: servers that would serve now: the active ones; else the backups, of which only the first one serves without
            C{allbackups} (ACL-16). int.
        """
        if self.activeCount:
            return self.activeCount
        return self.backupCount if self.allBackups else min(1, self.backupCount)

    def freeSlots(self):
        """
        @return: places for requests, in service and in queues, on the servers that are not down; -1 as soon as one of
            them has no bound (ACL-17). int.
        """
        free = 0
        for server in self.servers:
            if server.running:
                longest = server.config.maxqueue
                if not server.maxconn or not longest:
                    return -1
                free += server.maxconn - server.current + longest - len(server.queue)
        return free

    def weightInUse(self):
        """
        @return: sum of the effective weights of the servers that serve now, in user units, rounded up (STA-16).
        """
        serving = servingGroup(self.servers, self.allBackups)
        return -(-sum([server.effectiveWeight for server in serving]) // WEIGHT_SCALE)

    def downTime(self, now):
        """
        @param now: monotonic seconds.
        @return: whole seconds without usable server, the present time included (CHK-19).
        """
        if self.isUp():
            return self.downBefore
        return self.downBefore + max(0, int(now) - int(self.lastChange))

    def markUp(self, server):
        """
        C{server} comes up: it takes waiters at once (QUE-09), and that is logged at notice level (CHK-18). Nothing
        happens when it is up.
        """
        if server.running:
            return
        now = self.clock.seconds()
        if not self.usableCount:
            self.downBefore = self.downTime(now)
            self.lastChange = now
        server.wentUp(now)
        self._recount()
        self.algorithm.stateChanged(server)
        taken = self.offer(server)
        self.report(NOTICE, upText(server, taken))

    def markDown(self, server):
        """
        C{server} goes down: its idle connections are closed (C{onDown}), with C{option redispatch} its queue is emptied
        (QUE-08), and that is logged at alert level (CHK-17); at emergency level too when it was the last one (CHK-19).
        When backups take over they serve the backend's queue at once. Nothing happens when it is down.
        """
        if not server.running:
            return
        now = self.clock.seconds()
        server.wentDown(now)
        wasActive = self.activeCount
        self._recount()
        self.algorithm.stateChanged(server)
        for callback in self.onDown:
            callback(server)
        if not self.usableCount:
            self.lastChange = now
            self.downTransitions += 1
        moved = self.redistribute(server) if self.proxy.redispatch else 0
        self.report(ALERT, downText(server, moved))
        if not self.usableCount:
            self.report(EMERGENCY, emptyText(self))
        elif self.queue and (server.backup or wasActive != self.activeCount) and not self.activeCount:
            for other in servingGroup(self.servers, self.allBackups):
                self.offer(other)

    def weigh(self, server, effectiveWeight):
        """
        Change the effective weight (LB-04).

        @param effectiveWeight: int, 1 to 4096, in sixteenths of user units.
        """
        before, server.effectiveWeight = server.effectiveWeight, effectiveWeight
        if server.usable:
            self.algorithm.weightChanged(server, before)
