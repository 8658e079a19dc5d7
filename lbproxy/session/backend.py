# -*- test-case-name: lbproxy.test.session.test_backend -*-
"""
A backend at run time: a server pool with the settings that sessions need.
"""

from lbproxy.http import NO_BODY

#: Seconds an idle server connection is kept at most (reference 23).
IDLE_LIMIT = 30.0

#: Seconds for which a connection is taken to be as it was left. Asking costs a tenth of a request; a server that says
#: goodbye does it after a longer time.
TRUSTED = 0.005


class Backend:
    """
    @ivar config: the L{Proxy<lbproxy.config.model.Proxy>}.
    @ivar pool: its L{ServerPool<lbproxy.pool.pool.ServerPool>}.
    @ivar counters: its L{ProxyCounters<lbproxy.pool.counters.ProxyCounters>}.
    @ivar learned: the L{SessionTable<lbproxy.pool.sessiontable.SessionTable>} of C{appsession}, or C{None}.
    @ivar isAddressed: requests that no server was named for go to an address: C{dispatch} or C{option http_proxy}.
    @ivar idleTimeout: seconds an idle server connection is kept.
    """

    def __init__(self, config, pool, balancer, newConnector, answers):
        """
        @param newConnector: called with C{(host, port, source)}; gives an object with C{open(protocol)}.
        @param answers: the L{Answers<lbproxy.http.answers.Answers>} of this section.
        """
        self.config = config
        self.name = config.name
        self.pool = pool
        self.counters = pool.counters
        self.process = balancer
        self.seconds = balancer.seconds
        self.answers = answers
        self.isPersistent = config.persist
        self.retries = config.retries
        self.redispatch = config.redispatch
        self.dispatch = config.dispatch
        self.learned = None
        self.isAddressed = config.dispatch is not None or config.httpProxy
        self.abortOnClose = config.abortOnClose
        timeouts = config.timeouts
        self.connectTimeout = timeouts.connect
        self.queueTimeout = timeouts.queue
        self.serverTimeout = timeouts.server
        self.idleTimeout = min(IDLE_LIMIT, timeouts.server or IDLE_LIMIT)
        self._newConnector = newConnector
        self._connectors = {}
        pool.onDown.append(self.closeIdle)

    def connectorFor(self, server, client):
        """
        @param server: the assigned server, C{None} in dispatch mode.
        @param client: the session, for ports that follow the client's destination (CFG-26).
        @return: a L{ServerConnector<lbproxy.net.connect.ServerConnector>}.
        """
        connector = self._connectors.get(server)
        if connector is not None:
            return connector
        if server is None:
            address, source, fixed = self.addressOf(client.exchange), self.config.source, self.dispatch is not None
        else:
            fixed = server.config.port is not None
            address = server.address(None if fixed else client.destination[1])
            source = server.config.source or self.config.source
        connector = self._newConnector(address[0], address[1], source)
        if fixed:
            self._connectors[server] = connector
        return connector

    def addressOf(self, exchange):
        """
        @return: C{(host, port)} where a request without server goes: C{dispatch}, or for C{option http_proxy} what its URI
            names (HTP-27), C{None} if that is no address.
        """
        return exchange.address if self.dispatch is None else self.dispatch

    def takeIdle(self, idle, exchange):
        """
        @param idle: a server's idle connections, most recently used last.
        @return: a server side for C{exchange}, or C{None}. Unless it was used just now, and the request can be sent twice,
            the kernel is asked first: an end or bytes from an idle connection make it unusable (reference 23).
        """
        now = exchange.requestAt
        mustAsk = not exchange.replayable or exchange.request.body != NO_BODY
        while idle:
            side = idle.pop()
            if (not mustAsk and now < side.lastActivity + TRUSTED) or side.isAlive():
                side.resume(exchange)
                return side
            side.discard()
        return None

    def keepIdle(self, server, side):
        """
        @return: whether C{side} was taken as an idle connection of C{server}. One whose port follows the client's
            (CFG-26) fits no other request.
        """
        idle = server.idle
        if server.config.port is None or not server.running or len(idle) >= server.config.poolMaxConn or self.process.stopping:
            return False
        idle.append(side)
        return True

    def closeIdle(self, server):
        """
        Close all idle connections of a server that went down or leaves.
        """
        idle, server.idle[:] = list(server.idle), []
        for side in idle:
            side.discard()

    def requestBegan(self, now):
        """
        One more request given to this backend.
        """
        counters = self.counters
        counters.beTotal += 1
        counters.beCurrent = current = counters.beCurrent + 1
        if current > counters.beMax:
            counters.beMax = current
        rate = counters.beRate
        if now < rate.until:
            rate.count += 1
        else:
            rate.tick(now)
