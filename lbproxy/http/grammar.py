# -*- test-case-name: lbproxy.test.http.test_slowpath -*-
"""
The alphabet of HTTP/1, as fragments of regular expressions (RFC 9110 section 5, RFC 9112 sections 2 to 5).

All expressions built from them are linear: a repeated class is always followed by a byte that is not in it.
"""

import re

#: RFC 9110: tchar.
TCHAR = rb"[!#$%&'*+\-.^_`|~0-9A-Za-z]"

#: What a field value, a reason phrase or a chunk extension may hold: HTAB, SP, VCHAR, obs-text.
TEXT = rb"[\t\x20-\x7e\x80-\xff]"

#: What a request-target may hold here (HTP-01): visible ASCII but C{#}, and bytes above 127.
URI = rb"[\x21\x22\x24-\x7e\x80-\xff]"

#: Header lines in canonical form, and the blank line after them.
CANONICAL_FIELDS = rb"(?:" + TCHAR + rb"+:" + TEXT + rb"*\r\n)*\r\n"

# Each matches at a place, maybe nothing: its end is the first byte of another kind.
tokenRun = re.compile(TCHAR + rb"*").match
textRun = re.compile(TEXT + rb"*").match
uriRun = re.compile(URI + rb"*").match
hexRun = re.compile(rb"[0-9A-Fa-f]*").match
padRun = re.compile(rb"[ \t]*").match
blankRun = re.compile(rb"\x20*").match
emptyRun = re.compile(rb"[\r\n]*").match
bareReturn = re.compile(rb"\r(?!\n)").search

#: Name and value (blanks included) of every line of canonical fields.
allFields = re.compile(rb"([^:\r\n]+):([^\r]*)\r\n").findall


def badVersion(line, at, partial):
    """
    Check that C{HTTP/1.} and a digit stand at a place of a start line.

    @param line: bytes, a start line without its line end.
    @param at: offset where the version must begin.
    @param partial: whether C{line} may go on.
    @return: offset of the first byte that does not fit, C{None} if all do. A complete line that is too short gives its
        length.
    """
    for index, byte in enumerate(b"HTTP/1.0", at):
        if index >= len(line):
            return None if partial else index
        if line[index] != byte and not (index == at + 7 and 48 <= line[index] <= 57):
            return index
    return None
