# -*- test-case-name: lbproxy.test.session.test_tcp -*-
"""
What both sides of a session are: a protocol that relays to its peer, holds it back when output waits, and stamps its
activity.
"""

from twisted.internet.interfaces import IHalfCloseableProtocol, IPushProducer
from zope.interface import implementer

from lbproxy.net.deadlines import NEVER
from lbproxy.net.seen import pendingBytes


def ignore(_data):
    """
    Input that nobody wants. A function, not a method: what is over must not refer to itself, or it waits for the garbage
    collector.
    """


@implementer(IHalfCloseableProtocol, IPushProducer)
class Side:
    """
    As a producer it is registered with its own transport: C{pauseProducing} means that our output waits, so the I{peer}
    is not read until it is gone. Memory stays within one read and the transport's buffer whatever the readers do.

    @ivar transport: the transport, C{None} once the connection is gone.
    @ivar dataReceived: what is done with input now; changed with the phase, so that data needs no test of it.
    @ivar peer: the other side while data may pass, or C{None}.
    @ivar lastActivity: time of the last data in or out.
    @ivar blocked: our output waits.
    @ivar isReading: input is wanted.
    @ivar inputEnded: the other end has closed its output.
    @ivar outputEnded: we have closed ours.
    """

    __slots__ = ("transport", "dataReceived", "peer", "lastActivity", "blocked", "isReading", "inputEnded", "outputEnded",
                 "deadlineSlot", "deadlineAt", "lastPending", "__weakref__")

    def __init__(self):
        self.transport = self.peer = self.deadlineSlot = None
        self.blocked = self.inputEnded = self.outputEnded = False
        self.isReading = True
        self.lastActivity = 0.0
        self.deadlineAt = NEVER
        self.lastPending = 0

    def makeConnection(self, transport):
        """
        The transport is there.
        """
        self.transport = transport
        transport.registerProducer(self, True)
        self.connectionMade()

    def read(self, wanted):
        """
        Take input or leave it in the kernel.
        """
        if wanted != self.isReading:
            self.isReading = wanted
            if self.transport is not None and not self.inputEnded:
                if wanted:
                    # Time runs again from here (SES-13).
                    self.lastActivity = self.now()
                    self.transport.resumeProducing()
                else:
                    self.transport.pauseProducing()

    def pauseProducing(self):
        """
        Our output waits.
        """
        self.blocked = True
        self.lastPending = pendingBytes(self.transport)
        if self.peer is not None:
            self.peer.read(False)
        self.retime()

    def resumeProducing(self):
        """
        Our output is gone.
        """
        self.blocked = False
        if self.transport is not None:
            self.lastActivity = self.now()
            self.drained()
            self.retime()

    def retime(self):
        """
        Which timers run has changed.
        """

    def stopProducing(self):
        """
        The transport is gone; C{connectionLost} follows.
        """

    def drained(self):
        """
        Output is empty again: the peer may go on.
        """
        if self.peer is not None:
            self.peer.read(True)

    def hasProgressed(self):
        """
        @return: whether blocked output moved since this was asked last: a slow reader is not an absent one (SES-14).
        """
        pending = pendingBytes(self.transport)
        moved = pending < self.lastPending
        self.lastPending = pending
        return moved

    def endOutput(self):
        """
        Close our output once it is sent; a second time changes nothing (SES-06).
        """
        if not self.outputEnded and self.transport is not None:
            self.outputEnded = True
            self.transport.loseWriteConnection()

    def detach(self):
        """
        @return: the transport, no longer ours, or C{None}.
        """
        transport, self.transport = self.transport, None
        if transport is not None:
            transport.unregisterProducer()
        return transport

    def close(self):
        """
        Close once what was written is sent.
        """
        transport = self.detach()
        if transport is not None:
            transport.loseConnection()

    def abort(self):
        """
        Close with a reset.
        """
        transport = self.detach()
        if transport is not None:
            transport.abortConnection()

    def writeConnectionLost(self):
        """
        Our output is closed.
        """

    def isTimed(self):
        """
        @return: whether this side's inactivity counts: it may send, or has output to take (SES-13, SES-14).
        """
        return self.transport is not None and (self.blocked or (self.isReading and not self.inputEnded))
