# -*- test-case-name: lbproxy.test.http.test_cookies -*-
"""
Tests for L{lbproxy.http.cookies} and L{lbproxy.http.cookiegrammar}.
"""

import time

from twisted.trial import unittest

from lbproxy.config.model import AppSession, Capture
from lbproxy.http import HOP_STRIP, RequestCookies
from lbproxy.http.cookiegrammar import crumbs
from lbproxy.test.http.tables import request


def sent(*values):
    """
    @return: head of a request with a Cookie line for each of C{values}, other lines around them.
    """
    lines = b"".join(b"Cookie: %s\r\nX: 1\r\n" % (value,) for value in values)
    return request(b"GET / HTTP/1.1\r\nHost: www\r\n" + lines + b"Connection: close\r\n\r\n")


def cookieValues(head):
    """
    @return: the values of the Cookie lines that the server gets, having checked that all else is there.
    """
    out = head.forward(HOP_STRIP).split(b"\r\n")
    assert out[:2] == [b"GET / HTTP/1.1", b"Host: www"] and out[-2:] == [b"", b""], out
    assert b"Connection: close" not in out, out
    return [line[8:] for line in out if line.startswith(b"Cookie: ")]


class ReadTests(unittest.SynchronousTestCase):
    """
    CKI-02, CKI-17: the value of a cookie.
    """

    def test_values(self):
        """
        Separators are C{;} and C{,}; a value ends at a blank or separator; C{$} attributes are no cookies; names are exact.
        """
        for line, value in (
            (b"S=v", b"v"),
            (b"a=1; S=v; b=2", b"v"),
            (b"a=1;S=v;b=2", b"v"),
            (b"a=1,S=v,b=2", b"v"),
            (b"a=1 ; S=v ; b=2", b"v"),
            (b"S=v w; b=2", b"v"),
            (b"S=v\tw", b"v"),
            (b"S=one; S=two", b"one"),
            (b"$Version=1; S=v; $Path=/", b"v"),
            (b'$Version="1"; S="v"; $Path="/", b="c"', b"v"),
            (b"$S=1; $S=2", None),
            (b"s=v", None),
            (b"SS=v; xS=w", None),
            (b"S", None),
            (b"S; S=v", b"v"),
            (b"S=", b""),
            (b"S=; S=v", b""),
            (b"S = v", b"v"),
            (b"S=a=b", b"a=b"),
            (b"a; S=v", b"v"),
            (b'a="S=w; x"; S=v', b"v"),
            (b'a="S=w, x" , S=v', b"v"),
            (b'a="\\"; S=w"; S=v', b"v"),
            (b'a="x; S=v', b"v"),
            (b'a="x; S=v; b="y"', b"v"),
            (b'S="a b"', b"a b"),
            (b'S="a b', b'"a'),
            (b'S=""', b""),
            (b";;, S=v", b"v"),
            (b"=S; S=v", b"v"),
            (b"", None),
            (b";", None),
            (b"S~=v", None),
        ):
            found = RequestCookies(b"S").read(sent(line))
            self.assertEqual(found.value, value, line)
            self.assertIs(found.head, found.source)

    def test_lines(self):
        """
        The cookie may stand in any of several lines; the name of the line has any case.
        """
        self.assertEqual(RequestCookies(b"S").read(sent(b"a=1", b"S=v", b"S=w")).value, b"v")
        head = request(b"GET / HTTP/1.1\r\ncOOKIE:S=v\r\n\r\n")
        self.assertEqual(RequestCookies(b"S").read(head).value, b"v")
        head = request(b"GET / HTTP/1.1\r\nX-Cookie: S=v\r\nCookies: S=v\r\nSet-Cookie: S=v\r\n\r\n")
        self.assertIsNone(RequestCookies(b"S").read(head).value)

    def test_nothingWanted(self):
        """
        Without any wish nothing is found and nothing changes.
        """
        head = sent(b"S=v")
        found = RequestCookies().read(head)
        self.assertEqual((found.value, found.captured, found.session), (None, None, None))
        self.assertIs(found.head, head)


