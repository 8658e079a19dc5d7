# -*- test-case-name: lbproxy.test.observe.test_console -*-
"""
Tests of L{lbproxy.observe.console}.
"""

from twisted.internet.interfaces import IHalfCloseableProtocol, IPushProducer
from twisted.trial import unittest
from zope.interface.verify import verifyObject

from lbproxy.observe.commands import standardCommands
from lbproxy.observe.console import LINE, ConsoleFactory
from lbproxy.test.clockwork import step
from lbproxy.test.memory import MemoryTransport
from lbproxy.test.observe.samples import House, back, front, server

FACTS = b"Name: lbproxy\nUptime: 0d 0h00m05s\nCurrConns: 1\n"


class FakePort:
    """
    @ivar accepting: whether it is not paused.
    """

    accepting = True

    def stopReading(self):
        self.accepting = False

    def startReading(self):
        self.accepting = True


class ConsoleTestCase(unittest.SynchronousTestCase):
    """
    A console of two proxies, with a limit of 3 connections and 10 seconds.
    """

    def setUp(self):
        self.house = House(front(), back(servers=[server("s%d" % number, number) for number in range(1, 4)]))
        self.clock = self.house.clock
        self.factory = ConsoleFactory(self.house, self.clock, standardCommands(), 10.0, 3)
        self.factory.port = FakePort()

    def tearDown(self):
        self.assertEqual((self.factory.connections, self.house.sessions), (set(), {}), "connections left open")
        self.assertEqual(self.clock.getDelayedCalls(), [])

    def connect(self):
        """
        @return: the transport of a new connection.
        """
        return MemoryTransport(self.factory.buildProtocol(None)).connect()

    def many(self, count, size=100):
        """
        Make C{show info} long.

        @return: the answer, bytes.
        """
        self.house.known = [("f%d" % number, "x" * size) for number in range(count)]
        return b"".join(b"f%d: %s\n" % (number, b"x" * size) for number in range(count)) + b"CurrConns: 1\n"


class CommandLineTests(ConsoleTestCase):
    """
    One command, one answer, the end (STA-24).
    """

    def test_interfaces(self):
        """
        It may be half-closed, and holds its output back.
        """
        console = self.factory.buildProtocol(None)
        self.assertTrue(verifyObject(IHalfCloseableProtocol, console))
        self.assertTrue(verifyObject(IPushProducer, console))

    def test_answers(self):
        """
        What is answered before the connection is closed; nothing to what is unknown or too long.
        """
        for received, answer in [
            (b"show info\n", FACTS), (b"  show   info  \r\n", FACTS), (b"show info\nshow stat\n", FACTS),
            (b"foo\n", b""), (b"\n", b""), (b"show\n", b""), (b"show nothing\n", b""),
            (b"show errors\n", b""), (b"\xff\xfe\n", b""),
            (b"show info" + b" " * (LINE - 10) + b"\n", FACTS), (b"show info" + b" " * (LINE - 9) + b"\n", b""),
            (b"x" * (LINE + 5), b""),
        ]:
            transport = self.connect()
            transport.receive(received)
            self.assertEqual((transport.sent, transport.lost, transport.aborted), (answer, True, False), received[:20])

    def test_pieces(self):
        """
        Nothing happens before the line feed, wherever the line is cut.
        """
        transport = self.connect()
        for byte in b"show info":
            transport.receive(bytes([byte]))
            self.assertEqual((transport.sent, transport.closing), (b"", False))
        transport.receive(b"\n")
        self.assertEqual((transport.sent, transport.lost), (FACTS, True))

    def test_longInPieces(self):
        """
        A line that never ends is cut off at the limit, not later.
        """
        transport = self.connect()
        transport.receive(b"x" * (LINE - 1))
        self.assertFalse(transport.closing)
        transport.receive(b"x")
        self.assertTrue(transport.lost)

    def test_halfClose(self):
        """
        A client that closes its output after the command still gets the whole answer.
        """
        answer = self.many(1000)
        transport = self.connect()
        transport.room = 0
        transport.receive(b"show info\n")
        transport.end()
        transport.take()
        step(self.clock, 0)
        self.assertEqual((transport.sent, transport.lost), (answer, True))

    def test_halfCloseTooEarly(self):
        """
        One that closes it before the line feed gets nothing.
        """
        transport = self.connect()
        transport.receive(b"show info")
        transport.end()
        self.assertEqual((transport.sent, transport.lost), (b"", True))

    def test_brokenCommand(self):
        """
        A command that fails, at once or in the middle, is logged and ends its connection only.
        """
        def halfway(_balancer, _words):
            yield "half"
            raise ValueError("halfway")

        def never(_balancer, _words):
            raise ValueError("never")
        self.factory.commands.add("halfway", halfway)
        self.factory.commands.add("never", never)
        for line, answer in [(b"halfway\n", b"half"), (b"never\n", b"")]:
            transport = self.connect()
            transport.receive(line)
            self.assertEqual((transport.sent, transport.lost), (answer, True))
        self.assertEqual(len(self.flushLoggedErrors(ValueError)), 2)


