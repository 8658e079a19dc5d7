# -*- test-case-name: lbproxy.test.http.test_framing -*-
"""
The few header lines that decide where a message ends and what becomes of its connection.

One case-insensitive scan finds them. What could be read in two ways is refused here (reference 22).
"""

import re

from lbproxy.http.errors import BadMessage
from lbproxy.http.grammar import TCHAR, TEXT
from lbproxy.http.limits import MAX_LENGTH

#: The message ends with its head.
NO_BODY = 0
#: C{length} bytes follow.
BODY_LENGTH = 1
#: Chunks follow, see L{ChunkedBody<lbproxy.http.body.ChunkedBody>}.
BODY_CHUNKED = 2
#: Everything the server sends until it closes.
BODY_UNTIL_CLOSE = 3

#: Kinds of lines, as numbers of groups in L{scan}.
CONNECTION = 1
CONTENT_LENGTH = 2
HOST = 3
KEEP_ALIVE = 4
PROXY_CONNECTION = 5
TRANSFER_ENCODING = 6
UPGRADE = 7
EXPECT = 8

#: Iterator over the lines that matter; C{lastindex} of a match is the kind and its group the value, blanks included. A
#: match begins at the LF before its line and ends before its CR. The look-ahead spares the alternatives on most lines
#: (0.9 instead of 1.15 microseconds for a browser's request).
scan = re.compile(
    rb"\n(?=[CcHhKkPpTtUuEe])(?i:con(?:nection:([^\r]*)|tent-length:([^\r]*))|host:([^\r]*)|keep-alive:([^\r]*)"
    rb"|proxy-connection:([^\r]*)|transfer-encoding:([^\r]*)|upgrade:([^\r]*)|expect:([^\r]*))"
).finditer

#: What Connection says, by its commonest values: (close, keep-alive).
PLAIN_CONNECTION = {
    b" keep-alive": (False, True),
    b" Keep-Alive": (False, True),
    b" close": (True, False),
    b" Close": (True, False),
}

_digits = re.compile(rb"[0-9]{1,19}").fullmatch
_digitRun = re.compile(rb"[0-9]*").match
_coding = re.compile(TCHAR + rb"+(?:[ \t]*;[\t\x20-\x2b\x2d-\x7e\x80-\xff]*)?").fullmatch

_idleLines = re.compile(
    rb"(?:(?!(?i:connection|content-length|host|keep-alive|proxy-connection|transfer-encoding|upgrade|expect):)"
    + TCHAR + rb"+:" + TEXT + rb"*\r\n)*"
).fullmatch

#: In place of a length: no line tells one, or the body comes in chunks.
NO_LENGTH = -1
CHUNKED = -2


def hasMeaning(lines):
    """
    Whether a head must be parsed anew when lines are added to it.

    @param lines: bytes, lines with CRLF.
    @return: bool: one of them may change where the message ends or what becomes of its connection, or they are not header
        lines in canonical form.
    """
    return _idleLines(lines) is None


def usual(raw, begin):
    """
    Read the lines that matter where they say the usual, each of them once; everything else is for L{Marks}. Without
    this shortcut the response of an ordinary server costs a quarter more.

    @param raw: canonical head, bytes.
    @param begin: offset of an LF from which to look.
    @return: C{None}, or C{(length, told, hops, hosts)}: bytes of the body, C{NO_LENGTH} or C{CHUNKED}; a value of
        C{PLAIN_CONNECTION} or C{None}; as in L{Marks}, but C{None} when there are none; number of Host lines.
    """
    length = NO_LENGTH
    told = hops = None
    hosts = 0
    for match in scan(raw, begin):
        kind = match.lastindex
        value = match.group(kind)
        if kind == CONTENT_LENGTH:
            if length != NO_LENGTH or len(value) > 19 or value[:1] != b" " or not value[1:].isdigit():
                return None
            length = int(value)
        elif kind == CONNECTION:
            if hops is not None or value not in PLAIN_CONNECTION:
                return None
            told = PLAIN_CONNECTION[value]
            hops = ((CONNECTION, match.start() + 1, match.end() + 2, value),)
        elif kind == HOST:
            hosts += 1
        elif kind == TRANSFER_ENCODING and length == NO_LENGTH and value == b" chunked":
            length = CHUNKED
        else:
            return None
    return length, told, hops, hosts


