# -*- test-case-name: lbproxy.test.session.test_frontend -*-
"""
A frontend at run time: the factory of client sides.
"""

from twisted.internet import protocol


class Frontend(protocol.ServerFactory):
    """
    @ivar config: the L{Proxy<lbproxy.config.model.Proxy>}.
    @ivar counters: shared with the backend role of a C{listen}.
    @ivar kindName: its kind in messages (LOG-23).
    @ivar ports: its listening ports.
    @ivar requestAnalysers: run for each request head, in order (LST-21).
    @ivar route: the L{Route<lbproxy.session.route.Route>} of requests that no rule switched, C{None} without a backend.
    @ivar orphanAnalysers: run for a request that has no backend, before it is refused.
    @ivar greeting: asked for each new client, see L{lbproxy.session.greeting}; C{None} without one.
    @ivar contStats: C{option contstats} (STA-17).
    @ivar headPatience: seconds a new connection may be silent, C{None} for ever.
    @ivar log: called with an ended exchange, C{None} when nothing is to be logged.
    @ivar logConnection: called with a new session for the default format, or C{None} (LOG-07).
    @ivar report: called with C{(level, text)} for events.
    """

    rawAddresses = True
    noisy = False

    def __init__(self, config, counters, balancer, answers, newClientSide):
        """
        @param newClientSide: called with this frontend for each connection.
        """
        self.config = config
        self.name = config.name
        self.kindName = "proxy" if config.kind == "listen" else config.kind
        self.counters = counters
        self.process = balancer
        self.seconds = balancer.seconds
        self.answers = answers
        self.maxconn = config.maxconn
        self.newClientSide = newClientSide
        self.ports = []
        self.requestAnalysers = ()
        self.orphanAnalysers = ()
        self.routes = {}
        self.route = self.greeting = None
        self.log = self.logConnection = None
        self.report = lambda level, text: None
        self.accepting = True
        self.stopped = self.paused = False
        timeouts = config.timeouts
        self.clientTimeout = timeouts.client
        self.requestTimeout = timeouts.httpRequest
        self.keepAliveTimeout = timeouts.httpKeepAlive
        patience = [timeout for timeout in (timeouts.client, timeouts.httpRequest) if timeout is not None]
        self.headPatience = min(patience) if patience else None
        self.dontLogNull = config.dontLogNull
        self.logAsap = config.logAsap
        self.contStats = config.contStats

    def buildProtocol(self, _address):
        """
        @return: a client side.
        """
        return self.newClientSide(self)

    def sessionBegan(self, session, now):
        """
        Count a connection, and stop accepting at the limit (LST-03).
        """
        counters = self.counters
        counters.feTotal += 1
        counters.feCurrent = current = counters.feCurrent + 1
        if current > counters.feMax:
            counters.feMax = current
        counters.feRate.tick(now)
        self.process.sessionBegan(session)
        if current >= self.maxconn:
            self.updateAccepting()

    def sessionEnded(self, session):
        """
        A connection is gone.
        """
        counters = self.counters
        counters.feCurrent -= 1
        self.process.sessionEnded(session)
        if not self.accepting:
            self.updateAccepting()

    def updateAccepting(self):
        """
        Accept or leave connections in the kernel's queue, as the limits say.
        """
        process = self.process
        wanted = self.counters.feCurrent < self.maxconn and process.current < process.maxconn
        if wanted != self.accepting:
            self.accepting = wanted
            for port in self.ports:
                if wanted:
                    port.startReading()
                else:
                    port.stopReading()

    def acceptFailed(self, problem):
        """
        The system ran out of something (LST-10).
        """
        self.report(0, "Proxy %s reached system limit at %d connections (%s)." % (
            self.name, self.process.current, problem.strerror or problem))

    def status(self):
        """
        @return: C{"OPEN"}, C{"FULL"} or C{"STOP"}.
        """
        if self.stopped:
            return "STOP"
        return "OPEN" if self.accepting else "FULL"

    def emit(self, exchange):
        """
        Log an exchange, once.
        """
        if exchange.logged or self.log is None:
            return
        exchange.logged = True
        counters = self.counters
        exchange.actConn = self.process.current - 1
        exchange.feConn = counters.feCurrent - 1
        backend = exchange.backend
        if backend is not None:
            exchange.beConn = backend.counters.beCurrent
            link = exchange.link
            if link is not None and link.server is not None:
                exchange.srvConn = link.server.current
            if exchange.early:
                # It is not over, but does not count itself either (LOG-14).
                exchange.beConn -= 1
                exchange.srvConn -= link.isCounted
        self.log(exchange, exchange.endedAt)
