# -*- test-case-name: lbproxy.test.session.test_analysers -*-
"""
Tests for L{lbproxy.session.analysers}: what is done with a request head before it may have a server.
"""

import socket

from twisted.trial import unittest

from lbproxy.config.model import (
    AclEntry,
    Balance,
    Condition,
    ForwardFor,
    Proxy,
    RegexRule,
    ServerConfig,
    SwitchRule,
    Term,
    Timeouts,
)
from lbproxy.test.memory import House, state

GET = b"GET /x HTTP/1.1\r\nHost: www\r\n\r\n"
OK = b"HTTP/1.1 200 OK\r\nContent-Length: 2\r\n\r\nok"
POST = b"POST /x HTTP/1.1\r\nContent-Length: %d\r\n\r\n"
CHUNKED = b"POST /x HTTP/1.1\r\nTransfer-Encoding: chunked\r\n\r\n"


def network(text):
    """
    @return: C{(network, mask)} of C{"10.0.0.0/8"}.
    """
    host, _, bits = text.partition("/")
    mask = (0xffffffff << (32 - int(bits))) & 0xffffffff
    return int.from_bytes(socket.inet_aton(host), "big") & mask, mask


class AnalyserCase(unittest.SynchronousTestCase):
    """
    A house whose servers accept.
    """

    def build(self, servers=("a",), **settings):
        self.house = House(servers=servers, **settings)
        self.house.behave(**dict.fromkeys(servers, "accept"))
        return self.house

    def chosen(self):
        """
        @return: names of the servers that were connected to, in order.
        """
        names = {address: name for name, address in self.house.addresses.items()}
        return [names[attempt.target] for attempt in self.house.network.attempts]


class MonitorTests(AnalyserCase):
    """
    C{monitor-uri} (ERR-06).
    """

    def test_exact(self):
        """
        Only exactly this URI is answered by ourselves: not a longer one, nor one with a query, nor another case.
        """
        self.build(front_monitorUri=b"/alive")
        for uri in (b"/alive?x", b"/alive/", b"/Alive", b"/"):
            self.house.client(b"GET " + uri + b" HTTP/1.0\r\n\r\n")
            self.assertTrue(self.house.origin().read().startswith(b"GET " + uri), uri)
        client = self.house.client(b"GET /alive HTTP/1.0\r\n\r\n")
        self.assertEqual(len(self.house.network.attempts), 4)
        self.assertTrue(client.read().startswith(b"HTTP/1.0 200"))
        self.assertTrue(client.lost)

    def test_anyMethod(self):
        """
        HEAD is answered without a page.
        """
        self.build(front_monitorUri=b"/alive")
        answer = self.house.client(b"HEAD /alive HTTP/1.0\r\n\r\n").read()
        self.assertTrue(answer.startswith(b"HTTP/1.0 200") and answer.endswith(b"\r\n\r\n"), answer)

    def test_leavesNoTrace(self):
        """
        It is neither logged nor counted as a request or an error of any proxy, however often it is asked.
        """
        self.build(front_monitorUri=b"/alive")
        for _ in range(3):
            self.house.client(b"GET /alive HTTP/1.1\r\n\r\n")
        self.assertEqual(self.house.logs, [])
        self.assertEqual(self.house.backend.counters.beTotal, 0)
        self.assertEqual(self.house.frontend.counters.failedRequests, 0)
        self.house.assertQuiet(self)

    def test_onKeptConnection(self):
        """
        As the second request of a connection it is answered as well, and the first one keeps its log line.
        """
        self.build(front_monitorUri=b"/alive")
        client = self.house.client(GET)
        self.house.origin().receive(OK)
        client.receive(b"GET /alive HTTP/1.1\r\n\r\n")
        self.assertIn(b"HTTP/1.0 200", client.read())
        self.assertEqual([one.request.uri for one in self.house.logs], [b"/x"])

    def test_withoutBackend(self):
        """
        It is answered even if the frontend has no backend at all, and everything else gets 503 SC (SWI-06).
        """
        self.build(front_monitorUri=b"/alive", front_defaultBackend=None)
        self.assertIn(b" 200 ", self.house.client(b"GET /alive HTTP/1.0\r\n\r\n").read())
        self.assertIn(b" 503 ", self.house.client(GET).read())
        self.assertEqual([(one.status, state(one), one.serverName, one.backendName) for one in self.house.logs],
                         [(503, "SC", None, "web")])


