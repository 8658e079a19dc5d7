# -*- test-case-name: lbproxy.test.config.test_loader -*-
"""
Tests for L{lbproxy.config.loader}.
"""

from twisted.trial.unittest import SynchronousTestCase

from lbproxy.config import Cookie, ForwardFor
from lbproxy.test.config.support import found, inProxies, loadText, problems

FATAL_IN_DEFAULTS = (
    "acl a path /",
    "use_backend x if a",
    "bind :80",
    "server s 1.2.3.4:80",
    "dispatch 1.2.3.4:80",
    "id 1001",
    "reqtarpit x",
    "reqitarpit x",
    "block if a",
    "redirect prefix x if a",
    "monitor fail if a",
    "capture request header x len 5",
    "tcp-request inspect-delay 5s",
    "reqadd x",
    "rspadd x",
)


class SectionTests(SynchronousTestCase):
    """
    Sections and what they inherit (CFG-03, CFG-04, CFG-20).
    """

    def test_defaultsReplace(self):
        """
        Each C{defaults} forgets the previous one.
        """
        first, second = loadText(
            """
            defaults first
                mode http
                retries 7
                option forwardfor header X-Client
                option redispatch
                timeout connect 1s
                timeout server 1s
            backend one
                server s 1.2.3.4:80
            defaults
                timeout connect 2s
                timeout server 1s
            backend two
                server s 1.2.3.4:80
            """
        )[0].proxies
        self.assertEqual((first.mode, first.retries, first.redispatch), ("http", 7, True))
        self.assertEqual(first.forwardFor.header, b"X-Client")
        self.assertEqual((second.mode, second.retries, second.redispatch), ("tcp", 3, False))
        self.assertIsNone(second.forwardFor)
        self.assertEqual((first.timeouts.connect, second.timeouts.connect), (1.0, 2.0))

    def test_inheritance(self):
        """
        A frontend takes what concerns frontends, a backend what concerns backends, error pages go to both.
        """
        front, back = loadText(
            """
            defaults
                mode http
                maxconn 11
                backlog 12
                fullconn 13
                retries 2
                grace 5s
                balance url_param x
                source 10.0.0.5
                monitor-uri /alive
                errorfile 503 e503
                option httplog
                option httpchk
                option logasap
                timeout client 1s
                timeout server 2s
                timeout connect 3s
                timeout http-request 4s
            frontend web
                bind :80
                default_backend app
            backend app
                server s 1.2.3.4:80
            """,
            files={"e503": b"sorry"},
        )[0].proxies
        self.assertEqual((front.maxconn, front.backlog, front.fullconn, front.retries), (11, 12, 0, 3))
        self.assertEqual((back.maxconn, back.backlog, back.fullconn, back.retries), (0, None, 13, 2))
        self.assertEqual((front.logFormat, back.logFormat), ("http", None))
        self.assertEqual((front.monitorUri, back.monitorUri), (b"/alive", None))
        self.assertEqual((front.check.kind, back.check.kind), ("tcp", "http"))
        self.assertEqual((front.source, back.source), (None, ("10.0.0.5", 0)))
        self.assertEqual((front.timeouts.client, front.timeouts.server), (1.0, None))
        self.assertEqual((back.timeouts.client, back.timeouts.server), (None, 2.0))
        for proxy in (front, back):
            self.assertEqual(proxy.errorFiles, {503: b"sorry"})
            self.assertEqual((proxy.grace, proxy.logAsap), (5.0, True))

    def test_httpInheritance(self):
        """
        Of what is about HTTP, a C{defaults} section gives a frontend its monitoring, a backend its persistence, and options
        to all; rules, captures and appsession are never inherited (reference 2).
        """
        front, back = loadText(
            """
            defaults
                mode http
                cookie SRV insert domain .example.com
                monitor-net 10.0.0.0/8
                timeout appsession 5m
                errorloc303 503 http://sorry
                option checkcache
                option persist
                option contstats
                option forwardfor header X-Client except 10.0.0.0/8
            frontend web
                bind :80
            backend app
                server s 1.2.3.4:80 cookie a
                no option persist
                option forwardfor
            """
        )[0].proxies
        cookie = Cookie(b"SRV", "insert", domain=b".example.com")
        self.assertEqual((front.cookie, back.cookie), (None, cookie))
        self.assertEqual((front.monitorNet, back.monitorNet), ((0x0A000000, 0xFF000000), None))
        self.assertEqual((front.timeouts.appsession, back.timeouts.appsession), (None, 300.0))
        self.assertEqual((front.persist, back.persist, front.checkCache, back.checkCache), (True, False, True, True))
        self.assertTrue(front.contStats)
        self.assertEqual(front.forwardFor, ForwardFor(b"X-Client", (0x0A000000, 0xFF000000)))
        self.assertEqual(back.forwardFor, ForwardFor())
        for proxy in (front, back):
            self.assertEqual(proxy.errorLocations, {503: (303, b"http://sorry")})

    def test_forwardForReset(self):
        """
        A header name of one C{defaults} section is gone with the next one (CFG-20).
        """
        text = "defaults\n mode http\n option forwardfor header X-Me\nlisten a :80\ndefaults\n mode http\nlisten b :81\n"
        first, second = loadText(text)[0].proxies
        self.assertEqual((first.forwardFor, second.forwardFor), (ForwardFor(b"X-Me"), None))

    def test_globalsMerge(self):
        """
        Several C{global} sections are one.
        """
        configuration, _ = loadText("global\n maxconn 5\n" + inProxies(globals_="tune.maxaccept 7"))
        self.assertEqual((configuration.globals.maxconn, configuration.globals.maxAccept), (5, 7))

    def test_names(self):
        """
        A proxy needs a name made of the allowed characters; the message shows the wrong one.
        """
        for line, text in (
            ("backend", "lb.cfg:1:1: 'backend' needs a name"),
            ("backend a/b", "lb.cfg:1:9: character '/' is not allowed in proxy name 'a/b'"),
            ("listen w\\ x :80", "lb.cfg:1:8: character ' ' is not allowed in proxy name 'w x'"),
            ("backend b 1.2.3.4:80", "lb.cfg:1:11: backend 'b': unexpected '1.2.3.4:80'"),
            ("listen l nowhere", "lb.cfg:1:10: 'nowhere' has no port"),
        ):
            self.assertTrue(any(problem.startswith(text) for problem in problems(line + "\n")), text)

    def test_addressOnSectionLine(self):
        """
        The line of a C{listen} or C{frontend} may carry addresses.
        """
        proxy = loadText("listen l 10.0.0.1:80,:81\n bind :82\n dispatch 1.2.3.4:80\n")[0].proxies[0]
        self.assertEqual(
            [(bind.host, bind.port) for bind in proxy.binds], [("10.0.0.1", 80), ("0.0.0.0", 81), ("0.0.0.0", 82)]
        )

    def test_order(self):
        """
        Proxies and servers keep their order and are numbered by it (CFG-19, CFG-35).
        """
        front, back = loadText(inProxies("", "server s3 10.0.0.3:80\nserver s2 10.0.0.2:80 id 2001"))[0].proxies
        self.assertEqual([(front.name, front.id), (back.name, back.id)], [("web", 1), ("app", 2)])
        self.assertEqual([(s.name, s.id) for s in back.servers], [("s1", 1), ("s3", 2), ("s2", 2001)])


