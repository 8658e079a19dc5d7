# -*- test-case-name: lbproxy.test.config.test_yamlreader -*-
"""
Tests for L{lbproxy.config.yamlreader} and L{lbproxy.config.yamlwords}.
"""

from twisted.trial.unittest import SynchronousTestCase

from lbproxy.test.config.support import loadText, problems

CLASSIC = r"""
global
    maxconn 4000
    log 127.0.0.1:514 local0 info
    stats socket run/lb.sock mode 600 user www
    stats timeout 5s
    daemon
    noepoll

defaults
    mode http
    log global
    timeout connect 4s
    timeout client 30s
    timeout server 30s
    timeout http-request 10s
    option httplog
    option redispatch
    option forwardfor except 127.0.0.0/8
    retries 2
    errorfile 503 e503

frontend www
    bind *:8080
    bind :8081-8083,[::1]:8084
    maxconn 100
    acl static path_beg /static/
    acl static path_end .png .css
    acl inside src 10.0.0.0/8
    acl agent hdr_sub(user-agent) -i "mozilla"
    use_backend assets if static !inside or agent
    use_backend assets unless METH_GET
    default_backend app
    reqtarpit ^X-Spam:\ yes

backend assets
    no option redispatch
    server img1 10.0.1.1:80
    server img2 10.0.1.2:80

backend app
    balance url_param user check_post 20
    option httpchk GET /health
    option httpclose
    source 10.0.0.254
    server app1 10.0.0.11:8080 weight 10 check inter 2s fastinter 500ms backup
    server app2 10.0.0.12:8080 weight 5

listen raw
    bind :9000
    mode tcp
    disabled
    dispatch 10.0.0.1:25
"""

YAML_STRINGS = r"""
global:
  maxconn: 4000
  log: 127.0.0.1:514 local0 info
  stats socket: run/lb.sock mode 600 user www
  stats timeout: 5s
  daemon:
  noepoll: true
  quiet: false
backends:
  ignored: {disabled: true}
"""

YAML = r"""
global:
  maxconn: 4000
  log: {address: "127.0.0.1:514", facility: local0, level: info}
  stats: {socket: {path: run/lb.sock, mode: 600, user: www}, timeout: 5s}
  daemon: true
  noepoll:
  quiet: false

defaults:
  mode: http
  log: global
  timeout: {connect: 4s, client: 30s, server: 30s, http-request: 10s}
  option: [httplog, redispatch, {forwardfor: {except: 127.0.0.0/8}}]
  retries: 2
  errorfile: {503: e503}

frontends:
  www:
    bind: ["*:8080", ":8081-8083,[::1]:8084"]
    maxconn: 100
    acl:
      static: [path_beg /static/, {criterion: path_end, values: [.png, .css]}]   # alternatives
      inside: src 10.0.0.0/8
      agent: hdr_sub(user-agent) -i "mozilla"
    use_backend:
      assets: [if static !inside or agent, {unless: METH_GET}]
    default_backend: app
    reqtarpit: {pattern: "^X-Spam: yes"}

backends:
  assets:
    option: {redispatch: false}
    servers: {img1: "10.0.1.1:80", img2: {address: "10.0.1.2:80", backup: false}}
  app:
    balance: {algorithm: url_param, parameter: user, check_post: 20}
    option: [httpchk GET /health, httpclose]
    source: {address: 10.0.0.254}
    servers:
      app1: {address: "10.0.0.11:8080", backup: true, weight: 10, check: {inter: 2s, fastinter: 500ms}}
      app2: 10.0.0.12:8080 weight 5

listens:
  raw:
    bind: ":9000"
    mode: tcp
    enabled: no
    dispatch: 10.0.0.1:25
"""

FILES = {"e503": b"HTTP/1.0 503 Sorry\r\n\r\n"}

YAML_PLACES = """
defaults:
  mode: http
  timeout: {connect: 1s, client: 1s, server: 1s}
frontends:
  web:
    bind: ":80"
"""


