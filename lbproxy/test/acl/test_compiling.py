# -*- test-case-name: lbproxy.test.acl.test_compiling -*-
"""
Tests for L{lbproxy.acl.compiling}.
"""

from itertools import product

from hypothesis import given, settings
from hypothesis import strategies as some
from twisted.trial.unittest import SynchronousTestCase

from lbproxy.acl import AclError, Criterion, compilePartial, register
from lbproxy.acl import compile as compileCondition
from lbproxy.acl.predefined import PREDEFINED
from lbproxy.acl.registry import CRITERIA
from lbproxy.test.acl.support import FakeExchange, FakeHead, compiled


def about(text):
    """
    An exchange whose path is this text.
    """
    return FakeExchange(FakeHead(text, path=text))


ACLS = ("a path_sub A", "b path_sub B", "c path_sub C")


class ConditionTests(SynchronousTestCase):
    """
    Conditions (ACL-01, ACL-10, ACL-11, ACL-29).
    """

    def test_truthTables(self):
        """
        Blanks are AND, bars are OR, marks negate, C{unless} inverts the verdict.
        """
        for condition, truth in (
            ("if a", lambda a, b, c: a),
            ("if !a", lambda a, b, c: not a),
            ("if a b", lambda a, b, c: a and b),
            ("if a b c", lambda a, b, c: a and b and c),
            ("if a || b", lambda a, b, c: a or b),
            ("if a or b or c", lambda a, b, c: a or b or c),
            ("if a b or c !a", lambda a, b, c: (a and b) or (c and not a)),
            ("if !a !b !c || a c", lambda a, b, c: not (a or b or c) or (a and c)),
            ("unless a b", lambda a, b, c: not (a and b)),
            ("unless a or b", lambda a, b, c: not (a or b)),
        ):
            test = compiled(condition, *ACLS)
            for letters in product((b"A", b""), (b"B", b""), (b"C", b"")):
                expected = truth(*(bool(letter) for letter in letters))
                self.assertEqual(bool(test(about(b"/" + b"".join(letters)))), expected, (condition, letters))

    def test_severalLines(self):
        """
        Lines with one name are alternatives.
        """
        test = compiled("if a", "a path_beg /1", "a path_beg /2", "b path_beg /4", "a path_beg /3")
        self.assertEqual([bool(test(about(b"/%d" % (n,)))) for n in range(1, 5)], [True, True, True, False])

    def test_shortCircuit(self):
        """
        Evaluation stops at the first false term of a group and at the first true group.
        """
        for condition, asked in (("if FALSE a", 0), ("if TRUE or a", 0), ("if a FALSE b", 1), ("if a or b", 2)):
            exchange = about(b"/A/B" if asked < 2 else b"/B")
            self.assertEqual(compiled(condition, *ACLS)(exchange), asked == 2 or condition == "if TRUE or a")
            self.assertEqual(exchange.request.asked, asked, condition)

    def test_unused(self):
        """
        ACLs that the condition does not name are not even compiled (ACL-30).
        """
        self.assertTrue(compiled("if TRUE", "x nosuch y")(about(b"/")))


