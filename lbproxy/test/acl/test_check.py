# -*- test-case-name: lbproxy.test.acl.test_check -*-
"""
Tests for L{lbproxy.acl.checking}.
"""

from twisted.trial.unittest import SynchronousTestCase

from lbproxy.acl import check
from lbproxy.acl.checking import CONTENTS_CONTEXT, checkCondition
from lbproxy.config.conditions import parseCondition
from lbproxy.test.acl.support import HERE, proxyWith, words
from lbproxy.test.config.support import inProxies, loadText, resolve


def checked(lines, name="lb.cfg", resolver=None):
    """
    What is wrong with the ACLs of a frontend.
    """
    return [str(problem) for problem in check(loadText(inProxies(lines))[0], resolver)]


class CheckTests(SynchronousTestCase):
    """
    Verifying a configuration (ACL-02, ACL-12).
    """

    def test_clean(self):
        """
        A sound configuration has no problem; unused ACLs are legal.
        """
        self.assertEqual(checked("acl a path_beg /a\nacl b src 10.0.0.0/8\nuse_backend app if !a METH_GET or b"), [])

    def test_problems(self):
        """
        Every problem of every line is told, where it stands.
        """
        self.assertEqual(
            checked("acl a nosuchcriterion x\nacl b hdr_cnt(x) 1 2 z\nacl c path\nacl d status 200\n"
                    "use_backend app if a !bb or WAIT_END"),
            [
                "lb.cfg:10:11: frontend 'web': acl 'a': unknown criterion 'nosuchcriterion'",
                "lb.cfg:11:26: frontend 'web': acl 'b': 'hdr_cnt': 'z' is not a number, a range or an operator (eq, "
                "ge, gt, le, lt)",
                "lb.cfg:12:11: frontend 'web': acl 'c': 'path' has no value to compare with and never holds",
                "lb.cfg:14:26: frontend 'web': there is no acl 'bb'; did you mean 'b'?",
            ],
        )

    def test_severities(self):
        """
        An ACL without values is only worth a warning.
        """
        (problem,) = check(loadText(inProxies("acl c path"))[0])
        self.assertEqual(problem.severity, "warning")

    def test_hint(self):
        """
        A mistyped name is answered with the closest one, predefined ones included.
        """
        self.assertIn("did you mean 'METH_GET'?", checked("use_backend app if METH_GTE")[0])
        self.assertIn("did you mean 'static'?", checked("acl static path /\nuse_backend app if sttic")[0])

    def test_resolver(self):
        """
        Host names need a resolver, and are refused when they do not resolve.
        """
        self.assertEqual(checked("acl a src app.example", resolver=resolve), [])
        self.assertIn("is not an IPv4 address", checked("acl a src app.example")[0])
        self.assertIn("cannot resolve 'nowhere.example'", checked("acl a src nowhere.example", resolver=resolve)[0])

    def test_everyRule(self):
        """
        The conditions of all rules are looked at, tests in braces too, each at its place.
        """
        for line in ("block if x", "redirect prefix / if x", "use_backend app unless x", "monitor-uri /\nmonitor fail if x"):
            (found,) = checked(line)
            self.assertIn("there is no acl 'x'", found, line)
        (found,) = checked("use_backend app if { src nowhere }")
        self.assertIn("lb.cfg:10:30: frontend 'web': 'src': 'nowhere' is not an IPv4 address", found)


class ContextTests(SynchronousTestCase):
    """
    What a criterion needs, and what its rule offers (ACL-26).
    """

    def test_responseOnly(self):
        """
        A criterion on responses in a rule on requests is a warning that names the ACL, what it needs, and the rule's line.
        """
        (problem,) = check(loadText(inProxies("acl ok status 200\nacl two path /\nuse_backend app if two ok"))[0])
        self.assertEqual(problem.severity, "warning")
        self.assertEqual(str(problem), "lb.cfg:12:21: frontend 'web': 'use_backend': acl 'ok' uses 'status', which is "
                                       "response-only and never holds here")

    def test_firstOnly(self):
        """
        One warning for each rule, for its first such ACL.
        """
        found = checked("acl a shdr(x) y\nacl b resp_ver 1.0\nblock if b a\nblock if a")
        self.assertEqual([("acl 'b'" in text, "acl 'a'" in text) for text in found], [(True, False), (False, True)])

    def test_contents(self):
        """
        Where only bytes are there, a request head is too much.
        """
        condition = parseCondition(words("if a { src 10.0.0.1 } REQ_CONTENT WAIT_END"), HERE)
        proxy = proxyWith("a path /")
        (found,) = checkCondition("tcp-request", condition, CONTENTS_CONTEXT, proxy, None, set())
        self.assertIn("acl 'a' uses 'path', which is layer 7 and never holds here", found.text)


class BacktrackingTests(SynchronousTestCase):
    """
    Regular expressions that may take very long.
    """

    def test_warned(self):
        """
        They are warned of, at their place; others are not.
        """
        (found,) = checked("acl a path_reg ^/ok.*$ ^(x+)+$")
        self.assertIn("lb.cfg:10:28: frontend 'web': acl 'a': '^(x+)+$' may take very long", found)
