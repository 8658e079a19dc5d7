# -*- test-case-name: lbproxy.test.session.test_backend -*-
"""
Tests for L{lbproxy.session.backend}: where its connections go to and come from, and which idle ones it keeps.
"""

from twisted.trial import unittest

from lbproxy.config.model import Proxy, ServerConfig, Timeouts
from lbproxy.test.memory import House

GET = b"GET /x HTTP/1.1\r\nHost: www\r\n\r\n"
OK = b"HTTP/1.1 200 OK\r\nContent-Length: 2\r\n\r\nok"


class RecordingHouse(House):
    """
    @ivar wanted: C{(host, port, source)} of each connector that was made.
    """

    def __init__(self, **settings):
        House.__init__(self, **settings)
        self.wanted = []
        for backend in self.assembly.backends.values():
            backend._newConnector = self._connector
        self.configs = {}

    def _connector(self, host, port, source):
        self.wanted.append((host, port, source))
        return self.network.newConnector(host, port, source)


def oneServer(**settings):
    """
    @return: a TCP C{listen} with a server like that.
    """
    config = dict(name="s", id=1, address="10.2.0.1")
    config.update(settings)
    return Proxy("listen", "mapped", 5, mode="tcp", timeouts=Timeouts(client=10.0, connect=5.0),
                 servers=(ServerConfig(**config),))


class ConnectorTests(unittest.SynchronousTestCase):
    """
    Where connections go to.
    """

    def reached(self, destination, **settings):
        """
        @param destination: port the client connects to.
        @return: the port on the server.
        """
        house = RecordingHouse(mode="tcp", more=(oneServer(**settings),))
        house.frontend = house.assembly.frontends[1]
        house.client(host=("10.0.0.9", destination))
        return house.network.attempts[0].target

    def test_portMapping(self):
        """
        A fixed port, none, or an offset to the client's destination port (CFG-26).
        """
        cases = (
            (dict(port=8080), 80, 8080), (dict(port=None), 80, 80), (dict(port=None), 8443, 8443),
            (dict(port=None, portOffset=1000), 80, 1080), (dict(port=None, portOffset=-1000), 8080, 7080),
            (dict(port=None, portOffset=-80), 81, 1), (dict(port=None, portOffset=10), 65530, 4),
        )
        for settings, destination, port in cases:
            self.assertEqual(self.reached(destination, **settings), ("10.2.0.1", port), settings)

    def test_portsOfManyClients(self):
        """
        Clients that connected to different ports reach different ports of one server, in any order.
        """
        house = RecordingHouse(mode="tcp", more=(oneServer(port=None, portOffset=-10),))
        house.frontend = house.assembly.frontends[1]
        for port in (100, 200, 100):
            house.client(host=("10.0.0.9", port))
        self.assertEqual([attempt.target[1] for attempt in house.network.attempts], [90, 190, 90])

    def test_kept(self):
        """
        The connector to a fixed address is made once, and used for all connections.
        """
        house = RecordingHouse(mode="tcp", servers=("a", "b"))
        for _ in range(6):
            house.client()
        self.assertEqual(len(house.network.attempts), 6)
        self.assertEqual(sorted(house.wanted), [("10.1.0.1", 80, None), ("10.1.0.2", 80, None)])

    def test_dispatchKept(self):
        """
        So is the one to a dispatch address (LB-27).
        """
        house = RecordingHouse(mode="tcp", servers=(), dispatch=("10.9.9.9", 99))
        house.client(), house.client()
        self.assertEqual([attempt.target for attempt in house.network.attempts], [("10.9.9.9", 99)] * 2)
        self.assertEqual(house.wanted, [("10.9.9.9", 99, None)])

    def test_source(self):
        """
        Connections come from the server's own source address, else from the backend's (CON-12).
        """
        for server, backend, used in (
            (None, None, None), (("10.5.0.1", 0), None, ("10.5.0.1", 0)), (None, ("10.6.0.1", 7), ("10.6.0.1", 7)),
            (("10.5.0.1", 0), ("10.6.0.1", 7), ("10.5.0.1", 0)),
        ):
            house = RecordingHouse(mode="tcp", server={"source": server}, source=backend)
            house.client()
            self.assertEqual(house.wanted, [("10.1.0.1", 80, used)])


