# -*- test-case-name: lbproxy.test.config.test_build -*-
"""
Tests for L{lbproxy.config.build}.
"""

from twisted.trial.unittest import SynchronousTestCase

from lbproxy.test.config.support import found, inProxies, loadText, problems, proxies


class LimitTests(SynchronousTestCase):
    """
    Server limits (QUE-13, QUE-21).
    """

    def test_normalised(self):
        """
        One limit alone is fixed; the greater one wins when minconn exceeds maxconn.
        """
        for words, expected in (
            ("", (0, 0)),
            ("maxconn 9", (9, 9)),
            ("minconn 9", (9, 9)),
            ("minconn 9 maxconn 5", (9, 9)),
            ("minconn 5 maxconn 5", (5, 5)),
        ):
            server = proxies("", "server s2 10.0.0.2:80 " + words)[1].servers[1]
            self.assertEqual((server.minconn, server.maxconn), expected, words)

    def test_fullconn(self):
        """
        A dynamic limit needs a fullconn: a pure backend without one is refused, a listen takes its maxconn.
        """
        server = "server s2 10.0.0.2:80 minconn 2 maxconn 5"
        self.assertIn("lb.cfg:10:9: backend 'app': servers with both 'minconn' and 'maxconn' need a 'fullconn'",
                      found("", server)[0])
        back = proxies("", server + "\nfullconn 100")[1]
        self.assertEqual((back.servers[1].minconn, back.servers[1].maxconn, back.fullconn), (2, 5, 100))
        listen = loadText("listen l :80\n maxconn 300\n " + server)[0].proxies[0]
        self.assertEqual(listen.fullconn, 300)
        self.assertEqual(loadText("listen l :80\n " + server)[0].proxies[0].fullconn, 2000)


class CheckPortTests(SynchronousTestCase):
    """
    The port of health checks (CHK-02).
    """

    def test_precedence(self):
        """
        C{port}, then that of C{addr}, then the server's, then the first listener's.
        """
        for address, words, expected in (
            ("10.0.0.2:80", "", None),
            ("10.0.0.2:80", "check", 80),
            ("10.0.0.2:80", "check addr 10.0.0.9:81", 81),
            ("10.0.0.2:80", "check addr 10.0.0.9", 80),
            ("10.0.0.2:80", "check addr 10.0.0.9:81 port 82", 82),
            ("10.0.0.2", "check", 8001),
            ("10.0.0.2:+5", "check", 8001),
            ("10.0.0.2", "check port 83", 83),
        ):
            text = "listen l /run/l.sock,:8001,:8002\n server s %s %s\n" % (address, words)
            self.assertEqual(loadText(text)[0].proxies[0].servers[0].checkPort, expected, (address, words))

    def test_none(self):
        """
        Without any of them the server is refused.
        """
        self.assertEqual(
            found("", "server s2 10.0.0.2 check"),
            ["lb.cfg:12:24: backend 'app': server 's2' has no port for its checks; add 'port NUMBER', or a fixed port "
             "to its address"],
        )


class TimeoutTests(SynchronousTestCase):
    """
    Fallbacks between timeouts (CFG-12, reference 23).
    """

    def test_queueAndTarpit(self):
        """
        They take the connect timeout unless they are set, even to zero, which is infinite.
        """
        for lines, queue, tarpit, written in (
            ("", 3.0, 3.0, False),
            ("timeout connect 5s", 5.0, 5.0, False),
            ("timeout queue 1s", 1.0, 3.0, False),
            ("timeout tarpit 2s", 3.0, 2.0, True),
            ("timeout queue 0\ntimeout tarpit 0", None, None, True),
        ):
            timeouts = proxies("", lines)[1].timeouts
            self.assertEqual((timeouts.queue, timeouts.tarpit, timeouts.tarpitSet), (queue, tarpit, written), lines)

    def test_frontendTarpit(self):
        """
        A frontend, which has no connect timeout, takes that of the defaults for its tarpit.
        """
        timeouts = proxies()[0].timeouts
        self.assertEqual((timeouts.tarpit, timeouts.tarpitSet, timeouts.connect), (3.0, False, None))

    def test_keepAlive(self):
        """
        The keep-alive timeout takes that of requests, else that of clients.
        """
        for lines, expected in (
            ("", 3.0),
            ("timeout http-request 1s", 1.0),
            ("timeout http-keep-alive 7s\ntimeout http-request 1s", 7.0),
        ):
            self.assertEqual(proxies(lines)[0].timeouts.httpKeepAlive, expected)


class LogTests(SynchronousTestCase):
    """
    Log targets (LOG-01).
    """

    def test_global(self):
        """
        C{log global} stands for the global targets, wherever those are declared, and replaces what was before.
        """
        text = inProxies("log 10.0.0.7 local1\nlog global", "log global\nlog /dev/log kern err",
                         "log 10.0.0.1 local0\n")
        front, back = loadText(text)[0].proxies
        self.assertEqual([target.address for target in front.logs], [("10.0.0.1", 514)])
        self.assertEqual([target.address for target in back.logs], [("10.0.0.1", 514), "/dev/log"])
        self.assertEqual([(target.facility, target.level) for target in back.logs], [(16, 7), (0, 3)])

    def test_three(self):
        """
        A third target is refused, counting those of C{log global}.
        """
        line = "log 10.0.0.1 local0\n"
        self.assertIn("there are already 2 log targets", found(line * 3)[0])
        self.assertIn("with those of 'log global'", found("log global\n" + line, "", line * 2)[0])


class ErrorPageTests(SynchronousTestCase):
    """
    Custom pages (ERR-02).
    """

    def test_pages(self):
        """
        Files are read while loading; one larger than the buffer is cut; an unknown status is ignored.
        """
        files = {"small": b"x", "large": b"y" * 20000}
        text = inProxies("errorfile 403 small\nerrorfile 503 large\nerrorfile 418 small")
        configuration, warnings = loadText(text, files=files)
        self.assertEqual(configuration.proxies[0].errorFiles, {403: b"x", 503: b"y" * 16384})
        self.assertEqual([problem.place.line for problem in warnings], [11, 12])

    def test_unreadable(self):
        """
        A file that cannot be read is refused.
        """
        self.assertEqual(
            problems(inProxies("errorfile 403 none")),
            ["lb.cfg:10:19: frontend 'web': 'errorfile': cannot read 'none': No such file or directory"],
        )
