# -*- test-case-name: lbproxy.test.test_service -*-
"""
Tests for L{lbproxy.service}: the life of a balancer, from its sockets to a clean reactor. Time is virtual; listeners are
real sockets on the loopback address that nobody connects to.
"""

import os
import shutil
import signal
import socket
import struct
import tempfile

from twisted.internet.testing import MemoryReactorClock
from twisted.trial import unittest
from zope.interface.verify import verifyObject

from lbproxy.config.model import (
    Bind,
    Configuration,
    Global,
    LogTarget,
    Place,
    Proxy,
    ServerConfig,
    StatsSocket,
    Timeouts,
)
from lbproxy.interfaces import IBalancer, IProxyView, ISession
from lbproxy.observe.commands import FACTS
from lbproxy.service import CannotStart, LoadBalancer
from lbproxy.test.clockwork import step
from lbproxy.test.memory import MemoryTransport

GET = b"GET /x HTTP/1.1\r\nHost: www\r\n\r\n"
TIMES = Timeouts(client=10.0, server=10.0, connect=5.0, queue=5.0)


def freePort():
    """
    @return: the number of a port that was free a moment ago.
    """
    with socket.socket() as sock:
        sock.bind(("127.0.0.1", 0))
        return sock.getsockname()[1]


def isFree(port):
    """
    @return: whether nobody has bound that port.
    """
    with socket.socket() as sock:
        try:
            sock.bind(("127.0.0.1", port))
        except OSError:
            return False
        return True


def backlogOf(sock):
    """
    @return: length of the kernel's queue of a listening socket: C{tcpi_sacked} in Linux's C{struct tcp_info}.
    """
    return struct.unpack_from("I", sock.getsockopt(socket.IPPROTO_TCP, socket.TCP_INFO, 104), 28)[0]


class ServiceCase(unittest.SynchronousTestCase):
    """
    Builds balancers and takes them down again.
    """

    def setUp(self):
        self.reactor = MemoryReactorClock()
        self.reactor.rightNow = 1000.0
        # Names of UNIX sockets must be short.
        self.directory = tempfile.mkdtemp(prefix="lb")
        self.addCleanup(shutil.rmtree, self.directory)

    def listen(self, name="web", ports=(), **settings):
        """
        @return: an HTTP C{listen} with those ports, 0 for any, or one of its own.
        """
        binds = tuple(Bind("127.0.0.1", port, place=Place("lb.cfg", 7)) for port in (ports or (freePort(),)))
        servers = (ServerConfig("a", 1, "127.0.0.1", 9),)
        return Proxy("listen", name, 1, **dict(dict(mode="http", timeouts=TIMES, binds=binds, servers=servers), **settings))

    def balancer(self, *proxies, **settings):
        """
        @return: a L{LoadBalancer} that is closed when the test is over.
        """
        balancer = LoadBalancer(Configuration(Global(**settings), proxies), self.reactor, lambda: 1.0e9)
        self.addCleanup(balancer.unbind)
        return balancer

    def start(self, *proxies, **settings):
        balancer = self.balancer(*proxies, **settings)
        balancer.privilegedStartService()
        balancer.startService()
        self.addCleanup(lambda: balancer.running and balancer.stopService())
        return balancer

    def client(self, balancer, *data, index=0):
        """
        @return: the transport of a client of a frontend.
        """
        frontend = balancer.assembly.frontends[index]
        transport = MemoryTransport(frontend.buildProtocol(None)).connect()
        for piece in data:
            transport.receive(piece)
        return transport

    def accept(self, index=-1):
        """
        @return: the transport of the connection to a server that was asked for.
        """
        factory = self.reactor.tcpClients[index][2]
        return MemoryTransport(factory.buildProtocol(None)).connect()

    def journal(self):
        """
        @return: C{(log targets, function that gives the texts that arrived)}.
        """
        path = os.path.join(self.directory, "log")
        receiver = socket.socket(socket.AF_UNIX, socket.SOCK_DGRAM)
        self.addCleanup(receiver.close)
        receiver.bind(path)
        receiver.setblocking(False)

        def read():
            found = []
            for _ in range(100):
                try:
                    found.append(receiver.recv(2000).decode().partition("]: ")[2].strip())
                except BlockingIOError:
                    break
            return found
        return (LogTarget(path, 16, 7),), read


