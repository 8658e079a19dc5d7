# -*- test-case-name: lbproxy.test.acl.test_numbers -*-
"""
Comparing whole numbers (ACL-04).
"""

import re
from typing import List, Optional, Sequence, Tuple

from lbproxy.acl.registry import BadPattern, Match, Patterns

_OPERATORS = (b"eq", b"ge", b"gt", b"le", b"lt")
_number = re.compile(rb"-?[0-9]{1,18}\Z")
_range = re.compile(rb"(-?[0-9]{1,18})?([:-])(-?[0-9]{1,18})?\Z")

Range = Tuple[Optional[int], Optional[int]]
"""
Lowest and highest value, both included, C{None} for no bound.
"""


def integers(patterns: Patterns) -> Match:
    """
    A L{Match} for numbers, ranges and operators, which apply to the values after them.

    @raise BadPattern: something else, a range after an operator other than C{eq}, or an operator without a value.
    """
    ranges = parseRanges(patterns.values)
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


def parseRanges(values: Sequence[bytes]) -> List[Range]:
    """
    Read the values of an integer criterion.

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
        ranges.append(_parseRange(operator, value, index))
        pending = None
    if pending is not None:
        raise BadPattern("'%s' is not followed by a number" % (operator.decode("ascii"),), pending)
    return ranges


def _parseRange(operator: bytes, value: bytes, index: int) -> Range:
    text = value.decode("utf-8", "replace")
    if _number.match(value) is not None:
        number = int(value)
        return {
            b"eq": (number, number),
            b"ge": (number, None),
            b"gt": (number + 1, None),
            b"le": (None, number),
            b"lt": (None, number - 1),
        }[operator]
    match = _range.match(value)
    if match is None or (match.group(1) is None and match.group(3) is None):
        raise BadPattern("'%s' is not a number, a range or an operator (eq, ge, gt, le, lt)" % (text,), index)
    if operator != b"eq":
        raise BadPattern("'%s' cannot be followed by the range '%s'" % (operator.decode("ascii"), text), index)
    low = None if match.group(1) is None else int(match.group(1))
    high = None if match.group(3) is None else int(match.group(3))
    if low is not None and high is not None and high < low:
        raise BadPattern("range '%s' ends before it starts" % (text,), index)
    return low, high
