# -*- test-case-name: lbproxy.test.test_command -*-
"""
Tests for L{lbproxy.command}.
"""

import io
import json
import os
import runpy
import sys

from twisted.trial.unittest import TestCase

from lbproxy import __version__
from lbproxy.command import COMMANDS, main, schemaText
from lbproxy.loading import loadConfiguration

GOOD = """\
listen web 127.0.0.1:8080
    mode http
    timeout client 1s
    timeout connect 1s
    timeout server 1s
    server s1 10.0.0.1:80
"""


class CommandTests(TestCase):
    """
    What the command line says and how it ends.
    """

    def run_(self, *arguments):
        """
        @return: C{(exit status, standard output, standard error)}.
        """
        out, err = io.StringIO(), io.StringIO()
        status = main(list(arguments), out, err)
        return status, out.getvalue(), err.getvalue()

    def write(self, text):
        """
        @return: path of a new file.
        """
        path = self.mktemp() + ".cfg"
        with open(path, "w") as target:
            target.write(text)
        return path

    def test_check(self):
        """
        A valid file is said to be valid; of an invalid one every problem is told, and the status is 1.
        """
        path = self.write(GOOD)
        self.assertEqual(self.run_("check", "--config", path), (0, "%s: the configuration is valid\n" % path, ""))
        path = self.write(GOOD.replace("timeout", "timout"))
        status, out, err = self.run_("check", "-f", path)
        self.assertEqual((status, out, err.count("did you mean 'timeout'?")), (1, "", 3))
        self.assertTrue(err.endswith("%s: the configuration is not valid\n" % path))

    def test_warnings(self):
        """
        Warnings go to standard error and change nothing.
        """
        status, _, err = self.run_("check", "-f", self.write(GOOD.replace("    timeout client 1s\n", "")))
        self.assertEqual(status, 0)
        self.assertIn("[warning] ", err)

    def test_convert(self):
        """
        What is written says the same as what was read, to standard output or to a file.
        """
        path = self.write(GOOD)
        status, out, err = self.run_("convert", path)
        self.assertEqual((status, err), (0, ""))
        self.assertIn("server", out)
        target = self.mktemp() + ".yaml"
        self.assertEqual(self.run_("convert", "-o", target, path), (0, "", ""))
        with open(target) as source:
            self.assertEqual(source.read(), out)
        self.assertEqual(loadConfiguration(target)[0], loadConfiguration(path)[0])

    def test_convertProblems(self):
        """
        A file that does not load, or cannot be written, is an error with its place.
        """
        self.assertIn(":1:1: ", self.run_("convert", self.write("nonsense\n"))[2])
        status, _, err = self.run_("convert", "-o", "/nonexistent/x.yaml", self.write(GOOD))
        self.assertEqual(status, 1)
        self.assertIn("lbproxy convert: cannot write '/nonexistent/x.yaml': No such file or directory\n", err)

    def test_explain(self):
        """
        C{explain} is one of the commands.
        """
        status, out, _ = self.run_("explain", "-f", self.write(GOOD), "-r", "GET / HTTP/1.1")
        self.assertEqual(status, 0)
        self.assertIn("connects to 10.0.0.1:80", out)

    def test_schema(self):
        """
        The schema is printed as JSON.
        """
        status, out, err = self.run_("schema")
        self.assertEqual((status, out, err), (0, schemaText(), ""))
        self.assertEqual(json.loads(out)["$schema"], "http://json-schema.org/draft-07/schema#")

    def test_brokenPipe(self):
        """
        When whoever reads the output leaves early, as C{head} does, the command ends without a traceback.
        """
        reading, writing = os.pipe()
        os.close(reading)
        with open(writing, "w") as out:
            self.assertEqual(main(["schema"], out, io.StringIO()), 1)

    def test_usage(self):
        """
        What makes no sense is refused with the command to ask for help.
        """
        for arguments, expected in (
            ((), "lbproxy: which command? There are: check, convert, explain, schema\nTry 'lbproxy --help'.\n"),
            (("nonsense",), "lbproxy: Unknown command: nonsense"), (("check",), "lbproxy check: which configuration?"),
            (("convert",), "lbproxy convert: which file?"), (("convert", "a", "b"), "lbproxy convert: which file?"),
            (("convert", "-o", "x.cfg", "a"), "the name of a YAML file ends in .yaml or .yml, unlike 'x.cfg'"),
            (("explain", "--nonsense"), "lbproxy explain: option --nonsense not recognized"),
        ):
            status, out, err = self.run_(*arguments)
            self.assertEqual((status, out), (1, ""))
            self.assertIn(expected, err)

    def test_version(self):
        """
        It tells its version.
        """
        out = io.StringIO()
        self.patch(sys, "stdout", out)
        self.assertRaises(SystemExit, main, ["--version"])
        self.assertEqual(out.getvalue(), "lbproxy %s\n" % __version__)

    def test_names(self):
        """
        All commands can be imported and have a help text.
        """
        out = io.StringIO()
        self.patch(sys, "stdout", out)
        for name, _, _, text in COMMANDS:
            self.assertRaises(SystemExit, main, [name, "--help"])
            self.assertTrue(text.endswith("."))
            self.assertIn("Usage: lbproxy %s " % name, out.getvalue() + " ")

    def test_module(self):
        """
        C{python -m lbproxy} is the same.
        """
        self.patch(sys, "argv", ["lbproxy", "check", "--config", os.devnull])
        out, err = io.StringIO(), io.StringIO()
        self.patch(sys, "stdout", out)
        self.patch(sys, "stderr", err)
        problem = self.assertRaises(SystemExit, runpy.run_module, "lbproxy", run_name="__main__")
        self.assertEqual(problem.code, 1)
        self.assertIn("no proxy is defined", err.getvalue())
