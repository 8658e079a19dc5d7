# -*- test-case-name: lbproxy.test.session.test_frontend -*-
"""
Tests for L{lbproxy.session.frontend} and L{lbproxy.session.balancer}: limits of connections, and what a log line counts.
"""

import errno
import os

from twisted.trial import unittest

from lbproxy.config.model import Global, Proxy, ServerConfig, Timeouts
from lbproxy.test.memory import House, MemoryTransport

GET = b"GET /x HTTP/1.1\r\nHost: www\r\n\r\n"
OK = b"HTTP/1.1 200 OK\r\nContent-Length: 2\r\n\r\nok"


class FakePort:
    """
    A listening port.

    @ivar changes: C{"start"} and C{"stop"}, in order.
    """

    def __init__(self):
        self.changes = []

    def startReading(self):
        """
        Accept again.
        """
        self.changes.append("start")

    def stopReading(self):
        """
        Leave connections in the kernel's queue.
        """
        self.changes.append("stop")


def otherFrontend(name, maxconn=2000):
    """
    @return: one more TCP frontend of C{app}.
    """
    return Proxy("frontend", name, 10, mode="tcp", maxconn=maxconn, defaultBackend="app",
                 timeouts=Timeouts(client=10.0, server=8.0, connect=5.0))


class FrontendCase(unittest.SynchronousTestCase):
    """
    A TCP house with fake ports.
    """

    def build(self, ports=1, **settings):
        self.house = House(**dict(dict(mode="tcp"), **settings))
        self.house.behave(a="accept")
        self.ports = {}
        for frontend in self.house.assembly.frontends:
            frontend.ports = self.ports[frontend.name] = [FakePort() for _ in range(ports)]
        return self.house

    def client(self, frontend):
        """
        @return: a new client of that frontend.
        """
        return MemoryTransport(frontend.buildProtocol(None)).connect()


class MaxconnTests(FrontendCase):
    """
    C{maxconn} of a frontend (LST-03).
    """

    def test_fullAndOpen(self):
        """
        At its limit a frontend leaves further connections to the kernel and reads FULL; it accepts as soon as one ends.
        """
        self.build(front_maxconn=2)
        frontend, port = self.house.frontend, self.ports["web"][0]
        first = self.house.client()
        self.assertEqual((frontend.status(), port.changes), ("OPEN", []))
        self.house.client()
        self.assertEqual((frontend.status(), port.changes), ("FULL", ["stop"]))
        first.reset()
        self.assertEqual((frontend.status(), port.changes), ("OPEN", ["stop", "start"]))
        self.house.client()
        self.assertEqual((frontend.status(), port.changes), ("FULL", ["stop", "start", "stop"]))
        self.assertEqual(frontend.counters.feMax, 2)

    def test_allPorts(self):
        """
        Every listener of the frontend pauses, those of other frontends do not.
        """
        self.build(ports=3, front_maxconn=1, more=(otherFrontend("other"),))
        client = self.house.client()
        self.assertEqual([port.changes for port in self.ports["web"]], [["stop"]] * 3)
        self.assertEqual([port.changes for port in self.ports["other"]], [[]] * 3)
        self.assertEqual([one.status() for one in self.house.assembly.frontends], ["FULL", "OPEN"])
        client.reset()
        self.assertEqual([port.changes for port in self.ports["web"]], [["stop", "start"]] * 3)

    def test_whoWasAccepted(self):
        """
        A batch that was accepted before the port paused is still served, and only the last to leave opens the door.
        """
        self.build(front_maxconn=1)
        clients = [self.house.client(), self.house.client()]
        self.assertEqual(self.house.origin().lost, False)
        clients[0].reset()
        self.assertEqual(self.house.frontend.status(), "FULL")
        clients[1].reset()
        self.assertEqual((self.house.frontend.status(), self.ports["web"][0].changes), ("OPEN", ["stop", "start"]))

    def test_httpConnections(self):
        """
        It is connections that are limited, not requests: an idle kept one still counts.
        """
        self.build(mode="http", front_maxconn=1)
        client = self.house.client(GET)
        self.house.origin().receive(OK)
        self.assertEqual(self.house.frontend.status(), "FULL")
        client.end()
        self.assertEqual(self.house.frontend.status(), "OPEN")

    def test_backendHasNone(self):
        """
        A pure backend is never limited that way, whatever its load (LST-05).
        """
        self.build(front_maxconn=1, maxconn=0)
        self.house.client()
        self.assertEqual(self.house.backend.counters.beCurrent, 1)
        self.assertTrue(self.house.pool.isUp())

    def test_stopped(self):
        """
        A frontend that was stopped reads STOP, full or not.
        """
        self.build(front_maxconn=1)
        self.house.frontend.stopped = True
        self.assertEqual(self.house.frontend.status(), "STOP")
        self.house.client()
        self.assertEqual(self.house.frontend.status(), "STOP")


