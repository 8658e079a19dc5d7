# -*- test-case-name: lbproxy.test.config.test_convert -*-
"""
A classic file as sections and statements with their comments: what a conversion starts from.
"""

from typing import Dict, List, Optional, Sequence, Union

import attr

from lbproxy.config.classic import readClassic
from lbproxy.config.draft import World
from lbproxy.config.loader import Loader
from lbproxy.config.words import Word, commentOf


@attr.s(slots=True, auto_attribs=True, eq=False)
class Statement:
    """
    One line of a section.

    @ivar words: the keyword and its arguments, C{no} before them when it was written.
    @ivar comments: the lines above it, each with its C{#}, or empty for a blank line.
    @ivar beside: the comment behind it, or C{None}.
    """

    words: Sequence[Word]
    comments: List[str] = attr.Factory(list)
    beside: Optional[str] = None


@attr.s(slots=True, auto_attribs=True, eq=False)
class Section:
    """
    One section.

    @ivar words: its kind, name and addresses.
    @ivar statements: what is in it, in order.
    @ivar comments: the lines above it.
    @ivar beside: the comment behind its first line.
    @ivar tail: comments after its last statement.
    """

    words: Sequence[Word]
    statements: List[Statement] = attr.Factory(list)
    comments: List[str] = attr.Factory(list)
    beside: Optional[str] = None
    tail: List[str] = attr.Factory(list)

    @property
    def kind(self) -> str:
        """
        The word that opened it.
        """
        return str(self.words[0])

    @property
    def name(self) -> str:
        """
        Its name, empty without one.
        """
        return str(self.words[1]) if len(self.words) > 1 else ""


class Recorder(Loader):
    """
    Keeps what a reader feeds it as it was written.

    @ivar sections: in the order of the file.
    """

    def __init__(self, world: World, file: str) -> None:
        Loader.__init__(self, world, file)
        self.sections: List[Section] = []

    def section(self, words: Sequence[Word]) -> None:
        """
        Open a section.
        """
        self.sections.append(Section(words))

    def statement(self, words: Sequence[Word]) -> None:
        """
        Take one statement of the open section.
        """
        self.sections[-1].statements.append(Statement(words))


def readSections(data: bytes, world: World, file: str) -> List[Section]:
    """
    Read a classic file that is known to load.

    @param data: its contents.
    @param file: its path, for places.
    """
    recorder = Recorder(world, file)
    readClassic(data, recorder)
    _Comments(recorder.sections).attach(data)
    return recorder.sections


class _Comments:
    """
    Gives each comment to the section or statement that it stands at.
    """

    def __init__(self, sections: Sequence[Section]) -> None:
        self._starts: Dict[int, Union[Section, Statement]] = {}
        for section in sections:
            self._starts[section.words[0].place.line] = section
            for statement in section.statements:
                self._starts[statement.words[0].place.line] = statement
        self._open: Optional[Section] = None
        self._pending: List[str] = []
        self._indented = 0

    def attach(self, data: bytes) -> None:
        """
        Go through the lines of the file.
        """
        for index, line in enumerate(data.split(b"\n")):
            found = commentOf(line)
            comment = "#" + _printable(found) if found is not None else None
            start = self._starts.get(index + 1)
            if start is not None:
                self._take(start)
                start.beside = comment
            elif comment is not None:
                self._pending.append(comment)
                if line[:1] in (b" ", b"\t"):
                    self._indented = len(self._pending)
            elif self._pending and self._pending[-1]:
                self._pending.append("")
        if self._open is not None:
            self._open.tail = _trimmed(self._pending)

    def _take(self, start: Union[Section, Statement]) -> None:
        lines = self._pending
        if isinstance(start, Section):
            if self._open is not None:
                self._open.tail = _trimmed(lines[: self._indented])
                lines = lines[self._indented :]
            self._open = start
            start.comments = _trimmed(lines)
        else:
            start.comments = [line for line in lines if line]
        self._pending = []
        self._indented = 0


def _trimmed(lines: Sequence[str]) -> List[str]:
    kept = list(lines)
    while kept and not kept[-1]:
        kept.pop()
    while kept and not kept[0]:
        del kept[0]
    return kept


def _printable(comment: bytes) -> str:
    text = comment.decode("utf-8", "replace").rstrip()
    return "".join(letter if letter.isprintable() else " " if letter.isspace() else "?" for letter in text)
