# -*- test-case-name: lbproxy.test.config.test_units -*-
"""
Durations, sizes and numbers as operators write them.
"""

import re
from typing import Optional

_MICROSECONDS = {"us": 1, "ms": 1000, "s": 1000000, "m": 60000000, "h": 3600000000, "d": 86400000000}
_SIZES = {"": 1, "k": 1024, "m": 1024 * 1024, "g": 1024 * 1024 * 1024}
_MAX_DIGITS = 15

_duration = re.compile(r"([0-9]+)(us|ms|s|m|h|d)?(.*)", re.DOTALL)
_size = re.compile(r"([0-9]+)([kKmMgG]?)(.*)", re.DOTALL)
_number = re.compile(r"[+-]?[0-9]+\Z")


def parseDuration(text: str, unit: str = "ms") -> float:
    """
    Read a duration (CFG-09).

    @param text: decimal digits and an optional unit: C{us}, C{ms}, C{s}, C{m}, C{h}, C{d}.
    @param unit: the unit that applies when none is written.
    @return: seconds, a whole number of milliseconds, rounded up.
    @raise ValueError: no number, an unknown unit, text after the unit, or more than 15 digits. Its text is
        fit for the operator.
    """
    match = _duration.match(text)
    if match is None:
        raise ValueError("'%s' is not a duration: a whole number with an optional unit us, ms, s, m, h or d" % (text,))
    digits, written, rest = match.groups()
    if rest and written is None:
        raise ValueError("unknown time unit '%s' in '%s': use us, ms, s, m, h or d" % (rest[0], text))
    if rest:
        raise ValueError("unexpected '%s' after the time unit in '%s'" % (rest, text))
    microseconds = _integer(digits) * _MICROSECONDS[written or unit]
    return -(-microseconds // 1000) / 1000.0


def parseSize(text: str) -> int:
    """
    Read a size.

    @param text: decimal digits and an optional C{k}, C{m} or C{g} (powers of 1024).
    @return: bytes.
    @raise ValueError: not such a text; its text is fit for the operator.
    """
    match = _size.match(text)
    if match is None:
        raise ValueError("'%s' is not a size: a whole number of bytes with an optional k, m or g" % (text,))
    digits, unit, rest = match.groups()
    if rest:
        raise ValueError("unexpected '%s' in size '%s'" % (rest, text))
    return _integer(digits) * _SIZES[unit.lower()]


def parseNumber(text: str, least: Optional[int] = None, most: Optional[int] = None) -> int:
    """
    Read a whole number.

    @param least: smallest value allowed.
    @param most: greatest value allowed.
    @raise ValueError: not a number, or out of bounds; its text is fit for the operator.
    """
    if _number.match(text) is None:
        raise ValueError("'%s' is not a whole number" % (text,))
    value = _integer(text)
    if (least is not None and value < least) or (most is not None and value > most):
        if most is None:
            raise ValueError("%d is too small: the least is %d" % (value, least or 0))
        raise ValueError("%d is out of range: it must be from %d to %d" % (value, least or 0, most))
    return value


def _integer(digits: str) -> int:
    if len(digits) > _MAX_DIGITS:
        raise ValueError("'%s' is too large" % (digits,))
    return int(digits)
