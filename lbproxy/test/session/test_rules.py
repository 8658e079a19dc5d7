"""
Tests for L{lbproxy.session.rules}: a request through frontend and backend.
"""

from twisted.trial.unittest import TestCase

from lbproxy.config.model import (
    AclEntry,
    BlockRule,
    Capture,
    Condition,
    Cookie,
    Proxy,
    RedirectRule,
    RegexRule,
    ServerConfig,
    SwitchRule,
    Term,
)
from lbproxy.net.memory import MemoryTransport
from lbproxy.test.memory import House, state

ALWAYS = Condition(((Term("TRUE"),),))
REPLY = b"HTTP/1.1 200 OK\r\nContent-Length: 0\r\n\r\n"


def when(criterion, *patterns, argument=None):
    """
    @return: a condition of one test in braces.
    """
    return Condition(((Term("", False, AclEntry("", criterion, argument, False, patterns)),),))


def other(name="other", **settings):
    """
    @return: one more backend.
    """
    return (Proxy("backend", name, 9, mode="http", servers=(ServerConfig("o1", 1, "10.9.0.1", 80),), **settings),)


def sentTo(house, index=-1):
    """
    @return: list of the lines of a head that a server was sent.
    """
    return house.origin(index).sent.split(b"\r\n\r\n")[0].split(b"\r\n")


class OrderTests(TestCase):
    """
    Redirect, block, regular expressions, added lines, switching; the frontend's, then the backend's (SWI-01, HDR-17).
    """

    def test_redirectBeforeBlock(self):
        """
        A request that both would take is redirected.
        """
        house = House(front_redirectRules=(RedirectRule("location", b"/in", ALWAYS, 303),),
                      front_blockRules=(BlockRule(ALWAYS),))
        client = house.client(b"GET / HTTP/1.1\r\n\r\n")
        self.assertIn(b"303 See Other\r\n", client.sent)
        self.assertIn(b"\r\nLocation: /in\r\n", client.sent)
        exchange = house.logs[0]
        self.assertEqual((exchange.status, state(exchange), exchange.serverName, exchange.backendName),
                         (303, "PR", None, "web"))
        counters = house.frontend.counters
        self.assertEqual((counters.deniedRequests, counters.failedRequests, counters.beTotal), (0, 0, 0))

    def test_blockBeforeRules(self):
        """
        Conditions see the request before the section's own rules have rewritten it.
        """
        house = House(front_blockRules=(BlockRule(when("path", b"/new")),),
                      front_requestRules=(RegexRule("replace", b"^GET /old (.*)", False, b"GET /new \\1"),))
        house.behave(a="accept")
        house.client(b"GET /old HTTP/1.1\r\n\r\n")
        self.assertEqual(sentTo(house)[0], b"GET /new HTTP/1.1")

    def test_switchingSeesRewritten(self):
        """
        Switching sees what the rules made of the request, added lines included; the log the line as it came (LOG-21).
        """
        for condition in (when("path", b"/new"), when("hdr", b"yes", argument="x-added")):
            house = House(front_requestRules=(RegexRule("replace", b"^GET /old (.*)", False, b"GET /new \\1"),),
                          front_requestAdds=(b"X-Added: yes",), front_switchRules=(SwitchRule("other", condition),),
                          more=other())
            house.client(b"GET /old HTTP/1.1\r\n\r\n")
            self.assertEqual(house.network.attempts[0].target, ("10.9.0.1", 80))
            house.network.attempts[0].accept().receive(REPLY)
            self.assertEqual(house.logs[0].requestLine, b"GET /old HTTP/1.1")

    def test_backendRules(self):
        """
        The backend's rules work on what the frontend's have left, and its lines come after.
        """
        house = House(front_requestAdds=(b"X-Front: 1",), requestAdds=(b"X-Back: 2",),
                      requestRules=(RegexRule("replace", b"^X-Front: 1$", False, b"X-Front: seen"),))
        house.configuration.proxies[0]
        house.behave(a="accept")
        house.client(b"GET / HTTP/1.1\r\nHost: a\r\n\r\n")
        lines = sentTo(house)
        self.assertEqual(lines[-1], b"X-Back: 2")
        self.assertIn(b"X-Front: seen", lines)

    def test_backendBlocks(self):
        """
        A request blocked by its backend counts there, and is logged with its name (SWI-18).
        """
        house = House(front_switchRules=(SwitchRule("other", ALWAYS),), more=other(
            blockRules=(BlockRule(ALWAYS),), errorFiles={403: b"HTTP/1.0 403 Mine\r\n\r\n"}))
        client = house.client(b"GET / HTTP/1.1\r\n\r\n")
        self.assertEqual(client.sent, b"HTTP/1.0 403 Mine\r\n\r\n")
        self.assertEqual((house.logs[0].backendName, house.logs[0].serverName), ("other", None))
        self.assertEqual(house.assembly.backends["other"].counters.beTotal, 1)


