# -*- test-case-name: lbproxy.test.config.test_loader -*-
"""
A section while it is being read.
"""

from typing import TYPE_CHECKING, Any, Dict, List, Optional, Sequence, Set

import attr

from lbproxy.config.addresses import Resolve
from lbproxy.config.environment import Environment
from lbproxy.config.errors import Refused, Report
from lbproxy.config.model import Place
from lbproxy.config.words import Word

if TYPE_CHECKING:
    from lbproxy.config.registry import Registry


@attr.s(slots=True, auto_attribs=True)
class World:
    """
    What keyword parsers may use besides the words.

    @ivar resolve: takes a host name, returns a numeric address or raises C{OSError}.
    @ivar registry: the keywords of this load.
    """

    resolve: Resolve
    environment: Environment
    report: Report
    registry: "Registry"


class Draft:
    """
    What a section says so far.

    @ivar kind: C{"global"}, C{"defaults"}, C{"frontend"}, C{"backend"}, C{"listen"} or C{"server"}.
    @ivar name: its name, empty without one.
    @ivar place: where it was opened.
    @ivar values: field name to value; fields of the model, or names of plugins.
    @ivar places: field name to the place that set it last.
    @ivar own: the fields set in the section itself, not inherited.
    @ivar written: keyword name to the place of its first use in the section.
    """

    def __init__(self, kind: str, name: str, place: Place) -> None:
        self.kind = kind
        self.name = name
        self.place = place
        self.values: Dict[str, Any] = {}
        self.places: Dict[str, Place] = {}
        self.own: Set[str] = set()
        self.written: Dict[str, Place] = {}

    @property
    def label(self) -> str:
        """
        The section as messages name it, e.g. C{"backend 'app'"}.
        """
        return "%s '%s'" % (self.kind, self.name) if self.name else "'%s' section" % (self.kind,)

    def has(self, capability: str) -> bool:
        """
        Whether the section is a frontend, or a backend.

        @param capability: C{"frontend"} or C{"backend"}.
        """
        return self.kind == capability or self.kind == "listen"

    def set(self, field: str, value: Any, place: Place) -> None:
        """
        Give a field its value; a later one wins.
        """
        self.values[field] = value
        self.places[field] = place
        self.own.add(field)

    def append(self, field: str, value: Any, place: Place) -> None:
        """
        Add a value to a list field that is not inherited.
        """
        self.values[field] = self.values.get(field, ()) + (value,)
        self.places.setdefault(field, place)
        self.own.add(field)

    def get(self, field: str, default: Any = None) -> Any:
        """
        The value of a field.
        """
        return self.values.get(field, default)

    def inherit(self, other: "Draft", field: str, under: Optional[str] = None) -> None:
        """
        Take a value from a C{defaults} section.

        @param under: the field that receives it, if it is another one.
        """
        if field in other.values:
            self.values[under or field] = other.values[field]
            self.places[under or field] = other.places[field]


class Line:
    """
    One statement, given to the parser of its keyword.

    @ivar keyword: the words of the keyword, e.g. C{"timeout client"}.
    @ivar arguments: the L{Word}s after it.
    @ivar place: its L{Place}.
    @ivar negated: it was written C{no KEYWORD}.
    @ivar world: L{World}.
    """

    def __init__(
        self,
        keyword: str,
        arguments: Sequence[Word],
        place: Place,
        world: World,
        label: str,
        negated: bool = False,
    ) -> None:
        self.keyword = keyword
        self.arguments: List[Word] = list(arguments)
        self.place = place
        self.negated = negated
        self.world = world
        self.label = label

    def need(self, index: int, what: str) -> Word:
        """
        An argument that must be there.

        @param what: what it is, with its article, for the message.
        @raise Refused: it is missing.
        """
        if index >= len(self.arguments):
            raise Refused("needs %s" % (what,), self.place)
        return self.arguments[index]

    def atMost(self, count: int) -> None:
        """
        Refuse arguments after the first C{count}.

        @raise Refused: there are more.
        """
        if len(self.arguments) > count:
            extra = self.arguments[count]
            hint = None if count == 0 else "write '\\ ' for a blank inside an argument"
            raise Refused("unexpected '%s'" % (extra,), extra.place, hint)

    def only(self, what: str) -> Word:
        """
        The single argument of the keyword.

        @raise Refused: it is missing, or there are others.
        """
        word = self.need(0, what)
        self.atMost(1)
        return word

    def describe(self, text: str) -> str:
        """
        A message about this statement: section, keyword, text.
        """
        return "%s: '%s': %s" % (self.label, self.keyword, text)

    def warn(self, text: str, place: Optional[Place] = None, hint: Optional[str] = None) -> None:
        """
        Note a warning; the load goes on (CFG-18).
        """
        self.world.report.warning(place or self.place, self.describe(text), hint)

    def error(self, text: str, place: Optional[Place] = None, hint: Optional[str] = None) -> None:
        """
        Note an error and go on reading; L{Refused} is raised instead when there is nothing more to read.
        """
        self.world.report.error(place or self.place, self.describe(text), hint)
