# -*- test-case-name: lbproxy.test.pool.test_sessiontable -*-
"""
What C{appsession} has learned: which server knows an application's session (CKI-19 to CKI-24).
"""

#: Seconds between two sweeps (CKI-22).
SWEEP = 5.0


class Learned:
    """
    One session.

    @ivar server: the L{Server<lbproxy.pool.server.Server>} that set it.
    @ivar expiresAt: monotonic seconds.
    @ivar uses: how often it was asked for since it was learned, int.
    """

    __slots__ = ("server", "expiresAt", "uses")

    def __init__(self, server, expiresAt):
        self.server = server
        self.expiresAt = expiresAt
        self.uses = 0


class SessionTable(dict):
    """
    Key (bytes of the cookie's value) to L{Learned}, the one unused for the longest time first: since all live equally long,
    that is the order in which they expire, and a sweep only looks at what it removes. An entry takes about 330 bytes on
    CPython, and there are never more than C{entries}.

    Sessions are learned from servers only: what a client sends must not fill the table (reference 15).

    @ivar timeout: seconds a session lives after its last use, C{None} for ever.
    @ivar entries: most sessions remembered; beyond, the one unused for the longest time is forgotten.
    @ivar forgotten: how many were forgotten for lack of room.
    """

    __slots__ = ("timeout", "entries", "forgotten")

    def __init__(self, timeout, entries):
        dict.__init__(self)
        self.timeout = timeout
        self.entries = entries
        self.forgotten = 0

    def find(self, key, now):
        """
        Look a session up and make it live longer (CKI-21, CKI-22).

        @param key: bytes, C{None} for none.
        @param now: monotonic seconds.
        @return: its server, C{None} when it is not known.
        """
        learned = self.pop(key, None)
        if learned is None or learned.expiresAt < now:
            return None
        learned.uses += 1
        self._use(key, learned, now)
        return learned.server

    def learn(self, key, server, now):
        """
        A server has set the cookie. A session that is known stays with the server it was learned from.

        @param key: bytes.
        @param now: monotonic seconds.
        """
        learned = self.pop(key, None)
        if learned is None or learned.expiresAt < now:
            learned = Learned(server, now)
            if len(self) >= self.entries:
                del self[next(iter(self))]
                self.forgotten += 1
        else:
            learned.uses += 1
        self._use(key, learned, now)

    def _use(self, key, learned, now):
        learned.expiresAt = float("inf") if self.timeout is None else now + self.timeout
        self[key] = learned

    def sweep(self, now):
        """
        Forget what has expired (CKI-22).

        @param now: monotonic seconds.
        @return: how many were removed, int.
        """
        expired = []
        for key, learned in self.items():
            if learned.expiresAt >= now:
                break
            expired.append(key)
        for key in expired:
            del self[key]
        return len(expired)
