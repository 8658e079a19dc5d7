# -*- test-case-name: lbproxy.test.session.test_link -*-
"""
What a link is told: by the pool, by the server side, by the session, by time.
"""

from twisted.python import log
from twisted.python.failure import Failure

from lbproxy.session.states import (
    ABORTED,
    CLO,
    CON,
    CONNECTED,
    DIS,
    ENDED,
    EST,
    LATE,
    MOVED,
    OVERDUE,
    QUE,
    REFUSED,
    RESTED,
    SERVED,
    STALE,
    TAR,
    UNABLE,
    WANTED,
)


class LinkInputs:
    """
    The part of a L{Link<lbproxy.session.link.Link>} that turns calls into events.
    """

    def start(self):
        """
        A server is wanted.
        """
        self.step(WANTED)

    def dequeued(self, server):
        """
        Called by the pool: C{server}'s slot is ours.
        """
        self.server = server
        self.holdsSlot = True
        self._stepFor(SERVED)

    def redistributed(self):
        """
        Called by the pool: the server whose queue we were in went down (QUE-08).
        """
        self._stepFor(MOVED)

    def _stepFor(self, event):
        """
        Take an event that another session's end brings: what goes wrong here is none of its business.
        """
        client = self.client
        try:
            self.step(event)
        except Exception:
            log.err(Failure(), "a waiting session")
            client.destroy()

    def connected(self):
        """
        Called by the server side when the network layer says so.
        """
        self.attempt = None
        self.step(CONNECTED)

    def connectFailed(self, isLocal):
        """
        Called by the server side.

        @param isLocal: this machine, not the server, had a problem (CON-03).
        """
        self.attempt = self.side = None
        self.step(UNABLE if isLocal else REFUSED)

    def expired(self):
        """
        The deadline has come.
        """
        state = self.state
        self.deadline = None
        if state == CON:
            self.step(LATE)
        elif state == TAR:
            self.step(RESTED)
        elif state == QUE:
            self.step(OVERDUE)

    def abort(self):
        """
        The client left, or the session failed on its own.
        """
        self.step(ABORTED)

    def release(self):
        """
        Forget the session: the two know each other, and nobody shall have to collect them.
        """
        self.exchange = self.client = self.side = None

    def destroy(self):
        """
        The last safety net (SES-03): give back whatever is held, whatever the state says.
        """
        self.pool.leave(self)
        self._cancelAttempt()
        self._uncount()
        self._giveSlot()
        self.state = CLO

    def end(self):
        """
        The server's part is over.
        """
        self.step(ENDED)

    def replace(self):
        """
        The reused connection is dead and the request may be sent again (reference 23): invisible to every counter.
        """
        self.side = None
        self.step(STALE)

    @property
    def isWaiting(self):
        """
        Whether it is on its way: neither established nor over.
        """
        return self.state not in (EST, CLO, DIS)