class BindTests(ServiceCase):
    """
    All listeners are bound before anything else happens, or none is (LST-01).
    """

    def test_taken(self):
        """
        An address in use is told with its proxy and place, and every address bound before it is free again.
        """
        port = freePort()
        taken = socket.socket()
        self.addCleanup(taken.close)
        taken.bind(("127.0.0.1", 0))
        taken.listen(1)
        number = taken.getsockname()[1]
        balancer = self.balancer(self.listen("first", (port,)), self.listen("second", (freePort(), number)))
        problem = self.assertRaises(CannotStart, balancer.bind)
        for part in ("lb.cfg:7", "'second'", "127.0.0.1:%d" % number, "in use"):
            self.assertIn(part, str(problem))
        self.assertTrue(isFree(port))
        self.assertEqual(self.reactor.getReaders(), [])

    def test_nothing(self):
        """
        Without any enabled listener there is nothing to do (LST-18).
        """
        back = Proxy("backend", "app", 1)
        for proxies in ((back,), (self.listen(disabled=True), back), (self.listen(binds=()),)):
            self.assertRaises(CannotStart, self.balancer(*proxies).bind)

    def test_statsSocket(self):
        """
        A stats socket that cannot be opened stops the start too, and frees the listeners.
        """
        port = freePort()
        path = os.path.join(self.directory, "none", "sock")
        balancer = self.balancer(self.listen(ports=(port,)), statsSocket=StatsSocket(path))
        problem = self.assertRaises(CannotStart, balancer.bind)
        self.assertIn(path, str(problem))
        self.assertTrue(isFree(port))

    def test_boundNotListening(self):
        """
        A bound address is ours, but nobody can connect before the service starts.
        """
        port = freePort()
        balancer = self.balancer(self.listen(ports=(port,)))
        balancer.bind()
        self.assertFalse(isFree(port))
        with socket.socket() as sock:
            sock.settimeout(2)
            self.assertRaises(ConnectionRefusedError, sock.connect, ("127.0.0.1", port))
        balancer.unbind()
        self.assertTrue(isFree(port))

    def test_disabledNotBound(self):
        """
        The address of a disabled proxy stays free.
        """
        port = freePort()
        self.balancer(self.listen("off", (port,), disabled=True), self.listen()).bind()
        self.assertTrue(isFree(port))


class StartTests(ServiceCase):
    """
    What there is once it runs.
    """

    def test_listens(self):
        """
        Every listener of every frontend accepts; the kernel takes connections.
        """
        ports = (freePort(), freePort())
        balancer = self.start(self.listen("one", ports), self.listen("two"))
        self.assertEqual([len(frontend.ports) for frontend in balancer.assembly.frontends], [2, 1])
        self.assertEqual(len(self.reactor.getReaders()), 3)
        for port in ports:
            with socket.socket() as sock:
                sock.settimeout(2)
                sock.connect(("127.0.0.1", port))

    def test_bindOnce(self):
        """
        Binding beforehand, as the command line does, or while starting comes to the same.
        """
        for early in (True, False):
            balancer = self.balancer(self.listen())
            if early:
                balancer.bind()
            balancer.privilegedStartService()
            balancer.startService()
            self.assertEqual(len(balancer.assembly.frontends[0].ports), 1)
            balancer.stopService()

    def test_backlog(self):
        """
        The kernel's queue is as long as maxconn, or as backlog says, after a pause as before (LST-02); accepts per wake-up
        are bounded (LST-06).
        """
        balancer = self.start(self.listen("a", maxconn=77), self.listen("b", maxconn=77, backlog=5), maxAccept=9)
        for _ in range(2):
            ports = [frontend.ports[0] for frontend in balancer.assembly.frontends]
            self.assertEqual([backlogOf(port.socket) for port in ports], [77, 5])
            self.assertEqual([port.numberAccepts for port in ports], [9, 9])
            balancer.pause()
            balancer.resume()

    def test_announced(self):
        """
        Each enabled proxy is said to have started.
        """
        logs, read = self.journal()
        self.start(self.listen("one", logs=logs), self.listen("off", disabled=True, logs=logs),
                   Proxy("backend", "two", 2, logs=logs))
        self.assertEqual(read(), ["Proxy one started.", "Proxy two started."])

    def test_monitors(self):
        """
        Checked servers are probed from the start on, others are not; probes stop with the service.
        """
        checked = ServerConfig("c", 2, "127.0.0.1", 9, check=True, checkPort=99, inter=2.0)
        balancer = self.start(self.listen(servers=(ServerConfig("a", 1, "127.0.0.1", 9), checked)))
        step(self.reactor, 2.5)
        self.assertEqual({client[1] for client in self.reactor.tcpClients}, {99})
        balancer.stopService()
        count = len(self.reactor.tcpClients)
        step(self.reactor, 5)
        self.assertEqual(len(self.reactor.tcpClients), count)

    def test_pidfile(self):
        """
        The pid file is there while it runs, and gone afterwards.
        """
        path = os.path.join(self.directory, "pid")
        balancer = self.start(self.listen(), pidfile=path)
        with open(path) as written:
            self.assertEqual(written.read(), "%d\n" % os.getpid())
        balancer.stopService()
        self.assertFalse(os.path.exists(path))

    def test_relays(self):
        """
        A request reaches the server and its answer the client, with the log line of the proxy's target.
        """
        logs, read = self.journal()
        balancer = self.start(self.listen(logs=logs, logFormat="http"))
        client = self.client(balancer, GET)
        server = self.accept()
        self.assertEqual(server.read(), GET)
        server.receive(b"HTTP/1.1 200 OK\r\nContent-Length: 2\r\n\r\nok")
        self.assertTrue(client.read().endswith(b"\r\n\r\nok"))
        self.assertIn(' web web/a 0/0/0/0/0 200 40 - - ---- 0/0/0/0/0 0/0 "GET /x HTTP/1.1"', read()[-1])


