# -*- test-case-name: lbproxy.test.observe.test_syslog -*-
"""
Tests of L{lbproxy.observe.syslog}.
"""

import errno

from twisted.trial import unittest

from lbproxy.config.model import LogTarget
from lbproxy.observe.datagrams import Channels
from lbproxy.observe.syslog import SyslogSender
from lbproxy.test.observe.samples import DATE, useZone

ONE, OTHER = ("127.0.0.1", 514), "/dev/log"


class SyslogTests(unittest.SynchronousTestCase):
    """
    Tests of L{SyslogSender}.
    """

    def setUp(self):
        useZone(self)
        self.date = DATE
        self.sent = []
        self.problem = None
        test = self

        class Socket:
            def __init__(self, address):
                self.address = address

            def send(self, message):
                if test.problem is not None:
                    raise test.problem
                test.sent.append((self.address, message))

            def close(self):
                pass
        self.channels = Channels(Socket)

    def sender(self, *targets):
        """
        @return: a sender to C{targets}.
        """
        return SyslogSender(targets, "lbproxy", 123, lambda: self.date, self.channels)

    def test_message(self):
        """
        Priority, date, name, process id, text, line feed (LOG-04).
        """
        for facility, level, priority in [(0, 0, 0), (16, 6, 134), (23, 7, 191), (3, 5, 29)]:
            del self.sent[:]
            self.sender(LogTarget(ONE, facility)).send(level, "text")
            self.assertEqual(self.sent, [(ONE, b"<%d>Feb 13 23:31:30 lbproxy[123]: text\n" % priority)])

    def test_dateMoves(self):
        """
        The date is that of each message, forwards and backwards.
        """
        write = self.sender(LogTarget(ONE, 16)).compileLogger(6)
        for self.date in (DATE, DATE + 0.5, DATE + 1, DATE - 3600):
            write(b"x")
        self.assertEqual([message[:20] for _, message in self.sent], [
            b"<134>Feb 13 23:31:30", b"<134>Feb 13 23:31:30", b"<134>Feb 13 23:31:31", b"<134>Feb 13 22:31:30"])

    def test_length(self):
        """
        A message has at most 1024 bytes and ends with a line feed (LOG-04).
        """
        write = self.sender(LogTarget(ONE, 16)).compileLogger(6)
        head = len(b"<134>Feb 13 23:31:30 lbproxy[123]: ")
        for length, total in [(1, head + 2), (1023 - head, 1024), (1024 - head, 1024), (5000, 1024)]:
            del self.sent[:]
            write(b"x" * length)
            message = self.sent[0][1]
            self.assertEqual((len(message), message[-2:]), (total, b"x\n"))

    def test_levels(self):
        """
        Each target gets what is at least as severe as its level; the same one twice gets it twice (LOG-01).
        """
        sender = self.sender(LogTarget(ONE, 16, 5), LogTarget(OTHER, 17))
        for level, addresses in [(0, [ONE, OTHER]), (5, [ONE, OTHER]), (6, [OTHER]), (7, [OTHER])]:
            del self.sent[:]
            sender.send(level, "x")
            self.assertEqual([address for address, _ in self.sent], addresses)
        self.assertIsNone(self.sender(LogTarget(ONE, 16, 5)).compileLogger(6))
        self.assertIsNone(self.sender().compileLogger(0))
        self.sender().send(0, "nobody is there")

    def test_text(self):
        """
        Events may have any text; it stays on one line.
        """
        self.sender(LogTarget(ONE, 16)).send(6, "caf\xe9\nline\udc80")
        self.assertEqual(self.sent[0][1][35:], b"caf\xc3\xa9 line?\n")

    def test_failure(self):
        """
        A target that cannot be reached disturbs neither the caller nor the other target (LOG-03).
        """
        sender = self.sender(LogTarget(ONE, 16), LogTarget(OTHER, 17))
        self.problem = BlockingIOError(errno.EAGAIN, "full")
        sender.send(6, "lost")
        self.assertEqual((self.sent, self.channels.drops), ([], 2))
        self.problem = None
        sender.send(6, "x")
        self.assertEqual(len(self.sent), 2)

    def test_processId(self):
        """
        A process that forked logs its new number.
        """
        sender = self.sender(LogTarget(ONE, 16))
        sender.pid = 456
        sender.send(6, "x")
        self.assertEqual(self.sent[0][1][21:], b"lbproxy[456]: x\n")