def inFrontend(*lines):
    """
    The problems of a frontend with these lines, which start at line 7.
    """
    return problems(YAML_PLACES + "".join("    %s\n" % (line,) for line in lines), "lb.yaml")


class EquivalenceTests(SynchronousTestCase):
    """
    Both languages say the same (CFG-25).
    """

    maxDiff = None

    def test_equal(self):
        """
        One set of proxies written in both languages gives equal configurations.
        """
        classic, warnings = loadText(CLASSIC, files=FILES)
        yaml, yamlWarnings = loadText(YAML, "lb.yaml", files=FILES)
        self.assertEqual(classic.globals, yaml.globals)
        for one, other in zip(classic.proxies, yaml.proxies):
            self.assertEqual(one, other)
        self.assertEqual(classic, yaml)
        self.assertEqual([p.text for p in warnings], [p.text for p in yamlWarnings])

    def test_strings(self):
        """
        The classic argument string is a value as well as a mapping is.
        """
        self.assertEqual(
            loadText(YAML_STRINGS, "lb.yaml")[0].globals, loadText(CLASSIC, files=FILES)[0].globals
        )

    def test_sameTexts(self):
        """
        One mistake gives the same words in both languages.
        """
        classic = problems("frontend web\n bind :80\n timeout client 1x\n")
        yaml = problems('frontends:\n  web:\n    bind: ":80"\n    timeout: {client: 1x}\n', "lb.yaml")
        self.assertEqual([p.split(": ", 1)[1] for p in classic], [p.split(": ", 1)[1] for p in yaml])


class PlaceTests(SynchronousTestCase):
    """
    Positions of problems in YAML.
    """

    def test_places(self):
        """
        The exact word is pointed at, in plain and quoted values, mappings and lists.
        """
        for lines, place in (
            (["balnce: x"], "7:5"),
            (["maxconn: x"], "7:14"),
            (["maxconn: 'x'"], "7:15"),
            (["timeout: {client: 1x}"], "7:23"),
            (["option:", "  - httplog", "  - htplog"], "9:9"),
            (['acl: {a: path /, b/c: path /}'], "7:22"),
            (["use_backend: {nowhere: if TRUE}"], "7:19"),
            (['log: "10.0.0.1 local9"'], "7:20"),
            (["log: {address: 10.0.0.1, facilty: local0}"], "7:30"),
            (["monitor-uri: '\\x4'"], "7:19"),
        ):
            reported = [p for p in inFrontend(*lines) if p.startswith("lb.yaml:%s: " % (place,))]
            self.assertEqual(len(reported), 1, (lines, inFrontend(*lines)))

    def test_hints(self):
        """
        Mistyped sections, keywords and fields are answered with what was meant.
        """
        self.assertIn("did you mean 'frontends'?", problems("frontend: {}\n", "lb.yaml")[0])
        self.assertIn("did you mean 'facility'?", inFrontend("log: {address: 10.0.0.1, facilty: local0}")[0])
        self.assertIn("did you mean 'weight'?", "".join(problems(
            "backends: {b: {servers: {s: {address: '1.2.3.4:80', wieght: 1}}}}\n", "lb.yaml")))