class ObservedTests(ServiceCase):
    """
    What a running balancer tells about itself.
    """

    def test_interfaces(self):
        """
        It is an C{IBalancer}, its proxies are C{IProxyView}s, its sessions C{ISession}s.
        """
        balancer = self.start(self.listen(), Proxy("backend", "app", 2))
        self.client(balancer)
        self.assertTrue(verifyObject(IBalancer, balancer))
        for view in balancer.proxies:
            self.assertTrue(verifyObject(IProxyView, view))
        for session in balancer.sessions.values():
            self.assertTrue(verifyObject(ISession, session, tentative=True))

    def test_facts(self):
        """
        show info has all its lines in their order; time and connections move with the truth (STA-25).
        """
        balancer = self.start(self.listen(), maxconn=123)
        self.client(balancer)
        self.reactor.advance(65)
        facts = balancer.facts()
        self.assertEqual([name for name, value in facts][:len(FACTS)], list(FACTS))
        values = dict(facts)
        self.assertEqual((values["Maxconn"], values["CurrConns"], values["Uptime_sec"], values["Uptime"], values["Pid"]),
                         (123, 1, 65, "0d 0h01m05s", os.getpid()))

    def test_views(self):
        """
        Proxies are shown in declaration order with the roles that they have; a stopped frontend is no longer shown.
        """
        front = Proxy("frontend", "front", 1, binds=(Bind("127.0.0.1", freePort()),), defaultBackend="back")
        balancer = self.start(front, Proxy("backend", "back", 2), self.listen("both"))
        self.assertEqual([(view.config.name, view.frontend is not None, view.pool is not None)
                          for view in balancer.proxies],
                         [("front", True, False), ("back", False, True), ("both", True, True)])
        balancer.softStop()
        step(self.reactor, 0.1)
        self.assertEqual([view.stopped for view in balancer.proxies], [True, False, False])

    def test_badRequest(self):
        """
        What was wrong with a message is kept at the proxy it came through (STA-30).
        """
        balancer = self.start(self.listen("one"), self.listen("two"))
        self.client(balancer, b"GET / HTTP/1.1\r\nbad header\r\n\r\n", index=1)
        self.assertEqual([view.lastBadRequest is not None for view in balancer.proxies], [False, True])
        self.client(balancer, GET)
        self.accept().receive(b"220 mail\r\n\r\n")
        self.assertEqual([view.lastBadResponse is not None for view in balancer.proxies], [True, False])


