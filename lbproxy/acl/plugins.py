# -*- test-case-name: lbproxy.test.acl.test_plugins -*-
"""
Criteria and ways to compare that others have written: plugins of Twisted.
"""

from typing import Any, Callable, Iterable, List, Set

from twisted.plugin import getPlugins

from lbproxy.acl.forms import registerMatcher
from lbproxy.acl.registry import register
from lbproxy.config.errors import WARNING, Problem
from lbproxy.config.model import Place
from lbproxy.interfaces import ICriterion, IMatcher

_known: Set[int] = set()
_kept: List[Any] = []


def loadPlugins(find: Callable[[Any], Iterable[Any]] = getPlugins) -> List[Problem]:
    """
    Add the criteria and matchers of all plugins that were not added before.

    @param find: takes an interface, returns its providers.
    @return: a warning for each plugin that cannot be used, e.g. because its name is taken; the others are added.
    """
    problems: List[Problem] = []
    for interface, add in ((ICriterion, register), (IMatcher, _addMatcher)):
        for plugin in find(interface):
            if id(plugin) in _known:
                continue
            _known.add(id(plugin))
            # Kept, so that its identity is not given to another one.
            _kept.append(plugin)
            try:
                add(plugin)
            except Exception as error:
                problems.append(Problem(WARNING, Place(_nameOf(plugin), 1), "this plugin cannot be used: %s" % (error,)))
    return problems


def _addMatcher(matcher: Any) -> None:
    registerMatcher(matcher.suffix, matcher.match)


def _nameOf(plugin: Any) -> str:
    name = getattr(plugin, "name", None) or getattr(plugin, "suffix", None)
    return "plugin %s" % (name or "%s.%s" % (type(plugin).__module__, type(plugin).__name__),)
