# -*- test-case-name: lbproxy.test.acl.test_contents -*-
"""
Versions written as C{major.minor} (ACL-05). Inside, one is a number that orders by major first.
"""

import re
from typing import Tuple

from lbproxy.acl.numbers import Grammar, matchRanges, parseRanges
from lbproxy.acl.registry import Match, Patterns

_VERSION = rb"[0-9]{1,5}(?:\.[0-9]{1,5})?"


def versionNumber(major: int, minor: int) -> int:
    """
    @param major, minor: 0 to 65535.
    @return: the number that stands for the version.
    """
    return major << 16 | minor


def dottedVersion(number: int) -> str:
    """
    @return: the version that a number stands for, e.g. C{"3.1"}.
    """
    return "%d.%d" % divmod(number, 1 << 16)


def _read(text: bytes) -> int:
    major, _, minor = text.partition(b".")
    parts: Tuple[int, int] = int(major), int(minor or b"0")
    if max(parts) > 65535:
        raise ValueError("version '%s' is too large: both numbers end at 65535" % (text.decode("ascii"),))
    return versionNumber(*parts)


_GRAMMAR = Grammar(
    re.compile(_VERSION + rb"\Z"),
    re.compile(rb"(%b)?([:-])(%b)?\Z" % (_VERSION, _VERSION)),
    _read,
    "a version such as 3.1",
)


def versions(patterns: Patterns) -> Match:
    """
    A L{Match} for versions, ranges and operators; a bare major has the minor 0.

    @raise BadPattern: as for L{integers<lbproxy.acl.numbers.integers>}, or a number above 65535.
    """
    return matchRanges(parseRanges(patterns.values, _GRAMMAR))
