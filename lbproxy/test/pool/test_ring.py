# -*- test-case-name: lbproxy.test.pool.test_ring -*-
"""
Tests for L{lbproxy.pool.ring}, L{lbproxy.pool.line} and L{lbproxy.pool.turns}: the order is that of the reference,
whatever happens.
"""

import random

from hypothesis import given, settings
from hypothesis import strategies as st
from twisted.trial.unittest import TestCase

from lbproxy.pool.ring import Ring
from lbproxy.test.pool.builders import Waiter, makePool, sequence
from lbproxy.test.pool.model import Model

weights = st.lists(st.one_of(st.integers(1, 5), st.integers(1, 256), st.just(3)), min_size=1, max_size=7)


class Disturbance:
    """
    One pool and one L{Model}, to which the same things happen.

    @ivar check: the test.
    """

    def __init__(self, check, pool, seed):
        self.check = check
        self.pool = pool
        self.random = random.Random(seed)
        self.model = Model(pool.servers)

    def pick(self):
        """
        Choose, now and then with a server to avoid; take a slot, or wait when there is none.
        """
        chance = self.random.random()
        avoid = self.random.choice(self.pool.servers) if chance < 0.1 else None
        expected = self.model.pick(avoid) if self.pool.usableCount else None
        chosen = self.pool.choose(avoid)
        self.check.assertIs(chosen, expected)
        if chosen is not None:
            self.pool.take(chosen)
        elif self.pool.usableCount:
            self.pool.enqueue(Waiter())

    def finish(self):
        """
        A session ends somewhere.
        """
        busy = [server for server in self.pool.servers if server.served]
        if busy:
            self.pool.give(self.random.choice(busy))

    def transition(self):
        """
        A server goes down or comes up.
        """
        server = self.random.choice(self.pool.servers)
        if server.running:
            self.pool.markDown(server)
            self.model.down(server)
        else:
            self.model.up(server)
            self.pool.markUp(server)

    def reweigh(self):
        """
        A weight changes.
        """
        server = self.random.choice(self.pool.servers)
        before = server.effectiveWeight
        if server.usable:
            self.pool.weigh(server, self.random.randint(1, 16) * server.weight)
            self.model.reweigh(server, before)


class SequenceTests(TestCase):
    """
    The sequences of reference 11.
    """

    def test_reference(self):
        """
        Servers are chosen in the documented order (LB-01).
        """
        for servers, expected, count in [
            ([1, 1, 1], "abc" * 60, 180),
            ([1, 2, 3], "cbcacb" * 50, 300),
            ([5, 1, 1], "aaabaac" * 40, 280),
            ([10, 20, 35, 5], "cbcacbcdcbcabc" * 30, 420),
            ([3, 3, 2], "ababcabacbabcabacbabcaba", 24),
        ]:
            self.assertEqual(sequence(makePool(servers), count), expected, servers)

    def test_greatWeights(self):
        """
        A weight of 256 is treated as any other (LB-02).
        """
        self.assertEqual(sequence(makePool([256, 128]), 300), sequence(makePool([2, 1]), 300))
        self.assertEqual(sequence(makePool([1, 256]), 257).count("a"), 1)

    @settings(max_examples=60, deadline=None, database=None)
    @given(weights)
    def test_window(self, servers):
        """
        In any window as long as the sum of the weights each server is chosen its weight plus or minus one times
        (LB-01).
        """
        pool, total = makePool(servers), sum(servers)
        chosen = sequence(pool, 3 * total)
        for index, weight in enumerate(servers):
            count = chosen[:total].count(chr(97 + index))
            for end in range(total, len(chosen)):
                self.assertLessEqual(abs(count - weight), 1, (servers, index, end))
                count += (chosen[end] == chr(97 + index)) - (chosen[end - total] == chr(97 + index))

    def test_thousandsOfServers(self):
        """
        Four thousand servers of the greatest weight get exactly one request each in turn (LB-03).
        """
        pool = makePool([256] * 4000)
        for _ in range(3):
            self.assertEqual([pool.choose() for _ in range(4000)], list(pool.servers))

    def test_thousandsOfWeights(self):
        """
        The shares are right with thousands of servers of different great weights (LB-03).
        """
        pool = makePool([256 if index % 2 else 128 for index in range(4000)])
        counts = {}
        for _ in range(12000):
            server = pool.choose()
            counts[server] = counts.get(server, 0) + 1
        for server in pool.servers:
            self.assertLessEqual(abs(counts[server] - server.weight / 64), 1)


