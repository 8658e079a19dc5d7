# -*- test-case-name: lbproxy.test.net.test_transport -*-
"""
Tests for L{lbproxy.net.transport}, on a reactor of their own that is stepped by hand, and socket pairs.
"""

import socket

from twisted.internet import error, interfaces, protocol
from twisted.trial import unittest
from zope.interface import implementer
from zope.interface.verify import verifyObject

from lbproxy.net.seen import pendingBytes
from lbproxy.net.transport import READ_LARGE, READ_SMALL, LeanConnection

try:
    from lbproxy.net.reactor import LeanReactor
except ImportError:  # no epoll on this system
    LeanReactor = None


@implementer(interfaces.IHalfCloseableProtocol)
class Recorder(protocol.Protocol):
    """
    Notes everything that happens, and may be a producer.
    """

    def __init__(self):
        self.events = []

    def dataReceived(self, data):
        self.events.append(("data", data))

    def readConnectionLost(self):
        self.events.append(("read end",))

    def writeConnectionLost(self):
        self.events.append(("write end",))

    def connectionLost(self, reason=None):
        self.events.append(("lost", reason.type))

    def pauseProducing(self):
        self.events.append(("pause",))

    def resumeProducing(self):
        self.events.append(("resume",))

    def stopProducing(self):
        self.events.append(("stop",))


class Whole(protocol.Protocol):
    """
    A protocol that knows no half-closed connections.
    """

    def __init__(self):
        self.events = []

    def dataReceived(self, data):
        self.events.append(("data", data))

    def connectionLost(self, reason=None):
        self.events.append(("lost", reason.type))


class LeanTestCase(unittest.TestCase):
    """
    A reactor that is not installed, stepped by hand.
    """

    if LeanReactor is None:
        skip = "needs epoll"

    def setUp(self):
        self.reactor = LeanReactor()
        self.sockets = []

    def tearDown(self):
        for connection in list(self.reactor.lean.values()):
            connection.connectionLost()
        for sock in self.sockets:
            sock.close()
        self.reactor._poller.close()
        for waker in list(self.reactor._internalReaders):
            waker.connectionLost(None)

    def turn(self, count=3):
        """
        A few turns that do not wait.
        """
        for _ in range(count):
            self.reactor.doPoll(0)

    def pair(self, proto=None):
        """
        @return: C{(transport, protocol, peer socket)}.
        """
        ours, theirs = socket.socketpair()
        ours.setblocking(False)
        theirs.setblocking(False)
        self.sockets.append(theirs)
        proto = proto or Recorder()
        transport = LeanConnection(self.reactor, ours, proto, ("127.0.0.1", 1))
        proto.makeConnection(transport)
        return transport, proto, theirs


