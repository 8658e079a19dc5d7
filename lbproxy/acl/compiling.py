# -*- test-case-name: lbproxy.test.acl.test_compiling -*-
"""
Conditions become closures, once, when a proxy is built (ACL-01, ACL-10 to ACL-12, ACL-28 to ACL-30).
"""

from typing import Any, Callable, List, Optional, Tuple

from lbproxy.acl.criteria import OF_HEAD
from lbproxy.acl.errors import AclError
from lbproxy.acl.lines import Partial, partialTest, plainTest, watchedTest
from lbproxy.acl.logic import THREE_VALUED, TWO_VALUED, Closure, Logic
from lbproxy.acl.predefined import PREDEFINED
from lbproxy.acl.registry import CRITERIA, BadPattern, Criterion, Fetch, Match, Patterns, Test, names
from lbproxy.config.errors import didYouMean
from lbproxy.config.model import AclEntry, Condition, Proxy, Term

Resolve = Callable[[str], str]
Parts = Tuple[Criterion, Fetch, Optional[Match]]


def compileEntry(entry: AclEntry, proxy: Proxy, resolve: Optional[Resolve] = None) -> Parts:
    """
    Take one C{acl} line, or a test in braces, for what it means.

    @param proxy: the one it stands in.
    @param resolve: takes a host name, returns a numeric address or raises C{OSError}; C{None} to refuse names.
    @return: C{(criterion, fetch, match)}, as in L{Criterion.parts}.
    @raise AclError: an unknown criterion, a bad argument or a bad value (ACL-02).
    """
    criterion = CRITERIA.get(entry.criterion)
    label = "acl '%s': " % (entry.name,) if entry.name else ""
    if criterion is None:
        raise AclError(
            label + "unknown criterion '%s'" % (entry.criterion,), entry.place, didYouMean(entry.criterion, names())
        )
    try:
        fetch, match = criterion.parts(entry.argument, Patterns(entry.patterns, entry.ignoreCase, resolve), proxy)
    except BadPattern as error:
        place = entry.patternPlaces[error.index] if error.index < len(entry.patternPlaces) else entry.place
        raise AclError(label + "'%s': %s" % (entry.criterion, error), place) from None
    except ValueError as error:
        raise AclError(label + "'%s': %s" % (entry.criterion, error), entry.place) from None
    return criterion, fetch, match


def compile(condition: Condition, proxy: Proxy, resolve: Optional[Resolve] = None, watch: Any = None) -> Test:
    """
    Compile a condition.

    @param proxy: the one that its rule stands in: its C{acl} lines, of which only those that the condition names are
        compiled, and its name for criteria that count something of "this proxy".
    @param resolve: as for L{compileEntry}.
    @param watch: told what each evaluated test saw (L{watchedTest}); with C{None} nothing is there that could tell.
    @return: a callable that takes an exchange and tells whether the rule applies.
    @raise AclError: an unknown name, or an ACL that cannot be compiled.
    """

    def plain(term: Term, entry: AclEntry, parts: Parts) -> Test:
        return plainTest(*parts)

    def watched(term: Term, entry: AclEntry, parts: Parts) -> Test:
        return watchedTest(watch, term, entry, *parts)

    return _assemble(condition, proxy, resolve, plain if watch is None else watched, TWO_VALUED)


def compilePartial(condition: Condition, proxy: Proxy, resolve: Optional[Resolve] = None) -> Partial:
    """
    Compile a condition for content inspection, where more bytes may come (TCP-06, TCP-07).

    @param proxy, resolve: as for L{compile}.
    @return: a callable that takes an exchange and whether more may come; it gives C{True}, C{False}, or C{None} as long as
        more may come and may decide. C{unless} turns only what is decided.
    @raise AclError: as L{compile}.
    """

    def partial(term: Term, entry: AclEntry, parts: Parts) -> Partial:
        return partialTest(*parts)

    return _assemble(condition, proxy, resolve, partial, THREE_VALUED)


def _assemble(
    condition: Condition,
    proxy: Proxy,
    resolve: Optional[Resolve],
    line: Callable[[Term, AclEntry, Parts], Closure],
    logic: Logic,
) -> Closure:
    groups: List[Closure] = []
    for group in condition.groups:
        terms: List[Closure] = []
        for term in group:
            lines = [line(term, entry, parts) for entry, parts in _parts(term, proxy, resolve)]
            test = logic.some(lines)
            terms.append(logic.negate(test) if term.negated else test)
        groups.append(logic.every(terms))
    verdict = logic.some(groups)
    return logic.negate(verdict) if condition.unless else verdict


def isPure(condition: Condition, proxy: Proxy) -> bool:
    """
    Whether a condition looks at nothing but the request head, so that the same head gives the same verdict. Of plugins that is
    not known.
    """
    return all(
        entry.criterion in OF_HEAD
        for group in condition.groups for term in group for entry in definitions(term, proxy)
    )


def definitions(term: Term, proxy: Proxy) -> List[AclEntry]:
    """
    The lines that a term means: what it has in braces, else those of that name in the proxy, else the predefined one
    (ACL-12), else none.
    """
    if term.acl is not None:
        return [term.acl]
    own = [entry for entry in proxy.acls if entry.name == term.name]
    if own or term.name not in PREDEFINED:
        return own
    return [PREDEFINED[term.name]]


def unknown(term: Term, proxy: Proxy) -> AclError:
    """
    What to say about a term for which there are no L{definitions}.
    """
    known = [entry.name for entry in proxy.acls] + list(PREDEFINED)
    return AclError("there is no acl '%s'" % (term.name,), term.place, didYouMean(term.name, known))


def _parts(term: Term, proxy: Proxy, resolve: Optional[Resolve]) -> List[Tuple[AclEntry, Parts]]:
    entries = definitions(term, proxy)
    if not entries:
        raise unknown(term, proxy)
    return [(entry, compileEntry(entry, proxy, resolve)) for entry in entries]
