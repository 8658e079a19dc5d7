# -*- test-case-name: lbproxy.test.config.keywords.test_rewriting -*-
"""
Tests for L{lbproxy.config.keywords.rewriting}.
"""

from twisted.trial.unittest import SynchronousTestCase

from lbproxy.config import RegexRule
from lbproxy.test.config.support import found, inProxies, loadText, problems, proxies


class RuleTests(SynchronousTestCase):
    """
    Rules with regular expressions (HDR-02 to HDR-10).
    """

    def test_actions(self):
        """
        Every keyword gives its rule, in both cases of letters, in a frontend and in a backend.
        """
        for field, prefix, rows in (
            ("requestRules", "req", (("allow", "allow"), ("del", "delete"), ("deny", "deny"), ("pass", "pass"),
                                     ("tarpit", "tarpit"))),
            ("responseRules", "rsp", (("del", "delete"), ("deny", "deny"))),
        ):
            for word, action in rows:
                for letter, ignoreCase in (("", False), ("i", True)):
                    line = "%s%s%s ^A\\ b" % (prefix, letter, word)
                    rule = RegexRule(action, b"^A b", ignoreCase)
                    self.assertEqual(getattr(proxies(line)[0], field), (rule,), line)
                    self.assertEqual(getattr(proxies("", line)[1], field), (rule,), line)

    def test_replacing(self):
        """
        A replacement rule keeps its text; the old synonyms mean the same.
        """
        for word, field, ignoreCase in (
            ("reqrep", "requestRules", False), ("reqirep", "requestRules", True), ("cliexp", "requestRules", False),
            ("rsprep", "responseRules", False), ("rspirep", "responseRules", True), ("srvexp", "responseRules", False),
        ):
            (rule,) = getattr(proxies(word + " ^(.*)x \\1y")[0], field)
            self.assertEqual(rule, RegexRule("replace", b"^(.*)x", ignoreCase, b"\\1y"))

    def test_switching(self):
        """
        C{reqsetbe} names a backend that must exist, in the same mode (CFG-22, SWI-07).
        """
        for word, ignoreCase in (("reqsetbe", False), ("reqisetbe", True)):
            (rule,) = proxies(word + " ^Host app")[0].requestRules
            self.assertEqual(rule, RegexRule("setbe", b"^Host", ignoreCase, None, "app"))
        self.assertEqual(found("reqisetbe x ap"), [
            "lb.cfg:10:17: frontend 'web': 'reqisetbe': there is no backend 'ap'; did you mean 'app'?"])
        self.assertIn("is in mode tcp", found("reqsetbe x app", "mode tcp")[0])

    def test_order(self):
        """
        Rules keep the order of the file, whatever they do (HDR-09).
        """
        rules = proxies("reqdeny a\nreqrep b c\nreqidel d\nreqsetbe e app\nreqallow f")[0].requestRules
        self.assertEqual(b"".join(rule.pattern for rule in rules), b"abdef")
        self.assertEqual([rule.place.line for rule in rules], [10, 11, 12, 13, 14])

    def test_notInherited(self):
        """
        None of them may stand in a C{defaults} section (CFG-07).
        """
        for line in ("reqrep a b", "reqidel a", "rspideny a", "reqadd A:b", "rspadd A:b", "reqsetbe a b", "cliexp a b"):
            self.assertIn(
                "lb.cfg:2:2: '%s' is not allowed in a 'defaults' section" % (line.split()[0],),
                problems("defaults\n " + line + "\n" + inProxies()),
            )

    def test_refusals(self):
        """
        A missing or superfluous word and a malformed expression are refused where they stand.
        """
        for line, problem in (
            ("reqdel", "10:5: frontend 'web': 'reqdel': needs a regular expression"),
            ("reqdel a b", "10:14: frontend 'web': 'reqdel': unexpected 'b'; write '\\ ' for a blank inside an argument"),
            ("reqdel (a", "10:12: frontend 'web': 'reqdel': bad regular expression: missing ), unterminated "
             "subpattern at position 0"),
            ("reqrep a", "10:5: frontend 'web': 'reqrep': needs a replacement after the regular expression"),
            ("reqrep a b c", "10:16: frontend 'web': 'reqrep': unexpected 'c'; write '\\ ' for a blank inside an argument"),
            ("reqsetbe a", "10:5: frontend 'web': 'reqsetbe': needs a backend after the regular expression"),
            ("reqsetbe a b/c", "10:16: frontend 'web': 'reqsetbe': character '/' is not allowed in backend name 'b/c'; "
             "use letters, digits, '-', '_', '.' and ':'"),
        ):
            self.assertEqual(found(line), ["lb.cfg:" + problem])

    def test_catastrophic(self):
        """
        An expression that may take very long is warned of, and used.
        """
        (problem,) = found("rspdel (a+)+b")
        self.assertTrue(problem.startswith("lb.cfg:10:12: frontend 'web': 'rspdel': '(a+)+b' may take very long: "), problem)
        for line in ("reqrep ^(.*)*x y", "reqsetbe (a|a)*x app", "reqidel (ab|AB)*x"):
            self.assertEqual(["may take very long" in problem for problem in found(line)], [True], line)


