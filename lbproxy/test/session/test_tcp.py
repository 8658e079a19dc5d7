# -*- test-case-name: lbproxy.test.session.test_tcp -*-
"""
Tests for TCP mode: L{lbproxy.session.tcp}, L{lbproxy.session.client}, L{lbproxy.session.side}.
"""

from twisted.trial import unittest

from lbproxy.test.memory import House, state


class TcpTests(unittest.TestCase):
    """
    Connections relayed as they are.
    """

    def setUp(self):
        self.house = House(mode="tcp")
        self.house.behave(a="accept")

    def test_bothWays(self):
        """
        The server is connected before the client says a word; bytes pass unchanged both ways; one log line at the end.
        """
        client = self.house.client()
        server = self.house.origin()
        server.receive(b"220 hello\r\n")
        client.receive(b"QUIT\r\n")
        self.assertEqual(client.read(), b"220 hello\r\n")
        self.assertEqual(server.read(), b"QUIT\r\n")
        server.end()
        self.assertTrue(client.writeEnded)
        client.end()
        self.assertEqual(state(self.house.logs[0]), "--")
        self.assertEqual((self.house.logs[0].bytesIn, self.house.logs[0].bytesOut), (6, 11))
        self.house.assertQuiet(self)
        self.assertTrue(client.lost and server.lost)

    def test_heldUntilConnected(self):
        """
        What the client sends before the server is there arrives first, and does not grow without bound.
        """
        self.house.behave(a="wait")
        client = self.house.client(b"x" * 10000)
        client.receive(b"y" * 10000)
        self.assertFalse(client.reading)
        server = self.house.network.attempts[0].accept()
        self.assertEqual(server.read(), b"x" * 10000 + b"y" * 10000)
        self.assertTrue(client.reading)

    def test_clientHalfClose(self):
        """
        A client that closes its output still gets the answer (TCP-02).
        """
        client = self.house.client(b"question")
        server = self.house.origin()
        client.end()
        self.assertTrue(server.writeEnded)
        server.receive(b"answer")
        server.end()
        self.assertEqual(client.read(), b"answer")
        self.assertEqual(state(self.house.logs[0]), "--")
        self.house.assertQuiet(self)

    def test_backPressure(self):
        """
        A slow reader stops the reading of the other side, in both directions, until it has taken everything.
        """
        client = self.house.client()
        server = self.house.origin()
        for reader, writer in ((client, server), (server, client)):
            reader.room = 10
            writer.receive(b"z" * 100)
            self.assertFalse(writer.reading)
            reader.take(50)
            self.assertFalse(writer.reading)
            reader.take()
            self.assertTrue(writer.reading)
            self.assertEqual(reader.read(), b"z" * 100)

    def test_clientTimeout(self):
        """
        Silence longer than the client timeout: cD.
        """
        house = House(mode="tcp", timeouts={"client": 2.0, "server": 8.0})
        house.behave(a="accept")
        client = house.client(b"x")
        house.step(1.5)
        client.receive(b"y")
        house.step(1.9)
        self.assertEqual(house.logs, [])
        house.step(0.2)
        self.assertEqual(state(house.logs[0]), "cD")
        house.assertQuiet(self)

    def test_serverTimeout(self):
        """
        Silence longer than the server timeout: sD.
        """
        house = House(mode="tcp", timeouts={"client": 8.0, "server": 2.0})
        house.behave(a="accept")
        house.client(b"x")
        house.step(2.1)
        self.assertEqual(state(house.logs[0]), "sD")
        house.assertQuiet(self)

    def test_slowReaderIsAlive(self):
        """
        A client that takes its data slowly is not idle; one that takes nothing is (SES-14).
        """
        house = House(mode="tcp", timeouts={"client": 2.0, "server": None})
        house.behave(a="accept")
        client = house.client()
        client.room = 0
        house.origin().receive(b"z" * 100)
        for _ in range(4):
            house.step(1.5)
            client.take(10)
        self.assertEqual(house.logs, [])
        house.step(5)
        self.assertEqual(state(house.logs[0]), "cD")

    def test_resets(self):
        """
        A reset ends the other side too: CD from the client, SD from the server.
        """
        client = self.house.client(b"x")
        client.reset()
        self.assertTrue(self.house.origin().lost)
        client = self.house.client(b"x")
        self.house.origin().reset()
        self.assertTrue(client.lost)
        self.assertEqual([state(one) for one in self.house.logs], ["CD", "SD"])
        self.house.assertQuiet(self)

    def test_refused(self):
        """
        After all retries the client is closed without a byte: SC, and the attempts are a second apart (CON-03).
        """
        house = House(mode="tcp", retries=2)
        house.behave(a="refuse")
        client = house.client(b"x")
        house.step(0.9)
        self.assertEqual(len(house.network.attempts), 1)
        house.step(0.2)
        self.assertEqual(len(house.network.attempts), 2)
        house.step(1.0)
        self.assertEqual(len(house.network.attempts), 3)
        self.assertEqual((state(house.logs[0]), house.logs[0].retries), ("SC", 2))
        self.assertTrue(client.lost)
        self.assertEqual(client.read(), b"")
        house.assertQuiet(self)

    def test_connectTimeout(self):
        """
        An attempt that times out is followed by the next one at once: sC in the end.
        """
        house = House(mode="tcp", retries=1, timeouts={"connect": 2.0})
        house.client(b"x")
        house.step(2.1)
        self.assertEqual([one.cancelled for one in house.network.attempts], [True, False])
        house.step(2.1)
        self.assertEqual(state(house.logs[0]), "sC")
        house.assertQuiet(self)

    def test_nothingLogged(self):
        """
        With dontlognull a connection without data is not logged, one with data is (LOG-16).
        """
        house = House(mode="tcp", front_dontLogNull=True)
        house.behave(a="accept")
        house.client().reset()
        house.client(b"x").reset()
        self.assertEqual(len(house.logs), 1)

    def test_leavesWhileConnecting(self):
        """
        A silent client that leaves while the server is being connected is dropped, whatever abortonclose says.
        """
        house = House(mode="tcp")
        client = house.client()
        client.end()
        self.assertTrue(house.network.attempts[0].cancelled)
        self.assertEqual(state(house.logs[0]), "CC")
        house.assertQuiet(self)

    def test_limit(self):
        """
        Beyond the server's maxconn connections wait for a slot (QUE-01).
        """
        house = House(mode="tcp", server={"maxconn": 1, "minconn": 1})
        house.behave(a="accept")
        first = house.client(b"1")
        second = house.client(b"2")
        self.assertEqual((len(house.network.transports), house.pool.waiting), (1, 1))
        house.step(1.0)
        first.end()
        house.origin().end()
        self.assertEqual(house.origin().read(), b"2")
        second.end()
        house.origin().end()
        self.assertEqual([one.backendQueue for one in house.logs], [0, 1])
        self.assertEqual(round(house.logs[1].queuedUntil - house.logs[1].startedAt, 3), 1.0)
        house.assertQuiet(self)
