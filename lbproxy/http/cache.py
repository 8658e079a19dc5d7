# -*- test-case-name: lbproxy.test.http.test_cache -*-
"""
Heads that were seen before.

Clients of a kept connection, and servers under load, send the same head again and again: a poller its request, a server
its answer within one second of its Date. A head is immutable once parsed, so the same bytes give the same object. This is
a tenth of the cost of the shortest parse. Only complete canonical heads are kept, within a bound.
"""

#: Heads kept at most; then all are forgotten, which costs less than remembering which were used.
ENTRIES = 1024

#: The same where something is remembered about heads, for each proxy that does.
NOTES = 256

#: Longer heads (long cookies, mostly) are not kept: 2 MiB in all at most.
LONGEST = 2048


class HeadCache(dict):
    """
    Bytes of a head to the parsed head. C{get} is the hot path.
    """

    __slots__ = ()

    most = ENTRIES

    def keep(self, key, head, size=None):
        """
        @param key: the bytes that were parsed, whole and alone; or a tuple of them and of what else decides.
        @param head: what they mean.
        @param size: bytes in such a tuple; C{None} when C{key} is bytes.
        """
        if (len(key) if size is None else size) <= LONGEST:
            if len(self) >= self.most:
                self.clear()
            self[key] = head


class HeadNotes(HeadCache):
    """
    The same for what was found out about a head.
    """

    __slots__ = ()

    most = NOTES
