"""
Tests for L{lbproxy.session.firstmatch}.
"""

from twisted.trial.unittest import TestCase

from lbproxy.session.firstmatch import firstMatch


class Exchange:
    """
    A request head, and something else that conditions may look at.
    """

    def __init__(self, raw, other=False):
        self.request = self
        self.raw = raw
        self.other = other


class FirstMatchTests(TestCase):
    """
    The first rule whose condition holds decides.
    """

    def setUp(self):
        self.asked = []

    def rules(self, *kinds):
        """
        @param kinds: a letter that must be in the head (a pure condition), or C{"?"} for one that looks elsewhere.
        @return: the callable for such rules, whose values are their positions.
        """
        def condition(kind):
            def holds(exchange):
                self.asked.append(kind)
                return exchange.other if kind == "?" else kind.encode() in exchange.raw
            return holds

        return firstMatch([(condition(kind), kind != "?", index) for index, kind in enumerate(kinds)])

    def test_order(self):
        """
        It is the first one, whether heads are new or known, and whatever else a condition looks at.
        """
        find = self.rules("a", "?", "b", "?", "c")
        for _ in range(2):
            for raw, other, expected in ((b"abc", True, 0), (b"abc", False, 0), (b"bc", True, 1), (b"bc", False, 2),
                                         (b"c", False, 4), (b"c", True, 1), (b"x", False, None), (b"x", True, 1)):
                self.assertEqual(find(Exchange(raw, other)), expected, (raw, other))

    def test_onceForAHead(self):
        """
        Of a known head only the conditions that look elsewhere are evaluated again.
        """
        find = self.rules("a", "b", "?", "c", "d")
        self.assertEqual(find(Exchange(b"cd")), 3)
        self.assertEqual(self.asked, ["a", "b", "c", "?"])
        del self.asked[:]
        self.assertEqual(find(Exchange(b"cd")), 3)
        self.assertEqual(self.asked, ["?"])

    def test_nothingPure(self):
        """
        Without pure conditions nothing is remembered; without rules nothing is found.
        """
        find = self.rules("?", "?")
        self.assertEqual([find(Exchange(b"x", other)) for other in (True, False, True)], [0, None, 0])
        self.assertIsNone(firstMatch([])(Exchange(b"x")))

    def test_bounded(self):
        """
        Remembering has a bound, and forgetting changes nothing.
        """
        find = self.rules("1", "2")
        for _ in range(2):
            for number in range(3000):
                text = b"%d" % number
                expected = 0 if b"1" in text else 1 if b"2" in text else None
                self.assertEqual(find(Exchange(text)), expected)
