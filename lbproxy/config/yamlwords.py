# -*- test-case-name: lbproxy.test.config.test_yamlreader -*-
"""
YAML values become the words of the classic language, so that each keyword has one parser (CFG-25).
"""

from typing import Iterator, List, Optional, Sequence, Set, Tuple

import yaml

from lbproxy.config.errors import Refused, didYouMean
from lbproxy.config.model import Place
from lbproxy.config.registry import Keyword, Registry, Shape
from lbproxy.config.words import Word, splitWords, toBytes, toText

_TRUE = ("true", "yes", "on")
_BOOL = "tag:yaml.org,2002:bool"
_NULL = "tag:yaml.org,2002:null"
_MERGE = "tag:yaml.org,2002:merge"


class YamlText:
    """
    A YAML document and the places of its parts.

    @ivar file: path for messages.
    @ivar lines: the lines of the text, to find the exact column of a word inside a scalar.
    """

    def __init__(self, file: str, text: str) -> None:
        self.file = file
        self.lines = text.splitlines()

    def place(self, node: yaml.Node) -> Place:
        """
        Where a node starts.
        """
        return Place(self.file, node.start_mark.line + 1, node.start_mark.column + 1)

    def words(self, node: yaml.Node) -> List[Word]:
        """
        The words of a scalar, split and unescaped as in the classic language, without comments.

        @raise Refused: a bad escape.
        """
        data = toBytes(node.value)
        start = self.place(node)
        column = self._firstColumn(node)

        def placeOf(offset: int) -> Place:
            if column is None:
                return start
            return Place(self.file, start.line, column + len(toText(data[:offset])))

        return splitWords(data, placeOf, comments=False)

    def word(self, node: yaml.Node) -> Word:
        """
        A scalar as one word, as it is.
        """
        return Word(node.value, self.place(node))

    def _firstColumn(self, node: yaml.Node) -> Optional[int]:
        mark = node.start_mark
        if mark.line >= len(self.lines):
            return None
        style = getattr(node, "style", None)
        column = mark.column + (1 if style in ("'", '"') else 0)
        return column + 1 if self.lines[mark.line].startswith(node.value, column) else None


def isTrue(node: yaml.Node) -> Optional[bool]:
    """
    The value of a plain boolean scalar, C{None} for anything else.
    """
    if not isinstance(node, yaml.ScalarNode) or node.tag != _BOOL:
        return None
    return node.value.lower() in _TRUE


def isNothing(node: yaml.Node) -> bool:
    """
    Whether a node is an empty or null value.
    """
    return isinstance(node, yaml.ScalarNode) and node.tag == _NULL


def pairs(text: YamlText, node: yaml.MappingNode) -> Iterator[Tuple[yaml.ScalarNode, yaml.Node]]:
    """
    The items of a mapping in their order, C{<<} merged in.

    @raise Refused: a key that is not a scalar, or written twice.
    """
    seen: Set[str] = set()
    merged: List[yaml.MappingNode] = []
    for key, value in node.value:
        if key.tag == _MERGE:
            merged.extend(value.value if isinstance(value, yaml.SequenceNode) else [value])
            continue
        if not isinstance(key, yaml.ScalarNode):
            raise Refused("a key must be a plain word", text.place(key))
        if key.value in seen:
            raise Refused("key '%s' is written twice" % (key.value,), text.place(key))
        seen.add(key.value)
        yield key, value
    for other in merged:
        if not isinstance(other, yaml.MappingNode):
            raise Refused("'<<' needs a mapping", text.place(other))
        for key, value in other.value:
            if isinstance(key, yaml.ScalarNode) and key.tag != _MERGE and key.value not in seen:
                seen.add(key.value)
                yield key, value


