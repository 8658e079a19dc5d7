# -*- test-case-name: lbproxy.test.config -*-
"""
What the operator wrote, as data.

A L{Configuration} is immutable and has no behaviour. Both readers build it, values inherited from a C{defaults}
section are already resolved in it, and everything behind it is built from it alone. Times are float seconds, sizes
are bytes, an absent value is C{None}. Two configurations that say the same are equal, wherever it was written: the
places do not take part in comparisons.
"""

from typing import Any, Dict, Optional, Tuple, Union

import attr

from lbproxy.config.place import Place
from lbproxy.config.rulemodel import (
    AclEntry,
    AppSession,
    BlockRule,
    Capture,
    Condition,
    Cookie,
    ForwardFor,
    RedirectRule,
    RegexRule,
    SwitchRule,
    Term,
)


@attr.s(slots=True, frozen=True, auto_attribs=True)
class LogTarget:
    """
    One C{log} line (LOG-01, LOG-02).

    @ivar address: C{(host, port)} for UDP, or the path of a UNIX datagram socket.
    @ivar facility: 0 to 23.
    @ivar level: 0 (emerg) to 7 (debug): the least severe level that is sent.
    """

    address: Union[Tuple[str, int], str]
    facility: int
    level: int = 7
    place: Optional[Place] = attr.ib(default=None, eq=False)


@attr.s(slots=True, frozen=True, auto_attribs=True)
class Bind:
    """
    One listening address (CFG-27). Exactly one of C{port}, C{path} and C{fd} is set.

    @ivar host: numeric address; C{"0.0.0.0"} for C{*} or an empty one.
    @ivar port: 1 to 65535.
    @ivar path: path of a UNIX stream socket.
    @ivar fd: descriptor of an inherited listening socket.
    @ivar mode: permissions of the UNIX socket.
    """

    host: str = "0.0.0.0"
    port: Optional[int] = None
    path: Optional[str] = None
    fd: Optional[int] = None
    mode: Optional[int] = None
    place: Optional[Place] = attr.ib(default=None, eq=False)


@attr.s(slots=True, frozen=True, auto_attribs=True)
class StatsSocket:
    """
    The console's UNIX socket (STA-21, STA-23).
    """

    path: str
    uid: Optional[int] = None
    gid: Optional[int] = None
    mode: Optional[int] = None
    place: Optional[Place] = attr.ib(default=None, eq=False)


@attr.s(slots=True, frozen=True, auto_attribs=True)
class Balance:
    """
    @ivar algorithm: C{"roundrobin"}, C{"url_param"}...
    @ivar parameter: name of the URL parameter (C{url_param}).
    @ivar checkPost: bytes of a POST body to wait for; C{None} without C{check_post} (LB-14).
    """

    algorithm: str = "roundrobin"
    parameter: Optional[bytes] = None
    checkPost: Optional[int] = None
    place: Optional[Place] = attr.ib(default=None, eq=False)


@attr.s(slots=True, frozen=True, auto_attribs=True)
class Check:
    """
    What a health probe sends (CHK-02, CHK-03).

    @ivar kind: C{"tcp"} or C{"http"}.
    @ivar request: bytes sent after the connection, C{None} for C{"tcp"}.
    """

    kind: str = "tcp"
    request: Optional[bytes] = None


@attr.s(slots=True, frozen=True, auto_attribs=True)
class Timeouts:
    """
    Seconds, C{None} for infinite. Fallbacks (queue and tarpit take connect, keep-alive takes request or client) are
    already applied (CFG-12, reference 23).

    @ivar tarpitSet: C{tarpit} was written for this proxy (or inherited) and is not its connect timeout: of backend and
        frontend, the first one that has it set decides, else the backend's value (HDR-08).
    """

    client: Optional[float] = None
    server: Optional[float] = None
    connect: Optional[float] = None
    queue: Optional[float] = None
    httpRequest: Optional[float] = None
    httpKeepAlive: Optional[float] = None
    check: Optional[float] = None
    tarpit: Optional[float] = None
    appsession: Optional[float] = None
    tarpitSet: bool = False


