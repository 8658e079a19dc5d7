# -*- test-case-name: lbproxy.test.observe.test_datagrams -*-
"""
Tests of L{lbproxy.observe.datagrams}.
"""

import errno
import os
import socket

from twisted.python import log
from twisted.trial import unittest

from lbproxy.observe.datagrams import Channel, Channels, openDatagram

UDP = ("127.0.0.1", 514)


class FakeSocket:
    """
    A socket whose sends fail as told.

    @ivar problems: numbers of the errors of the next sends, 0 for none.
    """

    def __init__(self, sent, problems=()):
        self.sent = sent
        self.problems = list(problems)
        self.closed = False

    def send(self, message):
        assert not self.closed
        number = self.problems.pop(0) if self.problems else 0
        if number:
            raise OSError(number, os.strerror(number))
        self.sent.append(message)

    def close(self):
        self.closed = True


class ChannelTests(unittest.SynchronousTestCase):
    """
    Tests of L{Channel} (LOG-03).
    """

    def setUp(self):
        self.sent = []
        self.opened = []
        self.plan = []
        self.reports = []
        observer = lambda event: self.reports.append(log.textFromEventDict(event))  # noqa: E731
        log.addObserver(observer)
        self.addCleanup(log.removeObserver, observer)

    def open(self, _address):
        """
        Do as the plan says: an error number, or the problems of the new socket.
        """
        step = self.plan.pop(0) if self.plan else ()
        if isinstance(step, int):
            raise OSError(step, os.strerror(step))
        self.opened.append(FakeSocket(self.sent, step))
        return self.opened[-1]

    def send(self, channel, *messages):
        """
        As a logger does.
        """
        for message in messages:
            try:
                channel.send(message)
            except OSError as problem:
                channel.failed(message, problem)

    def test_lazy(self):
        """
        The socket is opened with the first message, and kept.
        """
        channel = Channel(UDP, self.open)
        self.assertEqual(self.opened, [])
        self.send(channel, b"1", b"2")
        self.assertEqual((self.sent, len(self.opened), channel.drops), ([b"1", b"2"], 1, 0))
        self.assertEqual(channel.send, self.opened[0].send)

    def test_failures(self):
        """
        What gets through, how many sockets it takes, how many messages are lost.
        """
        gone, refused, full, none, room = (
            errno.ENOTCONN, errno.ECONNREFUSED, errno.EAGAIN, errno.ENOENT, errno.ENOBUFS)
        for address, plan, sent, sockets, drops in [
            (UDP, [(0, full)], "13", 1, 1),                          # a full buffer costs one message
            (UDP, [(0, room)], "13", 1, 1),
            (UDP, [(0, refused)], "123", 1, 0),                      # the error of an earlier message
            (UDP, [(0, refused, refused, refused, refused)], "1", 1, 2),
            ("/dev/log", [(0, refused), ()], "123", 2, 0),           # the receiver came back under a new socket
            ("/dev/log", [(0, gone), none, none], "1", 1, 2),        # the receiver is away
            ("/dev/log", [(0, gone), none, ()], "13", 2, 1),         # and back
            ("/dev/log", [none, none, none], "", 0, 3),
            ("/dev/log", [(gone,), (gone,)], "23", 2, 1),
        ]:
            del self.sent[:], self.opened[:]
            self.plan = list(plan)
            channel = Channel(address, self.open)
            self.send(channel, b"1", b"2", b"3")
            self.assertEqual(
                (b"".join(self.sent).decode(), len(self.opened), channel.drops), (sent, sockets, drops),
                (address, plan))
            self.assertEqual([sock.closed for sock in self.opened[:-1]], [True] * (len(self.opened) - 1))

    def test_reportedOnce(self):
        """
        The operator is told once that messages are lost, and where.
        """
        self.plan = [errno.ENOENT] * 3
        self.send(Channel("/dev/log", self.open), b"1", b"2", b"3")
        self.assertEqual(self.reports, ["log to /dev/log: No such file or directory"])

    def test_reportOfAddress(self):
        """
        UDP receivers are named by address and port.
        """
        self.plan = [errno.ENETUNREACH]
        self.send(Channel(UDP, self.open), b"1")
        self.assertEqual(self.reports, ["log to 127.0.0.1:514: Network is unreachable"])


class ChannelsTests(unittest.SynchronousTestCase):
    """
    Tests of L{Channels}.
    """

    def test_shared(self):
        """
        There is one channel for each distinct address; closing closes all, and the next message opens again.
        """
        sent, opened = [], []

        def open(address):
            opened.append(FakeSocket(sent))
            return opened[-1]
        channels = Channels(open)
        one, other = channels.to(UDP), channels.to("/dev/log")
        self.assertIs(channels.to(("127.0.0.1", 514)), one)
        self.assertIsNot(one, other)
        one.send(b"1")
        channels.close()
        self.assertTrue(opened[0].closed)
        one.send(b"2")
        self.assertEqual((sent, len(opened), channels.drops), ([b"1", b"2"], 2, 0))
        one.failed(b"3", BlockingIOError(errno.EAGAIN, "full"))
        other.failed(b"3", OSError(errno.ENOENT, "none"))
        self.assertEqual(channels.drops, 2)


class OpenDatagramTests(unittest.SynchronousTestCase):
    """
    Tests of L{openDatagram}.
    """

    def test_unix(self):
        """
        A path leads to a UNIX datagram socket, which never blocks: a full one raises (LOG-02).
        """
        path = self.mktemp()
        with socket.socket(socket.AF_UNIX, socket.SOCK_DGRAM) as receiver:
            receiver.bind(path)
            with openDatagram(path) as sock:
                self.assertEqual(sock.gettimeout(), 0.0)
                sock.send(b"message\n")
                self.assertEqual(receiver.recv(100), b"message\n")
                with self.assertRaises(BlockingIOError):
                    for _ in range(100000):
                        sock.send(b"x")

    def test_missing(self):
        """
        A missing receiver is an C{OSError}, and no socket stays open.
        """
        self.assertRaises(OSError, openDatagram, self.mktemp())