class SwitchingTests(AnalyserCase):
    """
    C{use_backend} (SWI-03 to SWI-09).
    """

    ACLS = (AclEntry("image", "path_beg", patterns=(b"/img",)), AclEntry("old", "path_end", patterns=(b".old",)))

    def switch(self, *rules, **settings):
        """
        @param rules: C{(backend, acl name, unless)}.
        """
        more = tuple(
            Proxy("backend", name, index + 3, mode="http",
                  timeouts=Timeouts(client=10.0, server=1.0 + index, connect=5.0),
                  servers=(ServerConfig("s", 1, "10.2.0.%d" % index, 80),))
            for index, name in enumerate(("images", "archive")))
        house = self.build(
            more=more, front_acls=self.ACLS,
            front_switchRules=tuple(SwitchRule(backend, Condition(((Term(name),),), unless))
                                    for backend, name, unless in rules), **settings)
        for index in range(2):
            house.network.behaviour[("10.2.0.%d" % index, 80)] = "accept"
        return house

    def backendOf(self, uri):
        client = self.house.client(b"GET " + uri + b" HTTP/1.0\r\n\r\n")
        self.house.origin().receive(OK)
        client.reset() if not client.lost else None
        return self.house.logs[-1].backendName

    def test_firstMatchWins(self):
        """
        Rules are tried in order; without a match the default backend serves (SWI-03, SWI-05).
        """
        self.switch(("images", "image", False), ("archive", "old", False))
        self.assertEqual([self.backendOf(uri) for uri in (b"/img/x", b"/x.old", b"/img/x.old", b"/x")],
                         ["images", "archive", "images", "app"])
        self.switch(("archive", "old", False), ("images", "image", False))
        self.assertEqual(self.backendOf(b"/img/x.old"), "archive")

    def test_unless(self):
        """
        With unless the rule applies to all that does not match, whatever rule stands before it (SWI-04).
        """
        self.switch(("images", "image", True))
        self.assertEqual([self.backendOf(uri) for uri in (b"/img/x", b"/x")], ["app", "images"])
        self.switch(("archive", "old", False), ("images", "image", True))
        self.assertEqual([self.backendOf(uri) for uri in (b"/x.old", b"/x", b"/img/x")], ["archive", "images", "app"])

    def test_eachRequest(self):
        """
        Every request of a connection is switched by itself; none inherits the backend of the one before (reference 23).
        """
        self.switch(("images", "image", False))
        client = self.house.client()
        for uri in (b"/img/1", b"/2", b"/img/3"):
            client.receive(b"GET " + uri + b" HTTP/1.1\r\nHost: h\r\n\r\n")
            target = self.house.network.attempts[-1].target if uri != b"/img/3" else ("10.2.0.0", 80)
            transport = [one for one in self.house.network.transports if one.peername == target][-1]
            transport.receive(OK)
        self.assertEqual([one.backendName for one in self.house.logs], ["images", "app", "images"])
        self.assertEqual(len(self.house.network.transports), 2)

    def test_timeoutsAndCounters(self):
        """
        The chosen backend's server timeout applies, and it counts the request; the default one does not (SWI-08).
        """
        self.switch(("archive", "old", False))
        client = self.house.client(b"GET /x.old HTTP/1.1\r\n\r\n")
        archive = self.house.assembly.backends["archive"]
        counts = archive.counters.beTotal, archive.counters.beCurrent, self.house.backend.counters.beTotal
        self.assertEqual(counts, (1, 1, 0))
        self.house.step(1.9)
        self.assertEqual(self.house.logs, [])
        self.house.step(0.2)
        self.assertIn(b" 504 ", client.read())
        self.assertEqual((archive.counters.beCurrent, archive.counters.responseErrors), (0, 1))
        self.house.assertQuiet(self)

    def test_noDefault(self):
        """
        Without a default backend what no rule matches is answered 503, and the next connection is switched as ever.
        """
        self.switch(("images", "image", False), front_defaultBackend=None)
        self.assertIn(b" 503 ", self.house.client(GET).read())
        self.assertEqual(state(self.house.logs[0]), "SC")
        self.assertEqual(self.backendOf(b"/img/x"), "images")


