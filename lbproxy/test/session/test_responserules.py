"""
Tests for L{lbproxy.session.responserules}: a response on its way to the client.
"""

from twisted.trial.unittest import TestCase

from lbproxy.config.model import Capture, Cookie, RegexRule
from lbproxy.test.memory import House, state


def answer(house, *lines, request=b"GET / HTTP/1.1\r\n\r\n", body=b""):
    """
    One exchange.

    @param lines: of the server's head.
    @return: the client's transport.
    """
    house.behave(a="accept")
    client = house.client(request)
    house.origin().receive("\r\n".join(lines).encode() + b"\r\n\r\n" + body)
    return client


def headLines(client):
    """
    @return: list of the lines of the head that the client got.
    """
    return client.sent.split(b"\r\n\r\n")[0].split(b"\r\n")


class RuleTests(TestCase):
    """
    C{rsp*} rules and added lines.
    """

    def test_order(self):
        """
        The backend's rules and lines come before the frontend's, which see them (HDR-13).
        """
        house = House(front_responseAdds=(b"X-Front: 1",), responseAdds=(b"X-Back: 1",), responseRules=(),
                      front_responseRules=(RegexRule("replace", b"^X-Back: 1$", False, b"X-Back: seen"),))
        client = answer(house, "HTTP/1.1 200 OK", "Content-Length: 0")
        self.assertEqual(headLines(client)[-2:], [b"X-Back: seen", b"X-Front: 1"])

    def test_statusLine(self):
        """
        The log has the status that the client was sent (HTP-35); bytes are those of the server.
        """
        house = House(responseRules=(RegexRule("replace", b"^HTTP/1.1 404.*", False, b"HTTP/1.1 410 Gone"),),
                      front_responseRules=())
        client = answer(house, "HTTP/1.1 404 Not Found", "Content-Length: 2", body=b"no")
        self.assertTrue(client.sent.startswith(b"HTTP/1.1 410 Gone\r\n"))
        self.assertEqual((house.logs[0].status, house.logs[0].bytesOut),
                         (410, len(b"HTTP/1.1 404 Not Found\r\nContent-Length: 2\r\n\r\nno")))

    def test_deny(self):
        """
        A denied response never reaches the client; it counts on the server and on the proxy whose rule it was (HDR-14).
        """
        rules = (RegexRule("deny", b"^X-Secret", False),)
        for where, fields in (("front", {"front_responseRules": rules, "responseRules": ()}),
                              ("back", {"front_responseRules": (), "responseRules": rules})):
            house = House(**fields)
            client = answer(house, "HTTP/1.1 200 OK", "X-Secret: 1", "Content-Length: 3", body=b"abc")
            self.assertTrue(client.sent.startswith(b"HTTP/1.0 502 "))
            self.assertNotIn(b"abc", client.sent)
            self.assertEqual((state(house.logs[0]), house.logs[0].status, house.logs[0].responseAt), ("PH", 502, None))
            self.assertEqual((house.frontend.counters.deniedResponses, house.backend.counters.deniedResponses,
                              house.server("a").deniedResponses), (where == "front", where == "back", 1))
            self.assertEqual(house.backend.counters.responseErrors, 0)
            house.assertQuiet(self)

    def test_lengthRemoved(self):
        """
        A response whose length a rule removes ends with the connection; the server's is pooled nevertheless.
        """
        house = House(responseRules=(RegexRule("delete", b"^Content-Length", False),), front_responseRules=())
        client = answer(house, "HTTP/1.1 200 OK", "Content-Length: 3", body=b"abc")
        self.assertTrue(client.sent.endswith(b"\r\nConnection: close\r\n\r\nabc"))
        self.assertEqual(len(house.server("a").idle), 1)
        house.step(2.0)
        self.assertTrue(client.lost)

    def test_ruined(self):
        """
        A status line that rules have ruined is a bad response (HDR-11).
        """
        house = House(responseRules=(RegexRule("replace", b"^HTTP.*", False, b"nonsense"),), front_responseRules=())
        client = answer(house, "HTTP/1.1 200 OK", "Content-Length: 0")
        self.assertTrue(client.sent.startswith(b"HTTP/1.0 502 "))
        self.assertEqual((state(house.logs[0]), house.backend.counters.responseErrors), ("PH", 1))

    def test_generatedUntouched(self):
        """
        Answers of our own meet no rule (HDR-16).
        """
        house = House(responseAdds=(b"X-A: 1",), timeouts={"server": 2.0})
        house.behave(a="accept")
        client = house.client(b"GET / HTTP/1.1\r\n\r\n")
        house.step(2.1)
        self.assertTrue(client.sent.startswith(b"HTTP/1.0 504 "))
        self.assertNotIn(b"X-A", client.sent)

    def test_interimUntouched(self):
        """
        A 100 is passed on as it is; the response proper meets the rules (HTP-34).
        """
        house = House(responseAdds=(b"X-A: 1",), front_responseAdds=())
        client = answer(house, "HTTP/1.1 100 Continue", "", "HTTP/1.1 200 OK", "Content-Length: 0")
        self.assertEqual(client.sent, b"HTTP/1.1 100 Continue\r\n\r\nHTTP/1.1 200 OK\r\nContent-Length: 0\r\nX-A: 1\r\n\r\n")

    def test_upgrade(self):
        """
        A 101 is the response proper of its request: lines are added to it, then bytes pass.
        """
        house = House(responseAdds=(b"X-A: 1",), front_responseAdds=(), cookie=Cookie(b"SRV", "insert"))
        client = answer(house, "HTTP/1.1 101 Switching", "Connection: upgrade", "Upgrade: x", body=b"hello",
                        request=b"GET / HTTP/1.1\r\nConnection: upgrade\r\nUpgrade: x\r\n\r\n")
        self.assertEqual(headLines(client)[3], b"X-A: 1")
        self.assertTrue(headLines(client)[4].startswith(b"Set-Cookie: SRV="))
        self.assertTrue(client.sent.endswith(b"\r\n\r\nhello"))


