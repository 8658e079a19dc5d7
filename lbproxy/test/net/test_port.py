# -*- test-case-name: lbproxy.test.net.test_port -*-
"""
Tests for L{lbproxy.net.port} and L{lbproxy.net.connect}, on a reactor stepped by hand and loopback sockets.
"""

import errno
import os
import socket

from twisted.internet import interfaces, protocol
from twisted.internet.error import CannotListenError
from zope.interface.verify import verifyObject

from lbproxy.config.model import Bind
from lbproxy.net.connect import ServerConnector
from lbproxy.net.listen import bindListener, startListening
from lbproxy.test.net.test_transport import LeanTestCase, Recorder


class Accepting(protocol.ServerFactory):
    """
    Keeps what it accepts.
    """

    noisy = False

    def __init__(self):
        self.protocols = []
        self.failures = []
        self.onAccept = lambda: None

    def buildProtocol(self, address):
        self.address = address
        proto = Recorder()
        self.protocols.append(proto)
        self.onAccept()
        return proto

    def acceptFailed(self, problem):
        self.failures.append(problem)


class Outcome(Recorder):
    """
    Notes how a connection attempt ended.
    """

    def connectionMade(self):
        self.events.append(("connected",))

    def connectFailed(self, reason):
        self.events.append(("failed", getattr(reason, "errno", None)))


class PortTestCase(LeanTestCase):
    """
    With a way to listen.
    """

    def listen(self, bind=None, backlog=20, maxAccept=100):
        """
        @return: C{(factory, port)}.
        """
        factory = Accepting()
        sock = bindListener(bind or Bind(host="127.0.0.1", port=0))
        return factory, startListening(self.reactor, sock, factory, backlog, maxAccept)

    def client(self, port):
        """
        @return: a connected socket.
        """
        host = port.socket.getsockname()
        sock = socket.socket(port.socket.family, socket.SOCK_STREAM)
        self.sockets.append(sock)
        sock.connect(host)
        return sock


class LeanPortTests(PortTestCase):
    """
    Listening.
    """

    def test_interface(self):
        """
        It is an ordinary listening port.
        """
        _, port = self.listen()
        verifyObject(interfaces.IListeningPort, port)
        self.assertEqual(port.getHost().host, "127.0.0.1")

    def test_accepts(self):
        """
        A connection gets a protocol with a connected transport and the address of the client.
        """
        factory, port = self.listen()
        sock = self.client(port)
        self.turn(1)
        self.assertEqual(factory.address.port, sock.getsockname()[1])
        factory.protocols[0].transport.write(b"hello")
        self.assertEqual(sock.recv(10), b"hello")

    def test_batch(self):
        """
        One wake-up accepts at most as many as tune.maxaccept says (LST-06).
        """
        factory, port = self.listen(maxAccept=2)
        for _ in range(5):
            self.client(port)
        counts = []
        for _ in range(3):
            self.turn(1)
            counts.append(len(factory.protocols))
        self.assertEqual(counts, [2, 4, 5])

    def test_noBound(self):
        """
        -1 accepts all there are.
        """
        factory, port = self.listen(maxAccept=-1)
        for _ in range(5):
            self.client(port)
        self.turn(1)
        self.assertEqual(len(factory.protocols), 5)

    def test_paused(self):
        """
        A port paused in the middle of a batch accepts not one more; resumed, it goes on (LST-03, LST-04).
        """
        factory, port = self.listen()
        factory.onAccept = port.stopReading
        for _ in range(3):
            self.client(port)
        self.turn()
        self.assertEqual(len(factory.protocols), 1)
        factory.onAccept = lambda: None
        port.startReading()
        self.turn()
        self.assertEqual(len(factory.protocols), 3)

    def test_stopped(self):
        """
        A stopped port is free at once.
        """
        _, port = self.listen()
        number = port.getHost().port
        self.successResultOf(port.stopListening())
        with socket.socket() as sock:
            self.assertEqual(sock.connect_ex(("127.0.0.1", number)), errno.ECONNREFUSED)

    def test_exhausted(self):
        """
        Running out of descriptors is reported, the port rests, and accepts again later (LST-10).
        """
        factory, port = self.listen()
        real = port.socket

        class Exhausted:
            def _accept(self):
                raise OSError(errno.EMFILE, "too many")

        port.socket = Exhausted()
        port.readable()
        port.socket = real
        self.assertEqual([problem.errno for problem in factory.failures], [errno.EMFILE])
        self.assertFalse(port.reading)
        self.client(port)
        self.turn()
        self.assertEqual(factory.protocols, [])
        [call] = self.reactor.getDelayedCalls()
        call.func()
        call.cancel()
        self.turn()
        self.assertEqual(len(factory.protocols), 1)

    def test_taken(self):
        """
        An address that is taken is refused, and no socket stays open.
        """
        _, port = self.listen()
        number = port.getHost().port
        problem = self.assertRaises(OSError, bindListener, Bind(host="127.0.0.1", port=number))
        self.assertEqual(problem.errno, errno.EADDRINUSE)
        self.assertRaises(CannotListenError, self.reactor.listenTCP, number, Accepting(), interface="127.0.0.1")

    def test_ipv6(self):
        """
        IPv6 addresses work like others.
        """
        factory, port = self.listen(Bind(host="::1", port=0))
        self.client(port)
        self.turn(1)
        self.assertEqual(factory.address.host, "::1")

    def test_unix(self):
        """
        A UNIX socket gets its mode and replaces one left behind, but nothing that is no socket.
        """
        path = os.path.join(os.path.realpath(self.mktemp() + ".d"))
        os.makedirs(path)
        path = os.path.relpath(os.path.join(path, "s"))
        factory, port = self.listen(Bind(path=path, mode=0o600))
        self.assertEqual(os.stat(path).st_mode & 0o777, 0o600)
        self.reach(path)
        self.assertEqual(len(factory.protocols), 1)
        again, _ = self.listen(Bind(path=path))
        self.reach(path)
        self.assertEqual(len(again.protocols), 1)
        with open(path + ".txt", "w"):
            pass
        self.assertRaises(OSError, bindListener, Bind(path=path + ".txt"))

    def reach(self, path):
        sock = socket.socket(socket.AF_UNIX)
        self.sockets.append(sock)
        sock.connect(path)
        self.turn(1)

    def test_adopted(self):
        """
        A descriptor handed over by whoever started us is adopted; one that is no stream socket is refused.
        """
        with socket.socket() as sock:
            sock.bind(("127.0.0.1", 0))
            factory, port = self.listen(Bind(fd=sock.fileno()))
        self.client(port)
        self.turn(1)
        self.assertEqual(len(factory.protocols), 1)
        with socket.socket(socket.AF_INET, socket.SOCK_DGRAM) as sock:
            self.assertRaises(OSError, bindListener, Bind(fd=sock.fileno()))

    def test_stockConnections(self):
        """
        C{connectTCP} and C{listenTCP} serve ordinary factories.
        """
        port = self.reactor.listenTCP(0, Accepting(), interface="127.0.0.1")
        made = []

        class Client(protocol.ClientFactory):
            noisy = False

            def buildProtocol(self, address):
                made.append(Recorder())
                return made[-1]

        connector = self.reactor.connectTCP("127.0.0.1", port.getHost().port, Client())
        self.reactor.runUntilCurrent()
        for _ in range(5):
            self.reactor.runUntilCurrent()
            self.turn(1)
        made[0].transport.write(b"hello")
        self.turn()
        self.assertEqual(port.factory.protocols[0].events, [("data", b"hello")])
        connector.disconnect()
        for call in self.reactor.getDelayedCalls():
            call.cancel()