@attr.s(slots=True, frozen=True, auto_attribs=True)
class ServerConfig:
    """
    One C{server} line (reference 3). C{address} is numeric: names are resolved once, while loading.

    @ivar port: fixed port, or C{None} when it follows the client's destination port (CFG-26).
    @ivar portOffset: added to the client's destination port when C{port} is C{None}.
    @ivar checkAddress: C{addr}, or C{None} for the server's own.
    @ivar checkPort: effective port for checks, C{None} without checks (CHK-02).
    @ivar maxconn: 0 for unlimited; C{minconn} is normalised (QUE-13).
    @ivar poolMaxConn: idle connections kept at most; lbproxy's own C{pool-max-conn}.
    @ivar cookie: persistence value, C{None} without one.
    @ivar redirect: C{redir}: prefix of the location that GET and HEAD are answered with, or C{None} (HTP-28).
    @ivar extensions: what plugins' keywords set: field name to value.
    """

    name: str
    id: int
    address: str
    port: Optional[int] = None
    portOffset: int = 0
    weight: int = 1
    backup: bool = False
    check: bool = False
    checkAddress: Optional[str] = None
    checkPort: Optional[int] = None
    inter: float = 2.0
    fastinter: Optional[float] = None
    downinter: Optional[float] = None
    rise: int = 2
    fall: int = 3
    maxconn: int = 0
    minconn: int = 0
    maxqueue: int = 0
    source: Optional[Tuple[str, int]] = None
    poolMaxConn: int = 1000
    cookie: Optional[bytes] = None
    redirect: Optional[bytes] = None
    extensions: Dict[str, Any] = attr.Factory(dict)
    place: Optional[Place] = attr.ib(default=None, eq=False)


@attr.s(slots=True, frozen=True, auto_attribs=True)
class Proxy:
    """
    A C{frontend}, C{backend} or C{listen} section, C{defaults} resolved.

    @ivar kind: the word that opened the section.
    @ivar mode: C{"tcp"}, C{"http"} or C{"health"}.
    @ivar maxconn: concurrent client connections of a frontend; 0 for a pure backend (LST-05).
    @ivar fullconn: backend load at which servers reach their maxconn; that of a C{listen} defaults to its maxconn
        (QUE-21), that of a pure backend is 0 when unset.
    @ivar logs: effective targets, C{log global} already replaced by the global ones.
    @ivar logFormat: C{"http"}, C{"tcp"} or C{None} for the default line.
    @ivar errorFiles: status to complete bytes of the answer (ERR-02).
    @ivar errorLocations: status to C{(302 or 303, URL)} (ERR-03); a status is in one of the two at most.
    @ivar monitorNet: C{(network, mask)} as 32-bit integers, or C{None} (ERR-08, ERR-09).
    @ivar monitorFail: any of them makes the answer to C{monitorUri} a 503 (ERR-07).
    @ivar requestAdds, responseAdds: lines without line end, added after the last header (HDR-01).
    @ivar httpProxy: requests go to the address in their URI (HTP-27); false when C{balance} or C{dispatch} decides.
    @ivar checkCache: C{option checkcache} (HTP-26).
    @ivar persist: C{option persist} (CKI-05).
    @ivar contStats: C{option contstats} (STA-17).
    @ivar dispatch: C{(host, port)} (LB-27); C{None} when a C{balance} overrides it (CFG-24).
    @ivar extensions: what plugins' keywords set: field name to value.
    """

    kind: str
    name: str
    id: int
    mode: str = "tcp"
    disabled: bool = False
    binds: Tuple[Bind, ...] = ()
    backlog: Optional[int] = None
    maxconn: int = 2000
    fullconn: int = 0
    grace: float = 0.0
    timeouts: Timeouts = Timeouts()
    logs: Tuple[LogTarget, ...] = ()
    logFormat: Optional[str] = None
    logAsap: bool = False
    dontLogNull: bool = False
    httpClose: bool = False
    forceClose: bool = False
    forwardFor: Optional[ForwardFor] = None
    abortOnClose: bool = False
    redispatch: bool = False
    allBackups: bool = False
    retries: int = 3
    balance: Balance = Balance()
    check: Check = Check()
    source: Optional[Tuple[str, int]] = None
    servers: Tuple[ServerConfig, ...] = ()
    dispatch: Optional[Tuple[str, int]] = None
    acls: Tuple[AclEntry, ...] = ()
    redirectRules: Tuple[RedirectRule, ...] = ()
    blockRules: Tuple[BlockRule, ...] = ()
    switchRules: Tuple[SwitchRule, ...] = ()
    requestRules: Tuple[RegexRule, ...] = ()
    responseRules: Tuple[RegexRule, ...] = ()
    requestAdds: Tuple[bytes, ...] = ()
    responseAdds: Tuple[bytes, ...] = ()
    defaultBackend: Optional[str] = None
    monitorUri: Optional[bytes] = None
    monitorFail: Tuple[Condition, ...] = ()
    monitorNet: Optional[Tuple[int, int]] = None
    errorFiles: Dict[int, bytes] = attr.Factory(dict)
    errorLocations: Dict[int, Tuple[int, bytes]] = attr.Factory(dict)
    cookie: Optional[Cookie] = None
    appSession: Optional[AppSession] = None
    cookieCapture: Optional[Capture] = None
    requestCaptures: Tuple[Capture, ...] = ()
    responseCaptures: Tuple[Capture, ...] = ()
    httpProxy: bool = False
    checkCache: bool = False
    persist: bool = False
    contStats: bool = False
    extensions: Dict[str, Any] = attr.Factory(dict)
    place: Optional[Place] = attr.ib(default=None, eq=False)

    @property
    def isFrontend(self) -> bool:
        """
        Whether it can own listeners.
        """
        return self.kind != "backend"

    @property
    def isBackend(self) -> bool:
        """
        Whether it can own servers.
        """
        return self.kind != "frontend"


