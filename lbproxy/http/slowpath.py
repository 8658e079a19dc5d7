# -*- test-case-name: lbproxy.test.http.test_slowpath -*-
"""
What to do with input that is no complete head in canonical form: wait, refuse, or bring it into that form.

A head is accepted with LF alone as line end, with folded lines and with several blanks in its request line (HTP-01,
HTP-04). It is rewritten once, and everything else only ever sees the canonical form.
"""

from bisect import bisect_right

from lbproxy.http.errors import BadMessage
from lbproxy.http.lines import checkField, checkText, wasEmpty


class Canonical:
    """
    A head in canonical form.

    @ivar raw: bytes: CRLF line ends, nothing folded, single blanks in the request line, no empty lines before it.
    @ivar size: bytes of input it was made from.
    """

    __slots__ = ("raw", "size", "_places", "_origins")

    def __init__(self, lines, origins, size):
        """
        @param lines: list of bytes, the lines without line end.
        @param origins: offset of each line in the input.
        @param size: bytes of input.
        """
        lines.append(b"")
        lines.append(b"")
        self.raw = b"\r\n".join(lines)
        self.size = size
        self._origins = origins
        self._places = places = []
        place = 0
        for line in lines[:-2]:
            places.append(place)
            place += len(line) + 2

    def origin(self, position):
        """
        @param position: offset in C{raw}.
        @return: the offset in the input; exact in lines that were not folded.
        """
        index = max(bisect_right(self._places, position) - 1, 0)
        return min(self._origins[index] + position - self._places[index], self.size - 1)


def settle(data, start, limits, kind):
    """
    Take a closer look at input that the fast path did not accept. The cost is linear in the size of the head however
    it is cut into pieces (PRF-19): only the new part is searched, and lines are taken apart once, when the head
    is complete.

    @param data: bytes since the message start.
    @param start: C{data[:start]} was given before and was incomplete.
    @param limits: L{Limits<lbproxy.http.limits.Limits>}.
    @param kind: L{REQUEST_LINES<lbproxy.http.lines.REQUEST_LINES>} or C{STATUS_LINES}.
    @return: a L{Canonical}, or C{None} if the head is incomplete.
    @raise BadMessage: as soon as the start line is complete and bad, the head is too large for certain, or complete and
        bad. The first bad byte counts, wherever the input was cut.
    """
    size = len(data)
    bound = limits.headBytes if size >= limits.headBytes else size
    full = bound == limits.headBytes
    if not full and data.find(b"\n", start) < 0:
        if start < 4 or wasEmpty(data, start):
            kind.begin(data, start, bound)
        _checkEarly(data, start, kind)
        return None
    begin = kind.begin(data, start, bound)
    end = _headEnd(data, max(begin, start - 2), bound)
    if end >= 0:
        return _canonical(data, begin, end, limits, kind)
    if full:
        _canonical(data, begin, bound, limits, kind)
        raise BadMessage(kind.status, "size", bound)
    first = data.find(b"\n", begin)
    if first >= start:
        kind.canonical(_content(data, begin, first), begin)
    return None


def _checkEarly(data, start, kind):
    """
    Refuse what cannot become a start line, e.g. a TLS handshake, without waiting for its end.
    """
    if start >= kind.early or not data or data[:1] in (b"\r", b"\n") and kind.status == 400:
        return
    line = data[:kind.early]
    if b"\n" in line:
        return
    if line.endswith(b"\r"):
        line = line[:-1]
    wrong = kind.bad(line, True)
    if wrong is not None:
        raise BadMessage(kind.status, wrong[1], wrong[0])


def _headEnd(data, begin, bound):
    """
    @return: the offset after the first empty line that follows a line at or behind C{begin}, -1 if there is none.
    """
    end = data.find(b"\n\r\n", begin, bound)
    bare = data.find(b"\n\n", begin, bound if end < 0 else end + 1)
    if bare >= 0:
        return bare + 2
    return -1 if end < 0 else end + 3


def _content(data, begin, end):
    """
    @return: the line that begins at C{begin} and has its LF at C{end}, without line end.
    """
    return data[begin:end - 1] if end > begin and data[end - 1] == 13 else data[begin:end]


def _canonical(data, begin, end, limits, kind):
    """
    Take complete lines apart.

    @param end: offset after the last byte to look at; an incomplete line before it is left out.
    @return: L{Canonical}.
    @raise BadMessage: for the first bad byte.
    """
    status = kind.status
    lines = []
    origins = []
    at = begin
    while True:
        stop = data.find(b"\n", at, end)
        if stop < 0:
            break
        line = _content(data, at, stop)
        if not lines:
            lines.append(kind.canonical(line, at))
            origins.append(at)
        elif line[:1] in (b" ", b"\t"):
            if len(lines) == 1:
                raise BadMessage(status, "fold", at)
            checkText(line, 0, at, status)
            lines[-1] = lines[-1].rstrip(b" \t") + b" " + line.strip(b" \t")
        elif line:
            if len(lines) > limits.headers:
                raise BadMessage(status, "headers", at)
            checkField(line, at, status)
            lines.append(line)
            origins.append(at)
        at = stop + 1
    return Canonical(lines, origins, end)
