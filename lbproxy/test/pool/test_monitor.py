# -*- test-case-name: lbproxy.test.pool.test_monitor -*-
"""
Tests for L{lbproxy.pool.monitor}.
"""

import errno

from twisted.internet.error import ConnectError
from twisted.internet.task import Clock
from twisted.internet.testing import StringTransport
from twisted.trial.unittest import TestCase

from lbproxy.config.model import Check, Timeouts
from lbproxy.pool.monitor import Monitor, startOffsets
from lbproxy.test.clockwork import step
from lbproxy.test.pool.builders import linesOf, makePool

HTTP = Check("http", b"OPTIONS / HTTP/1.0\r\n\r\n")


class Network:
    """
    Connects probes on virtual time.

    @ivar behaviour: C{"up"}, C{"refused"}, C{"black hole"}, or an exception to raise or to report.
    @ivar delay: seconds a connection takes.
    @ivar answer: bytes a target answers with; C{None} for silence. C{thinking}: seconds that takes.
    @ivar started: times of attempts.
    """

    def __init__(self, clock):
        self.clock = clock
        self.behaviour = "up"
        self.delay = self.thinking = 0.0
        self.answer = b"HTTP/1.0 200 OK\r\n\r\n"
        self.started = []
        self.timeouts = []
        self.cancelled = 0
        self.transports = []

    def connect(self, server, protocol, timeout):
        """
        As L{Monitor} wants it.
        """
        self.started.append(round(self.clock.seconds(), 6))
        self.timeouts.append(timeout)
        if isinstance(self.behaviour, Exception):
            raise self.behaviour
        if self.behaviour != "black hole":
            if self.delay:
                self.call = self.clock.callLater(self.delay, self.outcome, protocol)
            else:
                self.outcome(protocol)
        return self

    def outcome(self, protocol):
        """
        The kernel knows.
        """
        self.call = None
        if self.behaviour == "up":
            transport = StringTransport()
            self.transports.append(transport)
            protocol.makeConnection(transport)
            if not transport.disconnecting and self.answer is not None:
                self.clock.callLater(self.thinking, protocol.dataReceived, self.answer)
        else:
            protocol.connectFailed(self.problem())

    def problem(self):
        """
        @return: the exception to report.
        """
        if self.behaviour == "refused":
            return OSError(errno.ECONNREFUSED, "refused")
        return self.behaviour[1]

    def cancel(self):
        """
        The attempt is given up.
        """
        self.cancelled += 1
        call = getattr(self, "call", None)
        if call is not None:
            call.cancel()
            self.call = None


class Base(TestCase):
    """
    One checked server.
    """

    def setUp(self):
        self.clock = Clock()
        self.network = Network(self.clock)
        self.monitor = None

    def tearDown(self):
        if self.monitor is not None:
            self.monitor.stop()
        step(self.clock, 100)
        self.assertEqual(self.clock.getDelayedCalls(), [])

    def watch(self, offset=0.0, proxy=None, spread=0, random=None, **options):
        """
        @return: the server, being checked.
        """
        self.pool = makePool({"a": {"check": True, **options}, "b": {}}, self.clock, **(proxy or {}))
        server = self.pool.servers[0]
        self.monitor = Monitor(server, self.clock, self.network.connect, spread, random)
        self.monitor.start(offset)
        return server

    def trace(self, server, count, interval):
        """
        @return: C{count} states of the server, C{interval} seconds apart.
        """
        states = []
        for _ in range(count):
            step(self.clock, interval)
            states.append(server.status())
        return states