class LargeAnswerTests(ConsoleTestCase):
    """
    Large answers are complete, whatever the speed of the reader (STA-20).
    """

    def test_sizes(self):
        """
        Around every multiple of a piece.
        """
        for size in (16383, 16384, 16385, 32767, 32768, 65535, 65536, 65537, 200000):
            self.house.known = [("a", "x" * (size - len("a: \nCurrConns: 1\n")))]
            transport = self.connect()
            transport.receive(b"show info\n")
            step(self.clock, 0)
            self.assertEqual((len(transport.sent), transport.lost), (size, True))

    def test_tinyReads(self):
        """
        A reader that takes a few bytes at a time gets everything, and little is made in advance.
        """
        answer = self.many(2000)
        transport = self.connect()
        transport.room = 0
        transport.receive(b"show info\n")
        most = 0
        while not transport.lost:
            transport.take(777)
            step(self.clock, 0)
            most = max(most, transport.pending)
        self.assertEqual(transport.sent, answer)
        self.assertLess(most, 40000)

    def test_others(self):
        """
        However fast the reader is, others get their turn in between.
        """
        answer = self.many(5000)
        transport = self.connect()
        transport.receive(b"show info\n")
        self.assertLess(len(transport.sent), 100000)
        self.assertFalse(transport.lost)
        step(self.clock, 0)
        self.assertEqual((transport.sent, transport.lost), (answer, True))

    def test_readerLeaves(self):
        """
        A reader that leaves in the middle leaves nothing behind.
        """
        self.many(5000)
        for room in (0, None):
            transport = self.connect()
            transport.room = room
            transport.receive(b"show info\n")
            transport.reset()

    def test_sessionsEndMeanwhile(self):
        """
        A paused C{show sess} survives the end of what it was to show (STA-29).
        """
        sessions = [self.house.open() for _ in range(2000)]
        transport = self.connect()
        transport.room = 0
        transport.receive(b"show sess\n")
        for session in sessions[1:]:
            self.house.sessionEnded(session)
        transport.take()
        step(self.clock, 0)
        numbers = [line.split(b":")[0] for line in transport.sent.splitlines()]
        self.assertTrue(transport.lost)
        self.assertEqual((len(set(numbers)), numbers[0], numbers[-1]), (len(numbers), b"0x1", b"0x7d1"))
        self.assertLess(len(numbers), 2000)
        self.house.sessionEnded(sessions[0])


class LimitTests(ConsoleTestCase):
    """
    Few connections, not for long (STA-23).
    """

    def test_idle(self):
        """
        A connection on which nothing moves is closed after the timeout; a byte starts it again.
        """
        transport = self.connect()
        step(self.clock, 9)
        transport.receive(b"show")
        step(self.clock, 9.9)
        self.assertFalse(transport.lost)
        step(self.clock, 0.2)
        self.assertTrue(transport.lost)

    def test_stuckReader(self):
        """
        So is one whose reader stopped, even when the answer was complete; a slow one may go on.
        """
        for count in (10, 3000):
            self.many(count)
            transport = self.connect()
            transport.room = 0
            transport.receive(b"show info\n")
            for _ in range(4):
                step(self.clock, 9)
                transport.take(5)
            self.assertFalse(transport.lost)
            step(self.clock, 20.1)
            self.assertTrue(transport.aborted)

    def test_maxconn(self):
        """
        At the limit nobody else is accepted until one leaves.
        """
        port = self.factory.port
        transports = [self.connect() for _ in range(2)]
        self.assertTrue(port.accepting)
        transports.append(self.connect())
        self.assertFalse(port.accepting)
        transports[0].receive(b"foo\n")
        self.assertTrue(port.accepting)
        transports[0] = self.connect()
        self.assertFalse(port.accepting)
        self.factory.abortConnections()
        self.assertEqual([transport.aborted for transport in transports], [True] * 3)
        self.assertTrue(port.accepting)


class SessionTests(ConsoleTestCase):
    """
    A console connection is a session among others (STA-28).
    """

    def test_listed(self):
        """
        It counts, and is in the list it prints, with its age and the time it has left.
        """
        other = self.house.open()
        transport = self.connect()
        step(self.clock, 4)
        idle = self.connect()
        step(self.clock, 3)
        transport.receive(b"show sess\n")
        self.assertEqual(transport.sent, (
            b"0x1: proto=tcpv4 src=127.0.0.1:1234 fe=web be=web srv=<none> as=0 si=(7,0) age=7s exp=never\n"
            b"0x2: proto=unix_stream as=0 si=(7,0) age=7s exp=10s\n"
            b"0x3: proto=unix_stream as=0 si=(7,0) age=3s exp=7s\n"))
        idle.reset()
        self.house.sessionEnded(other)
