# -*- test-case-name: lbproxy.test.pool.test_pool -*-
"""
Tests for L{lbproxy.pool.pool}.
"""

from twisted.internet.task import Clock
from twisted.trial.unittest import TestCase
from zope.interface.verify import verifyObject

from lbproxy.pool.algorithm import IAlgorithm
from lbproxy.test.pool.builders import Waiter, linesOf, makePool, named, sequence


class TransitionTests(TestCase):
    """
    Servers going down and coming up.
    """

    def test_counts(self):
        """
        Usable servers are counted, active and backup ones apart, and the weight in use is that of those who serve.
        """
        pool = makePool({"a": 10, "b": 5, "x": {"backup": True, "weight": 3}, "y": {"backup": True, "weight": 4}})
        seen = []
        for label in "abx":
            seen.append((pool.activeCount, pool.backupCount, pool.usableCount, pool.weightInUse(), pool.isUp()))
            pool.markDown(named(pool, label))
        self.assertEqual(seen, [(2, 2, 4, 15, True), (1, 2, 3, 5, True), (0, 2, 2, 3, True)])
        pool.markDown(named(pool, "y"))
        self.assertEqual((pool.usableCount, pool.weightInUse(), pool.isUp()), (0, 0, False))

    def test_sequence(self):
        """
        A server that went down gets nothing, one that comes back gets its share again.
        """
        pool = makePool([1, 1, 1])
        self.assertEqual(sequence(pool, 6), "abcabc")
        pool.markDown(named(pool, "b"))
        self.assertEqual(set(sequence(pool, 20)), set("ac"))
        pool.markUp(named(pool, "b"))
        chosen = sequence(pool, 300)
        self.assertTrue(all(95 <= chosen.count(label) <= 105 for label in "abc"), chosen)

    def test_log(self):
        """
        A server going down is an alert, the last one an emergency too, coming up a notice.
        """
        pool = makePool({"a": 1})
        pool.markDown(pool.servers[0])
        pool.markDown(pool.servers[0])
        pool.markUp(pool.servers[0])
        pool.markUp(pool.servers[0])
        self.assertEqual(linesOf(pool), [
            (1, "Server app/a is DOWN. 0 active and 0 backup servers left. 0 sessions active, 0 requeued,"
                " 0 remaining in queue."),
            (0, "backend app has no server available!"),
            (5, "Server app/a is UP. 1 active and 0 backup servers online. 0 sessions requeued, 0 total in queue."),
        ])

    def test_times(self):
        """
        Time down adds up in whole seconds, for the server and for a backend without any; a clock that goes back does no
        harm (CHK-19, CHK-21).
        """
        clock = Clock()
        clock.advance(100.7)
        pool = makePool([1, 1], clock)
        a, b = pool.servers
        self.assertEqual((a.lastChange, pool.lastChange), (100.7, 100.7))
        clock.advance(10)
        pool.markDown(a)
        clock.advance(5.5)
        pool.markDown(b)
        self.assertEqual((a.downTime(clock.seconds()), pool.downTime(clock.seconds())), (6, 0))
        clock.advance(4)
        pool.markUp(a)
        self.assertEqual((a.downTime(130), b.downTime(130), pool.downTime(130)), (10, 14, 4))
        self.assertEqual((a.downTransitions, b.downTransitions, pool.downTransitions), (1, 1, 1))
        self.assertAlmostEqual(pool.lastChange, 120.2)
        self.assertEqual(b.downTime(50), 0)

    def test_onDown(self):
        """
        Whoever keeps idle connections to a server hears that it went down, when nobody can get it any more.
        """
        pool = makePool([1, 1])
        heard = []
        pool.onDown.append(lambda server: heard.append((server.name, server.running, pool.choose().name)))
        pool.markDown(pool.servers[0])
        self.assertEqual(heard, [("a", False, "b")])

    def test_comingUpServes(self):
        """
        A server coming up takes waiting requests up to its limit, and says how many (QUE-09).
        """
        pool = makePool({"a": {"maxconn": 1}, "b": {"maxconn": 2}})
        a, b = pool.servers
        pool.markDown(b)
        pool.take(a)
        waiters = [Waiter(number) for number in range(3)]
        for waiter in waiters:
            pool.enqueue(waiter)
        linesOf(pool)
        pool.markUp(b)
        self.assertEqual([waiter.server for waiter in waiters], [b, b, None])
        self.assertIn("2 sessions requeued", linesOf(pool)[0][1])

    def test_unlimitedServesAll(self):
        """
        One without limit takes all of them.
        """
        pool = makePool({"a": {"maxconn": 1}, "b": {}})
        a, b = pool.servers
        pool.markDown(b)
        pool.take(a)
        for number in range(9):
            pool.enqueue(Waiter(number))
        pool.markUp(b)
        self.assertEqual((b.served, pool.waiting), (9, 0))

    def test_backupsTakeOver(self):
        """
        Requests that waited for the active servers are served by the backups when the last active one is lost.
        """
        pool = makePool({"a": {"maxconn": 1}, "x": {"backup": True, "maxconn": 1}})
        a, x = pool.servers
        pool.take(a)
        waiters = [Waiter(number) for number in range(2)]
        for waiter in waiters:
            pool.enqueue(waiter)
        pool.markDown(a)
        self.assertEqual([waiter.server for waiter in waiters], [x, None])

    def test_movedWhenAllAreGone(self):
        """
        Requests moved away from the last server find that there is none.
        """
        pool = makePool({"a": {"maxconn": 1}}, redispatch=True)
        waiter = Waiter()
        pool.take(pool.servers[0])
        pool.admit(pool.servers[0], waiter)
        found = []
        waiter.redistributed = lambda: found.append((pool.choose(), pool.usableCount))
        pool.markDown(pool.servers[0])
        self.assertEqual(found, [(None, 0)])


class ChoiceTests(TestCase):
    """
    What the pool answers.
    """

    def test_none(self):
        """
        No usable server and all saturated are told apart by the number of usable ones.
        """
        pool = makePool({"a": {"maxconn": 1}})
        pool.take(pool.servers[0])
        self.assertEqual((pool.choose(), pool.usableCount), (None, 1))
        pool.markDown(pool.servers[0])
        self.assertEqual((pool.choose(), pool.usableCount), (None, 0))

    def test_countsNothing(self):
        """
        Choosing reserves no slot and counts no selection.
        """
        pool = makePool([1])
        server = pool.choose()
        self.assertEqual((server.served, server.selected, pool.counters.selected), (0, 0, 0))

    def test_dispatch(self):
        """
        A backend without servers is up and never chooses one (LB-27).
        """
        pool = makePool([], dispatch=("10.0.0.1", 80))
        self.assertEqual((pool.choose(), pool.usableCount, pool.isUp(), pool.downTime(99)), (None, 0, True, 0))

    def test_interface(self):
        """
        Round robin is an algorithm.
        """
        verifyObject(IAlgorithm, makePool([1]).algorithm)
