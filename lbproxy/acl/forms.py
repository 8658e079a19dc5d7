# -*- test-case-name: lbproxy.test.acl.test_plugins -*-
"""
Criteria on text come in families: one for each way to compare, the way being the end of the name (ACL-06).
"""

from typing import Callable, List

import attr

from lbproxy.acl.registry import CRITERIA, Criterion, Match, Patterns, register
from lbproxy.acl.strings import FORMS

_families: List[Criterion] = []


def registerForms(family: Criterion) -> None:
    """
    Add a criterion on text in all its forms, and in those that will be added.

    @param family: its name has no suffix; its C{matcher} does not count.
    @raise ValueError: a name is taken.
    """
    for suffix, matcher in FORMS.items():
        register(_form(family, suffix, matcher))
    _families.append(family)


def registerMatcher(suffix: str, matcher: Callable[[Patterns], Match]) -> None:
    """
    Add a way to compare text: a form of C{path}, C{url}, C{hdr} and C{shdr}.

    @param suffix: as in C{"_glob"}.
    @param matcher: takes L{Patterns}, returns a L{Match} for bytes; raises L{BadPattern}.
    @raise ValueError: the suffix, or the name of a criterion made with it, is taken; nothing is added then.
    """
    taken = [family.name + suffix for family in _families if family.name + suffix in CRITERIA]
    if suffix in FORMS or taken:
        raise ValueError("the form '%s' exists already" % (suffix,))
    FORMS[suffix] = matcher
    for family in _families:
        register(_form(family, suffix, matcher))


def _form(family: Criterion, suffix: str, matcher: Callable[[Patterns], Match]) -> Criterion:
    return attr.evolve(family, name=family.name + suffix, matcher=matcher)
