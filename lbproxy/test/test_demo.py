# -*- test-case-name: lbproxy.test.test_demo -*-
"""
The demonstration: its two servers, its page, its configuration, and the plugin that twistd finds.
"""

import json
import os

import yaml
from twisted.application.reactors import IReactorInstaller
from twisted.application.service import IServiceMaker
from twisted.internet.error import CannotListenError, ConnectionDone
from twisted.internet.testing import MemoryReactorClock, StringTransport
from twisted.plugin import IPlugin
from twisted.python.failure import Failure
from twisted.python.reflect import namedAny
from twisted.trial.unittest import TestCase
from zope.interface.verify import verifyObject

from lbproxy.config import load
from lbproxy.demo import Demonstration, LogLines, demoConfiguration
from lbproxy.demoorigins import ORIGINS, REVIVE_AFTER, DemoOrigins


class FakePort:
    """
    A listening port that only knows whether it is open.
    """

    def __init__(self, number):
        self.number = number
        self.open = True

    def getHost(self):
        """
        Its address; only the port matters.
        """
        return self

    @property
    def port(self):
        """
        The port number.
        """
        return self.number

    def stopListening(self):
        """
        Closed at once.
        """
        self.open = False


class FakeReactor(MemoryReactorClock):
    """
    Listens with L{FakePort}s.

    @ivar taken: port numbers that cannot be listened on.
    """

    def __init__(self):
        super().__init__()
        self.ports = []
        self.taken = ()

    def listenTCP(self, port, factory, backlog=50, interface=""):
        """
        As C{IReactorTCP.listenTCP}.
        """
        if port in self.taken:
            raise CannotListenError(interface, port, OSError(98, "in use"))
        self.ports.append(FakePort(port))
        return self.ports[-1]

    def listenUDP(self, port, protocol, interface="", maxPacketSize=8192):
        """
        As C{IReactorUDP.listenUDP}.
        """
        self.ports.append(FakePort(port or 5140))
        return self.ports[-1]

    def listening(self):
        """
        Numbers of the open ports.
        """
        return [port.number for port in self.ports if port.open]


class OriginsTestCase(TestCase):
    """
    Two servers on a fake reactor.
    """

    def setUp(self):
        self.reactor = FakeReactor()
        self.service = DemoOrigins(self.reactor)
        self.service.startService()
        self.blue, self.green = self.service.origins

    def tearDown(self):
        self.service.stopService()
        self.assertEqual(self.reactor.listening(), [])
        self.assertEqual(self.reactor.getDelayedCalls(), [])

    def connect(self, origin):
        """
        A client of one of the servers.

        @return: C{(protocol, transport)}.
        """
        protocol = origin.buildProtocol(None)
        transport = StringTransport()
        protocol.makeConnection(transport)
        return protocol, transport

    def ask(self, origin, line, fields=b"Host: x\r\n"):
        """
        One request on a new connection.

        @return: C{(head, body, transport)}.
        """
        protocol, transport = self.connect(origin)
        protocol.dataReceived(line + b"\r\n" + fields + b"\r\n")
        head, _, body = transport.value().partition(b"\r\n\r\n")
        return head, body, transport


