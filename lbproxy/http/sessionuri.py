# -*- test-case-name: lbproxy.test.http.test_sessionuri -*-
"""
The identifier of an application's session in a URI (CKI-20).
"""

import re

#: What ends an identifier, in the path and in the query.
_pathValue = re.compile(rb"[^;/?]*").match
_queryValue = re.compile(rb"[^&;]*").match


def sessionInUri(uri, cookie, length):
    """
    Look behind the semicolons of the path, then behind C{?} and C{&} in the query.

    @param uri: as received, bytes.
    @param cookie: name of the application's cookie, bytes; its letters count in either case here.
    @param length: bytes of the identifier that count.
    @return: the first C{length} bytes of the identifier; C{None} if there is none or it is empty.
    """
    name = cookie.lower() + b"="
    path, question, query = uri.lower().partition(b"?")
    at = path.find(b";" + name)
    if at >= 0:
        return _pathValue(uri, at + 1 + len(name)).group()[:length] or None
    if not question:
        return None
    begin = len(path) + 1
    if query.startswith(name):
        at = begin
    else:
        at = query.find(b"&" + name)
        if at < 0:
            return None
        at += begin + 1
    return _queryValue(uri, at + len(name)).group()[:length] or None
