# -*- test-case-name: lbproxy.test.config.test_modes -*-
"""
Tests for L{lbproxy.config.modes}.
"""

import attr
from twisted.trial.unittest import SynchronousTestCase

from lbproxy.config import Proxy
from lbproxy.test.config.support import found, inProxies, loadText, problems, proxies

TCP = """
listen l :80
    timeout client 1s
    timeout connect 1s
    timeout server 1s
    server s 1.2.3.4:80
"""
HTTP_LINES = (
    ("redirect prefix / if x", "redirect", "redirectRules"),
    ("block if x", "block", "blockRules"),
    ("use_backend nowhere if x", "use_backend", "switchRules"),
    ("reqdeny x", "req*", "requestRules"),
    ("reqsetbe x nowhere", "req*", "requestRules"),
    ("rspdel x", "rsp*", "responseRules"),
    ("reqadd A:b", "reqadd", "requestAdds"),
    ("rspadd A:b", "rspadd", "responseAdds"),
    ("cookie c insert", "cookie", "cookie"),
    ("appsession c len 5 timeout 1s", "appsession", "appSession"),
    ("capture cookie c len 5", "capture cookie", "cookieCapture"),
    ("capture request header c len 5", "capture request header", "requestCaptures"),
    ("capture response header c len 5", "capture response header", "responseCaptures"),
    ("monitor-uri /x", "monitor-uri", "monitorUri"),
    ("monitor fail if x", "monitor fail", "monitorFail"),
    ("option http_proxy", "option http_proxy", "httpProxy"),
    ("option checkcache", "option checkcache", "checkCache"),
    ("option persist", "option persist", "persist"),
)


class TcpTests(SynchronousTestCase):
    """
    HTTP statements in TCP mode (CFG-22).
    """

    def test_ignored(self):
        """
        Each is warned of where it stands and has no effect.
        """
        for line, keyword, field in HTTP_LINES:
            configuration, warnings = loadText(TCP + "    " + line + "\n")
            self.assertEqual(
                [str(problem) for problem in warnings],
                ["lb.cfg:6:5: listen 'l': '%s' only works in mode http and is ignored" % (keyword,)],
            )
            value = getattr(configuration.proxies[0], field)
            self.assertEqual(value, attr.fields_dict(Proxy)[field].default, line)

    def test_both(self):
        """
        The same statements are kept in HTTP mode: the table above names fields that they really set.
        """
        for line, _, field in HTTP_LINES:
            text = TCP + "    mode http\n    monitor-uri /u\n    " + line.replace("nowhere", "b") + "\nbackend b\n mode http\n"
            value = getattr(loadText(text)[0].proxies[0], field)
            self.assertNotEqual(value, attr.fields_dict(Proxy)[field].default, line)

    def test_inheritedOptions(self):
        """
        Options of a mixed configuration's defaults are dropped without a word.
        """
        text = "defaults\n option checkcache\n option persist\n option http_proxy\n" + TCP.lstrip()
        configuration, warnings = loadText(text)
        proxy = configuration.proxies[0]
        self.assertEqual((proxy.checkCache, proxy.persist, proxy.httpProxy, warnings), (False, False, False, ()))

    def test_serverWords(self):
        """
        A server's cookie or redirection outside of HTTP mode is refused.
        """
        for word in ("cookie", "redir"):
            self.assertEqual(
                problems(TCP + "    server s2 1.2.3.4:80 %s x\n" % (word,)),
                ["lb.cfg:6:12: listen 'l': server 's2': '%s' only works in mode http; add 'mode http'" % (word,)],
            )

    def test_monitorNet(self):
        """
        C{monitor-net} works in both modes (ERR-09).
        """
        configuration, warnings = loadText(TCP + "    monitor-net 10.0.0.0/8\n")
        self.assertEqual((configuration.proxies[0].monitorNet, warnings), ((0x0A000000, 0xFF000000), ()))


class HealthTests(SynchronousTestCase):
    """
    C{mode health} (ERR-10).
    """

    def test_listen(self):
        """
        It is accepted with a word about its age; servers are ignored with a warning and no timeout is asked for.
        """
        configuration, warnings = loadText(
            "listen l :80\n mode health\n option httpchk\n server s 1.2.3.4:80 cookie a\n")
        proxy = configuration.proxies[0]
        self.assertEqual((proxy.mode, proxy.servers, proxy.check.kind), ("health", (), "http"))
        self.assertEqual([str(problem) for problem in warnings], [
            "lb.cfg:2:7: listen 'l': 'mode': mode 'health' is obsolete; use 'monitor-uri' or 'monitor-net' in mode http",
            "lb.cfg:4:2: listen 'l': 'server' is ignored in mode health",
        ])

    def test_target(self):
        """
        An inherited C{default_backend} is ignored, a written one with a warning.
        """
        for inherited, written, count in ((" default_backend b\n", "", 1), ("", " default_backend b\n", 2)):
            configuration, warnings = loadText(
                "defaults\n" + inherited + "frontend l :80\n mode health\n" + written + "backend b\n")
            self.assertEqual((configuration.proxies[0].defaultBackend, len(warnings)), (None, count))

    def test_backend(self):
        """
        A pure backend cannot have it.
        """
        self.assertIn(
            "lb.cfg:12:5: backend 'app': mode 'health' needs a frontend: a backend is never asked",
            found("", "mode health"),
        )


class SwitchTests(SynchronousTestCase):
    """
    C{reqsetbe} in a backend (SWI-07).
    """

    def test_backend(self):
        """
        It comes too late there: a warning, and the other rules stay.
        """
        text = inProxies("", "reqsetbe x app\nreqdel y\nreqisetbe x nowhere")
        configuration, warnings = loadText(text)
        self.assertEqual([rule.action for rule in configuration.proxies[1].requestRules], ["delete"])
        self.assertEqual([str(problem) for problem in warnings], [
            "lb.cfg:12:16: backend 'app': 'reqsetbe' only works in a frontend and is ignored",
            "lb.cfg:14:17: backend 'app': 'reqisetbe' only works in a frontend and is ignored",
        ])
        self.assertEqual(len(proxies("reqsetbe x app")[0].requestRules), 1)