class DisturbedTests(TestCase):
    """
    The real ring and the word for word model stay equal.
    """

    def play(self, servers, options, seed, doings, length=300):
        """
        Let random things happen.
        """
        pool = makePool({chr(97 + index): {"weight": weight, **options} for index, weight in enumerate(servers)},
                        fullconn=10)
        both = Disturbance(self, pool, seed)
        for _ in range(length):
            getattr(both, both.random.choice(doings))()

    @settings(max_examples=60, deadline=None, database=None)
    @given(weights, st.integers(0, 2 ** 32))
    def test_transitions(self, servers, seed):
        """
        With servers going down, coming back and changing weight the order is that of the reference.
        """
        self.play(servers, {}, seed, ["pick"] * 40 + ["transition", "reweigh"])

    @settings(max_examples=60, deadline=None, database=None)
    @given(st.integers(1, 6), st.integers(0, 2 ** 32))
    def test_equalWeights(self, count, seed):
        """
        The short way for equal weights gives the same order, also over several windows and with servers to avoid.
        """
        self.play([1] * count, {}, seed, ["pick"] * 200 + ["transition"], 1000)

    @settings(max_examples=60, deadline=None, database=None)
    @given(st.integers(1, 6), st.integers(0, 2 ** 32))
    def test_equalWeightsWithLimits(self, count, seed):
        """
        The same with limits, so that servers are full now and then.
        """
        self.play([1] * count, {"maxconn": 3, "minconn": 3}, seed, ["pick"] * 10 + ["finish"] * 9, 600)

    @settings(max_examples=60, deadline=None, database=None)
    @given(weights, st.integers(0, 2 ** 32), st.sampled_from([2, 4]))
    def test_saturated(self, servers, seed, minconn):
        """
        Servers that are full keep their place for later, all being full for a while included (LB-05).
        """
        self.play(servers, {"maxconn": 4, "minconn": minconn}, seed,
                  ["pick"] * 20 + ["finish"] * 19 + ["transition", "reweigh"], 500)

    @settings(max_examples=40, deadline=None, database=None)
    @given(st.integers(1, 9))
    def test_turnsAreTheRing(self, count):
        """
        Without disturbance the short way equals the long way over many windows.
        """
        pool = makePool([2] * count)
        ring = Ring(pool, pool.servers)
        length = 3 * 32 * count + 5
        self.assertEqual(sequence(pool, length), "".join(ring.pick(None).name for _ in range(length)))


class AvoidTests(TestCase):
    """
    The server that failed is left alone.
    """

    def test_avoided(self):
        """
        Another one is chosen whatever the weights (LB-28).
        """
        pool = makePool([100, 1])
        for _ in range(50):
            self.assertEqual(pool.choose(pool.servers[0]).name, "b")

    def test_alone(self):
        """
        When there is no other it is used again.
        """
        pool = makePool([3])
        self.assertEqual(sequence(pool, 3, pool.servers[0]), "aaa")

    def test_othersFull(self):
        """
        When the others are full it is used again; when it is full too nobody is.
        """
        pool = makePool({"a": {"maxconn": 1}, "b": {"maxconn": 1}})
        a, b = pool.servers
        pool.take(b)
        self.assertEqual(sequence(pool, 2, a), "aa")
        pool.take(a)
        self.assertEqual(sequence(pool, 2, a), "--")
