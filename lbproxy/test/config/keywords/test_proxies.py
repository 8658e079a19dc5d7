# -*- test-case-name: lbproxy.test.config.keywords.test_proxies -*-
"""
Tests for the keywords of proxies.
"""

from twisted.trial.unittest import SynchronousTestCase

from lbproxy.config import Balance, Bind, Check, ForwardFor, RegexRule
from lbproxy.test.config.support import found, inProxies, loadText, proxies


class ListenerTests(SynchronousTestCase):
    """
    C{bind} (CFG-27, CFG-32).
    """

    def test_forms(self):
        """
        Every form of address gives its listeners.
        """
        for words, binds in (
            ("*:80", [Bind("0.0.0.0", 80)]),
            ("1.2.3.4:80,:81", [Bind("1.2.3.4", 80), Bind("0.0.0.0", 81)]),
            (":80-82", [Bind("0.0.0.0", 80), Bind("0.0.0.0", 81), Bind("0.0.0.0", 82)]),
            ("[::1]:80,::1:81", [Bind("::1", 80), Bind("::1", 81)]),
            ("app.example:80", [Bind("10.9.8.7", 80)]),
            ("/run/lb.sock mode 660", [Bind(path="/run/lb.sock", mode=0o660)]),
            ("unix@/run/lb.sock", [Bind(path="/run/lb.sock")]),
            ("fd@7,:80", [Bind(fd=7), Bind("0.0.0.0", 80)]),
        ):
            self.assertEqual(list(proxies("bind " + words)[0].binds)[1:], binds, words)

    def test_refusals(self):
        """
        Bad addresses are refused.
        """
        for words in ("", "80", "*:", ":0", ":65536", ":9-8", "nowhere.example:80", "/" + "x" * 107, "fd@x",
                      ":80 transparent", ":80 mode 600", "/s mode", "/s moode 600"):
            self.assertEqual(len(found("bind " + words)), 1, words)


class SettingTests(SynchronousTestCase):
    """
    Keywords with one value.
    """

    def test_frontend(self):
        """
        What a frontend takes.
        """
        for line, field, value in (
            ("mode tcp", "mode", "tcp"),
            ("maxconn 5", "maxconn", 5),
            ("backlog 5", "backlog", 5),
            ("grace 5s", "grace", 5.0),
            ("id 1001", "id", 1001),
            ("disabled", "disabled", True),
            ("disabled\nenabled", "disabled", False),
            ("option dontlognull", "dontLogNull", True),
            ("option logasap", "logAsap", True),
            ("option contstats", "contStats", True),
            ("option contstats\nno option contstats", "contStats", False),
            ("option http_proxy", "httpProxy", True),
            ("option httplog", "logFormat", "http"),
            ("option tcplog", "logFormat", "tcp"),
            ("option httpclose", "httpClose", True),
            ("option forwardfor", "forwardFor", ForwardFor()),
            ("option forwardfor header X-Me except 10.0.0.0/8", "forwardFor", ForwardFor(b"X-Me", (0x0A000000,
                                                                                             0xFF000000))),
            ("monitor-uri /alive", "monitorUri", b"/alive"),
            ("reqtarpit ^X\\ Y", "requestRules", (RegexRule("tarpit", b"^X Y"),)),
            ("reqitarpit x", "requestRules", (RegexRule("tarpit", b"x", True),)),
            ("default_backend app", "defaultBackend", "app"),
        ):
            self.assertEqual(getattr(loadText(inProxies(line))[0].proxies[0], field), value, line)

    def test_backend(self):
        """
        What a backend takes.
        """
        http = b"%s HTTP/1.0\r\n\r\n"
        for line, field, value in (
            ("fullconn 5", "fullconn", 5),
            ("retries 0", "retries", 0),
            ("option forceclose", "forceClose", True),
            ("option abortonclose", "abortOnClose", True),
            ("option allbackups", "allBackups", True),
            ("option redispatch", "redispatch", True),
            ("option persist", "persist", True),
            ("option persist\nno option persist", "persist", False),
            ("option checkcache", "checkCache", True),
            ("option checkcache\nno option checkcache", "checkCache", False),
            ("option httpchk", "check", Check("http", http % (b"OPTIONS /",))),
            ("option httpchk /x", "check", Check("http", http % (b"OPTIONS /x",))),
            ("option httpchk GET /x", "check", Check("http", http % (b"GET /x",))),
            ("option httpchk GET /x HTTP/1.1\\r\\nHost:\\ www", "check",
             Check("http", b"GET /x HTTP/1.1\r\nHost: www\r\n\r\n")),
            ("source 10.0.0.5", "source", ("10.0.0.5", 0)),
            ("source *:5000", "source", ("0.0.0.0", 5000)),
            ("dispatch 10.0.0.5:80", "dispatch", ("10.0.0.5", 80)),
            ("balance", "balance", Balance("roundrobin")),
            ("balance roundrobin", "balance", Balance("roundrobin")),
            ("balance url_param u", "balance", Balance("url_param", b"u")),
            ("balance url_param u check_post", "balance", Balance("url_param", b"u", 48)),
            ("balance url_param u check_post 100", "balance", Balance("url_param", b"u", 100)),
            ("balance url_param u check_post 1", "balance", Balance("url_param", b"u", 3)),
        ):
            self.assertEqual(getattr(proxies("", line)[1], field), value, line)

    def test_refusals(self):
        """
        Bad values are refused with their place and the whole reason (CFG-31).
        """
        for front, problem in (
            ("mode htp", "10:10: frontend 'web': 'mode': unknown mode 'htp': use 'tcp' or 'http'; did you mean "
             "'http'?"),
            ("id 1000", "10:8: frontend 'web': 'id': 1000 is too small: ids up to 1000 are reserved"),
            ("maxconn", "10:5: frontend 'web': 'maxconn': needs a number"),
            ("maxconn 5 6", "10:15: frontend 'web': 'maxconn': unexpected '6'; write '\\ ' for a blank inside an "
             "argument"),
            ("timeout client abc", "10:20: frontend 'web': 'timeout client': 'abc' is not a duration: a whole number "
             "with an optional unit us, ms, s, m, h or d"),
            ("timeout client", "10:5: frontend 'web': 'timeout client': needs a duration"),
            ("timeout client 5sx", "10:20: frontend 'web': 'timeout client': unexpected 'x' after the time unit in "
             "'5sx'"),
            ("option forwardfor except ::1", "10:30: frontend 'web': 'option forwardfor': '::1' is not an IPv4 "
             "address or network"),
            ("option forwardfor header a:b", "10:30: frontend 'web': 'option forwardfor': 'a:b' is not a header name"),
            ("log 10.0.0.1", "10:5: frontend 'web': 'log': needs a facility after the address"),
            ("log 10.0.0.1 local8", "10:18: frontend 'web': 'log': unknown log facility 'local8'; did you mean "
             "'local7'?"),
            ("log 10.0.0.1 local0 warn", "10:25: frontend 'web': 'log': unknown log level 'warn'; did you mean "
             "'warning'?"),
            ("use_backend app", "10:5: frontend 'web': 'use_backend': needs a condition; add 'if NAME...' or 'unless "
             "NAME...'"),
            ("use_backend app when x", "10:21: frontend 'web': 'use_backend': expected 'if' or 'unless' instead of "
             "'when'"),
            ("reqtarpit [a", "10:15: frontend 'web': 'reqtarpit': bad regular expression: '[' at position 1 is not "
             "closed"),
        ):
            self.assertEqual([p for p in found(front) if "no limit" not in p], ["lb.cfg:" + problem])
        for back, problem in (
            ("balance url_parm x", "12:13: backend 'app': 'balance': unknown algorithm 'url_parm'; did you mean "
             "'url_param'?"),
            ("balance url_param", "12:5: backend 'app': 'balance': 'url_param' needs the name of a URL parameter"),
            ("balance url_param u check", "12:25: backend 'app': 'balance': unexpected 'check'; did you mean "
             "'check_post'?"),
            ("balance url_param u check_post x", "12:36: backend 'app': 'balance': 'x' is not a whole number"),
            ("balance leastconn", "12:13: backend 'app': 'balance': algorithm 'leastconn' is not supported yet"),
            ("retries -1", "12:13: backend 'app': 'retries': -1 is too small: the least is 0"),
            ("source 10.0.0.1 usesrc client", "12:21: backend 'app': 'source': keyword 'usesrc' is not supported yet"),
            ("option httpchk GET / HTTP/1.1 x", "12:35: backend 'app': 'option httpchk': unexpected 'x'; write '\\ ' "
             "for a blank inside an argument"),
            ("dispatch 10.0.0.1", "12:14: backend 'app': 'dispatch': '10.0.0.1' has no port: expected address:port"),
        ):
            self.assertEqual(found("", back), ["lb.cfg:" + problem])


