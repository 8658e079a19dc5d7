# -*- test-case-name: lbproxy.test.config.test_registry -*-
"""
Tests for L{lbproxy.config.registry}.
"""

import re

from twisted.trial.unittest import SynchronousTestCase

from lbproxy.config import ConfigError
from lbproxy.config.errors import Refused
from lbproxy.config.registry import REGISTRY, Keyword
from lbproxy.test.config.support import inProxies, loadText


def parseDummy(draft, line):
    """
    Accepts C{good}, warns of C{odd}, refuses anything else.
    """
    word = line.only("a word")
    if word == "odd":
        line.warn("odd indeed", word.place)
    elif word != "good":
        raise Refused("bad word", word.place, "say 'good'")
    draft.set("dummy", str(word), line.place)


class RegistrationTests(SynchronousTestCase):
    """
    Keywords of plugins (CFG-18).
    """

    def setUp(self):
        """
        A registry with one more keyword, for proxies and for servers.
        """
        self.registry = REGISTRY.copy()
        self.registry.register(Keyword("dummy word", "DFLB", parseDummy, field="dummy", inherit="any"))
        self.registry.register(Keyword("flavour", "S", parseDummy, field="dummy"))

    def load(self, value):
        """
        Load a frontend using the keyword.
        """
        return loadText(inProxies("dummy word " + value), registry=self.registry)

    def test_success(self):
        """
        A success stores the value where the plugin finds it.
        """
        configuration, problems = self.load("good")
        self.assertEqual(configuration.proxies[0].extensions, {"dummy": "good"})
        self.assertEqual(problems, ())

    def test_warning(self):
        """
        A warning is located and the load goes on.
        """
        configuration, problems = self.load("odd")
        self.assertEqual(configuration.proxies[0].extensions, {"dummy": "odd"})
        self.assertEqual([str(p) for p in problems], ["lb.cfg:10:16: frontend 'web': 'dummy word': odd indeed"])

    def test_error(self):
        """
        An error is located and fails the load.
        """
        error = self.assertRaises(ConfigError, self.load, "bad")
        self.assertEqual(str(error), "lb.cfg:10:16: frontend 'web': 'dummy word': bad word; say 'good'")

    def test_inherited(self):
        """
        Its value is inherited from C{defaults} as it declares.
        """
        text = inProxies().replace("mode http", "mode http\n    dummy word good")
        configuration, _ = loadText(text, registry=self.registry)
        self.assertEqual([proxy.extensions for proxy in configuration.proxies], [{"dummy": "good"}] * 2)

    def test_serverWord(self):
        """
        Words of servers can be added too.
        """
        configuration, _ = loadText(inProxies("", "server s2 10.0.0.2:80 flavour good"), registry=self.registry)
        self.assertEqual(configuration.proxies[1].servers[1].extensions, {"dummy": "good"})

    def test_taken(self):
        """
        A name can be registered once; the same in another family is another keyword.
        """
        self.assertRaises(ValueError, self.registry.register, Keyword("maxconn", "D", parseDummy))
        self.assertRaises(ValueError, self.registry.register, Keyword("thing", "", parseDummy))
        self.registry.register(Keyword("weight", "G", parseDummy))

    def test_unsupportedBecomesSupported(self):
        """
        Registering a known but unsupported name supports it.
        """
        self.registry.register(Keyword("transparent", "FLB", parseDummy, field="dummy"))
        configuration, _ = loadText(inProxies("transparent good"), registry=self.registry)
        self.assertEqual(configuration.proxies[0].extensions, {"dummy": "good"})


#: What examples are warned of for good reason.
EXPECTED = re.compile("deprecated|its servers are not used|only works in a frontend")


class DeclarationTests(SynchronousTestCase):
    """
    What lbproxy's own keywords say about themselves.
    """

    def test_complete(self):
        """
        Each has a help line and an example that starts with its name; arguments are described unless it is a flag.
        """
        for keyword in REGISTRY.keywords():
            self.assertTrue(keyword.help.endswith("."), keyword.name)
            self.assertIn(keyword.name, keyword.example)
            self.assertEqual(bool(keyword.grammar), not keyword.flag, keyword.name)

    def test_examplesLoad(self):
        """
        Each example of a proxy keyword is accepted where the keyword says it belongs.
        """
        for kind in ("frontend", "backend"):
            for keyword in REGISTRY.keywords(kind):
                extra = {"use_backend": "acl static path_beg /s\n", "monitor fail": "monitor-uri /x\n"}.get(keyword.name, "")
                example = re.sub("assets|images", "app", keyword.example.replace("/etc/lbproxy/", ""))
                text = inProxies(**{kind: extra + example})
                _, problems = loadText(text, files={"503.http": b"HTTP/1.0 503 Sorry\r\n\r\n"})
                texts = [str(problem) for problem in problems if not EXPECTED.search(str(problem))]
                self.assertEqual(texts, [], keyword.name)