class OriginTests(OriginsTestCase):
    """
    What a demonstration server answers.
    """

    def test_listensOnLoopback(self):
        """
        Both listen on their documented ports.
        """
        self.assertEqual(self.reactor.listening(), [port for _, _, port in ORIGINS])

    def test_answers(self):
        """
        Each request gets the status one expects, with an exact length, and the connection stays open.
        """
        for line, status in (
            (b"GET / HTTP/1.1", b"200 OK"),
            (b"GET /?refresh HTTP/1.1", b"200 OK"),
            (b"GET /who HTTP/1.1", b"200 OK"),
            (b"GET /health HTTP/1.1", b"200 OK"),
            (b"OPTIONS /health HTTP/1.0\r\nConnection: keep-alive", b"200 OK"),
            (b"GET /nowhere HTTP/1.1", b"404 Not Found"),
            (b"POST /start/red HTTP/1.1", b"404 Not Found"),
            (b"DELETE / HTTP/1.1", b"405 Method Not Allowed"),
        ):
            head, body, transport = self.ask(self.blue, line)
            self.assertEqual(head.split(b"\r\n")[0], b"HTTP/1.1 " + status, line)
            self.assertIn(b"Content-Length: %d" % len(body), head.split(b"\r\n"), line)
            self.assertFalse(transport.disconnecting, line)

    def test_head(self):
        """
        HEAD tells the length of the page and sends none of it.
        """
        head, body, _ = self.ask(self.blue, b"HEAD / HTTP/1.1")
        length = [line for line in head.split(b"\r\n") if line.startswith(b"Content-Length")][0]
        self.assertGreater(int(length.split()[1]), 1000)
        self.assertEqual(body, b"")

    def test_closes(self):
        """
        The connection is closed when the client asks for it, speaks HTTP/1.0, or does not speak HTTP.
        """
        for line, fields in (
            (b"GET / HTTP/1.1", b"Connection: close\r\n"),
            (b"GET / HTTP/1.0", b""),
            (b"POST / HTTP/1.1", b"Transfer-Encoding: chunked\r\n"),
            (b"hello", b""),
        ):
            head, _, transport = self.ask(self.blue, line, fields)
            self.assertIn(b"Connection: close", head, line)
            self.assertTrue(transport.disconnecting, line)

    def test_endlessHead(self):
        """
        A head without end does not fill the memory.
        """
        protocol, transport = self.connect(self.blue)
        protocol.dataReceived(b"GET / HTTP/1.1\r\n" + b"x" * 20000)
        self.assertTrue(transport.disconnecting)

    def test_pipelinedAfterBody(self):
        """
        The body of one request is not taken for the next one, however the bytes are cut.
        """
        stream = b"POST /who HTTP/1.1\r\nContent-Length: 16\r\n\r\nGET /x HTTP/1.1\r\nGET /who HTTP/1.1\r\n\r\n"
        stream = stream.replace(b"/x HTTP/1.1\r\n", b"/x HTTP/1.1 ")
        for size in (1, 7, len(stream)):
            protocol, transport = self.connect(self.green)
            for start in range(0, len(stream), size):
                protocol.dataReceived(stream[start : start + size])
            self.assertEqual(transport.value().count(b"HTTP/1.1 200 OK"), 2, size)
            self.assertNotIn(b"404", transport.value())

    def test_pageNamesItsServer(self):
        """
        The page shows name and colour of the server, its own icon, and refreshes only when asked.
        """
        for origin in (self.blue, self.green):
            body = self.ask(origin, b"GET / HTTP/1.1")[1].decode("utf-8")
            self.assertIn("<h1>%s</h1>" % origin.name, body)
            self.assertIn(origin.colour, body)
            self.assertIn('rel="icon" href="data:', body)
            self.assertNotIn("http-equiv", body)
            self.assertIn("http-equiv", self.ask(origin, b"GET /?refresh HTTP/1.1")[1].decode("utf-8"))

    def test_who(self):
        """
        Programs learn the same from C{/who}.
        """
        body = self.ask(self.green, b"GET /who HTTP/1.1")[1]
        self.assertEqual(json.loads(body), {"name": "green", "colour": self.green.colour, "port": 8082, "served": 1})


class StoppingTests(OriginsTestCase):
    """
    Taking a server away and bringing it back.
    """

    def test_stop(self):
        """
        C{/stop} is answered, then the port and the other connections of that server are closed.
        """
        idle = self.connect(self.blue)[1]
        head, body, transport = self.ask(self.blue, b"POST /stop HTTP/1.1")
        self.assertIn(b"303 See Other", head)
        self.assertIn(b"Location: http://127.0.0.1:8080/", head)
        self.assertIn(b"blue stops", body)
        self.assertTrue(transport.disconnecting)
        self.assertTrue(idle.disconnecting)
        self.assertEqual(self.reactor.listening(), [8082])

    def test_startThroughTheOther(self):
        """
        The other server's page offers to start it again, and does.
        """
        self.ask(self.blue, b"GET /stop HTTP/1.1")
        self.assertIn(b"http://127.0.0.1:8082/start/blue", self.ask(self.green, b"GET / HTTP/1.1")[1])
        head = self.ask(self.green, b"POST /start/blue HTTP/1.1")[0]
        self.assertIn(b"303 See Other", head)
        self.assertEqual(sorted(self.reactor.listening()), [8081, 8082])

    def test_startRunning(self):
        """
        Starting one that runs changes nothing.
        """
        self.ask(self.green, b"POST /start/blue HTTP/1.1")
        self.assertEqual(self.reactor.listening(), [8081, 8082])

    def test_bothComeBack(self):
        """
        With both stopped nobody could start them: they come back by themselves.
        """
        self.ask(self.blue, b"POST /stop HTTP/1.1")
        self.ask(self.green, b"POST /stop HTTP/1.1")
        self.reactor.advance(REVIVE_AFTER - 0.5)
        self.assertEqual(self.reactor.listening(), [])
        self.reactor.advance(0.5)
        self.assertEqual(self.reactor.listening(), [8081, 8082])

    def test_stoppedWhileBothAway(self):
        """
        Ending the program meanwhile leaves no timer.
        """
        self.ask(self.blue, b"POST /stop HTTP/1.1")
        self.ask(self.green, b"POST /stop HTTP/1.1")
        self.service.stopService()
        self.assertEqual(self.reactor.getDelayedCalls(), [])

    def test_forgetsConnections(self):
        """
        A connection that ended is not kept.
        """
        protocol, _ = self.connect(self.blue)
        protocol.connectionLost(Failure(ConnectionDone()))
        self.assertEqual(self.blue.connections, set())

    def test_portTaken(self):
        """
        When one port is taken the start fails and the other port is not kept.
        """
        reactor = FakeReactor()
        reactor.taken = (8082,)
        service = DemoOrigins(reactor)
        self.assertRaises(CannotListenError, service.startService)
        self.assertEqual(reactor.listening(), [])
        self.assertEqual(reactor.getDelayedCalls(), [])


