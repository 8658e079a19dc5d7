# -*- test-case-name: lbproxy.test.config.test_checks -*-
"""
What can only be verified once the whole file is read (CFG-22 and others).
"""

from typing import Any, Dict, List, Optional

import attr

from lbproxy.config.draft import Draft, World
from lbproxy.config.errors import didYouMean
from lbproxy.config.model import Balance, Configuration, Place, Proxy

_HTTP_ONLY = (
    ("acls", "acl", ()),
    ("switchRules", "use_backend", ()),
    ("requestRules", "req*", ()),
    ("monitorUri", "monitor-uri", None),
)
_WARNED_TIMEOUTS = (("frontend", ("client",)), ("backend", ("connect", "server")))


def checkConfiguration(configuration: Configuration, drafts: List[Draft], world: World, file: str) -> Configuration:
    """
    Cross check a configuration; problems are reported.

    @param drafts: drafts of the proxies, in the same order, for the places of their statements.
    @param file: path of the configuration.
    @return: the configuration without what has no effect in TCP mode.
    """
    report = world.report
    if not configuration.proxies:
        report.error(Place(file, 1), "no proxy is defined", "add a 'listen', or a 'frontend' and a 'backend'")
    proxies = [
        _checkMode(proxy, draft, world) for proxy, draft in zip(configuration.proxies, drafts)
    ]
    for proxy, draft in zip(proxies, drafts):
        _checkListeners(proxy, draft, world)
        _checkReferences(proxy, draft, proxies, world)
        _checkDispatch(proxy, draft, world)
        _checkTimeouts(proxy, draft, world)
        _checkServers(proxy, world)
    _checkIds(proxies, drafts, world)
    return attr.evolve(configuration, proxies=tuple(proxies))


def _label(proxy: Proxy) -> str:
    return "%s '%s'" % (proxy.kind, proxy.name)


def _checkMode(proxy: Proxy, draft: Draft, world: World) -> Proxy:
    if proxy.mode == "http":
        return proxy
    for field, keyword, empty in _HTTP_ONLY:
        if getattr(proxy, field):
            world.report.warning(
                draft.places[field],
                "%s: '%s' only works in mode http and is ignored" % (_label(proxy), keyword),
            )
            changes: Dict[str, Any] = {field: empty}
            proxy = attr.evolve(proxy, **changes)
    if proxy.isBackend and proxy.balance.algorithm == "url_param":
        world.report.warning(
            draft.places["balance"],
            "%s: 'balance': 'url_param' only works in mode http; 'roundrobin' is used" % (_label(proxy),),
        )
        proxy = attr.evolve(proxy, balance=Balance(place=proxy.balance.place))
    return proxy


def _checkListeners(proxy: Proxy, draft: Draft, world: World) -> None:
    if proxy.isFrontend and not proxy.binds and "bind" not in draft.written:
        world.report.error(draft.place, "%s has no address to listen on" % (_label(proxy),), "add a 'bind' line")


def _checkReferences(proxy: Proxy, draft: Draft, proxies: List[Proxy], world: World) -> None:
    if not proxy.isFrontend:
        return
    if proxy.defaultBackend is not None:
        _checkTarget(
            proxy, "default_backend", proxy.defaultBackend, draft.places["defaultBackend"], proxies, world
        )
    for rule in proxy.switchRules:
        _checkTarget(proxy, "use_backend", rule.backend, rule.place or draft.place, proxies, world)


def _checkTarget(
    proxy: Proxy, keyword: str, name: str, place: Place, proxies: List[Proxy], world: World
) -> None:
    label = "%s: '%s': " % (_label(proxy), keyword)
    found = [other for other in proxies if other.isBackend and other.name == name]
    report = world.report
    if not found:
        known = [other.name for other in proxies if other.isBackend]
        if any(other.name == name for other in proxies):
            report.error(place, label + "'%s' is a frontend, not a backend" % (name,), didYouMean(name, known))
        else:
            report.error(place, label + "there is no backend '%s'" % (name,), didYouMean(name, known))
    elif len(found) > 1:
        lines = " and ".join(str(other.place.line) for other in found if other.place is not None)
        report.error(place, label + "'%s' is ambiguous: it is defined on lines %s" % (name, lines))
    elif found[0] is proxy:
        report.error(place, label + "the section points to itself")
    elif found[0].mode != proxy.mode:
        report.error(
            place,
            label + "%s is in mode %s, this section in mode %s" % (_label(found[0]), found[0].mode, proxy.mode),
            "add 'mode %s' to %s" % (proxy.mode, _label(found[0])),
        )


def _checkDispatch(proxy: Proxy, draft: Draft, world: World) -> None:
    if "dispatch" in draft.values and "balance" in draft.values:
        world.report.warning(
            draft.places["dispatch"],
            "%s: 'dispatch' is ignored because 'balance' is set on line %d"
            % (_label(proxy), draft.places["balance"].line),
        )


def _checkTimeouts(proxy: Proxy, draft: Draft, world: World) -> None:
    missing: List[str] = []
    for capability, names in _WARNED_TIMEOUTS:
        if draft.has(capability) and (capability == "frontend" or proxy.servers):
            missing.extend(name for name in names if "timeouts." + name not in draft.values)
    if missing:
        world.report.warning(
            draft.place,
            "%s: no limit for inactive connections" % (_label(proxy),),
            "add %s" % (", ".join("'timeout %s'" % (name,) for name in missing),),
        )


def _checkServers(proxy: Proxy, world: World) -> None:
    names: Dict[str, Optional[Place]] = {}
    numbers: Dict[int, str] = {}
    for server in proxy.servers:
        place = server.place or proxy.place
        assert place is not None
        if server.name in names:
            world.report.warning(place, "%s: there is already a server '%s'" % (_label(proxy), server.name))
        names.setdefault(server.name, server.place)
        if server.id in numbers:
            world.report.error(
                place,
                "%s: server '%s' has the id %d of server '%s'"
                % (_label(proxy), server.name, server.id, numbers[server.id]),
            )
        numbers.setdefault(server.id, server.name)


def _checkIds(proxies: List[Proxy], drafts: List[Draft], world: World) -> None:
    owners: Dict[int, str] = {}
    for proxy, draft in zip(proxies, drafts):
        if proxy.id in owners:
            world.report.error(
                draft.places.get("id", draft.place),
                "%s has the id %d of %s" % (_label(proxy), proxy.id, owners[proxy.id]),
            )
        owners.setdefault(proxy.id, _label(proxy))
