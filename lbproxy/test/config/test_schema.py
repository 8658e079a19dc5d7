# -*- test-case-name: lbproxy.test.config.test_schema -*-
"""
Tests for L{lbproxy.config.schema}: editors mark what the reader refuses, and nothing that it takes.
"""

import os
import re
from textwrap import indent

import fastjsonschema
import yaml
from twisted.trial.unittest import SkipTest, SynchronousTestCase

import lbproxy
from lbproxy.config import ConfigError
from lbproxy.config.convert import convert
from lbproxy.config.convertlayout import Layout
from lbproxy.config.convertsource import readSections
from lbproxy.config.convertyaml import writeYaml
from lbproxy.config.draft import World
from lbproxy.config.errors import Report
from lbproxy.config.loader import SECTION_KINDS
from lbproxy.config.registry import REGISTRY, Keyword, Shape
from lbproxy.config.schema import makeSchema
from lbproxy.test.config.corpus import CORPUS, FILES
from lbproxy.test.config.golden import GoldenEnvironment, numericOnly, scenarios, substituted
from lbproxy.test.config.support import MemoryEnvironment, resolve

ROOT = os.path.dirname(os.path.dirname(os.path.abspath(lbproxy.__file__)))
FENCE = re.compile(r"^```yaml\n(.*?)^```$", re.M | re.S)
MARKED = ("several globals", "written twice", "misplaced")
BASE = """
frontends:
  www:
    mode: http
    bind: ":80"
    %s
"""


class SchemaTests(SynchronousTestCase):
    """
    The schema and the YAML reader agree.
    """

    def setUp(self):
        self.schema = makeSchema()
        self.validate = fastjsonschema.compile(self.schema)

    def accepts(self, text):
        """
        @return: C{""}, or what the schema says against it.
        """
        try:
            self.validate(yaml.safe_load(text))
        except fastjsonschema.JsonSchemaException as error:
            return str(error)
        return ""

    def test_examples(self):
        """
        The files in C{examples} and every YAML of the documentation and of the README are valid.
        """
        texts = []
        for folder, pattern in (("examples", None), ("docs", FENCE), ("", FENCE)):
            directory = os.path.join(ROOT, folder)
            for name in sorted(os.listdir(directory)) if os.path.isdir(directory) else ():
                if name.endswith(".yaml" if pattern is None else ".md"):
                    with open(os.path.join(directory, name), encoding="utf-8") as source:
                        texts += [source.read()] if pattern is None else pattern.findall(source.read())
        for text in texts:
            self.assertEqual(self.accepts(text), "", text)

    def test_converted(self):
        """
        So is what C{lbproxy convert} writes. Editors mark what the reader only warns of: a keyword that counts once and is
        written twice, one in a section that ignores it.
        """
        for name, text in CORPUS.items():
            files = dict(FILES, **{"x.cfg": text.encode("utf-8", "surrogateescape")})
            written, _ = convert("x.cfg", resolve, MemoryEnvironment(files))
            self.assertEqual(bool(self.accepts(written)), name in MARKED, name + "\n" + written)

    def test_golden(self):
        """
        So is what it makes of the acceptance suite.
        """
        found = scenarios()
        if not found:
            raise SkipTest("the acceptance suite is not beside the checkout")
        done = 0
        for path, scenario in found:
            environ = GoldenEnvironment(scenario.get("files") or {})
            environ.files["x.cfg"] = substituted(scenario["config"]).encode("utf-8")
            try:
                written, _ = convert("x.cfg", numericOnly, environ)
            except ConfigError:
                continue
            self.assertEqual(self.accepts(written), "", path + "\n" + written)
            done += 1
        self.assertGreater(done, len(found) // 2)

    def test_keywordExamples(self):
        """
        So is the example of every keyword in YAML, and what editors offer as an example fits the keyword.
        """
        for keyword in REGISTRY.keywords():
            kind = "backend" if keyword.sections == "S" else dict(zip("GDFBL", SECTION_KINDS))[keyword.sections[-1]]
            opening = kind + ("" if kind in ("global", "defaults") else " x")
            source = ("%s\n    %s\n" % (opening, keyword.sample)).encode()
            sections = readSections(source, World(resolve, MemoryEnvironment({}), Report(), REGISTRY), "x.cfg")
            body = writeYaml(Layout(REGISTRY).body(sections, False))
            text = "- %s:\n%s" % (opening, indent(body, "    "))
            self.assertEqual(self.accepts(text), "", text)
        definitions = self.schema["definitions"]
        for name, one in definitions.items():
            validate = fastjsonschema.compile({"$ref": "#/definitions/" + name, "definitions": definitions})
            for example in one.get("examples", ()):
                self.assertEqual(validate(example), example, name)

    def test_keywords(self):
        """
        Each keyword is there, with its help, in the sections that take it.
        """
        letters = dict(zip(SECTION_KINDS, "GDFBL"))
        for kind in SECTION_KINDS:
            known = self.schema["definitions"]["section-" + kind]["properties"]
            for keyword in REGISTRY.keywords(kind):
                self.assertIn(keyword.name, known, letters[kind])
        self.assertIn("Keep each client on its server", str(self.schema["definitions"]))

    def test_forms(self):
        """
        A value is a text, a list where a keyword may be repeated, a mapping of its arguments, a boolean for a flag.
        """
        for line in (
            "redirect: prefix / if TRUE", "redirect: [prefix / if TRUE, location /x if FALSE]",
            "redirect: {prefix: /, code: 301, if: TRUE}", "option: [httplog, forwardfor]", "option: httplog",
            "option httpclose: true", "option: {httpclose: true}", "timeout: {client: 3s}", "timeout client: 3000",
            "maxconn: 5", 'maxconn: "5"', "acl: {a: [path /, path /x]}", "use_backend: {b: if TRUE}",
            "rules: [{reqdel: ^X}, {reqadd: 'A: b'}]",
            "errorfile: {503: /x, 400: /y}", "reqadd: []",
        ):
            self.assertEqual(self.accepts(BASE % line), "", line)

    def test_refused(self):
        """
        Typing mistakes are marked: names, nesting, kinds of values.
        """
        for line in (
            "maxcon: 5", "redirect: {perfix: /, if: TRUE}", "option: [httplogg]", "timeout: {cleint: 3s}", "server: x",
            "rules: {reqdel: ^X}", "acl: [[x]]", "mode: {http: true}",
            'acl: {a: ""}', 'default_backend: ""',
        ):
            self.assertNotEqual(self.accepts(BASE % line), "", line)
        for text in ("frontend: {}", "frontends: [a]", "- frontends: {}", "- frontend: {}", "- {global: {}, defaults: {}}",
                     "backends: {'a b': {}}"):
            self.assertNotEqual(self.accepts(text), "", text)

    def test_defaultsNames(self):
        """
        In a list of sections C{defaults} may have a name, as in the classic language.
        """
        self.assertEqual(self.accepts("- defaults web: {mode: http}\n- frontend x 10.0.0.1:80: {}\n"), "")

    def test_plugin(self):
        """
        A keyword that a plugin has registered is part of it.
        """
        registry = REGISTRY.copy()
        registry.register(Keyword("shiny", "F", lambda draft, line: None, help="Shines.", shape=Shape(("colour",))))
        validate = fastjsonschema.compile(makeSchema(registry))
        validate(yaml.safe_load(BASE % "shiny: {colour: red}"))
        self.assertRaises(fastjsonschema.JsonSchemaException, validate, yaml.safe_load(BASE % "shiny: {color: red}"))
