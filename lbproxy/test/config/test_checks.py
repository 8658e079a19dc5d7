# -*- test-case-name: lbproxy.test.config.test_checks -*-
"""
Tests for L{lbproxy.config.checks}.
"""

from twisted.trial.unittest import SynchronousTestCase

from lbproxy.test.config.support import found, inProxies, loadText, problems


class ReferenceTests(SynchronousTestCase):
    """
    Sections that name others (CFG-05, CFG-22).
    """

    def test_targets(self):
        """
        A backend that is missing, or of another mode, or the section itself, is refused where it is named.
        """
        for front, back, text in (
            ("default_backend ap", "", "lb.cfg:10:5: frontend 'web': 'default_backend': there is no backend 'ap'; "
             "did you mean 'app'?"),
            ("default_backend web", "", "'web' is a frontend, not a backend"),
            ("use_backend nowhere if TRUE", "", "lb.cfg:10:17: frontend 'web': 'use_backend': there is no backend "
             "'nowhere'"),
            ("default_backend app", "mode tcp", "backend 'app' is in mode tcp, this section in mode http; add 'mode "
             "http' to backend 'app'"),
        ):
            self.assertIn(text, "\n".join(found(front, back)))
        self.assertIn(
            "lb.cfg:2:2: listen 'l': 'default_backend': the section points to itself",
            problems("listen l :80\n default_backend l\n dispatch 1.2.3.4:80\n"),
        )

    def test_equalNames(self):
        """
        A frontend and a backend may share a name; others are warned of, and refused once referred to.
        """
        pair = inProxies("default_backend web").replace("backend app", "backend web")
        self.assertEqual(problems(pair), [])
        twins = inProxies() + "listen app :81\n dispatch 1.2.3.4:80\n"
        self.assertEqual(
            problems(twins),
            ["lb.cfg:12:8: listen 'app' has the same name as backend 'app' on line 10; only a frontend and a backend "
             "may share one"],
        )
        twins = inProxies("default_backend app") + "listen app :81\n dispatch 1.2.3.4:80\n"
        self.assertIn(
            "lb.cfg:10:5: frontend 'web': 'default_backend': 'app' is ambiguous: it is defined on lines 11 and 13",
            problems(twins),
        )

    def test_nothing(self):
        """
        A configuration without proxies is refused.
        """
        self.assertIn("lb.cfg:1:1: no proxy is defined", problems("global\n maxconn 5\n")[0])

    def test_noAddress(self):
        """
        A frontend without an address is refused, disabled or not; a wrong address is told once.
        """
        for line in ("", " disabled\n"):
            self.assertIn(
                "lb.cfg:1:10: frontend 'f' has no address to listen on; add a 'bind' line",
                problems("frontend f\n timeout client 1s\n" + line),
            )
        self.assertEqual(len(problems("frontend f\n timeout client 1s\n bind 80\n")), 1)

    def test_ids(self):
        """
        Two proxies, or two servers of one proxy, cannot have one id (CFG-19).
        """
        self.assertEqual(
            found("id 2000", "id 2000\nserver s2 1.2.3.4:1 id 3000\nserver s3 1.2.3.4:1 id 3000"),
            [
                "lb.cfg:13:5: backend 'app' has the id 2000 of frontend 'web'",
                "lb.cfg:15:12: backend 'app': server 's3' has the id 3000 of server 's2'",
            ],
        )


class ModeTests(SynchronousTestCase):
    """
    HTTP statements in TCP mode (CFG-22).
    """

    def test_ignored(self):
        """
        They are warned of and have no effect.
        """
        text = """
            listen l :80
                timeout client 1s
                monitor-uri /x
                acl a path /
                use_backend nowhere if a
                reqtarpit x
                balance url_param y
                server s 1.2.3.4:80
                timeout connect 1s
                timeout server 1s
            """
        configuration, warnings = loadText(text)
        proxy = configuration.proxies[0]
        self.assertEqual((proxy.monitorUri, proxy.acls, proxy.switchRules, proxy.requestRules), (None, (), (), ()))
        self.assertEqual(proxy.balance.algorithm, "roundrobin")
        self.assertEqual([problem.place.line for problem in warnings], [3, 4, 5, 6, 7])

    def test_dispatch(self):
        """
        C{dispatch} is ignored with a warning when a C{balance} exists (CFG-24).
        """
        text = "listen l :80\n timeout client 1s\n dispatch 1.2.3.4:80\n"
        self.assertEqual(loadText(text)[0].proxies[0].dispatch, ("1.2.3.4", 80))
        configuration, warnings = loadText(text + " balance roundrobin\n")
        self.assertIsNone(configuration.proxies[0].dispatch)
        self.assertEqual(
            [str(problem) for problem in warnings],
            ["lb.cfg:3:2: listen 'l': 'dispatch' is ignored because 'balance' is set on line 4"],
        )


