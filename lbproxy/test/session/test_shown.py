# -*- test-case-name: lbproxy.test.session.test_shown -*-
"""
Tests for L{lbproxy.session.shown}: what C{show sess} can tell of a session.
"""

from twisted.trial import unittest
from zope.interface.verify import verifyObject

from lbproxy.interfaces import ILogRecord, ISession
from lbproxy.session.states import CLO, CON, EST, INI, QUE, TAR
from lbproxy.test.memory import House

GET = b"GET /x HTTP/1.1\r\nHost: www\r\n\r\n"
OK = b"HTTP/1.1 200 OK\r\nContent-Length: 2\r\n\r\nok"


class ShownCase(unittest.SynchronousTestCase):
    """
    One session.
    """

    def build(self, **settings):
        self.house = House(**settings)

    def only(self):
        """
        @return: the session that was begun last.
        """
        return list(self.house.balancer.sessions.values())[-1]

    def assertExpires(self, seconds):
        """
        The session tells that time, and something does happen then.
        """
        told = self.only().expiry(self.house.clock.seconds())
        if seconds is None:
            self.assertIsNone(told)
            return
        self.assertAlmostEqual(told, seconds, delta=0.02)


class InterfaceTests(ShownCase):
    """
    A session is an C{ISession}, an exchange an C{ILogRecord}.
    """

    def test_everyMoment(self):
        """
        Whatever a session is doing, everything can be asked.
        """
        for mode in ("tcp", "http"):
            for behaviour in ("wait", "accept", "refuse"):
                for data in (b"", b"GET", GET):
                    self.build(mode=mode)
                    self.house.behave(a=behaviour)
                    self.house.client(*([data] if data else []))
                    session = self.only()
                    self.assertTrue(verifyObject(ISession, session, tentative=True))
                    for name in ISession.names():
                        getattr(session, name)
                    session.expiry(self.house.clock.seconds())

    def test_logRecord(self):
        """
        An ended exchange has all that a log line asks for.
        """
        for mode in ("tcp", "http"):
            self.build(mode=mode)
            self.house.client(b"x").reset()
            self.assertTrue(verifyObject(ILogRecord, self.house.logs[0], tentative=True))


class WhoTests(ShownCase):
    """
    Who talks to whom.
    """

    def test_addresses(self):
        """
        Both ends of the client's connection.
        """
        self.build()
        self.house.client(peername=("10.0.0.7", 1234), host=("10.0.0.9", 8080))
        session = self.only()
        self.assertEqual((session.source, session.destination), (("10.0.0.7", 1234), ("10.0.0.9", 8080)))

    def test_proto(self):
        """
        The kind of connection.
        """
        self.build()
        for host, word in (("10.0.0.1", "tcpv4"), ("2001:db8::1", "tcpv6"), ("", "unix_stream")):
            self.house.client(peername=(host, 1))
            self.assertEqual(self.only().proto, word)

    def test_names(self):
        """
        The frontend from the beginning, backend and server once there are any, and neither between two requests.
        """
        self.build()
        self.house.behave(a="accept")
        client = self.house.client()
        session = self.only()
        self.assertEqual((session.frontend.name, session.backend, session.server), ("web", None, None))
        client.receive(GET)
        self.assertEqual((session.backend.name, session.server.name), ("app", "a"))
        self.house.origin().receive(OK)
        self.assertEqual((session.frontend.name, session.backend, session.server), ("web", None, None))

    def test_age(self):
        """
        A session is as old as its connection, whatever came since.
        """
        self.build()
        client = self.house.client()
        began = self.house.clock.seconds()
        self.house.step(2)
        client.receive(GET)
        self.assertEqual(self.only().startedAt, began)


