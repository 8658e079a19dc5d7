# -*- test-case-name: lbproxy.test.acl.test_contents -*-
"""
Tests for L{lbproxy.acl.contents}, L{lbproxy.acl.hellos} and L{lbproxy.acl.versions}.
"""

from twisted.trial.unittest import SynchronousTestCase

from lbproxy.acl import AclError, compilePartial
from lbproxy.acl.hellos import helloVersion
from lbproxy.acl.versions import dottedVersion
from lbproxy.test.acl.support import FakeExchange, compiled, holds

#: A record of TLS 1.0 with three bytes; a hello of SSL 2.0 that offers 3.1.
RECORD = b"\x16\x03\x01\x00\x03abc"
OLD_HELLO = b"\x80\x1c\x01\x03\x01\x00\x03\x00\x00\x00\x10" + b"\x00\x00\x01" + b"c" * 16
#: The same with a header of three bytes and two bytes of padding.
PADDED_HELLO = b"\x00\x1c\x02\x01\x03\x01\x00\x03\x00\x00\x00\x10" + b"\x00\x00\x01" + b"c" * 16 + b"\x00\x00"


class HelloTests(SynchronousTestCase):
    """
    Telling SSL from anything else (TCP-13).
    """

    def seen(self, contents, limit=16384):
        """
        @return: the version as text, or whether it may change.
        """
        version, mayChange = helloVersion(contents, limit)
        return mayChange if version is None else dottedVersion(version)

    def test_complete(self):
        """
        A whole record tells its version, whatever follows it.
        """
        for contents, version in ((RECORD, "3.1"), (RECORD + b"more", "3.1"), (b"\x14\x03\x00\x00\x01x", "3.0"),
                                  (b"\xff\x03\x03\x00\x01x", "3.3"), (OLD_HELLO, "3.1"), (PADDED_HELLO, "3.1")):
            self.assertEqual(self.seen(contents), version, contents)

    def test_growing(self):
        """
        As long as bytes are missing it may change, however they come; a full buffer ends the wait.
        """
        for contents in (RECORD, OLD_HELLO, PADDED_HELLO):
            for count in range(len(contents)):
                self.assertIs(self.seen(contents[:count]), True, contents[:count])
        self.assertEqual(self.seen(b"\x16\x03\x01\x40\x00" + b"x" * 95, limit=100), "3.1")

    def test_foreign(self):
        """
        What cannot be SSL is known at once.
        """
        for contents in (b"GET / HTTP/1.1\r\n", b"\x16\x02", b"\x16\x03\x01\x00\x00", b"\x16\x03\x01\xff\xff",
                         b"\x80\x1c\x02", OLD_HELLO[:5] + b"\x00\x04" + OLD_HELLO[7:],
                         OLD_HELLO[:7] + b"\x00\x05" + OLD_HELLO[9:], OLD_HELLO[:9] + b"\x00\x0f" + OLD_HELLO[11:],
                         b"\x80\x1d" + OLD_HELLO[2:]):
            self.assertIs(self.seen(contents), False, contents)


class VersionTests(SynchronousTestCase):
    """
    Versions with ranges and operators (ACL-05).
    """

    def test_table(self):
        """
        The major number counts first; a bare one has the minor 0.
        """
        exchange = FakeExchange(contents=RECORD)
        for values, matched in (("3.1", True), ("3", False), ("3:3.1", True), ("3.2:", False), (":3.1", True), ("gt 3", True),
                                ("ge 3.2", False), ("lt 4", True), ("2.9", False), ("1 3.1", True), ("le 3.0", False)):
            self.assertEqual(holds("req_ssl_ver " + values, exchange), matched, values)

    def test_refused(self):
        """
        Each of the two numbers ends at 65535; words are no versions.
        """
        for value in ("3.65536", "70000", "x", "3.1.2", "gt", "gt 3:4"):
            self.assertRaises(AclError, compiled, "if a", "a req_ssl_ver " + value)


class PartialTests(SynchronousTestCase):
    """
    What more bytes may still change (TCP-12, TCP-14, ACL-13, ACL-28).
    """

    def verdicts(self, line, contents):
        """
        @return: the verdict while more may come, and when nothing more does.
        """
        test = compiled("if a", "a " + line, compiler=compilePartial)
        exchange = FakeExchange(contents=contents)
        return test(exchange, True), test(exchange, False)

    def test_table(self):
        """
        Only asked for partially something is undecided.
        """
        for line, contents, expected in (
            ("req_len gt 0", b"", (None, False)), ("req_len gt 0", b"x", (True, True)),
            ("req_len lt 5", b"123456", (None, False)),
            ("wait_end", b"x", (None, True)), ("req_ssl_ver 3.1", RECORD[:-1], (None, False)),
            ("req_ssl_ver 3.1", RECORD, (True, True)), ("req_ssl_ver 3.0", RECORD, (False, False)),
            ("req_ssl_ver 3.1", b"GET /", (False, False)), ("src 10.0.0.0/8", b"", (False, False)),
            ("path /", b"", (False, False)),
        ):
            self.assertEqual(self.verdicts(line, contents), expected, (line, contents))

    def test_predefined(self):
        """
        REQ_CONTENT and WAIT_END need no declaration.
        """
        test = compiled("if REQ_CONTENT WAIT_END", compiler=compilePartial)
        self.assertEqual([test(FakeExchange(contents=contents), partial) for contents, partial in (
            (b"", True), (b"x", True), (b"x", False), (b"", False))], [None, None, True, False])
        self.assertTrue(compiled("if REQ_CONTENT WAIT_END")(FakeExchange(contents=b"x")))
