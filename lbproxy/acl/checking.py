# -*- test-case-name: lbproxy.test.acl.test_check -*-
"""
Verifying every ACL and condition of a configuration before anything starts (ACL-02, ACL-12, ACL-26).
"""

from typing import FrozenSet, Iterator, List, Optional, Set, Tuple

import attr

from lbproxy.acl.compiling import Resolve, compileEntry, definitions, unknown
from lbproxy.acl.errors import AclError
from lbproxy.acl.predefined import PREDEFINED
from lbproxy.acl.registry import (
    CRITERIA,
    LAYER_ADDRESS,
    LAYER_CONTENTS,
    LAYER_INTERNAL,
    LAYER_REQUEST,
    LAYER_RESPONSE,
)
from lbproxy.config.backtracking import catastrophic
from lbproxy.config.errors import WARNING, Problem
from lbproxy.config.model import AclEntry, Condition, Configuration, Place, Proxy

CONTENTS_CONTEXT: FrozenSet[str] = frozenset((LAYER_INTERNAL, LAYER_ADDRESS, LAYER_CONTENTS))
"""
What is there for content inspection.
"""

REQUEST_CONTEXT: FrozenSet[str] = CONTENTS_CONTEXT | {LAYER_REQUEST}
"""
What is there for rules on requests.
"""

_REQUIREMENTS = {LAYER_REQUEST: "layer 7", LAYER_RESPONSE: "response-only"}


def check(configuration: Configuration, resolve: Optional[Resolve] = None) -> List[Problem]:
    """
    Find what is wrong with the ACLs and conditions of a configuration.

    @param resolve: takes a host name, returns a numeric address or raises C{OSError}; C{None} to refuse names.
    @return: list of L{Problem}, in the order of the proxies: unknown criteria and names, bad values; and warnings.
    """
    problems: List[Problem] = []
    for proxy in configuration.proxies:
        label = "%s '%s': " % (proxy.kind, proxy.name)
        for problem in _checkProxy(proxy, resolve):
            problems.append(attr.evolve(problem, text=label + problem.text))
    return problems


def _checkProxy(proxy: Proxy, resolve: Optional[Resolve]) -> Iterator[Problem]:
    for entry in proxy.acls:
        for problem in checkEntry(entry, proxy, resolve):
            yield problem
    seen: Set[str] = set()
    for keyword, condition in conditions(proxy):
        for problem in checkCondition(keyword, condition, REQUEST_CONTEXT, proxy, resolve, seen):
            yield problem


def conditions(proxy: Proxy) -> Iterator[Tuple[str, Condition]]:
    """
    @return: C{(keyword, condition)} of all rules on requests.
    """
    for condition in proxy.monitorFail:
        yield "monitor fail", condition
    for redirect in proxy.redirectRules:
        yield "redirect", redirect.condition
    for block in proxy.blockRules:
        yield "block", block.condition
    for switch in proxy.switchRules:
        yield "use_backend", switch.condition


def checkEntry(entry: AclEntry, proxy: Proxy, resolve: Optional[Resolve]) -> Iterator[Problem]:
    """
    Find what is wrong with one C{acl} line, or with a test in braces.
    """
    try:
        compileEntry(entry, proxy, resolve)
    except AclError as error:
        yield error.problem
        return
    if entry.place is None:
        return
    label = "acl '%s': " % (entry.name,) if entry.name else ""
    if not entry.patterns and getattr(CRITERIA[entry.criterion], "matcher", None) is not None:
        yield Problem(
            WARNING, entry.place, label + "'%s' has no value to compare with and never holds" % (entry.criterion,)
        )
    if entry.criterion.endswith("_reg"):
        for pattern, place in zip(entry.patterns, entry.patternPlaces):
            reason = catastrophic(pattern, entry.ignoreCase)
            if reason is not None:
                text = pattern.decode("utf-8", "replace")
                yield Problem(WARNING, place, label + "'%s' may take very long: %s" % (text, reason))


def checkCondition(
    keyword: str,
    condition: Condition,
    context: FrozenSet[str],
    proxy: Proxy,
    resolve: Optional[Resolve],
    seen: Set[str],
) -> Iterator[Problem]:
    """
    Find what is wrong with one condition.

    @param keyword: of its rule.
    @param context: the layers that are there when it is evaluated.
    @param seen: predefined names that were looked at before.
    """
    mismatch: Optional[Problem] = None
    for group in condition.groups:
        for term in group:
            place = term.place or condition.place or proxy.place or Place("", 1)
            entries = definitions(term, proxy)
            if not entries:
                yield attr.evolve(unknown(term, proxy).problem, place=place)
                continue
            if term.acl is not None:
                for problem in checkEntry(term.acl, proxy, resolve):
                    yield problem
            elif entries[0] is PREDEFINED.get(term.name) and term.name not in seen:
                seen.add(term.name)
                try:
                    compileEntry(entries[0], proxy)
                except AclError as error:
                    yield attr.evolve(error.problem, place=place)
            if mismatch is None:
                mismatch = _mismatch(keyword, term.name, entries, context, condition.place or place)
    if mismatch is not None:
        yield mismatch


def _mismatch(
    keyword: str, name: str, entries: List[AclEntry], context: FrozenSet[str], place: Place
) -> Optional[Problem]:
    for entry in entries:
        criterion = CRITERIA.get(entry.criterion)
        if criterion is not None and criterion.layer not in context:
            need = _REQUIREMENTS.get(criterion.layer, "layer " + criterion.layer)
            who = "acl '%s'" % (name,) if name else "a test"
            return Problem(
                WARNING,
                place,
                "'%s': %s uses '%s', which is %s and never holds here" % (keyword, who, entry.criterion, need),
            )
    return None
