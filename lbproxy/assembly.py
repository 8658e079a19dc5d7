# -*- test-case-name: lbproxy.test.test_assembly -*-
"""
Runtime objects from a L{Configuration<lbproxy.config.model.Configuration>}: pools, backends, frontends, their routes and
analysers. What is not configured is not built, and costs nothing later (DESIGN 4).
"""

from lbproxy import acl
from lbproxy.http import Answers
from lbproxy.pool.counters import ProxyCounters
from lbproxy.pool.pool import ServerPool
from lbproxy.session import analysers
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

    def __init__(self, configuration, balancer, clock, newConnector, reportFor):
        """
        @param balancer: the L{Balancer<lbproxy.session.balancer.Balancer>}.
        @param clock: C{IReactorTime}.
        @param newConnector: called with C{(host, port, source)}.
        @param reportFor: called with a proxy; gives a callable C{(level, text)} for its events.
        """
        self.configuration = configuration
        self.balancer = balancer
        self.clock = clock
        self.newConnector = newConnector
        self.reportFor = reportFor
        self.counters = [ProxyCounters() for _ in configuration.proxies]
        self.backends = {}
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
                self.backends[proxy.name] = Backend(
                    proxy, pool, self.balancer, self.newConnector, Answers(proxy.errorFiles))
        for index, proxy in enumerate(proxies):
            if proxy.isFrontend and not proxy.disabled:
                self.byProxy[index] = frontend = self._frontend(proxy, self.counters[index])
                self.frontends.append(frontend)
                self.balancer.frontends.append(frontend)
        return self

    def _frontend(self, proxy, counters):
        newClientSide = HttpClientSide if proxy.mode == "http" else TcpClientSide
        frontend = Frontend(proxy, counters, self.balancer, Answers(proxy.errorFiles), newClientSide)
        frontend.report = self.reportFor(proxy)
        default = proxy.defaultBackend or (proxy.name if proxy.isBackend else None)
        if default is not None:
            frontend.route = self._route(frontend, default)
        if proxy.mode == "http":
            frontend.requestAnalysers = tuple(self._frontendAnalysers(frontend, proxy))
        return frontend

    def _frontendAnalysers(self, frontend, proxy):
        if proxy.monitorUri is not None:
            yield analysers.monitor(proxy.monitorUri)
        if proxy.requestRules:
            yield analysers.regexRules(proxy.requestRules, frontend.counters)
        if proxy.switchRules:
            yield analysers.switching([(acl.compile(rule.condition, proxy.acls), self._route(frontend, rule.backend))
                                       for rule in proxy.switchRules])

    def _route(self, frontend, name):
        """
        @return: the route from C{frontend} to the backend C{name}, C{None} if that is disabled.
        """
        route = frontend.routes.get(name)
        backend = self.backends.get(name)
        if route is None and backend is not None:
            pages = dict(frontend.config.errorFiles)
            pages.update(backend.config.errorFiles)
            steps = tuple(self._routeAnalysers(frontend.config, backend.config, backend.counters))
            route = frontend.routes[name] = Route(frontend, backend, steps, Answers(pages))
        return route

    def _routeAnalysers(self, front, back, counters):
        if front.mode != "http":
            return
        own = back.name == front.name and back.kind == front.kind
        if back.requestRules and not own:
            yield analysers.regexRules(back.requestRules, counters)
        options = [option for option in (back.forwardFor, front.forwardFor) if option is not None]
        if options:
            yield analysers.forwardFor(options)
        balance = back.balance
        if balance.algorithm == "url_param":
            if balance.checkPost is not None:
                yield analysers.bodyWait(balance, front.timeouts.httpRequest)
            yield analysers.urlParameter(balance.parameter, balance.checkPost is not None)
        if front.requestRules or back.requestRules:
            yield analysers.tarpit(_tarpitTimeout(front.timeouts, back.timeouts))


def _tarpitTimeout(front, back):
    """
    The backend's own, else the frontend's, else the connect timeout (HDR-08).
    """
    return (front if front.tarpitSet and not back.tarpitSet else back).tarpit
