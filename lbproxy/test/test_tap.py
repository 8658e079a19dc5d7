# -*- test-case-name: lbproxy.test.test_tap -*-
"""
Tests for L{lbproxy.tap}: the command line.
"""

import io
import socket
import sys

from twisted.python import usage
from twisted.trial import unittest

from lbproxy.tap import Options, makeService, readConfiguration

GOOD = """\
listen web
    bind 127.0.0.1:%d
    mode tcp
    timeout client 1s
    timeout server 1s
    timeout connect 1s
    server a 127.0.0.1:9
"""


class TapCase(unittest.SynchronousTestCase):
    """
    With captured output and temporary files.
    """

    def setUp(self):
        self.out, self.err = io.StringIO(), io.StringIO()
        self.patch(sys, "stdout", self.out)
        self.patch(sys, "stderr", self.err)

    def write(self, text, suffix=".cfg"):
        path = self.mktemp() + suffix
        with open(path, "w") as out:
            out.write(text)
        return path

    def parse(self, *words):
        options = Options()
        options.parseOptions(list(words))
        return options


class OptionsTests(TapCase):
    """
    What may be said.
    """

    def test_nothing(self):
        """
        Without a configuration the user is told what to give, and about --demo.
        """
        problem = self.assertRaises(usage.UsageError, self.parse)
        self.assertIn("--config", str(problem))
        self.assertIn("--demo", str(problem))

    def test_demoAlone(self):
        """
        The demonstration needs no configuration, and takes none.
        """
        self.assertTrue(self.parse("--demo")["demo"])
        problem = self.assertRaises(usage.UsageError, self.parse, "--demo", "--config", self.write(GOOD % 8000))
        self.assertIn("--config", str(problem))

    def test_config(self):
        """
        The configuration is read and checked while the options are, in all spellings of the option.
        """
        path = self.write(GOOD % 8000)
        for words in (("--config", path), ("--config=" + path,), ("-f", path)):
            self.assertEqual([proxy.name for proxy in self.parse(*words)["configuration"].proxies], ["web"])
        self.assertEqual(self.err.getvalue(), "")

    def test_unknown(self):
        """
        Other words are refused.
        """
        for words in (("--nonsense",), ("--config",), ("surplus",), ("--demo", "surplus")):
            self.assertRaises(usage.UsageError, self.parse, *words)

    def test_help(self):
        """
        Help tells all options.
        """
        text = str(Options())
        for word in ("--config", "-f", "--check", "-c", "--demo"):
            self.assertIn(word, text)


class CheckTests(TapCase):
    """
    C{--check}.
    """

    def test_valid(self):
        """
        A valid file: one line, exit status 0.
        """
        path = self.write(GOOD % 8000)
        for flag in ("--check", "-c"):
            self.assertEqual(self.assertRaises(SystemExit, self.parse, flag, "--config", path).code, 0)
        self.assertIn(path, self.out.getvalue())
        self.assertEqual(self.err.getvalue(), "")

    def test_invalid(self):
        """
        An invalid file: every problem with its place on stderr, exit status 1.
        """
        path = self.write(GOOD % 8000 + "    nonsense 1\n    retries many\n")
        self.assertEqual(self.assertRaises(SystemExit, self.parse, "--check", "--config", path).code, 1)
        said = self.err.getvalue()
        for part in (path + ":8", path + ":9", "nonsense", "retries", "[error]"):
            self.assertIn(part, said)
        self.assertEqual(self.out.getvalue(), "")

    def test_missing(self):
        """
        A file that is not there: its name on stderr, exit status 1.
        """
        path = self.mktemp()
        self.assertEqual(self.assertRaises(SystemExit, self.parse, "--check", "--config", path).code, 1)
        self.assertIn(path, self.err.getvalue())

    def test_warnings(self):
        """
        Warnings are printed, and the file is valid all the same.
        """
        path = self.write((GOOD % 8000).replace("    timeout client 1s\n", ""))
        self.assertEqual(self.assertRaises(SystemExit, self.parse, "--check", "--config", path).code, 0)
        self.assertIn("[warning]", self.err.getvalue())

    def test_bindsNothing(self):
        """
        A check does not need the addresses: they may be in use by the very process that runs.
        """
        taken = socket.socket()
        self.addCleanup(taken.close)
        taken.bind(("127.0.0.1", 0))
        taken.listen(1)
        path = self.write(GOOD % taken.getsockname()[1])
        self.assertEqual(self.assertRaises(SystemExit, self.parse, "--check", "--config", path).code, 0)


class StartTests(TapCase):
    """
    Without C{--check}.
    """

    def test_invalid(self):
        """
        An invalid file stops the start, as a check would.
        """
        path = self.write("listen\n")
        self.assertEqual(self.assertRaises(SystemExit, self.parse, "--config", path).code, 1)
        self.assertEqual(self.assertRaises(SystemExit, readConfiguration, path).code, 1)

    def test_takenAddress(self):
        """
        An address that is in use: the proxy and the address on stderr, exit status 1 (LST-01).
        """
        taken = socket.socket()
        self.addCleanup(taken.close)
        taken.bind(("127.0.0.1", 0))
        taken.listen(1)
        port = taken.getsockname()[1]
        options = self.parse("--config", self.write(GOOD % port))
        self.assertEqual(self.assertRaises(SystemExit, makeService, options).code, 1)
        for part in ("[alert]", "'web'", "127.0.0.1:%d" % port):
            self.assertIn(part, self.err.getvalue())

    def test_nothingToDo(self):
        """
        A file without any listener stops the start with a reason (LST-18).
        """
        path = self.write("backend app\n    timeout server 1s\n    timeout connect 1s\n    server a 127.0.0.1:9\n")
        options = self.parse("--config", path)
        self.assertEqual(self.assertRaises(SystemExit, makeService, options).code, 1)
        self.assertIn("listening address", self.err.getvalue())
