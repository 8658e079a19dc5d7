# -*- test-case-name: lbproxy.test.acl.test_strings -*-
"""
Ways to compare bytes (ACL-06 to ACL-08). Each function takes L{Patterns} and returns a L{Match}.
"""

import re
from typing import Callable, Dict, List, Pattern

from lbproxy.acl.registry import BadPattern, Match, Patterns
from lbproxy.config.regex import compileRegex


def _lowered(patterns: Patterns) -> List[bytes]:
    return [value.lower() if patterns.ignoreCase else value for value in patterns.values]


def exact(patterns: Patterns) -> Match:
    """
    The whole value is one of the patterns.
    """
    wanted = frozenset(_lowered(patterns))
    if patterns.ignoreCase:
        return lambda value: value.lower() in wanted
    return wanted.__contains__


def beginning(patterns: Patterns) -> Match:
    """
    The value starts with one of the patterns.
    """
    wanted = tuple(_lowered(patterns))
    if patterns.ignoreCase:
        return lambda value: value.lower().startswith(wanted)
    return lambda value: value.startswith(wanted)


def ending(patterns: Patterns) -> Match:
    """
    The value ends with one of the patterns.
    """
    wanted = tuple(_lowered(patterns))
    if patterns.ignoreCase:
        return lambda value: value.lower().endswith(wanted)
    return lambda value: value.endswith(wanted)


def containing(patterns: Patterns) -> Match:
    """
    The value holds one of the patterns.
    """
    wanted = _lowered(patterns)
    if len(wanted) == 1 and not patterns.ignoreCase:
        single = wanted[0]
        return lambda value: single in value
    return _search([re.escape(value) for value in patterns.values], patterns.ignoreCase)


def _delimited(delimiters: bytes) -> Callable[[Patterns], Match]:
    def matcher(patterns: Patterns) -> Match:
        words = [value.strip(delimiters) for value in patterns.values]
        bounds = b"[" + re.escape(delimiters) + b"]"
        wanted = [
            rb"(?:\A|(?<=%b))%b(?=\Z|%b)" % (bounds, re.escape(word), bounds) for word in words if word
        ]
        return _search(wanted, patterns.ignoreCase)

    return matcher


def _search(expressions: List[bytes], ignoreCase: bool) -> Match:
    if not expressions:
        return lambda value: False
    flags = re.DOTALL | (re.IGNORECASE if ignoreCase else 0)
    search = re.compile(b"|".join(b"(?:%b)" % (expression,) for expression in expressions), flags).search
    return lambda value: search(value) is not None


directories = _delimited(b"/?")
"""
One of the patterns is in the value as a whole word between slashes, question marks or the ends (ACL-07).
"""

domains = _delimited(b"./?")
"""
The same with dots as well.
"""


def expressions(patterns: Patterns) -> Match:
    """
    One of the patterns, POSIX extended regular expressions, is found in the value.

    @raise BadPattern: one of them is malformed.
    """
    compiled: List[Pattern[bytes]] = []
    for index, value in enumerate(patterns.values):
        try:
            compiled.append(compileRegex(value, patterns.ignoreCase))
        except ValueError as error:
            raise BadPattern(str(error), index) from None
    if len(compiled) == 1:
        search = compiled[0].search
        return lambda value: search(value) is not None

    def match(value: bytes) -> bool:
        for expression in compiled:
            if expression.search(value) is not None:
                return True
        return False

    return match


FORMS: Dict[str, Callable[[Patterns], Match]] = {
    "": exact,
    "_beg": beginning,
    "_end": ending,
    "_sub": containing,
    "_dir": directories,
    "_dom": domains,
    "_reg": expressions,
}
"""
Suffix of a criterion's name to the way it compares.
"""
