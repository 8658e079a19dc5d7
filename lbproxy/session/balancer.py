# -*- test-case-name: lbproxy.test.session.test_frontend -*-
"""
What all sessions of one process share.
"""

from lbproxy.http import HeadCache


class Balancer:
    """
    @ivar seconds: the monotonic clock, a callable without arguments.
    @ivar wallClock: the date, a callable without arguments.
    @ivar deadlines: the L{Deadlines<lbproxy.net.deadlines.Deadlines>} of all sessions.
    @ivar sessions: id to session, in the order of their begin (SES-25).
    @ivar current: client connections and console connections now (CurrConns).
    @ivar maxconn: limit of it (LST-04).
    @ivar frontends: every L{Frontend<lbproxy.session.frontend.Frontend>}, to be paused together; C{frontendsByName}: name to
        frontend.
    @ivar backends: name to L{Backend<lbproxy.session.backend.Backend>}.
    @ivar limits: L{Limits<lbproxy.http.limits.Limits>} of message heads.
    @ivar bufferSize: bytes held per direction before reading stops.
    @ivar badMessage: called with C{(exchange, data, position, isResponse)} for C{show errors}.
    @ivar requests, responses: heads seen before.
    @ivar stopping: a soft stop has begun: no connection is kept.
    """

    def __init__(self, seconds, wallClock, deadlines, limits, maxconn=2000, bufferSize=16384, badMessage=None):
        self.seconds = seconds
        self.wallClock = wallClock
        self.deadlines = deadlines
        self.limits = limits
        self.maxconn = maxconn
        self.bufferSize = bufferSize
        self.badMessage = badMessage
        self.requests = HeadCache()
        self.responses = HeadCache()
        self.sessions = {}
        self.frontends = []
        self.frontendsByName = {}
        self.backends = {}
        self.nextId = 0
        self.current = 0
        self.protocolBugs = 0
        self.stopping = False

    def newId(self):
        """
        @return: the number of a new session.
        """
        self.nextId += 1
        return self.nextId

    def sessionBegan(self, session):
        """
        One more connection: at the limit every frontend stops accepting.
        """
        self.sessions[session.id] = session
        self.current += 1
        if self.current >= self.maxconn:
            for frontend in self.frontends:
                frontend.updateAccepting()

    def sessionEnded(self, session):
        """
        One less.
        """
        del self.sessions[session.id]
        self.current -= 1
        if self.current == self.maxconn - 1:
            for frontend in self.frontends:
                frontend.updateAccepting()

    def creditSessions(self):
        """
        Count what the sessions of frontends with C{option contstats} have transferred so far (STA-17).
        """
        if any(frontend.contStats for frontend in self.frontends):
            for session in self.sessions.values():
                # Connections to the console have no frontend.
                if session.frontend is not None and session.frontend.contStats:
                    session.creditNow()
