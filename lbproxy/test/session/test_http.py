# -*- test-case-name: lbproxy.test.session.test_http -*-
"""
Tests for HTTP mode: L{lbproxy.session.httpclient}, L{lbproxy.session.response}, L{lbproxy.session.httpserver}.
"""

from twisted.trial import unittest

from lbproxy.test.memory import House, state

GET = b"GET /x HTTP/1.1\r\nHost: www\r\n\r\n"
OLD = b"GET /x HTTP/1.0\r\n\r\n"
OK = b"HTTP/1.1 200 OK\r\nContent-Length: 2\r\n\r\nok"


class HttpCase(unittest.TestCase):
    """
    One server C{a} that accepts.
    """

    def setUp(self):
        self.build()

    def build(self, **settings):
        self.house = House(**settings)
        self.house.behave(a="accept")

    def assertAnswered(self, client, status, letters, generated=True):
        """
        The client got that status, and the log says those letters.
        """
        self.assertEqual(client.read()[:12].split(b" ")[1:], [b"%d" % status] if status else [])
        self.assertEqual((self.house.logs[-1].status, state(self.house.logs[-1])), (status or -1, letters))


class KeepAliveTests(HttpCase):
    """
    Persistent connections on both sides (HTP-09, reference 23).
    """

    def test_twoRequests(self):
        """
        Two requests of a connection are two log lines, over one server connection; the slot is free in between.
        """
        client = self.house.client(GET)
        server = self.house.origin()
        self.assertEqual(server.read(), GET)
        server.receive(OK)
        self.assertEqual(client.read(), OK)
        self.assertEqual(self.house.server("a").served, 0)
        client.receive(GET)
        server.receive(OK)
        self.assertEqual((client.read(), server.read()), (OK, GET))
        self.assertEqual(len(self.house.network.transports), 1)
        self.assertEqual([(one.status, state(one), one.serverName) for one in self.house.logs], [(200, "--", "a")] * 2)
        server = self.house.server("a")
        self.assertEqual((server.cumulated, server.selected), (2, 2))
        client.end()
        self.house.assertQuiet(self)
        self.assertEqual(len(self.house.logs), 2)

    def test_pipelined(self):
        """
        Pipelined requests are served one after the other, in order.
        """
        client = self.house.client(GET + GET.replace(b"/x", b"/y"))
        server = self.house.origin()
        self.assertEqual(server.read(), GET)
        server.receive(OK)
        self.assertEqual(server.read(), GET.replace(b"/x", b"/y"))
        server.receive(OK)
        self.assertEqual(client.read(), OK + OK)
        self.assertEqual([one.request.uri for one in self.house.logs], [b"/x", b"/y"])

    def test_pipelineWaitsForReader(self):
        """
        The next pipelined request waits until the client has taken the previous response: memory is bounded.
        """
        client = self.house.client()
        client.room = 0
        client.receive(GET + GET)
        server = self.house.origin()
        server.receive(OK)
        self.assertEqual(server.read(), GET)
        client.take()
        self.assertEqual(server.read(), GET)

    def test_idleTimeout(self):
        """
        An idle connection is closed after timeout http-keep-alive without a word or a log line.
        """
        client = self.house.client(GET)
        self.house.origin().receive(OK)
        client.read()
        self.house.step(9.9)
        self.assertFalse(client.lost)
        self.house.step(0.2)
        self.assertTrue(client.lost)
        self.assertEqual(client.read(), b"")
        self.assertEqual(len(self.house.logs), 1)
        self.house.assertQuiet(self)

    def test_timersOfSecondRequest(self):
        """
        The second request counts from its first byte: idle time is in no timer.
        """
        client = self.house.client(GET)
        self.house.origin().receive(OK)
        self.house.step(3)
        client.receive(GET[:10])
        self.house.step(1)
        client.receive(GET[10:])
        self.house.origin().receive(OK)
        second = self.house.logs[1]
        self.assertEqual(second.requestAt - second.startedAt, 1)
        self.assertEqual(second.endedAt - second.startedAt, 1)

    def test_clientSaysClose(self):
        """
        A client that says close is closed after the response, and told so; the server connection is kept all the same.
        """
        client = self.house.client(b"GET / HTTP/1.1\r\nConnection: close\r\n\r\n")
        server = self.house.origin()
        self.assertEqual(server.read(), b"GET / HTTP/1.1\r\n\r\n")
        server.receive(OK)
        self.assertIn(b"\r\nConnection: close\r\n", client.read())
        self.assertTrue(client.lost)
        self.assertFalse(server.lost)
        self.assertEqual(len(self.house.server("a").idle), 1)
        self.house.assertQuiet(self)

    def test_oldClient(self):
        """
        HTTP/1.0 without keep-alive: one exchange, no pooling; with it, the connection stays and says so.
        """
        client = self.house.client(OLD)
        server = self.house.origin()
        self.assertEqual(server.read(), OLD)
        server.receive(OK)
        self.assertTrue(client.lost and server.lost)
        client = self.house.client(b"GET / HTTP/1.0\r\nConnection: keep-alive\r\n\r\n")
        self.house.origin().receive(OK)
        self.assertIn(b"\r\nConnection: keep-alive\r\n", client.read())
        self.assertFalse(client.lost)

    def test_untilClose(self):
        """
        A response without a length lasts until the server closes, and so does the client's connection.
        """
        client = self.house.client(GET)
        server = self.house.origin()
        server.receive(b"HTTP/1.1 200 OK\r\n\r\nabc")
        server.receive(b"def")
        self.assertFalse(client.lost)
        server.end()
        self.assertTrue(client.read().endswith(b"\r\n\r\nabcdef"))
        self.assertTrue(client.lost)
        self.assertEqual(state(self.house.logs[0]), "--")
        self.house.assertQuiet(self)

    def test_bytesBehindResponse(self):
        """
        Bytes behind a response make the server connection unusable; the client never sees them.
        """
        client = self.house.client(GET)
        server = self.house.origin()
        server.receive(OK + b"HTTP/1.1 200 OK\r\n")
        self.assertEqual(client.read(), OK)
        self.assertTrue(server.lost)
        self.assertEqual(self.house.server("a").idle, [])

    def test_idleServerSpeaks(self):
        """
        Bytes from an idle server connection close it.
        """
        self.house.client(GET)
        server = self.house.origin()
        server.receive(OK)
        server.receive(b"HTTP/1.1 408 Timeout\r\n\r\n")
        self.assertTrue(server.lost)
        self.assertEqual(self.house.server("a").idle, [])

    def test_idleServerExpires(self):
        """
        An idle server connection is closed after the server timeout.
        """
        self.house.client(GET)
        server = self.house.origin()
        server.receive(OK)
        self.house.step(7.9)
        self.assertFalse(server.lost)
        self.house.step(0.2)
        self.assertTrue(server.lost)
        self.assertEqual(self.house.server("a").idle, [])

    def test_idleServerGoesDown(self):
        """
        Idle connections of a server that goes down are closed.
        """
        self.house.client(GET)
        server = self.house.origin()
        server.receive(OK)
        self.house.pool.markDown(self.house.server("a"))
        self.assertTrue(server.lost)

    def test_mostRecentFirst(self):
        """
        The most recently used idle connection is taken.
        """
        clients = [self.house.client(GET), self.house.client(GET)]
        first, second = self.house.network.transports
        second.receive(OK)
        first.receive(OK)
        first.read(), second.read()
        clients[0].receive(GET)
        self.assertEqual((first.read(), second.read()), (GET, b""))

    def test_httpclose(self):
        """
        httpclose announces the close on both sides and closes both when the response ends (HTP-10).
        """
        self.build(httpClose=True)
        client = self.house.client(GET)
        server = self.house.origin()
        self.assertIn(b"\r\nConnection: close\r\n", server.read())
        server.receive(OK)
        self.assertIn(b"\r\nConnection: close\r\n", client.read())
        self.assertTrue(client.lost and server.lost)
        self.house.assertQuiet(self)

    def test_forceclose(self):
        """
        With forceclose a server whose close alone ends the response gets our close as soon as it starts to answer.
        """
        self.build(forceClose=True)
        self.house.client(GET)
        server = self.house.origin()
        self.assertFalse(server.writeEnded)
        server.receive(b"HTTP/1.0 200 OK\r\n\r\nx")
        self.assertTrue(server.writeEnded)

    def test_stopping(self):
        """
        During a soft stop the response says close, and nothing is kept.
        """
        client = self.house.client(GET)
        self.house.balancer.stopping = True
        self.house.origin().receive(OK)
        self.assertIn(b"Connection: close", client.read())
        self.assertTrue(client.lost)
        self.assertEqual(self.house.server("a").idle, [])


