# -*- test-case-name: lbproxy.test.session.test_bounds -*-
"""
Tests for what a client or server can make us hold, and for how long: memory, connections, time.
"""

from twisted.trial import unittest

from lbproxy.config.model import Global
from lbproxy.net.deadlines import TICK
from lbproxy.session.tcp import LINGER
from lbproxy.test.memory import House, MemoryTransport, state

GET = b"GET / HTTP/1.1\r\nHost: x\r\n\r\n"
OK = b"HTTP/1.1 200 OK\r\nContent-Length: 2\r\n\r\nok"
POST = b"POST / HTTP/1.1\r\nHost: x\r\nContent-Length: 100000\r\n\r\n"
LONG = b"HTTP/1.1 200 OK\r\nContent-Length: 100000\r\n\r\n"

#: How late a timer may be: two ticks, and the ends of the steps of these tests.
LATE = 3 * TICK


class PipeliningTests(unittest.SynchronousTestCase):
    """
    Clients that send on and on without waiting for answers.
    """

    SIZE = 1024
    PIECE = GET * 20

    def setUp(self):
        self.house = House(globals_=Global(bufferSize=self.SIZE))

    def fill(self, client):
        """
        Send while it is read.

        @return: number of pieces.
        """
        pieces = 0
        while client.reading:
            client.receive(self.PIECE)
            pieces += 1
            self.assertLess(pieces, 100, "read without end")
        return pieces

    def assertBounded(self, client):
        self.assertLess(len(client.protocol.buffer), self.SIZE + len(self.PIECE))

    def test_bounded(self):
        """
        The client was read again after each answer, however much of it was waiting: memory grew with every request. It is
        paused at the buffer's size, and read again only when there is room.
        """
        self.house.behave(a="accept")
        client = self.house.client(GET)
        self.fill(client)
        for _ in range(200):
            self.house.origin().receive(OK)
            self.assertBounded(client)
            if client.reading:
                self.assertLess(len(client.protocol.buffer), self.SIZE)
            self.fill(client)
            self.assertBounded(client)

    def test_everyRequestServed(self):
        """
        What waited is served in order and completely once the client stops, and then the client is read.
        """
        self.house.behave(a="accept")
        client = self.house.client(GET)
        requests = 1 + 20 * self.fill(client)
        for _ in range(requests):
            self.house.origin().receive(OK)
        self.assertEqual(client.read(), OK * requests)
        self.assertEqual(len(self.house.logs), requests)
        self.assertTrue(client.reading)
        self.assertEqual(client.protocol.buffer, b"")
        client.end()
        self.house.assertQuiet(self)

    def test_withoutServer(self):
        """
        It is the same while no server is there yet, whether requests or a body come.
        """
        for head in (GET, POST):
            client = self.house.client(head)
            self.fill(client)
            self.assertBounded(client)

    def test_slowReader(self):
        """
        A client that does not take its answers is not read beyond that either.
        """
        self.house.behave(a="accept")
        client = self.house.client(GET)
        client.room = 10
        self.house.origin().receive(OK)
        self.fill(client)
        self.assertBounded(client)
        self.assertEqual(len(self.house.logs), 0)


class LingerCase(unittest.SynchronousTestCase):
    """
    A server that is to be closed while output for it waits.
    """

    def build(self, mode):
        """
        The client has sent more than the server takes, then nothing happens until the server's timeout.
        """
        self.house = House(mode=mode, timeouts=dict(client=100.0, server=2.0))
        self.house.behave(a="accept")
        self.client = self.house.client(*([POST] if mode == "http" else []))
        self.server = self.house.origin()
        self.server.room = 10
        self.client.receive(b"x" * 1000)
        self.house.step(2.0 + LATE)
        self.assertEqual([state(one)[0] for one in self.house.logs], ["s"])
        self.assertTrue(self.server.closing)
        self.assertFalse(self.server.lost)
        return self.server


