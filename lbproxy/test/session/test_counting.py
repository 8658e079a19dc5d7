# -*- test-case-name: lbproxy.test.session.test_counting -*-
"""
Tests for what is counted and logged where it was counted for the wrong one, or not at all.
"""

from twisted.trial import unittest

from lbproxy.config.model import Balance, Proxy, RegexRule, Timeouts
from lbproxy.test.memory import House, state

GET = b"GET /x HTTP/1.1\r\nHost: x\r\n\r\n"
EVIL = b"GET /evil HTTP/1.1\r\nHost: x\r\n\r\n"
OK = b"HTTP/1.1 200 OK\r\nContent-Length: 2\r\n\r\nok"
POST = b"POST /x HTTP/1.1\r\nHost: x\r\nContent-Length: %d\r\n\r\n"
CHUNKED = b"POST /x HTTP/1.1\r\nHost: x\r\nTransfer-Encoding: chunked\r\n\r\n"
RULE = (RegexRule("tarpit", b"^GET /evil"),)


class LogAsapTests(unittest.SynchronousTestCase):
    """
    C{option logasap}: the line is written in the middle of the exchange (LOG-10, LOG-14).
    """

    def build(self, mode):
        self.house = House(mode=mode, front_logAsap=True)
        self.house.behave(a="accept")
        self.seen = []
        self.house.frontend.log = lambda one, now: self.seen.append(
            (one.actConn, one.feConn, one.beConn, one.srvConn))

    def arrive(self, mode):
        client = self.house.client(*([GET] if mode == "http" else []))
        if mode == "http":
            self.house.origin().receive(OK[:-1])
        return client

    def test_alone(self):
        """
        A lone client has zeros in its line, with this option as without: it counted itself on the backend and the server.
        """
        for mode in ("http", "tcp"):
            self.build(mode)
            self.arrive(mode)
            self.assertEqual(self.seen, [(0, 0, 0, 0)], mode)

    def test_others(self):
        """
        Others count as ever.
        """
        for mode in ("http", "tcp"):
            self.build(mode)
            for _ in range(3):
                self.arrive(mode)
            self.assertEqual(self.seen, [(number,) * 4 for number in range(3)], mode)

    def test_once(self):
        """
        There is one line, and the counters are right at the end.
        """
        for mode in ("http", "tcp"):
            self.build(mode)
            client = self.arrive(mode)
            self.house.origin().receive(b"k")
            client.end()
            self.house.origin().end() if not self.house.origin().lost else None
            self.assertEqual(len(self.seen), 1)
            self.house.assertQuiet(self)


class TarpitCountTests(unittest.SynchronousTestCase):
    """
    Held requests (HDR-07): denied on the proxy whose rule matched, failed on the frontend.
    """

    def finish(self, how, **rules):
        """
        @return: C{(denied, failed)} of the frontend and of the backend after one held request.
        """
        self.house = house = House(timeouts=dict(tarpit=3.0, client=50.0), **rules)
        client = house.client(EVIL)
        house.step(1)
        self.assertEqual(house.frontend.counters.deniedRequests + house.backend.counters.deniedRequests, 0)
        if how == "wait":
            house.step(2.1)
        else:
            getattr(client, how)()
        self.assertEqual([state(one) for one in house.logs], ["PT" if how == "wait" else "CT"])
        house.step(5)
        house.assertQuiet(self)
        return tuple((one.deniedRequests, one.failedRequests) for one in (house.frontend.counters, house.backend.counters))

    def test_frontendRule(self):
        """
        A frontend's rule: both counts are the frontend's, also when the client leaves first, by close or reset.
        """
        for how in ("wait", "end", "reset"):
            self.assertEqual(self.finish(how, front_requestRules=RULE), ((1, 1), (0, 0)), how)

    def test_backendRule(self):
        """
        A backend's rule: the denied request is the backend's, the failed one the frontend's.
        """
        rules = dict(requestRules=RULE, front_requestRules=())
        for how in ("wait", "end", "reset"):
            self.assertEqual(self.finish(how, **rules), ((0, 1), (1, 0)), how)

    def test_listen(self):
        """
        A C{listen} is both, and counts once.
        """
        both = Proxy("listen", "both", 5, mode="http", dispatch=("10.9.9.9", 1), requestRules=RULE,
                     timeouts=Timeouts(client=50.0, tarpit=3.0))
        for leave in (False, True):
            house = House(more=(both,))
            house.frontend = house.assembly.frontends[1]
            client = house.client(EVIL)
            if leave:
                client.reset()
            house.step(3.1)
            counters = house.frontend.counters
            self.assertEqual((counters.deniedRequests, counters.failedRequests), (1, 1))

    def test_others(self):
        """
        A request that no rule holds counts for nothing.
        """
        house = House(requestRules=RULE)
        house.behave(a="accept")
        house.client(GET)
        house.origin().receive(OK)
        for counters in (house.frontend.counters, house.backend.counters):
            self.assertEqual((counters.deniedRequests, counters.failedRequests), (0, 0))


