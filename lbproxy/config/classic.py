# -*- test-case-name: lbproxy.test.config.test_classic -*-
"""
The classic language: one statement per line (CFG-01 to CFG-03).
"""

from lbproxy.config.errors import Refused
from lbproxy.config.loader import SECTION_KINDS, Loader
from lbproxy.config.model import Place
from lbproxy.config.words import splitWords, toText

MAX_LINE = 2047
"""
Longest line, in characters without its end.
"""

MAX_WORDS = 64
"""
Words kept of a line; more are dropped with a warning.
"""


def readClassic(data: bytes, loader: Loader) -> None:
    """
    Feed a classic file to a loader. Problems go to the loader's report.

    @param data: contents of the file.
    """
    for index, line in enumerate(data.split(b"\n")):
        _readLine(line, index + 1, loader)


def _readLine(line: bytes, number: int, loader: Loader) -> None:
    report = loader.world.report
    start = Place(loader.file, number)
    if len(line.rstrip(b"\r")) > MAX_LINE:
        report.error(start, "the line is longer than %d characters" % (MAX_LINE,))
        return
    try:
        words = splitWords(line, lambda offset: Place(loader.file, number, len(toText(line[:offset])) + 1))
    except Refused as refused:
        report.error(refused.place or start, refused.text, refused.hint)
        return
    if not words:
        return
    if len(words) > MAX_WORDS:
        report.warning(words[MAX_WORDS].place, "only the first %d words of a line count" % (MAX_WORDS,))
        del words[MAX_WORDS:]
    if words[0] in SECTION_KINDS:
        loader.section(words)
    elif words[0] == "ruleset":
        report.error(words[0].place, "'ruleset' sections are not supported")
    else:
        loader.statement(words)