class StaleTests(HttpCase):
    """
    Reused connections found dead (reference 23).
    """

    def idle(self):
        self.client = self.house.client(GET)
        self.first = self.house.origin()
        self.first.receive(OK)
        self.client.read()

    def test_replaced(self):
        """
        A dead reused connection is replaced without anybody noticing.
        """
        self.idle()
        self.client.receive(GET)
        self.first.end()
        second = self.house.origin()
        self.assertIsNot(second, self.first)
        self.assertEqual(second.read(), GET)
        second.receive(OK)
        self.assertEqual(self.client.read(), OK)
        server = self.house.server("a")
        self.assertEqual((server.cumulated, server.retries, server.connectErrors, server.responseErrors), (2, 0, 0, 0))
        self.assertEqual(self.house.logs[1].retries, 0)

    def test_onlyOnce(self):
        """
        A new connection that is closed without answer is a 502 as ever.
        """
        self.idle()
        self.client.receive(GET)
        self.first.end()
        self.house.origin().end()
        self.assertAnswered(self.client, 502, "SH")
        self.house.assertQuiet(self)

    def test_notAfterFirstByte(self):
        """
        Once a byte of the response was there the request is not repeated.
        """
        self.idle()
        self.client.receive(GET)
        self.first.receive(b"HTTP/1.1 2")
        self.first.end()
        self.assertAnswered(self.client, 502, "SH")
        self.assertEqual(len(self.house.network.transports), 1)

    def test_notForPost(self):
        """
        A POST that was written is not repeated.
        """
        self.idle()
        self.first.getHandle = lambda: self
        self.client.receive(b"POST / HTTP/1.1\r\nContent-Length: 1\r\n\r\nx")
        self.first.end()
        self.assertAnswered(self.client, 502, "SH")

    def recv(self, _size, _flags):
        raise BlockingIOError

    def test_withBody(self):
        """
        A PUT whose body was written together with its head is sent again whole.
        """
        self.idle()
        put = b"PUT / HTTP/1.1\r\nContent-Length: 1\r\n\r\nx"
        self.client.receive(put)
        self.first.reset()
        self.assertEqual(self.house.origin().read(), put)