class VerdictTests(TestCase):
    """
    Verdicts of regular expression rules.
    """

    def test_deny(self):
        """
        A denied request gets 403 and is counted on the proxy whose rule it was (HDR-04).
        """
        rules = (RegexRule("deny", b"^X-Bad:", True),)
        house = House(front_requestRules=rules)
        client = house.client(b"GET / HTTP/1.1\r\nx-bad: 1\r\n\r\n")
        self.assertTrue(client.sent.startswith(b"HTTP/1.0 403 "))
        self.assertEqual((house.frontend.counters.deniedRequests, state(house.logs[0])), (1, "PR"))
        house = House(requestRules=rules, front_requestRules=())
        house.client(b"GET / HTTP/1.1\r\nx-bad: 1\r\n\r\n")
        self.assertEqual((house.frontend.counters.deniedRequests, house.backend.counters.deniedRequests), (0, 1))

    def test_allowInFrontend(self):
        """
        What the frontend allows, the backend does not deny (HDR-05).
        """
        house = House(front_requestRules=(RegexRule("allow", b"^X-Good:", True),),
                      requestRules=(RegexRule("deny", b".", False),))
        house.client(b"GET / HTTP/1.1\r\nx-good: 1\r\n\r\n")
        self.assertEqual(len(house.network.attempts), 1)

    def test_setBackend(self):
        """
        The first reqsetbe that matches chooses the backend, whatever use_backend says; in a backend it has no effect
        (SWI-07).
        """
        rules = (RegexRule("setbe", b"^Host: o", False, backend="other"), RegexRule("setbe", b"^GET", False, backend="third"))
        house = House(front_requestRules=rules, front_switchRules=(SwitchRule("third", ALWAYS),),
                      more=other() + other("third"))
        house.client(b"GET / HTTP/1.1\r\nHost: o\r\n\r\n")
        self.assertEqual(house.balancer.sessions[1].exchange.backendName, "other")
        house.client(b"GET / HTTP/1.1\r\nHost: x\r\n\r\n")
        self.assertEqual(house.balancer.sessions[2].exchange.backendName, "third")
        house = House(requestRules=rules, front_requestRules=(), more=other() + other("third"))
        house.client(b"GET / HTTP/1.1\r\nHost: o\r\n\r\n")
        self.assertEqual(house.balancer.sessions[1].exchange.backendName, "app")

    def test_unparsable(self):
        """
        A request line that rules have ruined gives 400, counted as a bad request (HDR-11).
        """
        house = House(front_requestRules=(RegexRule("replace", b"^GET.*", False, b"nonsense"),))
        client = house.client(b"GET / HTTP/1.1\r\n\r\n")
        self.assertTrue(client.sent.startswith(b"HTTP/1.0 400 "))
        self.assertEqual((house.frontend.counters.failedRequests, state(house.logs[0])), (1, "PR"))
        self.assertEqual(house.logs[0].requestLine, b"GET / HTTP/1.1")

    def test_tarpitWithoutBackend(self):
        """
        A tarpitted request is held and answered 500 even if there is no backend for it.
        """
        house = House(front_requestRules=(RegexRule("tarpit", b"^GET", False),), front_defaultBackend=None,
                      timeouts={"tarpit": 3.0})
        client = house.client(b"GET / HTTP/1.1\r\n\r\n")
        self.assertEqual(client.sent, b"")
        house.step(3.1)
        self.assertTrue(client.sent.startswith(b"HTTP/1.0 500 "))
        self.assertEqual(state(house.logs[0]), "PT")

    def test_tarpitSparesBackendRules(self):
        """
        The backend's rules leave a tarpitted request alone.
        """
        house = House(front_requestRules=(RegexRule("tarpit", b"^GET", False),),
                      requestRules=(RegexRule("deny", b".", False),), timeouts={"tarpit": 3.0})
        house.client(b"GET / HTTP/1.1\r\n\r\n")
        house.step(3.1)
        self.assertEqual((state(house.logs[0]), house.backend.counters.deniedRequests), ("PT", 0))