class RawHeadTests(unittest.SynchronousTestCase):
    """
    What rules look at (HDR-09).
    """

    def held(self, pattern, request, **settings):
        house = House(front_requestRules=(RegexRule("tarpit", pattern),), timeouts=dict(tarpit=3.0), **settings)
        house.behave(a="accept")
        house.client(request)
        self.house = house
        return not house.network.attempts

    def test_connectionHeader(self):
        """
        The head as it came: a rule about a header that is not passed on still finds it, and does not find what we add.
        """
        close = b"GET / HTTP/1.1\r\nHost: x\r\nConnection: close\r\nX-Last: 1\r\n\r\n"
        for settings in ({}, {"httpClose": True}, {"forceClose": True}):
            self.assertTrue(self.held(b"^Connection: close$", close, **settings), settings)
            self.assertTrue(self.held(b"^X-Last: 1$", close, **settings), settings)
            self.assertFalse(self.held(b"^Connection:", GET, **settings), settings)

    def test_namedHeaders(self):
        """
        So are headers that Connection names, which go no further.
        """
        request = b"GET / HTTP/1.1\r\nHost: x\r\nConnection: X-Evil\r\nX-Evil: yes\r\nKeep-Alive: 5\r\n\r\n"
        for pattern in (b"^X-Evil: yes$", b"^Connection: X-Evil$", b"^Keep-Alive: 5$"):
            self.assertTrue(self.held(pattern, request), pattern)
        self.assertFalse(self.held(b"^$", request))


class BodyCase(unittest.SynchronousTestCase):
    """
    C{balance url_param uid check_post}.
    """

    def build(self, checkPost=48, **settings):
        self.house = House(balance=Balance("url_param", b"uid", checkPost), **settings)
        self.house.behave(a="accept")

    def key(self, request):
        """
        @return: what the server is chosen by.
        """
        house = self.house
        known = len(house.logs)
        client = house.client(request)
        exchange = house.logs[-1] if len(house.logs) > known else client.protocol.exchange
        self.assertIsNotNone(exchange.link, "still waiting")
        return exchange.balanceKey


