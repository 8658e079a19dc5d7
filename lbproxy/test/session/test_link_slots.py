# -*- test-case-name: lbproxy.test.session.test_link_slots -*-
"""
Tests for slots of servers with waiters: who gets them, and who pays when something breaks.
"""

from twisted.trial import unittest

from lbproxy.config.model import Balance
from lbproxy.test.memory import House, state

GET = b"GET /?u=1 HTTP/1.1\r\nHost: x\r\n\r\n"
OK = b"HTTP/1.1 200 OK\r\nContent-Length: 2\r\n\r\nok"


class SlotCase(unittest.SynchronousTestCase):
    """
    One server with one slot.
    """

    def build(self, **settings):
        options = dict(server=dict(maxconn=1), timeouts=dict(queue=5.0, client=100.0, server=100.0))
        options.update(settings)
        self.house = House(**options)
        self.house.behave(a="accept")
        self.server = self.house.server("a")
        return self.house

    def letters(self):
        return [(state(one), one.status) for one in self.house.logs]

    def leave(self, *clients):
        """
        Clients close, and nothing is left.
        """
        for client in clients:
            if not client.lost:
                client.end()
        self.house.assertQuiet(self)


class RedispatchTests(SlotCase):
    """
    A redispatch that leads back to the same server (QUE-17), because a hash says so.
    """

    def build(self, waiters=1, **settings):
        """
        A client whose first attempt was refused, and others that wait for the server.
        """
        options = dict(balance=Balance("url_param", b"u"), redispatch=True, retries=1)
        options.update(settings)
        SlotCase.build(self, **options)
        self.house.behave(a="refuse")
        self.first = self.house.client(GET)
        self.waiters = [self.house.client(GET) for _ in range(waiters)]
        self.house.behave(a="accept")
        self.assertEqual((self.server.served, len(self.server.queue)), (1, waiters))

    def test_takesBack(self):
        """
        It takes its slot back, whoever waits. It queued behind those who waited for that very slot, nobody held it, and all
        of them ran into the queue timeout.
        """
        self.build()
        self.house.step(1.1)
        self.assertEqual((self.server.served, len(self.server.queue)), (1, 1))
        self.assertEqual(self.house.origin().read(), GET)
        self.house.origin().receive(OK)
        self.assertEqual(self.first.read(), OK)

    def test_queueMoves(self):
        """
        When it is done the queue moves on, one after the other, and each is served.
        """
        for settings in ({}, {"httpClose": True}):
            self.build(3, **settings)
            self.house.step(1.1)
            for client in [self.first] + self.waiters:
                self.assertEqual(self.server.served, 1)
                self.house.origin().receive(OK)
                self.assertTrue(client.read().endswith(b"ok"))
            self.house.step(10)
            self.assertEqual(self.letters(), [("--", 200)] * 4)
            self.leave(self.first, *self.waiters)

    def test_counted(self):
        """
        That is a retry, not a redispatch, and the server was chosen once.
        """
        self.build()
        self.house.step(1.1)
        self.house.origin().receive(OK)
        self.house.origin().receive(OK)
        self.assertEqual((self.server.retries, self.server.redispatches, self.server.connectErrors), (1, 0, 0))
        self.assertEqual([(one.retries, one.redispatched) for one in self.house.logs], [(1, False), (0, False)])

    def test_refusedAgain(self):
        """
        If it is refused for good its slot goes to the next one, at once.
        """
        self.build()
        self.house.behave(a="refuse")
        self.house.step(0.9)
        attempts = len(self.house.network.attempts)
        self.house.step(0.2)
        self.assertIn(b" 503 ", self.first.read())
        self.assertEqual(len(self.house.network.attempts), attempts + 2)
        self.house.behave(a="accept")
        self.house.step(1.1)
        self.house.origin().receive(OK)
        self.assertTrue(self.waiters[0].read().endswith(b"ok"))
        self.assertEqual(self.letters(), [("SC", 503), ("--", 200)])
        self.leave(*self.waiters)

    def test_clientLeaves(self):
        """
        If its client leaves during the turn-around the next one has the slot.
        """
        self.build()
        self.first.reset()
        self.assertEqual((self.server.served, len(self.server.queue)), (1, 0))
        self.house.origin().receive(OK)
        self.assertTrue(self.waiters[0].read().endswith(b"ok"))
        self.assertEqual([state(one) for one in self.house.logs], ["CC", "--"])
        self.leave(*self.waiters)


