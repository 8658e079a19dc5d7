# -*- test-case-name: lbproxy.test.http.test_response -*-
"""
Heads of responses (HTP-30, HTP-34, RFC 9112).
"""

import re

from lbproxy.http.errors import BadMessage
from lbproxy.http.framing import (
    BODY_CHUNKED,
    BODY_LENGTH,
    BODY_UNTIL_CLOSE,
    CHUNKED,
    NO_BODY,
    Marks,
    contentLength,
    isChunked,
    scan,
    usual,
)
from lbproxy.http.grammar import CANONICAL_FIELDS, TEXT
from lbproxy.http.head import MessageHead
from lbproxy.http.lines import STATUS_LINES
from lbproxy.http.slowpath import settle

_canonicalHead = re.compile(
    rb"(HTTP/1\.([0-9]) ([0-9]{3})(?: " + TEXT + rb"*)?)\r\n" + CANONICAL_FIELDS
).match


class ResponseHead(MessageHead):
    """
    The head of a response.

    @ivar status: 0 to 999. int.
    @ivar interim: whether another head follows: 1xx, but not 101 (HTP-34). bool.
    """

    __slots__ = ("status", "interim")

    def __init__(self, raw, line, minor, status, size):
        """
        A response without any line that matters, before its status was looked at.

        @param raw: canonical head, bytes.
        @param line: status line, bytes.
        @param minor: 0 or 1.
        @param status: int.
        @param size: bytes of input it took.
        """
        self.raw = raw
        self.line = line
        self.minor = minor
        self.status = status
        self.size = size
        self.body = BODY_UNTIL_CLOSE
        self.length = 0
        self.keepAlive = minor == 1
        self.upgrade = self.interim = False
        self.hops = self._headers = self._forwarded = None

    @property
    def version(self):
        """
        The version as received, e.g. C{b"HTTP/1.1"}.
        """
        return self.line[:8]

    @property
    def reason(self):
        """
        The reason phrase as received, maybe empty. bytes.
        """
        return self.line[13:]

    def _twin(self):
        """
        @return: as in the base class.
        """
        other = MessageHead._twin(self)
        other.status = self.status
        other.interim = self.interim
        return other


def parseResponse(data, start, limits, method):
    """
    Look for the head of a response.

    @param data: bytes since the end of the previous message, bodies and following messages included.
    @param start: 0, or the size of C{data} at the last call, which gave C{None}.
    @param limits: L{Limits<lbproxy.http.limits.Limits>}.
    @param method: method of the request it answers, bytes.
    @return: L{ResponseHead}, or C{None} while it is incomplete.
    @raise BadMessage: status 502, for a bad head that is complete, or too large, or does not begin as a response.
    """
    if start and data.find(b"\n\r\n", start - 2 if start > 2 else 0) < 0:
        match = None
    else:
        match = _canonicalHead(data, 0, limits.headBytes)
    if match is not None:
        size = match.end()
        if size <= limits.sure or data.count(b"\n", 0, size) - 2 <= limits.headers:
            return _head(match, data[:size], size, method)
    elif not data:
        return None
    found = settle(data, start, limits, STATUS_LINES)
    if found is None:
        return None
    try:
        return _head(_canonicalHead(found.raw), found.raw, found.size, method)
    except BadMessage as bad:
        raise BadMessage(bad.status, bad.cause, found.origin(bad.position)) from None


def _head(match, raw, size, method):
    """
    @param match: of L{_canonicalHead}.
    @param raw: the bytes it matched.
    @param size: bytes of input.
    @param method: method of the request.
    @return: L{ResponseHead}.
    @raise BadMessage: if its length is ambiguous.
    """
    line, digit, status = match.groups()
    head = ResponseHead(raw, line, 0 if digit == b"0" else 1, int(status), size)
    told = usual(raw, len(line))
    if told is None or told[3]:
        _apply(head, Marks(scan(raw, len(line))))
    else:
        length, connection, hops, _hosts = told
        if hops is not None:
            head.hops = hops
            if connection[0]:
                head.keepAlive = False
        if length >= 0:
            head.body = BODY_LENGTH
            head.length = length
        elif length == CHUNKED and head.minor:
            head.body = BODY_CHUNKED
    status = head.status
    if method == b"HEAD" or method == b"CONNECT" or status < 200 or status == 304 or status == 204:
        _applyStatus(head, method)
    if head.body == BODY_UNTIL_CLOSE:
        head.keepAlive = False
    return head


def _apply(head, marks):
    """
    Set what depends on the lines that matter.

    @param marks: L{Marks}.
    """
    if marks.hops:
        head.hops = tuple(marks.hops)
        if b"close" in marks.options:
            head.keepAlive = False
    if marks.codings and head.minor and isChunked(marks.codings):
        head.body = BODY_CHUNKED
    if marks.lengths:
        _applyLength(head, marks)


def _applyLength(head, marks):
    """
    Read Content-Length; leave the lines out that must not be forwarded (reference 22).
    """
    lengths = marks.lengths
    length = contentLength(lengths, 502)
    if marks.codings:
        head.keepAlive = False
        dropped = lengths
    else:
        head.body = BODY_LENGTH
        head.length = length
        dropped = lengths[1:]
    if dropped:
        head.drop(dropped)


def _applyStatus(head, method):
    """
    Some responses have no body whatever their header lines say (RFC 9112 section 6.3).
    """
    status = head.status
    if status < 200:
        if status < 100:
            return
        head.upgrade = status == 101
        head.interim = not head.upgrade
    elif method == b"CONNECT" and status < 300:
        head.upgrade = True
    elif status != 304 and status != 204 and method != b"HEAD":
        return
    head.body = NO_BODY
    head.length = 0
    if head.upgrade:
        head.keepAlive = False