class OldClientTests(TestCase):
    """
    Rules may change the version of a request; its client stays what it is.
    """

    def test_versionRaised(self):
        """
        An HTTP/1.0 client that asked to be kept is told so, though the server was asked in HTTP/1.1.
        """
        house = House(front_requestRules=(RegexRule("replace", b"^(.*) HTTP/1.0$", False, b"\\1 HTTP/1.1"),))
        client = answer(house, "HTTP/1.1 200 OK", "Content-Length: 0",
                        request=b"GET / HTTP/1.0\r\nConnection: keep-alive\r\n\r\n")
        self.assertTrue(house.origin().sent.startswith(b"GET / HTTP/1.1\r\n"))
        self.assertIn(b"Connection: keep-alive", headLines(client))

    def test_closing(self):
        """
        A client that wants to close is closed, though a rule hides that from the server.
        """
        house = House(front_requestRules=(RegexRule("delete", b"^Connection:", False),))
        client = answer(house, "HTTP/1.1 200 OK", "Content-Length: 0", request=b"GET / HTTP/1.1\r\nConnection: close\r\n\r\n")
        self.assertIn(b"Connection: close", headLines(client))
        house.step(2.0)
        self.assertTrue(client.lost)


class CloseTests(TestCase):
    """
    A rule that writes C{Connection: close}, as old configurations do.
    """

    def test_closes(self):
        """
        The client's connection ends after the response, announced, whichever of the two it is written to.
        """
        for settings in (dict(front_responseAdds=(b"Connection: close",)), dict(front_requestAdds=(b"Connection: close",))):
            house = House(**settings)
            client = answer(house, "HTTP/1.1 200 OK", "Content-Length: 0")
            self.assertIn(b"Connection: close", headLines(client))
            house.step(2.0)
            self.assertTrue(client.lost)


class CheckCacheTests(TestCase):
    """
    C{option checkcache} (HTP-26, reference 16).
    """

    def verdict(self, *lines, method="GET", status="200 OK"):
        """
        @return: the status that a client gets for such a response.
        """
        self.house = house = House(checkCache=True)
        answer(house, "HTTP/1.1 " + status, "Content-Length: 0", *lines,
               request=b"%s / HTTP/1.1\r\nContent-Length: 0\r\n\r\n" % method.encode())
        return house.logs[0].status

    def test_blocked(self):
        """
        A cookie that a cache would give to everybody is withheld, logged and counted.
        """
        self.assertEqual(self.verdict("Set-Cookie: a=1"), 502)
        house = self.house
        self.assertEqual((state(house.logs[0]), house.backend.counters.deniedResponses, house.server("a").deniedResponses),
                         ("PH", 1, 1))
        self.assertEqual([level for level, text in house.events if "app/a" in text], [1])

    def test_passed(self):
        """
        It passes where no cache may take it, or the cookie is excepted.
        """
        for lines in (("Cache-Control: private",), ("Cache-Control: no-store",), ("Pragma: no-cache",),
                      ('Cache-control: no-cache="set-cookie"',), ("Cache-Control: no-cache",), ("Cache-Control: max-age=0",)):
            self.assertEqual(self.verdict("Set-Cookie: a=1", *lines), 200, lines)
        self.assertEqual(self.verdict("Set-Cookie: a=1", method="POST"), 200)
        self.assertEqual(self.verdict("Set-Cookie: a=1", status="404 None"), 404)
        self.assertEqual(self.verdict("X: 1"), 200)

    def test_private(self):
        """
        A response that C{nocache} makes private is not withheld.
        """
        house = House(checkCache=True, cookie=Cookie(b"SRV", "insert", nocache=True))
        answer(house, "HTTP/1.1 200 OK", "Content-Length: 0", "Set-Cookie: a=1")
        self.assertEqual((house.logs[0].status, house.logs[0].cookieFlags), (200, "NI"))

    def test_public(self):
        """
        A response that says it is public can be cached whatever its status and method.
        """
        self.assertEqual(self.verdict("Set-Cookie: a=1", "Cache-Control: public", method="POST"), 502)


class CaptureTests(TestCase):
    """
    C{capture response header} (LOG-19).
    """

    def test_asSent(self):
        """
        Values are those the server sent, before rules; the last occurrence counts.
        """
        house = House(front_responseCaptures=(Capture(b"X-A", 3), Capture(b"None", 3)), front_responseRules=(
            RegexRule("delete", b"^X-A", False),))
        answer(house, "HTTP/1.1 200 OK", "X-A: one", "X-A: second", "Content-Length: 0")
        self.assertEqual(house.logs[0].responseCaptures, (b"sec", None))
