# -*- test-case-name: lbproxy.test.test_service -*-
"""
The load balancer as a Twisted service: it owns pools, frontends, listeners, monitors, logs and the console, and is the one
place that knows the real clock, chance and sockets.
"""

import gc
import time

from twisted.application import service
from zope.interface import implementer

from lbproxy.assembly import Assembly
from lbproxy.http import Limits
from lbproxy.interfaces import IBalancer
from lbproxy.loading import resolve
from lbproxy.net.connect import ServerConnector
from lbproxy.net.deadlines import Deadlines
from lbproxy.net.listen import bindListener, startListening
from lbproxy.observability import Observability, processFacts
from lbproxy.observe.commands import standardCommands
from lbproxy.observe.console import ConsoleFactory
from lbproxy.observe.unixsocket import ConsoleSocket
from lbproxy.pool.monitor import Monitor, startOffsets
from lbproxy.privileges import Privileges
from lbproxy.session.balancer import Balancer
from lbproxy.session.states import QUE
from lbproxy.stopping import Stopping
from lbproxy.sweeping import sweeps


class CannotStart(Exception):
    """
    The configuration is valid, but the machine refuses something it asks for. The text says what.
    """


def _settleMemory():
    """
    What is there now stays: a collection that looked at it again would stall everybody for 20 ms. Sessions make no cycles,
    so collections may be rare.
    """
    if hasattr(gc, "freeze"):
        gc.collect()
        gc.freeze()
        gc.set_threshold(20000, 50, 100)