class StateTests(ShownCase):
    """
    C{si=(client,server)}.
    """

    def states(self):
        session = self.only()
        return session.clientState, session.serverState

    def test_connecting(self):
        """
        Waiting for a request, for a connection, established; and nothing between two requests.
        """
        self.build()
        client = self.house.client()
        self.assertEqual(self.states(), (EST, INI))
        client.receive(GET)
        self.assertEqual(self.states(), (EST, CON))
        server = self.house.network.attempts[0].accept()
        self.assertEqual(self.states(), (EST, EST))
        server.receive(OK)
        self.assertEqual(self.states(), (EST, INI))

    def test_waiting(self):
        """
        A session in a queue and one that rests before it tries again can be told apart.
        """
        self.build(server={"maxconn": 1})
        self.house.client(GET)
        self.house.client(GET)
        self.assertEqual(self.states(), (EST, QUE))
        self.build()
        self.house.behave(a="refuse")
        self.house.client(GET)
        self.assertEqual(self.states(), (EST, TAR))

    def test_gone(self):
        """
        A session that is over and whose client is gone is closed on that side.
        """
        self.build()
        client = self.house.client()
        session = self.only()
        client.reset()
        self.assertEqual(session.clientState, CLO)
        self.assertEqual(dict(self.house.balancer.sessions), {})


class ExpiryTests(ShownCase):
    """
    C{exp=}: what is told is when something happens.
    """

    def test_head(self):
        """
        While a head is awaited: the nearest of client timeout and http-request timeout.
        """
        self.build(timeouts={"client": 10.0, "httpRequest": 4.0})
        client = self.house.client()
        self.assertExpires(4)
        self.house.step(3)
        client.receive(GET[:5])
        self.assertExpires(1)
        self.house.step(1.1)
        self.assertIn(b" 408 ", client.read())

    def test_connect(self):
        """
        While a connection is made: the connect timeout.
        """
        self.build(timeouts={"connect": 5.0})
        self.house.client(GET)
        self.house.step(2)
        self.assertExpires(3)

    def test_queue(self):
        """
        In a queue: the queue timeout.
        """
        self.build(server={"maxconn": 1}, timeouts={"queue": 6.0})
        self.house.client(GET)
        client = self.house.client(GET)
        self.house.step(2)
        self.assertExpires(4)
        self.house.step(4.1)
        self.assertIn(b" 503 ", client.read())

    def test_response(self):
        """
        While a response is awaited: the server timeout alone.
        """
        self.build(timeouts={"client": 1.0, "server": 8.0})
        self.house.behave(a="accept")
        self.house.client(GET)
        self.house.step(3)
        self.assertExpires(5)

    def test_body(self):
        """
        While a body is relayed: whichever side's timeout is nearer, from the last byte on.
        """
        self.build(timeouts={"client": 6.0, "server": 8.0})
        self.house.behave(a="accept")
        self.house.client(GET)
        self.house.step(5)
        self.house.origin().receive(b"HTTP/1.1 200 OK\r\nContent-Length: 10\r\n\r\n1")
        self.assertExpires(6)
        self.house.step(2)
        self.house.origin().receive(b"2")
        self.assertExpires(6)

    def test_betweenRequests(self):
        """
        Between two requests: the keep-alive timeout.
        """
        self.build(timeouts={"client": 3.0, "httpKeepAlive": 7.0})
        self.house.behave(a="accept")
        client = self.house.client(GET)
        self.house.step(1)
        self.house.origin().receive(OK)
        self.house.step(2)
        self.assertExpires(5)
        self.house.step(5.1)
        self.assertTrue(client.lost)

    def test_never(self):
        """
        Without timeouts it never expires.
        """
        self.build(mode="tcp", timeouts={"client": None, "server": None})
        self.house.behave(a="accept")
        self.house.client(b"x")
        self.assertExpires(None)

    def test_closing(self):
        """
        A session that only waits for its answer to be read tells when it will be given up.
        """
        self.build(timeouts={"client": 4.0})
        client = self.house.client()
        client.room = 0
        client.receive(b"nonsense\r\n\r\n")
        self.house.step(1)
        self.assertExpires(3)
        self.house.step(3.1)
        self.assertTrue(client.lost)
        self.house.assertQuiet(self)

    def test_neverNegative(self):
        """
        A session that is overdue by a moment expires now, not in the past.
        """
        self.build(timeouts={"client": 4.0})
        self.house.client()
        self.assertEqual(self.only().expiry(self.house.clock.seconds() + 100), 0.0)
