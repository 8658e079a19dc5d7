# -*- test-case-name: lbproxy.test.pool -*-
"""
Pools and waiters for tests.
"""

from twisted.internet.task import Clock

from lbproxy.config.model import Balance, Proxy, ServerConfig
from lbproxy.pool.counters import ProxyCounters
from lbproxy.pool.pool import ServerPool


def serverConfig(name, number=1, **options):
    """
    @return: a C{ServerConfig}.
    """
    return ServerConfig(name, number, "127.0.0.1", **{"port": 80, **options})


def makePool(servers, clock=None, balance="roundrobin", **options):
    """
    @param servers: mapping of name to a weight or to a mapping of options; or a list of weights, named a, b, c...
    @return: a pool whose log lines L{linesOf} gives.
    """
    if not isinstance(servers, dict):
        servers = {name(index): weight for index, weight in enumerate(servers)}
    configs = []
    for index, (label, options_) in enumerate(servers.items()):
        if not isinstance(options_, dict):
            options_ = {"weight": options_}
        configs.append(serverConfig(label, index + 1, **options_))
    proxy = Proxy(**{"kind": "backend", "name": "app", "id": 1, "servers": tuple(configs),
                     "balance": Balance(balance), **options})
    lines = _Lines()
    return ServerPool(proxy, ProxyCounters(), clock or Clock(), lines)


class _Lines(list):
    def __call__(self, level, text):
        self.append((level, text))


def linesOf(pool):
    """
    @return: what was logged, a list of C{(level, text)}; taken away.
    """
    lines = list(pool.report)
    del pool.report[:]
    return lines


def name(index):
    """
    @return: a short name: a to z, then s26...
    """
    return chr(97 + index) if index < 26 else "s%d" % index


def named(pool, label):
    """
    @return: the server of that name.
    """
    return next(server for server in pool.servers if server.name == label)


def sequence(pool, count, avoid=None):
    """
    @return: names of the servers of C{count} choices, C{"-"} for none.
    """
    chosen = [pool.choose(avoid) for _ in range(count)]
    return "".join("-" if server is None else server.name for server in chosen)


class Waiter:
    """
    A request that records what happens to it.
    """

    def __init__(self, since=0, log=None, label=None):
        self.since = since
        self.queuedOn = self.position = self.server = None
        self.moved = 0
        self.log = log if log is not None else []
        self.label = label

    def dequeued(self, server):
        """
        Got a slot.
        """
        self.server = server
        self.log.append((self.label, server.name))

    def redistributed(self):
        """
        Must look for another server.
        """
        self.moved += 1
        self.log.append((self.label, "moved"))
