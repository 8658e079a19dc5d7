# -*- test-case-name: lbproxy.test.test_assembly -*-
"""
Runtime objects from a L{Configuration<lbproxy.config.model.Configuration>}: pools, backends, frontends, their routes and
analysers. What is not configured is not built, and costs nothing later (DESIGN 4).
"""

from lbproxy.http import Answers
from lbproxy.pipeline import NOBODY, Pipeline
from lbproxy.pool.counters import ProxyCounters
from lbproxy.pool.pool import ServerPool
from lbproxy.pool.sessiontable import SessionTable
from lbproxy.session import greeting
from lbproxy.session.backend import Backend
from lbproxy.session.frontend import Frontend
from lbproxy.session.httpclient import HttpClientSide
from lbproxy.session.route import Route
from lbproxy.session.tcp import TcpClientSide


class Assembly:
    """
    Builds one configuration.

    @ivar counters: proxy index to L{ProxyCounters}; a C{listen} has one for both roles.
    @ivar backends: name to L{Backend}.
    @ivar frontends: L{Frontend}s in declaration order.
    """

    def __init__(self, configuration, balancer, clock, newConnector, reportFor, resolve=None, witness=NOBODY):
        """
        @param balancer: the L{Balancer<lbproxy.session.balancer.Balancer>}.
        @param clock: C{IReactorTime}.
        @param newConnector: called with C{(host, port, source)}.
        @param reportFor: called with a proxy; gives a callable C{(level, text)} for its events.
        @param resolve: takes a host name, returns a numeric address or raises C{OSError}; for names in conditions.
        @param witness: who is told what was decided, and why (DESIGN 10).
        """
        self.configuration = configuration
        self.balancer = balancer
        self.clock = clock
        self.newConnector = newConnector
        self.reportFor = reportFor
        self.pipeline = Pipeline(configuration.globals, balancer.limits, resolve, witness)
        self.counters = [ProxyCounters() for _ in configuration.proxies]
        self.backends = balancer.backends
        self.frontends = []
        self.pools = [None] * len(configuration.proxies)
        self.byProxy = [None] * len(configuration.proxies)

    def build(self):
        """
        Build everything.

        @return: this object.
        """
        proxies = self.configuration.proxies
        for index, proxy in enumerate(proxies):
            if proxy.isBackend and not proxy.disabled:
                self.pools[index] = pool = ServerPool(proxy, self.counters[index], self.clock, self.reportFor(proxy))
                self.backends[proxy.name] = self._backend(proxy, pool)
        for index, proxy in enumerate(proxies):
            if proxy.isFrontend and not proxy.disabled:
                self.byProxy[index] = frontend = self._frontend(proxy, self.counters[index])
                self.frontends.append(frontend)
                self.balancer.frontends.append(frontend)
                self.balancer.frontendsByName[proxy.name] = frontend
        return self

    def _backend(self, proxy, pool):
        backend = Backend(proxy, pool, self.balancer, self.newConnector, Answers(proxy.errorFiles, proxy.errorLocations))
        if proxy.appSession is not None:
            backend.learned = SessionTable(proxy.timeouts.appsession, proxy.appSession.entries)
        return backend

    def _frontend(self, proxy, counters):
        newClientSide = HttpClientSide if proxy.mode == "http" else TcpClientSide
        frontend = Frontend(
            proxy, counters, self.balancer, Answers(proxy.errorFiles, proxy.errorLocations), newClientSide)
        frontend.report = self.reportFor(proxy)
        if proxy.mode == "health":
            frontend.greeting = greeting.health(proxy.check.kind == "http")
            return frontend
        if proxy.monitorNet is not None:
            frontend.greeting = greeting.monitorNet(proxy.monitorNet, proxy.mode)
        default = proxy.defaultBackend or (proxy.name if proxy.isBackend else None)
        if default is not None:
            frontend.route = self._route(frontend, default)
        if proxy.mode == "http":
            for rule in proxy.requestRules:
                if rule.action == "setbe":
                    self._route(frontend, rule.backend)
            frontend.requestAnalysers = tuple(self.pipeline.frontendSteps(
                frontend, lambda name: self._route(frontend, name)))
            frontend.orphanAnalysers = tuple(self.pipeline.orphanSteps(proxy))
        return frontend

    def _route(self, frontend, name):
        """
        @return: the route from C{frontend} to the backend C{name}, C{None} if that is disabled.
        """
        route = frontend.routes.get(name)
        backend = self.backends.get(name)
        if route is None and backend is not None:
            front, back = frontend.config, backend.config
            steps = responseSteps = ()
            if front.mode == "http":
                steps = tuple(self.pipeline.requestSteps(front, backend))
                responseSteps = tuple(self.pipeline.responseSteps(front, frontend.counters, backend))
            route = frontend.routes[name] = Route(frontend, backend, steps, _pages(front, back), responseSteps)
        return route


def _pages(front, back):
    """
    @return: the answers of a frontend and a backend together: the backend's pages win (ERR-04).
    """
    files, locations = dict(front.errorFiles), dict(front.errorLocations)
    for status in list(back.errorFiles) + list(back.errorLocations):
        files.pop(status, None)
        locations.pop(status, None)
    files.update(back.errorFiles)
    locations.update(back.errorLocations)
    return Answers(files, locations)
