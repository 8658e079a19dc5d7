# -*- test-case-name: lbproxy.test.acl.test_plugins -*-
"""
Tests for L{lbproxy.acl.plugins} and L{lbproxy.acl.forms}, and for the example plugin.
"""

import importlib.util
import os
import shutil
import sys

from twisted.plugin import IPlugin
from twisted.trial.unittest import SkipTest, SynchronousTestCase
from zope.interface import implementer
from zope.interface.verify import verifyObject

import lbproxy
from lbproxy.acl import check
from lbproxy.acl.forms import registerMatcher
from lbproxy.acl.plugins import loadPlugins
from lbproxy.acl.registry import CRITERIA, Criterion
from lbproxy.acl.strings import FORMS, exact
from lbproxy.interfaces import ICriterion, IMatcher
from lbproxy.test.acl.support import FakeExchange, FakeHead, holds
from lbproxy.test.config.support import inProxies, loadText
from twisted import plugins

EXAMPLE = os.path.join(
    os.path.dirname(os.path.dirname(os.path.abspath(lbproxy.__file__))),
    "examples", "plugins", "twisted", "plugins", "lbproxy_example.py")


class RegistryCase(SynchronousTestCase):
    """
    Gives the registry back as it was.
    """

    def setUp(self):
        criteria, forms = dict(CRITERIA), dict(FORMS)

        def restore():
            for known, before in ((CRITERIA, criteria), (FORMS, forms)):
                for name in set(known) - set(before):
                    del known[name]

        self.addCleanup(restore)

    def load(self, *plugins):
        """
        @return: texts of the problems of such plugins.
        """
        return [str(problem) for problem in loadPlugins(
            lambda interface: [plugin for plugin in plugins if interface.providedBy(plugin)])]


    def directory(self, module):
        """
        @param module: name of the module that will be in it.
        @return: path of an empty directory that Twisted looks for plugins in during this test.
        """
        path = self.mktemp()
        os.mkdir(path)
        before = list(plugins.__path__)
        self.addCleanup(plugins.__path__.__setitem__, slice(None), before)
        self.addCleanup(sys.modules.pop, "twisted.plugins." + module, None)
        plugins.__path__.append(os.path.abspath(path))
        return path


class LoadTests(RegistryCase):
    """
    Plugins add to what is there, and cannot break it.
    """

    def test_criterion(self):
        """
        A criterion of a plugin is used like any other; it is added once, however often plugins are looked for.
        """
        plugin = Criterion("test_sub", "0", lambda argument: lambda exchange: argument == "x")
        verifyObject(ICriterion, plugin)
        self.assertTrue(IPlugin.providedBy(plugin))
        self.assertEqual(self.load(plugin), [])
        self.assertEqual(self.load(plugin), [])
        self.assertTrue(holds("test_sub(x)", FakeExchange()))

    def test_takenName(self):
        """
        A name that is taken is told with the plugin's name; other plugins are added nevertheless.
        """
        found = self.load(Criterion("path", "7q", lambda argument: None), Criterion("test_good", "0", lambda argument: None))
        self.assertEqual(found, ["plugin path:1:1: this plugin cannot be used: criterion 'path' exists already"])
        self.assertIn("test_good", CRITERIA)

    def test_broken(self):
        """
        So is a plugin that is not what it says it is.
        """

        @implementer(IPlugin, IMatcher)
        class Broken:
            suffix = "_broken"

        @implementer(IPlugin, ICriterion)
        class Half:
            name = "test_half"

        for plugin, name in ((Broken(), "_broken"), (Half(), "test_half")):
            (found,) = self.load(plugin)
            self.assertTrue(found.startswith("plugin %s:1:1: this plugin cannot be used: " % name), found)
            self.assertNotIn("\n", found)
        self.assertNotIn("test_half", CRITERIA)
        self.assertNotIn("_broken", FORMS)

    def test_unimportable(self):
        """
        A plugin file that cannot be imported is a warning that names it; somebody else's is not our business.
        """
        path = self.directory("lbproxy_test_broken")
        for name, text in (("lbproxy_test_broken", "import lbproxy.nosuch\n"), ("test_foreign", "import nosuchmodule\n")):
            with open(os.path.join(path, name + ".py"), "w") as target:
                target.write(text)
        (problem,) = loadPlugins()
        self.assertEqual(problem.severity, "warning")
        self.assertEqual(problem.place.file, os.path.abspath(os.path.join(path, "lbproxy_test_broken.py")))
        self.assertEqual(problem.text, "this plugin cannot be used: ModuleNotFoundError: No module named 'lbproxy.nosuch'")
        self.assertTrue(self.flushLoggedErrors(ModuleNotFoundError))

    def test_form(self):
        """
        A form exists for every criterion on text, or for none: half of one is not added.
        """
        registerMatcher("_test", exact)
        self.assertEqual([name + "_test" in CRITERIA for name in ("path", "url", "hdr", "shdr")], [True] * 4)
        self.assertRaises(ValueError, registerMatcher, "_test", exact)
        self.assertRaises(ValueError, registerMatcher, "_cnt", exact)
        self.assertNotIn("path_cnt", CRITERIA)


class ExampleTests(RegistryCase):
    """
    The plugin in C{examples/plugins}, from outside the package.
    """

    def setUp(self):
        RegistryCase.setUp(self)
        if not os.path.exists(EXAMPLE):
            raise SkipTest("the examples are not here")
        spec = importlib.util.spec_from_file_location("lbproxy_example", EXAMPLE)
        self.module = importlib.util.module_from_spec(spec)
        spec.loader.exec_module(self.module)

    def problems(self):
        """
        @return: what is wrong with a configuration that uses it.
        """
        configuration, _ = loadText(inProxies(
            "acl long query_len gt 3\nacl icon path_glob *.ico\nuse_backend app if long icon"))
        return [str(problem) for problem in check(configuration)]

    def test_without(self):
        """
        Without the plugin its words are unknown.
        """
        found = self.problems()
        self.assertEqual(len(found), 2)
        self.assertIn("unknown criterion 'query_len'; did you mean '", found[0])
        self.assertIn("unknown criterion 'path_glob'; did you mean 'path", found[1])

    def test_with(self):
        """
        With it they work, everywhere that criteria and forms do.
        """
        self.assertEqual(self.load(self.module.queryLength, self.module.globs), [])
        self.assertEqual(self.problems(), [])
        exchange = FakeExchange(FakeHead(b"/a/b.ico?1234", path=b"/a/b.ico", headers=[(b"host", b"WWW.example.com")]))
        for line, matched in (
            ("query_len 4", True), ("query_len gt 4", False), ("path_glob *.ico", True), ("path_glob *.png", False),
            ("path_glob /a/?.ico /x", True), ("hdr_glob(host) www.*", False), ("hdr_glob(host) -i www.*", True),
        ):
            self.assertEqual(holds(line, exchange), matched, line)
        self.assertFalse(holds("query_len 0", FakeExchange()))

    def test_found(self):
        """
        Twisted finds it in the directory that C{PYTHONPATH} would name.
        """
        shutil.copy(EXAMPLE, self.directory("lbproxy_example"))
        self.assertEqual(loadPlugins(), [])
        self.assertIn("query_len", CRITERIA)
        self.assertIn("hdr_glob", CRITERIA)
