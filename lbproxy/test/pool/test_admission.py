# -*- test-case-name: lbproxy.test.pool.test_admission -*-
"""
Tests for L{lbproxy.pool.admission}.
"""

import random

from twisted.trial.unittest import TestCase

from lbproxy.pool.admission import ADMITTED, QUEUED, REFUSED
from lbproxy.test.pool.builders import Waiter, linesOf, makePool


def onePool(**options):
    """
    @return: a pool with one server, and the server.
    """
    pool = makePool({"a": options}, redispatch=options.pop("redispatch", False))
    return pool, pool.servers[0]


class AdmitTests(TestCase):
    """
    A request for a given server.
    """

    def test_limit(self):
        """
        Up to the limit requests are served, the others wait; the first of them has position 1 (QUE-01, QUE-19).
        """
        pool, server = onePool(maxconn=2)
        waiters = [Waiter() for _ in range(5)]
        self.assertEqual([pool.admit(server, waiter) for waiter in waiters], [ADMITTED] * 2 + [QUEUED] * 3)
        self.assertEqual([waiter.position for waiter in waiters[2:]], [1, 2, 3])
        self.assertEqual([waiter.queuedOn for waiter in waiters], [None, None, server, server, server])
        self.assertEqual((server.served, len(server.queue), server.queueMax, pool.waiting), (2, 3, 3, 3))
        self.assertEqual((len(pool.queue), pool.queueMax), (0, 0))

    def test_unlimited(self):
        """
        Without C{maxconn} everybody is served.
        """
        pool, server = onePool()
        self.assertEqual({pool.admit(server, Waiter()) for _ in range(1000)}, {ADMITTED})
        self.assertEqual(server.served, 1000)

    def test_maxqueue(self):
        """
        A queue that is as long as allowed takes no more (QUE-11).
        """
        pool, server = onePool(maxconn=1, maxqueue=2)
        self.assertEqual([pool.admit(server, Waiter()) for _ in range(4)], [ADMITTED, QUEUED, QUEUED, REFUSED])
        self.assertEqual(pool.waiting, 2)

    def test_noOvertaking(self):
        """
        While somebody waits a free slot is not for newcomers (QUE-02).
        """
        pool, server = onePool(maxconn=1)
        pool.admit(server, Waiter())
        pool.admit(server, Waiter())
        server.served = 0
        self.assertEqual(pool.admit(server, Waiter()), QUEUED)
        self.assertIs(pool.choose(), None)


