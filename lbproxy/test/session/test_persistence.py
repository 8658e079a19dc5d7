"""
Tests for L{lbproxy.session.persistence}: clients that come back to their server.
"""

import attr
from twisted.trial.unittest import TestCase

from lbproxy.config.model import AppSession, Balance, Capture, Configuration, Cookie, RegexRule
from lbproxy.test.memory import House, state


class CookieHouse(House):
    """
    Servers C{a} and C{b} with cookies C{A} and C{B}; each answers as it is told.
    """

    def __init__(self, cookie=None, cookies=(b"A", b"B"), server=None, **settings):
        self._cookies = cookies
        House.__init__(self, servers=("a", "b"), cookie=cookie, server=server, **settings)
        self.behave(a="accept", b="accept")

    def configure(self, configuration):
        """
        As L{House.configure}: give the servers their cookies.
        """
        front, back = configuration.proxies[:2]
        servers = tuple(attr.evolve(server, cookie=value) for server, value in zip(back.servers, self._cookies))
        return Configuration(configuration.globals, (front, attr.evolve(back, servers=servers)) + configuration.proxies[2:])

    def ask(self, *lines, reply=(), method="GET", uri="/"):
        """
        One request on a connection of its own.

        @return: C{(name of the server, header lines it got, header lines the client got)}.
        """
        head = "\r\n".join(["%s %s HTTP/1.1" % (method, uri)] + list(lines) + ["", ""])
        client = self.client(head.encode())
        target = self.network.attempts[-1].target
        got = self.origin().sent.decode().split("\r\n")[1:-2]
        answer = "\r\n".join(["HTTP/1.1 200 OK", "Content-Length: 0"] + list(reply) + ["", ""])
        self.origin().receive(answer.encode())
        back = client.read().decode().split("\r\n")[2:-2]
        client.end()
        name = [name for name, address in self.addresses.items() if address == target][0]
        for server in self.pool.servers:
            self.backend.closeIdle(server)
        return name, got, back

    @property
    def flags(self):
        """
        The four letters of the last log line.
        """
        return state(self.logs[-1]) + self.logs[-1].cookieFlags


