# -*- test-case-name: lbproxy.test.config.test_regex -*-
"""
POSIX extended regular expressions (ACL-08, HDR-10), translated to those of C{re}.
"""

import re
from typing import List, Pattern, Tuple

_CLASSES = {
    b"alpha": b"a-zA-Z",
    b"digit": b"0-9",
    b"alnum": b"a-zA-Z0-9",
    b"upper": b"A-Z",
    b"lower": b"a-z",
    b"space": rb" \t\n\r\f\v",
    b"blank": rb" \t",
    b"punct": rb"!-/:-@\[-`{-~",
    b"print": b" -~",
    b"graph": b"!-~",
    b"cntrl": rb"\x00-\x1f\x7f",
    b"xdigit": b"0-9A-Fa-f",
}
_ESCAPES = {ord("<"): rb"\b(?=\w)", ord(">"): rb"\b(?<=\w)", ord("`"): rb"\A", ord("'"): rb"\Z"}
_SHARED_LETTERS = b"wWsSbB"
_REPEATS = (b"*", b"+", b"?")
_bound = re.compile(rb"\{[0-9]+(?:,[0-9]*)?\}")


def compileRegex(pattern: bytes, ignoreCase: bool = False) -> Pattern[bytes]:
    """
    Compile a POSIX extended regular expression.

    @param pattern: the expression.
    @param ignoreCase: ASCII letters match in either case.
    @return: a compiled pattern of C{re}, for C{search}.
    @raise ValueError: the expression is malformed; its text is fit for the operator.
    """
    flags = re.DOTALL | (re.IGNORECASE if ignoreCase else 0)
    try:
        return re.compile(translate(pattern), flags)
    except (re.error, OverflowError, RecursionError) as error:
        raise ValueError("bad regular expression: %s" % (error,)) from None


def translate(pattern: bytes) -> bytes:
    """
    Rewrite a POSIX extended regular expression for C{re}: in brackets a backslash is an ordinary character and
    C{[:name:]} classes exist, C{$} only matches at the very end, C{\\d} and the like are plain letters.

    @raise ValueError: an unclosed bracket, an unknown class, or a group extension (which POSIX does not have).
    """
    result: List[bytes] = []
    position = 0
    while position < len(pattern):
        byte = pattern[position]
        if byte == 0x5B:
            piece, position = _bracket(pattern, position)
        elif byte == 0x5C:
            piece, position = _backslash(pattern, position)
        elif byte == 0x24:
            piece, position = rb"\Z", position + 1
        elif pattern.startswith(b"(?", position):
            raise ValueError("bad regular expression: nothing to repeat before '?' after '('")
        elif byte in b"*+?{":
            position = _repeat(pattern, position, result)
            continue
        else:
            piece, position = bytes([byte]), position + 1
        result.append(piece)
    return b"".join(result)


def _repeat(pattern: bytes, position: int, result: List[bytes]) -> int:
    bound = _bound.match(pattern, position)
    if bound is None:
        piece = pattern[position : position + 1]
        if piece == b"{":
            piece = rb"\{"
    else:
        piece = bound.group()
    if piece in _REPEATS and result and result[-1] in _REPEATS:
        result[-1] = piece if piece == result[-1] else b"*"
    elif (bound or piece in _REPEATS) and result and (result[-1] in _REPEATS or _bound.match(result[-1])):
        raise ValueError("bad regular expression: '%s' repeats a repetition" % (piece.decode("latin-1"),))
    else:
        result.append(piece)
    return position + (len(piece) if piece != rb"\{" else 1)


def _backslash(pattern: bytes, position: int) -> Tuple[bytes, int]:
    if position + 1 == len(pattern):
        raise ValueError("bad regular expression: it ends with a backslash")
    following = pattern[position + 1]
    if following in _ESCAPES:
        return _ESCAPES[following], position + 2
    if following in b"123456789" or following in _SHARED_LETTERS:
        return pattern[position : position + 2], position + 2
    return re.escape(bytes([following])), position + 2


def _bracket(pattern: bytes, position: int) -> Tuple[bytes, int]:
    start = position
    position += 1
    result = [b"["]
    if pattern[position : position + 1] == b"^":
        result.append(b"^")
        position += 1
    first = True
    while True:
        byte = pattern[position : position + 1]
        if not byte:
            raise ValueError("bad regular expression: '[' at position %d is not closed" % (start + 1,))
        if byte == b"]" and not first:
            return b"".join(result) + b"]", position + 1
        first = False
        if byte == b"[" and pattern[position + 1 : position + 2] in (b":", b".", b"="):
            piece, position = _bracketClass(pattern, position)
            result.append(piece)
            continue
        if byte == b"-":
            result.append(b"-" if _isRange(pattern, position, result) else rb"\-")
        else:
            result.append(rb"\%b" % (byte,) if byte in b"\\[]^&~|" else byte)
        position += 1


def _isRange(pattern: bytes, position: int, result: List[bytes]) -> bool:
    before = result[-1] not in (b"[", b"^")
    return before and pattern[position + 1 : position + 2] not in (b"]", b"")


def _bracketClass(pattern: bytes, position: int) -> Tuple[bytes, int]:
    mark = pattern[position + 1 : position + 2]
    end = pattern.find(mark + b"]", position + 2)
    if end < 0:
        raise ValueError("bad regular expression: '[%s' is not closed" % (mark.decode("ascii"),))
    name = pattern[position + 2 : end]
    if mark == b":":
        if name not in _CLASSES:
            raise ValueError("bad regular expression: unknown class '[:%s:]'" % (name.decode("latin-1"),))
        return _CLASSES[name], end + 2
    if len(name) != 1:
        raise ValueError("bad regular expression: collating element '%s'" % (name.decode("latin-1"),))
    return b"".join((b"\\", name)) if not name.isalnum() else name, end + 2
