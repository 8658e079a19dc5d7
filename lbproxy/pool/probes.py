# -*- test-case-name: lbproxy.test.pool.test_probes -*-
"""
What asks a server how it is: one connection, one question, one verdict.

A probe is a protocol. It tells its C{check} C{connected()}, then once C{succeeded()} or C{failed(reason)}; the reason
is an exception or a text.
"""


class TcpProbe:
    """
    A completed connection is enough (CHK-02).
    """

    #: Nothing is sent.
    request = b""

    __slots__ = ("check", "transport", "isDone")

    def __init__(self, check):
        """
        @param check: gets the verdict.
        """
        self.check = check
        self.transport = None
        self.isDone = False

    def makeConnection(self, transport):
        """
        The connection is established.
        """
        self.transport = transport
        if self.isDone:
            transport.abortConnection()
        else:
            self.connectionMade()

    def connectionMade(self):
        """
        Good: that is all there is to know.
        """
        self.check.connected()
        self._conclude(True)

    def connectFailed(self, reason):
        """
        The connection was not established.

        @param reason: an exception.
        """
        self._conclude(False, reason)

    def dataReceived(self, _received):
        """
        A TCP server that speaks first: of no interest.
        """

    def connectionLost(self, reason):
        """
        The end of the connection, asked for or not.
        """
        self.transport = None
        self._conclude(False, reason)

    def _conclude(self, isGood, reason=None):
        if self.isDone:
            return
        self.isDone = True
        transport = self.transport
        if transport is not None:
            transport.loseConnection()
        if isGood:
            self.check.succeeded()
        else:
            self.check.failed(reason)

    def abandon(self):
        """
        Time is up: no verdict, and the connection is dropped.
        """
        self.isDone = True
        if self.transport is not None:
            self.transport.abortConnection()


class HttpProbe(TcpProbe):
    """
    One request; the answer must be HTTP/1 with a status of the classes 2xx or 3xx (CHK-03). It is judged by the first
    bytes that arrive, at least 13 of them (CHK-04).

    @ivar request: bytes sent.
    """

    __slots__ = ("request",)

    def __init__(self, check, request):
        """
        @param request: complete request, bytes.
        """
        TcpProbe.__init__(self, check)
        self.request = request

    def connectionMade(self):
        """
        Ask.
        """
        self.transport.write(self.request)
        self.check.connected()

    def dataReceived(self, received):
        """
        Judge the first bytes.
        """
        isGood = len(received) >= 13 and received[:7] == b"HTTP/1." and received[9:10] in (b"2", b"3")
        self._conclude(isGood, "bad answer")


#: Kind of C{Check}: called with C{(check, configuration)} for a probe.
PROBES = {
    "tcp": lambda check, _config: TcpProbe(check),
    "http": lambda check, config: HttpProbe(check, config.request),
}
