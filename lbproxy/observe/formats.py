# -*- test-case-name: lbproxy.test.observe.test_formats -*-
"""
The three lines of traffic (LOG-07 to LOG-22, reference 14).

An L{ILogRecord<lbproxy.interfaces.ILogRecord>} becomes one line by one C{%} over its fields; what is rare (a step that
was not reached, C{logasap}, bytes that need a code, captures) is decided aside. An HTTP line takes about 2 us on
CPython 3.11 and a third of that on PyPy.
"""

from lbproxy.observe.dates import FUZZ, MILLISECONDS, acceptDates
from lbproxy.observe.escapes import PLAIN, encodeCaptures, encodeLine

#: Longest request line logged (LOG-21).
REQUEST_LINE = 1023

_HTTP = "%s:%d %s%s %s %s/%s %d/%d/%d/%d/%s%d %d %s%d %s %s %s%s%s %d/%d/%d/%d/%s%d %d/%d%s \"%s\""
_TCP = "%s:%d %s%s %s %s/%s %d/%d/%s%d %s%d %s%s %d/%d/%d/%d/%s%d %d/%d"


def _span(start, end):
    """
    @return: milliseconds between two instants, -1 when one of them never came (LOG-13).
    """
    return -1 if start is None or end is None else int((end - start) * 1000.0 + FUZZ)


def httpLine(record, now):
    """
    The line of C{option httplog} (LOG-09).

    @param record: an L{ILogRecord<lbproxy.interfaces.ILogRecord>}.
    @param now: monotonic seconds, the end of it.
    @return: bytes without a line end.
    """
    started, requested = record.startedAt, record.requestAt
    queued, connected, responded = record.queuedUntil, record.connectedAt, record.responseAt
    if responded is None or connected is None or queued is None or requested is None:
        tq, tw = _span(started, requested), _span(requested, queued)
        tc, tr = _span(queued, connected), _span(connected, responded)
    else:
        tq = int((requested - started) * 1000.0 + FUZZ)
        tw = int((queued - requested) * 1000.0 + FUZZ)
        tc = int((connected - queued) * 1000.0 + FUZZ)
        tr = int((responded - connected) * 1000.0 + FUZZ)
    line = record.requestLine
    if line is None:
        request = "<BADREQ>"
    elif len(line) > REQUEST_LINE or line.translate(None, PLAIN):
        request = encodeLine(line[:REQUEST_LINE].decode("latin-1"))
    else:
        request = line.decode("latin-1")
    captures = ""
    if record.requestCaptures is not None:
        captures = " " + encodeCaptures(record.requestCaptures)
    if record.responseCaptures is not None:
        captures += " " + encodeCaptures(record.responseCaptures)
    requestCookie, responseCookie = record.requestCookie, record.responseCookie
    date = record.date
    second = int(date)
    early = "+" if record.early else ""
    return (_HTTP % (
        record.sourceHost, record.sourcePort, acceptDates[second], MILLISECONDS[int((date - second) * 1000.0 + FUZZ)],
        record.frontendName, record.backendName, record.serverName or "<NOSRV>",
        tq, tw, tc, tr, early, int((now - started) * 1000.0 + FUZZ), record.status, early, record.bytesOut,
        encodeLine(requestCookie) if requestCookie else "-", encodeLine(responseCookie) if responseCookie else "-",
        record.cause, record.phase, record.cookieFlags,
        record.actConn, record.feConn, record.beConn, record.srvConn,
        "+" if record.redispatched else "", record.retries, record.serverQueue, record.backendQueue, captures,
        request)).encode()


def tcpLine(record, now):
    """
    The line of C{option tcplog} (LOG-08).

    @param record: an L{ILogRecord<lbproxy.interfaces.ILogRecord>}.
    @param now: monotonic seconds, the end of it.
    @return: bytes without a line end.
    """
    started, queued = record.startedAt, record.queuedUntil
    date = record.date
    second = int(date)
    early = "+" if record.early else ""
    return (_TCP % (
        record.sourceHost, record.sourcePort, acceptDates[second], MILLISECONDS[int((date - second) * 1000.0 + FUZZ)],
        record.frontendName, record.backendName, record.serverName or "<NOSRV>",
        _span(started, queued), _span(queued, record.connectedAt), early, int((now - started) * 1000.0 + FUZZ),
        early, record.bytesOut, record.cause, record.phase,
        record.actConn, record.feConn, record.beConn, record.srvConn,
        "+" if record.redispatched else "", record.retries, record.serverQueue, record.backendQueue)).encode()


def connectLine(source, destination, name, mode):
    """
    The line of a frontend without a log option, at accept (LOG-07).

    @param source: C{(host, port)} of the client.
    @param destination: C{(host, port)} it connected to.
    @param name: name of the frontend.
    @param mode: C{"http"} or C{"tcp"}.
    @return: bytes without a line end.
    """
    return ("Connect from %s:%d to %s:%d (%s/%s)" % (source + destination + (name, mode.upper()))).encode()


def compileLine(proxy):
    """
    @param proxy: a L{Proxy<lbproxy.config.model.Proxy>}.
    @return: L{httpLine}, L{tcpLine}, or C{None} for a frontend that logs connections instead. A TCP frontend with
        C{option httplog} gets the HTTP layout (LOG-27).
    """
    return {"http": httpLine, "tcp": tcpLine, None: None}[proxy.logFormat]
