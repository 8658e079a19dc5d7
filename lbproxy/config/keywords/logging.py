# -*- test-case-name: lbproxy.test.config.keywords.test_proxies -*-
"""
C{log} lines (LOG-01, LOG-02, LOG-05).
"""

from typing import Tuple, Union

from lbproxy.config.addresses import checkUnixPath, numeric, splitHostPort
from lbproxy.config.draft import Draft, Line
from lbproxy.config.errors import Refused, didYouMean
from lbproxy.config.grammar import read
from lbproxy.config.model import LogTarget
from lbproxy.config.registry import Keyword, Shape, register
from lbproxy.config.words import Word

FACILITIES = (
    "kern user mail daemon auth syslog lpr news uucp cron auth2 ftp ntp audit alert cron2 "
    "local0 local1 local2 local3 local4 local5 local6 local7"
).split()
LEVELS = "emerg alert crit err warning notice info debug".split()
SYSLOG_PORT = 514
MOST_TARGETS = 2

GLOBAL_LOGS = "global"
"""
Stands for C{log global} in the list of a draft until the file is complete.
"""


def parseLog(draft: Draft, line: Line) -> None:
    """
    C{log ADDRESS[:PORT] FACILITY [LEVEL]}, and C{log global} in a proxy.
    """
    first = line.need(0, "an address" if draft.kind == "global" else "an address or 'global'")
    if first == "global" and draft.kind != "global" and len(line.arguments) == 1:
        draft.set("logs", (GLOBAL_LOGS,), line.place)
        return
    line.need(1, "a facility after the address")
    line.atMost(3)
    facility = _index(line.arguments[1], FACILITIES, "facility")
    level = _index(line.arguments[2], LEVELS, "level") if len(line.arguments) > 2 else len(LEVELS) - 1
    logs = draft.get("logs", ())
    if len([target for target in logs if target != GLOBAL_LOGS]) >= MOST_TARGETS:
        raise Refused("there are already %d log targets" % (MOST_TARGETS,), line.place)
    target = LogTarget(_address(first, line), facility, level, line.place)
    draft.set("logs", logs + (target,), line.place)


def _address(word: Word, line: Line) -> Union[Tuple[str, int], str]:
    if word.startswith("/"):
        return read(word, checkUnixPath)
    host, port = read(word, lambda text: splitHostPort(text, SYSLOG_PORT))
    return read(Word(host, word.place), lambda text: numeric(text, line.world.resolve)), port


def _index(word: Word, names: "list[str]", what: str) -> int:
    if word not in names:
        raise Refused("unknown log %s '%s'" % (what, word), word.place, didYouMean(word, names))
    return names.index(word)


_SHAPE = Shape(("address", "facility", "level"))

register(
    Keyword(
        "log",
        "G",
        parseLog,
        grammar="ADDRESS[:PORT] FACILITY [LEVEL]",
        field="logs",
        repeat="many",
        help="Send logs there; at most two.",
        example="log 127.0.0.1:514 local0 info",
        shape=_SHAPE,
    )
)
register(
    Keyword(
        "log",
        "DFLB",
        parseLog,
        grammar="global | ADDRESS[:PORT] FACILITY [LEVEL]",
        field="logs",
        inherit="any",
        repeat="many",
        help="Send logs there, or where the global section says; at most two.",
        example="log global",
        shape=_SHAPE,
    )
)
