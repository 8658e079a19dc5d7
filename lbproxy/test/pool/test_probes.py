# -*- test-case-name: lbproxy.test.pool.test_probes -*-
"""
Tests for L{lbproxy.pool.probes}.
"""

from twisted.internet.testing import StringTransport
from twisted.trial.unittest import TestCase

from lbproxy.pool.probes import HttpProbe, TcpProbe

REQUEST = b"OPTIONS / HTTP/1.0\r\n\r\n"


class Recorder(list):
    """
    A check that records what the probe says.
    """

    def connected(self):
        """
        Connected.
        """
        self.append("connected")

    def succeeded(self):
        """
        Good.
        """
        self.append("good")

    def failed(self, reason):
        """
        Bad.
        """
        self.append("bad")


class TcpProbeTests(TestCase):
    """
    A plain check (CHK-02).
    """

    def test_connected(self):
        """
        A connection is enough; it is closed at once, and its end changes nothing.
        """
        check, transport = Recorder(), StringTransport()
        probe = TcpProbe(check)
        probe.makeConnection(transport)
        self.assertEqual(check, ["connected", "good"])
        self.assertTrue(transport.disconnecting)
        self.assertEqual(transport.value(), b"")
        probe.dataReceived(b"220 hello\r\n")
        probe.connectionLost(None)
        self.assertEqual(check, ["connected", "good"])

    def test_refused(self):
        """
        No connection is a failure.
        """
        check = Recorder()
        TcpProbe(check).connectFailed(OSError(111, "refused"))
        self.assertEqual(check, ["bad"])

    def test_abandoned(self):
        """
        After the time is up nothing is said, and a connection that still comes is dropped.
        """
        check, transport = Recorder(), StringTransport()
        probe = TcpProbe(check)
        probe.abandon()
        probe.makeConnection(transport)
        self.assertEqual(check, [])
        self.assertTrue(transport.disconnected)


class HttpProbeTests(TestCase):
    """
    C{option httpchk} (CHK-03, CHK-04).
    """

    def ask(self, *pieces):
        """
        @return: what the probe says to an answer in these pieces, C{None} being the end.
        """
        check, transport = Recorder(), StringTransport()
        probe = HttpProbe(check, REQUEST)
        probe.makeConnection(transport)
        self.assertEqual(transport.value(), REQUEST)
        self.assertFalse(transport.disconnecting)
        for piece in pieces:
            if piece is None:
                probe.connectionLost(None)
            else:
                probe.dataReceived(piece)
        self.assertTrue(transport.disconnecting or None in pieces)
        return check[1:]

    def test_verdicts(self):
        """
        Classes 2xx and 3xx of HTTP/1 are good; only the first bytes count, and thirteen of them are needed.
        """
        for pieces, expected in [
            ([b"HTTP/1.0 200 OK\r\n\r\n"], "good"), ([b"HTTP/1.1 302 Found\r\n"], "good"),
            ([b"HTTP/1.1 200 \r"], "good"),
            ([b"HTTP/1.0 404 Not Found\r\n\r\n"], "bad"), ([b"HTTP/1.0 500 Oops\r\n\r\n"], "bad"),
            ([b"HTTP/1.0 101 Up\r\n\r\n"], "bad"), ([b"HTTP/2.0 200 OK\r\n\r\n"], "bad"),
            ([b"SSH-2.0-OpenSSH_9\r\n"], "bad"),
            ([b"HTTP/1.0 200"], "bad"), ([b"HTTP/1.0 20", b"0 OK\r\n\r\n"], "bad"), ([None], "bad"),
            ([b"HTTP/1.0 200 OK\r\n\r\n", b"HTTP/1.0 500 \r\n", None], "good"), ([b"x", b"HTTP/1.0 200 OK\r\n"], "bad"),
        ]:
            self.assertEqual(self.ask(*pieces), [expected], pieces)
