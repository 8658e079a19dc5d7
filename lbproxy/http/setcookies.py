# -*- test-case-name: lbproxy.test.http.test_setcookies -*-
"""
Cookies that servers set: reading them, and what the client gets instead (CKI-06 to CKI-13, CKI-18, reference 15).
"""

import re

from lbproxy.http.cache import HeadNotes
from lbproxy.http.cookiegrammar import firstCrumb
from lbproxy.http.memo import Outcome, carried

#: The value of each Set-Cookie line.
_lines = re.compile(rb"\n(?=[Ss])(?i:set-cookie):[ \t]*([^\r]*)").finditer

_EXPIRED = b"; Expires=Thu, 01-Jan-1970 00:00:01 GMT"

# What is done with a cookie of the name, if it is not put a value in.
_LEAVE, _DELETE = None, False


def insertedLine(cookie, value):
    """
    @param cookie: L{Cookie<lbproxy.config.rulemodel.Cookie>}.
    @param value: the server's, bytes; C{None} makes the client forget the cookie (CKI-13).
    @return: the complete C{Set-Cookie} line with CRLF, bytes.
    """
    expiry = _EXPIRED if value is None else b""
    domain = b"" if cookie.domain is None else b"; domain=" + cookie.domain
    return b"Set-Cookie: %s=%s%s; path=/%s\r\n" % (cookie.name, value or b"", expiry, domain)


class ResponseCookieReading(Outcome):
    """
    What the cookies of a response say, and what became of the persistence cookie.

    @ivar present: whether the server has set any cookie. bool.
    @ivar flag: C{"N"}: not the persistence cookie; C{"P"}: it is left; C{"R"}: rewritten; C{"D"}: deleted (CKI-15).
    @ivar captured: C{name=value} for the log, cut; C{None} without one.
    @ivar session: the first bytes of the application's cookie, of the last one that is not empty; C{None} without.
    """

    __slots__ = ("present", "flag", "captured", "session")

    def __init__(self, head):
        """
        @param head: L{ResponseHead<lbproxy.http.response.ResponseHead>}.
        """
        self.source = self.head = head
        self.present = False
        self.flag = "N"
        self.captured = self.session = None


class ResponseCookies:
    """
    What a route wants to know of, and do with, the cookies of responses.
    """

    __slots__ = ("_name", "_inserts", "_indirect", "_rewrites", "_prefixes", "_capture", "_session", "_known")

    def __init__(self, cookie=None, capture=None, session=None):
        """
        @param cookie: L{Cookie<lbproxy.config.rulemodel.Cookie>}, or C{None}.
        @param capture: L{Capture<lbproxy.config.rulemodel.Capture>}, or C{None}.
        @param session: L{AppSession<lbproxy.config.rulemodel.AppSession>}, or C{None}.
        """
        mode = None if cookie is None else cookie.mode
        self._name = None if cookie is None else cookie.name
        self._inserts = mode == "insert"
        self._rewrites = mode == "rewrite"
        self._prefixes = mode == "prefix"
        self._indirect = cookie is not None and cookie.indirect
        self._capture = capture
        self._session = session
        self._known = HeadNotes()

    def treat(self, head, value, direct, known):
        """
        @param head: L{ResponseHead<lbproxy.http.response.ResponseHead>}.
        @param value: persistence value of the server, bytes, or C{None}.
        @param direct: whether a cookie has designated the server.
        @param known: whether there is a server.
        @return: L{ResponseCookieReading}.
        """
        treatment = _LEAVE
        if known and self._inserts or direct and self._indirect:
            treatment = _DELETE
        elif value is not None and (self._rewrites or self._prefixes):
            treatment = value
        key = (head.raw, treatment)
        found = self._known.get(key)
        if found is not None:
            found = found if found.source is head else carried(found, head)
            if found is not None:
                return found
        found = self._treat(head, treatment)
        self._known.keep(key, found, len(key[0]))
        return found

    def _treat(self, head, treatment):
        reading = ResponseCookieReading(head)
        raw = head.raw
        parts = []
        at = 0
        for match in _lines(raw, len(head.line)):
            reading.present = True
            text = match.group(1)
            crumb = firstCrumb(text)
            if crumb.value is None:
                continue
            self._note(text, crumb, reading)
            if text[crumb.name:crumb.nameEnd] != self._name:
                continue
            if treatment is _LEAVE:
                reading.flag = "P"
            elif treatment is _DELETE:
                reading.flag = "D"
                parts.append(raw[at:match.start() + 1])
                at = match.end() + 2
            else:
                reading.flag = "R"
                parts += [raw[at:match.start(1)], self._changed(text, crumb, treatment)]
                at = match.end(1)
        if parts:
            parts.append(raw[at:])
            reading.head = head.withRaw(b"".join(parts))
        return reading

    def _note(self, text, crumb, reading):
        """
        Keep what was asked for of one cookie.
        """
        capture, session = self._capture, self._session
        if capture is not None and reading.captured is None:
            shown = text[crumb.name:crumb.textEnd]
            if shown.startswith(capture.name):
                reading.captured = shown[:capture.length]
        if session is not None and text[crumb.name:crumb.nameEnd] == session.cookie:
            reading.session = text[slice(*crumb.value)][:session.length] or reading.session

    def _changed(self, text, crumb, value):
        """
        @return: the line's value with the server's in place of the cookie's, or before it (CKI-10, CKI-11).
        """
        begin, end = crumb.value
        if self._prefixes:
            return text[:begin] + value + b"~" + text[begin:]
        return text[:begin] + value + text[end:]
