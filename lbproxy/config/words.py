# -*- test-case-name: lbproxy.test.config.test_words -*-
"""
Splitting text into the words of the classic language (CFG-01, CFG-02).
"""

from typing import Callable, List, Optional, Tuple

from lbproxy.config.errors import Refused
from lbproxy.config.model import Place

_BLANKS = b" \t"
_BLANKS_AND_LINES = b" \t\r\n"
_LETTERS = {ord("r"): b"\r", ord("n"): b"\n", ord("t"): b"\t"}
_SELF = b" #\\"
_HEX = b"0123456789abcdefABCDEF"
_WRITTEN = {" ": "\\ ", "\t": "\\t", "\r": "\\r", "\n": "\\n"}
_AFTER_BACKSLASH = " #\\rntx"


class Word(str):
    """
    A word that knows where it was written. Bytes that are not UTF-8 are kept as surrogate escapes.

    @ivar place: its L{Place}.
    """

    place: Place

    def __new__(cls, text: str, place: Place) -> "Word":
        """
        @param text: the word, escapes decoded.
        """
        word = str.__new__(cls, text)
        word.place = place
        return word


def toBytes(word: str) -> bytes:
    """
    The bytes of a word, exactly as they were written.
    """
    return word.encode("utf-8", "surrogateescape")


def toText(data: bytes) -> str:
    """
    The inverse of L{toBytes}.
    """
    return data.decode("utf-8", "surrogateescape")


def splitWords(data: bytes, placeOf: Callable[[int], Place], comments: bool = True) -> List[Word]:
    """
    Split a line into words, decoding escapes.

    @param data: the line; it ends at the first CR or LF when C{comments} is true.
    @param placeOf: called with the byte offset of a word, gives its place.
    @param comments: an unescaped C{#} starts a comment; otherwise it is an ordinary character and line ends are
        blanks (YAML values).
    @return: list of L{Word}, maybe empty.
    @raise Refused: C{\\x} without two hexadecimal digits (CFG-02).
    """
    words: List[Word] = []
    blanks = _BLANKS if comments else _BLANKS_AND_LINES
    current: Optional[bytearray] = None
    start = position = 0
    while position < len(data):
        byte = data[position]
        if comments and byte in b"#\r\n":
            break
        if byte in blanks:
            if current is not None:
                words.append(Word(toText(bytes(current)), placeOf(start)))
                current = None
            position += 1
            continue
        if current is None:
            current = bytearray()
            start = position
        if byte == 0x5C:
            piece, position = _escape(data, position, placeOf)
            current += piece
        else:
            current.append(byte)
            position += 1
    if current is not None:
        words.append(Word(toText(bytes(current)), placeOf(start)))
    return words


def writeWord(word: str) -> str:
    """
    The inverse of L{splitWords} for one word: printable text without blanks, with as few escapes as will do.

    @param word: the word; C{#} is left alone, as YAML values have no comments of the classic kind.
    @return: text that is split into the very same bytes again.
    """
    written = ""
    for character in reversed(word):
        if character == "\\":
            written = ("\\\\" if not written or written[0] in _AFTER_BACKSLASH else "\\") + written
        elif character in _WRITTEN:
            written = _WRITTEN[character] + written
        elif character.isprintable():
            written = character + written
        else:
            written = "".join("\\x%02x" % (byte,) for byte in toBytes(character)) + written
    return written


def commentOf(line: bytes) -> Optional[bytes]:
    """
    The comment of a line of the classic language.

    @param line: the line, with or without its end.
    @return: what follows the first C{#} that is not escaped, or C{None} without one.
    """
    position = 0
    while position < len(line):
        if line[position] == 0x23:
            return line[position + 1 :].rstrip()
        position += 2 if line[position] == 0x5C else 1
    return None


def _escape(data: bytes, position: int, placeOf: Callable[[int], Place]) -> Tuple[bytes, int]:
    following = data[position + 1] if position + 1 < len(data) else None
    if following is None:
        return b"\\", position + 1
    if following in _SELF:
        return bytes([following]), position + 2
    if following in _LETTERS:
        return _LETTERS[following], position + 2
    if following == 0x78:
        digits = data[position + 2 : position + 4]
        if len(digits) != 2 or any(digit not in _HEX for digit in digits):
            raise Refused("'\\x' needs two hexadecimal digits", placeOf(position))
        return bytes([int(digits, 16)]), position + 4
    if following in b"\r\n":
        return b"\\", position + 1
    return data[position : position + 2], position + 2
