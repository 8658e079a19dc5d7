# -*- test-case-name: lbproxy.test.config.test_convert -*-
"""
The statements of a section, laid out as a YAML mapping.
"""

from typing import Dict, List, Optional, Sequence, Set, Tuple

from lbproxy.config.convertsource import Section, Statement
from lbproxy.config.convertyaml import Leaf, Named, Node, Several
from lbproxy.config.registry import Keyword, Registry
from lbproxy.config.words import Word, writeWord
from lbproxy.config.yamlreader import RULES

_ALWAYS_MAPPED = "timeout"
_OPTION = "option"
_ONE_PLACE = {"errorLocations": "errorFiles"}


def text(words: Sequence[str]) -> str:
    """
    Words as the text of a YAML string.
    """
    return " ".join(writeWord(word) for word in words)


class _Entry:
    """
    A statement and the keyword it starts with.

    @ivar name: name of the keyword.
    @ivar arguments: the words after it.
    @ivar negated: it was written with C{no}.
    """

    def __init__(self, statement: Statement, kind: str, registry: Registry) -> None:
        self.statement = statement
        self.negated = statement.words[0] == "no"
        words = statement.words[1:] if self.negated else statement.words
        keyword, count = registry.find(kind, words)
        if keyword is None:
            raise ValueError("no keyword starts with '%s'" % (words[0],))
        self.keyword: Keyword = keyword
        self.arguments = words[count:]

    @property
    def name(self) -> str:
        return self.keyword.name

    @property
    def slot(self) -> str:
        """
        What it fills: a field of the model, or one item of a field that has a name for each.
        """
        field = self.keyword.field or ""
        field = _ONE_PLACE.get(field, field)
        if self.keyword.shape.keyed and self.keyword.repeat != "many" and self.arguments:
            return "%s %s" % (field, self.arguments[0])
        return field

    def leaf(self, words: Optional[Sequence[str]] = None) -> Leaf:
        """
        The statement as a scalar, with its comments.

        @param words: what to write, C{None} for the arguments.
        """
        written = self.arguments if words is None else words
        leaf = Leaf(text(written)) if written else Leaf("true" if self._isFlag() else "", literal=True)
        self.comment(leaf)
        return leaf

    def comment(self, node: Node) -> None:
        """
        Give a node the comments of the statement.
        """
        node.comments = list(self.statement.comments)
        node.beside = self.statement.beside

    def _isFlag(self) -> bool:
        return self.keyword.flag or self.keyword.invertible


class Layout:
    """
    Lays sections out.
    """

    def __init__(self, registry: Registry) -> None:
        """
        @param registry: the keywords that the sections were read with.
        """
        self._registry = registry

    def body(self, sections: Sequence[Section], ordered: bool) -> Node:
        """
        The value of a section.

        @param sections: sections of one kind that are written as one; their order is kept.
        @param ordered: everything is written in the order of the statements, under C{rules}.
        """
        kind = sections[0].kind
        entries = [
            _Entry(statement, kind, self._registry) for section in sections for statement in _statements(section)
        ]
        tail = [line for section in sections for line in section.tail]
        if not entries:
            return Leaf("", literal=True) if not tail else Named([], tail=tail)
        if ordered:
            pairs: List[Tuple[str, Node]] = [(RULES, self._rules(entries))]
        else:
            keys = [self._groupOf(entry, kind) for entry in entries]
            contested = _contested(entries, keys)
            groups: Dict[str, List[_Entry]] = {}
            for entry, key in zip(entries, keys):
                groups.setdefault(RULES if entry.slot in contested else key, []).append(entry)
            pairs = [pair for key, members in groups.items() for pair in self._pairs(key, members)]
        return Named(pairs, tail=tail)

    def _groupOf(self, entry: _Entry, kind: str) -> str:
        first = entry.name.split(" ")[0]
        return first if self._registry.find(kind, [first])[0] is None else entry.name

    def _pairs(self, key: str, members: List[_Entry]) -> List[Tuple[str, Node]]:
        if key == RULES:
            return [(key, self._rules(members))]
        if key == _OPTION:
            return [(key, _headed(_options(members)))]
        if key != members[0].name:
            return self._grouped(key, members)
        shape = members[0].keyword.shape
        if shape.keyed:
            return [(shape.plural or key, _headed(_keyed(members)))]
        return [(shape.plural or key, _list([member.leaf() for member in members]))]

    def _grouped(self, key: str, members: List[_Entry]) -> List[Tuple[str, Node]]:
        inner: Dict[str, List[_Entry]] = {}
        for member in members:
            inner.setdefault(member.name, []).append(member)
        if len(inner) == 1 and key != _ALWAYS_MAPPED:
            return self._flat(members)
        pairs: List[Tuple[str, Node]] = [
            (name[len(key) + 1 :], _list([member.leaf() for member in found])) for name, found in inner.items()
        ]
        return [(key, _headed(Named(pairs, short=True)))]

    def _flat(self, members: List[_Entry]) -> List[Tuple[str, Node]]:
        return [(members[0].name, _list([member.leaf() for member in members]))]

    def _rules(self, entries: Sequence[_Entry]) -> Node:
        items: List[Node] = []
        for entry in entries:
            isOption = entry.name.startswith(_OPTION + " ")
            value: Node = _option(entry) if isOption else entry.leaf()
            item = Named([(_OPTION if isOption else entry.name, value)])
            item.comments, value.comments = value.comments, []
            items.append(item)
        return Several(items)


def _statements(section: Section) -> List[Statement]:
    """
    The statements of a section, an address in its first line being a C{bind}.
    """
    if len(section.words) > 2:
        address = section.words[2]
        return [Statement([Word("bind", address.place), address])] + section.statements
    return section.statements


def _contested(entries: Sequence[_Entry], keys: Sequence[str]) -> Set[str]:
    """
    The slots that are filled from under several keys, so that the order of these counts.
    """
    found: Dict[str, Set[str]] = {}
    for entry, key in zip(entries, keys):
        found.setdefault(entry.slot, set()).add(key)
    return {slot for slot, names in found.items() if slot and len(names) > 1}


def _option(entry: _Entry) -> Node:
    name = entry.name[len(_OPTION) + 1 :]
    if entry.negated:
        node = Named([(name, Leaf("false", literal=True))], short=True)
        entry.comment(node)
        return node
    return entry.leaf([name, *entry.arguments])


def _options(members: Sequence[_Entry]) -> Node:
    return _list([_option(member) for member in members])


def _keyed(members: Sequence[_Entry]) -> Node:
    """
    A mapping with the first arguments as keys, or a list when those do not stand together.
    """
    groups: Dict[str, List[_Entry]] = {}
    last = None
    for member in members:
        key = str(member.arguments[0]) if len(member.arguments) > 1 else ""
        if not key or writeWord(key) != key or (key in groups and key != last):
            return _list([member.leaf() for member in members])
        groups.setdefault(key, []).append(member)
        last = key
    return Named([(key, _list([member.leaf(member.arguments[1:]) for member in found])) for key, found in groups.items()])


def _list(nodes: List[Node]) -> Node:
    if len(nodes) == 1:
        return nodes[0]
    return _headed(Several(nodes))


def _headed(node: Node) -> Node:
    """
    The node with the comments of its first part, which then stand above all of it.
    """
    if isinstance(node, Leaf) or node.comments:
        return node
    first: Optional[Node] = None
    if isinstance(node, Several) and node.items:
        first = node.items[0]
    elif isinstance(node, Named) and node.pairs:
        first = node.pairs[0][1]
    if first is not None:
        node.comments, first.comments = first.comments, []
    return node