class BodyParameterTests(BodyCase):
    """
    Where a parameter is looked for in a body (LB-17, LB-18).
    """

    def chunks(self, *chunks):
        return CHUNKED + b"".join(b"%x\r\n%s\r\n" % (len(chunk), chunk) for chunk in chunks + (b"",))

    def test_firstChunk(self):
        """
        Only the first chunk is searched, and its framing is no part of a value.
        """
        self.build()
        cases = (
            ((b"uid=7",), b"7"), ((b"uid=7", b"8&a=1"), b"7"), ((b"uid=7&a=1", b"&uid=8"), b"7"),
            ((b"a=1", b"&uid=7"), None), ((b"a=1&", b"uid=7"), None), ((b"ui", b"d=7"), None), ((b"uid=", b"7"), b""),
        )
        for chunks, key in cases:
            self.assertEqual(self.key(self.chunks(*chunks)), key, chunks)

    def test_extension(self):
        """
        What stands behind the size is skipped, and is not the parameter.
        """
        self.build()
        for line, key in ((b"5;uid=9", b"7"), (b"05", b"7"), (b"5 ; a", b"7"), (b"4", b"")):
            self.assertEqual(self.key(CHUNKED + line + b"\r\nuid=7\r\n0\r\n\r\n"), key, line)

    def test_malformedSize(self):
        """
        A size that is none disables the search. C{5_0} and C{+5} are no sizes, though Python's C{int} says so.
        """
        for size in (b"5_0", b"+5", b"-5", b" 5", b"0x5", b"5g", b"", b"g", b"5,", b"\t5", b"00000000000000005"):
            self.build()
            self.assertIsNone(self.key(CHUNKED + size + b"\r\nuid=7\r\n0\r\n\r\n"), size)

    def test_binaryValue(self):
        """
        A byte in the value that belongs in no token makes it something else than a parameter, wherever it stands; a blank
        ends the value.
        """
        self.build()
        cases = (
            (b"uid=7", b"7"), (b"uid=7%2F8", b"7%2F8"), (b"uid=a.b-c_d~e", b"a.b-c_d~e"), (b"uid=7 x", b"7"),
            (b"uid=7\tx", b"7"), (b"uid=7&x=/", b"7"), (b"x=/&uid=7", b"7"), (b"uid= ", b""),
            (b"uid=7/8", None), (b"uid=/", None), (b"uid=7\0", None), (b"uid=7\x80&a=1", None), (b"uid=\xc3\xa9", None),
            (b"uid=7=8", None), (b"uid=7\"", None), (b"uid=7\x7f8", None), (b"uid=[7]", None), (b"uid=7,8", None),
        )
        for body, key in cases:
            self.assertEqual(self.key(POST % len(body) + body), key, body)


class BodyWaitTests(BodyCase):
    """
    While a body is awaited.
    """

    def test_reset(self):
        """
        A client that breaks the connection meanwhile is a failed request of its frontend: it was not counted.
        """
        for request in (POST % 20, POST % 20 + b"uid", CHUNKED, CHUNKED + b"14\r\nu"):
            self.build()
            self.house.client(request).reset()
            self.assertEqual(self.house.frontend.counters.failedRequests, 1)
            self.assertEqual([(state(one), one.status) for one in self.house.logs], [("CR", -1)])
            self.assertEqual(self.house.network.attempts, [])
            self.house.assertQuiet(self)

    def test_noRequestTimeout(self):
        """
        Without a timeout for requests the client's own one ends the waiting; there was none, and it stayed for ever.
        """
        self.build(timeouts=dict(client=5.0, httpRequest=None))
        self.house.client(POST % 100 + b"ab")
        self.house.step(4.9)
        self.assertEqual(self.house.network.attempts, [])
        self.house.step(0.2)
        self.assertEqual(len(self.house.network.attempts), 1)
        self.assertEqual(self.house.frontend.counters.failedRequests, 0)


class KillTests(unittest.SynchronousTestCase):
    """
    The process ends at once, with sessions on their way to a server.
    """

    def build(self, mode="http", **settings):
        options = dict(mode=mode, server=dict(maxconn=1))
        options.update(settings)
        self.house = House(**options)

    def arrive(self):
        return self.house.client(GET)

    def assertKilled(self, client, record):
        """
        No answer, no status, and nobody else to blame.
        """
        self.assertEqual((client.read(), client.aborted), (b"", True))
        self.assertEqual((state(record), record.status, record.bytesOut, record.responseAt), ("PD", -1, 0, None))

    def test_connecting(self):
        """
        One that is connecting logs no answer: it logged the 503 of a failed server, which nobody got.
        """
        for mode in ("http", "tcp"):
            self.build(mode)
            client = self.arrive()
            client.protocol.kill()
            self.assertTrue(self.house.network.attempts[0].cancelled)
            self.assertEqual(len(self.house.logs), 1)
            self.assertKilled(client, self.house.logs[0])
            self.house.assertQuiet(self)

    def test_queued(self):
        """
        Nor does one that is queued; and it is out of the queue, so that nothing is done for it any more.
        """
        for mode in ("http", "tcp"):
            self.build(mode)
            self.house.behave(a="accept")
            first, second = self.arrive(), self.arrive()
            self.assertEqual(self.house.pool.waiting, 1)
            second.protocol.kill()
            self.assertEqual(self.house.pool.waiting, 0)
            self.assertKilled(second, self.house.logs[0])
            first.protocol.kill()
            self.assertEqual(len(self.house.network.attempts), 1)
            self.assertEqual(len(self.house.logs), 2)
            self.assertTrue(self.house.origin().lost)
            self.house.assertQuiet(self)

    def test_turnAround(self):
        """
        Nor one that waits for its next attempt.
        """
        self.build()
        self.house.behave(a="refuse")
        client = self.arrive()
        client.protocol.kill()
        self.assertKilled(client, self.house.logs[0])
        self.house.step(5)
        self.assertEqual(len(self.house.network.attempts), 1)
        self.house.assertQuiet(self)

    def test_waitersFirst(self):
        """
        Whoever waits is killed before those who would give it their slot; then no connection is made in the last moment.
        """
        self.build()
        clients = [self.arrive() for _ in range(4)]
        for client in reversed(clients):
            client.protocol.kill()
        self.assertEqual(len(self.house.network.attempts), 1)
        for client, record in zip(reversed(clients), self.house.logs):
            self.assertKilled(client, record)
        self.house.assertQuiet(self)

    def test_noErrors(self):
        """
        No server and no backend has an error from it, and time changes nothing later.
        """
        self.build()
        clients = [self.arrive() for _ in range(2)]
        for client in reversed(clients):
            client.protocol.kill()
        self.house.step(100)
        server, counters = self.house.server("a"), self.house.backend.counters
        self.assertEqual((server.connectErrors, server.retries, counters.connectErrors, counters.responseErrors), (0,) * 4)
        self.assertEqual((len(self.house.logs), len(self.house.balancer.deadlines)), (2, 0))