@attr.s(slots=True, frozen=True, auto_attribs=True)
class Global:
    """
    The C{global} section.

    @ivar maxAccept: connections accepted per wake-up; -1 for no bound (LST-06).
    @ivar bufferSize: bytes per direction; half of it bounds a head (HTP-05).
    @ivar maxHeaders: header lines per message (HTP-06).
    @ivar quiet: no warnings on the console once started (LST-12).
    @ivar avoidedPollers: event loops the operator does not want, e.g. C{"epoll"} for C{noepoll} (LST-24).
    @ivar maxPollEvents: events taken from the kernel per call.
    @ivar extensions: what plugins' keywords set: field name to value.
    """

    logs: Tuple[LogTarget, ...] = ()
    maxconn: int = 2000
    statsSocket: Optional[StatsSocket] = None
    statsTimeout: float = 10.0
    statsMaxconn: int = 10
    daemon: bool = False
    uid: Optional[int] = None
    gid: Optional[int] = None
    chroot: Optional[str] = None
    pidfile: Optional[str] = None
    maxAccept: int = 100
    bufferSize: int = 16384
    maxHeaders: int = 204
    quiet: bool = False
    avoidedPollers: Tuple[str, ...] = ()
    maxPollEvents: int = 200
    extensions: Dict[str, Any] = attr.Factory(dict)
    place: Optional[Place] = attr.ib(default=None, eq=False)


@attr.s(slots=True, frozen=True, auto_attribs=True)
class Configuration:
    """
    One complete configuration; proxies are in declaration order (CFG-35).
    """

    globals: Global
    proxies: Tuple[Proxy, ...]


__all__ = [
    "AclEntry",
    "AppSession",
    "Balance",
    "Bind",
    "BlockRule",
    "Capture",
    "Check",
    "Condition",
    "Configuration",
    "Cookie",
    "ForwardFor",
    "Global",
    "LogTarget",
    "Place",
    "Proxy",
    "RedirectRule",
    "RegexRule",
    "ServerConfig",
    "StatsSocket",
    "SwitchRule",
    "Term",
    "Timeouts",
]
