# -*- test-case-name: lbproxy.test.config.test_load -*-
"""
Tests for L{lbproxy.config.loading}.
"""

import os

from twisted.trial.unittest import SynchronousTestCase

from lbproxy.config import ConfigError, load
from lbproxy.test.config.support import MemoryEnvironment, inProxies, loadText, resolve


class LoadTests(SynchronousTestCase):
    """
    Loading a file.
    """

    def test_missing(self):
        """
        A file that cannot be read is an error that names it.
        """
        error = self.assertRaises(ConfigError, load, "none.cfg", resolve, MemoryEnvironment({}))
        self.assertEqual(str(error), "none.cfg:1:1: cannot be read: No such file or directory")

    def test_languages(self):
        """
        The name of the file chooses the language.
        """
        for name in ("lb.yaml", "lb.yml", "lb.json"):
            configuration, _ = loadText('{"listens": {"l": {"bind": ":80", "dispatch": "1.2.3.4:80"}}}', name)
            self.assertEqual(configuration.proxies[0].name, "l")
        self.assertEqual(len(loadText(inProxies(), "lb.conf")[0].proxies), 2)

    def test_problemsOfError(self):
        """
        The exception carries errors and warnings alike, in the order of the file.
        """
        error = self.assertRaises(ConfigError, loadText, inProxies("maxconn x", "bind :80"))
        self.assertEqual([problem.severity for problem in error.problems], ["error", "warning"])

    def test_realMachine(self):
        """
        Without an environment, files of the machine are read.
        """
        path = self.mktemp() + ".cfg"
        with open(path, "w") as stream:
            stream.write(inProxies())
        configuration, _ = load(path, resolve)
        self.assertEqual(configuration.proxies[0].place.file, path)
        os.remove(path)

    def test_again(self):
        """
        A failed load leaves nothing behind: the next one is as the first.
        """
        first = loadText(inProxies())
        self.assertRaises(ConfigError, loadText, inProxies("maxconn x"))
        self.assertEqual(loadText(inProxies()), first)