class ForwardForTests(AnalyserCase):
    """
    C{option forwardfor} (HTP-22 to HTP-25).
    """

    def seen(self, host="10.0.0.1", request=GET):
        """
        @return: what the server got from a client at that address.
        """
        self.house.client(request, peername=(host, 4000))
        return self.house.origin().read()

    def test_lastLine(self):
        """
        The line is the last one; lines of that name that the client sent stay (HTP-22).
        """
        self.build(front_forwardFor=ForwardFor())
        request = b"GET / HTTP/1.1\r\nX-Forwarded-For: 1.2.3.4\r\nHost: www\r\n\r\n"
        self.assertEqual(self.seen(request=request), request[:-2] + b"X-Forwarded-For: 10.0.0.1\r\n\r\n")

    def test_eitherSide(self):
        """
        Set on the frontend, on the backend or on both, there is one line.
        """
        for front, back in ((ForwardFor(), None), (None, ForwardFor()), (ForwardFor(), ForwardFor())):
            self.build(front_forwardFor=front, forwardFor=back)
            self.assertEqual(self.seen().lower().count(b"x-forwarded-for: 10.0.0.1\r\n"), 1)
        self.build()
        self.assertEqual(self.seen(), GET)

    def test_names(self):
        """
        The backend's header name wins over the frontend's (HTP-24).
        """
        front, back = ForwardFor(b"X-Front"), ForwardFor(b"X-Back")
        for options, name in (((front, None), b"X-Front"), ((None, back), b"X-Back"), ((front, back), b"X-Back")):
            self.build(front_forwardFor=options[0], forwardFor=options[1])
            self.assertEqual(self.seen(), GET[:-2] + name + b": 10.0.0.1\r\n\r\n")

    def test_except(self):
        """
        A client in the excepted network of either side gets no line, its neighbours do (HTP-23).
        """
        ours, others = ForwardFor(exceptNetwork=network("10.0.0.0/8")), ForwardFor(exceptNetwork=network("192.168.1.0/24"))
        cases = (
            (ours, None, ("10.0.0.0", "10.255.255.255"), ("9.255.255.255", "11.0.0.0")),
            (None, ours, ("10.1.2.3",), ("127.0.0.1",)),
            (ours, others, ("10.1.2.3", "192.168.1.255"), ("192.168.2.0", "172.16.0.1")),
            (others, ours, ("10.1.2.3", "192.168.1.0"), ("192.168.0.255",)),
        )
        for front, back, excepted, served in cases:
            self.build(front_forwardFor=front, forwardFor=back)
            for host in excepted:
                self.assertNotIn(b"X-Forwarded-For", self.seen(host), host)
            for host in served:
                self.assertIn(b"X-Forwarded-For: %s\r\n" % host.encode("ascii"), self.seen(host))

    def test_ipv6(self):
        """
        An IPv6 client is told in its textual form, and is in no excepted network (HTP-25).
        """
        self.build(front_forwardFor=ForwardFor(exceptNetwork=network("0.0.0.0/0")))
        for host in ("::1", "2001:db8::7"):
            self.assertIn(b"\r\nX-Forwarded-For: %s\r\n\r\n" % host.encode("ascii"), self.seen(host))
        self.assertEqual(self.seen("10.0.0.1"), GET)

    def test_eachRequest(self):
        """
        Every request of a connection gets it, once (reference 23).
        """
        self.build(front_forwardFor=ForwardFor())
        client = self.house.client(GET)
        for _ in range(2):
            self.assertEqual(self.house.origin().read().count(b"X-Forwarded-For"), 1)
            self.house.origin().receive(OK)
            client.receive(GET)