class IntervalTests(Base):
    """
    When checks are made (CHK-11, CHK-14, CHK-15).
    """

    def test_healthy(self):
        """
        The first comes after the offset, then one each C{inter}.
        """
        self.watch(offset=0.75, inter=2.0)
        step(self.clock, 7)
        self.assertEqual(self.network.started, [0.75, 2.75, 4.75, 6.75])

    def test_fromTheEnd(self):
        """
        The delay counts from the end of a check, however long it took.
        """
        self.network.delay = 1.5
        self.watch(inter=2.0)
        step(self.clock, 12)
        self.assertEqual(self.network.started, [0.0, 3.5, 7.0, 10.5])

    def test_states(self):
        """
        C{fastinter} while it goes up or down, C{downinter} while it is down.
        """
        server = self.watch(inter=3.0, fastinter=1.0, downinter=5.0)
        step(self.clock, 3.5)
        self.assertEqual((self.network.started, server.status()), ([0.0, 3.0], "UP"))
        self.network.behaviour = "refused"
        step(self.clock, 14.0)
        self.assertEqual(self.network.started[2:], [6.0, 7.0, 8.0, 13.0])
        self.assertEqual((server.status(), server.running), ("DOWN", False))
        self.network.behaviour = "up"
        step(self.clock, 10.0)
        self.assertEqual(self.network.started[6:], [18.0, 19.0, 22.0, 25.0])
        self.assertEqual(server.status(), "UP")

    def test_spread(self):
        """
        C{spread-checks} moves each delay within its bounds.
        """
        chances = iter([0.0, 0.5, 0.75, 0.5, 0.5])
        self.watch(inter=2.0, spread=50, random=lambda: next(chances))
        step(self.clock, 7)
        self.assertEqual(self.network.started, [0.0, 3.0, 5.0, 6.5])

    def test_offsets(self):
        """
        The servers of all proxies that are not disabled start one after the other.
        """
        first = makePool({"a": {"check": True}, "b": {}})
        off = makePool({"c": {"check": True}}, disabled=True)
        last = makePool({"d": {"check": True}, "e": {"check": True, "inter": 9.0}})
        self.assertEqual([(server.name, offset) for server, offset in startOffsets([first, off, last])],
                         [("a", 0.0), ("d", 2.0 / 3), ("e", 6.0)])


