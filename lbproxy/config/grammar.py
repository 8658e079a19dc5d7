# -*- test-case-name: lbproxy.test.config.keywords -*-
"""
Parsers that many keywords share. Each function returns one, to be given to L{lbproxy.config.registry.Keyword}.
"""

from typing import Callable, Optional, TypeVar

from lbproxy.config.draft import Draft, Line
from lbproxy.config.errors import Refused
from lbproxy.config.registry import Parser
from lbproxy.config.units import parseDuration, parseNumber, parseSize
from lbproxy.config.words import Word

_T = TypeVar("_T")


def read(word: Word, reader: Callable[[str], _T]) -> _T:
    """
    Read a word, placing the error of the reader on it.

    @param reader: raises C{ValueError} with a text for the operator.
    @raise Refused: that text, at the place of the word.
    """
    try:
        return reader(word)
    except ValueError as error:
        raise Refused(str(error), word.place) from None


def setsNumber(field: str, least: int = 0, most: Optional[int] = None) -> Parser:
    """
    A parser for one whole number.
    """

    def parse(draft: Draft, line: Line) -> None:
        word = line.only("a number")
        draft.set(field, read(word, lambda text: parseNumber(text, least, most)), line.place)

    return parse


def setsDuration(field: str, positive: bool = False) -> Parser:
    """
    A parser for one duration; the field receives seconds.

    @param positive: zero is refused.
    """

    def parse(draft: Draft, line: Line) -> None:
        word = line.only("a duration")
        value = read(word, parseDuration)
        if positive and not value:
            raise Refused("the duration must be greater than 0", word.place)
        draft.set(field, value, line.place)

    return parse


def setsSize(field: str, least: int = 0) -> Parser:
    """
    A parser for one size in bytes.
    """

    def parse(draft: Draft, line: Line) -> None:
        word = line.only("a size")
        value = read(word, parseSize)
        if value < least:
            raise Refused("%d bytes is too small: the least is %d" % (value, least), word.place)
        draft.set(field, value, line.place)

    return parse


def setsText(field: str, what: str) -> Parser:
    """
    A parser for one word kept as text.

    @param what: what the word is, for the message when it is missing.
    """

    def parse(draft: Draft, line: Line) -> None:
        draft.set(field, str(line.only(what)), line.place)

    return parse


def setsFlag(field: str, value: bool = True) -> Parser:
    """
    A parser for a keyword without argument; C{no} gives the contrary value.
    """

    def parse(draft: Draft, line: Line) -> None:
        line.atMost(0)
        draft.set(field, value != line.negated, line.place)

    return parse
