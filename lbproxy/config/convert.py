# -*- test-case-name: lbproxy.test.config.test_convert -*-
"""
A classic configuration, said in YAML (CFG-25).
"""

from typing import Dict, List, Optional, Sequence, Set, Tuple

from lbproxy.config.addresses import Resolve
from lbproxy.config.convertlayout import Layout, text
from lbproxy.config.convertsource import Section, readSections
from lbproxy.config.convertyaml import Named, Node, Several, writeYaml
from lbproxy.config.draft import World
from lbproxy.config.environment import Environment
from lbproxy.config.errors import ERROR, ConfigError, Problem, Report
from lbproxy.config.loader import PROXY_KINDS
from lbproxy.config.loading import YAML_SUFFIXES, load
from lbproxy.config.model import Configuration, Place
from lbproxy.config.registry import REGISTRY, Registry

_SUFFIX = ".yaml"


def convert(
    path: str,
    resolve: Resolve,
    environ: Optional[Environment] = None,
    registry: Registry = REGISTRY,
) -> Tuple[str, Tuple[Problem, ...]]:
    """
    Write the YAML that gives the same L{Configuration} as a classic file. The result has been loaded and compared.

    Proxies are written by kind, as C{frontends}, C{backends} and C{listens}, when that keeps their order and the
    C{defaults} that apply to each; otherwise the file is a list of sections. Comments stay where they were.

    @param path: path of a file in the classic language.
    @param resolve: as in L{load}; asked once for each name.
    @param environ: as in L{load}.
    @param registry: the keywords.
    @return: the text and the warnings of the original, in the order of the file.
    @raise ConfigError: with all the problems of the file, or when it is YAML already.
    """
    if path.lower().endswith(YAML_SUFFIXES):
        raise ConfigError([Problem(ERROR, Place(path, 1), "is YAML already")])
    environment = environ if environ is not None else Environment()
    remembered = _remembering(resolve)
    configuration, warnings = load(path, remembered, environment, registry)
    world = World(remembered, environment, Report(), registry)
    conversion = _Conversion(path, configuration, readSections(environment.readFile(path), world, path), world)
    return conversion.run(), warnings


def _remembering(resolve: Resolve) -> Resolve:
    """
    The same addresses each time, so that two loads can be compared.
    """
    known: Dict[str, str] = {}

    def ask(host: str) -> str:
        if host not in known:
            known[host] = resolve(host)
        return known[host]

    return ask


class _Written(Environment):
    """
    The machine, with one more file.
    """

    def __init__(self, under: Environment, path: str, contents: bytes) -> None:
        self._under = under
        self._path = path
        self._contents = contents

    def readFile(self, path: str) -> bytes:
        """
        The contents of that file or another one.
        """
        return self._contents if path == self._path else self._under.readFile(path)

    def userId(self, name: str) -> int:
        """
        As the machine has it.
        """
        return self._under.userId(name)

    def groupId(self, name: str) -> int:
        """
        As the machine has it.
        """
        return self._under.groupId(name)


class _Conversion:
    """
    Looks for the most readable form that means the same.
    """

    def __init__(self, path: str, wanted: Configuration, sections: Sequence[Section], world: World) -> None:
        self._path = path
        self._wanted = wanted
        self._sections = sections
        self._world = world
        self._layout = Layout(world.registry)

    def run(self) -> str:
        """
        The text.

        @raise ConfigError: no form means the same, which is a fault of lbproxy.
        """
        for mapped in (True, False) if self._mappable() else (False,):
            written = self._search(mapped)
            if written is not None:
                return written
        raise ConfigError([Problem(ERROR, Place(self._path, 1), "the same cannot be said in YAML; please report this")])

    def _mappable(self) -> bool:
        """
        Whether proxies can be written by kind.
        """
        proxies = [section for section in self._sections if section.kind in PROXY_KINDS]
        defaults = [index for index, section in enumerate(self._sections) if section.kind == "defaults"]
        first = min((self._sections.index(section) for section in proxies), default=0)
        runs = [one.kind for one, other in zip(proxies, [None, *proxies]) if other is None or one.kind != other.kind]
        return (
            len(defaults) < 2
            and all(index < first for index in defaults)
            and len(runs) == len(set(runs))
            and len({(section.kind, section.name) for section in proxies}) == len(proxies)
        )

    def _search(self, mapped: bool) -> Optional[str]:
        ordered: Set[int] = set()
        while True:
            root = self._mapping(ordered) if mapped else self._list(ordered)
            written = writeYaml(root)
            found = self._load(written)
            if found == self._wanted:
                return written
            suspects = self._suspects(found, ordered)
            if not suspects:
                return None
            ordered |= suspects

    def _load(self, written: str) -> Optional[Configuration]:
        path = self._path + _SUFFIX
        environment = _Written(self._world.environment, path, written.encode("utf-8"))
        try:
            return load(path, self._world.resolve, environment, self._world.registry)[0]
        except ConfigError:
            return None

    def _suspects(self, found: Optional[Configuration], ordered: Set[int]) -> Set[int]:
        """
        Sections whose statements have suffered from being grouped: those of proxies that differ, then the C{defaults}
        above them.
        """
        everything = set(range(len(self._sections))) - ordered
        if found is None or len(found.proxies) != len(self._wanted.proxies):
            return everything
        pairs = zip(found.proxies, self._wanted.proxies)
        different = {position for position, (one, other) in enumerate(pairs) if one != other}
        own: Set[int] = set()
        above: Set[int] = set()
        position = 0
        defaults: Set[int] = set()
        for index, section in enumerate(self._sections):
            if section.kind == "defaults":
                defaults = {index}
            elif section.kind == "global":
                own |= {index} if found.globals != self._wanted.globals else set()
            else:
                if position in different:
                    own.add(index)
                    above |= defaults
                position += 1
        return (own & everything) or (above & everything)

    def _value(self, sections: Sequence[Section], ordered: Set[int]) -> Node:
        chosen = any(index in ordered for index, section in enumerate(self._sections) if section in sections)
        value = self._layout.body(sections, chosen)
        value.comments = [line for section in sections for line in section.comments]
        value.beside = sections[0].beside
        return value

    def _mapping(self, ordered: Set[int]) -> Node:
        pairs: List[Tuple[str, Node]] = []
        for kind in ("global", "defaults"):
            sections = [section for section in self._sections if section.kind == kind]
            if sections:
                pairs.append((kind, self._value(sections, ordered)))
        kinds: Dict[str, List[Tuple[str, Node]]] = {}
        for section in self._sections:
            if section.kind in PROXY_KINDS:
                kinds.setdefault(section.kind, []).append((section.name, self._value([section], ordered)))
        for kind, named in kinds.items():
            pairs.append((kind + "s", Named(named, apart=True)))
        return Named(pairs, apart=True)

    def _list(self, ordered: Set[int]) -> Node:
        items: List[Node] = []
        for section in self._sections:
            value = self._value([section], ordered)
            item = Named([(text(section.words[:2]), value)])
            item.comments, value.comments = value.comments, []
            items.append(item)
        return Several(items, apart=True)
