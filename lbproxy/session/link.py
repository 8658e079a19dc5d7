# -*- test-case-name: lbproxy.test.session.test_link -*-
"""
One request's way to a server: choosing, queueing, connecting, retrying, redispatching.

It knows neither HTTP nor sockets. It is the only place where a server's slot is taken and given back, and where
connection attempts, retries, redispatches and connection errors are counted (reference 8, CON-06 to CON-08).
"""


from lbproxy.session.linkinputs import LinkInputs
from lbproxy.session.linksearch import LinkSearch
from lbproxy.session.states import (
    AGAIN,
    ANSWERED,
    CON,
    ELSEWHERE,
    EVENTS,
    EXHAUSTED,
    FORSAKEN,
    INI,
    PAUSE,
    REUSED,
    SETTLED,
    STARTED,
    STATES,
    WIDTH,
    compileTable,
)

#: Seconds between a refused attempt and the next one (CON-03).
TURN_AROUND = 1.0


class ProtocolBug(Exception):
    """
    A pair of state and event that the table does not know.
    """


class Link(LinkSearch, LinkInputs):
    """
    @ivar exchange: the request: C{request started and log fields}; told C{linkEstablished(side)} or
        C{linkFailed(cause, phase)} through its C{client}.
    @ivar backend: the L{Backend<lbproxy.session.backend.Backend>}.
    @ivar server: the assigned L{Server<lbproxy.pool.server.Server>}, C{None} without one or in dispatch mode.
    @ivar side: the server side, once there is one.
    @ivar deadline: when the current waiting ends, C{None} for never.
    @ivar since: time of the complete request: the age in queues.
    @ivar left: attempts left after the current one.
    """

    server = side = attempt = deadline = queuedOn = avoid = None
    holdsSlot = isCounted = False
    position = 0
    state = INI

    def __init__(self, exchange, client, backend, since):
        self.exchange = exchange
        self.client = client
        self.backend = backend
        self.pool = backend.pool
        self.since = since
        self.left = backend.retries

    def step(self, event):
        """
        Take one event, and those that follow from it at once.

        @raise ProtocolBug: for a pair the table does not know; it is counted, and the session ends.
        """
        table = TABLE
        while event is not None:
            entry = table[self.state * WIDTH + event]
            if entry is None:
                self.backend.process.protocolBugs += 1
                raise ProtocolBug("%s in %s" % (EVENTS[event], STATES[self.state]))
            action, self.state = entry
            event = action(self) if action is not None else None

    # -- actions: one for each arrow of the table --------------------------------------------------------------

    def wait(self):
        """
        REQ to QUE.
        """
        exchange = self.exchange
        if self.queuedOn is self.pool:
            exchange.backendQueue += self.position
        else:
            exchange.serverQueue += self.position
        timeout = self.backend.queueTimeout
        now = exchange.queuedUntil = self.backend.seconds()
        if timeout is not None:
            self.deadline = now + timeout
        self.client.linkWaits(self.deadline)

    def served(self):
        """
        QUE to ASS.
        """
        self.deadline = None
        previous, self.avoid = self.avoid, None
        if previous is not None:
            self._countMove(previous, self.server)
        if self.exchange.redirectable and self.server.config.redirect is not None:
            self.exchange.queuedUntil = self.backend.seconds()
            return ANSWERED
        return self.assigned()

    def moved(self):
        """
        QUE to REQ.
        """
        self.avoid, self.server = self.server, None
        return self.findServer()

    def overdue(self):
        """
        QUE to CLO, by the timer (QUE-10).
        """
        self.pool.leave(self)
        self._countError()
        self.exchange.queuedUntil = self.backend.seconds()
        self._fail("s", "Q")

    def leftQueue(self):
        """
        QUE to CLO, by the client.
        """
        self.pool.leave(self)
        self.deadline = None
        self.exchange.queuedUntil = self.backend.seconds()
        self._fail("C", "Q")

    def unserved(self):
        """
        REQ to CLO: no server, or its queue is full.
        """
        server = self.server
        self._countError()
        self._fail("S", "C" if server is None else "Q")

    def assigned(self):
        """
        REQ, QUE to ASS: the queue, if there was one, ends here.
        """
        exchange = self.exchange
        # A request that did not wait is assigned in the instant it was complete.
        now = exchange.queuedUntil = self.since if exchange.queuedUntil is None else self.backend.seconds()
        return self._begin(now)

    def again(self):
        """
        CER, TAR to ASS: the same server once more; the time it takes counts as connecting.
        """
        return self._begin(self.backend.seconds())

    def _begin(self, now):
        server = self.server
        if server is not None:
            server.cumulated += 1
            rate = server.rate
            if now < rate.until:
                rate.count += 1
            else:
                rate.tick(now)
            server.current = current = server.current + 1
            if current > server.currentMax:
                server.currentMax = current
            self.isCounted = True
            idle = server.idle
            exchange = self.exchange
            if idle and exchange.mayReuse and not exchange.replaced:
                side = self.side = self.backend.takeIdle(idle, exchange)
                if side is not None:
                    return REUSED
        return STARTED

    def connect(self):
        """
        ASS to CON; EST to CON when a reused connection was dead.
        """
        backend = self.backend
        timeout = backend.connectTimeout
        self.deadline = None if timeout is None else backend.seconds() + timeout
        side = self.side = self.client.newServerSide(self)
        attempt = backend.connectorFor(self.server, self.client).open(side)
        if self.state == CON and self.side is side:
            self.attempt = attempt
            self.client.linkWaits(self.deadline)

    def established(self):
        """
        ASS, CON to EST.
        """
        self.deadline = None
        side, exchange = self.side, self.exchange
        exchange.connectedAt = exchange.queuedUntil if side.reused else self.backend.seconds()
        self.client.linkEstablished(side)

    def refused(self):
        """
        CON to CER: an error; the next attempt waits (CON-03).
        """
        return self._attemptFailed(PAUSE, "S")

    def late(self):
        """
        CON to CER: the connect timer; the next attempt is immediate.
        """
        self._cancelAttempt()
        return self._attemptFailed(None, "s")

    def unable(self):
        """
        CON to CER: a local failure, reported by the server side; the next attempt is immediate.
        """
        return self._attemptFailed(None, "R")

    def _cancelAttempt(self):
        attempt, side = self.attempt, self.side
        self.attempt = self.side = None
        if attempt is not None:
            attempt.cancel()
        if side is not None:
            side.forget()

    def _attemptFailed(self, following, cause):
        """
        Reference 8. The slot is kept: nobody may steal it during the turn-around (QUE-16).
        """
        server, backend, exchange = self.server, self.backend, self.exchange
        self._uncount()
        self.left -= 1
        exchange.failure = cause
        if self.left < 0:
            return EXHAUSTED
        exchange.retries = backend.retries - self.left
        if self.left == 0 and backend.redispatch and server is not None:
            self.avoid = server
            return following or ELSEWHERE
        backend.counters.retries += 1
        if server is not None:
            server.retries += 1
        return following or AGAIN

    def pause(self):
        """
        CER to TAR.
        """
        self.deadline = self.backend.seconds() + TURN_AROUND
        self.client.linkWaits(self.deadline)

    def rested(self):
        """
        The turn-around is over.
        """
        return ELSEWHERE if self.avoid is not None else AGAIN

    def exhausted(self):
        """
        CER to CLO.
        """
        self._countError()
        self._giveSlot()
        self._fail(self.exchange.failure, "C")

    def leftPause(self):
        """
        TAR to CLO: the session count was given back when the attempt failed (CON-10).
        """
        self.deadline = None
        self._giveSlot()
        self._fail("C", "C")

    def abandon(self):
        """
        CON to DIS: the client left while connecting (CON-11).
        """
        self.deadline = None
        self._cancelAttempt()
        self._uncount()
        self._giveSlot()
        return FORSAKEN

    def disconnect(self):
        """
        EST to DIS to CLO: the server's part is over.
        """
        server = self.server
        if self.isCounted:
            self.isCounted = False
            server.current -= 1
        if self.holdsSlot:
            self.holdsSlot = False
            self.pool.give(server)
        return SETTLED

    def forsaken(self):
        """
        DIS to CLO: accounting is done for a client that left while connecting.
        """
        self._fail("C", "C")

    # -- accounting: the one place -----------------------------------------------------------------------------

    def _uncount(self):
        if self.isCounted:
            self.isCounted = False
            self.server.current -= 1

    def _giveSlot(self):
        if self.holdsSlot:
            self.holdsSlot = False
            self.pool.give(self.server)

    def _countError(self):
        self.pool.counters.connectErrors += 1
        if self.server is not None:
            self.server.connectErrors += 1

    def _fail(self, cause, phase):
        self.client.linkFailed(cause, phase)


TABLE = compileTable(Link)

__all__ = ["TABLE", "TURN_AROUND", "Link", "ProtocolBug"]
