# -*- test-case-name: lbproxy.test.pool.test_server -*-
"""
Tests for L{lbproxy.pool.server}.
"""

from twisted.trial.unittest import TestCase

from lbproxy.test.pool.builders import makePool


def server(pool=None, **options):
    """
    @return: the only server of a pool.
    """
    return makePool({"a": options}, **(pool or {})).servers[0]


class AddressTests(TestCase):
    """
    Where a server is (CFG-26).
    """

    def test_forms(self):
        """
        A fixed port, the client's, and the client's with an offset either way.
        """
        for options, clientPort, port in [
            ({"port": 80}, 8080, 80), ({"port": None}, 8080, 8080), ({"port": None, "portOffset": 1000}, 80, 1080),
            ({"port": None, "portOffset": -1000}, 8080, 7080), ({"port": None, "portOffset": 10}, 65530, 4),
            ({"port": None, "portOffset": 10}, None, 10), ({"port": 80}, None, 80),
        ]:
            self.assertEqual(server(**options).address(clientPort), ("127.0.0.1", port), (options, clientPort))


class LimitTests(TestCase):
    """
    How many sessions a server may serve (QUE-12, QUE-13).
    """

    def test_load(self):
        """
        Between C{minconn} and C{maxconn} the limit follows the load of the backend, rounded down.
        """
        for options, fullconn, load, expected in [
            ({}, 0, 50, 0), ({"maxconn": 7, "minconn": 7}, 10, 0, 7), ({"maxconn": 7}, 10, 0, 7),
            ({"minconn": 7}, 10, 0, 7),
            ({"maxconn": 5, "minconn": 7}, 10, 0, 7), ({"maxconn": 10, "minconn": 2}, 30, 0, 2),
            ({"maxconn": 10, "minconn": 2}, 30, 8, 2), ({"maxconn": 10, "minconn": 2}, 30, 9, 3),
            ({"maxconn": 10, "minconn": 2}, 30, 29, 9), ({"maxconn": 10, "minconn": 2}, 30, 30, 10),
            ({"maxconn": 10, "minconn": 2}, 30, 500, 10),
        ]:
            one = server({"fullconn": fullconn}, **options)
            one.pool.counters.beCurrent = load
            self.assertEqual(one.limit(), expected, (options, fullconn, load))

    def test_listen(self):
        """
        A C{listen} section without C{fullconn} takes its C{maxconn} (QUE-21).
        """
        one = server({"kind": "listen", "maxconn": 100}, maxconn=10, minconn=1)
        one.pool.counters.beCurrent = 50
        self.assertEqual(one.limit(), 5)

    def test_room(self):
        """
        A server with a queue has no room, even when a slot is free (LB-05).
        """
        one = server(maxconn=2)
        self.assertTrue(one.hasRoom())
        one.queue.push(object())
        self.assertFalse(one.hasRoom())
        one.queue.shift()
        one.served = 2
        self.assertFalse(one.hasRoom())
        self.assertTrue(server().hasRoom())


class StatusTests(TestCase):
    """
    What the CSV says (reference 13).
    """

    def test_words(self):
        """
        Checked and unchecked.
        """
        self.assertEqual(server().status(), "no check")
        one = server(check=True)
        self.assertEqual(one.status(), "UP 1/3")
        one.health = 4
        self.assertEqual(one.status(), "UP")
        one.pool.markDown(one)
        self.assertEqual(one.status(), "DOWN")
        one.health = 1
        self.assertEqual(one.status(), "DOWN 1/2")

    def test_weight(self):
        """
        Modulated weights are shown in user units, rounded up (LB-02).
        """
        one = server(weight=3)
        for effective, shown in [(48, 3), (33, 3), (32, 2), (1, 1)]:
            one.pool.weigh(one, effective)
            self.assertEqual(one.shownWeight(), shown)
