# -*- test-case-name: lbproxy.test.http.test_limits -*-
"""
How large the parts of a message may be (HTP-05, HTP-06).
"""

#: The largest Content-Length and the largest chunk (reference 22).
MAX_LENGTH = 1 << 63

# Shortest start line ("G / HTTP/1.1" and "HTTP/1.1 200" with their line ends), blank line, shortest header line ("a:").
_LEAST_FRAME = 14 + 2
_LEAST_LINE = 4


class Limits:
    """
    Bounds on the heads and on the chunk framing of one kind of traffic.

    @ivar headBytes: size of the largest head accepted, blank line and skipped empty lines included. Also bounds the
        trailer section of a chunked body.
    @ivar headers: most header lines accepted in a head or a trailer section, folded lines counted once.
    @ivar chunkLine: size of the longest chunk line (size and extensions, without its line end).
    @ivar sure: a head of at most this size keeps both C{headBytes} and C{headers} whatever is in it.
    """

    __slots__ = ("headBytes", "headers", "chunkLine", "sure")

    def __init__(self, headBytes=8192, headers=204, chunkLine=1024):
        """
        @param headBytes: int, bytes.
        @param headers: int, lines.
        @param chunkLine: int, bytes.
        """
        self.headBytes = headBytes
        self.headers = headers
        self.chunkLine = chunkLine
        self.sure = min(headBytes, _LEAST_FRAME + _LEAST_LINE * (headers + 1) - 1)
