# -*- test-case-name: lbproxy.test.config.test_backtracking -*-
"""
Regular expressions on which C{re} may take time out of all proportion to the text. The program waits for a match, so one
hostile header line could stop everybody: such an expression is warned of when it is read.

The expression becomes an automaton of positions (Glushkov's): one state for each character or class that is written, an edge
where one may follow another, counted as often as there are ways to go it. It is exponential when a state has two ways
back to itself that read the same text (Weber and Seidl, "On the degree of ambiguity of finite automata", 1991).
"""

import warnings
from typing import Any, Dict, Iterator, List, Optional, Sequence, Set, Tuple

from lbproxy.config.regex import translate

with warnings.catch_warnings():
    warnings.simplefilter("ignore", DeprecationWarning)
    try:
        from re import _constants as sreConstants  # type: ignore[attr-defined]
        from re import _parser as sreParser  # type: ignore[attr-defined]
    except ImportError:
        import sre_constants as sreConstants
        import sre_parse as sreParser

EXPONENTIAL = "a repetition inside a repetition can match one text in many ways; the time grows exponentially with its length"
QUADRATIC = "two repetitions side by side can match the same text; the time grows with the square of its length"

_ALL = (1 << 256) - 1
_WORD = b"abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789_"
_SPACE = b" \t\n\r\f\v"
_MOST_POSITIONS, _MOST_STEPS = 400, 300000
_LOOP_COPIES, _FIXED_COPIES = 10, 3
_UNCERTAIN = (sreConstants.GROUPREF, sreConstants.GROUPREF_EXISTS)
_REPEATS = (sreConstants.MAX_REPEAT, sreConstants.MIN_REPEAT)

Ways = Dict[int, int]


class _TooLarge(Exception):
    """
    The automaton would be too large to be looked at.
    """


class _Part:
    """
    What a piece of the expression adds to the automaton.

    @ivar empty: ways to match nothing, 2 for more.
    @ivar first: position to the ways to begin with it.
    @ivar last: position to the ways to end with it.
    """

    __slots__ = ("empty", "first", "last")

    def __init__(self, empty: int = 1, first: Optional[Ways] = None, last: Optional[Ways] = None) -> None:
        self.empty = empty
        self.first = first or {}
        self.last = last or {}


def catastrophic(pattern: bytes, ignoreCase: bool = False) -> Optional[str]:
    """
    Tell why an expression is prone to catastrophic backtracking.

    @param pattern: a POSIX extended regular expression, as L{compileRegex<lbproxy.config.regex.compileRegex>} takes it.
    @param ignoreCase: ASCII letters match in either case.
    @return: L{EXPONENTIAL}, L{QUADRATIC}, or C{None} when nothing is known against it; a malformed expression gives C{None}.
    """
    try:
        tree = sreParser.parse(translate(pattern))
        automaton = _Automaton(ignoreCase)
        whole = automaton.sequence(tree)
    except (ValueError, OverflowError, RecursionError, sreConstants.error, _TooLarge):
        return None
    loops = automaton.loops()
    try:
        if any(automaton.isAmbiguous(loop) for loop in loops):
            return EXPONENTIAL
    except _TooLarge:
        return None
    items = list(tree)
    anchored = bool(items) and items[-1] == (sreConstants.AT, sreConstants.AT_END_STRING)
    if automaton.hasTwins(loops, whole, anchored):
        return QUADRATIC
    return None