class NameTests(SynchronousTestCase):
    """
    Names (ACL-02, ACL-12).
    """

    def test_predefined(self):
        """
        Predefined names mean what the reference says.
        """
        post = FakeHead(b"http://x/", b"POST", b"HTTP/1.0", [(b"content-length", b"5")])
        for name, exchange, expected in (
            ("TRUE", about(b"/"), True),
            ("FALSE", about(b"/"), False),
            ("LOCALHOST", FakeExchange(sourceHost="127.9.9.9"), True),
            ("LOCALHOST", FakeExchange(sourceHost="10.0.0.1"), False),
            ("HTTP_1.0", FakeExchange(post), True),
            ("HTTP_1.1", FakeExchange(post), False),
            ("METH_GET", FakeExchange(FakeHead(method=b"HEAD")), True),
            ("METH_HEAD", FakeExchange(FakeHead(method=b"GET")), False),
            ("METH_POST", FakeExchange(post), True),
            ("HTTP_URL_ABS", FakeExchange(post), True),
            ("HTTP_URL_ABS", about(b"/a://"), False),
            ("HTTP_URL_SLASH", about(b"/a"), True),
            ("HTTP_URL_STAR", about(b"*"), True),
            ("HTTP_CONTENT", FakeExchange(post), True),
            ("HTTP_CONTENT", about(b"/"), False),
        ):
            self.assertEqual(bool(compiled("if " + name)(exchange)), expected, name)

    def test_allCompile(self):
        """
        Every predefined name can be used without declaration, and gives a verdict when there is no request.
        """
        self.assertEqual(len(PREDEFINED), 17)
        for name in PREDEFINED:
            self.assertIn(compiled("if " + name)(FakeExchange()), (True, False), name)

    def test_override(self):
        """
        A declaration replaces the predefined name.
        """
        test = compiled("if METH_GET", "METH_GET method POST")
        self.assertFalse(test(FakeExchange(FakeHead(method=b"GET"))))
        self.assertTrue(test(FakeExchange(FakeHead(method=b"POST"))))

    def test_refusals(self):
        """
        Unknown names and criteria, bad arguments and values are refused with their place and a hint.
        """
        for condition, lines, text in (
            ("if nosuch", (), "test:1:4: there is no acl 'nosuch'"),
            ("if sttaic", ("static path /",), "did you mean 'static'?"),
            ("if a", ("a pth_beg /",), "test:1:3: acl 'a': unknown criterion 'pth_beg'; did you mean 'path_beg'?"),
            ("if { nosuch }", (), "test:1:6: unknown criterion 'nosuch'"),
            ("if a", ("a hdr_cnt(x) gt z",), "test:1:17: acl 'a': 'hdr_cnt': 'z' is not a number"),
            ("if a", ("a path(x) /",), "it takes no argument in parentheses"),
            ("if a", ("a hdr() x",), "the header name is empty"),
            ("if a", ("a src nowhere",), "'nowhere' is not an IPv4 address or network"),
            ("if a", ("a path_reg (",), "bad regular expression"),
        ):
            error = self.assertRaises(AclError, compiled, condition, *lines)
            self.assertIn(text, str(error))


class PartialTests(SynchronousTestCase):
    """
    Whole conditions with three outcomes (TCP-06, ACL-10, ACL-11, ACL-28).
    """

    def test_table(self):
        """
        What is undecided survives negation and C{unless}; false decides a group, true decides the condition; once nothing
        more can come, everything is decided.
        """
        exchange = FakeExchange(contents=b"abc", sourceHost="10.0.0.1")
        for condition, early, late in (
            ("if a", None, False), ("if !a", None, True), ("if ! !a", None, False),
            ("unless a", None, True), ("unless !a", None, False),
            ("if a FALSE", False, False), ("if FALSE a", False, False), ("if a TRUE", None, False),
            ("if a or TRUE", True, True), ("if TRUE or a", True, True), ("if a or FALSE", None, False),
            ("unless a FALSE", True, True), ("unless a or TRUE", False, False),
            ("if WAIT_END", None, True), ("if !WAIT_END", None, False), ("if inside WAIT_END", None, True),
            ("if inside !a", None, True), ("if { req_len gt 2 }", True, True), ("if !{ req_len gt 5 }", None, True),
            ("if either", True, True), ("if !either", False, False), ("if METH_GET", False, False),
            ("if !METH_GET", True, True),
        ):
            test = compiled(condition, "a req_len gt 5", "inside src 10.0.0.0/8", "either req_len gt 5",
                            "either src 10.0.0.1", compiler=compilePartial)
            self.assertIs(test(exchange, True), early, condition)
            self.assertIs(test(exchange, False), late, condition)

    @settings(max_examples=150, deadline=None, derandomize=True, database=None)
    @given(some.lists(some.lists(some.sampled_from(("TRUE", "FALSE", "WAIT_END", "more", "enough", "!TRUE", "!FALSE",
                                                    "!WAIT_END", "!more", "!enough")), min_size=1, max_size=4),
                      min_size=1, max_size=4), some.sampled_from(("if", "unless")))
    def test_agreesWithPlain(self, groups, polarity):
        """
        A verdict that is given early never changes, and the last one is that of the ordinary condition, which knows no
        undecided.
        """
        condition = "%s %s" % (polarity, " or ".join(" ".join(group) for group in groups))
        lines = ("more req_len gt 5", "enough req_len gt 1")
        partial, plain = compiled(condition, *lines, compiler=compilePartial), compiled(condition, *lines)
        now, later = FakeExchange(contents=b"abc"), FakeExchange(contents=b"abcdefgh")
        for exchange in (now, later):
            self.assertIs(partial(exchange, False), bool(plain(exchange)), condition)
        early = partial(now, True)
        if early is not None:
            for exchange in (now, later):
                self.assertIs(partial(exchange, True), early, condition)
                self.assertIs(partial(exchange, False), early, condition)


