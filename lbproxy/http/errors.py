# -*- test-case-name: lbproxy.test.http.test_limits -*-
"""
What is wrong with a message.
"""


class BadMessage(Exception):
    """
    A message that is not HTTP, that exceeds a limit, or that two parsers could read in two ways (reference 22).

    @ivar status: status of the answer the client gets: 400 for a request, 502 for a response. int.
    @ivar cause: a short word for logs, never changed: C{method uri version status reason name value fold size headers
        host length coding chunk trailer framing}; the last one when rules have made a message end elsewhere. str.
    @ivar position: offset of the first bad byte from the start of the message, or, for a chunked body, in the bytes
        that were fed. int >= 0.
    """

    def __init__(self, status, cause, position):
        """
        @param status: int.
        @param cause: str, one of the words above.
        @param position: int >= 0, bytes.
        """
        Exception.__init__(self, status, cause, position)
        self.status = status
        self.cause = cause
        self.position = position

    def __str__(self):
        return "%d: bad %s at byte %d" % (self.status, self.cause, self.position)
