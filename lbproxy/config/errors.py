# -*- test-case-name: lbproxy.test.config.test_loader -*-
"""
What is wrong with a configuration, told to the operator.
"""

import difflib
from typing import Any, Iterable, List, Optional, Sequence

import attr

from lbproxy.config.model import Place

ERROR = "error"
WARNING = "warning"


@attr.s(slots=True, frozen=True, auto_attribs=True)
class Problem:
    """
    One fault or doubtful point of a configuration.

    @ivar severity: L{ERROR} or L{WARNING}.
    @ivar place: where it was written.
    @ivar text: one sentence without a final stop.
    @ivar hint: what to do about it, e.g. C{"did you mean 'balance'?"}, or C{None}.
    """

    severity: str
    place: Place
    text: str
    hint: Optional[str] = None

    def __str__(self) -> str:
        line = "%s: %s" % (self.place, self.text)
        return line if self.hint is None else "%s; %s" % (line, self.hint)


class ConfigError(Exception):
    """
    The configuration cannot be used.

    @ivar problems: every L{Problem} of the file, warnings included, in the order of the file.
    @ivar configuration: what could be made of the file nevertheless, to be checked further, or C{None}.
    """

    def __init__(self, problems: Sequence[Problem], configuration: Any = None) -> None:
        Exception.__init__(self, "\n".join(str(problem) for problem in problems))
        self.problems = tuple(problems)
        self.configuration = configuration


class Refused(Exception):
    """
    A statement cannot be accepted; raised by keyword parsers, caught by the loader, which goes on with the next
    statement (CFG-18).

    @ivar text: what is wrong.
    @ivar place: exact place, C{None} for the place of the statement.
    @ivar hint: as in L{Problem}.
    """

    def __init__(self, text: str, place: Optional[Place] = None, hint: Optional[str] = None) -> None:
        Exception.__init__(self, text)
        self.text = text
        self.place = place
        self.hint = hint


class Report:
    """
    Collects the problems of one load.

    @ivar problems: list of L{Problem}, in the order they were found.
    """

    def __init__(self) -> None:
        self.problems: List[Problem] = []

    def error(self, place: Place, text: str, hint: Optional[str] = None) -> None:
        """
        Note an error: the load will fail.
        """
        self.problems.append(Problem(ERROR, place, text, hint))

    def warning(self, place: Place, text: str, hint: Optional[str] = None) -> None:
        """
        Note a warning: the load goes on.
        """
        self.problems.append(Problem(WARNING, place, text, hint))

    def failed(self) -> bool:
        """
        Whether any error was noted.
        """
        return any(problem.severity == ERROR for problem in self.problems)

    def inOrder(self) -> List[Problem]:
        """
        The problems sorted by their place in the file; those of one place stay in the order they were found.
        """
        return sorted(self.problems, key=lambda problem: (problem.place.line, problem.place.column))


def didYouMean(word: str, known: Iterable[str]) -> Optional[str]:
    """
    A hint naming the known word closest to a mistyped one (floor plan, idea 9).

    @param word: what was written.
    @param known: the words allowed there.
    @return: the hint, or C{None} when nothing is close.
    """
    close = difflib.get_close_matches(word, sorted(set(known)), 1, 0.6)
    return "did you mean '%s'?" % close[0] if close else None
