# -*- test-case-name: lbproxy.test.http.test_cookies -*-
"""
How a line of cookies is divided (CKI-17, RFC 2109, RFC 6265).

Cookies are separated by C{;} or C{,}. A value ends at a blank or a separator, unless it is a quoted string that fills its
cookie; then the text between the quotes is the value. Nothing is an error: what cannot be read has no name.
"""

import re

# Name, value in quotes, value without, and the rest up to the separator. A name may be empty; without C{=} there is no
# value. The quotes must be followed by a separator: else browsers' stray quotes would swallow other cookies.
_cookie = re.compile(
    rb'[ \t]*([^=;, \t]*)[ \t]*(?:=[ \t]*(?:"((?:[^"\\]|\\.)*)"(?=[ \t]*(?:[;,]|\Z))|([^;, \t]*)))?[^;,]*',
    re.DOTALL,
).match


class Crumb:
    """
    One part of a line of cookies.

    @ivar begin: offset of its separator, or of the line's value for the first one. int.
    @ivar name: offset of its name. int.
    @ivar nameEnd: offset behind its name. int.
    @ivar value: C{(begin, end)} of its value, without quotes; C{None} if it has no C{=}.
    @ivar textEnd: offset behind its value, quotes included, or behind its name. int.
    @ivar end: offset of the next separator. int.
    """

    __slots__ = ("begin", "name", "nameEnd", "value", "textEnd", "end")

    def __init__(self, begin, match):
        """
        @param begin: offset of the separator.
        @param match: of the grammar, behind the separator.
        """
        self.begin = begin
        self.name, self.nameEnd = match.span(1)
        self.end = match.end()
        quoted = match.start(2)
        if quoted >= 0:
            self.value = quoted, match.end(2)
            self.textEnd = match.end(2) + 1
        elif match.start(3) >= 0:
            self.value = match.span(3)
            self.textEnd = match.end(3)
        else:
            self.value = None
            self.textEnd = self.nameEnd


def crumbs(text):
    """
    Divide the value of a C{Cookie} line.

    @param text: bytes.
    @return: list of L{Crumb}s that cover all of it; those whose name begins with C{$} are attributes of the one before.
    """
    found = []
    begin = at = 0
    while True:
        match = _cookie(text, at)
        found.append(Crumb(begin, match))
        begin = match.end()
        if begin >= len(text):
            return found
        at = begin + 1


def firstCrumb(text):
    """
    @param text: value of a C{Set-Cookie} line, bytes.
    @return: L{Crumb} of its name and value; other names in the line are attributes (CKI-18).
    """
    return Crumb(0, _cookie(text))
