# -*- test-case-name: lbproxy.test.config.test_addresses -*-
"""
Tests for L{lbproxy.config.addresses}.
"""

from twisted.trial.unittest import SynchronousTestCase

from lbproxy.config import addresses
from lbproxy.test.config.support import resolve


class AddressTests(SynchronousTestCase):
    """
    Hosts and ports (CFG-26, CFG-27).
    """

    def test_portRanges(self):
        """
        The port is after the last colon; a range gives every port of it.
        """
        for text, host, ports in (
            (":80", "", [80]),
            ("*:80", "*", [80]),
            ("10.0.0.1:8000-8002", "10.0.0.1", [8000, 8001, 8002]),
            ("::1:80", "::1", [80]),
            (":::80", "::", [80]),
            ("[::1]:80", "::1", [80]),
        ):
            self.assertEqual(addresses.splitPortRange(text), (host, ports))

    def test_badPortRanges(self):
        """
        A missing port, or one outside 1 to 65535, is refused.
        """
        for text in ("80", "10.0.0.1", "*:", ":0", ":65536", ":80-", ":90-80", ":x", "[::1", "[::1]80", ":80-65536"):
            self.assertRaises(ValueError, addresses.splitPortRange, text)

    def test_servers(self):
        """
        Without a port, or with a sign before it, a server's port follows the client's.
        """
        for text, expected in (
            ("1.2.3.4", ("1.2.3.4", None, 0)),
            ("1.2.3.4:", ("1.2.3.4", None, 0)),
            ("1.2.3.4:80", ("1.2.3.4", 80, 0)),
            ("1.2.3.4:+1000", ("1.2.3.4", None, 1000)),
            ("1.2.3.4:-5", ("1.2.3.4", None, -5)),
            ("[::1]:80", ("::1", 80, 0)),
        ):
            self.assertEqual(tuple(addresses.splitServer(text)), expected)
        for text in (":80", "1.2.3.4:x", "1.2.3.4:+x", "1.2.3.4:0", "1.2.3.4:65536"):
            self.assertRaises(ValueError, addresses.splitServer, text)

    def test_names(self):
        """
        Names are resolved, numeric addresses are not.
        """
        self.assertEqual(addresses.numeric("app.example", resolve), "10.9.8.7")
        self.assertEqual(addresses.numeric("::1", resolve), "::1")
        error = self.assertRaises(ValueError, addresses.numeric, "nowhere.example", resolve)
        self.assertIn("cannot resolve 'nowhere.example': no such host", str(error))

    def test_networks(self):
        """
        Networks are an address and an optional mask, IPv4 only (ACL-09).
        """
        for text, expected in (
            ("10.1.2.3", (0x0A010203, 0xFFFFFFFF)),
            ("10.1.2.3/8", (0x0A000000, 0xFF000000)),
            ("10.1.2.3/0", (0, 0)),
            ("10.1.2.3/31", (0x0A010202, 0xFFFFFFFE)),
            ("10.1.2.3/32", (0x0A010203, 0xFFFFFFFF)),
            ("10.1.2.3/255.255.0.0", (0x0A010000, 0xFFFF0000)),
        ):
            self.assertEqual(addresses.parseNetwork(text), expected)
        for text in ("", "10.1.2", "10.1.2.256", "10.0.0.0/33", "10.0.0.0/", "10.0.0.0/-1", "::1", "app.example"):
            self.assertRaises(ValueError, addresses.parseNetwork, text)
        self.assertEqual(addresses.parseNetwork("app.example/24", resolve), (0x0A090800, 0xFFFFFF00))

    def test_unixPath(self):
        """
        A path longer than a socket address holds is refused with the maximum (CFG-32).
        """
        self.assertEqual(addresses.checkUnixPath("/" + "x" * 106), "/" + "x" * 106)
        error = self.assertRaises(ValueError, addresses.checkUnixPath, "/" + "x" * 107)
        self.assertIn("the maximum is 107", str(error))
