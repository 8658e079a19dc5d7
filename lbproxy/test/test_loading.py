# -*- test-case-name: lbproxy.test.test_loading -*-
"""
Tests for L{lbproxy.loading}: a configuration file, read and checked as a whole.
"""

import socket

from twisted.trial import unittest

from lbproxy.config import ConfigError
from lbproxy.loading import loadConfiguration, resolve

CLASSIC = """\
frontend web
    bind 127.0.0.1:8000
    mode http
    timeout client 1s
    acl image path_beg /img
    use_backend images if image
    default_backend app

backend images
    mode http
    timeout connect 1s
    timeout server 1s
    server i 10.0.0.1:80

backend app
    mode http
    timeout connect 1s
    timeout server 1s
    server a %s:80
"""

NAMES = {"app.example": "10.9.8.7"}


def fakeResolver(host):
    """
    Knows one name.
    """
    if host in NAMES:
        return NAMES[host]
    raise OSError("unknown")


class LoadConfigurationTests(unittest.SynchronousTestCase):
    """
    Files in either language.
    """

    def write(self, text, suffix=".cfg"):
        path = self.mktemp() + suffix
        with open(path, "w") as out:
            out.write(text)
        return path

    def problems(self, text):
        """
        @return: what is wrong, as C{(severity, line)}, with the whole texts.
        """
        found = self.assertRaises(ConfigError, loadConfiguration, self.write(text), fakeResolver).problems
        return [(one.severity, one.place.line) for one in found], " ".join(one.text for one in found)

    def test_classic(self):
        """
        A haproxy.cfg gives its proxies in order, without a warning.
        """
        configuration, warnings = loadConfiguration(self.write(CLASSIC % "10.0.0.2"), fakeResolver)
        self.assertEqual([proxy.name for proxy in configuration.proxies], ["web", "images", "app"])
        self.assertEqual([str(warning) for warning in warnings], [])

    def test_names(self):
        """
        A server's name is resolved once, while loading, by the given resolver (CFG-26).
        """
        configuration, _ = loadConfiguration(self.write(CLASSIC % "app.example"), fakeResolver)
        self.assertEqual(configuration.proxies[2].servers[0].address, "10.9.8.7")

    def test_unknownName(self):
        """
        A name that nobody knows is an error at its line.
        """
        places, text = self.problems(CLASSIC % "nowhere.example")
        self.assertEqual(places, [("error", 19)])
        self.assertIn("nowhere.example", text)

    def test_aclProblems(self):
        """
        Errors in ACLs and conditions are errors of the configuration: all of them, with their lines and a suggestion.
        """
        text = (CLASSIC % "10.0.0.2").replace("path_beg", "path_bag").replace("if image", "if imag")
        places, words = self.problems(text)
        self.assertEqual(places, [("error", 5), ("error", 6)])
        self.assertIn("path_bag", words)
        self.assertIn("imag", words)

    def test_warnings(self):
        """
        What is merely odd is reported, and the configuration is there.
        """
        text = (CLASSIC % "10.0.0.2").replace("path_beg /img", "path_beg")
        configuration, warnings = loadConfiguration(self.write(text), fakeResolver)
        self.assertEqual([(one.severity, one.place.line) for one in warnings], [("warning", 5)])
        self.assertEqual(len(configuration.proxies), 3)

    def test_aclError_keepsWarnings(self):
        """
        With an error in an ACL the warnings found before it are reported too.
        """
        text = (CLASSIC % "10.0.0.2").replace("    timeout client 1s\n", "").replace("if image", "if imag")
        places, _ = self.problems(text)
        self.assertIn(("error", 5), places)
        self.assertTrue(any(severity == "warning" for severity, line in places), places)

    def test_missing(self):
        """
        A file that is not there is an error like any other, with its name.
        """
        path = self.mktemp()
        problem = self.assertRaises(ConfigError, loadConfiguration, path).problems[0]
        self.assertIn(path, str(problem))

    def test_json(self):
        """
        A name that ends in .yaml, .yml or .json is YAML; it gives the same configuration as the classic language.
        """
        yaml = ('{"backends": {"app": {"mode": "http", "timeout": {"connect": "1s", "server": "1s"}, '
                '"servers": {"a": {"address": "10.0.0.2:80"}}}}}')
        try:
            configuration, _ = loadConfiguration(self.write(yaml, ".json"), fakeResolver)
        except ConfigError as problem:
            self.fail(" ".join(str(one) for one in problem.problems))
        self.assertEqual([proxy.name for proxy in configuration.proxies], ["app"])


class ResolveTests(unittest.SynchronousTestCase):
    """
    The system's resolver.
    """

    def found(self, *entries):
        self.patch(socket, "getaddrinfo", lambda host, port, type: list(entries))
        return resolve("name")

    V4 = (socket.AF_INET, socket.SOCK_STREAM, 6, "", ("10.0.0.1", 0))
    V6 = (socket.AF_INET6, socket.SOCK_STREAM, 6, "", ("2001:db8::1", 0, 0, 0))

    def test_prefersIPv4(self):
        """
        IPv4 is preferred, in whatever order the system tells; of several the first one is used.
        """
        self.assertEqual(self.found(self.V4, self.V6), "10.0.0.1")
        self.assertEqual(self.found(self.V6, self.V4), "10.0.0.1")
        self.assertEqual(self.found(self.V6), "2001:db8::1")

    def test_numeric(self):
        """
        Numeric addresses stay what they are.
        """
        self.assertEqual([resolve(host) for host in ("127.0.0.1", "::1")], ["127.0.0.1", "::1"])
