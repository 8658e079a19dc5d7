# -*- test-case-name: lbproxy.test.config.test_modes -*-
"""
What a proxy's mode lets it have (CFG-22, ERR-10).
"""

from typing import Any, Dict

import attr

from lbproxy.config.draft import Draft
from lbproxy.config.errors import Report
from lbproxy.config.model import Balance, Proxy

_HTTP_ONLY = (
    ("acls", "acl"),
    ("redirectRules", "redirect"),
    ("blockRules", "block"),
    ("switchRules", "use_backend"),
    ("requestRules", "req*"),
    ("responseRules", "rsp*"),
    ("requestAdds", "reqadd"),
    ("responseAdds", "rspadd"),
    ("cookie", "cookie"),
    ("appSession", "appsession"),
    ("cookieCapture", "capture cookie"),
    ("requestCaptures", "capture request header"),
    ("responseCaptures", "capture response header"),
    ("monitorUri", "monitor-uri"),
    ("monitorFail", "monitor fail"),
)
_HTTP_OPTIONS = (("httpProxy", "http_proxy"), ("checkCache", "checkcache"), ("persist", "persist"))


def checkMode(proxy: Proxy, draft: Draft, report: Report) -> Proxy:
    """
    Tell what a proxy has that its mode has no use for, or cannot do without.

    @param draft: that of the proxy, for the places of its statements.
    @return: the proxy without what is ignored.
    """
    if proxy.mode == "http":
        return _withoutStraySwitches(proxy, draft, report)
    proxy = _withoutHttp(proxy, draft, report)
    if proxy.mode == "health":
        return _checkHealth(proxy, draft, report)
    for server in proxy.servers:
        for value, word in ((server.cookie, "cookie"), (server.redirect, "redir")):
            if value is not None:
                report.error(
                    server.place or draft.place,
                    "%s: server '%s': '%s' only works in mode http" % (draft.label, server.name, word),
                    "add 'mode http'",
                )
    return proxy


def _withoutHttp(proxy: Proxy, draft: Draft, report: Report) -> Proxy:
    changes: Dict[str, Any] = {}
    defaults = attr.fields_dict(Proxy)
    for field, keyword in _HTTP_ONLY:
        if getattr(proxy, field) != defaults[field].default:
            _warn(draft, field, keyword, report)
            changes[field] = defaults[field].default
    for field, option in _HTTP_OPTIONS:
        if getattr(proxy, field):
            # A mixed configuration has such options in its defaults: only what is written here is worth a word.
            if field in draft.own:
                _warn(draft, field, "option " + option, report)
            changes[field] = False
    if proxy.isBackend and proxy.balance.algorithm == "url_param":
        report.warning(
            draft.places["balance"],
            "%s: 'balance': 'url_param' only works in mode http; 'roundrobin' is used" % (draft.label,),
        )
        changes["balance"] = Balance(place=proxy.balance.place)
    return attr.evolve(proxy, **changes)


def _warn(draft: Draft, field: str, keyword: str, report: Report) -> None:
    report.warning(draft.places[field], "%s: '%s' only works in mode http and is ignored" % (draft.label, keyword))


def _withoutStraySwitches(proxy: Proxy, draft: Draft, report: Report) -> Proxy:
    """
    C{reqsetbe} chooses a backend: one that is written in a backend comes too late (SWI-07).
    """
    stray = [rule for rule in proxy.requestRules if rule.backend is not None]
    if proxy.isFrontend or not stray:
        return proxy
    for rule in stray:
        report.warning(
            rule.place or draft.place,
            "%s: '%s' only works in a frontend and is ignored"
            % (draft.label, "reqisetbe" if rule.ignoreCase else "reqsetbe"),
        )
    kept = tuple(rule for rule in proxy.requestRules if rule.backend is None)
    return attr.evolve(proxy, requestRules=kept)


def _checkHealth(proxy: Proxy, draft: Draft, report: Report) -> Proxy:
    if not proxy.isFrontend:
        report.error(
            draft.places["mode"], "%s: mode 'health' needs a frontend: a backend is never asked" % (draft.label,)
        )
    if proxy.servers:
        report.warning(draft.places["servers"], "%s: 'server' is ignored in mode health" % (draft.label,))
    if proxy.defaultBackend is not None and "defaultBackend" in draft.own:
        report.warning(
            draft.places["defaultBackend"], "%s: 'default_backend' is ignored in mode health" % (draft.label,)
        )
    return attr.evolve(proxy, servers=(), defaultBackend=None)
