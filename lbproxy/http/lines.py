# -*- test-case-name: lbproxy.test.http.test_request -*-
"""
Strict checks of single lines, with the position of the first bad byte (HTP-01, HTP-03, HTP-30).

Each kind of message is an object that knows its start line. None of this runs for a message in canonical form.
"""

import re

from lbproxy.http.errors import BadMessage
from lbproxy.http.grammar import (
    TCHAR,
    URI,
    badVersion,
    bareReturn,
    blankRun,
    emptyRun,
    textRun,
    tokenRun,
    uriRun,
)

_requestLine = re.compile(rb"(" + TCHAR + rb"+)\x20+(" + URI + rb"+)\x20+(HTTP/1\.[0-9])").fullmatch

_CR, _LF, _BLANK, _COLON = b"\r\n :"


def checkField(line, at, status):
    """
    Check a header or trailer line that is not folded.

    @param line: bytes without line end.
    @param at: offset of the line in the message.
    @param status: status of the error.
    @raise BadMessage: C{name} or C{value}, with the position of the first bad byte.
    """
    end = tokenRun(line).end()
    if not end or end == len(line) or line[end] != _COLON:
        raise BadMessage(status, "name", at + end)
    checkText(line, end + 1, at, status)


def checkText(line, begin, at, status):
    """
    Check that only characters of a value follow.

    @param line: bytes without line end.
    @param begin: offset in C{line}.
    @param at: offset of the line in the message.
    @param status: status of the error.
    @raise BadMessage: C{value}, with the position of the first bad byte.
    """
    end = textRun(line, begin).end()
    if end != len(line):
        raise BadMessage(status, "value", at + end)


def wasEmpty(data, start):
    """
    Tell without looking at all of it whether input that was no complete head was nothing but empty lines.

    @param data: bytes since the message start.
    @param start: size of that input, at least 4.
    @return: whether the last four bytes of C{data[:start]} are line ends that would have ended a head, had there been
        one.
    """
    prior = data[start - 4:start]
    return not prior.strip(b"\r\n") and (b"\n\n" in prior or b"\n\r\n" in prior)


class RequestLines:
    """
    Start lines of requests.

    @cvar status: status of an error.
    @cvar early: bytes of an incomplete start line that are checked at once.
    """

    __slots__ = ()

    status = 400
    early = 32

    def begin(self, data, start, bound):
        """
        Skip the empty lines before a request. The cost is that of the new bytes while there are only empty lines: four
        line ends that would have ended a head, and did not, prove that there was nothing before them (PRF-19).

        @param data: bytes since the message start, not empty.
        @param start: C{data[:start]} was seen before.
        @param bound: bytes of C{data} to look at.
        @return: offset of the first byte that is neither CR nor LF; C{bound} if there is none.
        @raise BadMessage: C{method}: a CR without LF.
        """
        if data[0] != _CR and data[0] != _LF:
            return 0
        window = start - 4
        if start < 4 or not wasEmpty(data, start):
            window = start = 0
        end = emptyRun(data, start, bound).end()
        bare = bareReturn(data, window, end)
        if bare is not None and not (bare.end() == end == bound):
            raise BadMessage(400, "method", bare.start())
        return end

    def bad(self, line, partial):
        """
        Find what is wrong with a request line.

        @param line: bytes without line end.
        @param partial: whether the line may go on.
        @return: C{(offset, cause)}, or C{None} if nothing is.
        """
        end = len(line)
        at = tokenRun(line).end()
        if at == end and at and partial:
            return None
        if not at or at == end or line[at] != _BLANK:
            return (at, "method")
        first = blankRun(line, at).end()
        at = uriRun(line, first).end()
        if at == end and partial:
            return None
        if at == first or (at != end and line[at] != _BLANK):
            return (at, "uri")
        first = blankRun(line, at).end()
        wrong = badVersion(line, first, partial)
        if wrong is None and first + 8 < end:
            wrong = first + 8
        return None if wrong is None else (wrong, "version")

    def canonical(self, line, at):
        """
        @param line: bytes without line end.
        @param at: offset of the line in the message.
        @return: the line with one blank between its words (HTP-01).
        @raise BadMessage: C{method}, C{uri} or C{version}; the latter also for a request without version (HTP-02).
        """
        match = _requestLine(line)
        if match is None:
            offset, cause = self.bad(line, False)
            raise BadMessage(400, cause, at + offset)
        return b" ".join(match.groups())


class StatusLines:
    """
    Start lines of responses.

    @cvar status: status of an error.
    @cvar early: bytes of an incomplete start line that are checked at once.
    """

    __slots__ = ()

    status = 502
    early = 13

    def begin(self, _data, _start, _bound):
        """
        @return: 0: nothing may precede a status line.
        """
        return 0

    def bad(self, line, partial):
        """
        Find what is wrong with a status line.

        @param line: bytes without line end.
        @param partial: whether the line may go on.
        @return: C{(offset, cause)}, or C{None} if nothing is.
        """
        wrong = badVersion(line, 0, partial)
        if wrong is not None:
            return (wrong, "version")
        end = len(line)
        for at in range(8, 13):
            if at >= end:
                return None if partial or at == 12 else (at, "status")
            byte = line[at]
            if byte != _BLANK if at in (8, 12) else not 48 <= byte <= 57:
                return (at, "status")
        at = textRun(line, 13).end()
        return None if at == end else (at, "reason")

    def canonical(self, line, at):
        """
        @param line: bytes without line end.
        @param at: offset of the line in the message.
        @return: the line itself (HTP-30).
        @raise BadMessage: C{version}, C{status} or C{reason}.
        """
        wrong = self.bad(line, False)
        if wrong is not None:
            raise BadMessage(502, wrong[1], at + wrong[0])
        return line


REQUEST_LINES = RequestLines()
STATUS_LINES = StatusLines()