class RequestHeadTests(HttpCase):
    """
    Waiting for a head, and bad ones.
    """

    def test_pieces(self):
        """
        A head may come byte by byte.
        """
        client = self.house.client(*[GET[i:i + 1] for i in range(len(GET))])
        self.assertEqual(self.house.origin().read(), GET)
        self.assertEqual(client.read(), b"")

    def test_requestTimeout(self):
        """
        timeout http-request bounds the whole head, whatever trickles in: 408 cR (HTP-12).
        """
        self.build(timeouts={"httpRequest": 3.0})
        client = self.house.client()
        for byte in GET[:5]:
            client.receive(bytes([byte]))
            self.house.step(0.55)
        self.assertEqual(self.house.logs, [])
        self.house.step(0.3)
        self.assertAnswered(client, 408, "cR")
        self.assertIsNone(self.house.logs[0].requestLine)
        self.assertEqual(self.house.frontend.counters.failedRequests, 1)

    def test_clientTimeout(self):
        """
        Without it the client timeout applies between two pieces (HTP-13).
        """
        client = self.house.client(GET[:5])
        self.house.step(9)
        client.receive(GET[5:8])
        self.house.step(9)
        self.assertEqual(self.house.logs, [])
        self.house.step(1.1)
        self.assertAnswered(client, 408, "cR")

    def test_ends(self):
        """
        A client that ends before its head does gets 400 CR; a reset gets nothing (HTP-14).
        """
        client = self.house.client(GET[:5])
        client.end()
        self.assertAnswered(client, 400, "CR")
        client = self.house.client()
        client.end()
        self.assertAnswered(client, 400, "CR")
        self.house.client(GET[:5]).reset()
        self.assertEqual(state(self.house.logs[2]), "CR")
        self.assertEqual(self.house.frontend.counters.failedRequests, 3)
        self.house.assertQuiet(self)

    def test_nothingLogged(self):
        """
        With dontlognull a silent connection is not logged; one byte is enough to be (LOG-16).
        """
        self.build(front_dontLogNull=True, timeouts={"httpRequest": 1.0})
        self.house.client().end()
        self.house.client().reset()
        self.house.client()
        self.house.step(1.1)
        self.assertEqual(self.house.logs, [])
        self.house.client(b"G").end()
        self.assertEqual(len(self.house.logs), 1)

    def test_bad(self):
        """
        What is no HTTP is refused with 400 PR, kept for show errors, and no server sees it.
        """
        client = self.house.client(b"GET / HTTP/1.1\r\nbad header\r\n\r\n")
        self.assertAnswered(client, 400, "PR")
        self.assertEqual(self.house.network.attempts, [])
        exchange, data, position, isResponse = self.house.bad[0]
        self.assertEqual((position, isResponse), (19, False))

    def test_smuggled(self):
        """
        Both a length and chunks: refused, and what follows is not taken for a request.
        """
        client = self.house.client(
            b"POST / HTTP/1.1\r\nContent-Length: 4\r\nTransfer-Encoding: chunked\r\n\r\n0\r\n\r\n" + GET)
        self.assertAnswered(client, 400, "PR")
        self.assertEqual(self.house.network.attempts, [])
        self.assertEqual(len(self.house.logs), 1)

    def test_drained(self):
        """
        After an answer to a request that was not read whole, output is closed first and input drained a while.
        """
        client = self.house.client(b"nonsense\r\n\r\n")
        self.assertTrue(client.writeEnded)
        self.assertFalse(client.lost)
        client.receive(b"more nonsense")
        self.house.step(1.1)
        self.assertTrue(client.lost)
        self.house.assertQuiet(self)


