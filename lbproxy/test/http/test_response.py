# -*- test-case-name: lbproxy.test.http.test_response -*-
"""
Tests for L{lbproxy.http.response}.
"""

from twisted.trial import unittest

from lbproxy.http import BODY_CHUNKED, BODY_LENGTH, BODY_UNTIL_CLOSE, HOP_STRIP, HOP_UPGRADE, NO_BODY, ResponseHead
from lbproxy.test.http.tables import NGINX, inPieces, outcome, response

#: Input, method of the request, and what must be seen of its head; C{out} is what is forwarded.
ACCEPTED = [
    (NGINX, b"GET",
     {"status": 200, "reason": b"OK", "body": BODY_LENGTH, "length": 615, "keepAlive": True, "interim": False,
                         "upgrade": False, "minor": 1, "version": b"HTTP/1.1", "out": NGINX}),
    (b"HTTP/1.1 200\r\n\r\n", b"GET", {"status": 200, "reason": b"", "body": BODY_UNTIL_CLOSE, "keepAlive": False}),
    (b"HTTP/1.1 200 \r\n\r\n", b"GET", {"reason": b"", "out": b"HTTP/1.1 200 \r\n\r\n"}),
    (b"HTTP/1.1 404 Nicht gefunden \xfc\t!\r\nContent-Length: 0\r\n\r\n", b"GET",
     {"status": 404, "reason": b"Nicht gefunden \xfc\t!", "body": BODY_LENGTH, "length": 0, "keepAlive": True}),
    (b"HTTP/1.7 999 x\r\nContent-Length: 1\r\n\r\n", b"GET", {"status": 999, "minor": 1, "keepAlive": True}),
    (b"HTTP/1.0 200 OK\r\nContent-Length: 1\r\nConnection: keep-alive\r\n\r\n", b"GET",
     {"minor": 0, "body": BODY_LENGTH, "keepAlive": False}),
    (b"HTTP/1.1 200 OK\nA: b\n c\n\n", b"GET", {"out": b"HTTP/1.1 200 OK\r\nA: b c\r\n\r\n"}),
    (b"HTTP/1.1 200 OK\r\nHost: a\r\nHost: b\r\nContent-Length: 3\r\n\r\n", b"GET", {"length": 3}),
    # Connection.
    (b"HTTP/1.1 200 OK\r\nContent-Length: 1\r\nConnection: close\r\n\r\n", b"GET", {"keepAlive": False}),
    (b"HTTP/1.1 200 OK\r\nContent-Length: 1\r\nConnection: x, CLOSE\r\n\r\n", b"GET", {"keepAlive": False}),
    (b"HTTP/1.1 200 OK\r\nContent-Length: 1\r\nConnection: a\r\nConnection: close\r\n\r\n", b"GET",
     {"keepAlive": False}),
    # Bodies.
    (b"HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n", b"GET", {"body": BODY_CHUNKED, "keepAlive": True}),
    (b"HTTP/1.1 200 OK\r\nTransfer-Encoding: gzip, Chunked\r\n\r\n", b"GET", {"body": BODY_CHUNKED, "keepAlive": True}),
    (b"HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\nContent-Length: 5\r\nConnection: keep-alive\r\n\r\n", b"GET",
     {"body": BODY_CHUNKED, "length": 0, "keepAlive": False,
          "out": b"HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\nConnection: keep-alive\r\n\r\n"}),
    (b"HTTP/1.1 200 OK\r\nContent-Length: 5\r\nTransfer-Encoding: gzip\r\nContent-Length: 5\r\n\r\n", b"GET",
     {"body": BODY_UNTIL_CLOSE, "keepAlive": False, "out": b"HTTP/1.1 200 OK\r\nTransfer-Encoding: gzip\r\n\r\n"}),
    (b"HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked, gzip\r\n\r\n", b"GET",
     {"body": BODY_UNTIL_CLOSE, "keepAlive": False}),
    (b"HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked, chunked\r\n\r\n", b"GET", {"body": BODY_UNTIL_CLOSE}),
    (b"HTTP/1.0 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n", b"GET", {"body": BODY_UNTIL_CLOSE, "keepAlive": False}),
    (b"HTTP/1.1 200 OK\r\nContent-Length: 5\r\nContent-Length: 5\r\n\r\n", b"GET",
     {"length": 5, "keepAlive": True, "out": b"HTTP/1.1 200 OK\r\nContent-Length: 5\r\n\r\n"}),
    # Without body, whatever the lines say.
    (b"HTTP/1.1 200 OK\r\nContent-Length: 5\r\n\r\n", b"HEAD", {"body": NO_BODY, "length": 0, "keepAlive": True}),
    (b"HTTP/1.1 200 OK\r\n\r\n", b"HEAD", {"body": NO_BODY, "keepAlive": True}),
    (b"HTTP/1.1 200 OK\r\nContent-Length: 5\r\n\r\n", b"head", {"body": BODY_LENGTH}),
    (b"HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n", b"HEAD", {"body": NO_BODY}),
    (b"HTTP/1.1 304 Not Modified\r\nContent-Length: 5\r\n\r\n", b"GET", {"body": NO_BODY, "keepAlive": True}),
    (b"HTTP/1.1 204 No Content\r\n\r\n", b"GET", {"body": NO_BODY, "keepAlive": True}),
    (b"HTTP/1.0 204 No Content\r\n\r\n", b"GET", {"body": NO_BODY, "keepAlive": False}),
    # Interim responses and tunnels.
    (b"HTTP/1.1 100 Continue\r\n\r\n", b"POST", {"interim": True, "upgrade": False, "body": NO_BODY}),
    (b"HTTP/1.1 103 Early Hints\r\nLink: </a>\r\n\r\n", b"GET", {"interim": True}),
    (b"HTTP/1.1 101 Switching Protocols\r\nUpgrade: x\r\nConnection: upgrade\r\n\r\n", b"GET",
     {"interim": False, "upgrade": True, "body": NO_BODY, "keepAlive": False}),
    (b"HTTP/1.1 200 OK\r\nContent-Length: 5\r\n\r\n", b"CONNECT",
     {"upgrade": True, "body": NO_BODY, "keepAlive": False}),
    (b"HTTP/1.1 403 No\r\nContent-Length: 5\r\n\r\n", b"CONNECT", {"upgrade": False, "body": BODY_LENGTH, "length": 5}),
]

