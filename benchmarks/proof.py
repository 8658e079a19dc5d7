"""
Sees that a proxy does the work it is timed for. What is missing is a C{RuntimeError}.
"""

import time

from clients import get

#: Profiles in which every request is logged.
LOGGING = ("logs", "full")

_SERVED = b"bench"


def _must(kept, text):
    if not kept:
        raise RuntimeError(text)


def body(port, page):
    """
    A body of some length arrives unchanged.

    @param page: what the origin has at C{/16k}, bytes.
    """
    for _ in range(4):
        status, _, received = get(port, "/16k")
        _must(status == 200 and received == page, "wrong body for /16k")


def _logged(port, sink, path, fields, expected):
    """
    @return: whether a log line with the texts C{expected} comes for a request.
    """
    for _ in range(3):
        before = sink.count
        get(port, path, fields)
        end = time.perf_counter() + 1
        while time.perf_counter() < end:
            line = sink.line()
            if sink.count > before and all(text in line for text in expected):
                return True
            time.sleep(0.005)
    return False


def logs(port, sink):
    """
    The server is told the client's address, and the request is logged.
    """
    _must(b"for=127.0.0.1|" in get(port, "/echo")[2], "no X-Forwarded-For")
    _must(_logged(port, sink, "/echo", (), (b"/echo",)), "no log line")


def everyFeature(port, sink):
    """
    The profile C{full}: lines added each way, cookies kept from the server and given to the client, each switch.
    """
    _, fields, received = get(port, "/echo", ("Host: www.example.com", "Cookie: SRV=s1; theme=dark"))
    _must(b"|proxy=bench|cookie=theme=dark|host=www.example.com\n" in received, "wrong request: %r" % received)
    _must(fields.get(b"x-served-by") == _SERVED, "no X-Served-By")
    _must(b"set-cookie" not in fields, "a cookie for a client that has one")
    for given in ("theme=dark", "SRV=gone; theme=dark"):
        received = get(port, "/echo", ("Cookie: " + given,))[2]
        _must(b"|cookie=theme=dark|" in received, "wrong cookie: %r" % received)
        # A page with a date: haproxy 2.x takes others for uncacheable as they are.
        fields = get(port, "/16k", ("Cookie: " + given,))[1]
        inserted = fields.get(b"set-cookie", b"")
        _must(inserted.lower() in (b"srv=s1; path=/", b"srv=s2; path=/"), "no cookie: %r" % inserted)
        _must(fields.get(b"cache-control", b"").lower() == b"private", "the inserted cookie may be cached")
    for backend, path, line in (
        (b"api", "/api/echo", ()),
        (b"static", "/a/b.css", ()),
        (b"admin", "/x", ("Host: ADMIN.example.com",)),
        (b"robots", "/x", ("User-Agent: the Spider",)),
        (b"web", "/x", ()),
    ):
        expected = (b" %s/" % backend, path.encode("ascii"))
        _must(_logged(port, sink, path, line, expected), "%s does not go to %s" % (path, backend.decode("ascii")))