class KeepAliveTests(TestCase):
    """
    Every request of a connection meets the rules, with nothing left of the one before (reference 23).
    """

    def test_each(self):
        """
        Allowing, switching, rewriting and captures are those of each request.
        """
        house = House(front_requestRules=(RegexRule("allow", b"^X-Good:", True), RegexRule("setbe", b"^GET /o", False,
                                                                                        backend="other"),
                                          RegexRule("replace", b"^GET /o(.*)", False, b"GET /new\\1"),
                                          RegexRule("deny", b"^GET /bad", False)),
                      front_requestCaptures=(Capture(b"Host", 9),), more=other())
        house.behave(a="accept")
        client = house.client(b"GET /o HTTP/1.1\r\nHost: one\r\nX-Good: 1\r\n\r\n")
        house.network.attempts[0].accept().receive(REPLY)
        client.receive(b"GET /bad HTTP/1.1\r\nHost: two\r\nX-Good: 1\r\n\r\n")
        house.origin().receive(REPLY)
        client.receive(b"GET /bad HTTP/1.1\r\n\r\n")
        self.assertEqual([(one.requestLine.split()[1], one.backendName, one.status, one.requestCaptures)
                          for one in house.logs],
                         [(b"/o", "other", 200, (b"one",)), (b"/bad", "app", 200, (b"two",)), (b"/bad", "web", 403, (None,))])


class MonitorTests(TestCase):
    """
    The monitor URI comes before all rules.
    """

    def test_beforeRules(self):
        """
        Nothing blocks it, nothing captures it, nobody logs it (ERR-06).
        """
        house = House(front_monitorUri=b"/alive", front_blockRules=(BlockRule(ALWAYS),))
        self.assertTrue(house.client(b"POST /alive HTTP/1.1\r\n\r\n").sent.startswith(b"HTTP/1.0 200 "))
        self.assertTrue(house.client(b"GET /alive? HTTP/1.1\r\n\r\n").sent.startswith(b"HTTP/1.0 403 "))
        self.assertEqual(len(house.logs), 1)

    def test_fail(self):
        """
        It is 503 as long as a condition says so, e.g. when no server is left (ERR-07).
        """
        house = House(front_monitorUri=b"/alive",
                      front_monitorFail=(when("nbsrv", b"lt", b"1", argument="app"), when("path", b"/never")))
        self.assertTrue(house.client(b"GET /alive HTTP/1.1\r\n\r\n").sent.startswith(b"HTTP/1.0 200 "))
        house.pool.markDown(house.server("a"))
        self.assertTrue(house.client(b"GET /alive HTTP/1.1\r\n\r\n").sent.startswith(b"HTTP/1.0 503 "))
        self.assertEqual(house.logs, [])


class NamedAwayTests(TestCase):
    """
    A client tells by Connection what of its own lines is not for the server; it has no say about lines that rules made.
    """

    def sent(self, *lines, **settings):
        """
        @return: the header lines that the server got.
        """
        house = House(**settings)
        house.behave(a="accept")
        house.client("\r\n".join(["GET / HTTP/1.1", "Host: a", *lines, "", ""]).encode())
        return sentTo(house)[2:]

    def test_added(self):
        """
        An added line stays, whatever Connection says; the client's own line of that name goes.
        """
        for options in ("X-Untrusted", "close, x-untrusted", "keep-alive, X-UNTRUSTED, foo"):
            found = self.sent("Connection: " + options, "X-Untrusted: 0", front_requestAdds=(b"X-Untrusted: 1",))
            self.assertEqual(found, [b"X-Untrusted: 1"], options)

    def test_rewritten(self):
        """
        So does a line that a rule has rewritten.
        """
        rules = (RegexRule("replace", b"^X-Role:.*", False, b"X-Role: guest"),)
        self.assertEqual(self.sent("X-Role: admin", "Connection: X-Role", front_requestRules=rules), [b"X-Role: guest"])

    def test_seen(self):
        """
        Rules see what the client named: it cannot hide a line from them.
        """
        house = House(front_requestRules=(RegexRule("deny", b"^X-Evil", False),))
        client = house.client(b"GET / HTTP/1.1\r\nX-Evil: 1\r\nConnection: X-Evil\r\n\r\n")
        self.assertTrue(client.sent.startswith(b"HTTP/1.0 403 "))


class ListenTests(TestCase):
    """
    A C{listen} is both: its rules apply once, and its cookies show in the log from the start (CKI-14).
    """

    def test_flags(self):
        """
        A request that its own rules refuse logs that there was no cookie; one that leaves for another backend logs that
        one's.
        """
        listen = Proxy("listen", "own", 7, mode="http", cookie=Cookie(b"S", "insert"), logFormat="http",
                       servers=(ServerConfig("s", 1, "10.7.0.1", 80),),
                       switchRules=(SwitchRule("other", when("path", b"/o")),), blockRules=(BlockRule(when("path", b"/b")),))
        house = House(more=(listen,) + other())
        frontend = house.assembly.frontends[1]
        frontend.log = house.frontend.log
        for path, flags in ((b"/b", "NN"), (b"/o", "--"), (b"/", "NN")):
            client = MemoryTransport(frontend.buildProtocol(None)).connect()
            client.receive(b"GET %s HTTP/1.1\r\n\r\n" % path)
            if not client.lost:
                client.reset()
            self.assertEqual((house.logs[-1].requestLine.split()[1], house.logs[-1].cookieFlags), (path, flags))
