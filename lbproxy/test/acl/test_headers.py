# -*- test-case-name: lbproxy.test.acl.test_headers -*-
"""
Tests for L{lbproxy.acl.headers} and L{lbproxy.acl.headervalues}.
"""

from twisted.trial.unittest import SynchronousTestCase

from lbproxy.acl.headervalues import splitValues
from lbproxy.test.acl.support import FakeExchange, FakeHead, holds


def withHeaders(*headers):
    """
    An exchange with these headers.
    """
    return FakeExchange(FakeHead(headers=headers))


class SplitTests(SynchronousTestCase):
    """
    Values of a header line (ACL-23).
    """

    def test_table(self):
        """
        Commas split but inside quotes, where a backslash protects; blanks around values go.
        """
        for line, values in (
            (b"", [b""]),
            (b" a ", [b"a"]),
            (b"a, b\t,c", [b"a", b"b", b"c"]),
            (b"a,,b", [b"a", b"", b"b"]),
            (b'a, "b, c" , d', [b"a", b'"b, c"', b"d"]),
            (b'"a\\", b", c', [b'"a\\", b"', b"c"]),
            (b'"never closed, a', [b'"never closed, a']),
        ):
            self.assertEqual(splitValues(line), values)


class HeaderTests(SynchronousTestCase):
    """
    C{hdr} criteria (ACL-23, ACL-24).
    """

    def test_anyValue(self):
        """
        Any value of any line of the header may match, whatever the case of its name.
        """
        exchange = withHeaders((b"x-a", b"one, two"), (b"x-b", b"other"), (b"x-a", b"three"))
        for line, matched in (
            ("hdr(X-A) two", True),
            ("hdr(x-a) three", True),
            ("hdr(x-a) other", False),
            ("hdr(x-a) one,", False),
            ("hdr other", True),
            ("hdr_beg(x-a) thr", True),
            ("hdr_end(x-a) wo", True),
            ("hdr_sub(x-a) hre", True),
            ("hdr_reg(x-a) ^t.o$", True),
            ("hdr(x-none) one", False),
            ("hdr(x-a) -i TWO", True),
        ):
            self.assertEqual(holds(line, exchange), matched, line)

    def test_dashes(self):
        """
        After a double dash, values may look like flags (ACL-03).
        """
        self.assertTrue(holds("hdr(x) -i -- -f -i", withHeaders((b"x", b"-I"))))
        self.assertFalse(holds("hdr(x) -- -f", withHeaders((b"x", b"-I"))))

    def test_domains(self):
        """
        C{hdr_dom} finds a domain in a host name.
        """
        self.assertTrue(holds("hdr_dom(host) ex.com", withHeaders((b"host", b"www.ex.com"))))
        self.assertFalse(holds("hdr_dom(host) ex.com", withHeaders((b"host", b"wwwex.com"))))

    def test_count(self):
        """
        C{hdr_cnt} counts values, not lines; none is zero.
        """
        exchange = withHeaders((b"x", b"a,b"), (b"x", b'"c,d"'))
        for line, matched in (("hdr_cnt(x) 3", True), ("hdr_cnt(x) gt 3", False), ("hdr_cnt(y) eq 0", True)):
            self.assertEqual(holds(line, exchange), matched, line)

    def test_numbers(self):
        """
        C{hdr_val} compares the leading integer of each value; one without is not compared.
        """
        for value, line, matched in (
            (b"12", "hdr_val(n) ge 10", True),
            (b"9", "hdr_val(n) ge 10", False),
            (b"-3", "hdr_val(n) lt 0", True),
            (b"+3", "hdr_val(n) 3", True),
            (b"5;q=1", "hdr_val(n) 5:7", True),
            (b"1, 6", "hdr_val(n) 5:7", True),
            (b"abc", "hdr_val(n) 0", False),
        ):
            self.assertEqual(holds(line, withHeaders((b"n", value))), matched, (value, line))

    def test_withoutRequest(self):
        """
        Without a request they are false, hence a negated one true (ACL-27).
        """
        for line in ("hdr x", "hdr(x) y", "hdr_cnt(x) 0", "hdr_val(x) 0"):
            self.assertFalse(holds(line, FakeExchange()), line)