class ContStatsTests(unittest.TestCase):
    """
    C{option contstats}: who looks sees what was transferred so far (STA-17).
    """

    REQUEST = b"GET / HTTP/1.1\r\nHost: a\r\n\r\n"
    HEAD = b"HTTP/1.1 200 OK\r\nContent-Length: 1000\r\n\r\n"

    def bytesOut(self, house):
        """
        @return: bytes sent, of the frontend, the backend and the server.
        """
        return [one.bytesOut for one in (house.frontend.counters, house.backend.counters, house.server("a"))]

    def test_during(self):
        """
        Bytes of a transfer that is not over are there; at the end each is counted once.
        """
        house = House(front_contStats=True)
        house.behave(a="accept")
        house.client(self.REQUEST)
        house.origin().receive(self.HEAD + b"x" * 400)
        self.assertEqual(self.bytesOut(house), [0] * 3)
        for _ in range(2):
            house.balancer.creditSessions()
            self.assertEqual(self.bytesOut(house), [len(self.HEAD) + 400] * 3)
        house.origin().receive(b"x" * 600)
        self.assertEqual(self.bytesOut(house), [len(self.HEAD) + 1000] * 3)
        self.assertEqual(house.server("a").bytesIn, len(self.REQUEST))
        self.assertEqual(house.logs[0].bytesOut, len(self.HEAD) + 1000)

    def test_without(self):
        """
        Without the option they are counted at the end.
        """
        house = House()
        house.behave(a="accept")
        house.client(self.REQUEST)
        house.origin().receive(self.HEAD + b"x" * 400)
        house.balancer.creditSessions()
        self.assertEqual(self.bytesOut(house), [0] * 3)

    def test_queued(self):
        """
        A request that waits has no server yet: nothing of it is lost for the one it gets.
        """
        house = House(front_contStats=True, server={"maxconn": 1})
        house.behave(a="accept")
        for _ in range(2):
            house.client(self.REQUEST)
        house.balancer.creditSessions()
        for _ in range(2):
            house.origin(-1).receive(b"HTTP/1.1 200 OK\r\nContent-Length: 0\r\n\r\n")
        self.assertEqual(house.server("a").bytesIn, 2 * len(self.REQUEST))
        self.assertEqual(house.backend.counters.bytesIn, 2 * len(self.REQUEST))

    def test_tcp(self):
        """
        A long TCP session is seen as well.
        """
        house = House("tcp", front_contStats=True)
        house.behave(a="accept")
        client = house.client()
        client.receive(b"abc")
        house.origin().receive(b"defgh")
        house.balancer.creditSessions()
        self.assertEqual((self.bytesOut(house), house.server("a").bytesIn), ([5] * 3, 3))
