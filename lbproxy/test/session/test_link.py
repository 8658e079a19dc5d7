# -*- test-case-name: lbproxy.test.session.test_link -*-
"""
Tests for L{lbproxy.session.link}: retries, redispatches, queues, and the exactness of counters.
"""

import errno
import random

from twisted.trial import unittest

from lbproxy.session.link import ProtocolBug
from lbproxy.session.states import CONNECTED
from lbproxy.test.memory import House, state


def counts(thing):
    """
    @return: (sessions, lbtot, connection errors, retries, redispatches), the columns of reference 8.
    """
    return (thing.cumulated, thing.selected, thing.connectErrors, thing.retries, thing.redispatches)


class CounterTableTests(unittest.TestCase):
    """
    The table of reference 8, R = 4.
    """

    def run_(self, redispatch, weights=(1,), **behaviours):
        names = tuple(sorted(behaviours))
        house = House(mode="tcp", servers=names, retries=4, redispatch=redispatch)
        for name, weight in zip(names, weights):
            if weight != 1:
                house.server(name).weight = weight
        house.behave(**behaviours)
        client = house.client(b"x")
        house.step(4.1)
        for transport in house.network.transports:
            if not transport.lost:
                transport.end()
        if not client.lost:
            client.end()
        house.assertQuiet(self)
        return house

    def backendCounts(self, house):
        counters = house.backend.counters
        return (counters.beTotal, counters.selected, counters.connectErrors, counters.retries, counters.redispatches)

    def test_oneServerRedispatch(self):
        """
        One refusing server with redispatch: five attempts, four retries, one error.
        """
        house = self.run_(True, b="refuse")
        self.assertEqual(counts(house.server("b")), (5, 1, 1, 4, 0))
        self.assertEqual(self.backendCounts(house), (1, 1, 1, 4, 0))

    def test_twoRefusing(self):
        """
        Two refusing servers: the first is left before the last attempt, the second has the error.
        """
        house = self.run_(True, b="refuse", u="refuse")
        self.assertEqual(counts(house.server("b")), (4, 1, 0, 3, 1))
        self.assertEqual(counts(house.server("u")), (1, 1, 1, 0, 0))
        self.assertEqual(self.backendCounts(house), (1, 2, 1, 3, 1))
        self.assertEqual((house.logs[0].serverName, house.logs[0].retries, house.logs[0].redispatched), ("u", 4, True))

    def test_secondWorks(self):
        """
        The last attempt succeeds elsewhere: no error at all.
        """
        house = self.run_(True, b="refuse", u="accept")
        self.assertEqual(counts(house.server("b")), (4, 1, 0, 3, 1))
        self.assertEqual(counts(house.server("u")), (1, 1, 0, 0, 0))
        self.assertEqual(state(house.logs[0]), "--")

    def test_noRedispatch(self):
        """
        Without redispatch the session stays on its server.
        """
        house = self.run_(False, b="refuse", u="accept")
        self.assertEqual(counts(house.server("b")), (5, 1, 1, 4, 0))
        self.assertEqual(counts(house.server("u")), (0, 0, 0, 0, 0))
        self.assertEqual((state(house.logs[0]), house.logs[0].redispatched), ("SC", False))

    def test_ignoresFour(self):
        """
        A server that ignores four attempts and takes the fifth: retries only.
        """
        house = House(mode="tcp", retries=4, redispatch=True, timeouts={"connect": 1.0, "client": None})
        client = house.client(b"x")
        house.step(4.05)
        house.network.attempts[4].accept().end()
        client.end()
        self.assertEqual(counts(house.server("a")), (5, 1, 0, 4, 0))
        self.assertEqual(state(house.logs[0]), "--")
        house.assertQuiet(self)

    def test_zeroRetries(self):
        """
        retries 0: one attempt, no redispatch.
        """
        house = House(mode="tcp", servers=("a", "b"), retries=0, redispatch=True)
        house.behave(a="refuse", b="accept")
        house.client(b"x")
        self.assertEqual(counts(house.server("a")), (1, 1, 1, 0, 0))
        self.assertEqual(state(house.logs[0]), "SC")

    def test_dispatch(self):
        """
        A dispatch address is retried like a server; only the backend counts (CON-17).
        """
        house = House(mode="tcp", servers=(), retries=1, dispatch=("10.9.9.9", 1))
        house.network.behaviour[("10.9.9.9", 1)] = "refuse"
        house.client(b"x")
        house.step(1.1)
        self.assertEqual(self.backendCounts(house), (1, 0, 1, 1, 0))
        self.assertEqual((house.logs[0].serverName, house.logs[0].retries), (None, 1))