class Marks:
    """
    What the lines that matter say, when there is more than the usual.

    @ivar hops: C{(kind, begin, end, value)} of each Connection, Keep-Alive and Proxy-Connection line, in order;
        C{begin} and C{end} are offsets of the whole line with its line end.
    @ivar options: names listed by Connection, lower case. set of bytes.
    @ivar lengths: matches of Content-Length lines.
    @ivar codings: matches of Transfer-Encoding lines.
    @ivar hosts: offsets of Host lines.
    @ivar upgrade: whether there is an Upgrade line that names something.
    @ivar expectContinue: whether C{100-continue} is expected.
    """

    __slots__ = ("hops", "options", "lengths", "codings", "hosts", "upgrade", "expectContinue")

    def __init__(self, found):
        """
        @param found: iterable of matches of L{scan}.
        """
        self.hops = []
        self.options = set()
        self.lengths = []
        self.codings = []
        self.hosts = []
        self.upgrade = self.expectContinue = False
        for match in found:
            kind = match.lastindex
            value = match.group(kind)
            if kind == CONTENT_LENGTH:
                self.lengths.append(match)
            elif kind == HOST:
                self.hosts.append(match.start() + 1)
            elif kind == TRANSFER_ENCODING:
                self.codings.append(match)
            elif kind == UPGRADE:
                self.upgrade = self.upgrade or bool(value.strip(b" \t"))
            elif kind == EXPECT:
                self.expectContinue = self.expectContinue or value.strip(b" \t").lower() == b"100-continue"
            else:
                self.hops.append((kind, match.start() + 1, match.end() + 2, value))
                if kind == CONNECTION:
                    self.options.update(connectionOptions(value))


def connectionOptions(value):
    """
    @param value: bytes, the value of a Connection line.
    @return: list of the names in it, lower case; empty elements are left out (RFC 9110 section 5.6.1).
    """
    return [option for option in [part.strip(b" \t") for part in value.lower().split(b",")] if option]


def contentLength(matches, status):
    """
    Read Content-Length.

    @param matches: matches of the lines, at least one.
    @param status: status of the error.
    @return: int, 0 to 2**63.
    @raise BadMessage: C{length}: not plain digits, too large, or lines that differ.
    """
    first = None
    for match in matches:
        value = match.group(CONTENT_LENGTH).strip(b" \t")
        if _digits(value) is None or int(value) > MAX_LENGTH or (first is not None and value != first):
            begin = match.start(CONTENT_LENGTH)
            raw = match.group(CONTENT_LENGTH)
            begin += len(raw) - len(raw.lstrip(b" \t"))
            run = _digitRun(value).end()
            raise BadMessage(status, "length", begin + (run if run < len(value) else 0))
        first = value
    return int(first)


def isChunked(matches):
    """
    Whether Transfer-Encoding ends in exactly one C{chunked} (RFC 9112 section 6.1).

    @param matches: matches of the lines, at least one; their values count as one list.
    @return: bool; also C{False} when the list has an empty element or is not a list of codings.
    """
    codings = []
    for match in matches:
        codings.extend(part.strip(b" \t").lower() for part in match.group(TRANSFER_ENCODING).split(b","))
    if codings[-1] != b"chunked" or codings.count(b"chunked") != 1:
        return False
    return all(_coding(coding) is not None and not coding.startswith((b"chunked;", b"chunked ", b"chunked\t"))
               for coding in codings)


def withoutLines(raw, matches):
    """
    @param raw: bytes, a canonical head.
    @param matches: matches of L{scan} in it, in order.
    @return: bytes, the head without those lines.
    """
    parts = []
    at = 0
    for match in matches:
        parts.append(raw[at:match.start() + 1])
        at = match.end() + 2
    parts.append(raw[at:])
    return b"".join(parts)