class PauseTests(ServiceCase):
    """
    C{SIGTTOU} and C{SIGTTIN} (RLD-02, RLD-03).
    """

    def test_pauseAndResume(self):
        """
        A pause frees the addresses, so that another process can have them; those who are connected notice nothing.
        """
        port = freePort()
        balancer = self.start(self.listen(ports=(port,)))
        client = self.client(balancer, GET)
        balancer.pause()
        self.assertTrue(isFree(port))
        self.accept().receive(b"HTTP/1.1 200 OK\r\nContent-Length: 2\r\n\r\nok")
        self.assertTrue(client.read().endswith(b"ok"))
        balancer.resume()
        self.assertFalse(isFree(port))
        self.assertEqual(balancer.assembly.frontends[0].status(), "OPEN")

    def test_twice(self):
        """
        Pausing or resuming twice is like once.
        """
        logs, read = self.journal()
        balancer = self.start(self.listen(logs=logs))
        read()
        for action in (balancer.resume, balancer.pause, balancer.pause, balancer.resume, balancer.resume):
            action()
        self.assertEqual(read(), ["Pausing proxy web.", "Enabling proxy web."])
        self.assertEqual(len(balancer.assembly.frontends[0].ports), 1)

    def test_takenMeanwhile(self):
        """
        An address that somebody else has meanwhile is told; nothing stays half open, and a later resume can succeed.
        """
        logs, read = self.journal()
        free, port = freePort(), freePort()
        balancer = self.start(self.listen(ports=(free, port), logs=logs))
        balancer.pause()
        other = socket.socket()
        self.addCleanup(other.close)
        other.bind(("127.0.0.1", port))
        other.listen(1)
        read()
        balancer.resume()
        self.assertIn("Port %d busy" % port, read()[0])
        self.assertTrue(isFree(free))
        self.assertEqual(balancer.assembly.frontends[0].ports, [])
        other.close()
        balancer.resume()
        self.assertEqual(len(balancer.assembly.frontends[0].ports), 2)

    def test_fullMeanwhile(self):
        """
        A frontend that is at its limit when it resumes does not accept until a connection ends.
        """
        balancer = self.start(self.listen(maxconn=1))
        client = self.client(balancer)
        balancer.pause()
        balancer.resume()
        frontend = balancer.assembly.frontends[0]
        self.assertEqual((frontend.status(), frontend.ports[0].reading), ("FULL", False))
        client.reset()
        self.assertEqual((frontend.status(), frontend.ports[0].reading), ("OPEN", True))


class SoftStopTests(ServiceCase):
    """
    C{SIGUSR1} (RLD-01).
    """

    def test_idleProcess(self):
        """
        With nobody there the listeners close and the process ends.
        """
        port = freePort()
        balancer = self.start(self.listen(ports=(port,)))
        balancer.softStop()
        step(self.reactor, 0.1)
        self.assertTrue(isFree(port))
        self.assertTrue(self.reactor.hasStopped)

    def test_waitsForSessions(self):
        """
        Who is being served is served to the end; idle kept connections are closed at once; then the process ends.
        """
        balancer = self.start(self.listen())
        idle = self.client(balancer, GET)
        server = self.accept()
        server.receive(b"HTTP/1.1 200 OK\r\nContent-Length: 2\r\n\r\nok")
        busy = self.client(balancer, GET.replace(b"/x", b"/slow"))
        balancer.softStop()
        step(self.reactor, 3)
        self.assertEqual((idle.lost, busy.lost, self.reactor.hasStopped), (True, False, False))
        server.receive(b"HTTP/1.1 200 OK\r\nContent-Length: 4\r\n\r\nslow")
        self.assertTrue(busy.read().endswith(b"slow"))
        step(self.reactor, 0.2)
        self.assertTrue(busy.lost and self.reactor.hasStopped)

    def test_grace(self):
        """
        Each proxy closes its listeners after its own grace time; the process ends after the longest.
        """
        ports = freePort(), freePort()
        logs, read = self.journal()
        balancer = self.start(self.listen("now", ports[:1], logs=logs), self.listen("later", ports[1:], grace=3.0, logs=logs))
        read()
        balancer.softStop()
        step(self.reactor, 1)
        self.assertEqual(([isFree(port) for port in ports], self.reactor.hasStopped), ([True, False], False))
        self.assertEqual([frontend.status() for frontend in balancer.assembly.frontends], ["STOP", "OPEN"])
        step(self.reactor, 2.5)
        self.assertEqual(([isFree(port) for port in ports], self.reactor.hasStopped), ([True, True], True))
        self.assertEqual(read(), ["Stopping proxy now in 0 ms.", "Stopping proxy later in 3000 ms.",
                                  "Proxy now stopped.", "Proxy later stopped."])

    def test_twice(self):
        """
        A second signal changes nothing.
        """
        logs, read = self.journal()
        balancer = self.start(self.listen(grace=1.0, logs=logs))
        read()
        balancer.softStop()
        balancer.softStop()
        step(self.reactor, 1.5)
        self.assertEqual(read(), ["Stopping proxy web in 1000 ms.", "Proxy web stopped."])

    def test_pausedBefore(self):
        """
        A paused proxy stops as well, and does not come back.
        """
        port = freePort()
        balancer = self.start(self.listen(ports=(port,)))
        balancer.pause()
        balancer.softStop()
        step(self.reactor, 0.1)
        balancer.resume()
        self.assertTrue(isFree(port))
        self.assertTrue(self.reactor.hasStopped)


