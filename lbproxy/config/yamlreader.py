# -*- test-case-name: lbproxy.test.config.test_yamlreader -*-
"""
The YAML language (floor plan, "What the operator writes"; CFG-25).
"""

from typing import Iterator, List, Tuple

import yaml

from lbproxy.config.errors import Refused, didYouMean
from lbproxy.config.loader import SECTION_KINDS, Loader
from lbproxy.config.model import Place
from lbproxy.config.words import Word
from lbproxy.config.yamlwords import Translator, YamlText, isNothing, pairs

_PROXIES = {"frontends": "frontend", "backends": "backend", "listens": "listen"}
_SECTIONS = ("global", "defaults", "frontends", "backends", "listens")

RULES = "rules"
"""
The key of a section whose value is a list of statements, taken in their order.
"""


def readYaml(data: bytes, loader: Loader) -> None:
    """
    Feed a YAML file to a loader. Problems go to the loader's report.

    The file is a mapping or a list of sections. In a mapping the C{defaults} apply to every proxy wherever they stand; in a
    list they apply to what follows, as in the classic language. Proxies are declared in the order of the file.

    @param data: contents of the file, UTF-8.
    """
    report = loader.world.report
    try:
        source = data.decode("utf-8")
    except UnicodeDecodeError as error:
        line = data.count(b"\n", 0, error.start) + 1
        report.error(Place(loader.file, line), "the file is not UTF-8")
        return
    try:
        root = yaml.compose(source, Loader=yaml.SafeLoader)
    except yaml.YAMLError as error:
        report.error(_errorPlace(loader.file, error), _errorText(error))
        return
    except RecursionError:
        report.error(Place(loader.file, 1), "the file is nested too deeply")
        return
    if root is not None:
        _Reader(YamlText(loader.file, source), loader).read(root)


def _errorPlace(file: str, error: yaml.YAMLError) -> Place:
    mark = getattr(error, "problem_mark", None) or getattr(error, "context_mark", None)
    return Place(file, mark.line + 1, mark.column + 1) if mark is not None else Place(file, 1)


def _errorText(error: yaml.YAMLError) -> str:
    problem = getattr(error, "problem", None) or getattr(error, "reason", None) or "cannot be read"
    context = getattr(error, "context", None)
    return "not valid YAML: %s%s" % (context + ": " if context else "", problem)


class _Reader:
    """
    Walks the document.
    """

    def __init__(self, text: YamlText, loader: Loader) -> None:
        self._text = text
        self._loader = loader
        self._report = loader.world.report

    def read(self, root: yaml.Node) -> None:
        """
        Read the whole document.
        """
        if isinstance(root, yaml.SequenceNode):
            for item in root.value:
                self._listed(item)
            return
        found = list(self._items(root, "the file"))
        for key, _ in found:
            if key.value not in _SECTIONS:
                hint = didYouMean(key.value, _SECTIONS) or "use %s" % (", ".join(_SECTIONS),)
                self._report.error(self._text.place(key), "unknown section '%s'" % (key.value,), hint)
        for section in ("global", "defaults"):
            for key, value in found:
                if key.value == section:
                    self._loader.section([self._text.word(key)])
                    self._section(section, value)
        for key, value in found:
            kind = _PROXIES.get(key.value)
            if kind is not None:
                for name, body in self._items(value, "'%s'" % (key.value,)):
                    opening: List[Word] = [Word(kind, self._text.place(name)), self._text.word(name)]
                    self._loader.section(opening)
                    self._section(kind, body)

    def _listed(self, item: yaml.Node) -> None:
        found = list(self._items(item, "an item of the list of sections"))
        if len(found) > 1:
            self._report.error(
                self._text.place(found[1][0]),
                "an item of the list of sections holds one section, not '%s' too" % (found[1][0].value,),
                "indent the keywords of a section below its name",
            )
        for key, body in found[:1]:
            words = self._words(key)
            if words and words[0] in SECTION_KINDS:
                self._loader.section(words)
                self._section(str(words[0]), body)
            elif words:
                hint = didYouMean(words[0], SECTION_KINDS) or "use %s" % (", ".join(SECTION_KINDS),)
                self._report.error(words[0].place, "unknown section '%s'" % (words[0],), hint)

    def _words(self, key: yaml.ScalarNode) -> List[Word]:
        try:
            words = self._text.words(key)
            if not words:
                raise Refused("the name of the section is empty")
            return words
        except Refused as refused:
            self._report.error(refused.place or self._text.place(key), refused.text, refused.hint)
            return []

    def _section(self, kind: str, body: yaml.Node) -> None:
        translator = Translator(self._text, self._loader.world.registry, kind)
        for key, value in self._items(body, "a '%s' section" % (kind,)):
            if key.value == RULES:
                self._rules(translator, value)
            else:
                self._statements(translator, key, value)

    def _rules(self, translator: Translator, value: yaml.Node) -> None:
        if isNothing(value):
            return
        if not isinstance(value, yaml.SequenceNode):
            self._report.error(self._text.place(value), "'%s' must be a list" % (RULES,))
            return
        for item in value.value:
            for key, inner in self._single(item, "a rule", "KEYWORD: ARGUMENTS"):
                if key.value == RULES:
                    self._report.error(self._text.place(key), "'%s' cannot be inside '%s'" % (RULES, RULES))
                else:
                    self._statements(translator, key, inner)

    def _statements(self, translator: Translator, key: yaml.ScalarNode, value: yaml.Node) -> None:
        try:
            for statement in translator.statements(key, value):
                self._loader.statement(statement)
        except Refused as refused:
            self._report.error(refused.place or self._text.place(key), refused.text, refused.hint)

    def _single(self, node: yaml.Node, what: str, form: str) -> List[Tuple[yaml.ScalarNode, yaml.Node]]:
        if not isinstance(node, yaml.MappingNode) or len(node.value) != 1:
            self._report.error(
                self._text.place(node), "%s must be a mapping with one key" % (what,), "write '- %s'" % (form,)
            )
            return []
        return list(self._items(node, what))

    def _items(self, node: yaml.Node, what: str) -> Iterator[Tuple[yaml.ScalarNode, yaml.Node]]:
        if isNothing(node):
            return
        if not isinstance(node, yaml.MappingNode):
            self._report.error(self._text.place(node), "%s must be a mapping" % (what,))
            return
        try:
            for pair in pairs(self._text, node):
                yield pair
        except Refused as refused:
            self._report.error(refused.place or self._text.place(node), refused.text, refused.hint)
