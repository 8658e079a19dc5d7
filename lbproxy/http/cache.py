# -*- test-case-name: lbproxy.test.http.test_cache -*-
"""
Heads that were seen before.

Clients of a kept connection, and servers under load, send the same head again and again: a poller its request, a server
its answer within one second of its Date. A head is immutable once parsed, so the same bytes give the same object. This is
a tenth of the cost of the shortest parse. Only complete canonical heads are kept, within a bound.
"""

#: Heads kept at most; then all are forgotten, which costs less than remembering which were used.
ENTRIES = 1024

#: Longer heads (long cookies, mostly) are not kept: 2 MiB in all at most.
LONGEST = 2048


class HeadCache(dict):
    """
    Bytes of a head to the parsed head. C{get} is the hot path.
    """

    __slots__ = ()

    def keep(self, key, head):
        """
        @param key: the bytes that were parsed, whole and alone.
        @param head: what they mean.
        """
        if len(key) <= LONGEST:
            if len(self) >= ENTRIES:
                self.clear()
            self[key] = head
