# -*- test-case-name: lbproxy.test.test_assembly -*-
"""
Tests for L{lbproxy.assembly}: what is built from a configuration, and what is not.
"""

from twisted.internet.task import Clock
from twisted.trial import unittest

from lbproxy.assembly import Assembly
from lbproxy.config.model import (
    AclEntry,
    Balance,
    Condition,
    Configuration,
    ForwardFor,
    Global,
    Proxy,
    RegexRule,
    ServerConfig,
    SwitchRule,
    Term,
    Timeouts,
)
from lbproxy.http import Limits
from lbproxy.net.deadlines import Deadlines
from lbproxy.session.balancer import Balancer
from lbproxy.session.httpclient import HttpClientSide
from lbproxy.session.tcp import TcpClientSide
from lbproxy.test.memory import MemoryTransport, Network

RULES = (RegexRule("tarpit", b"^GET /evil"),)
TIMES = Timeouts(client=10.0, server=10.0, connect=5.0, queue=5.0, tarpit=5.0)
GET = b"GET /x HTTP/1.1\r\nHost: www\r\n\r\n"


def web(**settings):
    """
    @return: an HTTP frontend of C{app}.
    """
    return Proxy("frontend", "web", 1, **dict(dict(mode="http", timeouts=TIMES, defaultBackend="app"), **settings))


def app(name="app", **settings):
    """
    @return: an HTTP backend with one server.
    """
    servers = (ServerConfig("a", 1, "10.0.0.1", 80),)
    return Proxy("backend", name, 2, **dict(dict(mode="http", timeouts=TIMES, servers=servers), **settings))


class AssemblyCase(unittest.SynchronousTestCase):
    """
    Builds configurations.
    """

    def build(self, *proxies):
        clock = Clock()
        self.network = Network()
        self.network.behaviour[("10.0.0.1", 80)] = "accept"
        self.balancer = Balancer(clock.seconds, clock.seconds, Deadlines(clock), Limits(8192, 204))
        return Assembly(Configuration(Global(), proxies), self.balancer, clock, self.network.newConnector,
                        lambda proxy: lambda level, text: None).build()

    def names(self, analysers):
        """
        @return: what kinds of analysers they are, in order.
        """
        return [analyse.__qualname__.partition(".")[0] for analyse in analysers]


class AnalyserTests(AssemblyCase):
    """
    What is not configured is not built, and costs nothing (DESIGN 4).
    """

    def routeOf(self, front=None, back=None):
        frontend = self.build(web(**front or {}), app(**back or {})).frontends[0]
        return self.names(frontend.requestAnalysers), self.names(frontend.route.analysers)

    def test_none(self):
        """
        A plain HTTP proxy looks at nothing but the head itself.
        """
        self.assertEqual(self.routeOf(), ([], []))

    def test_each(self):
        """
        Each option brings its own analyser, at the side that it belongs to, and no other.
        """
        post = Balance("url_param", b"uid", 48)
        cases = (
            (dict(monitorUri=b"/alive"), {}, ["monitor"], []),
            (dict(requestRules=RULES), {}, ["requestRules"], ["tarpit"]),
            ({}, dict(requestRules=RULES), [], ["requestRules", "tarpit"]),
            (dict(forwardFor=ForwardFor()), {}, [], ["forwardFor"]),
            ({}, dict(forwardFor=ForwardFor()), [], ["forwardFor"]),
            (dict(forwardFor=ForwardFor()), dict(forwardFor=ForwardFor()), [], ["forwardFor"]),
            ({}, dict(balance=Balance("url_param", b"uid")), [], ["urlParameter"]),
            ({}, dict(balance=post), [], ["bodyWait", "urlParameter"]),
            (dict(balance=post), {}, [], []),
        )
        for front, back, atFrontend, onRoute in cases:
            self.assertEqual(self.routeOf(front, back), (atFrontend, onRoute), (front, back))

    def test_order(self):
        """
        Everything at once comes in the order of reference 5: monitor, rules, switching; then the backend's rules, the
        forwarded-for line, the body, the tarpit.
        """
        anything = Condition(((Term("METH_GET"),),))
        front = dict(monitorUri=b"/alive", requestRules=RULES, switchRules=(SwitchRule("app", anything),),
                     forwardFor=ForwardFor())
        self.assertEqual(
            self.routeOf(front, dict(requestRules=RULES, balance=Balance("url_param", b"uid", 48))),
            (["monitor", "requestRules", "switching"],
             ["requestRules", "forwardFor", "bodyWait", "urlParameter", "tarpit"]))

    def test_listenRulesOnce(self):
        """
        A listen section that is its own backend runs its rules once.
        """
        both = Proxy("listen", "both", 1, mode="http", requestRules=RULES, timeouts=TIMES,
                     servers=(ServerConfig("a", 1, "10.0.0.1", 80),))
        frontend = self.build(both).frontends[0]
        self.assertEqual((self.names(frontend.requestAnalysers), self.names(frontend.route.analysers)),
                         (["requestRules"], ["tarpit"]))

    def test_tcp(self):
        """
        In TCP mode there is nothing to analyse, whatever is inherited.
        """
        frontend = self.build(
            web(mode="tcp", monitorUri=b"/x", requestRules=RULES, forwardFor=ForwardFor()),
            app(mode="tcp", balance=Balance("url_param", b"uid", 48))).frontends[0]
        self.assertEqual((frontend.requestAnalysers, frontend.route.analysers), ((), ()))
        self.assertIsInstance(frontend.buildProtocol(None), TcpClientSide)
        self.assertIsInstance(self.build(web(), app()).frontends[0].buildProtocol(None), HttpClientSide)


