# -*- test-case-name: lbproxy.test.http.test_replacement -*-
"""
The text that a rule puts in place of a line (HDR-02, HDR-12).
"""

import re

# A backslash, and what belongs to it.
_escape = re.compile(rb"\\(?:([0-9])|x([0-9A-Fa-f]{2})|(.)|\Z)", re.DOTALL)


def compileReplacement(text, groups):
    """
    Compile the classic syntax: C{\\0} to C{\\9} insert a group of the match, C{\\xHH} a byte, a backslash before anything else
    that very thing, so C{\\\\} a backslash.

    @param text: bytes.
    @param groups: number of groups in the regular expression; higher ones insert nothing. int.
    @return: callable that takes a match and gives the text, bytes. Groups that took no part insert nothing.
    @raise ValueError: a backslash is the last byte.
    """
    parts = []
    at = 0
    for match in _escape.finditer(text):
        parts.append(text[at:match.start()])
        at = match.end()
        digit, code, plain = match.groups()
        if digit is not None:
            if int(digit) <= groups:
                parts.append(int(digit))
        elif code is not None:
            parts.append(bytes([int(code, 16)]))
        elif plain is None:
            raise ValueError("a replacement cannot end with a backslash")
        else:
            parts.append(plain)
    parts.append(text[at:])
    if not any(isinstance(part, int) for part in parts):
        constant = b"".join(parts)
        return lambda match: constant

    def expand(match):
        return b"".join([(match.group(part) or b"") if part.__class__ is int else part for part in parts])

    return expand
