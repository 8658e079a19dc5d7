# -*- test-case-name: lbproxy.test.acl.test_compiling -*-
"""
The criteria that ACLs may use; plugins add theirs with L{register}.
"""

from typing import Any, Callable, Dict, List, Optional, Sequence

import attr

Fetch = Callable[[Any], Any]
"""
Takes an exchange, returns a value to match, C{None} without one. An exchange has C{request} (a request head, or
C{None} when there is none) and C{sourceHost} (text of the client's address).
"""

Match = Callable[[Any], bool]

Test = Callable[[Any], bool]
"""
Takes an exchange, tells whether a criterion holds.
"""

LAYER_INTERNAL = 0
LAYER_ADDRESS = 4
LAYER_REQUEST = 7


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


@attr.s(slots=True, frozen=True, auto_attribs=True)
class Criterion:
    """
    One criterion.

    @ivar name: as in C{path_beg}.
    @ivar layer: what it needs to be decided: one of the C{LAYER_} constants (reference 4).
    @ivar fetch: takes the text between parentheses, or C{None}, and returns a L{Fetch}; raises C{ValueError} for an
        argument it does not take.
    @ivar matcher: takes L{Patterns}, returns a L{Match}; raises L{BadPattern}. C{None} when the fetched value is the
        verdict itself and values are ignored (ACL-19).
    @ivar several: the fetch returns an iterable of values of which one must match.
    @ivar help: one line, for people.
    """

    name: str
    layer: int
    fetch: Callable[[Optional[str]], Fetch]
    matcher: Optional[Callable[[Patterns], Match]] = None
    several: bool = False
    help: str = ""

    def build(self, argument: Optional[str], patterns: Patterns) -> Test:
        """
        The test of one ACL line, compiled once.

        @raise ValueError: a bad argument.
        @raise BadPattern: a bad value.
        """
        fetch = self.fetch(argument)
        if self.matcher is None:
            return fetch
        match = self.matcher(patterns)
        return _matchAny(fetch, match) if self.several else _matchOne(fetch, match)


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


CRITERIA: Dict[str, Criterion] = {}
"""
Name to L{Criterion}.
"""

NOT_YET = frozenset(
    "wait_end dst src_port dst_port dst_conn nbsrv connslots fe_sess_rate be_sess_rate req_len req_ssl_ver status "
    "resp_ver shdr shdr_beg shdr_end shdr_sub shdr_dir shdr_dom shdr_reg shdr_cnt shdr_val".split()
)
"""
Criteria of the classic language that are not supported yet.
"""


def register(criterion: Criterion) -> None:
    """
    Add a criterion.

    @raise ValueError: its name is taken.
    """
    if criterion.name in CRITERIA:
        raise ValueError("criterion '%s' is already registered" % (criterion.name,))
    CRITERIA[criterion.name] = criterion


def names() -> List[str]:
    """
    Every criterion, the unsupported ones included, for hints.
    """
    return sorted(set(CRITERIA) | NOT_YET)
