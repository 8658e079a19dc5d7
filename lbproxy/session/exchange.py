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
    @ivar received: the request's head as it came, C{None} unless rules have changed it.
    @ivar relayed: head of the response as it goes to the client, C{None} unless there are response analysers.
    @ivar extra: header lines to add to the request; C{responseExtra}: to the response.
    @ivar allowed: an allow rule has matched (HDR-05).
    @ivar switched: a C{reqsetbe} has chosen the route (SWI-07).
    @ivar designated: the server that persistence names, C{None} without; C{direct}: it is followed (CKI-02).
    @ivar redirectable: a server's C{redir} may answer (HTP-28).
    @ivar address: C{(host, port)} of the URI, for C{option http_proxy}.
    @ivar credited: C{(bytesIn, bytesOut)} that the counters have already, C{None} for none (STA-17).
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
    extra = responseExtra = b""
    received = relayed = designated = address = credited = None
    allowed = switched = direct = redirectable = False
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
        The request line as received, C{None} if it never became complete (LOG-21).
        """
        request = self.received or self.request
        return None if request is None else request.line

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

    @property
    def destination(self):
        """
        The C{(host, port)} the client connected to (ACL-14).
        """
        return self.client.destination

    @property
    def contents(self):
        """
        Bytes of the client that are here: the request's head and what follows it (ACL-13).
        """
        request = self.received or self.request
        return self.client.buffer if request is None else request.raw + self.client.buffer

    def now(self):
        """
        @return: seconds of the monotonic clock.
        """
        return self.client.now()

    def backendNamed(self, name):
        """
        @return: the L{Backend<lbproxy.session.backend.Backend>} of that name, C{None} without one (ACL-16 to ACL-18).
        """
        return self.client.process.backends.get(name)

    def frontendNamed(self, name):
        """
        @return: the L{Frontend<lbproxy.session.frontend.Frontend>} of that name, C{None} without one (ACL-15, ACL-18).
        """
        return self.client.process.frontendsByName.get(name)

    def rewrite(self, head):
        """
        Go on with another request head; the log keeps the one that came.
        """
        if self.received is None:
            self.received = self.request
        self.request = head

    def forsake(self):
        """
        The server that persistence named is given up: a request that had a valid cookie looks as one whose server is down,
        and gets a new one (CKI-16).
        """
        if self.designated is not None:
            self.designated = None
            self.direct = False
            if self.cookieFlags[0] == "V":
                self.cookieFlags = "D" + self.cookieFlags[1]

    def blame(self, cause, phase):
        """
        Note why it ends; the first reason stays (SES-18).
        """
        if self.cause == "-":
            self.cause = cause
            self.phase = phase
