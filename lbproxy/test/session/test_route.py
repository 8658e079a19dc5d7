# -*- test-case-name: lbproxy.test.session.test_route -*-
"""
Tests for L{lbproxy.session.route}: what a frontend and a backend settle together.
"""

from itertools import product

from twisted.trial import unittest

from lbproxy.config.model import Proxy
from lbproxy.http import HOP_CLOSE, HOP_STRIP, HOP_UPGRADE
from lbproxy.session.route import Route
from lbproxy.test.memory import House

GET = b"GET /x HTTP/1.1\r\nHost: www\r\n\r\n"
WEBSOCKET = b"GET /x HTTP/1.1\r\nConnection: upgrade\r\nUpgrade: websocket\r\n\r\n"
OK = b"HTTP/1.1 200 OK\r\nContent-Length: 2\r\n\r\nok"


class Side:
    """
    Something with a configuration.
    """

    def __init__(self, **settings):
        self.config = Proxy("listen", "x", 1, mode="http", **settings)


class Request:
    """
    A head, as far as a route looks at it.
    """

    def __init__(self, upgrade):
        self.upgrade = upgrade


class RouteTests(unittest.SynchronousTestCase):
    """
    The combinations.
    """

    def test_closing(self):
        """
        httpclose or forceclose on either side closes both connections after one exchange (HTP-10, HTP-11).
        """
        for settings in product((False, True), repeat=4):
            frontClose, frontForce, backClose, backForce = settings
            route = Route(Side(httpClose=frontClose, forceClose=frontForce),
                          Side(httpClose=backClose, forceClose=backForce), (), None)
            closes = any(settings)
            self.assertEqual((route.closes, route.mayReuse, route.hop),
                             (closes, not closes, HOP_CLOSE if closes else HOP_STRIP), settings)
            self.assertEqual(route.forces, frontForce or backForce, settings)

    def test_upgrade(self):
        """
        An upgrade may pass unless the connection is to be closed.
        """
        stays = Route(Side(), Side(), (), None)
        closes = Route(Side(), Side(httpClose=True), (), None)
        self.assertEqual([stays.hopFor(Request(False)), stays.hopFor(Request(True))], [HOP_STRIP, HOP_UPGRADE])
        self.assertEqual([closes.hopFor(Request(False)), closes.hopFor(Request(True))], [HOP_CLOSE, HOP_CLOSE])


class RoutedTests(unittest.SynchronousTestCase):
    """
    What comes of it.
    """

    def build(self, **settings):
        self.house = House(**settings)
        self.house.behave(a="accept")

    def test_eitherSideCloses(self):
        """
        One side's option is enough: the server is told, the client is told, both are closed.
        """
        for settings in (dict(front_httpClose=True), dict(httpClose=True, front_httpClose=False),
                         dict(front_forceClose=True), dict(forceClose=True, front_forceClose=False)):
            self.build(**settings)
            client = self.house.client(GET)
            server = self.house.origin()
            self.assertIn(b"\r\nConnection: close\r\n", server.read(), settings)
            server.receive(OK)
            self.assertIn(b"\r\nConnection: close\r\n", client.read(), settings)
            self.assertTrue(client.lost and server.lost, settings)
            self.assertEqual(self.house.server("a").idle, [])

    def test_upgradePasses(self):
        """
        An upgrade reaches the server with both its lines, and not at all where connections are closed.
        """
        self.build()
        self.house.client(WEBSOCKET)
        seen = self.house.origin().read().lower()
        self.assertIn(b"\r\nconnection: upgrade\r\n", seen)
        self.assertIn(b"\r\nupgrade: websocket\r\n", seen)
        self.build(httpClose=True)
        self.house.client(WEBSOCKET)
        seen = self.house.origin().read().lower()
        self.assertIn(b"\r\nconnection: close\r\n", seen)
        self.assertNotIn(b"connection: upgrade", seen)

    def test_upgradeNotPooled(self):
        """
        A connection that was asked to upgrade is not taken from the pool, nor put there when the server declines.
        """
        self.build()
        self.house.client(GET)
        self.house.origin().receive(OK)
        self.house.client(WEBSOCKET)
        self.assertEqual(len(self.house.network.transports), 2)
        self.house.origin().receive(OK)
        self.assertTrue(self.house.origin().lost)
        self.assertEqual(len(self.house.server("a").idle), 1)
