# -*- test-case-name: lbproxy.test.config.keywords.test_mappings -*-
"""
The keywords of HTTP rules as YAML mappings: each says the same as its classic line (CFG-25).
"""

from twisted.trial.unittest import SynchronousTestCase

from lbproxy.test.config.support import inProxies, loadText

FRONT = (
    ("block if a !b", "block: {if: a !b}"),
    ("block unless { path /x }", "block: {unless: '{ path /x }'}"),
    ("redirect location /x code 301 if a", "redirect: {location: /x, code: 301, if: a}"),
    ("redirect prefix / drop-query set-cookie S=1 unless a or b",
     "redirect: {prefix: /, drop-query: true, set-cookie: S=1, unless: a or b}"),
    ("redirect prefix / clear-cookie S= if a", "redirect: {prefix: /, clear-cookie: S=, drop-query: false, if: a}"),
    ("use_backend app if { path_beg /x } or b", "use_backend: {app: 'if { path_beg /x } or b'}"),
    ("use_backend app if a", "use_backend: {app: {if: a}}"),
    ("reqsetbe ^Host:\\ x app", "reqsetbe: {pattern: '^Host: x', backend: app}"),
    ("reqrep ^(.*)\\ x \\1\\ y", "reqrep: {pattern: '^(.*) x', replacement: '\\1 y'}"),
    ("rspirep a b", "rspirep: {pattern: a, replacement: b}"),
    ("reqidel ^A:\\ b", "reqidel: {pattern: '^A: b'}"),
    ("reqtarpit x\nreqtarpit y", "reqtarpit: [{pattern: x}, y]"),
    ("reqadd A:\\ b", "reqadd: {line: 'A: b'}"),
    ("rspadd A:\\ b\nrspadd C:d", "rspadd: [{line: 'A: b'}, 'C:d']"),
    ("capture cookie A= len 5", "capture cookie: {name: A=, len: 5}"),
    ("capture cookie A= len 5", "capture: {cookie: {name: A=, len: 5}}"),
    ("capture request header A len 5", "capture: {request header: {name: A, len: 5}}"),
    ("capture response header A len 5", "capture response header: {name: A, len: 5}"),
    ("monitor-uri /x\nmonitor-net 10.0.0.0/8", "monitor-uri: /x\nmonitor-net: {network: 10.0.0.0/8}"),
    ("monitor-uri /x\nmonitor fail if a", "monitor-uri: {uri: /x}\nmonitor fail: {if: a}"),
    ("monitor-uri /x\nmonitor fail if a", "monitor-uri: {uri: /x}\nmonitor: {fail: if a}"),
    ("errorloc 503 http://x", "errorloc: {503: 'http://x'}"),
    ("errorloc303 502 /x\nerrorloc303 503 /y", "errorloc303: {502: {url: /x}, 503: /y}"),
    ("option contstats\noption http_proxy", "option: [contstats, http_proxy]"),
    ("option contstats", "option: {contstats: true, http_proxy: false}"),
    ("option forwardfor except 10.0.0.0/8 header X", "option forwardfor: {except: 10.0.0.0/8, header: X}"),
)
BACK = (
    ("cookie SRV insert indirect", "cookie: {name: SRV, insert: true, indirect: true}"),
    ("cookie SRV rewrite nocache postonly domain .a.b",
     "cookie: {name: SRV, rewrite: true, nocache: true, postonly: true, indirect: false, domain: .a.b}"),
    ("cookie SRV prefix", "cookie: {name: SRV, prefix: true}"),
    ("appsession J len 5 timeout 3h entries 9", "appsession: {cookie: J, len: 5, timeout: 3h, entries: 9}"),
    ("appsession J len 5\ntimeout appsession 3h", "appsession: {cookie: J, len: 5}\ntimeout: {appsession: 3h}"),
    ("option persist\noption checkcache", "option: {persist: true, checkcache: true}"),
    ("server s2 10.0.0.2:80 cookie a redir http://x", "server: {s2: {address: '10.0.0.2:80', cookie: a, redir: 'http://x'}}"),
)


def yamlProxies(frontend, backend):
    """
    The proxies of L{inProxies}, with the lines in YAML.
    """
    def indented(text):
        return "".join("    %s\n" % (line,) for line in text.splitlines())

    text = (
        "defaults:\n  mode: http\n  timeout: {client: 3s, connect: 3s, server: 3s}\n"
        "frontends:\n  web:\n    bind: :80\n" + indented(frontend)
        + "backends:\n  app:\n    servers: {s1: '10.0.0.1:80'}\n" + indented(backend)
    )
    return loadText(text, "lb.yaml")


class MappingTests(SynchronousTestCase):
    """
    Both languages.
    """

    def test_frontend(self):
        """
        Statements of a frontend.
        """
        plain = loadText(inProxies())[0]
        for classic, yaml in FRONT:
            configuration, warnings = loadText(inProxies(classic))
            self.assertEqual((yamlProxies(yaml, "")[0], warnings), (configuration, ()), yaml)
            self.assertNotEqual(configuration, plain, classic)

    def test_backend(self):
        """
        Statements of a backend.
        """
        plain = loadText(inProxies())[0]
        for classic, yaml in BACK:
            configuration, warnings = loadText(inProxies("", classic))
            self.assertEqual((yamlProxies("", yaml)[0], warnings), (configuration, ()), yaml)
            self.assertNotEqual(configuration, plain, classic)