class TarpitTests(AnalyserCase):
    """
    C{reqtarpit} (HDR-07 to HDR-10).
    """

    RULES = (RegexRule("tarpit", b"^GET /evil"),)

    def build(self, tarpit=3.0, **settings):
        """
        The rules are the frontend's unless something else is said.
        """
        options = dict(front_requestRules=self.RULES)
        options.update(settings)
        timeouts = {"tarpit": tarpit}
        timeouts.update(options.pop("timeouts", {}))
        return AnalyserCase.build(self, timeouts=timeouts, **options)

    EVIL = b"GET /evil HTTP/1.1\r\nHost: www\r\n\r\n"

    def test_held(self):
        """
        A matching request is held for the tarpit timeout, then answered 500 PT; no server hears of it.
        """
        self.build()
        client = self.house.client(self.EVIL)
        self.house.step(2.9)
        self.assertEqual((client.read(), self.house.logs), (b"", []))
        self.house.step(0.2)
        self.assertIn(b" 500 ", client.read())
        self.assertTrue(client.lost)
        self.assertEqual(self.house.network.attempts, [])
        record = self.house.logs[0]
        self.assertEqual((record.status, state(record), record.serverName), (500, "PT", None))
        self.house.assertQuiet(self)

    def test_timers(self):
        """
        The held time is in the queue timer, and in no other one (HDR-07).
        """
        self.build()
        client = self.house.client(self.EVIL[:9])
        self.house.step(1)
        client.receive(self.EVIL[9:])
        self.house.step(3.1)
        record = self.house.logs[0]
        self.assertEqual(record.requestAt - record.startedAt, 1)
        self.assertAlmostEqual(record.queuedUntil - record.requestAt, 3, delta=0.03)
        self.assertEqual((record.connectedAt, record.responseAt), (None, None))
        self.assertEqual(record.endedAt, record.queuedUntil)

    def test_counters(self):
        """
        One failed request on the frontend.
        """
        self.build()
        self.house.client(self.EVIL)
        self.house.step(3.1)
        self.assertEqual(self.house.frontend.counters.failedRequests, 1)

    def test_othersPass(self):
        """
        What does not match is not delayed.
        """
        self.build()
        self.house.client(GET)
        self.assertEqual(self.house.origin().read(), GET)

    def test_clientLeaves(self):
        """
        A client that leaves, by close or reset, ends the tarpit at once: CT, with the time it was held (HDR-08).
        """
        for leave in ("end", "reset"):
            self.build()
            client = self.house.client(self.EVIL)
            self.house.step(1)
            getattr(client, leave)()
            record = self.house.logs[0]
            self.assertEqual((state(record), record.queuedUntil - record.requestAt), ("CT", 1))
            self.house.step(5)
            self.assertEqual(len(self.house.logs), 1)
            self.house.assertQuiet(self)

    def test_dataMeanwhile(self):
        """
        Whatever the client sends while it is held neither shortens nor lengthens it.
        """
        self.build()
        client = self.house.client(self.EVIL)
        for _ in range(5):
            self.house.step(0.55)
            client.receive(b"GET / HTTP/1.1\r\n")
        self.assertEqual(self.house.logs, [])
        self.house.step(0.3)
        self.assertEqual(state(self.house.logs[0]), "PT")
        self.assertEqual(len(self.house.logs), 1)

    def test_noTimer(self):
        """
        Without any timeout the answer comes at once (HDR-08).
        """
        self.build(tarpit=None)
        self.assertIn(b" 500 ", self.house.client(self.EVIL).read())
        self.assertEqual(state(self.house.logs[0]), "PT")

    def test_whoseTimeout(self):
        """
        The backend's own tarpit timeout decides, else the frontend's, else the backend's connect timeout (HDR-08).
        """
        def times(tarpit, isSet):
            return Timeouts(client=60.0, server=60.0, connect=5.0, tarpit=tarpit, tarpitSet=isSet)

        cases = (
            (times(1.0, True), times(2.0, True), 2.0),
            (times(1.0, True), times(5.0, False), 1.0),
            (times(9.0, False), times(2.0, True), 2.0),
            (times(9.0, False), times(5.0, False), 5.0),
        )
        for front, back, seconds in cases:
            self.build(front_timeouts=front, timeouts=dict(
                client=60.0, server=60.0, connect=5.0, tarpit=back.tarpit, tarpitSet=back.tarpitSet))
            client = self.house.client(self.EVIL)
            self.house.step(seconds - 0.05)
            self.assertEqual(client.read(), b"")
            self.house.step(0.1)
            self.assertIn(b" 500 ", client.read())

    def test_backendRule(self):
        """
        A backend's rule holds what comes to it.
        """
        self.build(front_requestRules=(), requestRules=self.RULES)
        self.house.client(self.EVIL)
        self.house.step(3.1)
        self.assertEqual((state(self.house.logs[0]), self.house.network.attempts), ("PT", []))
        self.assertEqual(self.house.backend.counters.deniedRequests, 1)
        self.house.client(GET)
        self.assertEqual(self.house.origin().read(), GET)

    def test_lines(self):
        """
        A rule looks at the request line and at each whole header line, anchors included, and no further (HDR-09, HDR-10).
        """
        cases = (
            (RegexRule("tarpit", b"^GET /x HTTP/1.1$"), True),
            (RegexRule("tarpit", b"^host: www$"), False),
            (RegexRule("tarpit", b"^host: www$", ignoreCase=True), True),
            (RegexRule("tarpit", b"^Host: ww$"), False),
            (RegexRule("tarpit", b"^User-Agent: evil"), False),
            (RegexRule("tarpit", b"^$"), False),
            (RegexRule("tarpit", b"w\rG"), False),
        )
        for rule, held in cases:
            self.build(front_requestRules=(rule,))
            self.house.client(GET)
            self.assertEqual(self.house.network.attempts == [], held, rule)

    def test_anyRule(self):
        """
        Several rules: each one can hold a request.
        """
        self.build(front_requestRules=(RegexRule("tarpit", b"^GET /a"), RegexRule("tarpit", b"^X-Bad:")))
        self.house.client(GET.replace(b"/x", b"/a"))
        self.house.client(GET[:-2] + b"X-Bad: 1\r\n\r\n")
        self.assertEqual(self.house.network.attempts, [])
        self.house.client(GET)
        self.assertEqual(len(self.house.network.attempts), 1)

    def test_secondRequest(self):
        """
        On a kept connection the second request is looked at too.
        """
        self.build()
        client = self.house.client(GET)
        self.house.origin().receive(OK)
        client.read()
        client.receive(self.EVIL)
        self.house.step(3.1)
        self.assertIn(b" 500 ", client.read())
        self.assertEqual([state(one) for one in self.house.logs], ["--", "PT"])


