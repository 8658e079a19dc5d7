# -*- test-case-name: lbproxy.test.acl.test_numbers -*-
"""
Comparing whole numbers (ACL-04), and whatever else is ordered like them.
"""

import re
from typing import Callable, List, Optional, Pattern, Sequence, Tuple

import attr

from lbproxy.acl.registry import BadPattern, Match, Patterns

_OPERATORS = (b"eq", b"ge", b"gt", b"le", b"lt")

Range = Tuple[Optional[int], Optional[int]]
"""
Lowest and highest value, both included, C{None} for no bound.
"""


@attr.s(slots=True, frozen=True, auto_attribs=True)
class Grammar:
    """
    How single values and ranges are written.

    @ivar single: a value alone.
    @ivar range: two values, each in its group, around a separator; either may be missing.
    @ivar read: takes the text of a value, returns its number; raises C{ValueError}.
    @ivar noun: what a value is called, for the operator.
    """

    single: Pattern[bytes]
    range: Pattern[bytes]
    read: Callable[[bytes], int]
    noun: str


INTEGERS = Grammar(
    re.compile(rb"-?[0-9]{1,18}\Z"), re.compile(rb"(-?[0-9]{1,18})?([:-])(-?[0-9]{1,18})?\Z"), int, "a number"
)


def integers(patterns: Patterns) -> Match:
    """
    A L{Match} for numbers, ranges and operators, which apply to the values after them.

    @raise BadPattern: something else, a range after an operator other than C{eq}, or an operator without a value.
    """
    return matchRanges(parseRanges(patterns.values))


def matchRanges(ranges: Sequence[Range]) -> Match:
    """
    A L{Match} for numbers in any of some ranges.
    """
    if len(ranges) == 1:
        return _single(ranges[0])

    def match(value: int) -> bool:
        for low, high in ranges:
            if (low is None or low <= value) and (high is None or value <= high):
                return True
        return False

    return match


def _single(bounds: Range) -> Match:
    low, high = bounds
    if low is None and high is not None:
        top = high
        return lambda value: value <= top
    if high is None and low is not None:
        bottom = low
        return lambda value: value >= bottom
    assert low is not None and high is not None
    least, most = low, high
    return lambda value: least <= value <= most


def parseRanges(values: Sequence[bytes], grammar: Grammar = INTEGERS) -> List[Range]:
    """
    Read the values of a criterion that compares numbers.

    @raise BadPattern: as for L{integers}.
    """
    ranges: List[Range] = []
    operator = b"eq"
    pending: Optional[int] = None
    for index, value in enumerate(values):
        if value in _OPERATORS:
            operator = value
            pending = index
            continue
        try:
            ranges.append(_parseRange(operator, value, grammar))
        except ValueError as error:
            raise BadPattern(str(error), index) from None
        pending = None
    if pending is not None:
        raise BadPattern("'%s' is not followed by %s" % (operator.decode("ascii"), grammar.noun), pending)
    return ranges


def _parseRange(operator: bytes, value: bytes, grammar: Grammar) -> Range:
    text = value.decode("utf-8", "replace")
    if grammar.single.match(value) is not None:
        number = grammar.read(value)
        return {
            b"eq": (number, number),
            b"ge": (number, None),
            b"gt": (number + 1, None),
            b"le": (None, number),
            b"lt": (None, number - 1),
        }[operator]
    match = grammar.range.match(value)
    if match is None or (match.group(1) is None and match.group(3) is None):
        raise ValueError("'%s' is not %s, a range or an operator (eq, ge, gt, le, lt)" % (text, grammar.noun))
    if operator != b"eq":
        raise ValueError("'%s' cannot be followed by the range '%s'" % (operator.decode("ascii"), text))
    low = None if match.group(1) is None else grammar.read(match.group(1))
    high = None if match.group(3) is None else grammar.read(match.group(3))
    if low is not None and high is not None and high < low:
        raise ValueError("range '%s' ends before it starts" % (text,))
    return low, high
