# -*- test-case-name: lbproxy.test.session.test_backpressure_timers -*-
"""
Tests for timers around back-pressure: whose time runs while one side waits for the other, and when it runs again.
"""

from twisted.trial import unittest

from lbproxy.test.memory import House, state

GET = b"GET / HTTP/1.1\r\nHost: x\r\n\r\n"
POST = b"POST / HTTP/1.1\r\nHost: x\r\nContent-Length: 100000\r\n\r\n"
LONG = b"HTTP/1.1 200 OK\r\nContent-Length: 100000\r\n\r\n"
#: Without a length: the end is the server's close.
OPEN = b"HTTP/1.1 200 OK\r\n\r\n"
CHUNKED = b"HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n10000\r\n"


class TimerCase(unittest.SynchronousTestCase):
    """
    A server that accepts.
    """

    def build(self, *data, **settings):
        self.house = House(**settings)
        self.house.behave(a="accept")
        self.client = self.house.client(*data)
        self.server = self.house.origin()
        return self.house

    def assertEnds(self, letters, seconds):
        """
        The session ends that many seconds from now, not before.
        """
        house = self.house
        began = house.clock.seconds()
        self.assertEqual(house.logs, [])
        while not house.logs and house.clock.seconds() < began + 20 * seconds:
            house.step(0.01)
        self.assertTrue(house.logs, "no timer runs")
        self.assertEqual(state(house.logs[0]), letters)
        self.assertApproximates(house.clock.seconds() - began, seconds, 0.05)


class SlowReaderTests(TimerCase):
    """
    A client that was slow and has caught up: now it is the server's turn.
    """

    def blocked(self, head=LONG, **timeouts):
        self.build(GET, timeouts=timeouts)
        self.client.room = 10
        self.server.receive(head + b"x" * 1000)
        self.assertFalse(self.server.reading)

    def test_longClientTimeout(self):
        """
        The server's timeout was looked at only after the client's, much longer one.
        """
        for head in (LONG, OPEN, CHUNKED):
            self.blocked(head, client=100.0, server=2.0)
            self.house.step(5)
            self.client.take()
            self.assertTrue(self.server.reading)
            self.assertEnds("sD", 2.0)

    def test_noClientTimeout(self):
        """
        Without a client timeout it was never looked at again: the session stayed for ever.
        """
        for head in (LONG, OPEN, CHUNKED):
            self.blocked(head, client=None, server=2.0)
            self.house.step(50)
            self.client.take()
            self.assertEnds("sD", 2.0)

    def test_caughtUpSlowly(self):
        """
        The same after a client that took a little each second, and whose own timer moved along.
        """
        self.blocked(client=10.0, server=2.0)
        for _ in range(6):
            self.house.step(1.0)
            self.client.take(10)
        self.house.step(0.95)
        self.client.take()
        self.assertEnds("sD", 2.0)

    def test_shortClientTimeout(self):
        """
        With a client timeout that is shorter than the server's, the latter counts: in the middle of an answer the client
        is not expected to take what is not there.
        """
        self.blocked(client=2.0, server=5.0)
        self.house.step(1)
        self.client.take()
        self.server.receive(b"x")
        self.client.read()
        self.house.step(0.5)
        self.assertEqual(self.house.logs, [])

    def test_again(self):
        """
        Held back twice, the server has its whole time after each.
        """
        self.blocked(client=100.0, server=2.0)
        for _ in range(3):
            self.house.step(5)
            self.client.take()
            self.house.step(1.5)
            self.client.room = 10
            self.server.receive(b"x" * 1000)
        self.house.step(5)
        self.client.take()
        self.assertEnds("sD", 2.0)

    def test_serverGoesOn(self):
        """
        A server that sends again in time is not disturbed.
        """
        self.blocked(client=100.0, server=2.0)
        self.house.step(5)
        self.client.take()
        for _ in range(10):
            self.house.step(1.5)
            self.server.receive(b"x")
        self.assertEqual(self.house.logs, [])
        self.assertEnds("sD", 2.0)


class SlowServerTests(TimerCase):
    """
    A server that was slow in taking and has caught up: now it is the client's turn.
    """

    def test_tcpClient(self):
        """
        In TCP mode the client's timeout was looked at only after the server's, much longer one.
        """
        for server in (60.0, None):
            self.build(mode="tcp", timeouts=dict(client=3.0, server=server))
            self.server.room = 10
            self.client.receive(b"x" * 1000)
            self.assertFalse(self.client.reading)
            self.house.step(20)
            self.assertEqual(self.house.logs, [])
            self.server.take()
            self.assertEnds("cD", 3.0)

    def test_tcpServer(self):
        """
        And the server's after a slow client.
        """
        for client in (60.0, None):
            self.build(mode="tcp", timeouts=dict(client=client, server=3.0))
            self.client.room = 10
            self.server.receive(b"x" * 1000)
            self.house.step(20)
            self.assertEqual(self.house.logs, [])
            self.client.take()
            self.assertEnds("sD", 3.0)

    def test_tunnel(self):
        """
        The same in a tunnel.
        """
        self.build(b"GET / HTTP/1.1\r\nConnection: upgrade\r\nUpgrade: x\r\n\r\n", timeouts=dict(client=3.0, server=60.0))
        self.server.receive(b"HTTP/1.1 101 Go\r\nConnection: upgrade\r\nUpgrade: x\r\n\r\n")
        self.server.room = 10
        self.client.receive(b"x" * 1000)
        self.house.step(20)
        self.server.take()
        self.assertEnds("cD", 3.0)


class UploadTests(TimerCase):
    """
    A server that takes a long body slowly, while its answer is awaited.
    """

    def upload(self, **timeouts):
        self.build(POST, timeouts=timeouts)
        self.server.room = 10
        self.client.receive(b"x" * 1000)

    def test_moves(self):
        """
        As long as it takes something within its timeout there is no 504. It got one although it was at work.
        """
        self.upload(client=30.0, server=2.0)
        for _ in range(20):
            self.house.step(0.5)
            self.server.take(10)
        self.assertEqual((self.house.logs, self.client.read()), ([], b""))

    def test_seldom(self):
        """
        Even if it takes something only just in time.
        """
        self.upload(client=30.0, server=2.0)
        for _ in range(20):
            self.house.step(1.9)
            self.server.take(10)
        self.assertEqual(self.house.logs, [])

    def test_stops(self):
        """
        Once it takes nothing any more there is one, within two of its timeouts after the last byte.
        """
        self.upload(client=30.0, server=2.0)
        for _ in range(6):
            self.house.step(0.5)
            self.server.take(10)
        self.house.step(4.1)
        self.assertEqual([(state(one), one.status) for one in self.house.logs], [("sH", 504)])
        self.assertIn(b" 504 ", self.client.read())

    def test_answers(self):
        """
        A server that has taken everything in its own time can answer, and the client gets it.
        """
        self.upload(client=30.0, server=2.0)
        for _ in range(15):
            self.house.step(1.0)
            self.server.take(60)
        self.server.take()
        self.client.receive(b"x" * 99000)
        self.house.step(1.5)
        answer = b"HTTP/1.1 200 OK\r\nContent-Length: 2\r\n\r\nok"
        self.server.receive(answer)
        self.assertEqual(self.client.read(), answer)
        self.assertEqual([(state(one), one.status) for one in self.house.logs], [("--", 200)])
