# -*- test-case-name: lbproxy.test.config.keywords.test_servers -*-
"""
Tests for L{lbproxy.config.keywords.servers} and L{lbproxy.config.keywords.serveroptions}.
"""

from itertools import permutations

from twisted.trial.unittest import SynchronousTestCase

from lbproxy.test.config.support import found, proxies


class ServerTests(SynchronousTestCase):
    """
    C{server} lines (reference 3).
    """

    def server(self, words):
        """
        The server declared by these words.
        """
        return proxies("", "server s2 " + words)[1].servers[1]

    def test_options(self):
        """
        Every word fills its field, up to its limits.
        """
        for words, field, value in (
            ("weight 1", "weight", 1),
            ("weight 256", "weight", 256),
            ("backup", "backup", True),
            ("check", "check", True),
            ("inter 1500us", "inter", 0.002),
            ("fastinter 1s", "fastinter", 1.0),
            ("downinter 1m", "downinter", 60.0),
            ("rise 1", "rise", 1),
            ("fall 9", "fall", 9),
            ("addr 10.0.0.9:81", "checkAddress", "10.0.0.9"),
            ("maxconn 5", "maxconn", 5),
            ("minconn 5", "minconn", 5),
            ("maxqueue 5", "maxqueue", 5),
            ("id 1001", "id", 1001),
            ("source 10.0.0.5:99", "source", ("10.0.0.5", 99)),
            ("pool-max-conn 0", "poolMaxConn", 0),
            ("cookie a~b", "cookie", b"a~b"),
            ("redir http://img", "redirect", b"http://img"),
            ("weight 5 weight 6", "weight", 6),
        ):
            self.assertEqual(getattr(self.server("10.0.0.2:80 " + words), field), value, words)

    def test_address(self):
        """
        A name is resolved; the port is fixed or follows the client's (CFG-26).
        """
        for words, expected in (
            ("10.0.0.2:80", ("10.0.0.2", 80, 0)),
            ("10.0.0.2", ("10.0.0.2", None, 0)),
            ("10.0.0.2:-10", ("10.0.0.2", None, -10)),
            ("app.example:80", ("10.9.8.7", 80, 0)),
        ):
            server = self.server(words)
            self.assertEqual((server.address, server.port, server.portOffset), expected)

    def test_anyOrder(self):
        """
        The words come in any order (CFG-34).
        """
        words = ("check", "weight 5", "backup", "inter 3s")
        servers = {repr(self.server("10.0.0.2:80 " + " ".join(order)).weight) for order in permutations(words)}
        self.assertEqual(servers, {"5"})
        first = self.server("10.0.0.2:80 " + " ".join(words))
        for order in permutations(words):
            self.assertEqual(self.server("10.0.0.2:80 " + " ".join(order)), first)

    def test_refusals(self):
        """
        Wrong words are refused, all of a line at once (CFG-33).
        """
        for words, expected in (
            ("", ["12:5: backend 'app': 'server': needs an address after the name 's2'"]),
            ("nowhere.example:80", ["12:15: backend 'app': 'server': cannot resolve 'nowhere.example': no such host"]),
            ("1.2.3.4:80 weight 0", ["12:33: backend 'app': 'server': server 's2': 0 is out of range: it must be from "
                                     "1 to 256"]),
            ("1.2.3.4:80 weight 257", ["12:33: "]),
            ("1.2.3.4:80 inter 0", ["12:32: "]),
            ("1.2.3.4:80 fastinter 0", ["12:36: "]),
            ("1.2.3.4:80 downinter 0", ["12:36: "]),
            ("1.2.3.4:80 rise 0", ["12:31: "]),
            ("1.2.3.4:80 fall 0", ["12:31: "]),
            ("1.2.3.4:80 weight", ["12:26: backend 'app': 'server': server 's2': 'weight' needs a value"]),
            ("1.2.3.4:80 id 1000", ["12:29: "]),
            ("1.2.3.4:80 port 0", ["12:31: "]),
            ("1.2.3.4:80 slowstart 5s track x", [
                "12:26: backend 'app': 'server': server 's2': keyword 'slowstart' is not supported yet",
                "12:39: backend 'app': 'server': server 's2': keyword 'track' is not supported yet",
            ]),
            ("1.2.3.4:80 cookie a;b", ["12:33: backend 'app': 'server': server 's2': a cookie value cannot have the "
                                       "character ';'"]),
            ("1.2.3.4:80 cookie a\\ b", ["12:33: "]),
            ("1.2.3.4:80 redir http://x/\\r\\nSet-Cookie:a", ["12:32: backend 'app': 'server': server 's2': a location "
                                                             "cannot have a control character (\\x0d)"]),
            ("1.2.3.4:80 redir", ["12:26: "]),
            ("1.2.3.4:80 wieght 5 rise 0", ["12:26: backend 'app': 'server': server 's2': unknown word 'wieght'; the "
                                            "known ones are addr, backup, check, cookie, downinter, ", "12:40: "]),
        ):
            reported = found("", "server s2 " + words)
            self.assertEqual(len(reported), len(expected), reported)
            for problem, start in zip(reported, expected):
                self.assertTrue(problem.startswith("lb.cfg:" + start), problem)

    def test_names(self):
        """
        A server's name has the allowed characters only (CFG-04); two of one name are warned of.
        """
        self.assertIn("character '/' is not allowed in server name 's/2'", found("", "server s/2 1.2.3.4:80")[0])
        self.assertIn("needs a name and an address", found("", "server")[0])
        self.assertEqual(
            found("", "server s1 1.2.3.4:80"), ["lb.cfg:12:12: backend 'app': there is already a server 's1'"]
        )
