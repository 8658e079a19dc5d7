# -*- test-case-name: lbproxy.test.http -*-
"""
Vectors shared by the tests of heads, and the three ways to deliver them.
"""

from lbproxy.http import BadMessage, Limits, parseRequest, parseResponse

LIMITS = Limits()

BROWSER = (
    b"GET /static/logo.png?v=12 HTTP/1.1\r\nHost: www.example.com\r\nUser-Agent: Mozilla/5.0 (X11; Linux x86_64)\r\n"
    b"Accept: text/html,*/*;q=0.8\r\nAccept-Language: en-US,en;q=0.5\r\nAccept-Encoding: gzip, deflate, br\r\n"
    b"Referer: http://www.example.com/\r\nConnection: keep-alive\r\nCookie: SRV=s2; sid=0123456789abcdef\r\n"
    b"Upgrade-Insecure-Requests: 1\r\nSec-Fetch-Mode: navigate\r\nCache-Control: max-age=0\r\n\r\n"
)

NGINX = (
    b"HTTP/1.1 200 OK\r\nServer: nginx/1.22.1\r\nDate: Mon, 24 Nov 2025 18:20:00 GMT\r\nContent-Type: text/html\r\n"
    b"Content-Length: 615\r\nLast-Modified: Mon, 24 Nov 2025 18:20:00 GMT\r\nConnection: keep-alive\r\n"
    b'ETag: "6745-267"\r\nAccept-Ranges: bytes\r\n\r\n'
)


def request(data, start=0, limits=LIMITS):
    """
    L{parseRequest} with the default limits.
    """
    return parseRequest(data, start, limits)


def response(data, start=0, limits=LIMITS, method=b"GET"):
    """
    L{parseResponse} with the default limits, for a GET.
    """
    return parseResponse(data, start, limits, method)


def inPieces(parse, data, sizes=None):
    """
    Deliver C{data} in pieces, as sessions do.

    @param parse: called with C{(data, start)}.
    @param sizes: sizes of the pieces; C{None} for single bytes. What is left comes at the end.
    @return: what C{parse} gave first that was not C{None}, or C{None}.
    """
    start = 0
    ends = list(range(1, len(data) + 1)) if sizes is None else []
    for size in sizes or ():
        ends.append((ends[-1] if ends else 0) + size)
    ends = [end for end in ends if end < len(data)] + [len(data)]
    for end in ends:
        head = parse(data[:end], start)
        if head is not None:
            return head
        start = end
    return None


def outcome(parse, *args):
    """
    @return: everything one can see of the head that C{parse(*args)} gives, or of its refusal; C{None} if incomplete.
    """
    try:
        head = parse(*args)
    except BadMessage as bad:
        return (bad.status, bad.cause, bad.position)
    if head is None:
        return None
    names = ("line", "version", "minor", "size", "body", "length", "keepAlive", "upgrade", "method", "uri",
             "expectContinue", "status", "reason", "interim", "raw")
    seen = {name: getattr(head, name) for name in names if hasattr(head, name)}
    seen["headers"] = head.headers()
    seen["forward"] = [head.forward(hop, b"X: 1\r\n") for hop in range(4)]
    return seen