class BodyTests(HttpCase):
    """
    Bodies in both directions.
    """

    POST = b"POST / HTTP/1.1\r\nContent-Length: 10\r\n\r\n"

    def test_length(self):
        """
        A body with a length flows as it comes; what follows is the next request.
        """
        client = self.house.client(self.POST + b"01234")
        server = self.house.origin()
        self.assertEqual(server.read(), self.POST + b"01234")
        client.receive(b"56789" + GET)
        self.assertEqual(server.read(), b"56789")
        server.receive(OK)
        self.assertEqual(server.read(), GET)

    def test_chunked(self):
        """
        A chunked body passes unchanged, trailers included.
        """
        head = b"POST / HTTP/1.1\r\nTransfer-Encoding: chunked\r\n\r\n"
        body = b"5\r\nhello\r\n0\r\nX: y\r\n\r\n"
        client = self.house.client(head)
        for index in range(len(body)):
            client.receive(body[index:index + 1])
        server = self.house.origin()
        self.assertEqual(server.read(), head + body)
        server.receive(b"HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n" + body)
        self.assertTrue(client.read().endswith(body))
        self.assertEqual(len(self.house.server("a").idle), 1)
        self.assertEqual(self.house.logs[0].bytesIn, len(head + body))

    def test_badChunk(self):
        """
        A broken chunk size is 400 as long as no response byte was sent.
        """
        client = self.house.client(b"POST / HTTP/1.1\r\nTransfer-Encoding: chunked\r\n\r\nzz\r\n")
        self.assertAnswered(client, 400, "PR")
        self.assertTrue(self.house.origin().lost)

    def test_badChunkFromServer(self):
        """
        From a server it breaks off the response: SD.
        """
        client = self.house.client(GET)
        self.house.origin().receive(b"HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n2\r\nab\r\nzz\r\n")
        self.assertEqual(state(self.house.logs[0]), "SD")
        self.assertTrue(client.lost)

    def test_answeredEarly(self):
        """
        A server that answers before the body is complete: the response passes, then both connections close.
        """
        client = self.house.client(self.POST + b"01")
        server = self.house.origin()
        server.receive(OK)
        self.assertTrue(client.read().endswith(b"ok"))
        self.assertTrue(server.lost)
        self.assertTrue(client.writeEnded)
        self.house.step(1.1)
        self.assertTrue(client.lost)

    def test_truncated(self):
        """
        A server that closes before the announced end: the client's connection closes too, SD.
        """
        client = self.house.client(GET)
        server = self.house.origin()
        server.receive(b"HTTP/1.1 200 OK\r\nContent-Length: 10\r\n\r\n123")
        server.end()
        self.assertTrue(client.lost)
        self.assertEqual((self.house.logs[0].status, state(self.house.logs[0])), (200, "SD"))
        self.house.assertQuiet(self)

    def test_head(self):
        """
        The response to HEAD ends with its head.
        """
        client = self.house.client(b"HEAD / HTTP/1.1\r\nHost: www\r\n\r\n")
        self.house.origin().receive(b"HTTP/1.1 200 OK\r\nContent-Length: 12345\r\n\r\n")
        self.assertEqual(len(self.house.logs), 1)
        self.assertFalse(client.lost)

    def test_slowClient(self):
        """
        A client that does not read stops the reading of the server, and the exchange is over only when it has taken all.
        """
        client = self.house.client(GET)
        server = self.house.origin()
        client.room = 0
        server.receive(b"HTTP/1.1 200 OK\r\nContent-Length: 10\r\n\r\n123")
        self.assertFalse(server.reading)
        client.take()
        self.assertTrue(server.reading)
        client.room = 0
        server.receive(b"4567890")
        self.assertEqual(self.house.logs, [])
        self.assertEqual(self.house.server("a").served, 0)
        client.take()
        self.assertEqual(state(self.house.logs[0]), "--")

    def test_slowServer(self):
        """
        A server that does not take the body stops the reading of the client.
        """
        self.house.behave(a="wait")
        client = self.house.client(self.POST)
        attempt = self.house.network.attempts[0]
        server = attempt.accept()
        server.room = 0
        client.receive(b"01234")
        self.assertFalse(client.reading)
        server.take()
        self.assertTrue(client.reading)

    def test_continue(self):
        """
        100 Continue passes; the response proper is the one that is logged (HTP-34).
        """
        client = self.house.client(b"POST / HTTP/1.1\r\nExpect: 100-continue\r\nContent-Length: 2\r\n\r\n")
        server = self.house.origin()
        server.receive(b"HTTP/1.1 100 Continue\r\n\r\n")
        self.assertEqual(client.read(), b"HTTP/1.1 100 Continue\r\n\r\n")
        client.receive(b"hi")
        server.receive(OK)
        self.assertEqual(client.read(), OK)
        self.assertEqual(self.house.logs[0].status, 200)

    def test_upgrade(self):
        """
        101 makes a tunnel, logged at its end.
        """
        client = self.house.client(b"GET / HTTP/1.1\r\nConnection: Upgrade\r\nUpgrade: websocket\r\n\r\n")
        server = self.house.origin()
        self.assertIn(b"Upgrade: websocket", server.read())
        server.receive(b"HTTP/1.1 101 Switching\r\nConnection: Upgrade\r\nUpgrade: websocket\r\n\r\n\x81\x00")
        self.assertTrue(client.read().endswith(b"\r\n\r\n\x81\x00"))
        client.receive(b"\x01\x02")
        self.assertEqual(server.read(), b"\x01\x02")
        self.assertEqual(self.house.logs, [])
        server.end()
        client.end()
        self.assertEqual((self.house.logs[0].status, state(self.house.logs[0])), (101, "--"))
        self.house.assertQuiet(self)