#: Input, cause, position of the first bad byte.
REFUSED = [
    (b"HTTP/1.0 200 OK\r\nbad \x01header\r\n\r\n", "name", 20),
    (b"220 mail ready", "version", 0),
    (b"\r\n", "version", 0),
    (b"\n", "version", 0),
    (b"HTTP/2 200\r\n", "version", 5),
    (b"HTTP/1.x 200\r\n", "version", 7),
    (b"HTTP/1.1 abc OK\r\n", "status", 9),
    (b"HTTP/1.1 20 OK\r\n", "status", 11),
    (b"HTTP/1.1 2000 OK\r\n", "status", 12),
    (b"HTTP/1.1 20\r\n", "status", 11),
    (b"HTTP/1.1\r\n", "status", 8),
    (b"HTTP/1.1  200 OK\r\n", "status", 9),
    (b"HTTP/1.1\t200 OK\r\n", "status", 8),
    (b"HTTP/1.1 200\tOK\r\n", "status", 12),
    (b"HTTP/1.1 200 O\0K\r\n", "reason", 14),
    (b"HTTP/1.1 200 OK\r\r\n", "reason", 15),
    (b"HTTP/1.1 200 OK\r\n A: b\r\n\r\n", "fold", 17),
    (b"HTTP/1.1 200 OK\r\nA: b\x1bc\r\n\r\n", "value", 21),
    (b"HTTP/1.1 200 OK\r\nContent-Length: 5\r\nContent-Length: 6\r\n\r\n", "length", 52),
    (b"HTTP/1.1 200 OK\r\nContent-Length: 5,5\r\n\r\n", "length", 34),
    (b"HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\nContent-Length: x\r\n\r\n", "length", 61),
]


def parse(text, method):
    """
    @return: the head.
    """
    return response(text, method=method)


class AcceptedTests(unittest.SynchronousTestCase):
    """
    Responses that reach the client.
    """

    def test_table(self):
        """
        Every legal response is understood; what must not be believed is not passed on.
        """
        for text, method, seen in ACCEPTED:
            head = parse(text, method)
            self.assertIsInstance(head, ResponseHead, text)
            self.assertEqual(head.size, len(text))
            for name, value in seen.items():
                got = head.forward(HOP_UPGRADE) if name == "out" else getattr(head, name)
                self.assertEqual(got, value, (text, name))

    def test_pieces(self):
        """
        It does not matter whether a response comes whole, byte by byte, or with its body (HTP-07).
        """
        for text, method, _ in ACCEPTED:
            whole = outcome(parse, text, method)
            pieces = outcome(inPieces, lambda data, start, method=method: response(data, start, method=method), text)
            self.assertEqual(pieces, whole, text)
            for more in (b"x", b"\r\n", b"\n", b"HTTP/1.1 200 OK\r\n\r\n"):
                self.assertEqual(outcome(parse, text + more, method), whole, text)

    def test_incomplete(self):
        """
        No part of a response is taken for a whole one, nor refused.
        """
        for text, _, _ in ACCEPTED:
            for end in range(len(text)):
                self.assertIs(response(text[:end]), None, text[:end])

    def test_nginx(self):
        """
        The keep-alive of an ordinary server is for us and does not reach the client.
        """
        head = response(NGINX + b"x" * 615)
        self.assertEqual(head.forward(HOP_STRIP), NGINX.replace(b"Connection: keep-alive\r\n", b""))


class RefusedTests(unittest.SynchronousTestCase):
    """
    HTP-18: responses that are replaced by a 502.
    """

    def test_table(self):
        """
        The cause and the first bad byte are found, however the response is cut.
        """
        for text, cause, position in REFUSED:
            wanted = (502, cause, position)
            self.assertEqual(outcome(response, text), wanted, text)
            self.assertEqual(outcome(inPieces, response, text), wanted, text)
            if text.endswith(b"\n"):
                self.assertEqual(outcome(response, text + b"A: b\r\n\r\n"), wanted, text)

    def test_size(self):
        """
        HTP-05, HTP-06: 8192 bytes and 204 lines pass, more is a 502.
        """
        begin = b"HTTP/1.1 200 OK\r\nX: "
        text = begin + b"y" * (8192 - len(begin) - 4) + b"\r\n\r\n"
        self.assertEqual(response(text).size, 8192)
        self.assertEqual(outcome(response, begin + b"y" + text[len(begin):]), (502, "size", 8192))
        self.assertEqual(outcome(response, begin + b"y" * 8192), (502, "size", 8192))
        begin = b"HTTP/1.1 200 OK\r\n"
        self.assertEqual(len(response(begin + b"a: b\r\n" * 204 + b"\r\n").headers()), 204)
        self.assertEqual(outcome(response, begin + b"a: b\r\n" * 205 + b"\r\n"), (502, "headers", 17 + 204 * 6))