class CounterTests(AssemblyCase):
    """
    One object of counters for each proxy.
    """

    def test_listen(self):
        """
        Both roles of a listen section count in one place; a frontend and its backend in two.
        """
        assembly = self.build(
            Proxy("listen", "both", 1, mode="http", timeouts=TIMES, servers=(ServerConfig("a", 1, "10.0.0.1", 80),)),
            web(), app())
        both, front = assembly.frontends
        self.assertIs(both.counters, assembly.backends["both"].counters)
        self.assertIs(both.counters, assembly.backends["both"].pool.counters)
        self.assertIs(both.counters, assembly.counters[0])
        self.assertIsNot(front.counters, assembly.backends["app"].counters)

    def test_listenBytesOnce(self):
        """
        What passes through a listen section is counted once, what passes through two sections in both.
        """
        assembly = self.build(
            Proxy("listen", "both", 1, mode="http", timeouts=TIMES, servers=(ServerConfig("a", 1, "10.0.0.1", 80),)),
            web(), app())
        for frontend in assembly.frontends:
            client = MemoryTransport(frontend.buildProtocol(None)).connect()
            client.receive(GET)
            self.network.transports[-1].receive(b"HTTP/1.1 200 OK\r\nContent-Length: 2\r\n\r\nok")
        self.assertEqual([(one.bytesIn, one.bytesOut) for one in assembly.counters], [(len(GET), 40)] * 3)


class PageTests(AssemblyCase):
    """
    Whose error page a client gets (ERR-04).
    """

    def pageOf(self, front, back, request=GET):
        frontend = self.build(web(errorFiles=front), app(errorFiles=back, servers=())).frontends[0]
        client = MemoryTransport(frontend.buildProtocol(None)).connect()
        client.receive(request)
        return client.read()

    FRONT, BACK = {503: b"HTTP/1.0 503 front\r\n\r\n"}, {503: b"HTTP/1.0 503 back\r\n\r\n"}

    def test_precedence(self):
        """
        The backend's page, else the frontend's, else our own.
        """
        for front, back, line in (
            ({}, {}, b"HTTP/1.0 503 Service Unavailable\r\n"), (self.FRONT, {}, b"HTTP/1.0 503 front\r\n"),
            ({}, self.BACK, b"HTTP/1.0 503 back\r\n"), (self.FRONT, self.BACK, b"HTTP/1.0 503 back\r\n"),
        ):
            self.assertTrue(self.pageOf(front, back).startswith(line), line)

    def test_otherStatus(self):
        """
        A backend with pages of its own does not hide the frontend's page for another status.
        """
        self.assertTrue(self.pageOf(self.FRONT, {504: b"other"}).startswith(b"HTTP/1.0 503 front"))

    def test_beforeBackend(self):
        """
        Before a backend was chosen only the frontend's pages count.
        """
        bad = b"nonsense\r\n\r\n"
        page = {400: b"HTTP/1.0 400 mine\r\n\r\n"}
        self.assertTrue(self.pageOf({}, page, bad).startswith(b"HTTP/1.0 400 Bad Request"))
        self.assertEqual(self.pageOf(page, {400: b"HTTP/1.0 400 other\r\n\r\n"}, bad), page[400])

    def test_twoBackends(self):
        """
        Each backend's page is its own, though both are behind one frontend.
        """
        rules = (SwitchRule("other", Condition(((Term("other"),),))),)
        frontend = self.build(
            web(acls=(AclEntry("other", "path_beg", patterns=(b"/other",)),), switchRules=rules, errorFiles=self.FRONT),
            app(servers=(), errorFiles=self.BACK), app("other", servers=())).frontends[0]
        for uri, line in ((b"/x", b"HTTP/1.0 503 back"), (b"/other", b"HTTP/1.0 503 front")):
            client = MemoryTransport(frontend.buildProtocol(None)).connect()
            client.receive(b"GET " + uri + b" HTTP/1.0\r\n\r\n")
            self.assertTrue(client.read().startswith(line), uri)


