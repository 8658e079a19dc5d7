# -*- test-case-name: lbproxy.test.test_documentation -*-
"""
The documentation says what is true: its examples load, its keyword reference is current, its links lead somewhere.
"""

import os
import re
import runpy

from twisted.trial.unittest import SkipTest, TestCase

import lbproxy
from lbproxy.command import schemaText
from lbproxy.config import load
from lbproxy.config.registry import REGISTRY

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


#: What the example of a keyword needs beside it, by its first words, in the classic language.
BESIDE = {
    "use_backend": "acl static path_beg /s", "monitor fail": "monitor-uri /x", "cookie": "server s1 10.0.0.1:80",
    "option checkcache": "server s1 10.0.0.1:80",
}


def surrounded(written, keyword):
    """
    @param written: what C{docs/keywords.py} defines.
    @return: two complete configurations around the example of a keyword, classic and YAML.
    """
    kind = written["section"](keyword)
    statements = [text for begin, text in BESIDE.items() if keyword.name.startswith(begin)]
    if kind in ("frontend", "listen"):
        statements.append("bind :80")
    name = "" if kind in ("global", "defaults") else " x"
    classic = ["defaults", "    mode http", kind + name] + ["    " + text for text in [*statements, keyword.sample]]
    yaml = ["- defaults: {mode: http}", "- %s%s:" % (kind, name)]
    if statements:
        yaml.append("    rules: [%s]" % ", ".join('{%s: "%s"}' % text.partition(" ")[::2] for text in statements))
    yaml += ["    " + line for line in written["yamlForm"](keyword).split("\n")]
    for other in ("app", "assets", "images"):
        classic += ["backend " + other]
        yaml += ["- backend %s:" % other]
    return [re.sub("/etc/lbproxy/503.http", os.devnull, "\n".join(lines) + "\n") for lines in (classic, yaml)]


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

    def test_schema(self):
        """
        C{docs/lbproxy.schema.json} is what C{lbproxy schema} prints.
        """
        pages()
        with open(os.path.join(ROOT, "docs", "lbproxy.schema.json"), encoding="utf-8") as source:
            self.assertEqual(source.read(), schemaText(), "stale: run docs/keywords.py")

    def test_keywordExamples(self):
        """
        Every keyword's example loads, in both languages, and says the same in both.
        """
        pages()
        written = runpy.run_path(os.path.join(ROOT, "docs", "keywords.py"))
        for keyword in REGISTRY.keywords():
            classic, yaml = surrounded(written, keyword)
            self.assertEqual(self.read("haproxy", classic), self.read("yaml", yaml), keyword.name)

    def test_topics(self):
        """
        Every keyword has one entry in the reference, under a topic that says something, and the list above leads to it.
        """
        text = pages().get(os.path.join(ROOT, "docs", "keywords.md"))
        anchors = re.findall(r'^<a id="([^"]+)"></a>$', text, re.M)
        self.assertEqual(len(anchors), len(REGISTRY.keywords()))
        self.assertEqual(sorted(anchors), sorted(re.findall(r"\(#([a-z]+-[^)]+)\) ?(?:·|$)", text, re.M)))
        self.assertNotIn("## Other keywords", text)

    def test_links(self):
        """
        Links between the pages lead to files.
        """
        for path, text in pages().items():
            for target in LINK.findall(text):
                self.assertTrue(os.path.exists(os.path.join(os.path.dirname(path), target)), "%s: %s" % (path, target))
