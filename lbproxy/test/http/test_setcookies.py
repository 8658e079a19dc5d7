# -*- test-case-name: lbproxy.test.http.test_setcookies -*-
"""
Tests for L{lbproxy.http.setcookies}.
"""

from twisted.trial import unittest

from lbproxy.config.model import AppSession, Capture, Cookie
from lbproxy.http import HOP_STRIP, ResponseCookies, insertedLine
from lbproxy.test.http.tables import response


def served(*values):
    """
    @return: head of a response with a Set-Cookie line for each of C{values}.
    """
    lines = b"".join(b"Set-Cookie: %s\r\nX: 1\r\n" % (value,) for value in values)
    return response(b"HTTP/1.1 200 OK\r\n" + lines + b"Connection: close\r\nContent-Length: 2\r\n\r\n")


def cookieValues(head):
    """
    @return: the values of the Set-Cookie lines that the client gets.
    """
    out = head.forward(HOP_STRIP)
    assert out.endswith(b"Content-Length: 2\r\n\r\n") and b"Connection" not in out, out
    return [line[12:] for line in out.split(b"\r\n") if line.startswith(b"Set-Cookie: ")]


class InsertedLineTests(unittest.SynchronousTestCase):
    """
    CKI-06, CKI-12, CKI-13, reference 15: the line that is added.
    """

    def test_bytes(self):
        """
        Name, value, path, domain; a server without value makes the client forget the cookie.
        """
        plain, domain = Cookie(b"SRV", "insert"), Cookie(b"SRV", "insert", domain=b".x.com")
        self.assertEqual(insertedLine(plain, b"one"), b"Set-Cookie: SRV=one; path=/\r\n")
        self.assertEqual(insertedLine(domain, b"one"), b"Set-Cookie: SRV=one; path=/; domain=.x.com\r\n")
        self.assertEqual(insertedLine(plain, None),
                         b"Set-Cookie: SRV=; Expires=Thu, 01-Jan-1970 00:00:01 GMT; path=/\r\n")
        self.assertEqual(insertedLine(domain, None),
                         b"Set-Cookie: SRV=; Expires=Thu, 01-Jan-1970 00:00:01 GMT; path=/; domain=.x.com\r\n")