class VerdictTests(Base):
    """
    What checks do to a server.
    """

    def test_downAndUp(self):
        """
        C{fall} failures take it down, C{rise} successes bring it up; failures are counted, the last as a transition,
        and both are logged (CHK-09, CHK-17 to CHK-20).
        """
        server = self.watch(inter=1.0)
        step(self.clock, 0.5)
        self.network.behaviour = "refused"
        self.assertEqual(self.trace(server, 4, 1.0), ["UP 2/3", "UP 1/3", "DOWN", "DOWN"])
        self.assertEqual((server.failedChecks, server.downTransitions, server.usable), (2, 1, False))
        self.network.behaviour = "up"
        self.assertEqual(self.trace(server, 3, 1.0), ["DOWN 1/2", "UP", "UP"])
        self.assertEqual([level for level, _ in linesOf(self.pool)], [1, 5])
        self.assertEqual(server.downTime(self.clock.seconds()), 3)

    def test_firstFailure(self):
        """
        A server that fails its very first check is down (CHK-08).
        """
        self.network.behaviour = "refused"
        server = self.watch()
        self.assertTrue(server.running)
        step(self.clock, 0)
        self.assertFalse(server.running)

    def test_http(self):
        """
        The answer decides.
        """
        server = self.watch(proxy={"check": HTTP}, inter=1.0)
        step(self.clock, 0.5)
        self.assertEqual(server.status(), "UP")
        self.assertEqual(self.network.transports[0].value(), HTTP.request)
        self.network.answer = b"HTTP/1.0 503 Busy\r\n\r\n"
        self.assertEqual(self.trace(server, 3, 1.0), ["UP 2/3", "UP 1/3", "DOWN"])

    def test_cannotStart(self):
        """
        When the machine has no descriptor left the server is not to blame; it is tried again at the next interval
        (CHK-32).
        """
        refused = ConnectError(osError=errno.ENOBUFS)
        for behaviour in [OSError(errno.EMFILE, "too many"), ("report", OSError(errno.EADDRNOTAVAIL, "no port")),
                          ("report", refused), RuntimeError("oops")]:
            self.setUp()
            server = self.watch(inter=1.0)
            step(self.clock, 0.5)
            self.network.behaviour = behaviour
            self.assertEqual(self.trace(server, 3, 1.0), ["UP"] * 3)
            self.assertEqual((server.failedChecks, self.network.started), (0, [0.0, 1.0, 2.0, 3.0]))
            self.network.behaviour = "refused"
            self.assertEqual(self.trace(server, 1, 1.0), ["UP 2/3"])
            self.tearDown()
        self.assertEqual(len(self.flushLoggedErrors(RuntimeError)), 3)

    def test_badTransition(self):
        """
        Somebody failing to cope with the news does not end the checks.
        """
        server = self.watch(inter=1.0)
        self.pool.onDown.append(lambda which: 1 // 0)
        self.network.behaviour = "refused"
        step(self.clock, 3.5)
        self.assertEqual(len(self.network.started), 4)
        self.assertFalse(server.running)
        self.assertEqual(len(self.flushLoggedErrors(ZeroDivisionError)), 1)


class TimeoutTests(Base):
    """
    How long a check may take (CHK-12, CHK-13).
    """

    def failsAfter(self, timeouts, inter=2.0, behaviour="up", delay=0.0, answer=None):
        """
        @return: seconds until the first check of a target failed; 60 when it did not within a minute.
        """
        self.setUp()
        self.network.behaviour, self.network.delay, self.network.answer = behaviour, delay, answer
        server = self.watch(inter=inter, proxy={"check": HTTP, "timeouts": timeouts})
        passed = 0.0
        while server.running and passed < 60:
            step(self.clock, 0.125)
            passed += 0.125
        self.monitor.stop()
        self.assertEqual(self.clock.getDelayedCalls(), [])
        return passed

    def test_times(self):
        """
        Without C{timeout check} all within C{inter}; with it the connection within C{inter} or the connect timeout,
        then the answer within the check timeout. What is not set does not count.
        """
        for timeouts, options, expected in [
            (Timeouts(), {}, 2.0),
            (Timeouts(), {"delay": 1.5}, 2.0),
            (Timeouts(connect=0.5), {}, 2.0),
            (Timeouts(connect=0.5), {"behaviour": "black hole"}, 2.0),
            (Timeouts(connect=0.5, check=5.0), {"behaviour": "black hole"}, 0.5),
            (Timeouts(connect=9.0, check=5.0), {"behaviour": "black hole"}, 2.0),
            (Timeouts(check=5.0), {"behaviour": "black hole"}, 2.0),
            (Timeouts(check=5.0), {}, 5.0),
            (Timeouts(check=5.0), {"delay": 1.0}, 6.0),
            (Timeouts(check=0.25), {"delay": 1.0}, 1.25),
        ]:
            self.assertEqual(self.failsAfter(timeouts, **options), expected, (timeouts, options))

    def test_dropped(self):
        """
        A connection whose time is up is dropped, an attempt given up.
        """
        self.failsAfter(Timeouts())
        self.assertTrue(self.network.transports[0].disconnected)
        self.assertEqual(self.network.cancelled, 0)
        self.failsAfter(Timeouts(), behaviour="black hole")
        self.assertEqual(self.network.cancelled, 1)

    def test_slowButGood(self):
        """
        A target that answers in time is up, with either timeout left unset.
        """
        for timeouts in (Timeouts(), Timeouts(connect=1.9), Timeouts(check=1.9)):
            self.setUp()
            self.network.thinking = 1.8
            server = self.watch(inter=2.0, proxy={"check": HTTP, "timeouts": timeouts})
            step(self.clock, 10)
            self.assertEqual(server.status(), "UP")
            self.tearDown()


class StopTests(Base):
    """
    The end of checking (CHK-16).
    """

    def test_between(self):
        """
        No check is made after the stop, and none is made twice after a new start.
        """
        self.watch(inter=1.0)
        step(self.clock, 1.5)
        self.monitor.stop()
        self.monitor.stop()
        self.assertFalse(self.monitor.isRunning)
        step(self.clock, 10)
        self.assertEqual(self.network.started, [0.0, 1.0])
        self.monitor.start(0.5)
        self.monitor.start(0.5)
        step(self.clock, 1)
        self.assertEqual(self.network.started[2:], [12.0])

    def test_during(self):
        """
        A check under way is dropped and judges nobody, while it connects or waits for the answer.
        """
        for behaviour in ("black hole", "up"):
            self.setUp()
            self.network.behaviour, self.network.answer = behaviour, None
            server = self.watch(proxy={"check": HTTP})
            step(self.clock, 1)
            self.monitor.stop()
            self.assertEqual(self.clock.getDelayedCalls(), [])
            step(self.clock, 10)
            self.assertEqual((server.status(), len(self.network.started)), ("UP 1/3", 1))
            self.assertTrue(self.network.cancelled or self.network.transports[0].disconnected)

    def test_byTheNews(self):
        """
        It may be stopped by those who hear that the server went down.
        """
        server = self.watch(inter=1.0)
        self.pool.onDown.append(lambda which: self.monitor.stop())
        self.network.behaviour = "refused"
        step(self.clock, 5)
        self.assertEqual((server.running, self.network.started), (False, [0.0]))

    def test_disabled(self):
        """
        The servers of a disabled proxy are not checked.
        """
        self.watch(proxy={"disabled": True})
        step(self.clock, 10)
        self.assertEqual(self.network.started, [])