class SignalTests(ServiceCase):
    """
    Signals (reference 21).
    """

    def test_meanings(self):
        """
        Four signals have a meaning, and act from within the reactor only once it runs.
        """
        installed = {}
        self.patch(signal, "signal", lambda number, action: installed.__setitem__(number, action))
        port = freePort()
        balancer = self.start(self.listen(ports=(port,)))
        balancer.obeySignals()
        self.assertEqual(installed, {})
        for function, arguments, keywords in list(self.reactor.whenRunningHooks)[-1:]:
            function(*arguments, **keywords)
        self.assertEqual(set(installed), {signal.SIGUSR1, signal.SIGTTOU, signal.SIGTTIN, signal.SIGHUP})
        self.reactor.callFromThread = lambda function: function()
        installed[signal.SIGTTOU](signal.SIGTTOU, None)
        self.assertTrue(isFree(port))
        installed[signal.SIGTTIN](signal.SIGTTIN, None)
        self.assertFalse(isFree(port))
        installed[signal.SIGUSR1](signal.SIGUSR1, None)
        step(self.reactor, 0.1)
        self.assertTrue(self.reactor.hasStopped)


class StopTests(ServiceCase):
    """
    Closing everything at once (LST-20, RLD-13).
    """

    def test_descriptors(self):
        """
        Not one descriptor is left: listeners, console and log sockets are closed.
        """
        logs, _ = self.journal()
        before = len(os.listdir("/proc/self/fd"))
        balancer = self.start(self.listen(ports=(freePort(), freePort()), logs=logs),
                              statsSocket=StatsSocket(os.path.join(self.directory, "sock")))
        self.assertGreaterEqual(len(os.listdir("/proc/self/fd")), before + 4)
        balancer.stopService()
        self.assertEqual(len(os.listdir("/proc/self/fd")), before)

    def assertClean(self):
        """
        Nothing of the balancer is left in the reactor.
        """
        self.assertEqual((self.reactor.getDelayedCalls(), self.reactor.getReaders(), self.reactor.getWriters()),
                         ([], [], []))

    def test_whole(self):
        """
        With checks, a console, idle connections, one request under way and one in a queue: no timer, no socket, no session
        is left, and what was under way is logged.
        """
        logs, read = self.journal()
        server = ServerConfig("a", 1, "127.0.0.1", 9, maxconn=1, check=True, checkPort=9)
        path = os.path.join(self.directory, "sock")
        port = freePort()
        balancer = self.start(self.listen(ports=(port,), servers=(server,), logs=logs, logFormat="http"),
                              statsSocket=StatsSocket(path))
        step(self.reactor, 0.5)
        transports = [self.client(balancer, GET)]
        transports.append(self.client(balancer, GET))
        transports.append(self.client(balancer, b"GET /half"))
        read()
        balancer.stopService()
        self.assertEqual([one.lost for one in transports], [True] * 3)
        self.assertEqual(dict(balancer.sessions), {})
        self.assertEqual([" PD-- " in line for line in read()], [True] * 3)
        self.assertTrue(isFree(port))
        self.assertFalse(os.path.exists(path))
        self.assertClean()

    def test_idleConnections(self):
        """
        Idle connections to servers are closed too.
        """
        balancer = self.start(self.listen())
        self.client(balancer, GET)
        server = self.accept()
        server.receive(b"HTTP/1.1 200 OK\r\nContent-Length: 2\r\n\r\nok")
        self.assertFalse(server.lost)
        balancer.stopService()
        self.assertTrue(server.lost)
        self.assertClean()

    def test_paused(self):
        """
        A paused balancer stops cleanly.
        """
        balancer = self.start(self.listen())
        balancer.pause()
        balancer.stopService()
        self.assertClean()

    def test_afterSoftStop(self):
        """
        A hard stop during a soft one, with its grace still running, leaves nothing behind.
        """
        balancer = self.start(self.listen(grace=5.0))
        self.client(balancer, GET)
        balancer.softStop()
        balancer.stopService()
        step(self.reactor, 6)
        self.assertClean()