class TimeoutTests(SynchronousTestCase):
    """
    Timeouts and their old names (CFG-10, CFG-11).
    """

    def test_values(self):
        """
        Each is set on its own; zero is infinite.
        """
        for line, field, value in (
            ("timeout client 5s", "client", 5.0),
            ("timeout http-request 250", "httpRequest", 0.25),
            ("timeout http-keep-alive 1m", "httpKeepAlive", 60.0),
            ("timeout tarpit 2s", "tarpit", 2.0),
            ("timeout client 0", "client", None),
        ):
            self.assertEqual(getattr(proxies(line)[0].timeouts, field), value, line)
        for line, field in (("server", "server"), ("connect", "connect"), ("queue", "queue"), ("check", "check")):
            self.assertEqual(getattr(proxies("", "timeout %s 5s" % (line,))[1].timeouts, field), 5.0)

    def test_aliases(self):
        """
        The old names mean the same and are silent.
        """
        self.assertEqual(
            loadText(inProxies("clitimeout 5s", "contimeout 6s\nsrvtimeout 7s")),
            loadText(inProxies("timeout client 5s", "timeout connect 6s\ntimeout server 7s")),
        )
        self.assertEqual(found("timeout clitimeout 5s", "timeout contimeout 6s\ntimeout srvtimeout 7s"), [])

    def test_overwriting(self):
        """
        Writing one twice in a section warns, under either name, and the last one wins.
        """
        text = inProxies("timeout client 5s\nclitimeout 6s")
        self.assertEqual(loadText(text)[0].proxies[0].timeouts.client, 6.0)
        self.assertEqual(
            found("timeout client 5s\nclitimeout 6s"),
            ["lb.cfg:11:5: frontend 'web': 'clitimeout': overwriting the value of line 10"],
        )


class RedispatchTests(SynchronousTestCase):
    """
    The old words for redispatching (CFG-16).
    """

    def test_oldWords(self):
        """
        They work and warn with the new spelling.
        """
        for word in ("redispatch", "redisp"):
            self.assertTrue(proxies("", word)[1].redispatch)
            self.assertEqual(
                found("", word),
                ["lb.cfg:12:5: backend 'app': '%s': this keyword is deprecated; write 'option redispatch'" % (word,)],
            )