class BrokenWaiterTests(SlotCase):
    """
    A bug that shows in the attempt of one who waited, in the stack of the session that gave its slot.
    """

    def build(self, waiters=1):
        """
        Connections cannot be made as long as C{broken} is not empty.
        """
        SlotCase.build(self, httpClose=True)
        self.first = self.house.client(GET)
        self.waiters = [self.house.client(GET) for _ in range(waiters)]
        self.broken = [self.waiters[0].protocol]
        real = self.house.backend.connectorFor

        def connectorFor(server, client):
            if client in self.broken:
                raise RuntimeError("a bug")
            return real(server, client)

        self.house.backend.connectorFor = connectorFor

    def flushed(self):
        return len(self.flushLoggedErrors(RuntimeError))

    def test_onlyThatSession(self):
        """
        Only the waiter's session ends. The one that was just served got the exception, lost its answer, and left its slot
        and its session behind for ever.
        """
        self.build()
        self.house.origin().receive(OK)
        self.assertTrue(self.first.read().endswith(b"ok"))
        self.assertEqual(self.flushed(), 1)
        self.assertTrue(self.waiters[0].aborted)
        self.assertEqual(sorted(state(one) for one in self.house.logs), ["--", "ID"])
        self.leave(self.first)

    def test_nextWaiter(self):
        """
        The next one has the slot at once.
        """
        self.build(3)
        self.house.origin().receive(OK)
        self.assertEqual(self.flushed(), 1)
        for client in self.waiters[1:]:
            self.assertEqual((self.server.served, self.server.current), (1, 1))
            self.house.origin().receive(OK)
            self.assertTrue(client.read().endswith(b"ok"))
        self.leave(self.first, *self.waiters)

    def test_giverLeaves(self):
        """
        The same when the slot becomes free because a client broke its connection, or by a timer.
        """
        for event in ("reset", "timer"):
            self.build(2)
            if event == "reset":
                self.first.reset()
            else:
                self.house.step(4.9)
                self.house.backend.serverTimeout = self.house.clock.seconds() - 1000.0
                self.first.protocol.expectBefore(self.house.clock.seconds())
                self.house.step(0.05)
            self.assertEqual(self.flushed(), 1, event)
            self.house.origin().receive(OK)
            self.assertTrue(self.waiters[1].read().endswith(b"ok"), event)
            self.leave(self.first, *self.waiters)

    def test_serverGoesDown(self):
        """
        And when a server's queue is distributed because it went down: each waiter is on its own.
        """
        SlotCase.build(self, servers=("a", "b"), balance=Balance("url_param", b"u"), redispatch=True)
        self.house.behave(b="accept")
        first = self.house.client(GET)
        waiters = [self.house.client(GET) for _ in range(2)]
        taken, = [server for server in self.house.pool.servers if server.served]
        self.assertEqual(len(taken.queue), 2)

        pool = self.house.pool
        choose = pool.choose

        def broken(*_arguments):
            pool.choose = choose
            raise RuntimeError("a bug")

        pool.choose = broken
        pool.markDown(taken)
        self.assertEqual(self.flushed(), 1)
        self.assertEqual([client.aborted for client in waiters], [True, False])
        self.assertEqual(len(taken.queue), 0)
        self.house.origin().receive(OK)
        self.assertTrue(waiters[1].read().endswith(b"ok"))
        self.house.origin(0).receive(OK)
        self.leave(first, *waiters)