class FailureTests(unittest.TestCase):
    """
    What happens on the way.
    """

    def test_localFailure(self):
        """
        A machine out of ports retries at once, and says so at emergency level (CON-03, CON-19).
        """
        house = House(mode="tcp", retries=1)
        house.client(b"x")
        house.network.attempts[0].refuse(errno.EADDRNOTAVAIL)
        self.assertEqual(len(house.network.attempts), 2)
        self.assertEqual(house.events[0][0], 0)
        house.network.attempts[1].refuse(errno.EADDRNOTAVAIL)
        self.assertEqual(state(house.logs[0]), "RC")
        house.assertQuiet(self)

    def test_slotKept(self):
        """
        During the turn-around nobody gets the slot (QUE-16), and a client that leaves then gives it back once (CON-10).
        """
        house = House(mode="tcp", retries=3, server={"maxconn": 1, "minconn": 1})
        house.behave(a="refuse")
        first = house.client(b"1")
        house.client(b"2")
        self.assertEqual((house.server("a").served, house.server("a").current, house.pool.waiting), (1, 0, 1))
        house.behave(a="accept")
        first.reset()
        self.assertEqual(state(house.logs[0]), "CC")
        self.assertEqual(house.origin().read(), b"2")
        self.assertEqual((house.server("a").served, house.server("a").current), (1, 1))

    def test_queueTimeout(self):
        """
        Waiting is bounded: sQ, one error on the backend (QUE-10).
        """
        house = House(mode="tcp", server={"maxconn": 1, "minconn": 1}, timeouts={"queue": 2.0, "server": None})
        house.behave(a="accept")
        house.client(b"1")
        house.client(b"2")
        house.step(2.1)
        record = house.logs[0]
        self.assertEqual((state(record), record.serverName, record.backendQueue), ("sQ", None, 1))
        self.assertEqual((house.backend.counters.connectErrors, house.server("a").connectErrors), (1, 0))
        self.assertEqual(house.pool.waiting, 0)

    def test_abortInQueue(self):
        """
        A reset ends a waiting session whatever abortonclose says; the server is never contacted (QUE-15).
        """
        house = House(mode="tcp", server={"maxconn": 1, "minconn": 1})
        house.behave(a="accept")
        house.client(b"1")
        house.client(b"2").reset()
        self.assertEqual(state(house.logs[0]), "CQ")
        self.assertEqual(len(house.network.attempts), 1)

    def test_abortOnClose(self):
        """
        With abortonclose a half-close is enough; without it the request is served.
        """
        for option, letters in ((True, ["CQ"]), (False, [])):
            house = House(mode="tcp", server={"maxconn": 1, "minconn": 1}, abortOnClose=option)
            house.behave(a="accept")
            house.client(b"1")
            house.client(b"2").end()
            self.assertEqual([state(one) for one in house.logs], letters)

    def test_redistributed(self):
        """
        With redispatch the requests in the queue of a server that goes down are served elsewhere (QUE-08).
        """
        house = House(mode="tcp", servers=("a", "b"), redispatch=True, server={"maxconn": 1, "minconn": 1})
        house.behave(a="accept", b="accept")
        house.client(b"1")
        second = house.client(b"2")
        del second
        waiter = house.client(b"3")
        self.assertEqual(house.pool.waiting, 1)
        house.pool.markDown(house.server("a"))
        self.assertEqual(house.pool.waiting, 1)
        house.network.transports[1].reset()
        self.assertEqual(house.origin().read(), b"3")
        self.assertFalse(waiter.lost)

    def test_unknownPair(self):
        """
        A pair of state and event outside the table is a counted bug.
        """
        house = House(mode="tcp")
        client = house.client(b"1")
        link = client.protocol.exchange.link
        link.state = 9
        self.assertRaises(ProtocolBug, link.step, CONNECTED)
        self.assertEqual(house.balancer.protocolBugs, 1)


