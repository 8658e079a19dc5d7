# -*- test-case-name: lbproxy.test.session.test_tunnel -*-
"""
Tests for tunnels: how an HTTP session becomes one, and when it must not.
"""

from twisted.trial import unittest

from lbproxy.test.memory import House, state

UPGRADE = b"GET /chat HTTP/1.1\r\nHost: x\r\nConnection: Upgrade\r\nUpgrade: chat\r\n\r\n"
CONNECT = b"CONNECT x:443 HTTP/1.1\r\nHost: x:443\r\n\r\n"
SWITCHING = b"HTTP/1.1 101 Switching\r\nConnection: Upgrade\r\nUpgrade: chat\r\n\r\n"
CONNECTED = b"HTTP/1.1 200 Connected\r\n\r\n"
GET = b"GET /x HTTP/1.1\r\nHost: x\r\n\r\n"
OK = b"HTTP/1.1 200 OK\r\nContent-Length: 2\r\n\r\nok"

#: Both ways to a tunnel: request and the answer that opens it.
OPENINGS = ((UPGRADE, SWITCHING), (CONNECT, CONNECTED))


class TunnelCase(unittest.SynchronousTestCase):
    """
    A server that accepts.
    """

    def build(self, *data, **settings):
        self.house = House(**settings)
        self.house.behave(a="accept")
        self.client = self.house.client(*data)
        self.server = self.house.origin()


class EarlyTests(TunnelCase):
    """
    Clients that speak, and close, before the tunnel is there.
    """

    def test_dataAndHalfClose(self):
        """
        First bytes that came together with the request, and the end of the client's output behind them, reach the server
        once it has agreed. Our output to it was closed at once, and the bytes were lost.
        """
        for request, answer in OPENINGS:
            for pieces in ((request + b"hello",), (request, b"hello"), (request, b"hel", b"lo")):
                self.build(*pieces)
                self.client.end()
                self.assertEqual((self.server.read(), self.server.writeEnded), (request, False))
                self.server.receive(answer)
                self.assertEqual((self.server.read(), self.server.writeEnded), (b"hello", True))
                self.server.receive(b"HELLO")
                self.server.end()
                self.assertEqual(self.client.read(), answer + b"HELLO")
                self.assertTrue(self.client.lost and self.server.lost)
                record = self.house.logs[0]
                self.assertEqual((state(record), record.bytesIn), ("--", len(request) + 5))
                self.assertEqual(record.bytesOut, len(answer) + 5)
                self.house.assertQuiet(self)

    def test_halfCloseBeforeServer(self):
        """
        The same when all of it came before the connection to the server was made.
        """
        for request, answer in OPENINGS:
            self.house = House()
            self.client = self.house.client(request + b"hello")
            self.client.end()
            server = self.house.network.attempts[0].accept()
            self.assertEqual((server.read(), server.writeEnded), (request, False))
            server.receive(answer)
            self.assertEqual((server.read(), server.writeEnded), (b"hello", True))

    def test_halfCloseAlone(self):
        """
        Without bytes the end alone is passed on.
        """
        for request, answer in OPENINGS:
            self.build(request)
            self.client.end()
            self.server.receive(answer)
            self.assertEqual((self.server.read(), self.server.writeEnded), (request, True))
            self.server.end()
            self.assertEqual([state(one) for one in self.house.logs], ["--"])

    def test_dataAlone(self):
        """
        And bytes without an end leave the way open.
        """
        for request, answer in OPENINGS:
            self.build(request + b"hello")
            self.server.receive(answer + b"you")
            self.assertEqual((self.server.read(), self.server.writeEnded), (request + b"hello", False))
            self.client.receive(b"more")
            self.assertEqual((self.server.read(), self.client.read()), (b"more", answer + b"you"))

    def test_manyEarlyBytes(self):
        """
        A client that sends more than the buffer holds is paused, and nothing is lost nor doubled.
        """
        for request, answer in OPENINGS:
            self.build(request)
            sent = b""
            while self.client.reading:
                piece = b"%08d" % len(sent) * 500
                self.client.receive(piece)
                sent += piece
            self.assertLess(len(sent), self.house.balancer.bufferSize + 4001)
            self.server.receive(answer)
            self.assertTrue(self.client.reading)
            self.client.receive(b"end")
            self.assertEqual(self.server.read(), request + sent + b"end")

    def test_serverIsSlow(self):
        """
        Early bytes that the server does not take at once hold the client back; its end follows them.
        """
        for request, answer in OPENINGS:
            self.build(request + b"hello" * 100)
            self.client.end()
            self.server.room = 10
            self.server.receive(answer)
            self.server.take()
            self.assertEqual((self.server.read(), self.server.writeEnded), (request + b"hello" * 100, True))

    def test_refused(self):
        """
        If the server does not agree, it is an exchange like any other, and its early bytes are nobody's.
        """
        self.build(UPGRADE)
        self.client.end()
        self.server.receive(b"HTTP/1.1 403 No\r\nContent-Length: 2\r\n\r\nno")
        self.assertTrue(self.client.read().endswith(b"no"))
        self.assertTrue(self.client.lost and self.server.lost)
        self.assertEqual([(state(one), one.status) for one in self.house.logs], [("--", 403)])
        self.house.assertQuiet(self)

    def test_noTunnel(self):
        """
        For a request that can lead to no tunnel the client's end is passed on with it, as ever (HTP-19).
        """
        self.build(GET)
        self.client.end()
        self.assertTrue(self.server.writeEnded)
        self.server.receive(OK)
        self.assertTrue(self.client.read().endswith(b"ok"))


class UnrequestedTests(TunnelCase):
    """
    Servers that switch to a protocol that nobody asked for.
    """

    def test_101(self):
        """
        It is no answer to the request: 502 PH and a response error. It opened a tunnel, past every rule.
        """
        for answer in (b"HTTP/1.1 101 Switching\r\n\r\n", SWITCHING, SWITCHING + b"bytes"):
            self.build(GET)
            self.server.receive(answer)
            self.assertIn(b" 502 ", self.client.read()[:20])
            record = self.house.logs[0]
            self.assertEqual((record.status, state(record)), (502, "PH"))
            self.assertEqual(self.house.backend.counters.responseErrors, 1)
            self.assertEqual(self.house.server("a").responseErrors, 1)
            self.assertTrue(self.client.lost and self.server.lost)
            self.house.assertQuiet(self)

    def test_afterBody(self):
        """
        A POST gets no tunnel either, even while its body is still coming.
        """
        self.build(b"POST / HTTP/1.1\r\nHost: x\r\nContent-Length: 10\r\n\r\nabc")
        self.server.receive(SWITCHING)
        self.assertIn(b" 502 ", self.client.read()[:20])
        self.assertEqual([state(one) for one in self.house.logs], ["PH"])
        self.assertTrue(self.server.lost)

    def test_reusedConnection(self):
        """
        Nor on a connection that served another request before, and that is not used again.
        """
        self.build(GET)
        self.server.receive(OK)
        self.client.receive(GET)
        self.server.receive(SWITCHING)
        self.assertEqual([state(one) for one in self.house.logs], ["--", "PH"])
        self.assertEqual(self.house.server("a").idle, [])
        self.house.client(GET)
        self.assertEqual(len(self.house.network.attempts), 2)