class Translator:
    """
    Turns one item of a section into statements.
    """

    def __init__(self, text: YamlText, registry: Registry, kind: str) -> None:
        """
        @param kind: kind of the section.
        """
        self._text = text
        self._registry = registry
        self._kind = kind
        self._plurals = {
            keyword.shape.plural: keyword.name for keyword in registry.keywords() if keyword.shape.plural is not None
        }

    def statements(self, key: yaml.ScalarNode, value: yaml.Node) -> Iterator[List[Word]]:
        """
        The statements of an item.

        @return: lists of words, keyword first.
        @raise Refused: a shape that no keyword has.
        """
        words = self._text.words(key)
        if not words:
            raise Refused("the keyword is empty", self._text.place(key))
        plural = self._plurals.get(" ".join(words))
        if plural is not None:
            words = [Word(plural, words[0].place)]
        return self._values(words, value)

    def _values(self, words: List[Word], value: yaml.Node) -> Iterator[List[Word]]:
        if isinstance(value, yaml.SequenceNode):
            for item in value.value:
                if isinstance(item, yaml.SequenceNode):
                    raise Refused("a list inside a list", self._text.place(item))
                for statement in self._values(words, item):
                    yield statement
        elif isinstance(value, yaml.MappingNode):
            for statement in self._mapping(words, value):
                yield statement
        else:
            single = self._scalar(words, value)
            if single is not None:
                yield single

    def _scalar(self, words: List[Word], value: yaml.Node) -> Optional[List[Word]]:
        if isNothing(value):
            return words
        truth = isTrue(value)
        keyword, count = self._registry.find(self._kind, words)
        if truth is not None and keyword is not None and count == len(words):
            if truth and (keyword.flag or keyword.invertible or words[0] == "option"):
                return words
            if not truth and keyword.invertible:
                return [Word("no", words[0].place)] + words
            if not truth and keyword.name in ("disabled", "enabled"):
                return [Word("enabled" if keyword.name == "disabled" else "disabled", words[0].place)]
            if not truth and words[0] == "option":
                raise Refused("'%s' cannot be negated" % (keyword.name,), self._text.place(value))
            if not truth and keyword.flag:
                return None
        return words + self._text.words(value)

    def _mapping(self, words: List[Word], value: yaml.MappingNode) -> Iterator[List[Word]]:
        keyword, count = self._registry.find(self._kind, words)
        if keyword is None and (len(words) > 1 or not self._registry.isGroup(self._kind, words[0])):
            yield words
        elif keyword is None:
            for key, item in pairs(self._text, value):
                for statement in self._values(words + self._text.words(key), item):
                    yield statement
        elif count < len(words):
            raise Refused("'%s' cannot be a mapping here" % (keyword.name,), self._text.place(value))
        elif keyword.shape.keyed:
            for key, item in pairs(self._text, value):
                for statement in self._keyed(keyword, words + [self._text.word(key)], item):
                    yield statement
        else:
            yield words + self._fields(keyword, keyword.shape, value)

    def _keyed(self, keyword: Keyword, words: List[Word], value: yaml.Node) -> Iterator[List[Word]]:
        if isinstance(value, yaml.SequenceNode):
            for item in value.value:
                for statement in self._keyed(keyword, words, item):
                    yield statement
        elif isinstance(value, yaml.MappingNode):
            shape = keyword.shape
            rest = Shape(shape.positional[1:], shape.options, shape.split)
            yield words + self._fields(keyword, rest, value)
        elif isNothing(value):
            yield words
        else:
            yield words + self._text.words(value)

    def _fields(self, keyword: Keyword, shape: Shape, value: yaml.MappingNode) -> List[Word]:
        options = self._options(keyword, shape)
        found = {key.value: (key, item) for key, item in pairs(self._text, value)}
        for name, (key, _) in found.items():
            if name not in shape.positional and name not in options:
                known = list(shape.positional) + list(options)
                raise Refused(
                    "'%s': unknown field '%s'" % (keyword.name, name), self._text.place(key), didYouMean(name, known)
                )
        words: List[Word] = []
        missing: Optional[str] = None
        for name in shape.positional:
            if name not in found:
                missing = missing or name
                continue
            if missing is not None:
                raise Refused(
                    "'%s': field '%s' is missing" % (keyword.name, missing), self._text.place(found[name][0])
                )
            words.extend(self._field(keyword, shape, name, found[name][1]))
        # In the order of the grammar: a condition is the last thing of a statement. A server's words have no order.
        for name in shape.options if shape.options else found:
            if name in found and name not in shape.positional:
                words.extend(self._option(keyword, shape, *found[name]))
        return words

    def _options(self, keyword: Keyword, shape: Shape) -> Sequence[str]:
        if keyword.name == "server":
            return self._registry.names("server")
        return shape.options

    def _field(self, keyword: Keyword, shape: Shape, name: str, value: yaml.Node) -> List[Word]:
        if isinstance(value, yaml.SequenceNode):
            words: List[Word] = []
            for item in value.value:
                words.extend(self._field(keyword, shape, name, item))
            return words
        if not isinstance(value, yaml.ScalarNode):
            raise Refused("'%s': field '%s' cannot be a mapping" % (keyword.name, name), self._text.place(value))
        return self._text.words(value) if name in shape.split else [self._text.word(value)]

    def _option(self, keyword: Keyword, shape: Shape, key: yaml.ScalarNode, value: yaml.Node) -> List[Word]:
        name = self._text.word(key)
        truth = isTrue(value)
        if isNothing(value) or truth is True:
            return [name]
        if truth is False:
            return []
        if isinstance(value, yaml.MappingNode):
            if keyword.name != "server":
                raise Refused("'%s': field '%s' cannot be a mapping" % (keyword.name, name), name.place)
            words = [name]
            for inner, item in pairs(self._text, value):
                if isinstance(item, yaml.MappingNode) or inner.value not in self._options(keyword, shape):
                    raise Refused(
                        "'server': '%s' has no field '%s'" % (name, inner.value),
                        self._text.place(inner),
                        didYouMean(inner.value, self._options(keyword, shape)),
                    )
                words.extend(self._option(keyword, shape, inner, item))
            return words
        return [name] + self._field(keyword, shape, name, value)