class ProcessMaxconnTests(FrontendCase):
    """
    C{maxconn} of the process (LST-04).
    """

    def setUp(self):
        self.build(globals_=Global(maxconn=3), more=(otherFrontend("other"),))
        self.web, self.other = self.house.assembly.frontends

    def changes(self):
        return [self.ports[frontend.name][0].changes for frontend in (self.web, self.other)]

    def test_everyFrontend(self):
        """
        The sum over all frontends counts; at the limit all of them pause, and all resume when one connection ends.
        """
        self.client(self.web), self.client(self.other)
        self.assertEqual(self.changes(), [[], []])
        last = self.client(self.web)
        self.assertEqual(self.changes(), [["stop"], ["stop"]])
        self.assertEqual([self.web.status(), self.other.status()], ["FULL", "FULL"])
        last.reset()
        self.assertEqual(self.changes(), [["stop", "start"], ["stop", "start"]])
        self.assertEqual([self.web.status(), self.other.status()], ["OPEN", "OPEN"])

    def test_bothLimits(self):
        """
        A frontend at its own limit stays closed when the process has room again.
        """
        self.build(globals_=Global(maxconn=3), front_maxconn=2, more=(otherFrontend("other"),))
        web, other = self.house.assembly.frontends
        clients = [self.client(web), self.client(web), self.client(other)]
        self.assertEqual([web.status(), other.status()], ["FULL", "FULL"])
        clients[2].reset()
        self.assertEqual([web.status(), other.status()], ["FULL", "OPEN"])
        clients[0].reset()
        self.assertEqual([web.status(), other.status()], ["OPEN", "OPEN"])

    def test_consoleCounts(self):
        """
        A connection to the console counts; when it goes, the frontends accept again (SES-28).
        """
        self.client(self.web), self.client(self.web)

        class Console:
            id = 99

        console = Console()
        self.house.balancer.sessionBegan(console)
        self.assertEqual(self.web.status(), "FULL")
        self.house.balancer.sessionEnded(console)
        self.assertEqual(self.web.status(), "OPEN")


class SystemLimitTests(FrontendCase):
    """
    The system runs out of something while accepting (LST-10).
    """

    def test_report(self):
        """
        An emergency line names the proxy, how many connections there are, and what the system said.
        """
        self.build()
        self.house.client(), self.house.client()
        self.house.frontend.acceptFailed(OSError(errno.EMFILE, os.strerror(errno.EMFILE)))
        (level, text), = self.house.events
        self.assertEqual(level, 0)
        for part in ("Proxy web", " 2 connections", os.strerror(errno.EMFILE)):
            self.assertIn(part, text)

    def test_survives(self):
        """
        Nobody's connection suffers, and the frontend stays open.
        """
        self.build()
        client = self.house.client(b"hello")
        self.house.frontend.acceptFailed(OSError(errno.ENOBUFS, ""))
        self.assertEqual(self.house.frontend.status(), "OPEN")
        self.house.origin().receive(b"answer")
        self.assertEqual(client.read(), b"answer")