class Watch:
    """
    Notes what it is told.
    """

    def __init__(self):
        self.seen = []

    def tested(self, term, criterion, value, verdict):
        """
        One evaluated test.
        """
        self.seen.append((term.name, criterion, value, verdict))


class WatchTests(SynchronousTestCase):
    """
    Conditions that tell what they saw (DESIGN 10).
    """

    def watched(self, condition, exchange, *acls):
        """
        @return: the verdict, and what was told.
        """
        watch = Watch()

        def compiler(parsed, proxy, resolve):
            return compileCondition(parsed, proxy, resolve, watch)

        verdict = compiled(condition, *acls, compiler=compiler)(exchange)
        self.assertEqual(bool(compiled(condition, *acls)(exchange)), bool(verdict), condition)
        return bool(verdict), watch.seen

    def test_told(self):
        """
        Each evaluated line is told with its criterion, what it saw in a readable form, and its own verdict; those that
        evaluation never came to are not.
        """
        exchange = FakeExchange(FakeHead(headers=[(b"host", b"a, b")], path=b"/x"), sourceHost="10.0.0.1",
                                contents=b"\x16\x03\x01\x00\x01x")
        host = ("h", "hdr(host)", [b"a", b"b"], True)
        for condition, expected in (
            ("if h", (True, [host])),
            ("if !h", (False, [host])),
            ("if { hdr(none) x }", (False, [("", "hdr(none)", [], False)])),
            ("if { shdr_cnt(x) 0 }", (False, [("", "shdr_cnt(x)", None, False)])),
            ("if { src 10.0.0.0/8 }", (True, [("", "src", "10.0.0.1", True)])),
            ("if { req_ssl_ver 3.1 }", (True, [("", "req_ssl_ver", "3.1", True)])),
            ("if TRUE", (True, [("TRUE", "always_true", True, True)])),
            ("if two", (True, [("two", "path", b"/x", False), ("two", "path_beg", b"/x", True)])),
            ("if FALSE h", (False, [("FALSE", "always_false", False, False)])),
            ("if TRUE or h", (True, [("TRUE", "always_true", True, True)])),
            ("unless h", (False, [host])),
        ):
            self.assertEqual(self.watched(condition, exchange, "h hdr(host) b", "two path /y", "two path_beg /"), expected,
                             condition)


class PluginTests(SynchronousTestCase):
    """
    Criteria of plugins.
    """

    def test_register(self):
        """
        A registered criterion is used like any other; its name is taken then.
        """
        criterion = Criterion("test_odd", 0, lambda argument: lambda exchange: exchange.odd == argument)
        register(criterion)
        self.addCleanup(CRITERIA.pop, "test_odd")
        exchange = FakeExchange()
        exchange.odd = "yes"
        self.assertTrue(compiled("if a", "a test_odd(yes)")(exchange))
        self.assertRaises(ValueError, register, criterion)
