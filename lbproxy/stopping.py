# -*- test-case-name: lbproxy.test.test_service -*-
"""
Soft stop, pause and resume (reference 21).
"""

import signal

from twisted.internet import error

from lbproxy.net.listen import bindListener, startListening


class Stopping:
    """
    The part of a L{LoadBalancer<lbproxy.service.LoadBalancer>} that lets go of listeners and sessions.
    """

    def obeySignals(self):
        """
        Soft stop, pause and resume on USR1, TTOU and TTIN, states on HUP (reference 21), once the reactor runs. For the one
        balancer that a process is there for.
        """
        self.reactor.callWhenRunning(self._installSignals)

    def _installSignals(self):
        for number, action in ((signal.SIGUSR1, self.softStop), (signal.SIGTTOU, self.pause),
                               (signal.SIGTTIN, self.resume), (signal.SIGHUP, self.tellStates)):
            signal.signal(number, lambda _number, _frame, action=action: self.reactor.callFromThread(action))

    def tellStates(self):
        """
        Log the state of every proxy and server (RLD-08).
        """
        for view in self.proxies:
            if view.pool is None or view.stopped:
                continue
            pool = view.pool
            for server in pool.servers:
                pool.report(5, "SIGHUP: Server %s/%s is %s. Conn: %d act, %d pend, %d tot." % (
                    pool.name, server.name, "UP" if server.running else "DOWN", server.current, len(server.queue),
                    server.cumulated))
            pool.report(5, "SIGHUP: Proxy %s has %d active servers and %d backup servers available. Conn: %d act, %d pend, "
                           "%d tot." % (pool.name, pool.activeCount, pool.backupCount, view.counters.beCurrent,
                                        len(pool.queue), view.counters.beTotal))

    def softStop(self):
        """
        Close listeners after C{grace}, let sessions end, then end the process (RLD-01).
        """
        if self._stopping:
            return
        self._stopping = True
        longest = 0.0
        for frontend in self.assembly.frontends:
            grace = frontend.config.grace
            longest = max(longest, grace)
            frontend.report(4, "Stopping %s %s in %d ms." % (frontend.kindName, frontend.name, grace * 1000))
            self._later(grace, self._stopFrontend, frontend)
        self._later(longest, self._drain)

    def _later(self, delay, call, *args):
        self._calls = [one for one in self._calls if one.active()]
        self._calls.append(self.reactor.callLater(delay, call, *args))

    def _stopFrontend(self, frontend):
        frontend.stopped = True
        ports, frontend.ports = frontend.ports, []
        for port in ports:
            port.stopListening()
        frontend.report(4, "Proxy %s stopped." % frontend.name)

    def _drain(self):
        self.balancer.stopping = True
        self._stopMonitors()
        for backend in self.assembly.backends.values():
            for server in backend.pool.servers:
                backend.closeIdle(server)
        for session in list(self.sessions.values()):
            if session.frontend is not None:
                session.closeIfIdle()
        self._awaitEnd()

    def _awaitEnd(self):
        if any(session.frontend is not None for session in self.sessions.values()):
            self._later(0.05, self._awaitEnd)
            return
        try:
            self.reactor.stop()
        except error.ReactorNotRunning:
            pass

    def pause(self):
        """
        Release the listening addresses of every frontend (RLD-02).
        """
        for frontend in self.assembly.frontends:
            if not frontend.stopped and not frontend.paused:
                frontend.report(4, "Pausing %s %s." % (frontend.kindName, frontend.name))
                frontend.paused = True
                ports, frontend.ports = frontend.ports, []
                for port in ports:
                    port.stopListening()

    def resume(self):
        """
        Listen again (RLD-03).
        """
        for frontend in self.assembly.frontends:
            if frontend.paused and not frontend.stopped:
                self._resume(frontend)

    def _resume(self, frontend):
        config = frontend.config
        for bind in config.binds:
            try:
                sock = bindListener(bind)
                frontend.ports.append(startListening(
                    self.reactor, sock, frontend, config.backlog or config.maxconn, self.configuration.globals.maxAccept))
            except (OSError, error.CannotListenError):
                frontend.report(4, "Port %s busy while trying to enable %s %s." % (
                    bind.path or bind.port, frontend.kindName, frontend.name))
                ports, frontend.ports = frontend.ports, []
                for port in ports:
                    port.stopListening()
                return
        frontend.paused = False
        frontend.accepting = True
        frontend.updateAccepting()
        frontend.report(4, "Enabling %s %s." % (frontend.kindName, frontend.name))