class DispatchTests(SynchronousTestCase):
    """
    Where keywords belong (CFG-06 to CFG-08, CFG-14).
    """

    def test_unknown(self):
        """
        An unknown keyword is refused with the real kind of its section and, if one is close, what was meant.
        """
        for section, kind, label in (
            ("global", "global", ""),
            ("defaults", "defaults", ""),
            ("frontend x :1", "frontend", "frontend 'x': "),
            ("backend x", "backend", "backend 'x': "),
            ("listen x :1", "listen", "listen 'x': "),
        ):
            first = problems("%s\n nosuchword yes\n" % (section,))
            self.assertIn("lb.cfg:2:2: %sunknown keyword 'nosuchword' in '%s' section" % (label, kind), first)

    def test_hints(self):
        """
        The closest keyword of the section is suggested, or where the word belongs.
        """
        for line, hint in (
            ("defualt_backend x", "did you mean 'default_backend'?"),
            ("option htplog", "did you mean 'httplog'?"),
            ("timeout cleint 5s", "did you mean 'client'?"),
            ("daemon", "it belongs in the 'global' section"),
            ("httpclose", "did you mean 'option httpclose'?"),
        ):
            (problem,) = found(line)
            self.assertTrue(problem.endswith("; " + hint), problem)
        self.assertTrue(found(globals_="balance")[0].endswith("it belongs in a proxy section"))

    def test_groups(self):
        """
        An unknown timeout is refused with the list of those that exist (CFG-10).
        """
        self.assertEqual(
            found("timeout lunch 5s"),
            [
                "lb.cfg:10:13: frontend 'web': unknown 'timeout' word 'lunch': it must be one of appsession, check, client, "
                "connect, http-keep-alive, http-request, queue, server, tarpit"
            ],
        )
        self.assertIn("'option' needs one of: abortonclose, ", found("option")[0])

    def test_fatalInDefaults(self):
        """
        What cannot live in C{defaults} is refused there with its place.
        """
        for line in FATAL_IN_DEFAULTS:
            first = problems("defaults\n %s\n" % (line,))
            self.assertTrue(any(problem.startswith("lb.cfg:2:2: 'defaults' section: ") for problem in first)
                            or any("is not allowed in a 'defaults' section" in problem for problem in first), first)

    def test_wrongCapability(self):
        """
        A keyword of the other side is ignored with a warning that names what is missing, and hints at the twin limit.
        """
        for front, back, text in (
            ("server s 1.2.3.4:80", "", "lb.cfg:10:5: frontend 'web': 'server' is ignored because this section has "
             "no backend capability"),
            ("", "bind :80", "lb.cfg:12:5: backend 'app': 'bind' is ignored because this section has no frontend "
             "capability"),
            ("", "maxconn 5", "lb.cfg:12:5: backend 'app': 'maxconn' is ignored because this section has no frontend "
             "capability; did you mean 'fullconn'?"),
            ("fullconn 5", "", "lb.cfg:10:5: frontend 'web': 'fullconn' is ignored because this section has no "
             "backend capability; did you mean 'maxconn'?"),
            ("timeout server 5s", "", "lb.cfg:10:5: frontend 'web': 'timeout server' is ignored because this section "
             "has no backend capability"),
        ):
            self.assertEqual(found(front, back), [text])
            self.assertEqual(loadText(inProxies(front, back))[0], loadText(inProxies())[0])

    def test_no(self):
        """
        C{no} clears a boolean option; it is refused before anything else.
        """
        front, back = loadText(
            inProxies("option httpclose\nno option httpclose", "option redispatch\nno option redispatch")
        )[0].proxies
        self.assertFalse(front.httpClose)
        self.assertFalse(back.redispatch)
        for line, text in (
            ("no maxconn 5", "'no' only goes before 'option'"),
            ("no", "'no' only goes before 'option'"),
            ("no option httplog", "'option httplog' cannot be negated"),
            ("no option tcplog", "'option tcplog' cannot be negated"),
            ("no option forwardfor", "'option forwardfor' cannot be negated"),
        ):
            self.assertIn(text, found(line)[0])
        self.assertIn("'option httpchk' cannot be negated", found("", "no option httpchk")[0])

    def test_closeBits(self):
        """
        Clearing forceclose leaves an inherited httpclose (CFG-15).
        """
        proxy = loadText(
            """
            defaults
                mode http
                option httpclose
                option forceclose
            listen l :80
                no option forceclose
                dispatch 1.2.3.4:80
            """
        )[0].proxies[0]
        self.assertEqual((proxy.httpClose, proxy.forceClose), (True, False))

    def test_notSupportedYet(self):
        """
        A word of the classic language that lbproxy lacks is refused as such, in its place.
        """
        for line in ("tcp-request content accept", "option tcpka", "stats enable", "rate-limit sessions 5", "transparent"):
            (problem,) = found(line)
            self.assertTrue(problem.startswith("lb.cfg:10:5: frontend 'web': keyword '"), problem)
            self.assertTrue(problem.endswith("' is not supported yet"), problem)
        for line in ("debug", "spread-checks 5", "ulimit-n 5", "nosplice"):
            self.assertIn("is not supported yet", found(globals_=line)[0])

    def test_everythingAtOnce(self):
        """
        All the problems of a file are told together, in its order.
        """
        reported = found("maxconn x\nbalnce\ntimeout client 1q", "retries -1")
        self.assertEqual([problem.split(":")[1] for problem in reported], ["10", "11", "12", "15"])
