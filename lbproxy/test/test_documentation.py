# -*- test-case-name: lbproxy.test.test_documentation -*-
"""
The documentation says what is true: its examples load, its keyword reference is current, its links lead somewhere.
"""

import os
import re
import runpy

from twisted.trial.unittest import SkipTest, TestCase

import lbproxy
from lbproxy.config import load

ROOT = os.path.dirname(os.path.dirname(os.path.abspath(lbproxy.__file__)))
FENCE = re.compile(r"^```(yaml|haproxy)\n(.*?)^```$", re.M | re.S)
LINK = re.compile(r"\]\(([^)#:]+)(?:#[^)]*)?\)")


def pages():
    """
    @return: dict of path to text of the Markdown files of a checkout.
    @raise SkipTest: where lbproxy is installed without its documentation.
    """
    if not os.path.exists(os.path.join(ROOT, "docs", "configuration.md")):
        raise SkipTest("the documentation is only in the source tree")
    found = {}
    for folder in ("", "docs", "benchmarks"):
        for name in sorted(os.listdir(os.path.join(ROOT, folder))):
            if name.endswith(".md"):
                path = os.path.join(ROOT, folder, name)
                with open(path, encoding="utf-8") as source:
                    found[path] = source.read()
    return found


def noResolver(host):
    """
    The examples use addresses only.
    """
    raise OSError("no name service here: " + host)


class DocumentationTests(TestCase):
    """
    README and docs.
    """

    def read(self, language, text):
        """
        @return: the Configuration of an example.
        """
        path = self.mktemp() + (".yaml" if language == "yaml" else ".cfg")
        with open(path, "w", encoding="utf-8") as target:
            target.write(text)
        return load(path, noResolver)[0]

    def test_examplesLoad(self):
        """
        Every example of a configuration can be used as it stands.
        """
        examples = [found for text in pages().values() for found in FENCE.findall(text)]
        self.assertGreater(len(examples), 3)
        for language, text in examples:
            self.assertTrue(self.read(language, text).proxies, text)

    def test_exampleFiles(self):
        """
        So can every file in C{examples}.
        """
        pages()
        folder = os.path.join(ROOT, "examples")
        names = [name for name in sorted(os.listdir(folder)) if name.endswith((".yaml", ".cfg"))]
        self.assertGreater(len(names), 2)
        for name in names:
            self.assertTrue(load(os.path.join(folder, name), noResolver)[0].proxies, name)

    def test_sameSiteTwice(self):
        """
        The YAML and the classic form of the site in C{configuration.md} mean the same.
        """
        text = pages()[os.path.join(ROOT, "docs", "configuration.md")]
        found = [self.read(language, example) for language, example in FENCE.findall(text)[:2]]
        yaml, classic = [
            [
                (proxy.kind, proxy.name, proxy.timeouts, proxy.redispatch, proxy.forwardFor, proxy.monitorUri,
                 [(bind.host, bind.port) for bind in proxy.binds], proxy.defaultBackend,
                 [(rule.backend, [[term.name for term in group] for group in rule.condition.groups])
                  for rule in proxy.switchRules],
                 [(acl.name, acl.criterion, acl.patterns) for acl in proxy.acls],
                 [(server.name, server.address, server.port, server.weight, server.check, server.maxconn, server.backup,
                   server.inter, server.fastinter, server.downinter) for server in proxy.servers])
                for proxy in configuration.proxies
            ]
            for configuration in found
        ]
        self.assertEqual(yaml, classic)

    def test_keywordReference(self):
        """
        C{docs/keywords.md} is what C{docs/keywords.py} writes.
        """
        text = pages().get(os.path.join(ROOT, "docs", "keywords.md"))
        reference = runpy.run_path(os.path.join(ROOT, "docs", "keywords.py"))["reference"]
        self.assertEqual(text, reference(), "stale: run docs/keywords.py")

    def test_links(self):
        """
        Links between the pages lead to files.
        """
        for path, text in pages().items():
            for target in LINK.findall(text):
                self.assertTrue(os.path.exists(os.path.join(os.path.dirname(path), target)), "%s: %s" % (path, target))
