# -*- test-case-name: lbproxy.test.acl.test_compiling -*-
"""
Conditions become closures, once, when a proxy is built (ACL-01, ACL-10 to ACL-12, ACL-29, ACL-30).
"""

from typing import Any, Callable, Dict, List, Optional, Sequence

import lbproxy.acl.criteria  # noqa: F401  (registers the criteria)
from lbproxy.acl.errors import AclError
from lbproxy.acl.predefined import PREDEFINED
from lbproxy.acl.registry import CRITERIA, NOT_YET, BadPattern, Patterns, Test, names
from lbproxy.config.errors import didYouMean
from lbproxy.config.model import AclEntry, Condition, Term

Resolve = Callable[[str], str]


def compileEntry(entry: AclEntry, resolve: Optional[Resolve] = None) -> Test:
    """
    Compile one C{acl} line.

    @param resolve: takes a host name, returns a numeric address or raises C{OSError}; C{None} to refuse names.
    @raise AclError: an unknown criterion, a bad argument or a bad value (ACL-02).
    """
    criterion = CRITERIA.get(entry.criterion)
    label = "acl '%s': " % (entry.name,)
    if criterion is None and entry.criterion in NOT_YET:
        raise AclError(label + "criterion '%s' is not supported yet" % (entry.criterion,), entry.place)
    if criterion is None:
        raise AclError(
            label + "unknown criterion '%s'" % (entry.criterion,), entry.place, didYouMean(entry.criterion, names())
        )
    try:
        return criterion.build(entry.argument, Patterns(entry.patterns, entry.ignoreCase, resolve))
    except BadPattern as error:
        place = entry.patternPlaces[error.index] if error.index < len(entry.patternPlaces) else entry.place
        raise AclError(label + "'%s': %s" % (entry.criterion, error), place) from None
    except ValueError as error:
        raise AclError(label + "'%s': %s" % (entry.criterion, error), entry.place) from None


def compile(condition: Condition, proxyAcls: Sequence[AclEntry], resolve: Optional[Resolve] = None) -> Test:
    """
    Compile a condition.

    @param proxyAcls: the C{acl} lines of the proxy; only those that the condition names are compiled.
    @param resolve: as for L{compileEntry}.
    @return: a callable that takes an exchange, with attributes C{request} and C{sourceHost}, and tells whether the
        rule applies.
    @raise AclError: an unknown name, or an ACL that cannot be compiled.
    """
    tests: Dict[str, Test] = {}
    groups: List[Test] = []
    for group in condition.groups:
        terms: List[Test] = []
        for term in group:
            if term.name not in tests:
                tests[term.name] = _named(term, proxyAcls, resolve)
            test = tests[term.name]
            terms.append(_not(test) if term.negated else test)
        groups.append(_all(terms))
    verdict = _any(groups)
    return _not(verdict) if condition.unless else verdict


def definitions(name: str, proxyAcls: Sequence[AclEntry]) -> List[AclEntry]:
    """
    The lines that define a name in a proxy: its own, else the predefined one (ACL-12), else none.
    """
    own = [entry for entry in proxyAcls if entry.name == name]
    if own or name not in PREDEFINED:
        return own
    return [PREDEFINED[name]]


def _named(term: Term, proxyAcls: Sequence[AclEntry], resolve: Optional[Resolve]) -> Test:
    entries = definitions(term.name, proxyAcls)
    if not entries:
        known = [entry.name for entry in proxyAcls] + list(PREDEFINED)
        raise AclError("there is no acl '%s'" % (term.name,), term.place, didYouMean(term.name, known))
    try:
        return _any([compileEntry(entry, resolve) for entry in entries])
    except AclError as error:
        if error.problem.place is not None and entries[0].place is None:
            raise AclError(error.problem.text, term.place, error.problem.hint) from None
        raise


def _not(test: Test) -> Test:
    return lambda exchange: not test(exchange)


def _all(tests: List[Test]) -> Test:
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


def _any(tests: List[Test]) -> Test:
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