class InsertTests(TestCase):
    """
    C{cookie NAME insert}.
    """

    def test_firstVisit(self):
        """
        A client without a cookie gets that of its server (CKI-06).
        """
        house = CookieHouse(Cookie(b"SRV", "insert"))
        self.assertEqual(house.ask(), ("a", [], ["Set-Cookie: SRV=A; path=/"]))
        self.assertEqual(house.flags, "--NI")

    def test_comesBack(self):
        """
        A client with a cookie comes to the server it names, whatever balancing would say, and gets no other (CKI-02);
        that is no decision of the algorithm (LB-25).
        """
        house = CookieHouse(Cookie(b"SRV", "insert"))
        for _ in range(3):
            self.assertEqual(house.ask("Cookie: SRV=B"), ("b", ["Cookie: SRV=B"], []))
            self.assertEqual(house.flags, "--VN")
        self.assertEqual((house.server("b").selected, house.pool.counters.selected), (0, 0))

    def test_invalid(self):
        """
        A value that no server has, or none at all, is invalid: balanced, with a new cookie (CKI-04).
        """
        for value in ("X", "", "AB"):
            house = CookieHouse(Cookie(b"SRV", "insert"))
            self.assertEqual(house.ask("Cookie: SRV=" + value)[2], ["Set-Cookie: SRV=A; path=/"])
            self.assertEqual(house.flags, "--II")

    def test_down(self):
        """
        A server that is down: balanced, with a new cookie (CKI-04).
        """
        house = CookieHouse(Cookie(b"SRV", "insert"))
        house.pool.markDown(house.server("b"))
        self.assertEqual(house.ask("Cookie: SRV=B")[::2], ("a", ["Set-Cookie: SRV=A; path=/"]))
        self.assertEqual(house.flags, "--DI")

    def test_sharedValue(self):
        """
        Of servers with the same value the first one that runs is followed (CKI-02).
        """
        house = CookieHouse(Cookie(b"SRV", "insert"), cookies=(b"A", b"A"))
        self.assertEqual(house.ask("Cookie: SRV=A")[0], "a")
        house.pool.markDown(house.server("a"))
        self.assertEqual(house.ask("Cookie: SRV=A")[0], "b")
        self.assertEqual(house.flags, "--VN")

    def test_serversOwn(self):
        """
        A cookie of that name set by the server is removed, and ours put in its place if the client needs one (CKI-06,
        CKI-15).
        """
        house = CookieHouse(Cookie(b"SRV", "insert"))
        self.assertEqual(house.ask(reply=["Set-Cookie: SRV=own; path=/", "Set-Cookie: t=1"])[2],
                         ["Set-Cookie: t=1", "Set-Cookie: SRV=A; path=/"])
        self.assertEqual(house.flags, "--NI")
        self.assertEqual(house.ask("Cookie: SRV=B", reply=["Set-Cookie: SRV=own"])[2], [])
        self.assertEqual(house.flags, "--VD")

    def test_indirect(self):
        """
        The server does not see the cookie (CKI-07).
        """
        house = CookieHouse(Cookie(b"SRV", "insert", indirect=True))
        self.assertEqual(house.ask("Cookie: SRV=B")[1], [])
        self.assertEqual(house.ask("Cookie: x=1; SRV=B")[:2], ("b", ["Cookie: x=1"]))

    def test_nocache(self):
        """
        Caches are told to keep off a response with our cookie, if they could take it (CKI-08).
        """
        house = CookieHouse(Cookie(b"SRV", "insert", nocache=True))
        self.assertEqual(house.ask()[2], ["Set-Cookie: SRV=A; path=/", "Cache-control: private"])
        self.assertEqual(house.ask(reply=["Cache-Control: no-store"])[2],
                         ["Cache-Control: no-store", "Set-Cookie: SRV=B; path=/"])
        self.assertEqual(house.ask("Cookie: SRV=B")[2], [])
        self.assertEqual(house.ask("Content-Length: 0", method="POST")[2], ["Set-Cookie: SRV=A; path=/"])

    def test_postonly(self):
        """
        Only a POST gets it (CKI-09).
        """
        house = CookieHouse(Cookie(b"SRV", "insert", postonly=True))
        self.assertEqual(house.ask()[2], [])
        self.assertEqual(house.flags, "--NN")
        self.assertEqual(house.ask("Content-Length: 0", method="POST")[2], ["Set-Cookie: SRV=B; path=/"])

    def test_withoutValue(self):
        """
        A server without value makes the client forget (CKI-13).
        """
        house = CookieHouse(Cookie(b"SRV", "insert"), cookies=(None, None))
        self.assertEqual(house.ask("Cookie: SRV=A")[2],
                         ["Set-Cookie: SRV=; Expires=Thu, 01-Jan-1970 00:00:01 GMT; path=/"])

    def test_each(self):
        """
        Every request of a connection is judged by its own cookie (reference 23).
        """
        house = CookieHouse(Cookie(b"SRV", "insert"))
        client = house.client(b"GET / HTTP/1.1\r\nCookie: SRV=B\r\n\r\n")
        house.origin().receive(b"HTTP/1.1 200 OK\r\nContent-Length: 0\r\n\r\n")
        self.assertNotIn(b"Set-Cookie", client.read())
        client.receive(b"GET / HTTP/1.1\r\n\r\n")
        house.origin().receive(b"HTTP/1.1 200 OK\r\nContent-Length: 0\r\n\r\n")
        self.assertIn(b"Set-Cookie: SRV=A;", client.read())
        self.assertEqual([one.cookieFlags for one in house.logs], ["VN", "NI"])


