# -*- test-case-name: lbproxy.test.session.test_idle -*-
"""
Tests for idle server connections: which are kept, which are trusted; and for the end of exchanges before it.
"""

from twisted.trial import unittest

from lbproxy.config.model import Proxy, ServerConfig, Timeouts
from lbproxy.session.backend import TRUSTED
from lbproxy.test.memory import House, state

GET = b"GET /x HTTP/1.1\r\nHost: x\r\n\r\n"
OK = b"HTTP/1.1 200 OK\r\nContent-Length: 2\r\n\r\nok"
PUT = b"PUT /x HTTP/1.1\r\nHost: x\r\nContent-Length: 10\r\n\r\n"


class IdleCase(unittest.SynchronousTestCase):
    """
    One server that accepts.
    """

    def build(self, **settings):
        self.house = House(**settings)
        self.house.behave(a="accept")
        return self.house

    def warm(self, clients=1):
        """
        @return: clients with an answer, whose server connections are idle now.
        """
        found = [self.house.client(GET) for _ in range(clients)]
        for server in self.house.network.transports:
            server.receive(OK)
            server.read()
        for client in found:
            client.read()
        self.assertEqual(len(self.house.server("a").idle), clients)
        return found


class FollowingPortTests(unittest.SynchronousTestCase):
    """
    Servers without a port of their own (CFG-26).
    """

    def test_notPooled(self):
        """
        A client that connected to another port got the idle connection to the first one's port: another service.
        """
        server = ServerConfig("s", 1, "10.2.0.1", None, portOffset=10)
        mapped = Proxy("listen", "mapped", 5, mode="http", servers=(server,),
                       timeouts=Timeouts(client=10.0, connect=5.0, httpKeepAlive=10.0))
        house = House(more=(mapped,))
        house.frontend = house.assembly.frontends[1]
        for port in (8090, 8091):
            house.network.behaviour["10.2.0.1", port] = "accept"
        ports = (8080, 8081, 8080, 8081)
        clients = []
        for port in ports:
            client = house.client(GET, host=("10.0.0.9", port))
            server = house.origin()
            self.assertEqual((server.peername[1], server.read()), (port + 10, GET))
            server.receive(OK)
            self.assertEqual(client.read(), OK)
            self.assertTrue(server.lost)
            clients.append(client)
        self.assertEqual([attempt.target[1] for attempt in house.network.attempts], [port + 10 for port in ports])
        clients[1].receive(GET)
        self.assertEqual(house.origin().peername[1], 8091)


class AskedTests(IdleCase):
    """
    Whether an idle connection is still as it was left.
    """

    def waits(self, server, what):
        """
        Something came from the server that the reactor has not told yet.
        """
        def recv(_size, _flags):
            self.asked += 1
            if isinstance(what, bytes):
                return what
            raise what
        self.asked = 0
        server.recv = recv

    def test_seenBeforeReuse(self):
        """
        A server's farewell (a 408, an end, a reset) that waits in the kernel is seen before the connection is used again.
        The client got that 408 as the answer to its next request.
        """
        for what in (b"H", b"", ConnectionResetError(104, "reset")):
            self.build()
            client, = self.warm()
            self.waits(self.house.origin(), what)
            self.house.step(TRUSTED * 1.1)
            client.receive(GET)
            first, second = self.house.network.transports
            self.assertEqual((first.read(), first.lost), (b"", True))
            self.assertEqual(second.read(), GET)
            second.receive(OK)
            self.assertEqual(client.read(), OK)
            self.assertEqual([(state(one), one.retries) for one in self.house.logs], [("--", 0)] * 2)

    def test_everyOne(self):
        """
        Of several, all that are not quiet are closed, until a quiet one is found.
        """
        self.build()
        client = self.warm(3)[0]
        for server in self.house.network.transports[1:]:
            self.waits(server, b"")
        self.house.step(1)
        client.receive(GET)
        self.assertEqual([one.lost for one in self.house.network.transports], [False, True, True])
        self.assertEqual(self.house.network.transports[0].read(), GET)

    def test_quiet(self):
        """
        A quiet one is used again, however long it was idle.
        """
        self.build()
        client, = self.warm()
        self.waits(self.house.origin(), BlockingIOError())
        for pause in (0.0, TRUSTED * 1.1, 5.0):
            self.house.step(pause)
            client.receive(GET)
            self.assertEqual(self.house.origin().read(), GET)
            self.house.origin().receive(OK)
        self.assertEqual(len(self.house.network.attempts), 1)
        self.assertGreater(self.asked, 1)

    def test_putWithBody(self):
        """
        A PUT whose body is not here yet cannot be sent a second time: even right after the last exchange the kernel is
        asked. It got a 502 for a connection that was known to be closed.
        """
        for request in (PUT, PUT + b"12345", PUT + b"1234567890", PUT.replace(b"PUT", b"POST"),
                        b"PUT / HTTP/1.1\r\nTransfer-Encoding: chunked\r\n\r\n"):
            self.build()
            client, = self.warm()
            self.waits(self.house.origin(), b"")
            client.receive(request)
            self.assertEqual(len(self.house.network.attempts), 2, request)
            self.assertEqual(self.house.origin().read(), request)
            self.assertEqual(len(self.house.logs), 1)


