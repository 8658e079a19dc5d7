# -*- test-case-name: lbproxy.test.acl.test_check -*-
"""
Tests for L{lbproxy.acl.checking}.
"""

from twisted.trial.unittest import SynchronousTestCase

from lbproxy.acl import check
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
                "lb.cfg:13:11: frontend 'web': acl 'd': criterion 'status' is not supported yet",
                "lb.cfg:14:26: frontend 'web': there is no acl 'bb'; did you mean 'b'?",
                "lb.cfg:14:33: frontend 'web': acl 'WAIT_END': criterion 'wait_end' is not supported yet",
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
