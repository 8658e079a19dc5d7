# -*- test-case-name: lbproxy.test.config.test_registry -*-
"""
The one place where keywords are declared (floor plan, idea 1; CFG-18).

Both readers, the hints and the documentation ask it. A module of lbproxy or a plugin adds to it::

    register(Keyword("maxconn", "DFL", setsNumber("maxconn", 1), grammar="NUMBER", ...))
"""

from typing import Callable, Dict, List, Optional, Sequence, Tuple

import attr

from lbproxy.config.draft import Draft, Line

LETTERS = {"global": "G", "defaults": "D", "frontend": "F", "listen": "L", "backend": "B", "server": "S"}
"""
The letter of each section kind in L{Keyword.sections}; C{S} stands for the words of a C{server} line.
"""

SAMPLES = {
    "NUMBER": "5",
    "PORT": "8081",
    "TIME": "3s",
    "ADDRESS[:PORT]": "10.0.0.9:8081",
    "TEXT": "a",
    "PREFIX": "http://s1.example.com",
}
"""
A value for each kind of argument that the words of a server have.
"""

Parser = Callable[[Draft, Line], None]


@attr.s(slots=True, frozen=True, auto_attribs=True)
class Shape:
    """
    How the arguments of a keyword are written as a YAML mapping.

    @ivar positional: names of the arguments in their order.
    @ivar options: names of the optional words that follow, each with a value or C{true}.
    @ivar split: the names whose text holds several words, such as conditions; that of any other is one word.
    @ivar keyed: a mapping has the first argument as its keys: C{acl: {NAME: REST}}.
    @ivar plural: another spelling of the keyword in YAML.
    """

    positional: Tuple[str, ...] = ()
    options: Tuple[str, ...] = ()
    split: Tuple[str, ...] = ()
    keyed: bool = False
    plural: Optional[str] = None


@attr.s(slots=True, frozen=True, auto_attribs=True)
class Keyword:
    """
    One keyword.

    @ivar name: its words, e.g. C{"timeout client"}.
    @ivar sections: letters of the sections that take it, as in L{LETTERS}.
    @ivar parse: called with the L{Draft} of the section and the L{Line}. It returns (success), calls C{line.warn}
        (warning: loading goes on) or raises L{lbproxy.config.errors.Refused} (error: loading fails).
    @ivar grammar: its arguments, for people.
    @ivar help: one line, for people.
    @ivar example: a complete statement.
    @ivar field: what it fills: a field of the model, dotted for one of a part, or any name of a plugin, which then
        appears in C{extensions}.
    @ivar default: value when absent, for people; C{None} for none.
    @ivar inherit: which proxies take the value from C{defaults}: C{"any"}, C{"frontend"}, C{"backend"}, C{"never"}.
    @ivar fatalInDefaults: it is refused in C{defaults} (CFG-07) rather than ignored.
    @ivar invertible: C{no} may precede it (CFG-14).
    @ivar flag: it takes no argument.
    @ivar repeat: in one section: C{"last"} or C{"many"} silently, C{"overwrite"} warns and the last one stays,
        C{"first"} warns and the first one stays.
    @ivar once: keywords with the same C{once} count as one for C{repeat}; empty for the keyword itself.
    @ivar arity: words taken after a server's word.
    @ivar replacedBy: the modern spelling of a deprecated keyword.
    @ivar shape: how it is written in YAML.
    """

    name: str
    sections: str
    parse: Parser
    grammar: str = ""
    help: str = ""
    example: str = ""
    field: Optional[str] = None
    default: Optional[str] = None
    inherit: str = "never"
    fatalInDefaults: bool = False
    invertible: bool = False
    flag: bool = False
    repeat: str = "last"
    once: str = ""
    arity: int = 1
    replacedBy: Optional[str] = None
    shape: Shape = Shape()

    @property
    def sample(self) -> str:
        """
        The example, as an operator would write it: where a server's word names the kind of its value, there is a value.
        """
        if self.sections != "S" or self.grammar not in SAMPLES or not self.example.endswith(" " + self.grammar):
            return self.example
        value = "1005" if self.name == "id" else SAMPLES[self.grammar]
        return self.example[: -len(self.grammar)] + value

    @property
    def capability(self) -> Optional[str]:
        """
        What a section must be able to do to take it: C{"frontend"}, C{"backend"}, or C{None} for any proxy.
        """
        if "F" in self.sections:
            return None if "B" in self.sections else "frontend"
        return "backend" if "B" in self.sections else None