class OfferTests(TestCase):
    """
    Who gets a slot that is free.
    """

    def busy(self, maxconn=1, **options):
        """
        @return: a pool whose only server is full.
        """
        pool, server = onePool(maxconn=maxconn, **options)
        for _ in range(maxconn):
            pool.take(server)
        return pool, server

    def test_oldestFirst(self):
        """
        The oldest request of both queues is next, by the time it was complete (QUE-03).
        """
        pool, server = self.busy()
        log = []
        for since, place in [(1, "own"), (2, "shared"), (3, "shared"), (4, "own"), (5, "shared"), (5, "own")]:
            waiter = Waiter(since, log, "%d %s" % (since, place))
            if place == "own":
                pool.admit(server, waiter)
            else:
                pool.enqueue(waiter)
        for _ in range(6):
            pool.give(server)
        self.assertEqual([label for label, _ in log],
                         ["1 own", "2 shared", "3 shared", "4 own", "5 own", "5 shared"])
        self.assertEqual((server.served, pool.waiting), (1, 0))

    def test_reservedFirst(self):
        """
        The slot is taken before the request starts: nobody can get it twice (QUE-04).
        """
        pool, server = self.busy()
        seen = []
        waiter = Waiter()
        waiter.dequeued = lambda which: seen.append((which, server.served, waiter.queuedOn, pool.waiting))
        pool.enqueue(waiter)
        pool.give(server)
        self.assertEqual(seen, [(server, 1, None, 0)])

    def test_all(self):
        """
        As many are served as there are slots (QUE-05).
        """
        pool, server = self.busy(maxconn=3)
        waiters = [Waiter() for _ in range(4)]
        for waiter in waiters:
            pool.enqueue(waiter)
        server.served = 1
        self.assertEqual(pool.offer(server), 2)
        self.assertEqual([waiter.server for waiter in waiters], [server, server, None, None])

    def test_failingAtOnce(self):
        """
        Requests that end the moment they get their slot pass it on; however many they are, each is served once.
        """
        pool, server = self.busy()
        served = []
        for number in range(5000):
            waiter = Waiter(number)

            def dequeued(which, number=number):
                served.append(number)
                pool.give(which)
            waiter.dequeued = dequeued
            pool.enqueue(waiter)
        pool.give(server)
        self.assertEqual(served, list(range(5000)))
        self.assertEqual((server.served, pool.waiting), (0, 0))

    def test_failingBadly(self):
        """
        An exception from a waiter does not stop the server for good.
        """
        pool, server = self.busy()
        bad, good = Waiter(), Waiter()
        bad.dequeued = lambda which: 1 // 0
        pool.enqueue(bad)
        pool.enqueue(good)
        self.assertRaises(ZeroDivisionError, pool.give, server)
        pool.give(server)
        self.assertIs(good.server, server)

    def test_dead(self):
        """
        A server that is down serves its own queue, never the backend's (QUE-06, QUE-07).
        """
        pool, server = self.busy()
        shared, own = Waiter(1), Waiter(2)
        pool.enqueue(shared)
        pool.markDown(server)
        self.assertEqual(pool.admit(server, own), QUEUED)
        pool.give(server)
        self.assertIs(own.server, server)
        pool.give(server)
        self.assertIs(shared.server, None)
        self.assertEqual((server.served, len(pool.queue)), (0, 1))
        pool.markUp(server)
        self.assertIs(shared.server, server)

    def test_leave(self):
        """
        Leaving either queue is counted where it was, and twice is once (QUE-20).
        """
        pool, server = self.busy()
        own, shared = Waiter(), Waiter()
        pool.admit(server, own)
        pool.enqueue(shared)
        self.assertEqual((len(server.queue), len(pool.queue), pool.waiting), (1, 1, 2))
        self.assertIs(shared.queuedOn, pool)
        pool.leave(shared)
        pool.leave(shared)
        self.assertEqual((len(server.queue), len(pool.queue), pool.waiting), (1, 0, 1))
        pool.leave(own)
        self.assertEqual((len(server.queue), len(pool.queue), pool.waiting), (0, 0, 0))
        self.assertEqual((server.queueMax, pool.queueMax), (1, 1))
        pool.give(server)
        self.assertEqual((own.server, shared.server, server.served), (None, None, 0))

    def test_dynamicLimit(self):
        """
        The limit in force is the one of the present load (QUE-12).
        """
        pool = makePool({"a": {"minconn": 1, "maxconn": 10}}, fullconn=100)
        server = pool.servers[0]
        pool.counters.beCurrent = 20
        self.assertEqual([pool.admit(server, Waiter(number)) for number in range(3)], [ADMITTED, ADMITTED, QUEUED])
        pool.counters.beCurrent = 50
        pool.enqueue(Waiter(9))
        self.assertEqual(pool.offer(server), 2)
        self.assertEqual(server.served, 4)


class RedistributionTests(TestCase):
    """
    The queue of a server that goes down (QUE-08).
    """

    def downWithQueue(self, redispatch):
        """
        @return: the pool, and its waiters.
        """
        pool = makePool({"a": {"maxconn": 1}, "b": {}}, redispatch=redispatch)
        server = pool.servers[0]
        pool.admit(server, Waiter())
        waiters = [Waiter() for _ in range(3)]
        for waiter in waiters:
            pool.admit(server, waiter)
        server.current = 1
        pool.markDown(server)
        return pool, waiters

    def test_redispatch(self):
        """
        With C{option redispatch} they look for another server, and the log has their number.
        """
        pool, waiters = self.downWithQueue(True)
        self.assertEqual([waiter.moved for waiter in waiters], [1, 1, 1])
        self.assertEqual((len(pool.servers[0].queue), pool.waiting), (0, 0))
        self.assertEqual(linesOf(pool), [(1, "Server app/a is DOWN. 1 active and 0 backup servers left."
                                             " 1 sessions active, 3 requeued, 0 remaining in queue.")])

    def test_stay(self):
        """
        Without it they stay.
        """
        pool, waiters = self.downWithQueue(False)
        self.assertEqual([waiter.moved for waiter in waiters], [0, 0, 0])
        self.assertEqual((len(pool.servers[0].queue), pool.waiting), (3, 3))
        self.assertIn("0 requeued, 3 remaining in queue", linesOf(pool)[0][1])


