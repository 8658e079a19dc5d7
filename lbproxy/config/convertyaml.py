# -*- test-case-name: lbproxy.test.config.test_convert -*-
"""
Writing YAML that people like to read: short things on one line, comments where they belong.
"""

import re
from typing import List, Optional, Sequence, Tuple, Union

import attr
import yaml

WIDTH = 110
"""
Columns that a list or mapping on one line may reach.
"""

_PLAIN = re.compile(r"[A-Za-z0-9_./^$+(\\][^\n]*")
_UNSAFE = re.compile(r":\s|:$| #|\s$")
_UNSAFE_INSIDE = re.compile(r"[,\[\]{}:#]")
_NUMBER = re.compile(r"0|[1-9][0-9]{0,14}")
_OTHERS = re.compile(r"y|n|[-+]?(0[ox][0-9a-f]+|[0-9]*\.?[0-9]*(e[-+]?[0-9]+)?)|\.\.\..*", re.I)
"""
What other YAML readers do not take as a string.
"""

_STRING = "tag:yaml.org,2002:str"
_RESOLVER = yaml.resolver.Resolver()


@attr.s(slots=True, auto_attribs=True, eq=False)
class Leaf:
    """
    A scalar.

    @ivar text: printable characters only.
    @ivar literal: it is YAML already, such as C{true}.
    @ivar comments: lines above it.
    @ivar beside: comment behind it.
    """

    text: str
    literal: bool = False
    comments: List[str] = attr.Factory(list)
    beside: Optional[str] = None


@attr.s(slots=True, auto_attribs=True, eq=False)
class Several:
    """
    A list.

    @ivar apart: blank lines part its items.
    """

    items: List["Node"]
    apart: bool = False
    comments: List[str] = attr.Factory(list)
    beside: Optional[str] = None


@attr.s(slots=True, auto_attribs=True, eq=False)
class Named:
    """
    A mapping.

    @ivar pairs: keys and values, in order.
    @ivar short: it may stand on one line.
    @ivar apart: blank lines part its pairs.
    @ivar tail: comments after the last pair.
    """

    pairs: List[Tuple[str, "Node"]]
    short: bool = False
    apart: bool = False
    comments: List[str] = attr.Factory(list)
    beside: Optional[str] = None
    tail: List[str] = attr.Factory(list)


Node = Union[Leaf, Several, Named]


def quoted(text: str, inside: bool = False) -> str:
    """
    A scalar with the quotes it needs to be read back as this text, and as text unless it is a plain number.

    @param text: printable characters only.
    @param inside: it stands in brackets or braces.
    """
    if _NUMBER.fullmatch(text):
        return text
    if _PLAIN.fullmatch(text) and not _OTHERS.fullmatch(text) and not _UNSAFE.search(text):
        isString = _RESOLVER.resolve(yaml.ScalarNode, text, (True, False)) == _STRING
        if isString and not (inside and _UNSAFE_INSIDE.search(text)):
            return text
    if '"' not in text and "\\" not in text:
        return '"%s"' % (text,)
    return "'%s'" % (text.replace("'", "''"),)


def writeYaml(root: Node) -> str:
    """
    A document.
    """
    lines: List[str] = []
    _Writer(lines).block(root, 0)
    return "\n".join(lines) + "\n"


class _Writer:
    """
    Appends lines.
    """

    def __init__(self, lines: List[str]) -> None:
        self._lines = lines

    def block(self, node: Node, indent: int) -> None:
        """
        Write a node that starts on a line of its own.
        """
        if isinstance(node, Named):
            for index, (key, value) in enumerate(node.pairs):
                if node.apart and index:
                    self._lines.append("")
                self._comments(value.comments, indent)
                self._pair(key, value, indent, " " * indent)
            self._comments(node.tail, indent)
        elif isinstance(node, Several):
            for index, item in enumerate(node.items):
                if node.apart and index:
                    self._lines.append("")
                self._item(item, indent)
        else:
            self._lines.append(" " * indent + _scalar(node, False))

    def _pair(self, key: str, value: Node, indent: int, before: str) -> None:
        start = "%s%s:" % (before, quoted(key, True))
        short = _short(value, WIDTH - len(start) - 1)
        if short is not None:
            self._line("%s %s" % (start, short) if short else start, value.beside)
        else:
            self._line(start, value.beside)
            self.block(value, indent + 2)

    def _item(self, item: Node, indent: int) -> None:
        self._comments(item.comments, indent)
        before = " " * indent + "- "
        short = _short(item, WIDTH - len(before))
        if short is not None or not isinstance(item, Named):
            self._line(before + (short or ""), item.beside)
            return
        for key, value in item.pairs:
            self._comments(value.comments, indent if before.strip() else indent + 2)
            self._pair(key, value, indent + 2, before)
            before = " " * (indent + 2)
        self._comments(item.tail, indent + 2)

    def _comments(self, comments: Sequence[str], indent: int) -> None:
        self._lines.extend(" " * indent + comment if comment else "" for comment in comments)

    def _line(self, text: str, beside: Optional[str]) -> None:
        self._lines.append("%s  %s" % (text, beside) if beside else text)


def _scalar(leaf: Leaf, inside: bool) -> str:
    return leaf.text if leaf.literal else quoted(leaf.text, inside)


def _short(node: Node, room: int, inside: bool = False) -> Optional[str]:
    """
    The node on one line, or C{None} when it must have its own.
    """
    if isinstance(node, Leaf):
        return _scalar(node, inside)
    if isinstance(node, Named) and (not node.short or node.tail):
        return None
    values = [value for _, value in node.pairs] if isinstance(node, Named) else node.items
    if any(value.comments or value.beside for value in values):
        return None
    pieces = [_short(value, room, True) for value in values]
    if any(piece is None for piece in pieces):
        return None
    if isinstance(node, Named):
        text = "{%s}" % ", ".join(
            "%s: %s" % (quoted(key, True), piece) for (key, _), piece in zip(node.pairs, pieces)
        )
    else:
        text = "[%s]" % ", ".join(piece for piece in pieces if piece is not None)
    return text if len(text) <= room else None
