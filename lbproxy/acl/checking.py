# -*- test-case-name: lbproxy.test.acl.test_check -*-
"""
Verifying every ACL and condition of a configuration before anything starts (ACL-02, ACL-12).
"""

from typing import Iterator, List, Optional, Sequence, Set

import attr

from lbproxy.acl.compiling import Resolve, compileEntry, definitions
from lbproxy.acl.errors import AclError
from lbproxy.acl.predefined import PREDEFINED
from lbproxy.acl.registry import CRITERIA
from lbproxy.config.errors import ERROR, WARNING, Problem, didYouMean
from lbproxy.config.model import AclEntry, Condition, Configuration, Place, Proxy


def check(configuration: Configuration, resolve: Optional[Resolve] = None) -> List[Problem]:
    """
    Find what is wrong with the ACLs and conditions of a configuration.

    @param resolve: takes a host name, returns a numeric address or raises C{OSError}; C{None} to refuse names.
    @return: list of L{Problem}, in the order of the proxies: unknown criteria and names, bad values; and warnings.
    """
    problems: List[Problem] = []
    for proxy in configuration.proxies:
        problems.extend(_checkProxy(proxy, resolve))
    return problems


def _checkProxy(proxy: Proxy, resolve: Optional[Resolve]) -> Iterator[Problem]:
    label = "%s '%s': " % (proxy.kind, proxy.name)
    for entry in proxy.acls:
        for problem in _checkEntry(entry, resolve):
            yield attr.evolve(problem, text=label + problem.text)
    checked: Set[str] = set()
    for condition in _conditions(proxy):
        for problem in _checkCondition(condition, proxy.acls, checked, proxy.place):
            yield attr.evolve(problem, text=label + problem.text)


def _conditions(proxy: Proxy) -> Iterator[Condition]:
    for rule in proxy.switchRules:
        yield rule.condition


def _checkEntry(entry: AclEntry, resolve: Optional[Resolve]) -> Iterator[Problem]:
    try:
        compileEntry(entry, resolve)
    except AclError as error:
        yield error.problem
        return
    if not entry.patterns and CRITERIA[entry.criterion].matcher is not None and entry.place is not None:
        text = "acl '%s': '%s' has no value to compare with and never holds" % (entry.name, entry.criterion)
        yield Problem(WARNING, entry.place, text)


def _checkCondition(
    condition: Condition, acls: Sequence[AclEntry], checked: Set[str], fallback: Optional[Place]
) -> Iterator[Problem]:
    for group in condition.groups:
        for term in group:
            place = term.place or condition.place or fallback or Place("", 1)
            entries = definitions(term.name, acls)
            if not entries:
                known = [entry.name for entry in acls] + list(PREDEFINED)
                yield Problem(ERROR, place, "there is no acl '%s'" % (term.name,), didYouMean(term.name, known))
            elif entries[0] is PREDEFINED.get(term.name) and term.name not in checked:
                checked.add(term.name)
                try:
                    compileEntry(entries[0])
                except AclError as error:
                    yield attr.evolve(error.problem, place=place)
