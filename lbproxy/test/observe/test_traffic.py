# -*- test-case-name: lbproxy.test.observe.test_traffic -*-
"""
Tests of L{lbproxy.observe.traffic}.
"""

from twisted.trial import unittest

from lbproxy.observe.formats import httpLine, tcpLine
from lbproxy.observe.traffic import compileConnectionLog, compileTrafficLog
from lbproxy.test.observe.samples import Front, Record, Session, front


class FakeSender:
    """
    @ivar written: C{(level, text)}.
    """

    def __init__(self, least=7):
        self.least = least
        self.written = []

    def compileLogger(self, level):
        return (lambda text: self.written.append((level, text))) if level <= self.least else None


class TrafficTests(unittest.SynchronousTestCase):
    """
    Traffic is logged at C{info}, in the format of the frontend (LOG-06 to LOG-09).
    """

    def test_exchanges(self):
        """
        With a log option there is one line at the end of each exchange and none at accept.
        """
        for logFormat, line in [("http", httpLine), ("tcp", tcpLine)]:
            sender = FakeSender()
            compileTrafficLog(front(logFormat=logFormat), sender)(Record(), 100.15)
            self.assertEqual(sender.written, [(6, line(Record(), 100.15))])
            self.assertIsNone(compileConnectionLog(front(logFormat=logFormat), sender))

    def test_connections(self):
        """
        Without one there is a line at accept and none at the end.
        """
        sender = FakeSender()
        compileConnectionLog(front(), sender)(Session(1, Front(front())))
        self.assertEqual(sender.written, [(6, b"Connect from 127.0.0.1:1234 to 127.0.0.9:80 (web/HTTP)")])
        self.assertIsNone(compileTrafficLog(front(), sender))

    def test_nobodyWantsIt(self):
        """
        When no target takes C{info}, no line is made.
        """
        sender = FakeSender(5)
        self.assertIsNone(compileTrafficLog(front(logFormat="http"), sender))
        self.assertIsNone(compileConnectionLog(front(), sender))