class RemoveTests(unittest.SynchronousTestCase):
    """
    CKI-07: the server does not see the persistence cookie.
    """

    def test_positions(self):
        """
        The cookie goes with the separator before it; other cookies stay byte for byte.
        """
        for line, rest in (
            (b"S=v; b=1", b"b=1"),
            (b"a=1; S=v; b=1", b"a=1; b=1"),
            (b"a=1; b=1; S=v", b"a=1; b=1"),
            (b"a=1;S=v;b=1", b"a=1;b=1"),
            (b"a=1 ,S=v ,  b=1", b"a=1 ,  b=1"),
            (b"S=v; S=w; b=1; S=x", b"b=1"),
            (b"a=1; S=v; S=w; b=1", b"a=1; b=1"),
            (b"S; S=v", b"S"),
            (b"S=; b", b"b"),
            (b"S=v junk; b=1", b"b=1"),
            (b'a="S=w; x"; S="v; y"; b="c, d"', b'a="S=w; x"; b="c, d"'),
            (b'a="x; S=v; b="y"', b'a="x; b="y"'),
            (b"$Version=1; S=v; $Path=/; b=1; $Path=/x", b"$Version=1; b=1; $Path=/x"),
            (b"$Version=1; a=1; $Path=/x; S=v; $Path=/; $Domain=d", b"$Version=1; a=1; $Path=/x"),
            (b"=x; S=v", b"=x"),
        ):
            found = RequestCookies(b"S", "remove").read(sent(line))
            self.assertEqual(cookieValues(found.head), [rest], line)
            self.assertEqual(cookieValues(found.source), [line])

    def test_alone(self):
        """
        A line without another cookie goes altogether.
        """
        for line in (b"S=v", b"S=v; S=w", b"S=v;", b" ;S=v; ;", b"$Version=1; S=v; $Path=/", b'S="a; b"', b"S="):
            found = RequestCookies(b"S", "remove").read(sent(line, b"a=1", b"S=x"))
            self.assertEqual(cookieValues(found.head), [b"a=1"], line)
            self.assertEqual(len(found.head.values(b"x")), 3)

    def test_absent(self):
        """
        Without such a cookie the head is the very same, odd separators included.
        """
        for line in (b"a=1; ;; b=2,", b"$S=v", b"s=v", b""):
            head = sent(line)
            self.assertIs(RequestCookies(b"S", "remove").read(head).head, head)

    def test_meaning(self):
        """
        What the head means otherwise stays: body, connection, size.
        """
        head = request(b"POST /x HTTP/1.1\r\nCookie: S=v\r\nConnection: close, y\r\nY: 1\r\nContent-Length: 3\r\n\r\n")
        other = RequestCookies(b"S", "remove").read(head).head
        self.assertEqual(other.forward(HOP_STRIP), b"POST /x HTTP/1.1\r\nContent-Length: 3\r\n\r\n")
        for name in ("line", "method", "uri", "minor", "size", "body", "length", "keepAlive", "upgrade", "expectContinue"):
            self.assertEqual(getattr(other, name), getattr(head, name), name)


class StripTests(unittest.SynchronousTestCase):
    """
    CKI-11: the server's own part of the application's cookie.
    """

    def test_values(self):
        """
        Designates by what stands before the first C{~}, and sends on what stands behind it.
        """
        for line, value, rest in (
            (b"A=one~abc", b"one", b"A=abc"),
            (b"x=1; A=one~abc; y=2", b"one", b"x=1; A=abc; y=2"),
            (b"A=one~a~b", b"one", b"A=a~b"),
            (b"A=~abc", b"", b"A=abc"),
            (b"A=one~", b"one", b"A="),
            (b'A="one~a b"', b"one", b'A="a b"'),
            (b"A=one~a; A=two~b", b"one", b"A=a; A=b"),
            (b"A=abc; A=two~b", b"abc", b"A=abc; A=b"),
            (b"A = one~a", b"one", b"A = a"),
        ):
            found = RequestCookies(b"A", "strip").read(sent(line))
            self.assertEqual((found.value, cookieValues(found.head)), (value, [rest]), line)

    def test_whole(self):
        """
        A value without C{~} is compared whole and sent on unchanged.
        """
        for line, value in ((b"A=abc", b"abc"), (b"A=abc; b=x~y", b"abc"), (b"b=x~y", None), (b"A=a x~y", b"a")):
            head = sent(line)
            found = RequestCookies(b"A", "strip").read(head)
            self.assertEqual(found.value, value)
            self.assertIs(found.head, head)


