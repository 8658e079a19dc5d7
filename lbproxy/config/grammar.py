# -*- test-case-name: lbproxy.test.config.keywords -*-
"""
Parsers that many keywords share. Each function returns one, to be given to L{lbproxy.config.registry.Keyword}.
"""

from typing import Callable, Dict, Optional, Sequence, Tuple, TypeVar

from lbproxy.config.draft import Draft, Line
from lbproxy.config.errors import Refused, didYouMean
from lbproxy.config.registry import Parser
from lbproxy.config.units import parseDuration, parseNumber, parseSize
from lbproxy.config.words import Word, toBytes

_T = TypeVar("_T")

_TOKEN = frozenset(b"!#$%&'*+-.^_`|~0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz")


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


def readOptions(words: Sequence[Word], valued: Sequence[str] = (), flags: Sequence[str] = ()) -> Dict[str, Word]:
    """
    Read the optional words of a statement, in any order; of one that is repeated the last counts.

    @param valued: words that have another one after them.
    @param flags: words that stand alone.
    @return: the word that was written to its value, or to itself for a flag; in the order of the statement.
    @raise Refused: an unknown word, or one without its value.
    """
    found: Dict[str, Word] = {}
    rest = iter(words)
    for word in rest:
        found.pop(word, None)
        if word in flags:
            found[str(word)] = word
            continue
        if word not in valued:
            known = tuple(valued) + tuple(flags)
            hint = didYouMean(word, known) or "use %s" % (", ".join("'%s'" % (name,) for name in known),)
            raise Refused("unknown word '%s'" % (word,), word.place, hint)
        value = next(rest, None)
        if value is None:
            raise Refused("'%s' needs a value" % (word,), word.place)
        found[str(word)] = value
    return found


def splitCondition(words: Sequence[Word]) -> Tuple[Sequence[Word], Sequence[Word]]:
    """
    Part a statement before its first C{if} or C{unless}.

    @return: the words before it, and the condition, which is empty when there is none.
    """
    for index, word in enumerate(words):
        if word in ("if", "unless"):
            return words[:index], words[index:]
    return words, ()


def checkToken(what: str, word: Word) -> bytes:
    """
    Take a word as the name of a header or a cookie (RFC 7230 3.2.6, C{token}).

    @param what: what it names, with its article, for the message.
    @raise Refused: it is empty or has another character.
    """
    text = toBytes(word)
    if not text or set(text) - _TOKEN:
        raise Refused("'%s' is not %s name" % (word, what), word.place)
    return text


def checkText(what: str, word: Word, excluded: bytes = b"") -> bytes:
    """
    Take a word that becomes part of a line of HTTP.

    @param what: what it is, with its article, for the message.
    @param excluded: characters that it cannot hold, besides control characters.
    @raise Refused: it is empty, or has such a character.
    """
    text = toBytes(word)
    if not text:
        raise Refused("%s cannot be empty" % (what,), word.place)
    for byte in text:
        if byte < 32 or byte == 127:
            raise Refused("%s cannot have a control character (\\x%02x)" % (what, byte), word.place)
        if byte in excluded:
            raise Refused("%s cannot have the character '%s'" % (what, chr(byte)), word.place)
    return text
