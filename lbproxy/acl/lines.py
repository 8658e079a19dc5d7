# -*- test-case-name: lbproxy.test.acl.test_compiling -*-
"""
One ACL line as a closure: plain, watched (DESIGN 10), or undecided as long as its bytes may change (ACL-28).
"""

from typing import Any, Callable, List, Optional

from lbproxy.acl.registry import Criterion, Fetch, Match, Test
from lbproxy.config.model import AclEntry, Term

Partial = Callable[[Any, bool], Optional[bool]]
"""
Takes an exchange and whether more bytes may come; tells whether a criterion holds, C{None} for undecided.
"""


def plainTest(criterion: Criterion, fetch: Fetch, match: Optional[Match]) -> Test:
    """
    @param fetch, match: of L{Criterion.parts}.
    @return: the test, with nothing in it that is not needed.
    """
    if match is None:
        return fetch
    return _matchAny(fetch, match) if criterion.several else _matchOne(fetch, match)


def _matchOne(fetch: Fetch, match: Match) -> Test:
    def test(exchange: Any) -> bool:
        value = fetch(exchange)
        return value is not None and match(value)

    return test


def _matchAny(fetch: Fetch, match: Match) -> Test:
    def test(exchange: Any) -> bool:
        for value in fetch(exchange):
            if match(value):
                return True
        return False

    return test


def partialTest(criterion: Criterion, fetch: Fetch, match: Optional[Match]) -> Partial:
    """
    @param fetch, match: of L{Criterion.parts}.
    @return: the test in three-valued logic.
    """
    plain = plainTest(criterion, fetch, match)
    mayChange = criterion.mayChange
    if mayChange is None:
        return lambda exchange, partial: bool(plain(exchange))
    changes = mayChange

    def test(exchange: Any, partial: bool) -> Optional[bool]:
        verdict = bool(plain(exchange))
        return None if partial and changes(exchange, verdict) else verdict

    return test


def watchedTest(watch: Any, term: Term, entry: AclEntry, criterion: Criterion, fetch: Fetch, match: Optional[Match]) -> Test:
    """
    @param watch: its C{tested(term, criterion, value, verdict)} is called for each evaluation, with the L{Term}, the criterion
        as written (C{"hdr(host)"}), what was fetched (a list for several, C{None} for nothing) and a bool, which is that
        of this line, before any negation.
    @return: the test.
    """
    written = entry.criterion if entry.argument is None else "%s(%s)" % (entry.criterion, entry.argument)
    tested = watch.tested
    show = criterion.shown or _asItIs

    def test(exchange: Any) -> bool:
        value = fetch(exchange)
        if match is None:
            verdict = bool(value)
        elif criterion.several:
            values: List[Any] = list(value)
            verdict = any(match(one) for one in values)
            value = [show(one) for one in values]
        elif value is None:
            verdict = False
        else:
            verdict = match(value)
            value = show(value)
        tested(term, written, value, verdict)
        return verdict

    return test


def _asItIs(value: Any) -> Any:
    return value
