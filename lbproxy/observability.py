# -*- test-case-name: lbproxy.test.test_service -*-
"""
How a running balancer is observed: its logs, its views for the statistics, its console.
"""

import os
import resource

from zope.interface import implementer

from lbproxy import __version__
from lbproxy.interfaces import IProxyView
from lbproxy.observe.datagrams import Channels
from lbproxy.observe.durations import uptime
from lbproxy.observe.snapshots import snapshotOf
from lbproxy.observe.syslog import SyslogSender
from lbproxy.observe.traffic import compileConnectionLog, compileTrafficLog

RELEASE_DATE = "2026/11/24"


@implementer(IProxyView)
class ProxyView:
    """
    One proxy at run time, for those who only look.
    """

    def __init__(self, config, counters, frontend, pool):
        self.config = config
        self.counters = counters
        self.frontend = frontend
        self.pool = pool
        self.lastBadRequest = self.lastBadResponse = None

    @property
    def stopped(self):
        """
        Whether it is no longer shown: a stopped frontend without a backend's role.
        """
        return self.frontend is not None and self.frontend.stopped and self.pool is None


class Observability:
    """
    @ivar channels: the sockets of all log targets.
    """

    def __init__(self, name, wallClock):
        """
        @param name: the name in log messages.
        """
        self.wallClock = wallClock
        self.channels = Channels()
        self._name = name
        self._senders = {}
        self._views = {}

    # -- logs --------------------------------------------------------------------------------------------------

    def senderFor(self, proxy):
        """
        @return: the L{SyslogSender} of a proxy's log targets.
        """
        sender = self._senders.get(proxy.logs)
        if sender is None:
            sender = self._senders[proxy.logs] = SyslogSender(
                proxy.logs, self._name, os.getpid(), self.wallClock, self.channels)
        return sender

    def reportFor(self, proxy):
        """
        @return: a callable C{(level, text)} that logs an event of C{proxy}.
        """
        return self.senderFor(proxy).send

    def forked(self):
        """
        The process id may have changed since the configuration was read.
        """
        for sender in self._senders.values():
            sender.pid = os.getpid()

    # -- views -------------------------------------------------------------------------------------------------

    def views(self, assembly):
        """
        Attach logs to the frontends of an L{Assembly<lbproxy.assembly.Assembly>}.

        @return: L{ProxyView}s in declaration order.
        """
        views = []
        for index, proxy in enumerate(assembly.configuration.proxies):
            frontend, pool = assembly.byProxy[index], assembly.pools[index]
            if frontend is not None:
                sender = self.senderFor(proxy)
                frontend.log = compileTrafficLog(proxy, sender)
                frontend.logConnection = compileConnectionLog(proxy, sender)
            view = ProxyView(proxy, assembly.counters[index], frontend, pool)
            views.append(view)
            for role in (frontend, pool):
                if role is not None:
                    self._views[id(role)] = view
        return views

    def badMessage(self, exchange, data, position, isResponse):
        """
        Keep what was wrong, for C{show errors} (STA-30).
        """
        snapshot = snapshotOf(exchange, data, position, isResponse, self.wallClock())
        if isResponse:
            self._views[id(exchange.backend.pool)].lastBadResponse = snapshot
        else:
            self._views[id(exchange.client.frontend)].lastBadRequest = snapshot

    def stop(self):
        """
        Close the log sockets.
        """
        self.channels.close()


def processFacts(balancer, configuration, startedAt):
    """
    @param balancer: the L{Balancer<lbproxy.session.balancer.Balancer>}.
    @param startedAt: monotonic seconds.
    @return: the list of C{(name, value)} of C{show info} (STA-25, reference 18).
    """
    settings = configuration.globals
    elapsed = int(balancer.seconds() - startedAt)
    descriptors = resource.getrlimit(resource.RLIMIT_NOFILE)[0]
    return [
        ("Name", "lbproxy"), ("Version", __version__), ("Release_date", RELEASE_DATE), ("Nbproc", 1), ("Process_num", 1),
        ("Pid", os.getpid()), ("Uptime", uptime(elapsed)), ("Uptime_sec", elapsed), ("Memmax_MB", 0),
        ("Ulimit-n", descriptors), ("Maxsock", descriptorBudget(configuration)), ("Maxconn", settings.maxconn),
        ("Maxpipes", 0), ("CurrConns", balancer.current), ("PipesUsed", 0), ("PipesFree", 0),
        ("Tasks", len(balancer.deadlines)), ("Run_queue", 0),
        ("Protocol_bugs", balancer.protocolBugs),
    ]


def descriptorBudget(configuration):
    """
    @return: the descriptors that a full house needs (LST-13): 10, two for each session, one for each listener, checked
        server and console connection.
    """
    settings = configuration.globals
    live = [proxy for proxy in configuration.proxies if not proxy.disabled]
    return (10 + 2 * settings.maxconn + sum(len(proxy.binds) for proxy in live)
            + sum(server.check for proxy in live for server in proxy.servers)
            + (settings.statsMaxconn if settings.statsSocket is not None else 0))


def raiseLimit(configuration):
    """
    Ask the system for as many descriptors as the configuration may need (LST-13).

    @return: a warning when it allows less, else C{None}.
    """
    wanted = descriptorBudget(configuration)
    soft, hard = resource.getrlimit(resource.RLIMIT_NOFILE)
    if soft >= wanted or soft == resource.RLIM_INFINITY:
        return None
    granted = wanted if hard == resource.RLIM_INFINITY else min(wanted, hard)
    resource.setrlimit(resource.RLIMIT_NOFILE, (granted, hard))
    if granted == wanted:
        return None
    return ("the system allows %d descriptors where %d may be needed: raise the limit (ulimit -n %d) or lower maxconn" % (
        granted, wanted, wanted))
