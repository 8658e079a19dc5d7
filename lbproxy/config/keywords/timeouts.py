# -*- test-case-name: lbproxy.test.config.keywords.test_proxies -*-
"""
Timeouts, and the deprecated words for three of them (CFG-10, CFG-11).
"""

from lbproxy.config.grammar import setsDuration
from lbproxy.config.registry import Keyword, register

_TIMEOUTS = (
    ("client", "DFL", "client", "frontend", "Longest inactivity of a client."),
    ("http-request", "DFL", "httpRequest", "frontend", "Longest time a client may take to send a request head."),
    ("http-keep-alive", "DFL", "httpKeepAlive", "frontend", "Longest idle time between two requests of a client."),
    ("server", "DLB", "server", "backend", "Longest inactivity of a server."),
    ("connect", "DLB", "connect", "backend", "Longest time to connect to a server."),
    ("queue", "DLB", "queue", "backend", "Longest wait for a server; 'timeout connect' when absent."),
    ("check", "DLB", "check", "backend", "Longest time a health check may take once connected."),
    ("appsession", "DLB", "appsession", "backend", "How long an unused session of 'appsession' is remembered."),
    ("tarpit", "DFLB", "tarpit", "any", "How long a tarpitted request is held; 'timeout connect' when absent."),
)
_DEPRECATED = (("clitimeout", "client"), ("contimeout", "connect"), ("srvtimeout", "server"))


def _register() -> None:
    rows = {row[0]: row for row in _TIMEOUTS}
    for name, sections, field, inherit, summary in _TIMEOUTS:
        _one("timeout " + name, sections, field, inherit, summary, "timeout " + name)
    for old, name in _DEPRECATED:
        _, sections, field, inherit, summary = rows[name]
        for spelling in (old, "timeout " + old):
            _one(spelling, sections, field, inherit, summary, "timeout " + name, True)


def _one(
    name: str, sections: str, field: str, inherit: str, summary: str, modern: str, deprecated: bool = False
) -> None:
    register(
        Keyword(
            name,
            sections,
            setsDuration("timeouts." + field),
            grammar="TIME",
            field="timeouts." + field,
            default="none (infinite)",
            inherit=inherit,
            repeat="overwrite",
            once=modern,
            help=summary,
            example="%s 30s" % (name,),
            replacedBy=modern if deprecated else None,
        )
    )


_register()
