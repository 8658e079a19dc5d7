# -*- test-case-name: lbproxy.test.observe.test_snapshots -*-
"""
Tests of L{lbproxy.observe.snapshots}.
"""

from twisted.trial import unittest

from lbproxy.observe.dates import acceptDates
from lbproxy.observe.snapshots import dump, snapshotOf
from lbproxy.test.observe.samples import DATE, House, Record, back, front, server, useZone


def exchange(withServer):
    """
    @return: what the session room hands over, with or without a chosen backend and server.
    """
    house = House(front(), back(servers=[server("s1", 5)]))
    record = Record()
    record.client = house.open()
    record.backend = house.proxies[1] if withServer else None
    record.server = house.proxies[1].pool.servers[0] if withServer else None
    return record


class SnapshotTests(unittest.SynchronousTestCase):
    """
    Tests of L{ErrorSnapshot<lbproxy.observe.snapshots.ErrorSnapshot>} (STA-30, reference 18).
    """

    def setUp(self):
        useZone(self)
        acceptDates.clear()
        self.addCleanup(acceptDates.clear)

    def text(self, *arguments):
        """
        @return: the whole description.
        """
        return "".join(snapshotOf(*arguments, DATE).lines())

    def test_request(self):
        """
        A bad request names its frontend, the client, and what was chosen so far, which is nothing.
        """
        message = b"GET / HTTP/1.0\r\nGood: 1\r\nbad header\r\n\r\n"
        self.assertEqual(self.text(exchange(False), message, 28, False), (
            "\n[13/Feb/2009:23:31:30.125] frontend web (#1): invalid request\n"
            "  src 10.0.0.1, session #1, backend web (#1), server <NONE> (#-1)\n"
            "  request length 39 bytes, error at position 28:\n"
            "\n"
            "  00000  GET / HTTP/1.0\\r\\n\n"
            "  00016  Good: 1\\r\\n\n"
            "  00025  bad header\\r\\n\n"
            "  00037  \\r\\n\n"))

    def test_response(self):
        """
        A bad response names its backend, the frontend and the server.
        """
        self.assertEqual(self.text(exchange(True), b"HTTP/1.0 200 OK\r\nbad \x01header\r\n\r\n", 20, True), (
            "\n[13/Feb/2009:23:31:30.125] backend bk (#2) : invalid response\n"
            "  src 10.0.0.1, session #1, frontend web (#1), server s1 (#5)\n"
            "  response length 32 bytes, error at position 20:\n"
            "\n"
            "  00000  HTTP/1.0 200 OK\\r\\n\n"
            "  00017  bad \\x01header\\r\\n\n"
            "  00030  \\r\\n\n"))

    def test_concerns(self):
        """
        It belongs to both of its proxies.
        """
        snapshot = snapshotOf(exchange(True), b"x", 0, True, DATE)
        self.assertEqual([snapshot.concerns(iid) for iid in (-1, 0, 1, 2, 3)], [True, False, True, True, False])


class DumpTests(unittest.SynchronousTestCase):
    """
    Tests of L{dump}.
    """

    def test_escapes(self):
        """
        Controls, backslash and bytes above 126 are escaped, each line feed ends a line.
        """
        self.assertEqual(list(dump(b"\t\r\x1b\\\x00\x7f\xff~\na\n\n")), [
            "  00000  \\t\\r\\e\\\\\\x00\\x7F\\xFF~\\n\n", "  00009  a\\n\n", "  00011  \\n\n"])
        self.assertEqual(list(dump(b"")), [])

    def test_columns(self):
        """
        A line has at most 79 columns; its continuation is marked, and an escape is never cut.
        """
        for message, lines in [
            (b"x" * 70, ["  00000  " + "x" * 70]),
            (b"x" * 71, ["  00000  " + "x" * 70, "  00070+ x"]),
            (b"x" * 67 + b"\xff", ["  00000  " + "x" * 67, "  00067+ \\xFF"]),
            (b"x" * 68 + b"\n", ["  00000  " + "x" * 68 + "\\n"]),
            (b"x" * 69 + b"\ny", ["  00000  " + "x" * 69, "  00069+ \\n", "  00070  y"]),
        ]:
            self.assertEqual([line[:-1] for line in dump(message)], lines)

    def test_nothingLost(self):
        """
        Every byte is shown once, at its offset.
        """
        lines = list(dump(bytes(range(256)) * 5))
        self.assertTrue(all(len(line) <= 80 for line in lines))
        text = "".join(line[9:-1] for line in lines)
        self.assertEqual(text.encode().decode("unicode_escape").replace("\\e", "\x1b"),
                         "".join(map(chr, range(256))) * 5)
