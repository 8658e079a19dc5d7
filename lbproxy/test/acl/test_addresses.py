# -*- test-case-name: lbproxy.test.acl.test_addresses -*-
"""
Tests for L{lbproxy.acl.addresses}.
"""

from twisted.trial.unittest import SynchronousTestCase

from lbproxy.test.acl.support import FakeExchange, holds


class AddressTests(SynchronousTestCase):
    """
    Who connected, and to where (ACL-09, ACL-14).
    """

    def test_table(self):
        """
        Addresses and ports of both ends; masks at their edges.
        """
        exchange = FakeExchange(sourceHost="10.1.2.3", sourcePort=4001, destination=("192.168.0.9", 8080))
        for line, matched in (
            ("src 10.1.2.3", True), ("src 10.1.2.4", False), ("src 10.1.2.2/31", True), ("src 10.1.2.4/31", False),
            ("src 10.1.2.3/32", True), ("src 0.0.0.0/0", True), ("src 10.0.0.0/255.0.0.0", True),
            ("src 11.0.0.0/8 10.0.0.0/8", True), ("dst 192.168.0.0/16", True), ("dst 10.0.0.0/8", False),
            ("src_port 4001", True), ("src_port 4000:4002", True), ("src_port gt 4001", False), ("dst_port 80", False),
            ("dst_port 80 8080", True), ("always_true", True), ("always_true x", True), ("always_false", False),
        ):
            self.assertEqual(holds(line, exchange), matched, line)

    def test_ipv6(self):
        """
        Networks are IPv4; an IPv6 address is in none, not even in the one that holds all; its port is compared.
        """
        exchange = FakeExchange(sourceHost="::1", sourcePort=4001, destination=("::1", 80))
        for line, matched in (("src 0.0.0.0/0", False), ("dst 0.0.0.0/0", False), ("src_port 4001", True),
                              ("dst_port 80", True)):
            self.assertEqual(holds(line, exchange), matched, line)

    def test_unixSocket(self):
        """
        A client without address has none that could match.
        """
        exchange = FakeExchange(sourceHost="", sourcePort=0, destination=("", 0))
        for line in ("src 0.0.0.0/0", "dst 0.0.0.0/0", "src_port 0:65535", "dst_port 0"):
            self.assertFalse(holds(line, exchange), line)
