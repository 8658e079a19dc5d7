# -*- test-case-name: lbproxy.test.observe.test_console -*-
"""
The console: one command line, one answer, the end (STA-20, STA-23, STA-24).
"""

from twisted.internet import protocol
from twisted.internet.interfaces import IHalfCloseableProtocol, IPushProducer
from twisted.python import log
from twisted.python.failure import Failure
from zope.interface import implementer

from lbproxy.interfaces import ISession
from lbproxy.net.seen import pendingBytes
from lbproxy.session.states import EST, INI

#: Longest command line in bytes, line feed included.
LINE = 8192

#: Bytes of an answer that are written as one, at least.
PIECE = 16384

#: Pieces written before others get their turn.
TURN = 4


@implementer(ISession, IHalfCloseableProtocol, IPushProducer)
class Console(protocol.Protocol):
    """
    One connection. It is a session like any other: counted and listed.

    @ivar id: its number.
    @ivar startedAt: when it was accepted.
    """

    proto = "unix_stream"
    source = destination = ("", 0)
    frontend = backend = server = None
    clientState = EST
    serverState = INI

    def __init__(self, factory):
        self._factory = factory
        self._balancer = factory.balancer
        self._received = b""
        self._answer = None
        self._paused = self._over = False
        self._lastPending = 0
        self._timer = self._turn = None
        self.id = 0
        self.startedAt = self._lastActivity = 0.0

    def connectionMade(self):
        """
        A session begins.
        """
        self.startedAt = self._lastActivity = self._balancer.now()
        self.id = self._balancer.newId()
        self._timer = self._factory.clock.callLater(self._factory.timeout, self._timeUp)
        self._factory.began(self)

    def dataReceived(self, data):
        """
        Wait for the line feed; what follows it is not looked at.

        @param data: bytes.
        """
        if self._over or self._answer is not None:
            return
        self._lastActivity = self._balancer.now()
        self._received += data
        end = self._received.find(b"\n", 0, LINE)
        if end >= 0:
            line, self._received = self._received[:end], b""
            self._run(line.decode("latin-1"))
        elif len(self._received) >= LINE:
            self._close()

    def _run(self, line):
        found = self._factory.commands.find(line)
        if found is None:
            self._close()
            return
        command, words = found
        try:
            self._answer = iter(command(self._balancer, words))
        except Exception:
            log.err(Failure(), "console: %r" % (line,))
            self._close()
            return
        self.transport.registerProducer(self, True)
        self._pump()

    # -- the answer --------------------------------------------------------------------------------------------

    def _pump(self):
        """
        Write until the transport has enough, others are due, or nothing is left.
        """
        self._turn = None
        for _ in range(TURN):
            if self._paused or self._answer is None:
                return
            piece, isLast = self._nextPiece()
            if piece:
                self.transport.write(piece)
                self._lastPending = pendingBytes(self.transport)
            if isLast:
                self._close()
                return
        if not self._paused and self._answer is not None:
            self._turn = self._factory.clock.callLater(0, self._pump)

    def _nextPiece(self):
        """
        @return: C{(bytes, whether it is the last)}.
        """
        parts, size = [], 0
        try:
            for part in self._answer:
                part = part.encode("utf-8", "replace") if isinstance(part, str) else part
                parts.append(part)
                size += len(part)
                if size >= PIECE:
                    return b"".join(parts), False
        except Exception:
            log.err(Failure(), "console: answer broken off")
        return b"".join(parts), True

    def pauseProducing(self):
        """
        The reader is slow: the rest of the answer is not made yet.
        """
        self._paused = True

    def resumeProducing(self):
        """
        What was written is gone.
        """
        self._paused = False
        self._lastActivity = self._balancer.now()
        if self._turn is None and self._answer is not None:
            self._pump()

    def stopProducing(self):
        """
        The transport is gone; C{connectionLost} follows.
        """
        self._answer = None

    # -- the end -----------------------------------------------------------------------------------------------

    def _close(self):
        if not self._over:
            self._over = True
            if self._answer is not None:
                self._answer = None
                self.transport.unregisterProducer()
            self.transport.loseConnection()

    def readConnectionLost(self):
        """
        The other end sends no more: it may still read the answer to a complete line.
        """
        if self._answer is None:
            self._close()

    def writeConnectionLost(self):
        """
        Our output is closed.
        """

    def _timeUp(self):
        """
        Close unless something moved in the last C{stats timeout} (STA-23).
        """
        now = self._balancer.now()
        pending = pendingBytes(self.transport)
        if pending < self._lastPending:
            self._lastActivity = now
        self._lastPending = pending
        left = self._lastActivity + self._factory.timeout - now
        if left > 0:
            self._timer = self._factory.clock.callLater(left, self._timeUp)
        else:
            self._timer = None
            self.transport.abortConnection()

    def abort(self):
        """
        Close at once: the process ends.
        """
        self.transport.abortConnection()

    def connectionLost(self, reason=protocol.connectionDone):
        """
        The session is over.
        """
        self._over = True
        self._answer = None
        for call in (self._timer, self._turn):
            if call is not None and call.active():
                call.cancel()
        self._timer = self._turn = None
        self._factory.ended(self)

    def expiry(self, now):
        """
        @param now: monotonic seconds.
        @return: seconds until it is closed unless something moves.
        """
        return max(0.0, self._lastActivity + self._factory.timeout - now)


class ConsoleFactory(protocol.ServerFactory):
    """
    @ivar balancer: the L{IBalancer<lbproxy.interfaces.IBalancer>} that is shown.
    @ivar clock: C{IReactorTime}.
    @ivar commands: L{CommandTable<lbproxy.observe.commands.CommandTable>}.
    @ivar timeout: seconds a connection may rest (C{stats timeout}).
    @ivar maxconn: connections at once; the next one waits in the kernel's queue (C{stats maxconn}).
    @ivar port: the listening port, to be paused; set by who listens.
    @ivar connections: set of open L{Console}s.
    """

    noisy = False
    port = None

    def __init__(self, balancer, clock, commands, timeout=10.0, maxconn=10):
        self.balancer = balancer
        self.clock = clock
        self.commands = commands
        self.timeout = timeout
        self.maxconn = maxconn
        self.connections = set()

    def buildProtocol(self, _address):
        """
        @return: a L{Console}.
        """
        console = Console(self)
        console.factory = self
        return console

    def began(self, console):
        """
        One more connection; at the limit no other is accepted.
        """
        self.connections.add(console)
        self.balancer.sessionBegan(console)
        if len(self.connections) >= self.maxconn and self.port is not None:
            self.port.stopReading()

    def ended(self, console):
        """
        One less.
        """
        self.connections.discard(console)
        self.balancer.sessionEnded(console)
        if len(self.connections) == self.maxconn - 1 and self.port is not None:
            self.port.startReading()

    def abortConnections(self):
        """
        Close all connections at once.
        """
        for console in list(self.connections):
            console.abort()
