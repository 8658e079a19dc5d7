# -*- test-case-name: lbproxy.test.config.test_convert -*-
"""
Tests for L{lbproxy.config.convert}: the same configuration, said in YAML.
"""

import glob
import os
from textwrap import dedent

import yaml
from hypothesis import given, settings
from hypothesis import strategies as st
from twisted.trial.unittest import SkipTest, SynchronousTestCase

from lbproxy.config import ConfigError, load
from lbproxy.config.convert import convert
from lbproxy.config.convertyaml import Leaf, Named, Several, quoted, writeYaml
from lbproxy.test.config.corpus import COMMENTED, COMMENTED_YAML, CORPUS, FILES, TIMEOUTS
from lbproxy.test.config.golden import GoldenEnvironment, numericOnly, scenarios, substituted
from lbproxy.test.config.support import MemoryEnvironment, loadText, resolve

CHECKOUT = os.path.join(os.path.dirname(os.path.abspath(__file__)), "..", "..", "..")

LETTERS = "\\ #xnrt\"':{}[],&*!|>%@`-?~=09af\t\u00e9\u0085\udcff\u2028\U0001f600"


def converted(text, files=FILES, name="lb.cfg"):
    """
    A classic text as YAML.
    """
    contents = dict(files)
    contents[name] = dedent(text).lstrip("\n").encode("utf-8", "surrogateescape")
    return convert(name, resolve, MemoryEnvironment(contents))[0]