class ParameterCase(AnalyserCase):
    """
    Of two equal servers a parameter with an even hash gives the first one.
    """

    EVEN, ODD = b"2", b"1"

    def build(self, checkPost=None, **settings):
        return AnalyserCase.build(self, servers=("a", "b"), balance=Balance("url_param", b"uid", checkPost), **settings)

    def key(self, request):
        """
        @return: what the server is chosen by.
        """
        self.house.client(request)
        exchange = list(self.house.balancer.sessions.values())[-1].exchange
        self.assertIsNotNone(exchange.link, "still waiting")
        return exchange.balanceKey


class ParameterTests(ParameterCase):
    """
    C{balance url_param}: where the parameter is looked for (LB-13, LB-20).
    """

    def test_sameServer(self):
        """
        The same value always goes to the same server, other values to others.
        """
        self.build()
        for value in (self.EVEN, self.ODD, self.ODD, self.EVEN):
            self.house.client(b"GET /?uid=" + value + b" HTTP/1.0\r\n\r\n")
        self.assertEqual(self.chosen(), ["a", "b", "b", "a"])

    def test_uri(self):
        """
        Exactly that name behind ? or &, up to the next & (LB-13).
        """
        self.build()
        cases = (
            (b"/?uid=7", b"7"), (b"/?a=1&uid=7&b=2", b"7"), (b"/?uid=", b""), (b"/?uid=1&uid=2", b"1"),
            (b"/?auid=7", None), (b"/?UID=7", None), (b"/?uid", None), (b"/?uidx=7", None), (b"/", None),
            (b"/uid=7", None), (b"/&uid=7", None), (b"/&uid=1?uid=2", b"2"), (b"/?a=/?uid=7", b"7"),
        )
        for uri, key in cases:
            self.assertEqual(self.key(b"GET " + uri + b" HTTP/1.0\r\n\r\n"), key, uri)

    def test_postUri(self):
        """
        A POST with the parameter in its URI uses that, with and without check_post, and waits for no body (LB-14, LB-20).
        """
        for checkPost in (None, 48):
            self.build(checkPost)
            head = b"POST /?uid=7 HTTP/1.1\r\nContent-Length: 5\r\n\r\n"
            self.assertEqual(self.key(head), b"7")
            self.assertEqual(self.key(head + b"uid=9"), b"7")
            self.assertEqual(self.key(head.replace(b"uid=7", b"x") + b"uid=9"), None)

    def test_bodyOnlyWithCheckPost(self):
        """
        A body is looked into only with check_post, and only for POST.
        """
        self.build()
        self.assertIsNone(self.key(POST % 5 + b"uid=7"))
        self.build(48)
        self.assertEqual(self.key(POST % 5 + b"uid=7"), b"7")
        self.assertIsNone(self.key((POST % 5).replace(b"POST", b"PUT") + b"uid=7"))

    def test_body(self):
        """
        In a body the value also ends at a blank, and only the body that was announced counts (LB-17, LB-18).
        """
        self.build(48)
        cases = (
            (b"uid=7", b"7"), (b"a=1&uid=7", b"7"), (b"uid=7&a=1", b"7"), (b"uid=7 8", b"7"), (b"xuid=7", None),
            (b"uid", None), (b"uid=", b""), (b"u", None), (b"ui", None), (b"", None), (b"\0\xff\r\n", None),
        )
        for body, key in cases:
            self.assertEqual(self.key(POST % len(body) + body), key, body)
        self.assertEqual(self.key(POST % 6 + b"a=b&uiGET /?uid=7 HTTP/1.0\r\n\r\n"), None)
        self.assertEqual(self.key(POST % 5 + b"uid=7GET / HTTP/1.0\r\n\r\n"), b"7")


