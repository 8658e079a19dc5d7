# -*- test-case-name: lbproxy.test.pool.test_weightmap -*-
"""
Tests for L{lbproxy.pool.weightmap}.
"""

from hypothesis import given, settings
from hypothesis import strategies as st
from twisted.trial.unittest import TestCase
from zope.interface.verify import verifyObject

from lbproxy.pool.algorithm import IAlgorithm
from lbproxy.pool.weightmap import layOut, textHash
from lbproxy.test.pool.builders import makePool, named, sequence


def slowMap(weights):
    """
    @return: the map of reference 12, word by word.
    """
    total, scores, slots = sum(weights), [0] * len(weights), []
    for _ in range(total):
        best, most = None, -1
        for index, weight in enumerate(weights):
            scores[index] += weight
            value = (scores[index] + total) // total
            if value > most:
                best, most = index, value
        scores[best] -= total
        slots.append(best)
    return slots


def keyFor(pool, label):
    """
    @return: a key that leads to that server.
    """
    return next(key for key in (b"%d" % number for number in range(10000)) if pool.choose(None, key).name == label)


class MapTests(TestCase):
    """
    The layout (LB-21).
    """

    def test_reference(self):
        """
        The example of the reference, reduced by the common divisor.
        """
        pool = makePool([10, 20, 35, 5], balance="url_param")
        self.assertEqual("".join(server.name for server in pool.algorithm.slots()), "acbcbcacbcbccd")

    @settings(max_examples=200, deadline=None, database=None)
    @given(st.lists(st.one_of(st.integers(1, 4), st.integers(1, 256)), min_size=1, max_size=12))
    def test_wordByWord(self, weights):
        """
        For any weights the map is the one of the reference.
        """
        self.assertEqual(layOut(weights), slowMap(weights))

    def test_remap(self):
        """
        Only servers that can serve are on the map, and a change of weight leaves it alone (LB-04).
        """
        pool = makePool([2, 1, 1], balance="url_param")
        names = lambda: "".join(server.name for server in pool.algorithm.slots())  # noqa: E731
        self.assertEqual(names(), "aabc")
        pool.weigh(pool.servers[1], 3)
        self.assertEqual(names(), "aabc")
        pool.markDown(pool.servers[0])
        self.assertEqual(names(), "bc")
        pool.markUp(pool.servers[0])
        self.assertEqual(names(), "aabc")

    def test_interface(self):
        """
        It is an algorithm.
        """
        verifyObject(IAlgorithm, makePool([1], balance="url_param").algorithm)


class HashTests(TestCase):
    """
    Where a key leads (LB-13, LB-30).
    """

    def test_values(self):
        """
        The hash adds signed bytes modulo 2^64.
        """
        for text, expected in [
            (b"", 0), (b"a", 97), (b"ab", 97 * 65599 + 98),
            (b"\xff", 2 ** 64 - 1), (b"\x80a", (-128 * 65599 + 97) % 2 ** 64),
            (b"abcdef", ((((97 * 65599 + 98) * 65599 + 99) * 65599 + 100) * 65599 + 101) * 65599 + 102),
        ]:
            self.assertEqual(textHash(text), expected % 2 ** 64, text)

    def test_server(self):
        """
        The hash modulo the length of the map is the slot.
        """
        pool = makePool([3, 2], balance="url_param")
        slots = pool.algorithm.slots()
        self.assertEqual(len(slots), 5)
        for key in (b"", b"joe", b"\xe9t\xe9", b"x" * 200):
            self.assertIs(pool.choose(None, key), slots[textHash(key) % 5])

    def test_saturated(self):
        """
        A key leads to its server, full or not, just failed or not (LB-22).
        """
        pool = makePool({"a": {"maxconn": 1}, "b": {"maxconn": 1}}, balance="url_param")
        key = keyFor(pool, "b")
        b = named(pool, "b")
        b.served = b.current = 1
        self.assertIs(pool.choose(b, key), b)

    def test_survivor(self):
        """
        With one server left every key leads to it, whatever the weights (LB-31).
        """
        pool = makePool([3, 2], balance="url_param")
        pool.markDown(named(pool, "b"))
        self.assertEqual({pool.choose(None, b"%d" % number).name for number in range(100)}, {"a"})


class TurnTests(TestCase):
    """
    Requests without the parameter take turns on the map (LB-13).
    """

    def test_order(self):
        """
        They follow the slots, also after the map was made again.
        """
        pool = makePool([2, 1, 1], balance="url_param")
        self.assertEqual(sequence(pool, 7), "aabcaab")
        pool.markDown(named(pool, "a"))
        self.assertEqual(sequence(pool, 4), "bcbc")

    def test_fullAndAvoided(self):
        """
        Full servers are passed over, the one to avoid is taken when there is no other, nobody when all are full.
        """
        pool = makePool({"a": {"maxconn": 1}, "b": {"maxconn": 1}, "c": {"maxconn": 1}}, balance="url_param")
        a, b, c = pool.servers
        a.current = 1
        self.assertEqual(sequence(pool, 4), "bcbc")
        self.assertEqual(sequence(pool, 2, b), "cc")
        c.current = 1
        self.assertEqual(sequence(pool, 2, b), "bb")
        b.current = 1
        self.assertEqual(sequence(pool, 2, b), "--")

    def test_nobody(self):
        """
        Without usable server there is no choice, with or without key.
        """
        pool = makePool([1], balance="url_param")
        pool.markDown(pool.servers[0])
        self.assertIs(pool.choose(), None)
        self.assertIs(pool.choose(None, b"x"), None)