class OtherModesTests(TestCase):
    """
    Cookies that servers set.
    """

    def test_rewrite(self):
        """
        The server's cookie gets our value; without one nothing is added (CKI-10).
        """
        house = CookieHouse(Cookie(b"SRV", "rewrite"))
        self.assertEqual(house.ask(reply=["Set-Cookie: SRV=x; path=/y"])[2], ["Set-Cookie: SRV=A; path=/y"])
        self.assertEqual(house.flags, "--NR")
        self.assertEqual(house.ask()[2], [])
        self.assertEqual(house.flags, "--NN")

    def test_prefix(self):
        """
        Our value goes before the server's, and is taken off again (CKI-11).
        """
        house = CookieHouse(Cookie(b"JSID", "prefix"))
        self.assertEqual(house.ask(reply=["Set-Cookie: JSID=123"])[2], ["Set-Cookie: JSID=A~123"])
        self.assertEqual(house.ask("Cookie: JSID=B~123")[:2], ("b", ["Cookie: JSID=123"]))
        self.assertEqual(house.flags, "--VN")

    def test_passive(self):
        """
        Without a mode the cookie is only followed, and the log says nothing of it (CKI-01, CKI-14).
        """
        house = CookieHouse(Cookie(b"SRV"))
        self.assertEqual(house.ask("Cookie: SRV=B", reply=["Set-Cookie: SRV=B"]),
                         ("b", ["Cookie: SRV=B"], ["Set-Cookie: SRV=B"]))
        self.assertEqual(house.flags, "----")

    def test_letters(self):
        """
        A request that never reaches cookies logs none, in both directions; a backend without cookies a dash.
        """
        house = CookieHouse(Cookie(b"SRV", "insert"), requestRules=(RegexRule("deny", b".", False),), front_requestRules=())
        house.client(b"GET / HTTP/1.1\r\nCookie: SRV=A\r\n\r\n")
        self.assertEqual(house.flags, "PRNN")


class TroubleTests(TestCase):
    """
    Designated servers that cannot serve.
    """

    def test_persist(self):
        """
        With option persist a server that is down is tried all the same (CKI-05).
        """
        house = CookieHouse(Cookie(b"SRV", "insert"), persist=True)
        house.pool.markDown(house.server("b"))
        self.assertEqual(house.ask("Cookie: SRV=B")[::2], ("b", []))
        self.assertEqual(house.flags, "--DN")

    def test_downMeanwhile(self):
        """
        A designated server that goes down while the request's body is awaited is not tried (CKI-04).
        """
        house = CookieHouse(Cookie(b"SRV", "insert"), balance=Balance("url_param", b"u", 20))
        client = house.client(b"POST / HTTP/1.1\r\nCookie: SRV=B\r\nContent-Length: 20\r\n\r\n")
        house.pool.markDown(house.server("b"))
        client.receive(b"x" * 20)
        self.assertEqual([attempt.target for attempt in house.network.attempts], [house.addresses["a"]])
        self.assertEqual(house.balancer.sessions[1].exchange.cookieFlags, "DN")

    def test_redispatched(self):
        """
        A designated server that refuses: with redispatch another one serves, and its cookie replaces the old one (CKI-16).
        """
        house = CookieHouse(Cookie(b"SRV", "insert"), redispatch=True, retries=1)
        house.behave(b="refuse")
        client = house.client(b"GET / HTTP/1.1\r\nCookie: SRV=B\r\n\r\n")
        house.step(1.1)
        house.origin().receive(b"HTTP/1.1 200 OK\r\nContent-Length: 0\r\n\r\n")
        self.assertIn(b"Set-Cookie: SRV=A; path=/\r\n", client.sent)
        self.assertEqual(house.flags, "--DI")
        self.assertTrue(house.logs[0].redispatched)

    def test_refused(self):
        """
        Without redispatch the request fails there, and its cookie was valid.
        """
        house = CookieHouse(Cookie(b"SRV", "insert"), retries=0)
        house.behave(b="refuse")
        house.client(b"GET / HTTP/1.1\r\nCookie: SRV=B\r\n\r\n")
        self.assertEqual((house.flags, house.logs[0].status, house.logs[0].serverName), ("SCVN", 503, "b"))

    def test_queueFull(self):
        """
        When too many wait for the designated server, redispatch moves the request at once; without it is refused
        (QUE-11).
        """
        for redispatch in (True, False):
            house = CookieHouse(Cookie(b"SRV", "insert"), redispatch=redispatch, server={"maxconn": 1, "maxqueue": 1})
            for _ in range(3):
                client = house.client(b"GET / HTTP/1.1\r\nCookie: SRV=B\r\n\r\n")
            if redispatch:
                self.assertEqual(house.network.attempts[-1].target, house.addresses["a"])
                house.origin().receive(b"HTTP/1.1 200 OK\r\nContent-Length: 0\r\n\r\n")
                self.assertEqual(house.flags, "--DI")
                self.assertEqual((house.server("b").redispatches, house.logs[0].redispatched), (1, True))
            else:
                self.assertTrue(client.sent.startswith(b"HTTP/1.0 503 "))
                self.assertEqual((house.flags, house.logs[0].serverName), ("SQVN", "b"))
            self.assertEqual(house.server("b").served, 1)

    def test_queuedThere(self):
        """
        A designated request waits for its server though the other one is free (QUE-01).
        """
        house = CookieHouse(Cookie(b"SRV", "insert"), server={"maxconn": 1})
        for _ in range(2):
            house.client(b"GET / HTTP/1.1\r\nCookie: SRV=B\r\n\r\n")
        self.assertEqual((len(house.server("b").queue), len(house.network.attempts)), (1, 1))
        house.origin().receive(b"HTTP/1.1 200 OK\r\nContent-Length: 0\r\n\r\n")
        self.assertEqual(house.server("b").served, 1)
        self.assertEqual(len(house.server("b").queue), 0)