class RoundTripTests(SynchronousTestCase):
    """
    What was converted means the same.
    """

    maxDiff = None

    def check(self, name, text, environ, resolver=resolve):
        """
        Convert C{text}, load the result and compare. Returns the result.
        """
        environ.files["lb.cfg"] = text
        written, warnings = convert("lb.cfg", resolver, environ)
        environ.files["lb.yaml"] = written.encode("utf-8")
        original, originalWarnings = load("lb.cfg", resolver, environ)
        again, _ = load("lb.yaml", resolver, environ)
        self.assertEqual(original.globals, again.globals, name)
        for one, other in zip(original.proxies, again.proxies):
            self.assertEqual(one, other, (name, written))
        self.assertEqual(original, again, name)
        self.assertEqual(warnings, originalWarnings, name)
        return written

    def test_corpus(self):
        """
        Every odd thing the classic language can say survives.
        """
        for name, text in CORPUS.items():
            self.check(name, dedent(text).encode("utf-8"), MemoryEnvironment(dict(FILES)))

    def test_bytes(self):
        """
        Bytes that are not UTF-8, written as they are, survive.
        """
        text = TIMEOUTS.encode("ascii") + b"listen a\n bind :80\n reqdel ^\xff\\ \\\xfe\n server s 10.0.0.1:80\n"
        written = self.check("bytes", text, MemoryEnvironment({}))
        self.assertIn(r"reqdel: ^\xff\ \\\xfe", written)

    def test_examples(self):
        """
        The example in the classic language becomes the example in YAML.
        """
        for path in glob.glob(os.path.join(CHECKOUT, "examples", "*.cfg")):
            with open(path, "rb") as stream:
                self.check(path, stream.read(), MemoryEnvironment({}))

    def test_golden(self):
        """
        The configurations of the acceptance suite survive, those that load.
        """
        found = scenarios()
        if not found:
            raise SkipTest("the acceptance suite is not beside the checkout")
        done = 0
        for path, scenario in found:
            environ = GoldenEnvironment(scenario.get("files") or {})
            data = substituted(scenario["config"]).encode("utf-8")
            environ.files["lb.cfg"] = data
            try:
                load("lb.cfg", numericOnly, environ)
            except ConfigError:
                continue
            self.check(path, data, environ, numericOnly)
            done += 1
        self.assertGreater(done, len(found) // 2)

    @given(st.lists(st.text(st.sampled_from(LETTERS), min_size=1), min_size=1))
    @settings(max_examples=60, deadline=None)
    def test_anyText(self, words):
        """
        Whatever the arguments are made of, they survive.
        """
        lines = "".join("    reqadd X:%s\n" % (escapedClassic(word),) for word in words[:10])
        text = TIMEOUTS + "listen a\n    bind :80\n%s    server s 10.0.0.1:80\n" % (lines,)
        self.check(text, text.encode("utf-8", "surrogateescape"), MemoryEnvironment({}))


class FormTests(SynchronousTestCase):
    """
    What the result looks like.
    """

    maxDiff = None

    def test_comments(self):
        """
        Comments stay with what they are about.
        """
        self.assertEqual(converted(COMMENTED), COMMENTED_YAML)
        self.assertEqual(loadText(COMMENTED_YAML, "lb.yaml")[0], loadText(COMMENTED)[0])

    def test_mapping(self):
        """
        Proxies are written by kind when their order and defaults allow it, and as a list of sections when not.
        """
        for name, isList in (
            ("one of everything", False),
            ("frontend and backend of one name", False),
            ("addresses in the first line", False),
            ("several globals", False),
            ("mixed order", True),
            ("several defaults", True),
            ("defaults behind their first proxy", True),
            ("twins", True),
        ):
            root = yaml.safe_load(converted(CORPUS[name]))
            self.assertEqual(isinstance(root, list), isList, name)

    def test_grouped(self):
        """
        Statements are grouped as one would write them by hand.
        """
        root = yaml.safe_load(converted(CORPUS["one of everything"]))
        self.assertEqual(root["global"]["stats"], {"socket": "/run/lb.sock mode 600 user www", "timeout": "5s"})
        self.assertEqual(root["global"]["daemon"], True)
        self.assertEqual(root["global"]["log"], ["127.0.0.1:514 local0 info", "/dev/log local1"])
        self.assertEqual(root["defaults"]["timeout"], {"connect": "4s", "client": "30s", "server": "30s"})
        self.assertEqual(
            root["defaults"]["option"],
            ["httplog", "redispatch", {"httpclose": False}, "forwardfor except 127.0.0.0/8"],
        )
        www = root["frontends"]["www"]
        self.assertEqual(www["acl"]["static"], ["path_beg /static/", "path_end .png .css"])
        self.assertEqual(www["use_backend"], {"assets": ["if static !inside", "unless METH_GET"]})
        self.assertEqual(www["monitor fail"], "if inside")
        self.assertEqual(www["capture"]["request header"], "Host len 20")
        self.assertEqual(list(root["backends"]["app"]["servers"]), ["app1", "app2"])
        self.assertEqual(root["backends"]["assets"]["option"], {"redispatch": False})

    def test_order(self):
        """
        Statements whose mutual order counts stand together in C{rules}; the others do not.
        """
        web = yaml.safe_load(converted(CORPUS["rules in order"]))["listens"]["web"]
        self.assertEqual(
            web["rules"], [{"reqdel": "^X-"}, {"reqirep": r"^(x-.*) \1"}, {"reqdel": "^Y-"}]
        )
        self.assertEqual(web["reqadd"], [r"X-One:\ 1", r"X-Two:\ 2"])
        self.assertEqual(web["redirect"], ["location / if { path /a }", "location / if { path /c }"])

    def test_wholeSection(self):
        """
        When grouping would change the meaning, a section is written in the order of its statements.
        """
        root = yaml.safe_load(converted(CORPUS["written twice"]))
        self.assertEqual(list(root["listens"]["web"]), ["rules"])
        self.assertIn({"option": {"redispatch": False}}, root["listens"]["web"]["rules"])
        self.assertEqual(root["defaults"]["timeout"]["client"], ["3s", "4s"])

    def test_defaultsInOrder(self):
        """
        The same for C{defaults}, whose proxies show the difference.
        """
        root = yaml.safe_load(converted(
            "defaults\n timeout appsession 1s\n timeout tarpit 1s\n errorloc 503 /a\n errorfile 503 e503\n"
            "listen a\n bind :80\n server s 10.0.0.1:80\n"))
        self.assertEqual(root["defaults"]["rules"], [{"errorloc": "503 /a"}, {"errorfile": "503 e503"}])

    def test_quotes(self):
        """
        What another YAML reader would not take as text is quoted; whole numbers and ordinary text are not.
        """
        for text, written in (
            ("5", "5"), ("0", "0"), ("010", '"010"'), ("1.5", '"1.5"'), ("1e3", '"1e3"'), ("0x1F", '"0x1F"'),
            ("yes", '"yes"'), ("y", '"y"'), ("null", '"null"'), ("~", '"~"'), ("", '""'), ("2001-01-01", '"2001-01-01"'),
            ("*:80", '"*:80"'), (":80", '":80"'), ("10.0.0.1:80 weight 5", "10.0.0.1:80 weight 5"), ("a: b", '"a: b"'),
            ("a #b", '"a #b"'), ("a#b", "a#b"), ("x:", '"x:"'), ("^[a-z]", "^[a-z]"), (r"\.a: b", r"'\.a: b'"),
            ("it's", "it's"), ("'a'", '"' + "'a'" + '"'), ('"\'', "'\"'''"), ("12:30:45", '"12:30:45"'), ("...", '"..."'),
        ):
            self.assertEqual(quoted(text), written)
            if text != written:
                self.assertEqual(yaml.safe_load("a: " + written), {"a": text})
        self.assertEqual(quoted("10.0.0.1:80", True), '"10.0.0.1:80"')

    def test_width(self):
        """
        What would be a long line is written below its key.
        """
        many = Several([Leaf("word%02d" % (number,)) for number in range(20)])
        self.assertEqual(writeYaml(Named([("a", many)])).count("\n"), 21)
        self.assertEqual(writeYaml(Named([("a", Several(many.items[:3]))])), "a: [word00, word01, word02]\n")


class RefusalTests(SynchronousTestCase):
    """
    What cannot be converted.
    """

    def refusal(self, text, name="lb.cfg"):
        """
        The problems that stopped a conversion.
        """
        with self.assertRaises(ConfigError) as caught:
            converted(text, name=name)
        return [str(problem) for problem in caught.exception.problems]

    def test_errors(self):
        """
        The faults of the original are told with their places, all at once.
        """
        reported = self.refusal("listen a\n bind :80\n modee http\n maxconn x\n server s 10.0.0.1:80\n")
        self.assertTrue(any(line.startswith("lb.cfg:3:2: ") for line in reported), reported)
        self.assertTrue(any(line.startswith("lb.cfg:4:10: ") for line in reported), reported)

    def test_missing(self):
        """
        So is a file that cannot be read.
        """
        with self.assertRaises(ConfigError) as caught:
            convert("nowhere.cfg", resolve, MemoryEnvironment({}))
        self.assertIn("cannot be read", str(caught.exception))

    def test_already(self):
        """
        A YAML file is not converted.
        """
        self.assertEqual(self.refusal("a: b\n", "lb.yml"), ["lb.yml:1:1: is YAML already"])

    def test_changingNames(self):
        """
        A name that resolves to another address each time does not make the two readings differ.
        """
        numbers = iter(range(1, 100))
        environ = MemoryEnvironment({"a.cfg": b"listen a\n bind :80\n server s app.example:80\n"})
        written, _ = convert("a.cfg", lambda host: "10.0.0.%d" % (next(numbers),), environ)
        self.assertIn("s: app.example:80", written)


def escapedClassic(word):
    """
    A word as the classic language has it, every character that means something escaped.
    """
    return "".join("\\" + letter if letter in "\\ #" else "\\t" if letter == "\t" else letter for letter in word)
