# -*- test-case-name: lbproxy.test.observe -*-
"""
Things to observe.
"""

import os
import time

from twisted.internet.task import Clock
from zope.interface import implementer

from lbproxy.config.model import Balance, Proxy, ServerConfig
from lbproxy.interfaces import IBalancer, ILogRecord, IProxyView, ISession
from lbproxy.pool.counters import ProxyCounters
from lbproxy.pool.pool import ServerPool

#: 2009-02-13 23:31:30.125 UTC
DATE = 1234567890.125


def useZone(case, zone="UTC0"):
    """
    Have local time in C{zone} for the rest of a test.
    """
    before = os.environ.get("TZ")

    def set(value):
        if value is None:
            os.environ.pop("TZ", None)
        else:
            os.environ["TZ"] = value
        time.tzset()
    case.addCleanup(set, before)
    set(zone)


@implementer(ILogRecord)
class Record:
    """
    A request that went well; keywords change it.
    """

    sourceHost, sourcePort, date = "10.0.0.1", 4000, DATE
    frontendName, backendName, serverName = "www", "app", "a1"
    startedAt, requestAt, queuedUntil, connectedAt, responseAt = 100.0, 100.008, 100.018, 100.033, 100.133
    status, bytesOut = 200, 560
    cause, phase, cookieFlags = "-", "-", "--"
    actConn, feConn, beConn, srvConn = 4, 3, 2, 1
    retries, redispatched, serverQueue, backendQueue = 0, False, 0, 0
    requestLine, early = b"GET / HTTP/1.1", False
    requestCookie = responseCookie = requestCaptures = responseCaptures = None

    def __init__(self, **fields):
        for name, value in fields.items():
            assert hasattr(self, name), name
            setattr(self, name, value)


class Front:
    """
    A frontend, as far as it is shown.
    """

    def __init__(self, config, word="OPEN"):
        self.config = config
        self.name = config.name
        self.word = word

    def status(self):
        return self.word


@implementer(IProxyView)
class View:
    """
    One proxy.
    """

    stopped = False
    lastBadRequest = lastBadResponse = None

    def __init__(self, config, clock):
        self.config = config
        self.counters = ProxyCounters()
        self.frontend = Front(config) if config.isFrontend else None
        self.events = []
        self.pool = None
        if config.isBackend:
            self.pool = ServerPool(config, self.counters, clock, lambda level, text: self.events.append((level, text)))


@implementer(ISession)
class Session:
    """
    One client connection.
    """

    proto, source, destination = "tcpv4", ("127.0.0.1", 1234), ("127.0.0.9", 80)
    backend = server = None
    startedAt, clientState, serverState = 0.0, 7, 0
    left = None

    def __init__(self, id, frontend, **fields):
        self.id = id
        self.frontend = frontend
        for name, value in fields.items():
            setattr(self, name, value)

    def expiry(self, _now):
        return self.left


@implementer(IBalancer)
class House:
    """
    A balancer of some proxies on virtual time.
    """

    def __init__(self, *configs):
        self.clock = Clock()
        self.proxies = [View(config, self.clock) for config in configs]
        self.sessions = {}
        self.nextId = 0
        self.known = [("Name", "lbproxy"), ("Uptime", "0d 0h00m05s")]

    def now(self):
        return self.clock.seconds()

    def facts(self):
        return self.known + [("CurrConns", len(self.sessions))]

    def newId(self):
        self.nextId += 1
        return self.nextId

    def sessionBegan(self, session):
        self.sessions[session.id] = session

    def sessionEnded(self, session):
        del self.sessions[session.id]

    def open(self, **fields):
        """
        @return: a new session on the first proxy.
        """
        session = Session(self.newId(), self.proxies[0].frontend, startedAt=self.now(), **fields)
        self.sessionBegan(session)
        return session


def front(name="web", id=1, **fields):
    """
    @return: a frontend's configuration.
    """
    return Proxy("frontend", name, id, mode="http", **fields)


def back(name="bk", id=2, servers=(), **fields):
    """
    @return: a backend's configuration.
    """
    return Proxy("backend", name, id, mode="http", maxconn=0, balance=Balance("roundrobin"), servers=tuple(servers),
                 **fields)


def server(name, id, **fields):
    """
    @return: a server's configuration.
    """
    return ServerConfig(name, id, "127.0.0.1", 8000 + id, **fields)
