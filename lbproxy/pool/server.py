# -*- test-case-name: lbproxy.test.pool.test_server -*-
"""
One server of a backend, at run time.
"""

from lbproxy.pool.counters import RateCounter
from lbproxy.pool.health import checkWord, fullHealth
from lbproxy.pool.queues import WaitQueue

#: Effective weight of one unit of user weight (LB-02).
WEIGHT_SCALE = 16


class Server:
    """
    The state, the counters and the queue of a server. L{ServerPool<lbproxy.pool.pool.ServerPool>} changes its state;
    sessions change its counters.

    @ivar config: the L{ServerConfig<lbproxy.config.model.ServerConfig>}; C{name}, C{id}, C{backup}, C{weight} are its
        own.
    @ivar pool: the pool it belongs to.
    @ivar effectiveWeight: 16 times C{weight} unless it is modulated; L{shownWeight} gives user units.
    @ivar running: not down.
    @ivar usable: may get balanced requests: running and of some weight (LB-29).
    @ivar checked: has health checks of its own.
    @ivar health: the health value of reference 13, an int.
    @ivar maxconn: upper limit of sessions being served, 0 for none. C{minconn}: lower end of it (QUE-12, QUE-13).
    @ivar isDynamic: the limit follows the load of the backend.
    @ivar served: slots reserved. C{current}: connections being attempted or established.
    @ivar queue: L{WaitQueue<lbproxy.pool.queues.WaitQueue>} of requests that want this very server; C{queueMax}: the
        longest it was.
    @ivar isOffering: its free slots are being given away right now.
    @ivar idle: idle server sides, most recently used last.
    @ivar lastChange: monotonic seconds of the last transition up or down (CHK-21).
    @ivar downBefore: whole seconds spent down before C{lastChange}.
    """

    __slots__ = ("config", "name", "id", "pool", "backup", "weight", "effectiveWeight", "running", "usable", "checked",
                 "health", "maxconn", "minconn", "isDynamic", "served", "current", "currentMax", "cumulated",
                 "selected", "rate", "bytesIn", "bytesOut", "connectErrors", "responseErrors", "deniedResponses",
                 "retries", "redispatches", "failedChecks", "downTransitions", "queue", "queueMax", "isOffering",
                 "idle", "lastChange", "downBefore", "_address")

    _COUNTERS = ("served", "current", "currentMax", "cumulated", "selected", "bytesIn", "bytesOut", "connectErrors",
                 "responseErrors", "deniedResponses", "retries", "redispatches", "failedChecks", "downTransitions",
                 "queueMax", "downBefore")

    def __init__(self, config, pool, now):
        """
        @param now: monotonic seconds: it is up since then (CHK-01, CHK-08).
        """
        for name in self._COUNTERS:
            setattr(self, name, 0)
        self.config = config
        self.pool = pool
        self.name = config.name
        self.id = config.id
        self.backup = config.backup
        self.weight = config.weight
        self.effectiveWeight = config.weight * WEIGHT_SCALE
        self.running = True
        self.usable = self.effectiveWeight > 0
        self.checked = config.check
        self.health = config.rise
        self.maxconn = max(config.maxconn, config.minconn)
        self.minconn = config.minconn or self.maxconn
        self.isDynamic = self.minconn != self.maxconn
        self.rate = RateCounter()
        self.queue = WaitQueue()
        self.isOffering = False
        self.idle = []
        self.lastChange = now
        self._address = None if config.port is None else (config.address, config.port)

    def __repr__(self):
        return "<Server %s/%s %s>" % (self.pool.name, self.name, self.status())

    def address(self, clientPort):
        """
        Where to connect to (CFG-26).

        @param clientPort: port the client connected to, 0 to 65535; not looked at when the server's own is fixed,
            C{None} for a client without one (counts as 0).
        @return: C{(host, port)}; the sum of port and offset is taken modulo 65536.
        """
        if self._address is not None:
            return self._address
        return self.config.address, ((clientPort or 0) + self.config.portOffset) & 0xFFFF

    def limit(self):
        """
        The present limit of sessions served (QUE-12, reference 9).

        @return: int, at least 1; 0 for no limit.
        """
        most = self.maxconn
        if not self.isDynamic:
            return most
        pool = self.pool
        load = pool.counters.beCurrent
        if load >= pool.fullconn:
            return most
        return max(self.minconn, load * most // pool.fullconn)

    def hasRoom(self):
        """
        @return: whether a new request may be given to it now: nobody waits for it, and its limit is not reached
            (LB-05).
        """
        most = self.maxconn
        if not most:
            return True
        return not self.queue and self.served < (self.limit() if self.isDynamic else most)

    def status(self):
        """
        @return: the state in words, as the CSV gives it (reference 13).
        """
        if not self.checked:
            return "no check"
        return checkWord(self.health, self.running, self.config.rise, self.config.fall)

    def shownWeight(self):
        """
        @return: the effective weight in user units, rounded up (LB-02, STA-16).
        """
        return -(-self.effectiveWeight // WEIGHT_SCALE)

    def downTime(self, now):
        """
        @param now: monotonic seconds.
        @return: whole seconds spent down, the present time down included (CHK-21).
        """
        if self.running:
            return self.downBefore
        return self.downBefore + max(0, int(now) - int(self.lastChange))

    def wentUp(self, now):
        """
        Note a transition; only the pool calls this.

        @param now: monotonic seconds.
        """
        self.downBefore = self.downTime(now)
        self.lastChange = now
        self.running = True
        self.usable = self.effectiveWeight > 0
        self.health = fullHealth(self.config.rise, self.config.fall)

    def wentDown(self, now):
        """
        Note a transition; only the pool calls this.

        @param now: monotonic seconds.
        """
        self.lastChange = now
        self.running = self.usable = False
        self.health = 0
        self.downTransitions += 1