class IdleTests(unittest.SynchronousTestCase):
    """
    Idle server connections.
    """

    def build(self, **settings):
        self.house = House(**settings)
        self.house.behave(a="accept")
        return self.house

    def serve(self, count):
        """
        So many requests at once, each on a server connection of its own, all answered.
        """
        clients = [self.house.client(GET) for _ in range(count)]
        for transport in self.house.network.transports[-count:]:
            transport.receive(OK)
        return clients

    def test_bound(self):
        """
        No more than pool-max-conn idle connections are kept, the others are closed when their response ends.
        """
        self.build(server={"poolMaxConn": 2})
        self.serve(5)
        self.assertEqual(len(self.house.server("a").idle), 2)
        self.assertEqual([one.lost for one in self.house.network.transports], [False, False, True, True, True])

    def test_none(self):
        """
        With pool-max-conn 0 every connection is closed.
        """
        self.build(server={"poolMaxConn": 0})
        self.serve(2)
        self.assertEqual([one.lost for one in self.house.network.transports], [True, True])

    def test_roomAgain(self):
        """
        A connection in use leaves room for another idle one.
        """
        self.build(server={"poolMaxConn": 1})
        clients = self.serve(1)
        clients[0].receive(GET)
        self.assertEqual(self.house.server("a").idle, [])
        self.serve(1)
        self.assertEqual(len(self.house.server("a").idle), 1)

    def test_downServer(self):
        """
        A server that went down while it answered keeps no connection.
        """
        self.build()
        self.house.client(GET)
        self.house.pool.markDown(self.house.server("a"))
        self.house.origin().receive(OK)
        self.assertTrue(self.house.origin().lost)
        self.assertEqual(self.house.server("a").idle, [])

    def test_timeout(self):
        """
        Idle connections live for the server timeout, at most thirty seconds (reference 23).
        """
        for timeout, seconds in ((8.0, 8.0), (600.0, 30.0), (None, 30.0)):
            self.build(timeouts={"server": timeout})
            self.serve(1)
            self.house.step(seconds - 0.1)
            self.assertFalse(self.house.origin().lost)
            self.house.step(0.2)
            self.assertTrue(self.house.origin().lost)
            self.assertEqual(self.house.server("a").idle, [])

    def test_closeIdle(self):
        """
        Closing the idle connections of a server leaves those in use alone, and nothing behind.
        """
        self.build()
        self.serve(3)
        self.house.client(GET)
        self.house.backend.closeIdle(self.house.server("a"))
        self.assertEqual([one.lost for one in self.house.network.transports], [True, True, False])
        self.assertEqual(self.house.server("a").idle, [])
        self.house.origin(2).receive(OK)
        self.assertEqual(len(self.house.server("a").idle), 1)

    def test_postNeedsLiving(self):
        """
        A POST is not sent on an idle connection whose peer has closed as far as the kernel knows; the next one is tried.
        """
        self.build()
        self.serve(2)
        first, second = self.house.network.transports
        second.recv = lambda size, flags: b""
        self.house.client(b"POST / HTTP/1.1\r\nContent-Length: 1\r\n\r\nx")
        self.assertTrue(second.lost)
        self.assertIn(b"POST", first.read())
        self.assertEqual(len(self.house.network.transports), 2)

    def test_notAcrossServers(self):
        """
        An idle connection of one server never carries a request meant for another.
        """
        self.build(servers=("a", "b"))
        self.house.behave(b="accept")
        for _ in range(6):
            self.house.client(GET)
            for transport in self.house.network.transports:
                if transport.read():
                    transport.receive(OK)
        self.assertEqual(len(self.house.network.transports), 2)
        self.assertEqual([(one.name, one.cumulated) for one in self.house.pool.servers], [("a", 3), ("b", 3)])


class CountingTests(unittest.SynchronousTestCase):
    """
    What a backend counts.
    """

    def test_requests(self):
        """
        Requests, not connections: current, highest, total and rate.
        """
        house = House()
        house.behave(a="accept")
        client = house.client(GET)
        counters = house.backend.counters
        house.origin().receive(OK)
        client.receive(GET)
        house.client(GET)
        self.assertEqual((counters.beCurrent, counters.beMax, counters.beTotal), (2, 2, 3))
        self.assertEqual(counters.beRate.read(house.clock.seconds()), 3)
        self.assertEqual(house.frontend.counters.feTotal, 2)

    def test_newSecond(self):
        """
        The rate follows the clock from one second to the next.
        """
        house = House()
        for _ in range(2):
            for _ in range(4):
                house.client(GET)
            house.step(1)
        self.assertEqual(house.backend.counters.beRate.read(house.clock.seconds()), 4)
