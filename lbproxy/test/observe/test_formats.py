# -*- test-case-name: lbproxy.test.observe.test_formats -*-
"""
Tests of L{lbproxy.observe.formats}.
"""

from twisted.trial import unittest

from lbproxy.observe.dates import acceptDates
from lbproxy.observe.formats import compileLine, connectLine, httpLine, tcpLine
from lbproxy.test.observe.samples import Record, front, useZone

HTTP = ('10.0.0.1:4000 [13/Feb/2009:23:31:30.125] www app/a1 8/10/15/100/150 200 560 - - ---- 4/3/2/1/0 0/0 '
        '"GET / HTTP/1.1"')
TCP = "10.0.0.1:4000 [13/Feb/2009:23:31:30.125] www app/a1 18/15/150 560 -- 4/3/2/1/0 0/0"

#: The instants of a request that came no further than the named step.
BAD = {"requestAt": None, "queuedUntil": None, "connectedAt": None, "responseAt": None}
REDIRECTED = {"queuedUntil": None, "connectedAt": None, "responseAt": None}
QUEUED = {"connectedAt": None, "responseAt": None}
CONNECTED = {"responseAt": None}


class FormatTestCase(unittest.SynchronousTestCase):
    """
    Lines are compared as a whole: the usual one with one thing changed.
    """

    line = staticmethod(httpLine)
    usual = HTTP

    def setUp(self):
        useZone(self)
        acceptDates.clear()
        self.addCleanup(acceptDates.clear)

    def check(self, was, becomes, now=100.15, **fields):
        """
        Assert that C{fields} replace C{was} by C{becomes} in the usual line.
        """
        self.assertEqual(self.usual.count(was), 1, was)
        self.assertEqual(self.line(Record(**fields), now).decode("latin-1"), self.usual.replace(was, becomes))


class HttpLineTests(FormatTestCase):
    """
    Tests of L{httpLine} (LOG-09).
    """

    def test_usual(self):
        """
        A request that went well.
        """
        self.assertEqual(httpLine(Record(), 100.15), HTTP.encode())

    def test_fields(self):
        """
        Each field has its place.
        """
        for was, becomes, fields in [
            ("10.0.0.1:4000", "::1:65535", {"sourceHost": "::1", "sourcePort": 65535}),
            ("www app", "w2 app", {"frontendName": "w2"}),
            ("app/a1", "b2/a1", {"backendName": "b2"}),
            ("app/a1", "app/<NOSRV>", {"serverName": None}),
            ("app/a1", "app/<STATS>", {"serverName": "<STATS>"}),
            (" 200 560", " -1 560", {"status": -1}),
            (" 200 560", " 200 5000000000", {"bytesOut": 5000000000}),
            ("- - ----", "SRV=x - ----", {"requestCookie": "SRV=x"}),
            ("- - ----", "- SRV=y ----", {"responseCookie": "SRV=y"}),
            ("- - ----", "- a=#22#FF ----", {"responseCookie": 'a="\xff'}),
            ("- - ----", "- - sHVN", {"cause": "s", "phase": "H", "cookieFlags": "VN"}),
            ("4/3/2/1/0 ", "9/8/7/6/3 ", {"actConn": 9, "feConn": 8, "beConn": 7, "srvConn": 6, "retries": 3}),
            ("4/3/2/1/0 ", "4/3/2/1/+3 ", {"redispatched": True, "retries": 3}),
            (" 0/0 ", " 5/6 ", {"serverQueue": 5, "backendQueue": 6}),
            (" 0/0 ", " 0/0 {www|} ", {"requestCaptures": (b"www", None)}),
            (" 0/0 ", " 0/0 {2|#7B} ", {"responseCaptures": (b"2", b"{")}),
            (" 0/0 ", " 0/0 {www} {2} ", {"requestCaptures": (b"www",), "responseCaptures": (b"2",)}),
        ]:
            self.check(was, becomes, **fields)

    def test_timers(self):
        """
        A step that was not reached shows as -1; the total is always there (LOG-13).
        """
        for becomes, fields in [
            (" -1/-1/-1/-1/150 ", BAD), (" 8/-1/-1/-1/150 ", REDIRECTED), (" 8/10/-1/-1/150 ", QUEUED),
            (" 8/10/15/-1/150 ", CONNECTED), (" 8/10/0/115/150 ", {"connectedAt": 100.018}),
            (" -1/-1/15/100/150 ", {"requestAt": None}),
        ]:
            self.check(" 8/10/15/100/150 ", becomes, **fields)

    def test_noLostMillisecond(self):
        """
        Whole milliseconds stay whole, whatever the clock says they began at; the parts never exceed the total.
        """
        for start in (0.1, 1000.3, 123456.7, 2000000.9):
            line = httpLine(Record(
                startedAt=start, requestAt=start + 0.001, queuedUntil=start + 0.003, connectedAt=start + 0.006,
                responseAt=start + 0.010), start + 0.015)
            self.assertIn(b" 1/2/3/4/15 ", line)

    def test_early(self):
        """
        With C{logasap} the total and the bytes carry a plus sign (LOG-10).
        """
        line = httpLine(Record(early=True), 100.14).decode()
        self.assertEqual(line, HTTP.replace("/150 200 560", "/+140 200 +560"))

    def test_request(self):
        """
        The request line is shown with codes, cut at 1023 characters, or as bad (LOG-20, LOG-21).
        """
        long = b"GET /" + b"x" * 2000
        for request, text in [
            (None, "<BADREQ>"), (b"", ""), (b'GET /a"bc{d}e|f%20 HTTP/1.0', "GET /a#22bc{d}e|f%20 HTTP/1.0"),
            (b"GET /\xe9t\xe9 HTTP/1.0", "GET /#E9t#E9 HTTP/1.0"), (long, long[:1023].decode()),
            (long[:1023], long[:1023].decode()), (long[:1022] + b"\xff" + b"x", long[:1022].decode() + "#FF"),
        ]:
            self.check("GET / HTTP/1.1", text, requestLine=request)