class LingerTests(LingerCase):
    """
    After it was closed: L{LINGER}.
    """

    def test_stuck(self):
        """
        Without progress the connection is aborted after a while. It stayed for ever: a descriptor and a buffer for each
        stalled upload.
        """
        for mode in ("http", "tcp"):
            server = self.build(mode)
            self.house.step(LINGER - 2 * LATE)
            self.assertFalse(server.lost, mode)
            self.house.step(4 * LATE)
            self.assertTrue(server.aborted, mode)

    def test_nothingLeft(self):
        """
        With it go its timer and the session.
        """
        for mode in ("http", "tcp"):
            self.build(mode)
            self.house.step(LINGER + LATE)
            if not self.client.lost:
                self.client.end()
            self.house.step(2)
            self.assertEqual(len(self.house.balancer.deadlines), 0, mode)
            self.house.assertQuiet(self)

    def test_moves(self):
        """
        A slow server that goes on taking what it was sent is left alone, until it stops.
        """
        for mode in ("http", "tcp"):
            server = self.build(mode)
            for _ in range(10):
                self.house.step(LINGER - 1)
                self.assertFalse(server.lost, mode)
                server.take(10)
            self.house.step(2 * LINGER + LATE)
            self.assertTrue(server.aborted, mode)

    def test_takesAll(self):
        """
        One that takes everything is closed in order, and nothing happens later.
        """
        for mode in ("http", "tcp"):
            server = self.build(mode)
            self.house.step(LINGER - 1)
            server.take()
            self.assertEqual((server.lost, server.aborted), (True, False), mode)
            self.assertEqual(server.read()[-10:], b"x" * 10)
            self.house.step(2 * LINGER)
            self.assertFalse(server.aborted)

    def test_resets(self):
        """
        Nor when the server breaks the connection meanwhile; the session is not told twice.
        """
        for mode in ("http", "tcp"):
            server = self.build(mode)
            server.reset()
            self.house.step(2 * LINGER)
            self.assertEqual((len(self.house.logs), server.aborted), (1, False), mode)

    def test_earlyAnswer(self):
        """
        So does one that answered before it had taken the request.
        """
        house = House(timeouts=dict(client=100.0, server=50.0))
        house.behave(a="accept")
        client = house.client(POST)
        server = house.origin()
        server.room = 0
        client.receive(b"d" * 10)
        server.receive(b"HTTP/1.1 413 Too\r\nContent-Length: 0\r\n\r\n")
        self.assertIn(b" 413 ", client.read())
        self.assertFalse(server.lost)
        house.step(LINGER + LATE)
        self.assertTrue(server.aborted)
        house.assertQuiet(self)


class AbsentReaderTests(unittest.SynchronousTestCase):
    """
    Clients that take nothing of their answer.
    """

    def build(self, answer, mode="http", timeout=10.0):
        """
        @return: seconds after which the end was logged, and after which the client was gone.
        """
        self.house = house = House(mode=mode, timeouts=dict(client=timeout, server=None))
        house.behave(a="accept")
        self.client = house.client(*([GET] if mode == "http" else []))
        self.client.room = 10
        house.origin().receive(answer)
        began = house.clock.seconds()
        logged = gone = None
        while gone is None and house.clock.seconds() < began + 5 * timeout:
            house.step(0.01)
            now = house.clock.seconds() - began
            if logged is None and house.logs:
                logged = now
            if not house.balancer.sessions:
                gone = now
        return logged, gone

    def test_oneTimeout(self):
        """
        The session ends after one client timeout, and so does the connection. It was given a second timeout, logged and
        useless, in which to take what it had refused.
        """
        for mode, answer, letters in (
                ("http", LONG + b"x" * 1000, "cD"), ("http", OK, "cL"), ("tcp", b"x" * 1000, "cD")):
            logged, gone = self.build(answer, mode)
            self.assertApproximates(logged, 10.0, 0.05)
            self.assertApproximates(gone, 10.0, 0.05)
            self.assertEqual(state(self.house.logs[0]), letters)
            self.assertTrue(self.client.aborted)
            self.house.assertQuiet(self)

    def test_ownAnswer(self):
        """
        For an answer of our own it is one timeout as well.
        """
        house = House(timeouts=dict(client=10.0))
        client = MemoryTransport(house.frontend.buildProtocol(None))
        client.room = 10
        client.connect()
        client.receive(b"nonsense\r\n\r\n")
        self.assertEqual(house.logs[0].status, 400)
        house.step(10.0 - LATE)
        self.assertEqual(len(house.balancer.sessions), 1)
        house.step(3 * LATE)
        self.assertTrue(client.aborted)
        house.assertQuiet(self)

    def test_slowOne(self):
        """
        One that takes a byte now and then is not absent, in either phase of its answer.
        """
        for answer in (LONG + b"x" * 1000, OK):
            house = House(timeouts=dict(client=10.0, server=None))
            house.behave(a="accept")
            client = house.client(GET)
            client.room = 10
            house.origin().receive(answer)
            for _ in range(20):
                house.step(7.0)
                client.take(1)
            self.assertEqual((house.logs, client.lost), ([], False))