class AnswerTests(HttpCase):
    """
    Responses that do not come as they should.
    """

    def test_silentServer(self):
        """
        504 sH after the server timeout; a shorter client timeout does not matter (HTP-15, HTP-16).
        """
        self.build(timeouts={"client": 1.0, "server": 3.0})
        client = self.house.client(GET)
        self.house.step(2.9)
        self.assertEqual(self.house.logs, [])
        self.house.step(0.2)
        self.assertAnswered(client, 504, "sH")
        self.assertEqual(self.house.server("a").responseErrors, 1)
        self.house.assertQuiet(self)

    def test_partialHead(self):
        """
        The server timeout counts from the last byte of a partial head, of which the client sees nothing.
        """
        client = self.house.client(GET)
        self.house.step(7)
        self.house.origin().receive(b"HTTP/1.1 200 OK\r\n")
        self.house.step(7.9)
        self.assertEqual(self.house.logs, [])
        self.house.step(0.2)
        self.assertAnswered(client, 504, "sH")

    def test_stalledBody(self):
        """
        A request body that stalls: 504 sH by the server's timer, 408 cH by the client's when there is no other (HTP-36).
        """
        client = self.house.client(BodyTests.POST)
        self.house.step(8.1)
        self.assertAnswered(client, 504, "sH")
        self.build(timeouts={"server": None})
        client = self.house.client(BodyTests.POST)
        self.house.step(10.1)
        self.assertAnswered(client, 408, "cH")

    def test_closesWithoutAnswer(self):
        """
        502 SH, before and in the middle of a head, by close and by reset (HTP-17).
        """
        for said in (b"", b"HTTP/1.1 200"):
            for leave in ("end", "reset"):
                client = self.house.client(GET)
                server = self.house.origin()
                if said:
                    server.receive(said)
                getattr(server, leave)()
                self.assertAnswered(client, 502, "SH")
        self.house.assertQuiet(self)

    def test_nonsense(self):
        """
        502 PH, and nothing of it reaches the client (HTP-18).
        """
        client = self.house.client(GET)
        self.house.origin().receive(b"220 mail ready\r\n\r\n")
        self.assertAnswered(client, 502, "PH")
        self.assertTrue(self.house.bad[0][3])

    def test_halfClosedClient(self):
        """
        A client that closed its output is served; the server hears of it (HTP-19).
        """
        client = self.house.client(GET)
        server = self.house.origin()
        client.end()
        self.assertTrue(server.writeEnded)
        server.receive(OK)
        self.assertTrue(client.read().endswith(b"ok"))
        self.assertEqual(state(self.house.logs[0]), "--")
        self.assertTrue(server.lost)
        self.house.assertQuiet(self)

    def test_clientResets(self):
        """
        CH while waiting, CD in the body; the server side is closed too.
        """
        self.house.client(GET).reset()
        self.assertTrue(self.house.origin().lost)
        client = self.house.client(GET)
        self.house.origin().receive(b"HTTP/1.1 200 OK\r\nContent-Length: 10\r\n\r\n1")
        client.reset()
        self.assertEqual([(one.status, state(one)) for one in self.house.logs], [(-1, "CH"), (200, "CD")])
        self.house.assertQuiet(self)

    def test_dataTimeouts(self):
        """
        After the head both inactivity timers run: cD or sD, whichever is first.
        """
        for times, letters in (({"client": 2.0, "server": 5.0}, "cD"), ({"client": 5.0, "server": 2.0}, "sD")):
            self.build(timeouts=times)
            self.house.client(GET)
            self.house.origin().receive(b"HTTP/1.1 200 OK\r\nContent-Length: 10\r\n\r\n1")
            self.house.step(2.1)
            self.assertEqual(state(self.house.logs[0]), letters)
            self.house.assertQuiet(self)

    def test_pageForSlowClient(self):
        """
        A client that does not take its error page is closed after its timeout (ERR-13).
        """
        client = self.house.client()
        client.room = 0
        client.receive(b"nonsense\r\n\r\n")
        self.house.step(9)
        self.assertFalse(client.lost)
        self.house.step(1.2)
        self.assertTrue(client.lost)
        self.house.assertQuiet(self)

    def test_noServer(self):
        """
        No usable server: 503 SC at once, no server name (LB-26).
        """
        self.house.pool.markDown(self.house.server("a"))
        client = self.house.client(GET)
        self.assertAnswered(client, 503, "SC")
        record = self.house.logs[0]
        self.assertEqual((record.serverName, record.queuedUntil, self.house.backend.counters.connectErrors),
                         (None, None, 1))

    def test_logasap(self):
        """
        logasap logs once, with the head; counters still get every byte (LOG-10, LOG-11).
        """
        self.build(front_logAsap=True)
        self.house.client(GET)
        server = self.house.origin()
        server.receive(b"HTTP/1.1 200 OK\r\nContent-Length: 4\r\n\r\n")
        self.assertEqual([one.early for one in self.house.logs], [True])
        server.receive(b"body")
        self.assertEqual(len(self.house.logs), 1)
        self.assertEqual(self.house.server("a").bytesOut, 42)

    def test_monitor(self):
        """
        The monitor URI is answered without server and log (ERR-06).
        """
        self.build(front_monitorUri=b"/x")
        client = self.house.client(GET)
        self.assertTrue(client.read().startswith(b"HTTP/1.0 200"))
        self.assertEqual((self.house.logs, self.house.network.attempts), ([], []))
        self.house.assertQuiet(self)