class _Automaton:
    """
    @ivar classes: for each position, the bytes it matches: one bit each.
    @ivar edges: for each position, those that may follow and in how many ways, 2 for more.
    """

    def __init__(self, ignoreCase: bool) -> None:
        self.classes: List[int] = []
        self.edges: List[Ways] = []
        self._ignoreCase = ignoreCase
        self._steps = 0

    def sequence(self, items: Sequence[Tuple[Any, Any]]) -> _Part:
        """
        Add pieces one after the other.
        """
        part = _Part()
        for op, argument in items:
            part = self._join(part, self._piece(op, argument))
        return part

    def _join(self, left: _Part, right: _Part) -> _Part:
        self._connect(left.last, right.first)
        return _Part(
            min(2, left.empty * right.empty),
            _merged(left.first, right.first, left.empty),
            _merged(right.last, left.last, right.empty),
        )

    def _connect(self, last: Ways, first: Ways) -> None:
        for source, ways in last.items():
            edges = self.edges[source]
            for target, others in first.items():
                edges[target] = min(2, edges.get(target, 0) + ways * others)

    def _piece(self, op: Any, argument: Any) -> _Part:
        if op in _REPEATS:
            return self._repeat(argument[0], argument[1], argument[2])
        if op is sreConstants.SUBPATTERN:
            return self.sequence(argument[-1])
        if op is sreConstants.BRANCH:
            return self._branch(argument[1])
        if op in (sreConstants.AT, sreConstants.ASSERT, sreConstants.ASSERT_NOT) or op in _UNCERTAIN:
            return _Part()
        return self._position(_bytesOf(op, argument))

    def _position(self, matched: int) -> _Part:
        if len(self.classes) == _MOST_POSITIONS:
            raise _TooLarge()
        if self._ignoreCase:
            matched = _eitherCase(matched)
        position = len(self.classes)
        self.classes.append(matched)
        self.edges.append({})
        return _Part(0, {position: 1}, {position: 1})

    def _branch(self, branches: Sequence[Any]) -> _Part:
        part = _Part(0)
        for branch in branches:
            other = self.sequence(branch)
            part = _Part(
                min(2, part.empty + other.empty),
                _merged(part.first, other.first, 1),
                _merged(part.last, other.last, 1),
            )
        return part

    def _repeat(self, least: int, most: int, body: Any) -> _Part:
        part = _Part()
        if least == most:
            for _ in range(min(least, _FIXED_COPIES)):
                part = self._join(part, self.sequence(body))
            return part
        for _ in range(min(least, _FIXED_COPIES) - 1):
            part = self._join(part, self.sequence(body))
        if most > _LOOP_COPIES:
            return self._join(part, self._loop(body, least == 0))
        if least:
            part = self._join(part, self.sequence(body))
        tail = _Part()
        for _ in range(most - least):
            tail = self._join(self.sequence(body), tail)
            tail.empty = min(2, tail.empty + 1)
        return self._join(part, tail)

    def _loop(self, body: Any, mayBeAbsent: bool) -> _Part:
        part = self.sequence(body)
        self._connect(part.last, part.first)
        return _Part(1 if mayBeAbsent else min(1, part.empty), part.first, part.last)

    def loops(self) -> List[Set[int]]:
        """
        The sets of positions that reach each other, single ones only when they follow themselves.
        """
        count = len(self.edges)
        return [
            set(group)
            for group in _components(range(count), lambda node: self.edges[node])
            if len(group) > 1 or group[0] in self.edges[group[0]]
        ]

    def isAmbiguous(self, loop: Set[int]) -> bool:
        """
        Whether one text leads from a position of a loop back to it in two ways.
        """
        edges = {source: [target for target in self.edges[source] if target in loop] for source in loop}
        if any(self.edges[source][target] > 1 for source in loop for target in edges[source]):
            return True

        def following(pair: Tuple[int, int]) -> Iterator[Tuple[int, int]]:
            self._steps += len(edges[pair[0]]) * len(edges[pair[1]])
            if self._steps > _MOST_STEPS:
                raise _TooLarge()
            for left in edges[pair[0]]:
                for right in edges[pair[1]]:
                    if self.classes[left] & self.classes[right]:
                        yield left, right

        starts = [(position, position) for position in sorted(loop)]
        for group in _components(starts, following):
            same = [left == right for left, right in group]
            if any(same) and not all(same):
                return True
        return False

    def hasTwins(self, loops: List[Set[int]], whole: _Part, anchored: bool) -> bool:
        """
        Whether one repetition follows another at once, both can match the same text (more than blanks), and something
        after them may fail.
        """
        group = {position: number for number, loop in enumerate(loops) for position in loop}
        for source, targets in enumerate(self.edges):
            if source not in targets:
                continue
            for target in targets:
                if target not in self.edges[target] or group[target] == group[source]:
                    continue
                both = self.classes[source] & self.classes[target]
                if both & ~_setOf(_SPACE) and not self._succeeds((source, target), whole, anchored):
                    return True
        return False

    def _succeeds(self, positions: Sequence[int], whole: _Part, anchored: bool) -> bool:
        return any(one in whole.last and (not anchored or self.classes[one] == _ALL) for one in positions)


def _merged(one: Ways, other: Ways, times: int) -> Ways:
    result = dict(one)
    if times:
        for position, ways in other.items():
            result[position] = min(2, result.get(position, 0) + ways * times)
    return result


def _components(starts: Sequence[Any], following: Any) -> List[List[Any]]:
    """
    Strongly connected components of what can be reached (Tarjan's, without recursion).
    """
    number: Dict[Any, int] = {}
    lowest: Dict[Any, int] = {}
    stack: List[Any] = []
    waiting: Set[Any] = set()
    result: List[List[Any]] = []
    for start in starts:
        if start in number:
            continue
        work = [(start, iter(following(start)))]
        number[start] = lowest[start] = len(number)
        stack.append(start)
        waiting.add(start)
        while work:
            node, rest = work[-1]
            for other in rest:
                if other not in number:
                    number[other] = lowest[other] = len(number)
                    stack.append(other)
                    waiting.add(other)
                    work.append((other, iter(following(other))))
                    break
                if other in waiting:
                    lowest[node] = min(lowest[node], number[other])
            else:
                work.pop()
                if work:
                    lowest[work[-1][0]] = min(lowest[work[-1][0]], lowest[node])
                if lowest[node] == number[node]:
                    group = [stack.pop()]
                    while group[-1] != node:
                        group.append(stack.pop())
                    waiting.difference_update(group)
                    result.append(group)
    return result


def _setOf(matched: bytes) -> int:
    result = 0
    for byte in matched:
        result |= 1 << byte
    return result


def _bytesOf(op: Any, argument: Any) -> int:
    """
    The bytes that one character of an expression matches.
    """
    if op is sreConstants.LITERAL:
        return 1 << argument
    if op is sreConstants.NOT_LITERAL:
        return _ALL & ~(1 << argument)
    if op is sreConstants.RANGE:
        return (1 << argument[1] + 1) - (1 << argument[0])
    if op is sreConstants.CATEGORY:
        name = str(argument).upper()
        matched = _setOf(_SPACE if name.endswith("SPACE") else _WORD)
        return _ALL & ~matched if "NOT" in name else matched
    if op is sreConstants.IN:
        negated = argument[0][0] is sreConstants.NEGATE
        matched = 0
        for inner, value in argument[1:] if negated else argument:
            matched |= _bytesOf(inner, value)
        return _ALL & ~matched if negated else matched
    return _ALL


def _eitherCase(matched: int) -> int:
    for upper in range(0x41, 0x5B):
        either = 1 << upper | 1 << (upper | 0x20)
        if matched & either:
            matched |= either
    return matched
