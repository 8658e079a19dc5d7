# -*- test-case-name: lbproxy.test.acl.test_logic -*-
"""
NOT, AND and OR over closures, with two truth values or three (ACL-10, ACL-11, reference 4).

Both stop at the first false term of a group and at the first true group. With three values an undecided one does not stop
the search: a later term may still decide.
"""

from typing import Any, Callable, List, Optional

import attr

Closure = Callable[..., Any]


@attr.s(slots=True, frozen=True, auto_attribs=True)
class Logic:
    """
    One way to combine tests.

    @ivar negate: takes a test.
    @ivar every: takes a list of tests: AND.
    @ivar some: takes a list of tests: OR.
    """

    negate: Callable[[Closure], Closure]
    every: Callable[[List[Closure]], Closure]
    some: Callable[[List[Closure]], Closure]


def _not(test: Closure) -> Closure:
    return lambda exchange: not test(exchange)


def _all(tests: List[Closure]) -> Closure:
    if len(tests) == 1:
        return tests[0]
    if len(tests) == 2:
        first, second = tests
        return lambda exchange: first(exchange) and second(exchange)

    def every(exchange: Any) -> bool:
        for test in tests:
            if not test(exchange):
                return False
        return True

    return every


def _any(tests: List[Closure]) -> Closure:
    if len(tests) == 1:
        return tests[0]
    if len(tests) == 2:
        first, second = tests
        return lambda exchange: first(exchange) or second(exchange)

    def some(exchange: Any) -> bool:
        for test in tests:
            if test(exchange):
                return True
        return False

    return some


def _notPartial(test: Closure) -> Closure:
    def negated(exchange: Any, partial: bool) -> Optional[bool]:
        verdict = test(exchange, partial)
        return None if verdict is None else not verdict

    return negated


def _allPartial(tests: List[Closure]) -> Closure:
    def every(exchange: Any, partial: bool) -> Optional[bool]:
        found: Optional[bool] = True
        for test in tests:
            verdict = test(exchange, partial)
            if verdict is None:
                found = None
            elif not verdict:
                return False
        return found

    return tests[0] if len(tests) == 1 else every


def _anyPartial(tests: List[Closure]) -> Closure:
    def some(exchange: Any, partial: bool) -> Optional[bool]:
        found: Optional[bool] = False
        for test in tests:
            verdict = test(exchange, partial)
            if verdict is None:
                found = None
            elif verdict:
                return True
        return found

    return tests[0] if len(tests) == 1 else some


TWO_VALUED = Logic(_not, _all, _any)
"""
Over callables C{(exchange)} that give true or false.
"""

THREE_VALUED = Logic(_notPartial, _allPartial, _anyPartial)
"""
Over callables C{(exchange, partial)} that give C{True}, C{False} or C{None} for undecided.
"""
