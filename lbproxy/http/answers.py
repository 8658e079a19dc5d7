# -*- test-case-name: lbproxy.test.http.test_answers -*-
"""
The answers that lbproxy gives itself (ERR-01, ERR-02, reference 16).

All are HTTP/1.0 and announce that the connection is closed after them.
"""

from lbproxy.http.redirects import locationPage

#: Status: (reason phrase, what the page tells).
_WORDS = {
    200: ("OK", "This service is up and takes requests."),
    400: ("Bad Request", "What your browser sent could not be understood as a request."),
    401: ("Unauthorized", "Please give a name and a password that are known here."),
    403: ("Forbidden", "The rules of this site do not let this request pass."),
    408: ("Request Timeout", "Your request did not arrive completely in the time allowed for it."),
    500: ("Internal Server Error", "Something went wrong on our side while your request was looked at."),
    502: ("Bad Gateway", "The server behind this site gave an answer that makes no sense or must not be passed on."),
    503: ("Service Unavailable", "No server can take your request at the moment. Please try again later."),
    504: ("Gateway Timeout", "The server behind this site took too long to answer."),
}

#: Answer to a health probe of something in front of us: no header at all (ERR-08).
BARE_OK = b"HTTP/1.0 200 OK\r\n\r\n"

#: What a browser is asked for with a 401 when the caller does not say.
_CHALLENGE = b'WWW-Authenticate: Basic realm="lbproxy"\r\n'

_HEAD = "HTTP/1.0 %d %s\r\nCache-Control: no-cache\r\nConnection: close\r\nContent-Type: text/html\r\n"
_PAGE = "<html><head><title>%d %s</title></head>\n<body><h1>%s</h1>\n<p>%s</p></body></html>\n"


def _build(status):
    """
    @return: C{(lines, body)} of a generated page, bytes.
    """
    reason, text = _WORDS[status]
    head = _HEAD % (status, reason)
    body = _PAGE % (status, reason, reason, text)
    return head.encode("ascii"), body.encode("ascii")


_PAGES = {status: _build(status) for status in _WORDS}

#: Statuses that there is a page for.
STATUSES = frozenset(_WORDS)


def answer(status, head=False, extra=b""):
    """
    @param status: int, one of C{STATUSES}.
    @param head: whether the request was HEAD: no body then.
    @param extra: complete C{Name: value} lines with CRLF, put behind the others; a 401 without any gets a challenge.
    @return: bytes of the whole answer.
    @raise KeyError: for another status.
    """
    lines, body = _PAGES[status]
    if status == 401 and not extra:
        extra = _CHALLENGE
    if head:
        return lines + extra + b"\r\n"
    return lines + extra + b"\r\n" + body


def headOnly(page):
    """
    @param page: bytes of a whole answer, as an operator wrote it.
    @return: the part up to its first blank line, blank line included; all of it if there is none.
    """
    ends = [at + len(mark) for mark in (b"\n\r\n", b"\n\n") for at in [page.find(mark)] if at >= 0]
    return page[:min(ends)] if ends else page


class Answers:
    """
    The answers of one proxy: custom pages and locations first, then the generated ones (ERR-02 to ERR-04).
    """

    __slots__ = ("_pages", "_heads")

    def __init__(self, files=None, locations=None):
        """
        @param files: status to bytes of the complete answer, sent verbatim. dict, or C{None}.
        @param locations: status to C{(302 or 303, URL as bytes)}, where a client is sent in its place (ERR-03). dict, or
            C{None}.
        """
        pages = {status: answer(status) for status in STATUSES}
        pages.update(files or {})
        pages.update({status: locationPage(*place) for status, place in (locations or {}).items()})
        self._pages = pages
        self._heads = {status: headOnly(page) for status, page in pages.items()}

    def page(self, status, head=False):
        """
        @param status: int.
        @param head: whether the request was HEAD: no body then.
        @return: bytes of the whole answer.
        @raise KeyError: for a status that has no page.
        """
        return self._heads[status] if head else self._pages[status]
