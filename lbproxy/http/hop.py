# -*- test-case-name: lbproxy.test.http.test_hop -*-
"""
Treatment of the headers that belong to one connection only (HTP-10, reference 23, RFC 9110 section 7.6.1).
"""

from lbproxy.http.framing import CONNECTION, PLAIN_CONNECTION, connectionOptions

#: Remove Connection, Keep-Alive, Proxy-Connection and the lines named by Connection.
HOP_STRIP = 0
#: Announce C{close} as C{option httpclose} does.
HOP_CLOSE = 1
#: Strip, then announce C{keep-alive}, for an HTTP/1.0 client.
HOP_KEEPALIVE = 2
#: Leave the head alone.
HOP_UPGRADE = 3

#: Lines that are never removed because Connection names them: without them the message would end elsewhere, go
#: elsewhere, or lose what rules, servers and caches were promised.
PROTECTED = frozenset((
    b"host", b"content-length", b"transfer-encoding", b"trailer", b"expect", b"content-type", b"content-encoding",
    b"content-range", b"content-location", b"content-disposition", b"range", b"if-range", b"authorization", b"cookie",
    b"set-cookie", b"location", b"cache-control", b"pragma", b"expires", b"date", b"age", b"vary", b"etag", b"via",
    b"last-modified", b"origin", b"forwarded", b"x-forwarded-for", b"x-forwarded-host", b"x-forwarded-proto",
    b"x-real-ip",
))

# Not names of header lines, but options of the connection itself.
_OPTIONS = frozenset((b"close", b"keep-alive", b"connection", b"proxy-connection"))


def treat(head, connection, extra):
    """
    Build the head to send when something in it changes.

    @param head: a L{MessageHead<lbproxy.http.head.MessageHead>}.
    @param connection: C{HOP_STRIP HOP_CLOSE HOP_KEEPALIVE HOP_UPGRADE}.
    @param extra: complete lines to put behind the received ones, bytes.
    @return: bytes of a head, blank line included.
    """
    raw, hops = head.raw, head.hops
    if connection == HOP_CLOSE:
        return _close(raw, hops, extra, head.isRequest and not head.minor)
    if hops and connection != HOP_UPGRADE:
        raw = _strip(raw, hops)
    if connection == HOP_KEEPALIVE:
        extra += b"Connection: keep-alive\r\n"
    return raw[:-2] + extra + b"\r\n" if extra else raw


def named(head):
    """
    @param head: a L{MessageHead<lbproxy.http.head.MessageHead>}.
    @return: set of the names, lower case, of lines that its Connection lines tell to remove.
    """
    names = set()
    for kind, _begin, _end, value in head.hops or ():
        if kind == CONNECTION and value not in PLAIN_CONNECTION:
            names.update(connectionOptions(value))
    names -= _OPTIONS
    names.discard(b"upgrade")
    return names


def settled(lines, names, added=()):
    """
    Remove the lines that Connection names, and the names, so that they mean nothing for lines that rules have made: a sender
    may only name what it sent itself.

    @param lines: list of the lines of a head, start line first.
    @param names: of L{named}.
    @param added: for each line, whether a rule has made it; nothing for no line.
    @return: list of lines.
    """
    kept = lines[:1]
    for index, line in enumerate(lines[1:], 1):
        if not (added and added[index]):
            name, _, value = line.partition(b":")
            name = name.lower()
            if name == b"connection":
                options = [option for option in connectionOptions(value) if option not in names]
                line = line[:11] + b" " + b", ".join(options) if options else b""
            elif name in names and name not in PROTECTED:
                line = b""
        if line:
            kept.append(line)
    return kept


def _strip(raw, hops):
    """
    Remove the hop lines and what they name.
    """
    if len(hops) == 1:
        kind, begin, end, value = hops[0]
        if kind != CONNECTION or value in PLAIN_CONNECTION:
            return raw[:begin] + raw[end:]
    names = set()
    parts = []
    at = 0
    for kind, begin, end, value in hops:
        parts.append(raw[at:begin])
        at = end
        if kind == CONNECTION:
            names.update(connectionOptions(value))
    parts.append(raw[at:])
    raw = b"".join(parts)
    names -= _OPTIONS
    names -= PROTECTED
    if not names:
        return raw
    lines = raw.split(b"\r\n")
    kept = lines[:1]
    kept += [line for line in lines[1:] if line.partition(b":")[0].lower() not in names]
    return b"\r\n".join(kept)


def _close(raw, hops, extra, isOld):
    """
    The first Connection line becomes C{close}, others go, one is added where none is (HTP-10).

    @param isOld: an HTTP/1.0 request, which gets none added.
    """
    parts = []
    at = 0
    first = True
    for kind, begin, end, value in hops or ():
        if kind != CONNECTION:
            continue
        if first:
            first = False
            if value.strip(b" \t").lower() == b"close":
                continue
            parts.append(raw[at:begin])
            parts.append(b"Connection: close\r\n")
        else:
            parts.append(raw[at:begin])
        at = end
    if first and not isOld:
        extra += b"Connection: close\r\n"
    parts.append(raw[at:-2] if extra else raw[at:])
    if extra:
        parts.append(extra)
        parts.append(b"\r\n")
    return b"".join(parts)
