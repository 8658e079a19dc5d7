"""
Tests for L{lbproxy.explain}, L{lbproxy.rehearsal} and L{lbproxy.witness}.
"""

import io
import re

from twisted.python import usage
from twisted.trial.unittest import TestCase

from lbproxy import explain
from lbproxy.loading import loadConfiguration

CONFIG = """\
defaults
    mode http
    timeout client 5s
    timeout connect 5s
    timeout server 5s
    timeout tarpit 7s
frontend www
    bind 127.0.0.1:8080
    acl static path_beg /static/ /img/
    acl inside src 10.0.0.0/8
    block if { path /secret } !inside
    redirect location /in code 303 if { path /old }
    reqirep ^Host:\\ (.*) Host:\\ new-\\1
    reqitarpit ^X-Spam:
    use_backend assets if static
    default_backend app
backend app
    cookie SRV insert indirect
    option forwardfor
    rspadd X-Back:\\ 1
    rspidel ^Server:
    server app1 10.0.0.11:80 cookie a weight 10
    server app2 10.0.0.12:80 cookie b
backend assets
    reqadd X-Assets:\\ yes
    server img1 10.0.1.1:80
listen tcp
    mode tcp
    bind 127.0.0.1:9090
    server t1 10.0.2.1:90
"""


class ExplainTests(TestCase):
    """
    What C{lbproxy explain} prints is what the balancer does.
    """

    def lines(self, *arguments, config=CONFIG):
        """
        @return: list of the lines printed.
        """
        path = self.mktemp()
        with open(path, "w") as target:
            target.write(config)
        options = explain.Options()
        options.parseOptions(["--config", path, *arguments])
        out, err = io.StringIO(), io.StringIO()
        self.status = explain.run(options, out, err)
        self.errors = err.getvalue().replace(path, "lb.cfg")
        return out.getvalue().replace(path, "lb.cfg").splitlines()

    def ask(self, line, *arguments, config=CONFIG):
        """
        @return: the lines printed for a request line.
        """
        return self.lines("--request", line, *arguments, config=config)

    def test_way(self):
        """
        Every rule evaluated is there with its place, what its tests saw and what came of it; then the choice, and both
        heads.
        """
        found = self.ask("GET /static/x HTTP/1.1", "--header", "Host: a", "--src", "10.0.0.1")
        self.assertEqual(self.status, 0)
        self.assertEqual(found[0], "frontend 'www' (lb.cfg:7:10)")
        text = "\n".join(found)
        for expected in (
            r"    redirect location /in code 303 if \{ path /old \}  -> does not apply  \(lb.cfg:12:",
            r"      path  saw '/static/x'  -> no",
            r"    block if \{ path /secret \} !inside  -> does not apply  \(lb.cfg:11:",
            r"    \^Host: \(\.\*\)  saw 'Host: a'  -> becomes 'Host: new-a'  \(lb.cfg:13:",
            r"    use_backend assets if static  -> applies  \(lb.cfg:15:",
            r"      static: path_beg  saw '/static/x'  -> yes",
            r"server 'img1' by balance roundrobin", r"connects to 10\.0\.1\.1:80", r"status 200, logged as ----",
        ):
            self.assertTrue(re.search(expected, text), "%s in\n%s" % (expected, text))
        at = found.index("to the server:")
        self.assertEqual(found[at + 1:at + 4], ["  GET /static/x HTTP/1.1", "  Host: new-a", "  X-Assets: yes"])
        self.assertEqual(found[found.index("to the client:") + 1], "  HTTP/1.1 200 OK")

    def test_shortCircuit(self):
        """
        What was not evaluated is not told: the first test decided.
        """
        found = self.ask("GET /x HTTP/1.1")
        self.assertFalse([line for line in found if "inside" in line and "saw" in line])

    def test_persistence(self):
        """
        It tells that a cookie chose the server, and what becomes of it; a server that is down is not chosen.
        """
        found = self.ask("GET / HTTP/1.1", "--header", "Cookie: SRV=b; x=1", "--answer", "Server: secret")
        self.assertIn("server 'app2' by persistence", found)
        self.assertIn("  cookie of backend 'app'  -> designates server app2", found)
        self.assertIn("  Cookie: x=1", found)
        self.assertIn("  X-Forwarded-For: 127.0.0.1", found)
        self.assertIn("  X-Back: 1", found)
        self.assertFalse([line for line in found if line == "  Server: secret"])
        found = self.ask("GET / HTTP/1.1", "--header", "Cookie: SRV=b", "--down", "app/app2")
        self.assertIn("server 'app1' by balance roundrobin", found)
        self.assertIn("  Set-Cookie: SRV=a; path=/", found)
        self.assertIn("  set-cookie of backend 'app'  -> changes the head", found)
        self.assertIn("status 200, logged as --DI", found)
        self.assertTrue([line for line in found if "app2" in line and "down" in line])

    def test_answered(self):
        """
        A request that the rules answer reaches no server.
        """
        found = self.ask("GET /old HTTP/1.1")
        self.assertIn("no backend was reached", found)
        self.assertNotIn("to the server:", found)
        self.assertIn("  Location: /in", found)
        found = self.ask("GET /secret HTTP/1.1")
        self.assertIn("status 403, logged as PR--", found)
        found = self.ask("nonsense")
        self.assertIn("status 400, logged as PR--", found)

    def test_tarpit(self):
        """
        Time is not waited for: a tarpitted request has its answer at once.
        """
        self.assertIn("status 500, logged as PTNN", self.ask("GET / HTTP/1.1", "--header", "X-Spam: 1"))

    def test_noServer(self):
        """
        Without a server that is up it is what the client would get.
        """
        found = self.ask("GET /static/ HTTP/1.1", "--down", "assets/img1")
        self.assertIn("status 503, logged as SC--", found)

    def test_tcp(self):
        """
        In TCP mode there is no request to look at; the frontend is found by the address the client connects to.
        """
        found = self.lines("--dst", "127.0.0.1:9090")
        self.assertIn("connects to 10.0.2.1:90", found)

    def test_mistakes(self):
        """
        What cannot be explained is refused with the reason: a broken file, an unknown server, frontend or address.
        """
        for arguments, config, expected in (
            ((), CONFIG.replace("mode http", "mode htp", 1), "lb.cfg:2:10: "),
            (("--down", "app/none"), CONFIG, "there is no server 'app/none'"),
            (("--down", "none/app1"), CONFIG, "there is no server 'none/app1'"),
            (("--frontend", "none"), CONFIG, "there are: 'www', 'tcp'"),
            (("--dst", "127.0.0.1:1"), CONFIG, "no frontend takes that connection"),
            (("--src", "somewhere"), CONFIG, "--src: 'somewhere' is not a numeric address"),
        ):
            self.assertEqual(self.ask("GET / HTTP/1.1", *arguments, config=config), [])
            self.assertEqual(self.status, 1)
            self.assertIn(expected, self.errors)
        self.assertEqual(self.lines(), [])
        self.assertIn("which request?", self.errors)

    def test_usage(self):
        """
        A command line that makes no sense is refused.
        """
        for arguments in ([], ["--config", "x", "--down", "app1"], ["--config", "x", "--nonsense"]):
            self.assertRaises(usage.UsageError, explain.Options().parseOptions, arguments)

    def test_sameAsUnwatched(self):
        """
        Being watched changes nothing: the server gets the same bytes from a balancer that nobody watches.
        """
        from lbproxy.pipeline import NOBODY
        from lbproxy.rehearsal import Rehearsal
        from lbproxy.witness import Witness

        path = self.mktemp()
        with open(path, "w") as target:
            target.write(CONFIG)
        configuration, _ = loadConfiguration(path)
        for request in (b"GET /static/a HTTP/1.1\r\nHost: b\r\n\r\n", b"GET / HTTP/1.1\r\nCookie: SRV=b\r\n\r\n",
                        b"GET /old HTTP/1.1\r\n\r\n", b"POST / HTTP/1.1\r\nContent-Length: 3\r\n\r\nabc"):
            told = []
            for witness in (NOBODY, Witness()):
                rehearsal = Rehearsal(configuration, None, witness)
                rehearsal.play(rehearsal.assembly.frontends[0], request, ("10.0.0.1", 4000), ("127.0.0.1", 8080))
                told.append((rehearsal.toServer, rehearsal.toClient))
            self.assertEqual(*told)
