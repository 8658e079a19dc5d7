# -*- test-case-name: lbproxy.test.observe.test_snapshots -*-
"""
The last message of a proxy that could not be understood, kept for C{show errors} (STA-30, reference 18).
"""

from typing import Optional

import attr

from lbproxy.observe.dates import acceptDate

#: Columns of a dump line.
WIDTH = 79

_ESCAPES = {0x09: "\\t", 0x0D: "\\r", 0x0A: "\\n", 0x1B: "\\e", 0x5C: "\\\\"}
_SHOWN = [_ESCAPES.get(code) or (chr(code) if 32 <= code < 127 else "\\x%02X" % code) for code in range(256)]


@attr.s(slots=True, frozen=True, auto_attribs=True)
class ErrorSnapshot:
    """
    @ivar date: seconds since the epoch.
    @ivar source: address of the client.
    @ivar sessionId: number of the session.
    @ivar frontendName: of the frontend; C{frontendId} its number.
    @ivar backendName: of the backend, the frontend's as long as none was assigned; C{backendId} its number.
    @ivar serverName: C{None} without server; C{serverId} its number, -1 without.
    @ivar message: the bytes that were received.
    @ivar position: index of the offending byte.
    @ivar isResponse: it came from a server.
    """

    date: float
    source: str
    sessionId: int
    frontendName: str
    frontendId: int
    backendName: str
    backendId: int
    serverName: Optional[str]
    serverId: int
    message: bytes
    position: int
    isResponse: bool

    def concerns(self, iid):
        """
        @param iid: number of a proxy, negative for any.
        @return: whether it is one of the two proxies.
        """
        return iid < 0 or iid in (self.frontendId, self.backendId)

    def lines(self):
        """
        @return: generator of str: the description, an empty line, the dump, each line ended.
        """
        front, back = "%s (#%d)" % (self.frontendName, self.frontendId), "%s (#%d)" % (self.backendName, self.backendId)
        if self.isResponse:
            title, other, kind = "backend %s : invalid response" % back, "frontend " + front, "response"
        else:
            title, other, kind = "frontend %s: invalid request" % front, "backend " + back, "request"
        yield "\n%s %s\n" % (acceptDate(self.date), title)
        yield "  src %s, session #%d, %s, server %s (#%d)\n" % (
            self.source, self.sessionId, other, self.serverName or "<NONE>", self.serverId)
        yield "  %s length %d bytes, error at position %d:\n\n" % (kind, len(self.message), self.position)
        yield from dump(self.message)


def dump(message):
    """
    @param message: bytes.
    @return: generator of str, lines of at most 79 columns: offset, C{+} for the continuation of a line, text with
        escapes.
    """
    start, isContinued, size = 0, False, len(message)
    while start < size:
        text = "  %05d%s " % (start, "+" if isContinued else " ")
        end = start
        isContinued = True
        while end < size:
            shown = _SHOWN[message[end]]
            if len(text) + len(shown) > WIDTH:
                break
            text += shown
            end += 1
            if shown == "\\n":
                isContinued = False
                break
        yield text + "\n"
        start = end


def snapshotOf(exchange, message, position, isResponse, date):
    """
    @param exchange: the L{ILogRecord<lbproxy.interfaces.ILogRecord>} of the session room, which also has C{client}, its
        L{ISession<lbproxy.interfaces.ISession>}, C{backend} and C{server}.
    @param message: bytes received of the bad message.
    @param position: index of the offending byte.
    @param isResponse: it came from a server.
    @param date: seconds since the epoch.
    @return: an L{ErrorSnapshot}, to be kept as C{lastBadResponse} of the backend's view or C{lastBadRequest} of the
        frontend's.
    """
    front = exchange.client.frontend.config
    back = front if exchange.backend is None else exchange.backend.config
    server = exchange.server
    return ErrorSnapshot(
        date, exchange.sourceHost, exchange.client.id, front.name, front.id, back.name, back.id,
        None if server is None else server.name, -1 if server is None else server.id,
        bytes(message), position, isResponse)
