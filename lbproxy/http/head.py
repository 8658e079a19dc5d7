# -*- test-case-name: lbproxy.test.http.test_hop -*-
"""
What heads of requests and responses have in common.
"""

import re

from lbproxy.http.framing import CONNECTION, PLAIN_CONNECTION, Marks, scan, withoutLines
from lbproxy.http.grammar import allFields
from lbproxy.http.hop import HOP_STRIP, treat

#: Compiled searches by lower case name. Names come from the configuration, so there are few.
_searches: dict = {}
_MOST_SEARCHES = 256


def _searchFor(name):
    """
    @param name: lower case name, bytes.
    @return: function that gives the values of all lines of that name in canonical fields.
    """
    search = _searches.get(name)
    if search is None:
        if len(_searches) >= _MOST_SEARCHES:
            _searches.clear()
        search = _searches[name] = re.compile(rb"\n" + re.escape(name) + rb":([^\r]*)", re.IGNORECASE).findall
    return search


class MessageHead:
    """
    A complete head. The bytes stay as they came; header lines become objects only when somebody asks for them.

    @ivar raw: the head in canonical form, blank line included: the very bytes received, as a rule. bytes.
    @ivar line: its start line. bytes.
    @ivar minor: 0 or 1; versions above HTTP/1.1 count as it. int.
    @ivar size: bytes of input the head took, skipped empty lines included. int.
    @ivar body: C{NO_BODY}, C{BODY_LENGTH}, C{BODY_CHUNKED} or C{BODY_UNTIL_CLOSE}.
    @ivar length: announced size of the body in bytes, 0 for other kinds. int.
    @ivar keepAlive: whether the sender lets its connection live after this message. bool.
    @ivar upgrade: request: asks for another protocol (Upgrade, named by Connection); response: the connection is a
        tunnel from here on. bool.
    @ivar hops: C{(kind, begin, end, value)} of each line of this hop, C{None} without.
    """

    __slots__ = ("raw", "line", "minor", "size", "body", "length", "keepAlive", "upgrade", "hops", "_headers", "_forwarded")

    #: Whether it is the head of a request.
    isRequest = False

    def forward(self, connection, extra=b""):
        """
        Give the head to send to the other side (reference 5, HTP-10).

        Lines come out byte for byte, but for those that belong to this hop. A line that the treatment of Connection
        adds stands behind C{extra}.

        @param connection: C{HOP_STRIP HOP_CLOSE HOP_KEEPALIVE HOP_UPGRADE}.
        @param extra: complete C{Name: value} lines with CRLF, put behind the received lines. bytes.
        @return: bytes, blank line included; the received object itself when nothing changes.
        """
        if extra:
            if self.hops is None and connection == HOP_STRIP:
                return self.raw[:-2] + extra + b"\r\n"
            return treat(self, connection, extra)
        # A head that was seen before goes out as before.
        forwarded = self._forwarded
        if forwarded is not None and forwarded[0] == connection:
            return forwarded[1]
        out = self._strip() if connection == HOP_STRIP else treat(self, connection, extra)
        self._forwarded = (connection, out)
        return out

    def _strip(self):
        hops = self.hops
        if hops is None:
            return self.raw
        if len(hops) == 1:
            kind, begin, end, value = hops[0]
            if kind != CONNECTION or value in PLAIN_CONNECTION:
                raw = self.raw
                return raw[:begin] + raw[end:]
        return treat(self, HOP_STRIP, b"")

    def headers(self):
        """
        @return: list of C{(name, value)} of all lines in order; names in lower case, values without blanks around
            them, both bytes. Do not change it.
        """
        headers = self._headers
        if headers is None:
            headers = self._headers = [
                (name.lower(), value.strip(b" \t")) for name, value in allFields(self.raw, len(self.line) + 2)
            ]
        return headers

    def values(self, name):
        """
        @param name: lower case header name, bytes.
        @return: list of the values of its lines in order, without blanks around them. bytes.
        """
        if self._headers is not None:
            return [value for other, value in self._headers if other == name]
        return [value.strip(b" \t") for value in _searchFor(name)(self.raw, len(self.line))]

    def withLines(self, lines):
        """
        @param lines: complete lines with CRLF, for which L{hasMeaning<lbproxy.http.framing.hasMeaning>} is false. bytes.
        @return: the same head with these lines behind the others; this one stays as it is.
        """
        other = self._twin()
        other.raw = self.raw[:-2] + lines + b"\r\n"
        return other

    def withRaw(self, raw):
        """
        @param raw: canonical head, bytes, with the same start line and the same lines that matter; other lines may differ.
        @return: the same head in these bytes; this one stays as it is.
        """
        other = self._twin()
        other.raw = raw
        if self.hops is not None:
            other.hops = tuple(Marks(scan(raw, len(self.line))).hops)
        return other

    def _twin(self):
        """
        @return: a head that says the same, without C{raw}. Assignments take a quarter of the time of C{copy.copy}.
        """
        other = self.__class__.__new__(self.__class__)
        other.line = self.line
        other.minor = self.minor
        other.size = self.size
        other.body = self.body
        other.length = self.length
        other.keepAlive = self.keepAlive
        other.upgrade = self.upgrade
        other.hops = self.hops
        other._headers = other._forwarded = None
        return other

    def drop(self, matches):
        """
        Leave lines out of the head, for good. Offsets of hop lines move.

        @param matches: matches of L{scan<lbproxy.http.framing.scan>} in C{raw}, in order.
        """
        self.raw = withoutLines(self.raw, matches)
        self._headers = None
        if self.hops is not None:
            self.hops = tuple(Marks(scan(self.raw, len(self.line))).hops)
