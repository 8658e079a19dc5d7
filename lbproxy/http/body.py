# -*- test-case-name: lbproxy.test.http.test_body -*-
"""
Where a chunked body ends (RFC 9112 section 7.1).

Nothing is decoded: the bytes are forwarded as they are, and the scanner only follows the framing.
"""

import re

from lbproxy.http.errors import BadMessage
from lbproxy.http.grammar import TEXT, hexRun, padRun, textRun, tokenRun
from lbproxy.http.limits import MAX_LENGTH, Limits

_LIMITS = Limits()

# A whole chunk line with a size of up to 64 bits.
_chunkLine = re.compile(rb"0*([0-9A-Fa-f]{1,16})[ \t]*(?:;" + TEXT + rb"*)?\r\n").match

_CR, _LF, _SEMICOLON, _COLON = b"\r\n;:"


class ChunkedBody:
    """
    Follows the framing of one body, piece by piece. Chunk lines and trailers are bounded, so that a sender cannot keep
    us busy with framing that carries nothing.

    @ivar complete: whether the last byte of the body, trailers included, was seen.
    """

    __slots__ = ("complete", "_limits", "_status", "_state", "_left", "_lineSize", "_trailerSize", "_trailers")

    def __init__(self, limits=_LIMITS, status=400):
        """
        @param limits: L{Limits<lbproxy.http.limits.Limits>}.
        @param status: status of errors: 400 for a client's body, 502 for a server's.
        """
        self.complete = False
        self._limits = limits
        self._status = status
        self._state = ChunkedBody._size
        self._left = 0
        self._lineSize = 0
        self._trailerSize = 0
        self._trailers = 0

    def feed(self, data, start):
        """
        Look at more bytes.

        @param data: bytes.
        @param start: offset of the first byte to look at; those before do not belong to the body.
        @return: offset after the last byte of C{data} that belongs to the body: its size unless C{complete}.
        @raise BadMessage: C{chunk}, C{size} or C{trailer}; the position is an offset in C{data}.
        """
        at = start
        end = len(data)
        while at < end and not self.complete:
            at = self._state(self, data, at, end)
        return at

    def _bad(self, cause, position):
        """
        @return: the error, to be raised.
        """
        return BadMessage(self._status, cause, position)

    def _grow(self, at, end):
        """
        Count the bytes of a chunk line.
        """
        size = self._lineSize + end - at
        if size > self._limits.chunkLine:
            raise self._bad("size", end - (size - self._limits.chunkLine))
        self._lineSize = size

    # -- one method for each state: look at data[at:end], give the offset of the first byte not used -----------

    def _size(self, data, at, end):
        """
        At the beginning of a chunk line. Whole chunks are skipped here as long as they come whole.
        """
        most = self._limits.chunkLine + 2
        while True:
            match = _chunkLine(data, at)
            if match is None or match.end() - at > most:
                break
            size = int(match.group(1), 16)
            if size > MAX_LENGTH:
                break
            at = match.end()
            if not size:
                self._state = ChunkedBody._trailerStart
                return at
            stop = at + size
            if data[stop:stop + 2] != b"\r\n":
                self._left = size
                self._state = ChunkedBody._content
                return at
            at = stop + 2
        if at < end:
            self._left = 0
            self._lineSize = 0
            self._state = ChunkedBody._digits
            if hexRun(data, at, at + 1).end() == at:
                raise self._bad("chunk", at)
        return at

    def _digits(self, data, at, end):
        stop = hexRun(data, at).end()
        size = self._left
        for place in range(at, min(stop, at + self._limits.chunkLine - self._lineSize)):
            size = size * 16 + int(data[place:place + 1], 16)
            if size > MAX_LENGTH:
                raise self._bad("chunk", place)
        self._left = size
        self._grow(at, stop)
        if stop < end:
            self._state = ChunkedBody._pad
        return stop

    def _pad(self, data, at, end):
        stop = padRun(data, at).end()
        self._grow(at, stop)
        if stop < end:
            if data[stop] == _SEMICOLON:
                self._state = ChunkedBody._extension
            elif data[stop] == _CR:
                self._state = ChunkedBody._lineEnd
                stop += 1
            else:
                raise self._bad("chunk", stop)
        return stop

    def _extension(self, data, at, end):
        stop = textRun(data, at).end()
        self._grow(at, stop)
        if stop < end:
            if data[stop] != _CR:
                raise self._bad("chunk", stop)
            self._state = ChunkedBody._lineEnd
            stop += 1
        return stop

    def _lineEnd(self, data, at, _end):
        self._expect(data, at, _LF, "chunk")
        self._state = ChunkedBody._content if self._left else ChunkedBody._trailerStart
        return at + 1

    def _content(self, _data, at, end):
        left = self._left - (end - at)
        if left > 0:
            self._left = left
            return end
        at += self._left
        self._left = 0
        self._state = ChunkedBody._contentReturn
        return at

    def _contentReturn(self, data, at, _end):
        self._expect(data, at, _CR, "chunk")
        self._state = ChunkedBody._contentFeed
        return at + 1

    def _contentFeed(self, data, at, _end):
        self._expect(data, at, _LF, "chunk")
        self._state = ChunkedBody._size
        return at + 1

    def _trailerStart(self, data, at, _end):
        if data[at] == _CR:
            self._state = ChunkedBody._lastFeed
            return at + 1
        self._trailers += 1
        if self._trailers > self._limits.headers:
            raise self._bad("headers", at)
        self._state = ChunkedBody._trailerName
        if tokenRun(data, at).end() == at:
            raise self._bad("trailer", at)
        return at

    def _trailerName(self, data, at, end):
        stop = tokenRun(data, at).end()
        self._growTrailer(at, stop)
        if stop < end:
            self._expect(data, stop, _COLON, "trailer")
            self._state = ChunkedBody._trailerValue
            stop += 1
        return stop

    def _trailerValue(self, data, at, end):
        stop = textRun(data, at).end()
        self._growTrailer(at, stop)
        if stop < end:
            self._expect(data, stop, _CR, "trailer")
            self._state = ChunkedBody._trailerFeed
            stop += 1
        return stop

    def _trailerFeed(self, data, at, _end):
        self._expect(data, at, _LF, "trailer")
        self._state = ChunkedBody._trailerStart
        return at + 1

    def _lastFeed(self, data, at, _end):
        self._expect(data, at, _LF, "trailer")
        self.complete = True
        return at + 1

    def _expect(self, data, at, byte, cause):
        """
        Refuse any other byte than this one.
        """
        if data[at] != byte:
            raise self._bad(cause, at)

    def _growTrailer(self, at, end):
        """
        Count the bytes of names and values in the trailer section.
        """
        size = self._trailerSize + end - at
        if size > self._limits.headBytes:
            raise self._bad("size", end - (size - self._limits.headBytes))
        self._trailerSize = size
