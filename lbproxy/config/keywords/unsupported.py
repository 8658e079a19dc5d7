# -*- test-case-name: lbproxy.test.config.keywords.test_proxies -*-
"""
Words of the classic language that lbproxy knows but does not support yet (reference 1 and 3). Registering one of
them makes it supported.
"""

from lbproxy.config.registry import REGISTRY

GLOBAL = "debug maxpipes nosplice spread-checks ulimit-n".split()

PROXY = [
    "appsession",
    "bind-process",
    "block",
    "capture cookie",
    "capture request header",
    "capture response header",
    "cliexp",
    "cookie",
    "errorloc",
    "errorloc302",
    "errorloc303",
    "http-check disable-on-404",
    "monitor fail",
    "monitor-net",
    "rate-limit sessions",
    "redirect",
    "srvexp",
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
    "timeout appsession",
    "transparent",
]

REGEX_RULES = [
    "req" + word for word in "add allow del deny iallow idel ideny ipass irep isetbe pass rep setbe".split()
] + ["rsp" + word for word in "add del deny idel ideny irep rep".split()]

OPTIONS = [
    "option " + name
    for name in (
        "checkcache clitcpka contstats http_proxy keepalive nolinger persist smtpchk splice-auto splice-request "
        "splice-response srvtcpka ssl-hello-chk tcpka tcpsplice transparent"
    ).split()
]

SERVER = "cookie interface redir slowstart track usesrc".split()

REGISTRY.unsupported("G", GLOBAL)
REGISTRY.unsupported("F", PROXY + REGEX_RULES + OPTIONS)
REGISTRY.unsupported("S", SERVER)
