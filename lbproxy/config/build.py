# -*- test-case-name: lbproxy.test.config.test_build -*-
"""
Drafts become the immutable model: defaults applied, fallbacks and normalisations done.
"""

from typing import Any, Dict, List, Optional, Tuple

import attr

from lbproxy.config.draft import Draft, World
from lbproxy.config.keywords.logging import GLOBAL_LOGS, MOST_TARGETS
from lbproxy.config.model import Configuration, Global, LogTarget, Place, Proxy, ServerConfig, Timeouts

_PROXY_FIELDS = frozenset(field.name for field in attr.fields(Proxy))
_SERVER_FIELDS = frozenset(field.name for field in attr.fields(ServerConfig))
_GLOBAL_FIELDS = frozenset(field.name for field in attr.fields(Global))
_PRIVATE = frozenset(("checkAddressPort", "tarpitFallback"))
_TIMEOUT = "timeouts."


def buildConfiguration(globals_: Draft, proxies: List[Draft], world: World) -> Configuration:
    """
    Build the model. Faults found on the way are reported; what is returned then is only fit for further checks.

    @param globals_: draft of the C{global} section.
    @param proxies: drafts in declaration order.
    """
    common = _buildGlobal(globals_)
    built = tuple(
        _buildProxy(draft, position + 1, common, world) for position, draft in enumerate(proxies)
    )
    return Configuration(common, built)


def _split(values: Dict[str, Any], known: "frozenset[str]") -> Dict[str, Any]:
    fields = {name: value for name, value in values.items() if name in known}
    fields["extensions"] = {
        name: value
        for name, value in values.items()
        if name not in known and name not in _PRIVATE and not name.startswith(_TIMEOUT)
    }
    return fields


def _buildGlobal(draft: Draft) -> Global:
    return Global(place=draft.place, **_split(draft.values, _GLOBAL_FIELDS))


def _buildProxy(draft: Draft, position: int, common: Global, world: World) -> Proxy:
    fields = _split(draft.values, _PROXY_FIELDS)
    fields.setdefault("id", position)
    fields["logs"] = _logs(draft, common, world)
    fields["timeouts"] = _timeouts(draft)
    fields["errorFiles"] = _errorFiles(draft, common, world)
    if draft.kind == "backend":
        fields["maxconn"] = 0
    if draft.kind == "listen":
        fields.setdefault("fullconn", fields.get("maxconn", attr.fields(Proxy).maxconn.default))
    if draft.has("backend") and ("balance" in fields or "dispatch" in fields):
        fields["httpProxy"] = False
    if "balance" in fields:
        fields.pop("dispatch", None)
    fields["servers"] = tuple(
        _buildServer(server, index + 1, draft, world) for index, server in enumerate(draft.get("servers", ()))
    )
    if _needsFullconn(draft) and not fields.get("fullconn"):
        world.report.error(
            draft.place,
            "%s: servers with both 'minconn' and 'maxconn' need a 'fullconn' here" % (draft.label,),
            "add 'fullconn NUMBER'",
        )
    return Proxy(kind=draft.kind, name=draft.name, place=draft.place, **fields)


def _logs(draft: Draft, common: Global, world: World) -> Tuple[LogTarget, ...]:
    targets: List[LogTarget] = []
    for target in draft.get("logs", ()):
        if target == GLOBAL_LOGS:
            targets.extend(common.logs)
        else:
            targets.append(target)
    if len(targets) > MOST_TARGETS:
        world.report.error(
            draft.places["logs"],
            "%s: 'log': there are already %d log targets with those of 'log global'" % (draft.label, MOST_TARGETS),
        )
    return tuple(targets)


def _errorFiles(draft: Draft, common: Global, world: World) -> Dict[int, bytes]:
    pages = dict(draft.get("errorFiles", {}))
    for status, page in pages.items():
        if len(page) > common.bufferSize:
            world.report.warning(
                draft.places.get("errorFiles.%d" % (status,), draft.places["errorFiles"]),
                "%s: 'errorfile': the page for %d is larger than the buffer and is cut to %d bytes"
                % (draft.label, status, common.bufferSize),
            )
            pages[status] = page[: common.bufferSize]
    return pages


def _timeouts(draft: Draft) -> Timeouts:
    written = {
        name[len(_TIMEOUT) :]: value for name, value in draft.values.items() if name.startswith(_TIMEOUT)
    }
    known = {field.name for field in attr.fields(Timeouts)}
    fields: Dict[str, Any] = {name: value or None for name, value in written.items() if name in known}
    connect = fields.get("connect")
    if draft.has("backend") and "queue" not in written:
        fields["queue"] = connect
    fields["tarpitSet"] = "tarpit" in written
    if "tarpit" not in written:
        fields["tarpit"] = connect or draft.get("tarpitFallback") or None
    if draft.has("frontend") and "httpKeepAlive" not in written:
        fields["httpKeepAlive"] = fields.get("httpRequest") or fields.get("client")
    return Timeouts(**fields)


def _needsFullconn(draft: Draft) -> bool:
    return any(0 < server.get("minconn", 0) < server.get("maxconn", 0) for server in draft.get("servers", ()))


def _buildServer(server: Draft, position: int, draft: Draft, world: World) -> ServerConfig:
    fields = _split(server.values, _SERVER_FIELDS)
    fields.setdefault("id", position)
    low, high = fields.get("minconn", 0), fields.get("maxconn", 0)
    if low > high:
        fields["maxconn"] = low
    elif not low:
        fields["minconn"] = high
    fields["checkPort"] = _checkPort(server, draft, world) if server.get("check") else None
    return ServerConfig(name=server.name, place=server.place, **fields)


def _checkPort(server: Draft, draft: Draft, world: World) -> Optional[int]:
    for field in ("checkPort", "checkAddressPort", "port"):
        if server.get(field) is not None:
            return server.get(field)
    for bind in draft.get("binds", ()):
        if bind.port is not None:
            return bind.port
    place: Place = server.places.get("check", server.place)
    world.report.error(
        place,
        "%s: %s has no port for its checks" % (draft.label, server.label),
        "add 'port NUMBER', or a fixed port to its address",
    )
    return None