def _family(letter: str) -> str:
    return letter if letter in "GS" else "P"


class Registry:
    """
    A set of keywords. The words of the global section, of proxies and of servers live apart.
    """

    def __init__(self) -> None:
        self._keywords: Dict[Tuple[str, str], Keyword] = {}
        self._unsupported: Dict[Tuple[str, str], str] = {}

    def register(self, keyword: Keyword) -> None:
        """
        Add a keyword. One that was known as unsupported becomes supported.

        @raise ValueError: its name is taken, or it names no section.
        """
        families = sorted({_family(letter) for letter in keyword.sections})
        if not families or not set(keyword.sections) <= set(LETTERS.values()):
            raise ValueError("keyword '%s' has no sections: %r" % (keyword.name, keyword.sections))
        for family in families:
            if (family, keyword.name) in self._keywords:
                raise ValueError("keyword '%s' is already registered" % (keyword.name,))
            self._keywords[family, keyword.name] = keyword
            self._unsupported.pop((family, keyword.name), None)

    def unsupported(self, letter: str, names: Sequence[str]) -> None:
        """
        Name keywords of the classic language that lbproxy knows but does not support yet.
        """
        for name in names:
            self._unsupported[_family(letter), name] = name

    def copy(self) -> "Registry":
        """
        An independent registry with the same keywords.
        """
        other = Registry()
        other._keywords.update(self._keywords)
        other._unsupported.update(self._unsupported)
        return other

    def find(self, kind: str, words: Sequence[str]) -> Tuple[Optional[Keyword], int]:
        """
        The keyword that starts a statement.

        @param kind: kind of the section, or C{"server"}.
        @param words: the words of the statement; the longest name wins.
        @return: the keyword, or C{None}, and the number of words its name takes.
        """
        family = _family(LETTERS[kind])
        for count in range(min(3, len(words)), 0, -1):
            keyword = self._keywords.get((family, " ".join(words[:count])))
            if keyword is not None:
                return keyword, count
        return None, 0

    def findUnsupported(self, kind: str, words: Sequence[str]) -> Optional[str]:
        """
        The name of a known but unsupported keyword that starts a statement, or C{None}.
        """
        family = _family(LETTERS[kind])
        for count in range(min(3, len(words)), 0, -1):
            name = self._unsupported.get((family, " ".join(words[:count])))
            if name is not None:
                return name
        return None

    def names(self, kind: str, prefix: str = "", supported: bool = False) -> List[str]:
        """
        The names of a family but for the deprecated ones, for hints.

        @param prefix: they must start with it, and it is cut off.
        @param supported: leave the unsupported ones out.
        """
        family = _family(LETTERS[kind])
        known = [
            name
            for (where, name), keyword in self._keywords.items()
            if where == family and keyword.replacedBy is None
        ]
        if not supported:
            known += [name for where, name in self._unsupported if where == family]
        return sorted(name[len(prefix) :] for name in known if name.startswith(prefix))

    def keywords(self, kind: Optional[str] = None) -> List[Keyword]:
        """
        The keywords that a section takes, or all of them, sorted by name.
        """
        letter = LETTERS[kind] if kind else ""
        chosen = {id(keyword): keyword for keyword in self._keywords.values() if letter in keyword.sections}
        return sorted(chosen.values(), key=lambda keyword: (keyword.name, keyword.sections))

    def isGroup(self, kind: str, word: str) -> bool:
        """
        Whether a word only means something with another one after it, as C{timeout} and C{option} do.
        """
        return bool(self.names(kind, word + " "))

    def inherited(self) -> Dict[str, str]:
        """
        Field to the capability that inherits it from C{defaults} (reference 2).
        """
        return {
            keyword.field: keyword.inherit
            for keyword in self._keywords.values()
            if keyword.field is not None and keyword.inherit != "never"
        }


REGISTRY = Registry()
"""
The registry that L{lbproxy.config.load} uses unless told otherwise.
"""


def register(keyword: Keyword) -> None:
    """
    Add a keyword to L{REGISTRY}.
    """
    REGISTRY.register(keyword)