class BodyWaitTests(ParameterCase):
    """
    C{check_post}: waiting for part of a body (LB-14 to LB-19).
    """

    def build(self, checkPost=48, **settings):
        return ParameterCase.build(self, checkPost, **settings)

    def attempts(self):
        return len(self.house.network.attempts)

    def test_waits(self):
        """
        The request goes to the parameter's server as soon as its short body is there, and not before (LB-19).
        """
        for value, server in ((self.EVEN, "a"), (self.ODD, "b")):
            self.build()
            client = self.house.client(POST % 5)
            for byte in b"uid=":
                client.receive(bytes([byte]))
                self.assertEqual(self.attempts(), 0)
            client.receive(value)
            self.assertEqual(self.chosen(), [server])
            self.assertEqual(self.house.origin().read(), POST % 5 + b"uid=" + value)

    def test_longBody(self):
        """
        Of a long body no more is awaited than configured; the rest follows unchanged.
        """
        self.build(10)
        client = self.house.client(POST % 30 + b"uid=1&abc")
        self.assertEqual(self.attempts(), 0)
        client.receive(b"d")
        self.assertEqual(self.chosen(), ["b"])
        client.receive(b"e" * 20)
        self.assertEqual(self.house.origin().read(), POST % 30 + b"uid=1&abcd" + b"e" * 20)
        self.house.origin().receive(OK)
        self.assertEqual(state(self.house.logs[0]), "--")

    def test_requestTimer(self):
        """
        The wait is part of the request time in the log (LB-15).
        """
        self.build()
        client = self.house.client(POST % 5)
        self.house.step(2)
        client.receive(b"uid=1")
        self.house.origin().receive(OK)
        record = self.house.logs[0]
        self.assertEqual((record.requestAt - record.startedAt, record.queuedUntil - record.requestAt), (2, 0))

    def test_timeout(self):
        """
        The http-request timeout starts again for the body; when it fires, what is there decides (LB-15, scenario 22).
        """
        self.build(timeouts={"httpRequest": 5.0})
        client = self.house.client(POST[:9])
        self.house.step(4)
        client.receive((POST % 20)[9:] + b"uid=1&")
        self.house.step(4.9)
        self.assertEqual(self.attempts(), 0)
        self.house.step(0.2)
        self.assertEqual(self.chosen(), ["b"])
        self.house.origin().receive(OK)
        record = self.house.logs[0]
        self.assertEqual((record.status, state(record)), (200, "--"))
        self.assertAlmostEqual(record.requestAt - record.startedAt, 9, delta=0.03)

    def test_tricklingBody(self):
        """
        Bytes that trickle in do not extend the wait.
        """
        self.build(timeouts={"httpRequest": 3.0})
        client = self.house.client(POST % 20)
        for _ in range(5):
            client.receive(b"x")
            self.house.step(0.55)
        self.assertEqual(self.attempts(), 0)
        self.house.step(0.3)
        self.assertEqual(self.attempts(), 1)

    def test_clientEnds(self):
        """
        A client that closes its output has said all: balancing goes on with what is there.
        """
        self.build()
        client = self.house.client(POST % 20 + b"uid=1")
        self.assertEqual(self.attempts(), 0)
        client.end()
        self.assertEqual(self.chosen(), ["b"])

    def test_clientResets(self):
        """
        A client that resets while its body is awaited: CR, and no server hears of it.
        """
        self.build()
        self.house.client(POST % 20).reset()
        self.assertEqual((self.attempts(), state(self.house.logs[0])), (0, "CR"))
        self.house.assertQuiet(self)

    def test_bufferFull(self):
        """
        More is not awaited than the buffer holds.
        """
        self.build(100000)
        client = self.house.client(POST % 200000)
        client.receive(b"x" * 16383)
        self.assertEqual(self.attempts(), 0)
        client.receive(b"x")
        self.assertEqual(self.attempts(), 1)

    def test_noWait(self):
        """
        Nothing is awaited without a body, with an empty one, or when the client itself waits for 100 Continue (LB-16).
        """
        for head in (
            b"POST /x HTTP/1.1\r\n\r\n", POST % 0, GET,
            b"POST /x HTTP/1.1\r\nContent-Length: 20\r\nExpect: 100-continue\r\n\r\n",
            CHUNKED[:-2] + b"Expect: 100-continue\r\n\r\n",
            b"POST /x?a HTTP/1.1\r\nContent-Length: 20\r\n\r\n",
            b"PUT /x HTTP/1.1\r\nContent-Length: 20\r\n\r\n",
        ):
            self.build()
            self.house.client(head)
            self.assertEqual(self.attempts(), 1, head)

    def test_expectOfOldClient(self):
        """
        HTTP/1.0 knows no 100 Continue: its body is awaited.
        """
        self.build()
        client = self.house.client(b"POST /x HTTP/1.0\r\nContent-Length: 5\r\nExpect: 100-continue\r\n\r\n")
        self.assertEqual(self.attempts(), 0)
        client.receive(b"uid=1")
        self.assertEqual(self.chosen(), ["b"])

    def test_chunks(self):
        """
        Of a chunked body the first chunk is awaited, byte by byte if need be, and forwarded as it came (LB-15).
        """
        for value, server in ((self.EVEN, "a"), (self.ODD, "b")):
            self.build()
            client = self.house.client(CHUNKED)
            body = b"5;ext=1\r\nuid=" + value
            for index in range(len(body)):
                self.assertEqual(self.attempts(), 0, body[:index])
                client.receive(body[index:index + 1])
            self.assertEqual(self.chosen(), [server])
            client.receive(b"\r\n0\r\n\r\n")
            self.assertEqual(self.house.origin().read(), CHUNKED + body + b"\r\n0\r\n\r\n")

    def test_longChunk(self):
        """
        Of a long first chunk no more is awaited than configured.
        """
        self.build(8)
        client = self.house.client(CHUNKED + b"1000\r\nuid=1&a")
        self.assertEqual(self.attempts(), 0)
        client.receive(b"b")
        self.assertEqual(self.chosen(), ["b"])

    def test_oddChunks(self):
        """
        An empty body in chunks or a chunk size that is none is awaited no longer (LB-17, LB-18).
        """
        for body in (b"0\r\n", b"zz\r\n", b"x" * 32):
            self.build()
            self.house.client(CHUNKED + body)
            waiting = [session for session in self.house.balancer.sessions.values()
                       if session.exchange is not None and session.exchange.link is None]
            self.assertEqual(waiting, [], body)

    def test_tarpit(self):
        """
        A request that is to be held is held for the tarpit timeout, no longer, whether its body comes or not.
        """
        for wait in (None, 2.0):
            self.build(timeouts={"httpRequest": wait, "tarpit": 3.0}, requestRules=(RegexRule("tarpit", b"^POST"),))
            client = self.house.client(POST % 20)
            self.house.step(2.9)
            self.assertEqual(self.house.logs, [])
            self.house.step(0.2)
            self.assertIn(b" 500 ", client.read())
            self.assertEqual(self.attempts(), 0)

    def test_otherSessionsGoOn(self):
        """
        While one body is awaited, other clients are served.
        """
        self.build()
        self.house.client(POST % 20)
        self.house.client(GET)
        self.assertEqual(self.attempts(), 1)

    def test_secondRequest(self):
        """
        On a kept connection the body of the second POST is awaited again (reference 23).
        """
        self.build()
        client = self.house.client()
        for number, value in enumerate((self.ODD, self.EVEN)):
            client.receive(POST % 5)
            self.assertEqual(self.attempts(), number)
            client.receive(b"uid=" + value)
            self.house.origin().receive(OK)
        self.assertEqual(self.chosen(), ["b", "a"])
        self.assertEqual([one.balanceKey for one in self.house.logs], [self.ODD, self.EVEN])
        self.house.balancer.stopping = True
        client.reset()
        self.house.assertQuiet(self)
