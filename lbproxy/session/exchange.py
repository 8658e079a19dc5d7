# -*- test-case-name: lbproxy.test.session.test_http -*-
"""
One request and its response, or one relayed connection: what is counted and logged together.
"""


class Exchange:
    """
    An C{ILogRecord}. Instants are seconds of the monotonic clock, C{None} when the step was not reached; only C{date} is
    of the wall clock (LOG-24). Unset fields keep the defaults of the class, which costs a short exchange nothing.

    @ivar client: the session.
    @ivar backend: the assigned L{Backend<lbproxy.session.backend.Backend>}, C{None} before.
    @ivar link: the L{Link<lbproxy.session.link.Link>}.
    @ivar request: C{RequestHead}, C{None} while incomplete and in TCP mode.
    @ivar response: C{ResponseHead} of the final response.
    @ivar balanceKey: bytes for hash algorithms, or C{None}.
    @ivar extra: header lines to add to the request.
    @ivar sent: what was written to the server so far as one piece, to be sent again on a fresh connection; C{None} once
        it is more than that.
    @ivar bytesIn: bytes received from the client.
    @ivar bytesOut: bytes received from the server or generated.
    """

    client = backend = link = request = response = balanceKey = route = None
    requestAt = queuedUntil = connectedAt = responseAt = endedAt = None
    startedAt = date = 0.0
    sourceHost = frontendName = backendName = ""
    sourcePort = 0
    status = -1
    bytesIn = bytesOut = 0
    cause = phase = "-"
    failure = "-"
    actConn = feConn = beConn = srvConn = 0
    retries = 0
    redispatched = early = logged = isLogged = False
    serverQueue = backendQueue = 0
    requestCookie = responseCookie = requestCaptures = responseCaptures = None
    cookieFlags = "--"
    extra = b""
    sent = None
    mayReuse = False
    analysers = ()
    analyser = 0
    bodyLeft = 0
    chunks = responseChunks = None
    requestDone = responseDone = False
    tarpit = analysisDeadline = answer = None
    keepClient = analysisExpired = isTunnel = replayable = replaced = False
    responseLeft = 0

    @property
    def serverName(self):
        """
        Name of the last server, C{None} without one.
        """
        link = self.link
        return None if link is None or link.server is None else link.server.name

    @property
    def requestLine(self):
        """
        The request line as received, C{None} if it never became complete.
        """
        return None if self.request is None else self.request.line

    @property
    def server(self):
        """
        The assigned server, or C{None}.
        """
        return None if self.link is None else self.link.server

    def __init__(self, client, now, isLogged):
        """
        @param client: the session.
        @param now: the instant it counts from.
        @param isLogged: whether anybody will want to know the rest.
        """
        self.client = client
        self.startedAt = now
        self.sourceHost, self.sourcePort = client.source
        if isLogged:
            self.isLogged = True
            self.date = client.process.wallClock()
            self.frontendName = self.backendName = client.frontend.name

    def blame(self, cause, phase):
        """
        Note why it ends; the first reason stays (SES-18).
        """
        if self.cause == "-":
            self.cause = cause
            self.phase = phase
