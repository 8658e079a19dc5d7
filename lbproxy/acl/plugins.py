# -*- test-case-name: lbproxy.test.acl.test_plugins -*-
"""
Criteria and ways to compare that others have written: plugins of Twisted.
"""

import sys
from typing import Any, Callable, Iterable, Iterator, List, Set

from twisted.plugin import getPlugins
from twisted.python.modules import getModule
from zope.interface.verify import verifyObject

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
    @return: a warning for each plugin that cannot be used, e.g. because its name is taken or its module cannot be imported;
        the others are added.
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
                verifyObject(interface, plugin)
                add(plugin)
            except Exception as error:
                problems.append(_unusable("plugin " + _nameOf(plugin), str(error)))
    problems.extend(_unimportable())
    return problems


def _unimportable() -> Iterator[Problem]:
    """
    A problem for each plugin module that speaks of lbproxy and does not import: Twisted itself only logs the traceback.
    """
    for module in getModule("twisted.plugins").iterModules():
        if module.name not in sys.modules and b"lbproxy" in module.filePath.getContent():
            try:
                module.load()
            except Exception as error:
                yield _unusable(module.filePath.path, "%s: %s" % (type(error).__name__, error))


def _unusable(name: str, reason: str) -> Problem:
    return Problem(WARNING, Place(name, 1), "this plugin cannot be used: %s" % (" ".join(reason.split()),))


def _addMatcher(matcher: Any) -> None:
    registerMatcher(matcher.suffix, matcher.match)


def _nameOf(plugin: Any) -> str:
    name = getattr(plugin, "name", None) or getattr(plugin, "suffix", None)
    return str(name or "%s.%s" % (type(plugin).__module__, type(plugin).__name__))
