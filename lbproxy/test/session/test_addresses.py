"""
Tests for L{lbproxy.session.addresses}: C{option http_proxy}, and servers with C{redir}.
"""

import attr
from twisted.trial.unittest import TestCase

from lbproxy.config.model import Cookie
from lbproxy.test.memory import House, state


class HttpProxyTests(TestCase):
    """
    The request says where it goes (HTP-27).
    """

    def setUp(self):
        self.house = House(servers=(), httpProxy=True)

    def test_address(self):
        """
        Address and port of an absolute URI, port 80 when there is none; the URI stays as it is.
        """
        for uri, target in ((b"http://10.5.0.1:81/x?y", ("10.5.0.1", 81)), (b"http://10.5.0.2/", ("10.5.0.2", 80))):
            self.house.network.behaviour[target] = "accept"
            self.house.client(b"GET %s HTTP/1.1\r\nHost: h\r\n\r\n" % uri)
            self.assertEqual(self.house.network.attempts[-1].target, target)
            self.assertTrue(self.house.origin().sent.startswith(b"GET %s HTTP/1.1\r\n" % uri))

    def test_eachRequest(self):
        """
        Two requests of one connection go to two places; nothing is pooled.
        """
        client = self.house.client(b"GET http://10.5.0.1/ HTTP/1.1\r\n\r\n")
        self.house.network.attempts[-1].accept().receive(b"HTTP/1.1 200 OK\r\nContent-Length: 0\r\n\r\n")
        client.receive(b"GET http://10.5.0.2/ HTTP/1.1\r\n\r\n")
        self.assertEqual([attempt.target[0] for attempt in self.house.network.attempts], ["10.5.0.1", "10.5.0.2"])

    def test_none(self):
        """
        A host name, or a path alone, is no address: 503.
        """
        for uri in (b"http://example.com/", b"/x", b"*"):
            client = self.house.client(b"GET %s HTTP/1.1\r\n\r\n" % uri)
            self.assertTrue(client.sent.startswith(b"HTTP/1.0 503 "))
            self.assertEqual((state(self.house.logs[-1]), self.house.logs[-1].serverName), ("SC", None))


class RedirTests(TestCase):
    """
    C{server ... redir} (HTP-28, HTP-29).
    """

    def setUp(self):
        self.house = House(servers=("a",), server={"redirect": b"http://static", "maxconn": 1, "cookie": b"A"},
                           cookie=Cookie(b"SRV", "insert"), responseAdds=(b"X-A: 1",))

    def test_redirected(self):
        """
        GET and HEAD are sent elsewhere, without slot, queue, rules or cookie; the server counts one session.
        """
        for method in (b"GET", b"HEAD"):
            client = self.house.client(b"%s http://x/a?b HTTP/1.1\r\n\r\n" % method)
            head = client.sent.split(b"\r\n")
            self.assertTrue(head[0].startswith(b"HTTP/1.0 302 "))
            self.assertIn(b"Location: http://static/a?b", head)
            self.assertNotIn(b"X-A: 1", head)
            self.assertNotIn(b"Set-Cookie", client.sent)
        server, exchange = self.house.server("a"), self.house.logs[0]
        self.assertEqual((server.cumulated, server.currentMax, server.selected, self.house.network.attempts), (2, 0, 2, []))
        self.assertEqual((state(exchange), exchange.status, exchange.serverName), ("PC", 302, "a"))
        self.assertEqual(exchange.queuedUntil, exchange.requestAt)
        self.house.step(2.0)
        self.house.assertQuiet(self)

    def test_designated(self):
        """
        A cookie designates the server whose prefix is used; that is no decision of the algorithm.
        """
        client = self.house.client(b"GET /x HTTP/1.1\r\nCookie: SRV=A\r\n\r\n")
        self.assertIn(b"Location: http://static/x\r\n", client.sent)
        self.assertEqual((self.house.server("a").selected, self.house.logs[0].cookieFlags), (0, "VN"))

    def test_otherMethods(self):
        """
        Other methods are forwarded.
        """
        self.house.behave(a="accept")
        self.house.client(b"POST /x HTTP/1.1\r\nContent-Length: 0\r\n\r\n")
        self.assertTrue(self.house.origin().sent.startswith(b"POST /x "))

    def test_full(self):
        """
        It does not matter that the server is full.
        """
        self.house.behave(a="accept")
        self.house.client(b"POST /x HTTP/1.1\r\nContent-Length: 0\r\n\r\n")
        self.assertTrue(self.house.client(b"GET /x HTTP/1.1\r\nCookie: SRV=A\r\n\r\n").sent.startswith(b"HTTP/1.0 302 "))

    def test_fromQueue(self):
        """
        A GET that had to wait gets its redirection when the server has room, and takes none of it.
        """
        house = House(servers=("a", "b"), server={"redirect": b"http://static", "maxconn": 1})
        house.behave(a="accept", b="accept")
        for _ in range(2):
            house.client(b"POST /x HTTP/1.1\r\nContent-Length: 0\r\n\r\n")
        # Everything is busy: nobody was chosen for it.
        client = house.client(b"GET /y HTTP/1.1\r\n\r\n")
        self.assertEqual(client.sent, b"")
        house.origin(0).receive(b"HTTP/1.1 200 OK\r\nContent-Length: 0\r\n\r\n")
        self.assertIn(b"Location: http://static/y\r\n", client.sent)
        self.assertEqual([server.served for server in house.pool.servers], [0, 1])
        self.assertEqual((state(house.logs[0]), house.logs[0].backendQueue), ("PC", 1))

    def test_afterRedispatch(self):
        """
        So does one whose first server failed.
        """
        house = ElsewhereHouse(servers=("a", "b"), redispatch=True, retries=1)
        house.behave(a="refuse")
        client = house.client(b"GET /y HTTP/1.1\r\n\r\n")
        house.step(1.1)
        self.assertIn(b"Location: http://static/y\r\n", client.sent)
        exchange = house.logs[-1]
        self.assertEqual((exchange.serverName, exchange.redispatched, house.server("a").redispatches), ("b", True, 1))
        house.step(2.0)
        house.assertQuiet(self)


class ElsewhereHouse(House):
    """
    Only server C{b} has a C{redir}.
    """

    def configure(self, configuration):
        """
        As L{House.configure}.
        """
        front, back = configuration.proxies
        first, second = back.servers
        servers = (first, attr.evolve(second, redirect=b"http://static"))
        return attr.evolve(configuration, proxies=(front, attr.evolve(back, servers=servers)))