class PrecedenceTests(SynchronousTestCase):
    """
    What decides where a request goes (CFG-24).
    """

    def test_proxy(self):
        """
        C{option http_proxy} only decides where neither C{balance} nor C{dispatch} is written, and the operator is told.
        """
        text = "listen l :80\n mode http\n timeout client 1s\n option http_proxy\n"
        for lines, wins, warning in (
            ("", True, None),
            (" no option http_proxy\n", False, None),
            (" balance\n", False, "lb.cfg:4:2: listen 'l': 'option http_proxy' is ignored because 'balance' is set on line 5"),
            (" dispatch 1.2.3.4:80\n", False,
             "lb.cfg:4:2: listen 'l': 'option http_proxy' is ignored because 'dispatch' is set on line 5"),
        ):
            configuration, warnings = loadText(text + lines)
            self.assertEqual(configuration.proxies[0].httpProxy, wins, lines)
            self.assertEqual([str(problem) for problem in warnings], [warning] if warning else [])

    def test_servers(self):
        """
        Servers beside it are of no use, and a warning says so.
        """
        self.assertEqual(found("", "option http_proxy"), [
            "lb.cfg:12:5: backend 'app': its servers are not used because 'option http_proxy' takes the address of each "
            "request"])

    def test_allThree(self):
        """
        Each that loses is named with the one that decides.
        """
        self.assertEqual(found("", "dispatch 1.2.3.4:80\noption http_proxy\nbalance"), [
            "lb.cfg:12:5: backend 'app': 'dispatch' is ignored because 'balance' is set on line 14",
            "lb.cfg:13:5: backend 'app': 'option http_proxy' is ignored because 'balance' is set on line 14",
        ])


class OrderTests(SynchronousTestCase):
    """
    Rules that are not applied in the order of the file (CFG-30, SWI-01).
    """

    def test_misplaced(self):
        """
        One warning per misplaced kind and proxy says the order that is really applied.
        """
        redirect, block, switch = "redirect prefix / if TRUE", "block if TRUE", "use_backend app if TRUE"
        end = ": rules are not applied in the order of the file; the order is always: redirect, block, req*, use_backend"
        for lines, expected in (
            ((redirect, switch), []),
            ((block, redirect, switch), []),
            ((redirect, block), ["11:5: frontend 'web': 'block' after 'redirect'"]),
            ((switch, block, block), ["11:5: frontend 'web': 'block' after 'use_backend'"]),
            ((switch, redirect, redirect), ["11:5: frontend 'web': 'redirect' after 'use_backend'"]),
            ((switch, redirect, block), ["11:5: frontend 'web': 'redirect' after 'use_backend'",
                                         "12:5: frontend 'web': 'block' after 'redirect'"]),
        ):
            self.assertEqual(found("\n".join(lines)), ["lb.cfg:" + problem + end for problem in expected], lines)

    def test_apart(self):
        """
        Another proxy's rules do not count.
        """
        self.assertEqual(found("redirect prefix / if TRUE", "block if TRUE"), [])


class PersistenceTests(SynchronousTestCase):
    """
    Cookies and servers (CFG-22).
    """

    def test_noServer(self):
        """
        A cookie written where there is no server is refused, an inherited one has no effect there.
        """
        self.assertIn("lb.cfg:3:2: listen 'l': 'cookie' needs servers; add a 'server' with a 'cookie'",
                      problems("listen l :80\n mode http\n cookie c\n dispatch 1.2.3.4:80\n"))
        proxy = loadText("defaults\n mode http\n cookie c\nlisten l :80\n dispatch 1.2.3.4:80\n")[0].proxies[0]
        self.assertIsNone(proxy.cookie)

    def test_badServer(self):
        """
        A server that is wrong is told once.
        """
        self.assertEqual(len(problems("listen l :80\n mode http\n timeout client 1s\n cookie c\n server s :x\n")), 1)

    def test_prefix(self):
        """
        A value that mode prefix can never find is warned of.
        """
        self.assertEqual(found("", "cookie c prefix\nserver s2 1.2.3.4:80 cookie a~b"), [
            "lb.cfg:13:12: backend 'app': server 's2': a cookie value with '~' is never found in mode prefix"])

    def test_monitorFail(self):
        """
        C{monitor fail} without a URI to monitor is warned of (ERR-07).
        """
        self.assertEqual(found("monitor fail if TRUE"), [
            "lb.cfg:10:5: frontend 'web': 'monitor fail' has no effect without 'monitor-uri'"])
        self.assertEqual(found("monitor-uri /x\nmonitor fail if TRUE"), [])


class TimeoutTests(SynchronousTestCase):
    """
    Missing timeouts (CFG-13).
    """

    def test_warnings(self):
        """
        One warning per proxy names the timeouts to add, by their modern names.
        """
        self.assertEqual(
            problems("frontend f :80\nbackend b\n server s 1.2.3.4:80\nbackend empty\nlisten l :81\n"
                     " contimeout 5s\n server s 1.2.3.4:80\n"),
            [
                "lb.cfg:1:10: frontend 'f': no limit for inactive connections; add 'timeout client'",
                "lb.cfg:2:9: backend 'b': no limit for inactive connections; add 'timeout connect', 'timeout server'",
                "lb.cfg:5:8: listen 'l': no limit for inactive connections; add 'timeout client', 'timeout server'",
            ],
        )
