# -*- test-case-name: lbproxy.test.http.test_request -*-
"""
Heads of requests (HTP-01 to HTP-09, RFC 9112).
"""

import re

from lbproxy.http.errors import BadMessage
from lbproxy.http.framing import (
    BODY_CHUNKED,
    BODY_LENGTH,
    CHUNKED,
    NO_BODY,
    Marks,
    contentLength,
    isChunked,
    scan,
    usual,
)
from lbproxy.http.grammar import CANONICAL_FIELDS, TCHAR, TEXT, URI
from lbproxy.http.head import MessageHead
from lbproxy.http.lines import REQUEST_LINES
from lbproxy.http.slowpath import settle

# A whole head in canonical form. Host has a group when it comes first, as it does nearly always.
_canonicalHead = re.compile(
    rb"((" + TCHAR + rb"+) (" + URI + rb"+) HTTP/1\.([0-9]))\r\n([Hh][Oo][Ss][Tt]:" + TEXT + rb"*\r\n)?"
    + CANONICAL_FIELDS
).match

_SCHEME = rb"[A-Za-z][A-Za-z0-9+.\-]*://"
_path = re.compile(rb"(?:" + _SCHEME + rb"|(?!" + _SCHEME + rb"))[^/]*(/[^?]*)").match


class RequestHead(MessageHead):
    """
    The head of a request.

    @ivar method: as received, bytes; compared exactly (HTP-08).
    @ivar uri: as received, bytes.
    @ivar expectContinue: whether the client waits for C{100 Continue} before it sends the body. bool.
    """

    __slots__ = ("method", "uri", "expectContinue")

    isRequest = True

    def __init__(self, raw, match, size):
        """
        A request without body and without any line that matters.

        @param raw: canonical head, bytes.
        @param match: C{(request line, method, uri, digit of the version, ...)}, bytes.
        @param size: bytes of input it took.
        """
        self.raw = raw
        self.line, self.method, self.uri, digit, _host = match
        self.minor = minor = 0 if digit == b"0" else 1
        self.size = size
        self.body = NO_BODY
        self.length = 0
        self.keepAlive = minor == 1
        self.upgrade = self.expectContinue = False
        self.hops = self._headers = self._forwarded = None

    @property
    def version(self):
        """
        The version as received, e.g. C{b"HTTP/1.1"}.
        """
        return self.line[-8:]

    def path(self):
        """
        @return: the part of the URI from its first slash behind the authority up to the query, bytes; C{None} if there
            is none, as in C{*} (HTP-33).
        """
        uri = self.uri
        if uri[:1] == b"/":
            return uri.partition(b"?")[0]
        match = _path(uri) if uri != b"*" else None
        return None if match is None else match.group(1)

    def fromPath(self):
        """
        @return: the URI from the beginning of its path, query included, bytes; C{None} if there is no path.
        """
        uri = self.uri
        if uri[:1] == b"/":
            return uri
        match = _path(uri) if uri != b"*" else None
        return None if match is None else uri[match.start(1):]

    def _twin(self):
        """
        @return: as in the base class.
        """
        other = MessageHead._twin(self)
        other.method = self.method
        other.uri = self.uri
        other.expectContinue = self.expectContinue
        return other


def parseRequest(data, start, limits):
    """
    Look for the head of a request.

    @param data: bytes since the end of the previous message, bodies and following messages included.
    @param start: 0, or the size of C{data} at the last call, which gave C{None}.
    @param limits: L{Limits<lbproxy.http.limits.Limits>}.
    @return: L{RequestHead}, or C{None} while it is incomplete.
    @raise BadMessage: status 400, for a bad head that is complete, or too large, or begins with a bad line.
    """
    if start and data.find(b"\n\r\n", start - 2 if start > 2 else 0) < 0:
        match = None
    else:
        match = _canonicalHead(data, 0, limits.headBytes)
    if match is not None:
        size = match.end()
        if size <= limits.sure or data.count(b"\n", 0, size) - 2 <= limits.headers:
            return _head(match, data[:size], size)
    elif not data:
        return None
    found = settle(data, start, limits, REQUEST_LINES)
    if found is None:
        return None
    try:
        return _head(_canonicalHead(found.raw), found.raw, found.size)
    except BadMessage as bad:
        raise BadMessage(bad.status, bad.cause, found.origin(bad.position)) from None


def _head(match, raw, size):
    """
    @param match: of L{_canonicalHead}.
    @param raw: the bytes it matched.
    @param size: bytes of input.
    @return: L{RequestHead}.
    @raise BadMessage: if its framing is ambiguous.
    """
    words = match.groups()
    head = RequestHead(raw, words, size)
    begin = len(head.line)
    host = words[4]
    if host is not None:
        begin += len(host)
        if begin + 4 == len(raw):
            return head
    told = usual(raw, begin)
    if told is None:
        _apply(head, Marks(scan(raw, begin)), host is not None)
        return head
    length, connection, hops, hosts = told
    if hosts and (host is not None or hosts > 1) or length == CHUNKED and not head.minor:
        _apply(head, Marks(scan(raw, begin)), host is not None)
        return head
    if hops is not None:
        closes, keeps = connection
        head.keepAlive = keeps or not closes and head.keepAlive
        head.hops = hops
    if length >= 0:
        head.body = BODY_LENGTH
        head.length = length
    elif length == CHUNKED:
        head.body = BODY_CHUNKED
    return head


def _apply(head, marks, hasHost):
    """
    Set what depends on the lines that matter.

    @param marks: L{Marks}.
    @param hasHost: whether there is a Host line that was not scanned.
    """
    if len(marks.hosts) + hasHost > 1:
        raise BadMessage(400, "host", marks.hosts[-1] if hasHost else marks.hosts[1])
    if marks.codings:
        first = marks.codings[0]
        if not head.minor or not isChunked(marks.codings):
            raise BadMessage(400, "coding", first.start() + 1)
        if marks.lengths:
            raise BadMessage(400, "length", max(first.start(), marks.lengths[0].start()) + 1)
        head.body = BODY_CHUNKED
    elif marks.lengths:
        head.length = contentLength(marks.lengths, 400)
        head.body = BODY_LENGTH
    options = marks.options
    if marks.hops:
        head.hops = tuple(marks.hops)
        head.keepAlive = b"close" not in options and (b"keep-alive" in options or head.keepAlive)
    if head.minor:
        head.upgrade = marks.upgrade and b"upgrade" in options
        head.expectContinue = marks.expectContinue
    if len(marks.lengths) > 1:
        head.drop(marks.lengths[1:])