class BuildTests(AssemblyCase):
    """
    Which proxies there are.
    """

    def test_order(self):
        """
        Frontends come in declaration order, and the process knows them all.
        """
        assembly = self.build(web(), app(), Proxy("listen", "both", 3), Proxy("frontend", "last", 4, defaultBackend="both"))
        self.assertEqual([one.name for one in assembly.frontends], ["web", "both", "last"])
        self.assertEqual(self.balancer.frontends, assembly.frontends)
        self.assertEqual([one and one.name for one in assembly.byProxy], ["web", None, "both", "last"])
        self.assertEqual([one and one.name for one in assembly.pools], [None, "app", "both", None])

    def test_backendBelow(self):
        """
        A frontend may use a backend that is declared after it, or before.
        """
        for proxies in ((web(), app()), (app(), web())):
            self.assertEqual(self.build(*proxies).frontends[0].route.backend.name, "app")

    def test_disabled(self):
        """
        A disabled proxy is not built; a frontend whose default backend is disabled answers 503.
        """
        assembly = self.build(web(), app(disabled=True), Proxy("listen", "off", 3, disabled=True))
        self.assertEqual(([one.name for one in assembly.frontends], assembly.backends), (["web"], {}))
        client = MemoryTransport(assembly.frontends[0].buildProtocol(None)).connect()
        client.receive(GET)
        self.assertIn(b" 503 ", client.read())

    def test_disabledSwitch(self):
        """
        A rule that chooses a disabled backend gives 503, not the default backend's answer.
        """
        rules = (SwitchRule("off", Condition(((Term("METH_GET"),),))),)
        assembly = self.build(web(switchRules=rules), app(), app("off", disabled=True))
        client = MemoryTransport(assembly.frontends[0].buildProtocol(None)).connect()
        client.receive(GET)
        self.assertIn(b" 503 ", client.read())
        self.assertEqual(self.network.attempts, [])

    def test_oneRoute(self):
        """
        The same backend reached by a rule and by default has one route.
        """
        rules = (SwitchRule("app", Condition(((Term("METH_GET"),),))),)
        frontend = self.build(web(switchRules=rules), app()).frontends[0]
        self.assertEqual(list(frontend.routes), ["app"])
        self.assertIs(frontend.routes["app"], frontend.route)

    def test_listenElsewhere(self):
        """
        A listen section with a default backend uses that one instead of its own servers.
        """
        assembly = self.build(Proxy("listen", "both", 1, mode="http", defaultBackend="app"), app())
        self.assertEqual(assembly.frontends[0].route.backend.name, "app")

    def test_oneHop(self):
        """
        A listen section used as a backend ignores its own switching rules (SWI-09).
        """
        rules = (SwitchRule("third", Condition(((Term("METH_GET"),),))),)
        both = Proxy("listen", "both", 3, mode="http", timeouts=TIMES, switchRules=rules,
                     servers=(ServerConfig("a", 1, "10.0.0.1", 80),))
        assembly = self.build(web(defaultBackend="both"), both, app("third", servers=()))
        client = MemoryTransport(assembly.frontends[0].buildProtocol(None)).connect()
        client.receive(GET)
        self.assertEqual([one.target for one in self.network.attempts], [("10.0.0.1", 80)])
