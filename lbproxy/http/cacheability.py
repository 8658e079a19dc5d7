# -*- test-case-name: lbproxy.test.http.test_cacheability -*-
"""
Whether caches may keep a response, and its cookies (HTP-26, CKI-08, reference 16).
"""

import re

#: Statuses of responses that may be kept unless they say otherwise.
_STATUSES = frozenset((200, 203, 206, 300, 301, 410))

_found = re.compile(rb"\n(?=[PpCc])(?i:pragma:([^\r]*)|cache-control:([^\r]*))").finditer
_PRAGMA = 1

#: The first directive: up to a comma, a blank or the end.
_directive = re.compile(rb"[^, \t]*").match
_SECRET = frozenset((b"private", b"no-store", b"no-cache", b"max-age=0", b"s-maxage=0"))


def cacheability(method, status, head):
    """
    @param method: method of the request, bytes.
    @param status: int, of the response.
    @param head: the response's L{MessageHead<lbproxy.http.head.MessageHead>}.
    @return: C{(cacheable, cookieCacheable)}: whether the response may be kept, and with its cookies. bools.
    """
    cacheable = cookies = method != b"POST" and status in _STATUSES
    for match in _found(head.raw, len(head.line)):
        value = match.group(match.lastindex).strip(b" \t").lower()
        if match.lastindex == _PRAGMA:
            if value.startswith(b"no-cache"):
                return False, False
            continue
        directive = _directive(value).group()
        if directive in _SECRET:
            return False, False
        if directive == b"public":
            cacheable = cookies = True
        elif value.startswith((b'no-cache="set-cookie"', b'no-cache="set-cookie,')):
            cookies = False
    return cacheable, cookies
