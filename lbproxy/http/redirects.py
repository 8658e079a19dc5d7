# -*- test-case-name: lbproxy.test.http.test_redirects -*-
"""
Answers that send the client elsewhere: redirect rules, a server's C{redir}, C{errorloc} (SWI-10 to SWI-17, HTP-28, ERR-03).

All are HTTP/1.0 without body, and announce that the connection is closed after them (reference 16).
"""

import re

_REASONS = {301: b"Moved Permanently", 302: b"Found", 303: b"See Other"}

_HEAD = b"HTTP/1.0 %d %s\r\nCache-Control: no-cache\r\nConnection: close\r\nLocation: %s\r\n%s\r\n"

#: What browsers take for the beginning of a host when a location begins with it.
_slashes = re.compile(rb"/[/\\]+").match


def locationPage(status, url, extra=b""):
    """
    @param status: 301, 302 or 303.
    @param url: value of the Location line, bytes.
    @param extra: complete lines with CRLF to put behind it, bytes.
    @return: bytes of the whole answer.
    @raise KeyError: for another status.
    """
    return _HEAD % (status, _REASONS[status], url, extra)


def prefixed(prefix, head, dropQuery=False):
    """
    Build a location from a prefix and the path of a request.

    @param prefix: bytes; C{b"/"} inserts nothing (SWI-14).
    @param head: L{RequestHead<lbproxy.http.request.RequestHead>}. A URI without path counts as C{/} (SWI-15).
    @param dropQuery: whether to leave out all from the first C{?}.
    @return: bytes. With nothing in front of it, C{//} at the beginning of the path becomes one slash: else the client of
        C{GET //elsewhere} would be sent to a host of somebody else's choice.
    """
    path = head.fromPath() or b"/"
    if dropQuery:
        path = path.partition(b"?")[0]
    if prefix != b"/":
        return prefix + path
    slashes = _slashes(path)
    return path if slashes is None else b"/" + path[slashes.end():]


def serverRedirect(prefix, head):
    """
    The answer to a request for a server with C{redir} (HTP-28).

    @param prefix: bytes.
    @param head: L{RequestHead<lbproxy.http.request.RequestHead>}.
    @return: bytes of the whole answer.
    """
    return locationPage(302, prefixed(prefix, head))


class Redirect:
    """
    The answer of one C{redirect} rule.

    @ivar code: its status. int.
    """

    __slots__ = ("code", "_rule", "_limit", "_extra", "_fixed")

    def __init__(self, rule, limit):
        """
        @param rule: L{RedirectRule<lbproxy.config.rulemodel.RedirectRule>}.
        @param limit: size of the longest answer, bytes.
        """
        self.code = rule.code
        self._rule = rule
        self._limit = limit
        self._extra = b"" if rule.cookie is None else b"Set-Cookie: %s\r\n" % (rule.cookie,)
        self._fixed = self._within(rule.to) if rule.kind == "location" else None

    def answer(self, head):
        """
        @param head: the L{RequestHead<lbproxy.http.request.RequestHead>} to answer.
        @return: bytes of the whole answer; C{None} if it would be longer than the limit (SWI-17).
        """
        rule = self._rule
        if rule.kind == "location":
            return self._fixed
        return self._within(prefixed(rule.to, head, rule.dropQuery))

    def _within(self, url):
        page = locationPage(self.code, url, self._extra)
        return page if len(page) <= self._limit else None
