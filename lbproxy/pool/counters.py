# -*- test-case-name: lbproxy.test.pool.test_counters -*-
"""
What a proxy counts.
"""


class RateCounter:
    """
    Events per second over a sliding second: the running second plus the share of the previous one that is still inside
    the last second (PRF-17).

    @ivar until: end of the running second. Where every tenth of a microsecond counts, C{count} may be incremented directly
        before it.
    """

    __slots__ = ("second", "until", "count", "previous")

    def __init__(self):
        self.second = 0
        self.until = 1
        self.count = 0
        self.previous = 0

    def tick(self, now):
        """
        Count one event.

        @param now: monotonic seconds, float.
        """
        if now >= self.until:
            second = int(now)
            self.previous = self.count if second == self.until else 0
            self.second = second
            self.until = second + 1
            self.count = 0
        self.count += 1

    def read(self, now):
        """
        Changes nothing.

        @param now: monotonic seconds, float.
        @return: events per second, int. A lone event reads as 1 until the end of the second after its own, without
            flapping.
        """
        second = int(now)
        if second == self.second:
            count, previous = self.count, self.previous
        else:
            count, previous = 0, self.count if second == self.second + 1 else 0
        if previous <= 1 and not count:
            return previous
        return count + previous * (1000 - int((now - second) * 1000)) // 1000


class ProxyCounters:
    """
    The counters of one proxy, shared by the frontend and the backend side of a C{listen} section. All are ints from 0,
    but the two L{RateCounter}s.

    @ivar feCurrent: client connections now; C{feMax} the most at once, C{feTotal} all so far, C{feRate} per second.
    @ivar beCurrent: requests in progress here, queued ones included; C{beMax}, C{beTotal}, C{beRate} likewise.
    @ivar bytesIn: bytes from clients; C{bytesOut} bytes to clients.
    @ivar selected: decisions of the balancing algorithm (LB-25).
    """

    __slots__ = ("feCurrent", "feMax", "feTotal", "feRate", "beCurrent", "beMax", "beTotal", "beRate", "bytesIn",
                 "bytesOut", "deniedRequests", "deniedResponses", "failedRequests", "connectErrors", "responseErrors",
                 "retries", "redispatches", "selected")

    def __init__(self):
        for name in self.__slots__:
            setattr(self, name, 0)
        self.feRate = RateCounter()
        self.beRate = RateCounter()
