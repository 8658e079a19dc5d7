"""
Tests for L{lbproxy.net.memory}.
"""

from twisted.internet import protocol
from twisted.trial.unittest import TestCase

from lbproxy.net.memory import MemoryTransport, Network


class Noting(protocol.Protocol):
    """
    Notes what it is told.
    """

    def __init__(self):
        self.told = []

    def connectionMade(self):
        self.told.append("made")

    def dataReceived(self, data):
        self.told.append(data)

    def connectionLost(self, reason=protocol.connectionDone):
        self.told.append(reason.type.__name__)

    def connectFailed(self, reason):
        self.told.append(reason)

    def pauseProducing(self):
        self.told.append("pause")

    def resumeProducing(self):
        self.told.append("resume")


class MemoryTransportTests(TestCase):
    """
    It behaves as a transport does.
    """

    def setUp(self):
        self.noting = Noting()
        self.transport = MemoryTransport(self.noting).connect()

    def test_backPressure(self):
        """
        Its producer is paused while the other end takes nothing, and goes on afterwards; closing waits for it.
        """
        self.transport.registerProducer(self.noting, True)
        self.transport.room = 3
        self.transport.write(b"abcde")
        self.assertEqual((self.transport.sent, self.transport.pending, self.noting.told[-1]), (b"abc", 2, "pause"))
        self.transport.loseConnection()
        self.assertFalse(self.transport.lost)
        self.transport.take()
        self.assertEqual((self.transport.sent, self.transport.lost, self.noting.told[-1]), (b"abcde", True, "ConnectionDone"))

    def test_abort(self):
        """
        Aborting drops what waits.
        """
        self.transport.room = 0
        self.transport.write(b"abc")
        self.transport.abortConnection()
        self.assertEqual((self.transport.sent, self.noting.told[-1]), (b"", "ConnectionAborted"))


class NetworkTests(TestCase):
    """
    Servers behave as they are told.
    """

    def test_behaviours(self):
        """
        They accept, refuse, or let wait.
        """
        network = Network()
        network.behaviour.update({("a", 1): "accept", ("b", 1): "refuse"})
        told = []
        for host in "abc":
            noting = Noting()
            network.newConnector(host, 1, None).open(noting)
            told.append(noting.told)
        self.assertEqual((told[0], told[1][0].strerror, told[2]), (["made"], "refused", []))
        self.assertEqual((len(network.attempts), len(network.transports)), (3, 1))
