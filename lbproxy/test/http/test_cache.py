# -*- test-case-name: lbproxy.test.http.test_cache -*-
"""
Tests for L{lbproxy.http.cache}: heads that were seen before.
"""

from twisted.trial import unittest

from lbproxy.config.model import ForwardFor
from lbproxy.http import HeadCache, Limits, parseRequest
from lbproxy.http.cache import ENTRIES, LONGEST
from lbproxy.test.memory import House, state

GET = b"GET /x HTTP/1.1\r\nHost: www\r\n\r\n"
OK = b"HTTP/1.1 200 OK\r\nContent-Length: 2\r\n\r\n"


class HeadCacheTests(unittest.SynchronousTestCase):
    """
    What is kept, and how much of it.
    """

    def test_sameObject(self):
        """
        The same bytes give the very object that was parsed; other bytes give nothing.
        """
        cache = HeadCache()
        head = parseRequest(GET, 0, Limits(8192, 204))
        cache.keep(GET, head)
        self.assertIs(cache.get(bytes(bytearray(GET))), head)
        self.assertIsNone(cache.get(GET[:-1]))
        self.assertIsNone(cache.get(GET.lower()))

    def test_bounded(self):
        """
        However many different heads come, no more than the bound is held, and the newest is always found.
        """
        cache = HeadCache()
        for number in range(2 * ENTRIES + 10):
            cache.keep(b"%d" % number, number)
            self.assertLessEqual(len(cache), ENTRIES)
            self.assertEqual(cache.get(b"%d" % number), number)
        self.assertIsNone(cache.get(b"0"))

    def test_longHeads(self):
        """
        A head of the longest size is kept, one byte more is not: long cookies do not fill the memory.
        """
        cache = HeadCache()
        cache.keep(b"x" * LONGEST, "kept")
        cache.keep(b"x" * (LONGEST + 1), "not kept")
        self.assertEqual(list(cache.values()), ["kept"])

    def test_longHeadForgetsNothing(self):
        """
        A head that is too long to be kept does not make a full cache forget the others.
        """
        cache = HeadCache()
        for number in range(ENTRIES):
            cache.keep(b"%d" % number, number)
        cache.keep(b"x" * (LONGEST + 1), "not kept")
        self.assertEqual(len(cache), ENTRIES)

    def test_compositeKeys(self):
        """
        When more than bytes decide, the bytes' size still counts.
        """
        cache = HeadCache()
        cache.keep((b"x" * LONGEST, True), "kept", LONGEST)
        cache.keep((b"y" * (LONGEST + 1), True), "not kept", LONGEST + 1)
        self.assertEqual(list(cache.values()), ["kept"])


