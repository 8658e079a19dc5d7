# -*- test-case-name: lbproxy.test.config.test_checks -*-
"""
What can only be verified once the whole file is read (CFG-22, CFG-24, CFG-30 and others).
"""

from typing import Dict, List, Optional

import attr

from lbproxy.config.draft import Draft, World
from lbproxy.config.errors import didYouMean
from lbproxy.config.model import Configuration, Place, Proxy
from lbproxy.config.modes import checkMode

_LATER = (("block", "blockRules", ("redirect", "use_backend")), ("redirect", "redirectRules", ("use_backend",)))
_ORDER = "redirect, block, req*, use_backend"
_WARNED_TIMEOUTS = (("frontend", ("client",)), ("backend", ("connect", "server")))


def checkConfiguration(configuration: Configuration, drafts: List[Draft], world: World, file: str) -> Configuration:
    """
    Cross check a configuration; problems are reported.

    @param drafts: drafts of the proxies, in the same order, for the places of their statements.
    @param file: path of the configuration.
    @return: the configuration without what has no effect where it stands.
    """
    report = world.report
    if not configuration.proxies:
        report.error(Place(file, 1), "no proxy is defined", "add a 'listen', or a 'frontend' and a 'backend'")
    proxies = [
        _checkPersistence(checkMode(proxy, draft, report), draft, world)
        for proxy, draft in zip(configuration.proxies, drafts)
    ]
    for proxy, draft in zip(proxies, drafts):
        _checkListeners(proxy, draft, world)
        _checkReferences(proxy, draft, proxies, world)
        _checkDispatch(proxy, draft, world)
        _checkOrder(proxy, draft, world)
        _checkMonitor(proxy, draft, world)
        _checkTimeouts(proxy, draft, world)
        _checkServers(proxy, world)
    _checkIds(proxies, drafts, world)
    return attr.evolve(configuration, proxies=tuple(proxies))


def _label(proxy: Proxy) -> str:
    return "%s '%s'" % (proxy.kind, proxy.name)


def _checkPersistence(proxy: Proxy, draft: Draft, world: World) -> Proxy:
    """
    A cookie is about servers; an C{appsession} needs a timeout. One inherited where there is no server is forgotten.
    """
    if proxy.appSession is not None and "timeouts.appsession" not in draft.values:
        world.report.error(
            draft.places["appSession"],
            "%s: 'appsession': needs 'timeout TIME', or a 'timeout appsession'" % (draft.label,),
        )
    if proxy.cookie is None:
        return proxy
    if not proxy.servers and "server" not in draft.written:
        if "cookie" in draft.own:
            world.report.error(
                draft.places["cookie"], "%s: 'cookie' needs servers" % (draft.label,), "add a 'server' with a 'cookie'"
            )
        return attr.evolve(proxy, cookie=None)
    if proxy.cookie.mode == "prefix":
        for server in proxy.servers:
            if server.cookie is not None and b"~" in server.cookie:
                world.report.warning(
                    server.place or draft.place,
                    "%s: server '%s': a cookie value with '~' is never found in mode prefix"
                    % (draft.label, server.name),
                )
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
    for regex in proxy.requestRules:
        if regex.backend is not None:
            keyword = "reqisetbe" if regex.ignoreCase else "reqsetbe"
            _checkTarget(proxy, keyword, regex.backend, regex.place or draft.place, proxies, world)


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
    """
    Of C{balance}, C{dispatch} and C{option http_proxy}, the first one decides.
    """
    if not draft.has("backend"):
        return
    decisive = None
    for keyword, field in (("balance", "balance"), ("dispatch", "dispatch"), ("option http_proxy", "httpProxy")):
        if not draft.get(field) or (field == "httpProxy" and proxy.mode != "http"):
            continue
        if decisive is not None:
            world.report.warning(
                draft.places[field],
                "%s: '%s' is ignored because '%s' is set on line %d"
                % (draft.label, keyword, decisive[0], decisive[1].line),
            )
        decisive = decisive or (keyword, draft.places[field])
    if proxy.httpProxy and proxy.servers:
        world.report.warning(
            draft.places["httpProxy"],
            "%s: its servers are not used because 'option http_proxy' takes the address of each request" % (draft.label,),
        )


def _checkOrder(proxy: Proxy, draft: Draft, world: World) -> None:
    """
    Warn once for each kind of rule that stands after one that the fixed order of evaluation treats apart (CFG-30, SWI-01).
    """
    for keyword, field, later in _LATER:
        for rule in getattr(proxy, field):
            before = [name for name in later if name in draft.written and draft.written[name] < rule.place]
            if before:
                world.report.warning(
                    rule.place,
                    "%s: '%s' after '%s': rules are not applied in the order of the file" % (
                        draft.label, keyword, before[0]),
                    "the order is always: %s" % (_ORDER,),
                )
                break


def _checkMonitor(proxy: Proxy, draft: Draft, world: World) -> None:
    if proxy.monitorFail and proxy.monitorUri is None:
        world.report.warning(
            draft.places["monitorFail"], "%s: 'monitor fail' has no effect without 'monitor-uri'" % (draft.label,)
        )


def _checkTimeouts(proxy: Proxy, draft: Draft, world: World) -> None:
    missing: List[str] = []
    if proxy.mode == "health":
        return
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