class ConfigurationTests(TestCase):
    """
    The configuration of the demonstration.
    """

    def test_yaml(self):
        """
        It is YAML with one frontend on 8080 and both servers checked every second.
        """
        found = yaml.safe_load(demoConfiguration("/run/x.sock"))
        self.assertEqual(found["frontends"]["www"]["bind"], "127.0.0.1:8080")
        self.assertEqual(found["global"]["stats socket"], "/run/x.sock mode 600")
        servers = found["backends"]["app"]["servers"]
        self.assertEqual(servers["blue"], "127.0.0.1:8081 check inter 1s fall 2 rise 1")
        self.assertEqual(list(servers), ["blue", "green"])

    def test_otherPorts(self):
        """
        Ports can be chosen, and the console left out.
        """
        found = yaml.safe_load(demoConfiguration(balancer=1080, ports=(1081, 1082)))
        self.assertEqual(found["frontends"]["www"]["bind"], "127.0.0.1:1080")
        self.assertNotIn("stats socket", found["global"])
        self.assertTrue(found["backends"]["app"]["servers"]["green"].startswith("127.0.0.1:1082 "))


    def test_loads(self):
        """
        lbproxy itself accepts it, without a warning.
        """
        path = self.mktemp() + ".yaml"
        with open(path, "w") as target:
            target.write(demoConfiguration("/run/x.sock", 5140))
        configuration, warnings = load(path, lambda host: host)
        self.assertEqual(list(warnings), [])
        backend = configuration.proxies[1]
        self.assertTrue(backend.redispatch)
        self.assertEqual(backend.check.request, b"GET /health HTTP/1.0\r\n\r\n")
        self.assertEqual(configuration.proxies[0].logs[0].address, ("127.0.0.1", 5140))


class DemonstrationTests(TestCase):
    """
    Servers and log together.
    """

    def test_logLines(self):
        """
        Log lines are shown without what syslog puts before them.
        """
        shown = []
        LogLines(shown.append).datagramReceived(b"<134>Nov  4 09:20:12 lbproxy[7]: Server app/blue is DOWN.\n", None)
        self.assertEqual(shown, ["lbproxy[7]: Server app/blue is DOWN."])

    def test_directory(self):
        """
        The configuration is there while the demonstration runs, and gone afterwards.
        """
        reactor = FakeReactor()
        demonstration = Demonstration(reactor)
        demonstration.startService()
        self.assertEqual(reactor.listening(), [5140, 8081, 8082])
        with open(demonstration.configPath) as source:
            self.assertIn("127.0.0.1:5140", source.read())
        self.successResultOf(demonstration.stopService())
        self.assertEqual(reactor.listening(), [])
        self.assertFalse(os.path.exists(demonstration.directory))


class PluginTests(TestCase):
    """
    What twistd finds.
    """

    def setUp(self):
        self.plugin = namedAny("twisted.plugins.lbproxy_plugin")

    def test_serviceMaker(self):
        """
        C{twistd lbproxy} exists and is made by C{lbproxy.tap}.
        """
        verifyObject(IPlugin, self.plugin.lbproxy)
        verifyObject(IServiceMaker, self.plugin.lbproxy)
        self.assertEqual((self.plugin.lbproxy.tapname, self.plugin.lbproxy.module), ("lbproxy", "lbproxy.tap"))

    def test_reactor(self):
        """
        C{twistd --reactor lbproxy} exists, and what it names can be installed.
        """
        verifyObject(IReactorInstaller, self.plugin.lbproxyReactor)
        self.assertEqual(self.plugin.lbproxyReactor.shortName, "lbproxy")
        self.assertTrue(callable(namedAny(self.plugin.lbproxyReactor.moduleName).install))