class StormTests(unittest.TestCase):
    """
    Sessions that end in every way at every moment.
    """

    def storm(self, seed, mode):
        chance = random.Random(seed)
        house = House(mode=mode, servers=("a", "b", "c"), retries=chance.choice([0, 1, 3]),
                      redispatch=chance.random() < 0.5, abortOnClose=chance.random() < 0.5,
                      server={"maxconn": chance.choice([0, 1, 2]), "minconn": 0},
                      timeouts={"queue": 3.0, "connect": 2.0, "client": 6.0, "server": 5.0})
        clients = []
        for _ in range(300):
            for name in house.addresses:
                house.behave(**{name: chance.choice(["accept", "refuse", "wait"])})
            self.act(chance, house, clients, mode)
            for server in house.pool.servers:
                if server.maxconn:
                    self.assertTrue(0 <= server.served <= server.maxconn, server)
                self.assertTrue(server.current >= 0)
        for client in clients:
            if not client.lost:
                client.reset()
        house.step(20)
        house.assertQuiet(self)
        served = sum(server.cumulated - server.connectErrors - server.retries - server.redispatches
                     for server in house.pool.servers)
        self.assertTrue(served >= 0)
        self.assertEqual(house.balancer.protocolBugs, 0)
        self.assertEqual(len(house.balancer.deadlines), sum(len(server.idle) for server in house.pool.servers))

    def act(self, chance, house, clients, mode):
        what = chance.random()
        live = [client for client in clients if not client.lost]
        servers = [one for one in house.network.transports if not one.lost]
        if what < 0.35 or not live:
            data = b"GET / HTTP/1.1\r\n\r\n" if mode == "http" else b"x"
            clients.append(house.client(*([data] if chance.random() < 0.9 else [])))
        elif what < 0.45:
            chance.choice(live).reset()
        elif what < 0.55:
            client = chance.choice(live)
            if not client.protocol.inputEnded:
                client.end()
        elif what < 0.8 and servers:
            self.serverActs(chance, chance.choice(servers))
        elif what < 0.85:
            server = chance.choice(house.pool.servers)
            (house.pool.markDown if server.running else house.pool.markUp)(server)
        elif what < 0.9:
            waiting = [one for one in house.network.attempts
                       if not one.cancelled and one.protocol.transport is None and one.protocol.link is not None
                       and one.protocol.link.attempt is one]
            if waiting:
                house.network.transports.append(chance.choice(waiting).accept())
        else:
            house.step(chance.choice([0.1, 0.5, 1.1, 2.5]))

    def serverActs(self, chance, server):
        what = chance.random()
        if what < 0.6 and server.reading and not server.protocol.inputEnded:
            server.receive(b"HTTP/1.1 200 OK\r\nContent-Length: 0\r\n\r\n")
        elif what < 0.8 and not server.protocol.inputEnded:
            server.end()
        elif what >= 0.8:
            server.reset()

    def test_tcp(self):
        """
        TCP sessions: afterwards every counter is back at zero, slots were never exceeded (QUE-18, SES-29).
        """
        for seed in range(40):
            self.storm(seed, "tcp")

    def test_http(self):
        """
        The same for HTTP sessions with pooled connections.
        """
        for seed in range(40):
            self.storm(seed, "http")


class LastResortTests(unittest.TestCase):
    """
    When something happens that must not.
    """

    def test_brokenSession(self):
        """
        A session in an impossible state ends alone, and gives back all that it holds (SES-02, SES-03).
        """
        house = House(mode="tcp", server={"maxconn": 1, "minconn": 1})
        house.behave(a="accept")
        broken = house.client(b"1")
        other = house.client(b"2")
        broken.protocol.exchange.link.state = 6
        broken.reset()
        self.assertEqual(len(self.flushLoggedErrors(ProtocolBug)), 1)
        self.assertEqual(house.origin().read(), b"2")
        other.reset()
        self.assertEqual([state(one) for one in house.logs], ["CD", "CD"])
        house.assertQuiet(self)

    def test_brokenTimer(self):
        """
        The same when a timer finds it.
        """
        house = House(mode="tcp")
        client = house.client(b"1")
        client.protocol.exchange.link.state = 8
        client.protocol.exchange.link.__class__ = type("Odd", (type(client.protocol.exchange.link),), {"isWaiting": True})
        client.protocol.exchange.link.expired = lambda: 1 / 0
        house.step(6)
        self.assertEqual(len(self.flushLoggedErrors(ZeroDivisionError)), 1)
        self.assertTrue(client.lost)
        house.assertQuiet(self)
