# -*- test-case-name: lbproxy.test.http.test_fuzzcookies -*-
"""
Odd cookies: nothing that browsers send is an error, and editing one cookie leaves the others alone.
"""

from hypothesis import given
from hypothesis import strategies as st
from twisted.trial import unittest

from lbproxy.config.model import AppSession, Capture, Cookie
from lbproxy.http import RequestCookies, ResponseCookies
from lbproxy.http.cookiegrammar import crumbs
from lbproxy.test.http.test_cookies import sent
from lbproxy.test.http.test_fuzz import STEADY
from lbproxy.test.http.test_setcookies import served

#: Lines made of what matters in them.
_odd = st.lists(st.sampled_from([
    b"S", b"SS", b"a", b"=", b";", b",", b" ", b"\t", b'"', b"\\", b"$", b"~", b"$Path=/", b"S=v", b"S=one~v", b"; ", b'"v"',
    b"\xff"]), max_size=14).map(b"".join).map(bytes.strip)

_value = st.text("abcXYZ019._~-", min_size=1, max_size=8).map(str.encode)
_quoted = st.text("ab;, =~S", max_size=8).map(lambda text: b'"%s"' % (text.encode(),))
#: Proper cookies: C{(name, value)}.
_proper = st.lists(st.tuples(st.sampled_from([b"S", b"s", b"SS", b"a", b"b", b"sid"]), st.one_of(_value, _quoted)),
                   min_size=1, max_size=6)
_separator = st.sampled_from([b"; ", b";", b", ", b" ; "])


class RequestTests(unittest.SynchronousTestCase):
    """
    Cookies of requests.
    """

    @STEADY
    @given(st.lists(_odd, max_size=3), st.sampled_from(["keep", "remove", "strip"]))
    def test_odd(self, values, mode):
        """
        Never an error, nothing but Cookie lines changes, no line grows, and none is invented.
        """
        head = sent(*values)
        cookies = RequestCookies(b"S", mode, Capture(b"S", 4), AppSession(b"S", 3))
        found = cookies.read(head)
        lines = found.head.headers()
        self.assertEqual([line for line in lines if line[0] != b"cookie"],
                         [line for line in head.headers() if line[0] != b"cookie"])
        self.assertLessEqual(len(found.head.raw), len(head.raw))
        if mode == "keep" or found.value is None:
            self.assertIs(found.head, head)
        if mode == "remove":
            self.assertIs(cookies.read(found.head).head, found.head)
            self.assertIsNone(cookies.read(found.head).value)
        for cut, most in ((found.captured, 4), (found.session, 3)):
            self.assertLessEqual(len(cut or b""), most)

    @STEADY
    @given(_proper, _separator, st.integers(0, 5))
    def test_remove(self, cookies, separator, alone):
        """
        Of proper cookies, those of the name go and the others stay, in order and byte for byte.
        """
        texts = [b"%s=%s" % cookie for cookie in cookies]
        lines = [separator.join(texts)] + [b"S=%d" % (number,) for number in range(alone)]
        found = RequestCookies(b"S", "remove").read(sent(*lines))
        kept = [text for text in texts if not text.startswith(b"S=")]
        expected = [separator.join(kept)] if kept else []
        self.assertEqual(found.head.values(b"cookie"), expected)
        wanted = [text[2:] for text in texts if text.startswith(b"S=")] + ([b"0"] if alone else [])
        self.assertEqual(found.value, wanted[0].strip(b'"') if wanted else None)

    @STEADY
    @given(_proper, _separator)
    def test_strip(self, cookies, separator):
        """
        Of proper cookies, those of the name lose what stands before their tilde, the others stay byte for byte.
        """
        head = sent(separator.join(b"%s=%s" % cookie for cookie in cookies))
        found = RequestCookies(b"S", "strip").read(head)
        expected = []
        for name, value in cookies:
            if name == b"S" and b"~" in value:
                value = b'"' * value.startswith(b'"') + value.partition(b"~")[2]
            expected.append(b"%s=%s" % (name, value))
        self.assertEqual(found.head.values(b"cookie"), [separator.join(expected)])

    @STEADY
    @given(_odd)
    def test_grammar(self, text):
        """
        The parts of any line cover it exactly; names and values lie in their part, in this order.
        """
        found = crumbs(text)
        self.assertEqual(b"".join(text[crumb.begin:crumb.end] for crumb in found), text)
        for crumb in found:
            places = [crumb.begin, crumb.name, crumb.nameEnd, *(crumb.value or ()), crumb.textEnd, crumb.end]
            self.assertEqual(places, sorted(places))


class ResponseTests(unittest.SynchronousTestCase):
    """
    Cookies of responses.
    """

    @STEADY
    @given(st.lists(_odd, max_size=3), st.sampled_from(["insert", "rewrite", "prefix", None]), st.booleans())
    def test_odd(self, values, mode, direct):
        """
        Never an error, and lines that do not set the cookie are left alone.
        """
        head = served(*values)
        cookies = ResponseCookies(Cookie(b"S", mode, direct), Capture(b"S", 4), AppSession(b"S", 3))
        found = cookies.treat(head, b"one", direct, True)
        self.assertEqual(found.present, bool(values))
        before, after = head.values(b"set-cookie"), found.head.values(b"set-cookie")
        self.assertEqual(found.head.values(b"x"), head.values(b"x"))
        others = [line for line in before if not line.lstrip(b" \t").startswith(b"S")]
        self.assertEqual([line for line in after if not line.lstrip(b" \t").startswith(b"S")], others)
        if found.flag in "NP":
            self.assertIs(found.head, head)
        if found.flag == "D":
            self.assertEqual(cookies.treat(found.head, b"one", direct, True).flag, "N")
        if found.flag == "R":
            self.assertEqual(len(after), len(before))

    @STEADY
    @given(st.one_of(_value, _quoted), st.sampled_from([b"", b"; path=/", b" ; Path=/; HttpOnly"]), _value)
    def test_prefixComesBack(self, value, attributes, server):
        """
        CKI-11: what prefix mode sends to the client, and gets back from it, reaches the application as it was set.
        """
        server = server.replace(b"~", b"-")
        reader = ResponseCookies(Cookie(b"S", "prefix"))
        given, = reader.treat(served(b"S=" + value + attributes), server, False, True).head.values(b"set-cookie")
        self.assertTrue(given.endswith(attributes))
        back = given[:len(given) - len(attributes)]
        found = RequestCookies(b"S", "strip").read(sent(b"a=1; " + back + b"; b=2"))
        self.assertEqual(found.value, server)
        self.assertEqual(found.head.values(b"cookie"), [b"a=1; S=" + value + b"; b=2"])
