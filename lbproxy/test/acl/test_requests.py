# -*- test-case-name: lbproxy.test.acl.test_requests -*-
"""
Tests for L{lbproxy.acl.requests}, L{lbproxy.acl.uris} and L{lbproxy.acl.sources}.
"""

from twisted.trial.unittest import SynchronousTestCase

from lbproxy.test.acl.support import FakeExchange, FakeHead, compiled, holds
from lbproxy.test.config.support import resolve


class LineTests(SynchronousTestCase):
    """
    Criteria on the request line (ACL-20, ACL-21).
    """

    def test_pathAndUri(self):
        """
        The path has no query, the URI is as received; without a path path criteria are false.
        """
        exchange = FakeExchange(FakeHead(b"/u/img?x=1", path=b"/u/img"))
        for line, matched in (
            ("path /u/img", True),
            ("path /u/img?x=1", False),
            ("path_beg /u", True),
            ("path_end img", True),
            ("path_sub /i", True),
            ("path_dir img", True),
            ("path_reg ^/u/[a-z]+$", True),
            ("url /u/img?x=1", True),
            ("url_end =1", True),
            ("url_reg \\?x=[0-9]+$", True),
            ("url /u/img", False),
        ):
            self.assertEqual(holds(line, exchange), matched, line)
        self.assertFalse(holds("path_sub *", FakeExchange(FakeHead(b"*"))))
        self.assertTrue(holds("url *", FakeExchange(FakeHead(b"*"))))

    def test_method(self):
        """
        Known methods are compared exactly, whatever the flag; for unknown ones the flag counts.
        """
        for line, method, matched in (
            ("method POST PUT", b"PUT", True),
            ("method POST PUT", b"GET", False),
            ("method FOO", b"FOO", True),
            ("method FOO", b"foo", False),
            ("method -i FOO", b"foo", True),
            ("method -i get", b"GET", False),
            ("method -i GET", b"GET", True),
            ("method GET", b"get", False),
        ):
            self.assertEqual(holds(line, FakeExchange(FakeHead(method=method))), matched, (line, method))

    def test_version(self):
        """
        C{req_ver} compares what follows the slash.
        """
        self.assertTrue(holds("req_ver 1.0 1.1", FakeExchange(FakeHead(version=b"HTTP/1.1"))))
        self.assertFalse(holds("req_ver 1.0", FakeExchange(FakeHead(version=b"HTTP/1.1"))))

    def test_literalAddress(self):
        """
        C{url_ip} and C{url_port} read a literal address; a name gives no match; the port is 80 by default (ACL-22).
        """
        for uri, line, matched in (
            (b"http://10.1.2.3/x", "url_ip 10.0.0.0/8", True),
            (b"http://11.1.2.3/x", "url_ip 10.0.0.0/8", False),
            (b"http://10.1.2.3", "url_port 80", True),
            (b"http://10.1.2.3:8080/", "url_port 8080", True),
            (b"http://10.1.2.3?x", "url_port 80", True),
            (b"http://www.example/", "url_port 80", False),
            (b"http://10.1.2.300/", "url_ip 0.0.0.0/0", False),
            (b"http://10.1.2.3.example/", "url_ip 10.1.2.3", False),
            (b"https://10.1.2.3/", "url_ip 10.1.2.3", False),
            (b"/x", "url_ip 10.1.2.3", False),
        ):
            self.assertEqual(holds(line, FakeExchange(FakeHead(uri))), matched, (uri, line))

    def test_withoutRequest(self):
        """
        Without a request they are false (ACL-27).
        """
        for line in ("path_beg /", "url_beg /", "method GET", "req_ver 1.1", "url_ip 0.0.0.0/0", "url_port 80"):
            self.assertFalse(holds(line, FakeExchange()), line)


class SourceTests(SynchronousTestCase):
    """
    Criteria without a request (ACL-09, ACL-14, ACL-19).
    """

    def test_networks(self):
        """
        The client's IPv4 address is compared with networks; IPv6 never matches.
        """
        for line, host, matched in (
            ("src 10.0.0.0/8", "10.255.255.255", True),
            ("src 10.0.0.0/8", "11.0.0.0", False),
            ("src 10.0.0.2/31", "10.0.0.3", True),
            ("src 10.0.0.2/31", "10.0.0.4", False),
            ("src 10.0.0.2", "10.0.0.2", True),
            ("src 0.0.0.0/0", "1.2.3.4", True),
            ("src 0.0.0.0/0", "::1", False),
            ("src 0.0.0.0/0", None, False),
            ("src 127.0.0.0/30 127.7.0.0/255.255.0.0", "127.7.3.1", True),
        ):
            self.assertEqual(holds(line, FakeExchange(sourceHost=host)), matched, (line, host))

    def test_names(self):
        """
        A host name is resolved once, when compiled.
        """
        test = compiled("if a", "a src app.example", resolve=resolve)
        self.assertTrue(test(FakeExchange(sourceHost="10.9.8.7")))
        self.assertFalse(test(FakeExchange(sourceHost="10.9.8.8")))

    def test_fixed(self):
        """
        C{always_true} and C{always_false} ignore values.
        """
        for line, matched in (("always_true", True), ("always_false", False), ("always_true 0", True)):
            self.assertEqual(holds(line, FakeExchange()), matched)