class TreatTests(unittest.SynchronousTestCase):
    """
    Reference 15: a cookie of the configured name that the server sets.
    """

    APP = b"S=app; path=/x; HttpOnly"

    def treat(self, cookie, values=(APP,), value=b"one", direct=False, known=True):
        """
        @return: C{(flag, Set-Cookie values)}, having checked that a head that stays is the same.
        """
        head = served(*values)
        found = ResponseCookies(cookie).treat(head, value, direct, known)
        self.assertEqual(found.present, bool(values))
        self.assertEqual(found.head is head, found.flag in "NP")
        self.assertEqual(cookieValues(head), list(values))
        return found.flag, cookieValues(found.head)

    def test_modes(self):
        """
        Each row of the table.
        """
        for mode, indirect, direct, known, value, flag, rest in (
            ("insert", False, False, True, b"one", "D", []),
            ("insert", False, True, True, b"one", "D", []),
            ("insert", True, True, True, b"one", "D", []),
            ("insert", False, False, True, None, "D", []),
            ("insert", False, False, False, None, "P", [self.APP]),
            ("rewrite", False, False, True, b"one", "R", [b"S=one; path=/x; HttpOnly"]),
            ("rewrite", False, False, True, None, "P", [self.APP]),
            ("prefix", False, False, True, b"one", "R", [b"S=one~app; path=/x; HttpOnly"]),
            ("prefix", False, True, True, b"one", "R", [b"S=one~app; path=/x; HttpOnly"]),
            ("prefix", False, False, True, None, "P", [self.APP]),
            ("prefix", True, True, True, b"one", "D", []),
            ("prefix", True, False, True, b"one", "R", [b"S=one~app; path=/x; HttpOnly"]),
            (None, False, False, True, b"one", "P", [self.APP]),
            (None, True, True, True, b"one", "D", []),
            (None, True, False, True, b"one", "P", [self.APP]),
        ):
            self.assertEqual(self.treat(Cookie(b"S", mode, indirect), value=value, direct=direct, known=known),
                             (flag, rest), (mode, indirect, direct, known, value))

    def test_others(self):
        """
        Other cookies stay, in whatever mode; without cookies there is nothing to do.
        """
        others = (b"other=1", b"s=2", b"SS=3", b"S", b"x=1; S=attribute", b"")
        for mode in ("insert", "rewrite", "prefix", None):
            self.assertEqual(self.treat(Cookie(b"S", mode), others), ("N", list(others)))
            self.assertEqual(self.treat(Cookie(b"S", mode), ()), ("N", []))
        self.assertEqual(self.treat(None, others + (self.APP,)), ("N", list(others) + [self.APP]))

    def test_severalLines(self):
        """
        CKI-18: line by line, and only the first name of each counts.
        """
        lines = (b"other=1; S=x", b"S=a; path=/", b"third=2", b"S=b")
        self.assertEqual(self.treat(Cookie(b"S", "insert"), lines), ("D", [b"other=1; S=x", b"third=2"]))
        self.assertEqual(self.treat(Cookie(b"S", "rewrite"), lines),
                         ("R", [b"other=1; S=x", b"S=one; path=/", b"third=2", b"S=one"]))

    def test_shapes(self):
        """
        CKI-10, CKI-11: values in all their shapes; attributes stay.
        """
        for line, rewritten, prefixed in (
            (b"S=", b"S=one", b"S=one~"),
            (b"S=a;path=/", b"S=one;path=/", b"S=one~a;path=/"),
            (b"S=a ; path=/", b"S=one ; path=/", b"S=one~a ; path=/"),
            (b'S="a; b"; path=/', b'S="one"; path=/', b'S="one~a; b"; path=/'),
            (b"S=a=b", b"S=one", b"S=one~a=b"),
            (b"S=a~b", b"S=one", b"S=one~a~b"),
            (b"S = a", b"S = one", b"S = one~a"),
        ):
            self.assertEqual(self.treat(Cookie(b"S", "rewrite"), (line,)), ("R", [rewritten]))
            self.assertEqual(self.treat(Cookie(b"S", "prefix"), (line,)), ("R", [prefixed]))

    def test_inputs(self):
        """
        The same head from another server, or to another client, is treated anew.
        """
        cookies = ResponseCookies(Cookie(b"S", "prefix", indirect=True))
        head = served(b"S=a")
        for _ in range(2):
            for value, direct, expected in ((b"one", False, [b"S=one~a"]), (b"two", False, [b"S=two~a"]),
                                            (None, False, [b"S=a"]), (b"one", True, [])):
                self.assertEqual(cookieValues(cookies.treat(head, value, direct, True).head), expected)


class ForLogsTests(unittest.SynchronousTestCase):
    """
    LOG-17, CKI-19: what else is read.
    """

    def test_captured(self):
        """
        The first cookie whose C{name=value} begins with the text, cut; attributes are none.
        """
        for lines, text, length, captured in (
            ((b"a=1; sid=0", b"sid=abc; path=/", b"sid=x"), b"sid=", 32, b"sid=abc"),
            ((b"sidx=1", b"sid=2"), b"sid", 5, b"sidx="),
            ((b"Sid=1", b"sid"), b"sid", 32, None),
            ((), b"sid", 32, None),
        ):
            found = ResponseCookies(capture=Capture(text, length)).treat(served(*lines), None, False, True)
            self.assertEqual((found.captured, found.present), (captured, bool(lines)))
            self.assertIs(found.head, found.source)

    def test_capturedAsServed(self):
        """
        LOG-17: the log tells what the server set, even if the client does not get it.
        """
        cookies = ResponseCookies(Cookie(b"S", "insert"), Capture(b"S=", 32))
        self.assertEqual(cookies.treat(served(b"S=app; path=/"), b"one", False, True).captured, b"S=app")

    def test_session(self):
        """
        CKI-19: the first characters of the application's cookie are learned; of several the last one, as clients do; an
        empty one, which ends a session, teaches nothing.
        """
        for lines, session in (((b"J=abcdef; path=/",), b"abcd"), ((b"J=a", b"J=b"), b"b"), ((b"J=a", b"J="), b"a"),
                               ((b"J=",), None), ((b"j=a", b"x=1; J=2"), None)):
            found = ResponseCookies(session=AppSession(b"J", 4)).treat(served(*lines), None, False, True)
            self.assertEqual(found.session, session, lines)