@implementer(IBalancer)
class LoadBalancer(Stopping, service.MultiService):
    """
    @ivar configuration: what is running.
    @ivar balancer: what sessions share.
    """

    def __init__(self, configuration, reactor, wallClock=time.time):
        service.MultiService.__init__(self)
        self.configuration = configuration
        self.reactor = reactor
        globals_ = configuration.globals
        self.startedAt = reactor.seconds()
        if hasattr(reactor, "maxEvents"):
            reactor.maxEvents = globals_.maxPollEvents
        self.balancer = Balancer(
            reactor.seconds, wallClock, Deadlines(reactor),
            Limits(globals_.bufferSize // 2, globals_.maxHeaders), globals_.maxconn, globals_.bufferSize)
        self.observability = Observability("lbproxy", wallClock)
        self.balancer.badMessage = self.observability.badMessage
        self.assembly = Assembly(configuration, self.balancer, reactor, self._newConnector,
                                 self.observability.reportFor, resolve).build()
        self._views = self.observability.views(self.assembly)
        self.monitors = []
        self._bound = []
        self.console = self._consoleFactory = None
        self._privileges = Privileges(globals_)
        self._stopping = False
        self._calls = []
        for sweep in sweeps(self.assembly.backends.values(), reactor):
            sweep.setServiceParent(self)

    @property
    def proxies(self):
        """
        What is there to look at, in declaration order. Sessions of frontends with C{option contstats} are counted up to
        now for it (STA-17).
        """
        self.balancer.creditSessions()
        return self._views

    @property
    def sessions(self):
        """
        Live sessions by id.
        """
        return self.balancer.sessions

    def now(self):
        """
        @return: seconds of the monotonic clock.
        """
        return self.reactor.seconds()

    def newId(self):
        """
        @return: the number of a new session.
        """
        return self.balancer.newId()

    def sessionBegan(self, session):
        """
        A connection to the console is listed and counted like others (SES-28).
        """
        self.balancer.sessionBegan(session)

    def sessionEnded(self, session):
        """
        It is gone.
        """
        self.balancer.sessionEnded(session)

    def _newConnector(self, host, port, source):
        return ServerConnector(self.reactor, host, port, source)

    # -- start -------------------------------------------------------------------------------------------------

    def bind(self):
        """
        Bind every listener (LST-01), before the process forks and drops privileges.

        @raise CannotStart: if one cannot be bound; then none is.
        """
        try:
            wanted = [(frontend, bind) for frontend in self.assembly.frontends for bind in frontend.config.binds]
            # UNIX sockets last: binding one takes its name from a process that may still serve there.
            for frontend, bind in sorted(wanted, key=lambda pair: pair[1].path is not None):
                try:
                    self._bound.append((frontend, bindListener(bind)))
                except OSError as problem:
                    raise CannotStart("%s: cannot bind %s for proxy '%s': %s" % (
                        bind.place or "?", bind.path or "%s:%s" % (bind.host, bind.port), frontend.name,
                        problem.strerror or problem)) from None
            if not self._bound:
                raise CannotStart("no proxy with a listening address is enabled: nothing to do")
            self._bindConsole()
        except BaseException:
            self.unbind()
            raise

    def unbind(self):
        """
        Close listeners that do not listen yet.
        """
        for _frontend, sock in self._bound:
            sock.close()
        self._bound = []
        if self.console is not None:
            self.console.close()
            self.console = None

    def _bindConsole(self):
        config = self.configuration.globals.statsSocket
        if config is not None:
            self.console = ConsoleSocket(config)
            try:
                self.console.open()
            except OSError as problem:
                self.console = None
                raise CannotStart("%s: cannot open the stats socket %s: %s" % (
                    config.place or "?", config.path, problem.strerror or problem)) from None

    def privilegedStartService(self):
        """
        Bind, unless L{bind} was called before.
        """
        if not self._bound:
            self.bind()
        service.MultiService.privilegedStartService(self)

    def startService(self):
        """
        Listen, start checks, drop privileges, and be there.
        """
        if not self._bound:
            self.bind()
        service.MultiService.startService(self)
        globals_ = self.configuration.globals
        bound, self._bound = self._bound, []
        for frontend, sock in bound:
            config = frontend.config
            frontend.ports.append(startListening(
                self.reactor, sock, frontend, config.backlog or config.maxconn, globals_.maxAccept))
        if self.console is not None:
            self._consoleFactory = ConsoleFactory(
                self, self.reactor, standardCommands(), globals_.statsTimeout, globals_.statsMaxconn)
            self.console.listen(self.reactor, self._consoleFactory)
        self.observability.forked()
        try:
            self._privileges.apply()
        except OSError as problem:
            # An ordinary exception: twistd hands it to the waiting parent of a daemon (LST-11).
            raise CannotStart("cannot become what 'global' asks for: %s" % problem) from None
        for proxy in self.configuration.proxies:
            if not proxy.disabled:
                self.observability.reportFor(proxy)(5, "Proxy %s started." % proxy.name)
        self._startMonitors()
        self.reactor.callWhenRunning(_settleMemory)

    def _startMonitors(self):
        for server, offset in startOffsets([pool for pool in self.assembly.pools if pool is not None]):
            monitor = Monitor(server, self.reactor, self._connectProbe)
            self.monitors.append(monitor)
            monitor.start(offset)

    def _connectProbe(self, server, protocol, _timeout):
        config = server.config
        connector = ServerConnector(self.reactor, config.checkAddress or config.address, config.checkPort,
                                    config.source or server.pool.proxy.source)
        return connector.open(protocol)

    # -- stop --------------------------------------------------------------------------------------------------

    def _stopMonitors(self):
        monitors, self.monitors = self.monitors, []
        for monitor in monitors:
            monitor.stop()

    def stopService(self):
        """
        Close everything at once (LST-20).
        """
        stopped = service.MultiService.stopService(self)
        self.balancer.stopping = True
        for call in self._calls:
            if call.active():
                call.cancel()
        self._stopMonitors()
        self.unbind()
        for frontend in self.assembly.frontends:
            frontend.stopped = True
            ports, frontend.ports = frontend.ports, []
            for port in ports:
                port.stopListening()
        if self._consoleFactory is not None:
            self._consoleFactory.abortConnections()
        sessions = [session for session in self.sessions.values() if session.frontend is not None]
        # Those that wait first: nobody shall be given the slot of one that is ended here.
        for session in sorted(sessions, key=lambda session: session.serverState != QUE):
            session.kill()
        for backend in self.assembly.backends.values():
            for server in backend.pool.servers:
                backend.closeIdle(server)
        self.balancer.deadlines.stop()
        self.observability.stop()
        self._privileges.restore()
        return stopped

    # -- what it tells about itself ----------------------------------------------------------------------------

    def facts(self):
        """
        @return: list of C{(name, value)} for C{show info} (reference 18).
        """
        return processFacts(self.balancer, self.configuration, self.startedAt)