class CachedHeadsInSessionsTests(unittest.SynchronousTestCase):
    """
    Heads seen before on connections: the client must not be able to tell.
    """

    def setUp(self):
        self.house = House()
        self.house.behave(a="accept")

    def exchange(self, request, response):
        """
        @return: what the client of a new connection got.
        """
        client = self.house.client(request)
        self.house.origin().receive(response)
        return client

    def test_requestSeenBefore(self):
        """
        The second identical request is the same head object, yet an exchange of its own.
        """
        client = self.exchange(GET, OK + b"ok")
        client.receive(GET)
        self.house.origin().receive(OK + b"ok")
        first, second = self.house.logs
        self.assertIs(first.request, second.request)
        self.assertIsNot(first, second)
        self.assertEqual((first.bytesIn, second.bytesIn), (len(GET), len(GET)))

    def test_requestsOfAllClients(self):
        """
        Another client with the same request is served alike, and logged with its own address.
        """
        self.exchange(GET, OK + b"ok")
        other = self.house.client(GET, peername=("10.0.0.2", 5000))
        self.house.origin().receive(OK + b"ok")
        self.assertEqual(other.read(), OK + b"ok")
        self.assertEqual([one.sourceHost for one in self.house.logs], ["10.0.0.1", "10.0.0.2"])

    def test_responseSeenBefore(self):
        """
        The second identical response head is the same object, its body another one.
        """
        client = self.exchange(GET, OK + b"ok")
        client.receive(GET)
        self.house.origin().receive(OK + b"no")
        self.assertEqual(client.read(), OK + b"ok" + OK + b"no")
        self.assertIs(self.house.logs[0].response, self.house.logs[1].response)

    def test_headAfterGet(self):
        """
        The answer to HEAD has the very head of the answer to GET, but no body: nobody waits for one.
        """
        client = self.exchange(GET, OK + b"ok")
        client.read()
        client.receive(GET.replace(b"GET", b"HEAD"))
        self.house.origin().receive(OK)
        self.assertEqual(client.read(), OK)
        self.assertEqual(len(self.house.logs), 2)
        self.assertEqual(state(self.house.logs[1]), "--")
        self.assertEqual(len(self.house.server("a").idle), 1)

    def test_getAfterHead(self):
        """
        The answer to GET has a body, even if the same head came for HEAD just before.
        """
        client = self.exchange(GET.replace(b"GET", b"HEAD"), OK)
        client.read()
        client.receive(GET)
        self.house.origin().receive(OK)
        self.assertEqual(len(self.house.logs), 1)
        self.house.origin().receive(b"ok")
        self.assertEqual(client.read(), OK + b"ok")
        self.assertEqual(len(self.house.logs), 2)

    def test_connectAfterGet(self):
        """
        A successful CONNECT opens a tunnel, though its answer's head was a plain one for GET.
        """
        self.exchange(GET, OK + b"ok")
        client = self.exchange(b"CONNECT www:443 HTTP/1.1\r\nHost: www\r\n\r\n", OK)
        server = self.house.origin()
        server.read()
        client.receive(b"\x16\x03hello")
        self.assertEqual(server.read(), b"\x16\x03hello")

    def test_getAfterConnect(self):
        """
        The head that opened a tunnel is a plain one for the next GET.
        """
        self.exchange(b"CONNECT www:443 HTTP/1.1\r\nHost: www\r\n\r\n", OK).reset()
        client = self.exchange(GET, OK + b"ok")
        self.assertEqual(client.read(), OK + b"ok")
        self.assertEqual(state(self.house.logs[-1]), "--")
        self.assertEqual(len(self.house.server("a").idle), 1)

    def test_interimNeverKept(self):
        """
        A 100 Continue is forwarded each time and never taken for the answer.
        """
        for _ in range(2):
            client = self.exchange(GET, b"HTTP/1.1 100 Continue\r\n\r\n")
            self.assertEqual(client.read(), b"HTTP/1.1 100 Continue\r\n\r\n")
            self.house.origin().receive(OK + b"ok")
            self.assertEqual(client.read(), OK + b"ok")

    def test_postSeenBefore(self):
        """
        The body of a request whose head was seen before is relayed as its own, pipelined bytes behind it as the next one.
        """
        head = b"POST /x HTTP/1.1\r\nContent-Length: 3\r\n\r\n"
        client = self.house.client()
        for body in (b"one", b"two"):
            client.receive(head)
            client.receive(body)
            self.assertEqual(self.house.origin().read(), head + body)
            self.house.origin().receive(OK + b"ok")
        self.assertEqual([one.bytesIn for one in self.house.logs], [len(head) + 3] * 2)
        self.assertEqual([state(one) for one in self.house.logs], ["--", "--"])

    def test_otherTreatment(self):
        """
        A head that went out with a forwarded-for line for one client goes out with the other's address for another.
        """
        self.house = House(forwardFor=ForwardFor())
        self.house.behave(a="accept")
        for host in ("10.0.0.1", "10.0.0.2", "10.0.0.1"):
            self.house.client(GET, peername=(host, 1))
            self.assertEqual(self.house.origin().read(),
                             GET[:-2] + b"X-Forwarded-For: " + host.encode("ascii") + b"\r\n\r\n")