class TcpLineTests(FormatTestCase):
    """
    Tests of L{tcpLine} (LOG-08).
    """

    line = staticmethod(tcpLine)
    usual = TCP

    def test_usual(self):
        """
        A session that went well.
        """
        self.assertEqual(tcpLine(Record(), 100.15), TCP.encode())

    def test_fields(self):
        """
        Each field has its place, and the state has two letters.
        """
        for was, becomes, fields in [
            ("10.0.0.1:4000", "::1:65535", {"sourceHost": "::1", "sourcePort": 65535}),
            ("www app/a1", "w2 b2/<NOSRV>", {"frontendName": "w2", "backendName": "b2", "serverName": None}),
            (" 18/15/150 ", " -1/-1/150 ", BAD), (" 18/15/150 ", " 18/-1/150 ", QUEUED),
            (" 560 -- ", " 0 -- ", {"bytesOut": 0}),
            (" -- ", " sQ ", {"cause": "s", "phase": "Q", "cookieFlags": "NI"}),
            ("4/3/2/1/0 0/0", "9/8/7/6/+3 5/6", {
                "actConn": 9, "feConn": 8, "beConn": 7, "srvConn": 6, "retries": 3, "redispatched": True,
                "serverQueue": 5, "backendQueue": 6}),
            ("/150 560", "/+150 +560", {"early": True}),
        ]:
            self.check(was, becomes, **fields)


class ConnectLineTests(unittest.SynchronousTestCase):
    """
    Tests of L{connectLine} (LOG-07).
    """

    def test_line(self):
        """
        Both ends, the proxy and its mode in capitals.
        """
        self.assertEqual(connectLine(("10.0.0.1", 4000), ("10.0.0.9", 80), "www", "http"),
                         b"Connect from 10.0.0.1:4000 to 10.0.0.9:80 (www/HTTP)")
        self.assertEqual(connectLine(("10.0.0.1", 1), ("10.0.0.9", 2), "t", "tcp"),
                         b"Connect from 10.0.0.1:1 to 10.0.0.9:2 (t/TCP)")


class CompileLineTests(unittest.SynchronousTestCase):
    """
    Tests of L{compileLine}.
    """

    def test_choice(self):
        """
        The last log option of the frontend decides.
        """
        for logFormat, line in [("http", httpLine), ("tcp", tcpLine), (None, None)]:
            self.assertIs(compileLine(front(logFormat=logFormat)), line)