class LeanConnectionTests(LeanTestCase):
    """
    The write-through transport.
    """

    def fill(self, transport):
        """
        Write until output waits.
        """
        block = b"x" * 65536
        for _ in range(1000):
            transport.write(block)
            if transport.pending:
                return
        self.fail("the kernel takes everything")

    def drain(self, sock, rounds=1000):
        received = b""
        for _ in range(rounds):
            try:
                piece = sock.recv(1 << 20)
            except BlockingIOError:
                self.turn(1)
                try:
                    piece = sock.recv(1 << 20)
                except BlockingIOError:
                    break
            if not piece:
                break
            received += piece
        return received

    def test_interface(self):
        """
        It is an ordinary TCP transport.
        """
        transport, _, _ = self.pair()
        verifyObject(interfaces.ITCPTransport, transport)

    def test_writeThrough(self):
        """
        What is written is with the peer before the reactor turns.
        """
        transport, _, peer = self.pair()
        transport.write(b"hello")
        self.assertEqual(peer.recv(10), b"hello")
        transport.writeSequence([b"a", b"b"])
        self.assertEqual(peer.recv(10), b"ab")
        self.assertEqual(transport.pending, 0)

    def test_receives(self):
        """
        Input arrives, and its end is told apart from the end of the connection.
        """
        transport, proto, peer = self.pair()
        peer.send(b"hello")
        peer.shutdown(socket.SHUT_WR)
        self.turn()
        self.assertEqual(proto.events, [("data", b"hello"), ("read end",)])
        transport.write(b"still here")
        self.assertEqual(peer.recv(20), b"still here")

    def test_endWithoutHalfClose(self):
        """
        A protocol that knows no half-close sees the end of the connection.
        """
        _, proto, peer = self.pair(Whole())
        peer.close()
        self.turn()
        self.assertEqual(proto.events, [("lost", error.ConnectionDone)])

    def test_pendingOutput(self):
        """
        Output that the kernel does not take waits, its producer is paused and resumed, and nothing is lost or reordered.
        """
        transport, proto, peer = self.pair()
        transport.registerProducer(proto, True)
        self.fill(transport)
        transport.write(b"first ")
        transport.write(b"second")
        self.assertEqual(proto.events, [("pause",)])
        self.assertEqual(pendingBytes(transport), transport.pending)
        received = self.drain(peer)
        self.assertTrue(received.endswith(b"xfirst second"))
        self.assertEqual(len(received.rstrip(b"first second")) % 65536, 0)
        self.assertEqual(proto.events, [("pause",), ("resume",)])
        self.assertEqual(transport.pending, 0)

    def test_closeAfterPending(self):
        """
        A close waits for output that waits.
        """
        transport, proto, peer = self.pair()
        self.fill(transport)
        transport.loseConnection()
        transport.write(b"too late")
        self.turn()
        self.assertEqual(proto.events, [])
        received = self.drain(peer)
        self.assertEqual(received.strip(b"x"), b"")
        self.turn()
        self.assertEqual(proto.events, [("lost", error.ConnectionDone)])

    def test_notCalledBackInside(self):
        """
        Closing tells the protocol at the end of the turn, not from inside the call.
        """
        transport, proto, _ = self.pair()
        transport.loseConnection()
        self.assertEqual(proto.events, [])
        self.assertEqual(transport.fileno(), -1)
        self.turn(1)
        self.assertEqual(proto.events, [("lost", error.ConnectionDone)])

    def test_halfClose(self):
        """
        Closing our output leaves input open.
        """
        transport, proto, peer = self.pair()
        transport.write(b"bye")
        transport.loseWriteConnection()
        self.assertEqual(peer.recv(10), b"bye")
        self.assertEqual(peer.recv(10), b"")
        peer.send(b"answer")
        self.turn()
        self.assertEqual(proto.events, [("write end",), ("data", b"answer")])

    def test_halfCloseAfterPending(self):
        """
        Closing our output waits for output that waits.
        """
        transport, proto, peer = self.pair()
        self.fill(transport)
        transport.loseWriteConnection()
        self.assertNotIn(("write end",), proto.events)
        self.drain(peer)
        self.assertEqual(proto.events, [("write end",)])

    def test_paused(self):
        """
        A paused connection leaves input in the kernel, even when the peer is gone, and gives it out before the end.
        """
        transport, proto, peer = self.pair()
        transport.pauseProducing()
        peer.send(b"last words")
        peer.close()
        self.turn()
        self.assertEqual(proto.events, [])
        self.assertFalse(self.reactor._poller.poll(0, 10) and transport.events >= 0)
        transport.resumeProducing()
        self.turn()
        self.assertEqual(proto.events[:2], [("data", b"last words"), ("read end",)])

    def test_writeToGonePeer(self):
        """
        When the peer takes nothing more, what it sent before is still delivered, then the loss.
        """
        transport, proto, peer = self.pair()
        peer.send(b"last words")
        peer.close()
        transport.write(b"x")
        transport.write(b"y")
        self.turn()
        self.assertEqual(proto.events[0], ("data", b"last words"))
        self.assertEqual(transport.pending, 0)

    def test_abort(self):
        """
        An abort is told as such.
        """
        transport, proto, _ = self.pair()
        transport.abortConnection()
        self.turn(1)
        self.assertEqual(proto.events, [("lost", error.ConnectionAborted)])
        transport.abortConnection()
        transport.loseConnection()
        self.turn(1)
        self.assertEqual(len(proto.events), 1)

    def test_readSize(self):
        """
        Full reads make the read size grow, a short one shrinks it: bulk is cheap, and idle connections hold no buffer.
        """
        transport, proto, peer = self.pair()
        peer.setsockopt(socket.SOL_SOCKET, socket.SO_SNDBUF, 1 << 20)
        sizes = set()
        for _ in range(20):
            try:
                peer.send(b"x" * (1 << 19))
            except BlockingIOError:
                pass
            self.turn(1)
            sizes.add(transport.readSize)
        self.assertIn(READ_LARGE, sizes)
        self.turn(50)
        peer.send(b"short")
        self.turn()
        self.assertEqual(proto.events[-1], ("data", b"short"))
        self.assertEqual(transport.readSize, READ_SMALL)

    def test_brokenProtocol(self):
        """
        A protocol that raises loses its own connection only.
        """

        class Broken(Recorder):
            def dataReceived(self, data):
                raise ValueError("broken")

        transport, proto, peer = self.pair(Broken())
        _, other, otherPeer = self.pair()
        peer.send(b"x")
        otherPeer.send(b"x")
        self.turn()
        self.assertEqual(len(self.flushLoggedErrors(ValueError)), 1)
        self.assertEqual(proto.events[0][0], "lost")
        self.assertEqual(other.events, [("data", b"x")])

    def test_resetWhileOutputWaits(self):
        """
        A peer that goes away while output waits and input is paused is noticed, not left for ever.
        """
        transport, proto, peer = self.pair()
        self.fill(transport)
        transport.pauseProducing()
        peer.close()
        self.turn()
        self.assertEqual([event[0] for event in proto.events], ["lost"])