class AppSessionTests(TestCase):
    """
    C{appsession}.
    """

    def setUp(self):
        self.house = CookieHouse(cookies=(None, None), appSession=AppSession(b"SID", 4),
                                 timeouts={"appsession": 10.0})

    def test_learned(self):
        """
        Who has set the cookie gets the requests that carry it: in a cookie, behind a semicolon, in the query (CKI-19,
        CKI-20). Only its first characters count.
        """
        house = self.house
        self.assertEqual(house.ask(reply=["Set-Cookie: SID=abcdef; path=/"])[0], "a")
        for _ in range(2):
            self.assertEqual(house.ask("Cookie: x=1; SID=abcdzz")[0], "a")
            self.assertEqual(house.ask(uri="/x;sid=abcdef?q")[0], "a")
            self.assertEqual(house.ask(uri="/x?a=1&SID=abcdef")[0], "a")
        self.assertEqual(len(house.backend.learned), 1)
        self.assertEqual(house.flags, "----")

    def test_unknown(self):
        """
        An identifier that no server has set selects nothing and is not remembered.
        """
        house = self.house
        self.assertEqual([house.ask("Cookie: SID=wxyz")[0] for _ in range(3)], ["a", "b", "a"])
        self.assertEqual(len(house.backend.learned), 0)

    def test_forgotten(self):
        """
        It is forgotten when nobody used it for its time.
        """
        house = self.house
        house.ask(reply=["Set-Cookie: SID=abcd"])
        house.step(9.0)
        self.assertEqual(house.ask("Cookie: SID=abcd")[0], "a")
        house.step(10.5)
        self.assertEqual(house.ask("Cookie: SID=abcd")[0], "b")

    def test_down(self):
        """
        While its server is down others serve it; then it comes back.
        """
        house = self.house
        house.ask(reply=["Set-Cookie: SID=abcd"])
        house.pool.markDown(house.server("a"))
        self.assertEqual(house.ask("Cookie: SID=abcd", reply=["Set-Cookie: SID=abcd"])[0], "b")
        house.pool.markUp(house.server("a"))
        self.assertEqual(house.ask("Cookie: SID=abcd")[0], "a")

    def test_otherMethods(self):
        """
        Only the URI of GET and POST is looked at (CKI-20).
        """
        house = self.house
        house.ask(reply=["Set-Cookie: SID=abcd"])
        self.assertEqual([house.ask(uri="/;SID=abcd", method=method)[0] for method in ("OPTIONS", "POST", "GET")],
                         ["b", "a", "a"])


class CaptureTests(TestCase):
    """
    C{capture cookie}.
    """

    def test_both(self):
        """
        The log has the first cookie of each direction that begins so, whatever the backend does with cookies (LOG-17,
        LOG-18).
        """
        house = CookieHouse(front_cookieCapture=Capture(b"SES", 8))
        house.ask("Cookie: a=1; SESSION=abcdef", reply=["Set-Cookie: b=2", "Set-Cookie: SES=new; path=/"])
        self.assertEqual((house.logs[0].requestCookie, house.logs[0].responseCookie), ("SESSION=", "SES=new"))
        house.ask("Cookie: a=1")
        self.assertEqual((house.logs[1].requestCookie, house.logs[1].responseCookie), (None, None))
