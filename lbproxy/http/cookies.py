# -*- test-case-name: lbproxy.test.http.test_cookies -*-
"""
Cookies of requests: reading them, and what the server does not get to see (CKI-02, CKI-07, CKI-11, CKI-17, LOG-17).
"""

import re

from lbproxy.http.cache import HeadNotes
from lbproxy.http.cookiegrammar import crumbs
from lbproxy.http.memo import Outcome, carried

#: The value of each Cookie line.
_lines = re.compile(rb"\n(?=[Cc])(?i:cookie):[ \t]*([^\r]*)").finditer


class RequestCookieReading(Outcome):
    """
    What the cookies of a request say.

    @ivar value: of the first cookie of the name that was asked for, bytes; C{None} without one. In mode C{"strip"} the part
        before the first C{~}, all of it if there is none.
    @ivar captured: C{name=value} for the log, cut; C{None} without one.
    @ivar session: the first bytes of the application's cookie; C{None} without one and when it is empty.
    """

    __slots__ = ("value", "captured", "session")

    def __init__(self, head):
        """
        @param head: L{RequestHead<lbproxy.http.request.RequestHead>}.
        """
        self.source = self.head = head
        self.value = self.captured = self.session = None


class RequestCookies:
    """
    What a route wants to know of the cookies of requests.
    """

    __slots__ = ("_name", "_mode", "_capture", "_session", "_known")

    def __init__(self, name=None, mode="keep", capture=None, session=None):
        """
        @param name: name of the persistence cookie, bytes; C{None} without.
        @param mode: C{"keep"}, C{"remove"} (all cookies of that name) or C{"strip"} (the text up to the first C{~} of each).
        @param capture: L{Capture<lbproxy.config.rulemodel.Capture>}, or C{None}.
        @param session: L{AppSession<lbproxy.config.rulemodel.AppSession>}, or C{None}.
        """
        self._name = name
        self._mode = mode
        self._capture = capture
        self._session = session
        self._known = HeadNotes()

    def read(self, head):
        """
        @param head: L{RequestHead<lbproxy.http.request.RequestHead>}.
        @return: L{RequestCookieReading}.
        """
        raw = head.raw
        found = self._known.get(raw)
        if found is not None:
            found = found if found.source is head else carried(found, head)
            if found is not None:
                return found
        found = self._read(head)
        self._known.keep(raw, found)
        return found

    def _read(self, head):
        reading = RequestCookieReading(head)
        raw = head.raw
        parts = []
        at = 0
        for match in _lines(raw, len(head.line)):
            text = match.group(1)
            changed = self._readLine(text, crumbs(text), reading)
            if changed is None:
                continue
            if changed:
                parts += [raw[at:match.start(1)], changed]
                at = match.end(1)
            else:
                parts.append(raw[at:match.start() + 1])
                at = match.end() + 2
        if parts:
            parts.append(raw[at:])
            reading.head = head.withRaw(b"".join(parts))
        return reading

    def _readLine(self, text, found, reading):
        """
        @param text: value of a line.
        @param found: its crumbs.
        @param reading: what to fill.
        @return: the value to put in its place, empty when the line is to go; C{None} if it stays.
        """
        wanted = []
        for crumb in found:
            if crumb.value is None or text[crumb.name:crumb.name + 1] == b"$":
                continue
            name = text[crumb.name:crumb.nameEnd]
            if name == self._name:
                wanted.append(crumb)
                if reading.value is None:
                    reading.value = text[slice(*crumb.value)]
                    if self._mode == "strip":
                        reading.value = reading.value.partition(b"~")[0]
            if self._capture is not None and reading.captured is None:
                shown = text[crumb.name:crumb.textEnd]
                if shown.startswith(self._capture.name):
                    reading.captured = shown[:self._capture.length]
            if self._session is not None and reading.session is None and name == self._session.cookie:
                reading.session = text[slice(*crumb.value)][:self._session.length] or None
        if not wanted or self._mode == "keep":
            return None
        return stripped(text, wanted) if self._mode == "strip" else without(text, found, wanted)


def stripped(text, wanted):
    """
    Take the server's part out of values (CKI-11).

    @param text: value of a line.
    @param wanted: L{Crumb<lbproxy.http.cookiegrammar.Crumb>}s to treat.
    @return: bytes; C{None} if there is no C{~} in any of them.
    """
    parts = []
    at = 0
    for crumb in wanted:
        begin, end = crumb.value
        mark = text.find(b"~", begin, end)
        if mark >= 0:
            parts.append(text[at:begin])
            at = mark + 1
    return b"".join(parts) + text[at:] if parts else None


def without(text, found, wanted):
    """
    Take cookies out of a line, with their attributes and the separators before them (CKI-07).

    @param text: value of a line.
    @param found: all its crumbs.
    @param wanted: those to remove.
    @return: bytes; the others as they were. Empty if there is no other cookie.
    """
    kept = []
    goes = others = False
    for crumb in found:
        isAttribute = text[crumb.name:crumb.name + 1] == b"$"
        if not isAttribute and (crumb.nameEnd > crumb.name or crumb.value is not None):
            goes = crumb in wanted
            others = others or not goes
        if not goes:
            kept.append(text[crumb.begin:crumb.end])
    if not others:
        return b""
    result = b"".join(kept)
    return result if found[0] not in wanted else result.lstrip(b";, \t")