class _Farm:
    """
    Requests come, are served, give up and move at random, as sessions would do it.
    """

    def __init__(self, check, seed):
        self.check = check
        self.random = chance = random.Random(seed)
        options = [{"maxconn": chance.randint(1, 4), "maxqueue": chance.choice([0, 0, 2])} for _ in range(4)]
        options[0]["minconn"] = 1
        options[3]["backup"] = True
        self.pool = makePool({"abcx"[index]: each for index, each in enumerate(options)},
                             redispatch=chance.random() < 0.7, allBackups=chance.random() < 0.5, fullconn=8)
        self.now = 0
        self.requests = []

    def arrive(self):
        """
        A request comes, by choice or for a given server.
        """
        self.now += 1
        request = Waiter(self.now)
        request.redistributed = lambda: self.place(request, None)
        self.requests.append(request)
        self.pool.counters.beCurrent += 1
        self.place(request, self.random.choice(self.pool.servers) if self.random.random() < 0.3 else None)

    def place(self, request, server):
        """
        Admit, enqueue or turn away.
        """
        pool = self.pool
        server = server or pool.choose()
        if server is None:
            if pool.usableCount:
                pool.enqueue(request)
            else:
                self.gone(request)
            return
        verdict = pool.admit(server, request)
        if verdict == ADMITTED:
            request.server = server
        elif verdict == REFUSED:
            self.gone(request)

    def gone(self, request):
        """
        A request is over.
        """
        self.requests.remove(request)
        self.pool.counters.beCurrent -= 1

    def finish(self):
        """
        One that is being served ends.
        """
        serving = [request for request in self.requests if request.server is not None]
        if serving:
            request = self.random.choice(serving)
            self.gone(request)
            self.pool.give(request.server)

    def giveUp(self):
        """
        One that waits goes away.
        """
        waiting = [request for request in self.requests if request.queuedOn is not None]
        if waiting:
            request = self.random.choice(waiting)
            self.pool.leave(request)
            self.gone(request)

    def transition(self):
        """
        A server goes down or comes up.
        """
        server = self.random.choice(self.pool.servers)
        (self.pool.markDown if server.running else self.pool.markUp)(server)

    def verify(self):
        """
        The books are right, and nobody waits for a server that has room.
        """
        pool, check = self.pool, self.check
        for server in pool.servers:
            mine = [request for request in self.requests if request.server is server]
            check.assertEqual(server.served, len(mine))
            check.assertLessEqual(server.served, server.maxconn)
            check.assertEqual(set(server.queue), {each for each in self.requests if each.queuedOn is server})
            if server.served < server.minconn:
                check.assertFalse(server.queue)
        check.assertEqual(set(pool.queue), {each for each in self.requests if each.queuedOn is pool})
        check.assertEqual(pool.waiting, len(pool.queue) + sum(len(server.queue) for server in pool.servers))
        for request in self.requests:
            check.assertNotEqual(request.server is None, request.queuedOn is None)
        if pool.queue:
            for server in pool.servers:
                if server.usable and (not server.backup or not pool.activeCount):
                    first = next(other for other in pool.servers if other.usable)
                    if server.backup and not pool.allBackups and server is not first:
                        continue
                    check.assertGreaterEqual(server.served, server.minconn)


class InvariantTests(TestCase):
    """
    Whatever happens in whatever order.
    """

    def test_randomOperations(self):
        """
        No server serves more than its limit, slots and queues are counted exactly, nobody waits while there is room,
        and in the end everybody was served (QUE-17, QUE-18).
        """
        for seed in range(60):
            farm = _Farm(self, seed)
            doings = ["arrive"] * 30 + ["finish"] * 24 + ["giveUp"] * 3 + ["transition"]
            for _ in range(400):
                getattr(farm, farm.random.choice(doings))()
                farm.verify()
            for server in farm.pool.servers:
                farm.pool.markUp(server)
            for _ in range(len(farm.requests)):
                farm.finish()
                farm.verify()
            self.assertEqual((farm.requests, farm.pool.waiting), ([], 0))
            self.assertEqual({server.served for server in farm.pool.servers}, {0})