class ReplacementTests(SynchronousTestCase):
    """
    The text of a replacement (HDR-12).
    """

    def replacement(self, text):
        """
        What becomes of a replacement, written as YAML, where a backslash is a backslash.
        """
        yaml = "frontends:\n  web:\n    mode: http\n    bind: :80\n    timeout: {client: 1s}\n    reqrep:\n"
        yaml += "      pattern: '(a)(b)'\n      replacement: '%s'\n" % (text,)
        configuration, warnings = loadText(yaml, "lb.yaml")
        return configuration.proxies[0].requestRules[0].replacement, [problem.text for problem in warnings]

    def test_escapes(self):
        """
        Groups stay, bytes are inserted, a backslash is doubled.
        """
        for text, expected in (
            ("x", b"x"), (r"\0\1\2", rb"\0\1\2"), (r"\x41\x0a", b"A\n"), (r"\\1", rb"\\1"), (r"\x5c1", rb"\\1"),
            (r"\12", rb"\12"), ("\u00e9", b"\xc3\xa9"),
        ):
            self.assertEqual(self.replacement(text), (expected, []), text)

    def test_deprecated(self):
        """
        A backslash before anything else is dropped with one warning.
        """
        replacement, warnings = self.replacement(r"\a\b")
        self.assertEqual(replacement, b"ab")
        self.assertEqual(len(warnings), 1)
        self.assertIn("'\\a' is deprecated", warnings[0])

    def test_missingGroup(self):
        """
        A reference to a group that the expression does not have is warned of.
        """
        replacement, warnings = self.replacement(r"\3\3\1")
        self.assertEqual(replacement, rb"\3\3\1")
        self.assertEqual(len(warnings), 1)
        self.assertIn("'\\3' inserts nothing: the expression has 2 groups", warnings[0])

    def test_refusals(self):
        """
        A backslash at the end and a wrong byte are refused.
        """
        self.assertIn("ends with a backslash", found("reqrep a b\\")[0])
        self.assertIn("'\\x' needs two hexadecimal digits", found("reqrep a b\\\\xg0")[0])
        self.assertIn("'\\x' needs two hexadecimal digits", found("reqrep a b\\\\x4")[0])


class AddedLineTests(SynchronousTestCase):
    """
    C{reqadd} and C{rspadd} (HDR-01).
    """

    def test_order(self):
        """
        Lines are kept in their order, each side apart; one with a line end in it is two.
        """
        front, back = proxies("reqadd A:\\ 1\nrspadd B:2\nreqadd C:\\ 3\\r\\nD:\\ 4\\r\\n", "reqadd E:\nrspadd F:")
        self.assertEqual((front.requestAdds, front.responseAdds), ((b"A: 1", b"C: 3", b"D: 4"), (b"B:2",)))
        self.assertEqual((back.requestAdds, back.responseAdds), ((b"E:",), (b"F:",)))

    def test_most(self):
        """
        The eleventh line is warned of and ignored; the other direction counts for itself.
        """
        text = "\n".join("reqadd X-%d:1" % (number,) for number in range(11)) + "\nrspadd Y:1"
        self.assertEqual(found(text), [
            "lb.cfg:20:5: frontend 'web': 'reqadd': ignored: there are already 10 lines to add"])
        front = proxies(text)[0]
        self.assertEqual((len(front.requestAdds), front.requestAdds[-1], len(front.responseAdds)), (10, b"X-9:1", 1))

    def test_refusals(self):
        """
        What would make every message malformed is refused.
        """
        for text, part in (
            ("reqadd", "needs a header line"), ("reqadd X", "'X' is not a header line"),
            ("reqadd X\\ y:z", "not a header name"),
            ("reqadd :z", "not a header name"), ("rspadd A:\\x00", "control character"),
            ("rspadd A:1\\r\\n\\r\\nx", "header line"),
            ("rspadd A:1\\rB:2", "control character"), ("reqadd X: y", "unexpected 'y'"),
        ):
            self.assertIn(part, found(text)[0], text)