class ShapeTests(SynchronousTestCase):
    """
    What a YAML file may look like.
    """

    def test_refusals(self):
        """
        Shapes without meaning are refused, never with a traceback.
        """
        for text, part in (
            ("a", "the file must be a mapping"),
            ("[a, b]", "an item of the list of sections must be a mapping"),
            ("[{frontend a: {}, frontend b: {}}]", "holds one section, not 'frontend b' too"),
            ("[{'': {}}]", "the name of the section is empty"),
            ("[{'frontend \\x4': {}}]", "'\\x' needs two hexadecimal digits"),
            ("[{frontends: {}}]", "unknown section 'frontends'; did you mean 'frontend'?"),
            ("[{xyz: {}}]", "unknown section 'xyz'; use global, defaults, frontend, backend, listen"),
            ("[{frontend: {}}]", "'frontend' needs a name"),
            ("[{global x: {}}]", "unexpected 'x' after 'global'"),
            ("[{backend b: [x]}]", "a 'backend' section must be a mapping"),
            ("&a [*a]", "an item of the list of sections must be a mapping"),
            ("backends: {b: {rules: reqdel}}", "'rules' must be a list"),
            ("backends: {b: {rules: [reqdel]}}", "a rule must be a mapping with one key"),
            ("backends: {b: {rules: [{reqdel: a, reqdeny: b}]}}", "a rule must be a mapping with one key"),
            ("backends: {b: {rules: &a [{rules: *a}]}}", "'rules' cannot be inside 'rules'"),
            ("backends: {b: {rules: [{reqdle: a}]}}", "did you mean 'reqdel'?"),
            ("frontends: [a]", "'frontends' must be a mapping"),
            ("frontends: {web: 5}", "a 'frontend' section must be a mapping"),
            ("frontends: {web: {bind: [[a]]}}", "a list inside a list"),
            ("frontends: {web: {? [a] : b}}", "a key must be a plain word"),
            ("frontends: {web: {mode: http, mode: tcp}}", "key 'mode' is written twice"),
            ("global: {maxconn: 5\n", "not valid YAML"),
            ("global: {maxconn: *x}", "not valid YAML"),
            ("global:\n\tmaxconn: 5", "not valid YAML"),
            ("a: 1\n---\nb: 2", "not valid YAML"),
            ("global: {log: {facility: local0}}", "field 'address' is missing"),
            ("global: {maxconn: {a: 5}}", "'maxconn': unknown field 'a'"),
            ("frontends: {web: {option: {httplog: false}}}", "'option httplog' cannot be negated"),
            ("frontends: {web: {nosuch: {a: b}}}", "unknown keyword 'nosuch'"),
            ("frontends: {web: {option: {nosuch: {a: b}}}}", "unknown 'option' word 'nosuch'"),
            ("backends: {b: {servers: {s: {address: {a: b}}}}}", "field 'address' cannot be a mapping"),
            ("backends: {b: {servers: {s: {address: 1.2.3.4, check: {x: 1}}}}}", "'check' has no field 'x'"),
            ("backends: {b: {servers: &a {s: *a}}}", "unknown field 's'"),
            ("global: &a {log: *a}", "unknown field 'log'"),
            ("'': 5", "unknown section"),
            ("frontends: {web: {'': 5}}", "the keyword is empty"),
            ("", "no proxy is defined"),
            ("frontends:", "no proxy is defined"),
        ):
            reported = "\n".join(problems(text, "lb.yaml"))
            self.assertIn(part, reported, text)

    def test_encoding(self):
        """
        A file that is not UTF-8 is refused with the line.
        """
        self.assertIn("lb.yaml:2:1: the file is not UTF-8", problems("a: b\nc: \udcff\n", "lb.yaml"))

    def test_merge(self):
        """
        Anchors and merge keys share lines between sections; a section's own value wins.
        """
        configuration, _ = loadText(
            """
            backends:
              one: &common {mode: http, retries: 5}
              two: {<<: *common, retries: 1}
            """,
            "lb.yaml",
        )
        self.assertEqual([(p.mode, p.retries) for p in configuration.proxies], [("http", 5), ("http", 1)])

    def test_order(self):
        """
        The defaults apply wherever they stand; proxies keep the order of the file.
        """
        configuration, _ = loadText(
            "listens: {z: {bind: ':1', dispatch: '1.2.3.4:1'}}\nbackends: {y: {}}\nlistens2: {}\n"
            "defaults: {retries: 9}\n".replace("listens2: {}\n", ""),
            "lb.yaml",
        )
        self.assertEqual([(p.name, p.retries) for p in configuration.proxies], [("z", 9), ("y", 9)])

    def test_list(self):
        """
        A file may be a list of sections; each C{defaults} then applies to what follows, and the order of proxies is free.
        """
        yaml, _ = loadText(
            """
            - global: {maxconn: 7}
            - defaults: {mode: http, retries: 1}
            - frontend web 127.0.0.1:80:
                default_backend: app
            - backend app:
                servers: {s: "10.0.0.1:80"}
            - defaults again:
            - frontend other: {bind: ":81", default_backend: none}
            - backend none:
            """,
            "lb.yaml",
        )
        classic, _ = loadText(
            """
            global
                maxconn 7
            defaults
                mode http
                retries 1
            frontend web 127.0.0.1:80
                default_backend app
            backend app
                server s 10.0.0.1:80
            defaults again
            frontend other
                bind :81
                default_backend none
            backend none
            """
        )
        self.assertEqual(yaml, classic)
        self.assertEqual([p.mode for p in yaml.proxies], ["http", "http", "tcp", "tcp"])

    def test_rules(self):
        """
        Under C{rules} statements are taken in their order, whatever their keywords, in every form that they have elsewhere.
        """
        yaml, _ = loadText(
            """
            defaults:
              rules:
                - mode: http
                - option: {httpclose: false}
                - timeout: {client: 3s}
                - timeout connect: 1s
                - timeout server: 2s
                - option: httplog
            listens:
              l:
                bind: ":80"
                rules:
                  - reqdel: ^X-
                  - reqrep: {pattern: "^(A): (.*)", replacement: "\\\\1: b"}
                  - reqdel: [^Y-, ^Z-]
                  - disabled: true
                rspdel: ^Server
                servers: {s: "10.0.0.1:80"}
            backends:
              b: {rules: }
            """,
            "lb.yaml",
        )
        classic, _ = loadText(
            """
            defaults
                mode http
                no option httpclose
                timeout client 3s
                timeout connect 1s
                timeout server 2s
                option httplog
            listen l
                bind :80
                reqdel ^X-
                reqrep ^(A):\\ (.*) \\1:\\ b
                reqdel ^Y-
                reqdel ^Z-
                disabled
                rspdel ^Server
                server s 10.0.0.1:80
            backend b
            """
        )
        self.assertEqual(yaml, classic)

    def test_allRulesReported(self):
        """
        A rule that is wrong does not hide the next one, and each is pointed at.
        """
        reported = inFrontend("rules:", "  - reqdel: '('", "  - maxconn: x", "  - 5", "  - maxconn: 7")
        self.assertEqual(
            [p.split(": ")[0] for p in reported if "rule" in p or "maxconn" in p or "reqdel" in p],
            ["lb.yaml:8:18", "lb.yaml:9:18", "lb.yaml:10:9"],
        )

    def test_fieldOrder(self):
        """
        The fields of a mapping come in the order of the keyword's grammar, however they were written: a condition is last.
        """
        yaml, _ = loadText(
            """
            listens:
              l:
                bind: ":80"
                mode: http
                redirect:
                  - {if: "{ path /a }", prefix: /x, code: 301}
                  - {drop-query: true, unless: "{ path /b }", clear-cookie: A, location: /y, set-cookie: B}
                cookie: {indirect: true, domain: .a.b, insert: true, name: SRV}
                servers: {s: {weight: 5, check: {inter: 1s}, address: "10.0.0.1:80"}}
            """,
            "lb.yaml",
        )
        classic, _ = loadText(
            """
            listen l
                bind :80
                mode http
                redirect prefix /x code 301 if { path /a }
                redirect location /y set-cookie B clear-cookie A drop-query unless { path /b }
                cookie SRV insert indirect domain .a.b
                server s 10.0.0.1:80 weight 5 check inter 1s
            """
        )
        self.assertEqual(yaml, classic)

    def test_hashSign(self):
        """
        A hash sign inside a quoted value is part of it.
        """
        configuration, _ = loadText("listens: {l: {bind: ':1', mode: http, reqtarpit: '^#'}}", "lb.yaml")
        self.assertEqual(configuration.proxies[0].requestRules[0].pattern, b"^#")