class ForLogsTests(unittest.SynchronousTestCase):
    """
    LOG-17: cookies in logs; CKI-19: sessions of applications.
    """

    def test_captured(self):
        """
        The first cookie whose C{name=value} begins with the text, cut.
        """
        for line, text, length, captured in (
            (b"a=1; sid=abcdef; sid=x", b"sid=", 32, b"sid=abcdef"),
            (b"a=1; sidx=1; sid=2", b"sid", 32, b"sidx=1"),
            (b"a=1; sidx=1; sid=2", b"sid=", 32, b"sid=2"),
            (b"sid=abcdef", b"sid=", 6, b"sid=ab"),
            (b"sid=abcdef", b"sid=ab", 32, b"sid=abcdef"),
            (b"$sid=1; Sid=2", b"sid", 32, None),
            (b"sid", b"sid", 32, None),
            (b"sid=", b"sid", 32, b"sid="),
            (b'sid="a b"; x', b"sid", 32, b'sid="a b"'),
            (b"sid=a b", b"sid", 32, b"sid=a"),
        ):
            found = RequestCookies(capture=Capture(text, length)).read(sent(b"q=1", line))
            self.assertEqual(found.captured, captured, (line, text))

    def test_captureOfRemoved(self):
        """
        The log tells of a cookie that the server does not see, as it came.
        """
        found = RequestCookies(b"S", "remove", Capture(b"S=", 32)).read(sent(b"S=v"))
        self.assertEqual((found.captured, cookieValues(found.head)), (b"S=v", []))
        self.assertEqual(RequestCookies(b"S", "strip", Capture(b"S=", 32)).read(sent(b"S=v~w")).captured, b"S=v~w")

    def test_session(self):
        """
        The first characters of the application's cookie; an empty one identifies nobody.
        """
        for line, session in ((b"J=abcdef", b"abcd"), (b"J=ab", b"ab"), (b"a=1; J=x; J=y", b"x"), (b"J=", None),
                              (b"J=; J=y", b"y"), (b"j=abc", None), (b"JJ=a", None)):
            self.assertEqual(RequestCookies(session=AppSession(b"J", 4)).read(sent(line)).session, session, line)

    def test_together(self):
        """
        One reading serves all wishes, of the same cookie too.
        """
        cookies = RequestCookies(b"J", "strip", Capture(b"J", 5), AppSession(b"J", 3))
        found = cookies.read(sent(b"J=s1~abc"))
        self.assertEqual((found.value, found.captured, found.session), (b"s1", b"J=s1~", b"s1~"))
        self.assertEqual(cookieValues(found.head), [b"J=abc"])


class GrammarTests(unittest.SynchronousTestCase):
    """
    The division of a line.
    """

    def test_covers(self):
        """
        Parts cover the line without gap or overlap.
        """
        for text in (b"", b";", b"a", b"a=1; b=2", b'a="x;y", b', b" ; ,, x = y z ", b'"a;b"=c'):
            found = crumbs(text)
            self.assertEqual(b"".join(text[crumb.begin:crumb.end] for crumb in found), text)

    def test_linear(self):
        """
        PRF-19: no line of the largest size takes long, whatever is in it.
        """
        for text in (b'="' * 4000, b'a="\\";' * 1400, b" " * 8000, b'="\\' * 2700, b'a="' + b"\\a" * 4000, b"=," * 4000,
                     b'=" ' * 2700, b"a " * 4000, b'="" x' * 1600):
            begin = time.perf_counter()
            crumbs(text)
            self.assertLess(time.perf_counter() - begin, 0.2, text[:20])
