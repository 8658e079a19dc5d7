# -*- test-case-name: lbproxy.test.pool.test_monitor -*-
"""
Watching over servers.
"""

from twisted.internet.defer import Deferred
from twisted.internet.task import LoopingCall
from twisted.logger import Logger

from lbproxy.net.connect import LOCAL_FAILURES
from lbproxy.pool import health
from lbproxy.pool.probes import PROBES

_log = Logger()

#: How a check ended.
PASSED = 1
FAILED = 2
NOT_STARTED = 3


class Check:
    """
    One check under way.

    Without C{timeout check} all of it has C{inter}; with it the connection has C{inter} or the connect timeout if that
    is less, then the answer has the check timeout (CHK-12, CHK-13).
    """

    __slots__ = ("server", "clock", "concluded", "probe", "attempt", "timer", "isOver", "_answerTime")

    def __init__(self, server, clock, concluded):
        """
        @param concluded: called once with C{PASSED}, C{FAILED} or C{NOT_STARTED}.
        """
        self.server = server
        self.clock = clock
        self.concluded = concluded
        config = server.pool.proxy.check
        self.probe = PROBES[config.kind](self, config)
        self.attempt = self.timer = None
        self.isOver = False
        self._answerTime = server.pool.proxy.timeouts.check

    def begin(self, connect):
        """
        @param connect: see L{Monitor}.
        """
        timeouts = self.server.pool.proxy.timeouts
        limit = self.server.config.inter
        if timeouts.check is not None and timeouts.connect is not None:
            limit = min(limit, timeouts.connect)
        self.timer = self.clock.callLater(limit, self._timeUp)
        try:
            self.attempt = connect(self.server, self.probe, limit)
        except OSError as problem:
            self.probe.connectFailed(problem)
        except Exception:
            _log.failure("a check of {server} could not start", server=self.server)
            self._end(NOT_STARTED)

    def connected(self):
        """
        The probe got its connection.
        """
        if self._answerTime is not None and not self.isOver:
            self.timer.reset(self._answerTime)

    def succeeded(self):
        """
        The probe is content.
        """
        self._end(PASSED)

    def failed(self, reason):
        """
        The probe is not; when this machine is to blame the server is not (CHK-32).

        @param reason: an exception with C{errno} or C{osError}, or anything.
        """
        code = getattr(reason, "errno", None) or getattr(reason, "osError", None)
        self._end(NOT_STARTED if self.probe.transport is None and code in LOCAL_FAILURES else FAILED)

    def _timeUp(self):
        self._drop()
        self._end(FAILED)

    def _drop(self):
        self.probe.abandon()
        if self.attempt is not None and self.probe.transport is None:
            self.attempt.cancel()

    def cancel(self):
        """
        End it without a verdict.
        """
        if not self.isOver:
            self.isOver = True
            if self.timer.active():
                self.timer.cancel()
            self._drop()

    def _end(self, outcome):
        if self.isOver:
            return
        self.isOver = True
        if self.timer.active():
            self.timer.cancel()
        self.concluded(outcome)


class Monitor:
    """
    Checks one server again and again, and marks it up and down (CHK-08 to CHK-12, CHK-20).

    C{connect(server, protocol, timeout)} makes the connection: it calls C{protocol.makeConnection(transport)} or
    C{protocol.connectFailed(exception)}, before it returns or later, and returns an object with C{cancel()}, after
    which neither is called. It knows the address (C{addr}, C{port}) and the source address (CHK-02, CHK-31); the
    timeout is kept here too.

    @ivar server: the L{Server<lbproxy.pool.server.Server>}, whose C{checked} is true.
    """

    def __init__(self, server, clock, connect, spread=0, random=None):
        """
        @param clock: C{IReactorTime}.
        @param connect: see above.
        @param spread: percent, 0 to 50 (CHK-15).
        @param random: called for a float in [0, 1) when C{spread} is not 0.
        """
        self.server = server
        self._clock = clock
        self._connect = connect
        self._spread = spread
        self._random = random
        self._loop = self._check = self._done = None

    @property
    def isRunning(self):
        """
        Whether it was started and not stopped.
        """
        return self._loop is not None

    def start(self, offset):
        """
        Begin checking. Nothing happens when it was started, or when the proxy is disabled (CHK-16).

        @param offset: seconds until the first check (CHK-14).
        """
        if self._loop is not None or self.server.pool.proxy.disabled:
            return
        self._loop = loop = LoopingCall(self._begin)
        loop.clock = self._clock
        loop.start(offset, now=False).addErrback(self._broken)

    def stop(self):
        """
        Check no more; a check under way is dropped without a verdict (CHK-16).
        """
        loop, self._loop = self._loop, None
        if loop is None:
            return
        if loop.running:
            loop.stop()
        check, self._check = self._check, None
        if check is not None:
            check.cancel()
            self._release()

    def _broken(self, failure):
        _log.failure("checks of {server} ended", failure, server=self.server)

    def _begin(self):
        done = self._done = Deferred()
        check = self._check = Check(self.server, self._clock, self._concluded)
        check.begin(self._connect)
        return done

    def _concluded(self, outcome):
        self._check = None
        try:
            self._judge(outcome)
        except Exception:
            _log.failure("a transition of {server} went wrong", server=self.server)
        loop = self._loop
        if loop is not None:
            # A LoopingCall keeps step with its start: the delay counts from the end of this check.
            loop.interval = health.spreadDelay(
                health.nextDelay(self.server.health, self.server.config), self._spread, self._random)
            loop.starttime = self._clock.seconds()
        self._release()

    def _release(self):
        done, self._done = self._done, None
        if done is not None:
            done.callback(None)

    def _judge(self, outcome):
        server, config = self.server, self.server.config
        if outcome == NOT_STARTED:
            return
        if outcome == PASSED:
            server.health, meaning = health.afterSuccess(server.health, config.rise, config.fall)
            if meaning == health.GOES_UP:
                server.pool.markUp(server)
            return
        server.health, meaning = health.afterFailure(server.health, config.rise)
        if meaning == health.WEAKENED:
            server.failedChecks += 1
        elif meaning == health.GOES_DOWN:
            server.pool.markDown(server)


def startOffsets(pools):
    """
    When the first check of each server is due (CHK-14).

    @param pools: all L{ServerPool<lbproxy.pool.pool.ServerPool>}s in declaration order; disabled proxies are left out
        (CHK-16).
    @return: list of C{(server, seconds)} for the checked servers.
    """
    servers = [server for pool in pools if not pool.proxy.disabled for server in pool.servers if server.checked]
    return list(zip(servers, health.startOffsets([server.config for server in servers])))