class ServerConnectorTests(PortTestCase):
    """
    Connections to servers.
    """

    def test_connects(self):
        """
        A connection is made, and bytes pass at once.
        """
        factory, port = self.listen()
        outcome = Outcome()
        ServerConnector(self.reactor, "127.0.0.1", port.getHost().port).open(outcome)
        self.turn()
        self.assertEqual(outcome.events, [("connected",)])
        outcome.transport.write(b"hello")
        self.turn()
        self.assertEqual(factory.protocols[0].events, [("data", b"hello")])

    def test_refused(self):
        """
        A refusal is told once, with its reason.
        """
        with socket.socket() as sock:
            sock.bind(("127.0.0.1", 0))
            outcome = Outcome()
            ServerConnector(self.reactor, "127.0.0.1", sock.getsockname()[1]).open(outcome)
            self.turn()
        self.assertEqual(outcome.events, [("failed", errno.ECONNREFUSED)])

    def test_source(self):
        """
        The source address is the one that was asked for (CON-12).
        """
        factory, port = self.listen()
        outcome = Outcome()
        ServerConnector(self.reactor, "127.0.0.1", port.getHost().port, ("127.0.0.5", 0)).open(outcome)
        self.turn()
        self.assertEqual(factory.address.host, "127.0.0.5")

    def test_badSource(self):
        """
        A source address that is not ours is a local failure, told like one.
        """
        _, port = self.listen()
        outcome = Outcome()
        ServerConnector(self.reactor, "127.0.0.1", port.getHost().port, ("192.0.2.1", 0)).open(outcome)
        self.assertEqual(outcome.events, [("failed", errno.EADDRNOTAVAIL)])

    def fullListener(self):
        """
        @return: a listening socket whose queue is full: it answers nobody.
        """
        full = socket.socket()
        self.sockets.append(full)
        full.bind(("127.0.0.1", 0))
        full.listen(0)
        for _ in range(2):
            filler = socket.socket()
            filler.setblocking(False)
            filler.connect_ex(full.getsockname())
            self.sockets.append(filler)
        return full

    def test_unanswered(self):
        """
        An attempt that nobody answers can be given up, silently.
        """
        full = self.fullListener()
        outcome = Outcome()
        attempt = ServerConnector(self.reactor, *full.getsockname()).open(outcome)
        self.turn()
        self.assertEqual(outcome.events, [])
        attempt.cancel()
        attempt.cancel()
        self.turn()
        self.assertEqual(outcome.events, [])
        self.assertEqual([one for one in self.reactor.lean.values() if one is attempt], [])

    def test_isClientCreator(self):
        """
        It may be used as the C{ClientCreator} it is.
        """
        self.assertIsInstance(ServerConnector(self.reactor, "127.0.0.1", 1), protocol.ClientCreator)

    def test_eventOfFormerOwner(self):
        """
        An event of the descriptor's former owner, closed in the same turn, does not pass for a made connection.
        """
        full = self.fullListener()
        outcome = Outcome()
        attempt = ServerConnector(self.reactor, *full.getsockname()).open(outcome)
        attempt.event(1)
        self.assertEqual(outcome.events, [])
        attempt.cancel()
