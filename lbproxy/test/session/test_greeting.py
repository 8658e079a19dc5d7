"""
Tests for L{lbproxy.session.greeting}.
"""

from twisted.trial.unittest import TestCase

from lbproxy.config.model import Check
from lbproxy.test.memory import House

NETWORK = (10 << 24 | 8, 0xFFFFFFFC)


class MonitorNetTests(TestCase):
    """
    Clients of the monitoring network get an answer without asking, and leave no line in the log.
    """

    def test_http(self):
        """
        They get a bare 200 before they have sent anything; the connection is counted and gone (ERR-08, LST-26).
        """
        house = House(front_monitorNet=NETWORK)
        client = house.client(peername=("10.0.0.9", 4000))
        self.assertEqual(client.sent, b"HTTP/1.0 200 OK\r\n\r\n")
        self.assertEqual(house.frontend.counters.feTotal, 1)
        client.end()
        house.assertQuiet(self)
        self.assertEqual(house.logs, [])

    def test_impatient(self):
        """
        One that stays is closed after a moment.
        """
        house = House(front_monitorNet=NETWORK)
        client = house.client(b"GET / HTTP/1.1\r\n\r\n", peername=("10.0.0.9", 4000))
        self.assertEqual(client.sent, b"HTTP/1.0 200 OK\r\n\r\n")
        house.step(2.0)
        self.assertTrue(client.lost)
        house.assertQuiet(self)
        self.assertEqual((house.logs, house.network.attempts), ([], []))

    def test_tcp(self):
        """
        In TCP mode they are closed as if they had never been there (ERR-09).
        """
        house = House("tcp", front_monitorNet=NETWORK)
        client = house.client(peername=("10.0.0.9", 4000))
        self.assertTrue(client.lost)
        self.assertEqual((client.sent, house.frontend.counters.feTotal, house.balancer.nextId), (b"", 0, 0))
        self.assertEqual((house.logs, house.network.attempts), ([], []))

    def test_others(self):
        """
        Everybody else is served: other networks, and IPv6, which cannot match.
        """
        for address in ("10.0.0.7", "::1", "10.0.0.12"):
            house = House(front_monitorNet=NETWORK)
            house.client(b"GET / HTTP/1.1\r\n\r\n", peername=(address, 4000))
            self.assertEqual(len(house.network.attempts), 1, address)


class HealthModeTests(TestCase):
    """
    A proxy in mode health says that it is there to everybody.
    """

    def test_plain(self):
        """
        It says OK and closes, unlogged (ERR-10).
        """
        house = House(front_mode="health")
        client = house.client()
        self.assertEqual(client.sent, b"OK\n")
        client.end()
        house.assertQuiet(self)
        self.assertEqual(house.logs, [])

    def test_http(self):
        """
        With option httpchk it speaks HTTP.
        """
        house = House(front_mode="health", front_check=Check("http", b""))
        self.assertEqual(house.client().sent, b"HTTP/1.0 200 OK\r\n\r\n")
