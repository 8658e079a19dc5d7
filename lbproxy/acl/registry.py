# -*- test-case-name: lbproxy.test.acl.test_compiling -*-
"""
The criteria that ACLs may use; plugins add theirs (L{lbproxy.acl.plugins}).
"""

from typing import Any, Callable, Dict, List, Optional, Sequence, Tuple

import attr
from twisted.plugin import IPlugin
from zope.interface import implementer

from lbproxy.config.model import Proxy
from lbproxy.interfaces import ICriterion

Fetch = Callable[[Any], Any]
"""
Takes an exchange, returns a value to match, C{None} without one.

An exchange has C{request} and C{response} (heads, or C{None}), C{sourceHost} and C{sourcePort} of the client, C{destination}
(C{(host, port)} it connected to), C{contents} (bytes of the client that are held back or were just parsed), C{contentsLimit}
(how many they can be; 16384 for an exchange without it), C{now()} (monotonic seconds), C{backendNamed(name)} and
C{frontendNamed(name)} (what runs under that name, or C{None}).
"""

Match = Callable[[Any], bool]

Test = Callable[[Any], bool]
"""
Takes an exchange, tells whether a criterion holds.
"""

LAYER_INTERNAL = "0"
LAYER_ADDRESS = "4"
LAYER_CONTENTS = "4c"
LAYER_REQUEST = "7q"
LAYER_RESPONSE = "7r"

LAYERS = (LAYER_INTERNAL, LAYER_ADDRESS, LAYER_CONTENTS, LAYER_REQUEST, LAYER_RESPONSE)
"""
What a criterion needs: nothing but the state of the balancer, addresses, bytes, a request head, a response head
(reference 4).
"""


@attr.s(slots=True, frozen=True, auto_attribs=True)
class Patterns:
    """
    The values an ACL line compares with.

    @ivar values: as written, operators included.
    @ivar ignoreCase: C{-i} was given.
    @ivar resolve: takes a host name, returns a numeric address or raises C{OSError}; C{None} to refuse names.
    """

    values: Sequence[bytes]
    ignoreCase: bool = False
    resolve: Optional[Callable[[str], str]] = None


class BadPattern(ValueError):
    """
    A value cannot be used with its criterion.

    @ivar index: its position in L{Patterns.values}.
    """

    def __init__(self, text: str, index: int) -> None:
        ValueError.__init__(self, text)
        self.index = index


class OwnProxy(str):
    """
    Name of the proxy that a rule stands in, in place of an argument that was not written.

    @ivar hasRole: whether that proxy is what the criterion counts, a frontend or a backend.
    """

    hasRole: bool

    def __new__(cls, name: str, hasRole: bool) -> "OwnProxy":
        """
        @param name: as in the configuration.
        """
        made = str.__new__(cls, name)
        made.hasRole = hasRole
        return made


@implementer(IPlugin, ICriterion)
@attr.s(slots=True, frozen=True, auto_attribs=True)
class Criterion:
    """
    One criterion. An instance in a module of C{twisted.plugins} is a plugin.

    @ivar name: as in C{path_beg}.
    @ivar layer: what it needs to be decided: one of L{LAYERS}.
    @ivar fetch: takes the text between parentheses, or C{None}, and returns a L{Fetch}; raises C{ValueError} for an
        argument it does not take.
    @ivar matcher: takes L{Patterns}, returns a L{Match}; raises L{BadPattern}. C{None} when the fetched value is the
        verdict itself and values are ignored (ACL-19).
    @ivar several: the fetch returns an iterable of values of which one must match.
    @ivar help: one line, for people.
    @ivar role: C{"frontend"} or C{"backend"} when the argument names a proxy; without one C{fetch} is given an L{OwnProxy}.
    @ivar mayChange: takes an exchange and the verdict so far; tells whether more bytes of the client may change it. Only
        asked as long as more may come (ACL-28). C{None} for never.
    @ivar shown: takes a fetched value, returns what to show to people; C{None} to show it as it is.
    """

    name: str
    layer: str
    fetch: Callable[[Optional[str]], Fetch]
    matcher: Optional[Callable[[Patterns], Match]] = None
    several: bool = False
    help: str = ""
    role: Optional[str] = None
    mayChange: Optional[Callable[[Any, bool], bool]] = None
    shown: Optional[Callable[[Any], Any]] = None

    def parts(self, argument: Optional[str], patterns: Patterns, proxy: Proxy) -> Tuple[Fetch, Optional[Match]]:
        """
        What the test of one ACL line is made of.

        @param proxy: the one that the line or its condition stands in.
        @return: C{(fetch, match)}; C{match} is C{None} when the fetched value is the verdict.
        @raise ValueError: a bad argument.
        @raise BadPattern: a bad value.
        """
        if argument is None and self.role is not None:
            argument = OwnProxy(proxy.name, proxy.isFrontend if self.role == "frontend" else proxy.isBackend)
        fetch = self.fetch(argument)
        return fetch, None if self.matcher is None else self.matcher(patterns)


CRITERIA: Dict[str, Criterion] = {}
"""
Name to L{Criterion}.
"""


def register(criterion: Criterion) -> None:
    """
    Add a criterion.

    @raise ValueError: its name is taken.
    """
    if criterion.name in CRITERIA:
        raise ValueError("criterion '%s' exists already" % (criterion.name,))
    CRITERIA[criterion.name] = criterion


def names() -> List[str]:
    """
    Every criterion, for hints.
    """
    return sorted(CRITERIA)
