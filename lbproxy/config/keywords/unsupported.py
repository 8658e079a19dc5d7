# -*- test-case-name: lbproxy.test.config.keywords.test_proxies -*-
"""
Words of the classic language that lbproxy knows but does not support yet (reference 1 and 3). Registering one of
them makes it supported.
"""

from lbproxy.config.registry import REGISTRY

GLOBAL = "debug maxpipes nosplice spread-checks ulimit-n".split()

PROXY = [
    "bind-process",
    "http-check disable-on-404",
    "rate-limit sessions",
    "stats auth",
    "stats enable",
    "stats hide-version",
    "stats realm",
    "stats refresh",
    "stats scope",
    "stats uri",
    "tcp-request content accept",
    "tcp-request content reject",
    "tcp-request inspect-delay",
    "transparent",
]

OPTIONS = [
    "option " + name
    for name in (
        "clitcpka keepalive nolinger smtpchk splice-auto splice-request splice-response srvtcpka ssl-hello-chk tcpka "
        "tcpsplice transparent"
    ).split()
]

SERVER = "interface slowstart track usesrc".split()

REGISTRY.unsupported("G", GLOBAL)
REGISTRY.unsupported("F", PROXY + OPTIONS)
REGISTRY.unsupported("S", SERVER)
