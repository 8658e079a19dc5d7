# -*- test-case-name: lbproxy.test.config.keywords.test_proxies -*-
"""
Addresses that proxies listen on (CFG-27, CFG-32).
"""

from typing import List, Optional

from lbproxy.config.addresses import checkUnixPath, numeric, splitPortRange
from lbproxy.config.draft import Draft, Line, World
from lbproxy.config.errors import Refused
from lbproxy.config.grammar import read
from lbproxy.config.keywords.globals import parseMode
from lbproxy.config.model import Bind
from lbproxy.config.registry import Keyword, Shape, register
from lbproxy.config.units import parseNumber
from lbproxy.config.words import Word


def parseBind(draft: Draft, line: Line) -> None:
    """
    C{bind ADDRESS[,ADDRESS...] [mode OCTAL]}.
    """
    addresses = line.need(0, "an address")
    mode: Optional[int] = None
    words = iter(line.arguments[1:])
    for word in words:
        if word in ("transparent", "interface"):
            raise Refused("keyword '%s' is not supported yet" % (word,), word.place)
        if word != "mode":
            raise Refused("unknown word '%s'" % (word,), word.place, "the only one is 'mode'")
        value = next(words, None)
        if value is None:
            raise Refused("'mode' needs a value", word.place)
        mode = read(value, parseMode)
    for bind in parseAddresses(addresses, line.world, mode):
        if mode is not None and bind.path is None:
            raise Refused("'mode' only applies to UNIX sockets", line.place)
        draft.append("binds", bind, addresses.place)


def parseAddresses(word: Word, world: World, mode: Optional[int] = None) -> List[Bind]:
    """
    Read a comma list of C{[ADDRESS]:PORT}, C{[ADDRESS]:FIRST-LAST}, C{/PATH}, C{unix@/PATH} and C{fd@N}.

    @raise Refused: one of them is malformed.
    """
    binds: List[Bind] = []
    for part in word.split(","):
        if part.startswith("fd@"):
            number = part[3:]
            binds.append(Bind(fd=read(Word(number, word.place), lambda text: parseNumber(text, 0)), place=word.place))
        elif part.startswith("/") or part.startswith("unix@"):
            path = part[5:] if part.startswith("unix@") else part
            binds.append(Bind(path=read(Word(path, word.place), checkUnixPath), mode=mode, place=word.place))
        else:
            host, ports = read(Word(part, word.place), splitPortRange)
            host = _host(Word(host, word.place), world)
            binds.extend(Bind(host, port, place=word.place) for port in ports)
    return binds


def _host(word: Word, world: World) -> str:
    if word in ("", "*"):
        return "0.0.0.0"
    return read(word, lambda text: numeric(text, world.resolve))


register(
    Keyword(
        "bind",
        "FL",
        parseBind,
        grammar="[ADDRESS]:PORT[-PORT][,...] | /PATH [mode OCTAL] | fd@N",
        field="binds",
        repeat="many",
        fatalInDefaults=True,
        help="Addresses to listen on; an empty one or '*' means every IPv4 address.",
        example="bind *:80,10.0.0.1:8000-8010",
        shape=Shape(("address",), ("mode", "transparent", "interface")),
    )
)