class ReplacedTests(IdleCase):
    """
    A reused connection that turned out dead.
    """

    def test_noSecondIdleOne(self):
        """
        Its replacement is a fresh connection, also when that needs a second attempt: the other idle ones are as old, and a
        second dead one was a 502.
        """
        self.build()
        client = self.warm(3)[0]
        last = self.house.network.transports[2]
        client.receive(GET)
        self.assertEqual(last.read(), GET)
        self.house.behave(a="refuse")
        last.end()
        self.assertEqual(len(self.house.network.attempts), 4)
        self.house.behave(a="accept")
        self.house.step(1.1)
        self.assertEqual(len(self.house.network.attempts), 5)
        self.assertEqual(self.house.origin().read(), GET)
        self.assertEqual([one.read() for one in self.house.network.transports[:2]], [b"", b""])
        self.house.origin().receive(OK)
        self.assertEqual(client.read(), OK)
        self.assertEqual((self.house.logs[-1].status, state(self.house.logs[-1]), self.house.logs[-1].retries),
                         (200, "--", 1))

    def test_nextRequest(self):
        """
        The next request may have an idle one again.
        """
        self.build()
        client = self.warm(2)[0]
        client.receive(GET)
        self.house.network.transports[1].end()
        self.house.origin().receive(OK)
        client.receive(GET)
        self.assertEqual(len(self.house.network.attempts), 3)


class ForceCloseTests(IdleCase):
    """
    C{option forceclose}: our close asks the server for its own (HTP-11).
    """

    LENGTH = b"POST / HTTP/1.1\r\nHost: x\r\nContent-Length: 6\r\n\r\nabc", b"def"
    CHUNKED = b"POST / HTTP/1.1\r\nHost: x\r\nTransfer-Encoding: chunked\r\n\r\n6\r\nabc", b"def\r\n0\r\n\r\n"

    def test_bodyEndsLater(self):
        """
        When the request's body ended after the response had begun, our output stayed open and the server waited for its
        timeout.
        """
        for first, rest in (self.LENGTH, self.CHUNKED):
            self.build(forceClose=True)
            client = self.house.client(first)
            server = self.house.origin()
            server.receive(b"HTTP/1.1 200 OK\r\n\r\nx")
            self.assertFalse(server.writeEnded)
            client.receive(rest)
            self.assertTrue(server.writeEnded)
            self.assertTrue(server.read().endswith(rest))
            server.receive(b"y")
            server.end()
            self.assertTrue(client.read().endswith(b"xy"))
            self.assertEqual([state(one) for one in self.house.logs], ["--"])
            self.house.assertQuiet(self)

    def test_withoutOption(self):
        """
        Without the option it stays open.
        """
        self.build()
        client = self.house.client(self.LENGTH[0])
        self.house.origin().receive(b"HTTP/1.1 200 OK\r\n\r\nx")
        client.receive(self.LENGTH[1])
        self.assertFalse(self.house.origin().writeEnded)


class LateBodyTests(IdleCase):
    """
    The rest of a request body that nobody wants any more.
    """

    def test_clientBlocked(self):
        """
        It came after the response had ended, while the client still had to take it: that was an error in the log, and the
        client lost its answer.
        """
        for answer in (OK, b"HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n2\r\nok\r\n0\r\n\r\n"):
            self.build()
            client = self.house.client(b"POST / HTTP/1.1\r\nHost: x\r\nContent-Length: 100\r\n\r\nabc")
            client.room = 10
            self.house.origin().receive(answer)
            self.assertTrue(self.house.origin().lost)
            for _ in range(3):
                if client.reading:
                    client.receive(b"more body")
            client.take()
            self.assertIn(b"ok", client.read())
            self.assertEqual([(state(one), one.status) for one in self.house.logs], [("--", 200)])
            self.house.step(2)
            self.assertTrue(client.lost)
            self.house.assertQuiet(self)
            self.assertEqual(self.flushLoggedErrors(), [])