class LogCounterTests(FrontendCase):
    """
    C{actconn/feconn/beconn/srv_conn} of a log line, without the session itself (LOG-14).
    """

    def counts(self):
        return [(one.actConn, one.feConn, one.beConn, one.srvConn) for one in self.house.logs]

    def test_alone(self):
        """
        A lone session reads 0/0/0/0, in both modes, on a kept connection too.
        """
        self.build()
        self.house.client(b"x").reset()
        self.assertEqual(self.counts(), [(0, 0, 0, 0)])
        self.build(mode="http")
        client = self.house.client(GET)
        for _ in range(2):
            self.house.origin().receive(OK)
            client.receive(GET)
        client.reset()
        self.assertEqual(self.counts(), [(0, 0, 0, 0)] * 3)

    def test_others(self):
        """
        Each number counts what is left at its own level.
        """
        self.build(servers=("a", "b"), more=(otherFrontend("other"), Proxy(
            "listen", "third", 11, mode="tcp", timeouts=Timeouts(client=10.0),
            servers=(ServerConfig("s", 1, "10.3.0.1", 80),))))
        self.house.behave(b="accept")
        web, other, third = self.house.assembly.frontends
        first = self.client(web)            # a
        self.client(other)                  # b
        self.client(web)                    # a
        self.client(third)
        first.reset()
        self.assertEqual(self.counts(), [(3, 1, 2, 1)])

    def test_withoutServer(self):
        """
        A request that never had a server counts none.
        """
        self.build(mode="http")
        self.house.client(GET)
        self.house.client(b"nonsense\r\n\r\n")
        self.assertEqual(self.counts(), [(1, 1, 0, 0)])

    def test_queued(self):
        """
        A request that was given up in the queue counts those that are served.
        """
        self.build(mode="http", server={"maxconn": 1}, timeouts={"queue": 2.0})
        self.house.client(GET)
        self.house.client(GET)
        self.house.step(2.1)
        self.assertEqual(self.counts()[0][:3], (1, 1, 1))

    def test_onlyOnce(self):
        """
        Emitting twice gives one line.
        """
        self.build()
        self.house.client(b"x").reset()
        self.house.frontend.emit(self.house.logs[0])
        self.assertEqual(len(self.house.logs), 1)


class CountingTests(FrontendCase):
    """
    What a frontend counts.
    """

    def test_sessions(self):
        """
        Current, highest and total number of connections, and their rate.
        """
        self.build()
        counters = self.house.frontend.counters
        clients = [self.house.client() for _ in range(3)]
        for client in clients[:2]:
            client.reset()
        self.house.client()
        self.assertEqual((counters.feCurrent, counters.feMax, counters.feTotal), (2, 3, 4))
        self.assertEqual(counters.feRate.read(self.house.clock.seconds()), 4)

    def test_listed(self):
        """
        Every connection is listed in the order of accept, with a number of its own (SES-25).
        """
        self.build()
        clients = [self.house.client() for _ in range(3)]
        numbers = list(self.house.balancer.sessions)
        self.assertEqual(numbers, sorted(set(numbers)))
        self.assertEqual([session.transport for session in self.house.balancer.sessions.values()], clients)
        clients[1].reset()
        self.assertEqual(list(self.house.balancer.sessions), [numbers[0], numbers[2]])

    def test_defaultLog(self):
        """
        With the default format every connection is reported when it begins (LOG-07).
        """
        self.build()
        seen = []
        self.house.frontend.logConnection = lambda session: seen.append(session.source)
        self.house.client(peername=("10.0.0.7", 77))
        self.assertEqual(seen, [("10.0.0.7", 77)])

    def test_kindName(self):
        """
        Messages call a listen section a proxy (LOG-23).
        """
        self.build(more=(Proxy("listen", "both", 12, mode="tcp"),))
        self.assertEqual([one.kindName for one in self.house.assembly.frontends], ["frontend", "proxy"])

    def test_patience(self):
        """
        A silent new connection is given the shorter of the two timeouts, or all the time there is.
        """
        for client, request, patience in ((10.0, 3.0, 3.0), (2.0, 3.0, 2.0), (None, 3.0, 3.0), (2.0, None, 2.0),
                                          (None, None, None)):
            self.build(mode="http", timeouts={"client": client, "httpRequest": request})
            silent = self.house.client()
            self.assertEqual(self.house.frontend.headPatience, patience)
            if patience is not None:
                self.house.step(patience - 0.05)
                self.assertFalse(silent.lost)
                self.house.step(0.1)
                self.assertIn(b" 408 ", silent.read())
            else:
                self.house.step(600)
                self.assertFalse(silent.lost)
