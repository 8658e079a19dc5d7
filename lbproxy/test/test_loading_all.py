# -*- test-case-name: lbproxy.test.test_loading_all -*-
"""
Tests for L{lbproxy.loading}: all problems of a file at once, whoever finds them.
"""

from twisted.trial import unittest

from lbproxy.config import ConfigError
from lbproxy.loading import loadConfiguration

CLASSIC = """\
frontend web
    bind 127.0.0.1:8000
    mode http
    timeout client 1s
    acl image path_beg /img
    use_backend images if image
    default_backend app

backend images
    mode http
    timeout connect 1s
    timeout server 1s
    server i 10.0.0.1:80

backend app
    mode http
    timeout connect 1s
    timeout server 1s
    server a 10.0.0.2:80
"""

YAML = """\
frontends:
  web:
    bind: 127.0.0.1:8000
    mode: http
    timeout: {client: 1s}
    acl:
      - image path_bag /img
    default_backend: nowhere
"""

#: What is mistyped for each: (from, to, line of the error).
ACL_FAULTS = (("path_beg", "path_bag", 5), ("if image", "if imag", 6))
OTHER_FAULTS = (
    ("bind 127.0.0.1:8000", "bind 127.0.0.1:80000", 2),
    ("timeout client 1s", "timeout client 1x", 4),
    ("default_backend app", "default_backend ap", 7),
    ("use_backend images", "use_backend image", 6),
    ("server i 10.0.0.1:80", "server i 10.0.0.1:80 wait 3", 13),
    ("server a 10.0.0.2:80", "server a unknown.example:80", 19),
)


def nobody(_host):
    """
    Knows no name.
    """
    raise OSError("unknown")


class AllProblemsTests(unittest.SynchronousTestCase):
    """
    The operator mends a file once, not once for each kind of error.
    """

    def problems(self, text, suffix=".cfg"):
        path = self.mktemp() + suffix
        with open(path, "w") as out:
            out.write(text)
        return self.assertRaises(ConfigError, loadConfiguration, path, nobody).problems

    def errors(self, text):
        return [one.place.line for one in self.problems(text) if one.severity == "error"]

    def test_alone(self):
        """
        Each of the faults is found at its line when it is the only one.
        """
        for old, new, line in ACL_FAULTS + OTHER_FAULTS:
            self.assertIn(old, CLASSIC)
            self.assertIn(line, self.errors(CLASSIC.replace(old, new)), new)

    def test_together(self):
        """
        Errors in ACLs were only told once everything else was right; they are reported with any other error.
        """
        for aclOld, aclNew, aclLine in ACL_FAULTS:
            for old, new, line in OTHER_FAULTS:
                found = self.errors(CLASSIC.replace(old, new).replace(aclOld, aclNew))
                self.assertIn(aclLine, found, (aclNew, new))
                self.assertIn(line, found, (aclNew, new))

    def test_everything(self):
        """
        A file with all of them: each is told, and none twice.
        """
        text = CLASSIC
        faults = ACL_FAULTS + tuple(fault for fault in OTHER_FAULTS if fault[2] != 6)
        for old, new, _line in faults:
            text = text.replace(old, new)
        found = self.problems(text)
        self.assertEqual(sorted(one.place.line for one in found if one.severity == "error"),
                         sorted(line for _old, _new, line in faults))
        self.assertEqual(len(found), len(set(map(str, found))))

    def test_yaml(self):
        """
        The same in the other language.
        """
        words = " ".join(str(one) for one in self.problems(YAML, ".yaml"))
        self.assertIn("path_bag", words)
        self.assertIn("nowhere", words)

    def test_unreadable(self):
        """
        A file of which nothing could be made has no ACLs to be looked at; its own error is told.
        """
        self.assertIn("not valid YAML", " ".join(str(one) for one in self.problems("{", ".yaml")))
