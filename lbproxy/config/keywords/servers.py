# -*- test-case-name: lbproxy.test.config.keywords.test_servers -*-
"""
C{server}, C{source} and C{retries}.
"""

from typing import NoReturn

from lbproxy.config.addresses import numeric, splitHostPort, splitServer
from lbproxy.config.draft import Draft, Line
from lbproxy.config.errors import Refused, didYouMean
from lbproxy.config.grammar import read, setsNumber
from lbproxy.config.identifiers import checkName
from lbproxy.config.registry import Keyword, Registry, Shape, register
from lbproxy.config.words import Word


def parseServer(draft: Draft, line: Line) -> None:
    """
    C{server NAME ADDRESS[:PORT] [OPTIONS]} (reference 3, CFG-33, CFG-34). Each word of the options is a keyword of
    the registry with the letter C{S}.
    """
    name = line.need(0, "a name and an address")
    checkName("server", name)
    address = line.need(1, "an address after the name '%s'" % (name,))
    server = Draft("server", str(name), name.place)
    host, port, offset = read(address, splitServer)
    server.set("address", read(Word(host, address.place), lambda text: numeric(text, line.world.resolve)), line.place)
    server.set("port", port, line.place)
    server.set("portOffset", offset, line.place)
    failed = False
    position = 2
    while position < len(line.arguments):
        try:
            position = _option(server, line, position)
        except Refused as refused:
            failed = True
            line.error("server '%s': %s" % (name, refused.text), refused.place, refused.hint)
            position = _nextOption(line, position + 1)
    if not failed:
        draft.append("servers", server, line.place)


def _option(server: Draft, line: Line, position: int) -> int:
    registry = line.world.registry
    word = line.arguments[position]
    keyword, _ = registry.find("server", [word])
    if keyword is None:
        _unknown(registry, word)
    end = position + 1 + keyword.arity
    arguments = line.arguments[position + 1 : end]
    if len(arguments) < keyword.arity:
        raise Refused("'%s' needs a value" % (word,), word.place)
    keyword.parse(server, Line(str(word), arguments, word.place, line.world, server.label))
    server.written.setdefault(keyword.name, word.place)
    return end


def _unknown(registry: Registry, word: Word) -> NoReturn:
    if registry.findUnsupported("server", [word]):
        raise Refused("keyword '%s' is not supported yet" % (word,), word.place)
    names = [keyword.name for keyword in registry.keywords("server")]
    hint = didYouMean(word, registry.names("server"))
    raise Refused("unknown word '%s'; the known ones are %s" % (word, ", ".join(names)), word.place, hint)


def _nextOption(line: Line, position: int) -> int:
    registry = line.world.registry
    while position < len(line.arguments):
        word = line.arguments[position]
        if registry.find("server", [word])[0] or registry.findUnsupported("server", [word]):
            break
        position += 1
    return position


def parseSource(draft: Draft, line: Line) -> None:
    """
    C{source ADDRESS[:PORT]}, of a backend or a server.
    """
    word = line.need(0, "an address")
    if len(line.arguments) > 1 and line.arguments[1] in ("usesrc", "interface"):
        raise Refused("keyword '%s' is not supported yet" % (line.arguments[1],), line.arguments[1].place)
    line.atMost(1)
    host, port = read(word, lambda text: splitHostPort(text, 0))
    if host == "*":
        host = "0.0.0.0"
    host = read(Word(host, word.place), lambda text: numeric(text, line.world.resolve))
    draft.set("source", (host, port), line.place)


register(
    Keyword(
        "server",
        "LB",
        parseServer,
        grammar="NAME ADDRESS[:[+-]PORT] [OPTION...]",
        field="servers",
        repeat="many",
        fatalInDefaults=True,
        help="Add a server.",
        example="server app1 10.0.0.1:80 weight 10 check inter 2s",
        shape=Shape(("name", "address"), keyed=True, plural="servers"),
    )
)
register(
    Keyword(
        "source",
        "DLB",
        parseSource,
        grammar="ADDRESS[:PORT]",
        field="source",
        inherit="backend",
        help="Address that connections to servers come from.",
        example="source 10.0.0.254",
        shape=Shape(("address",), ("usesrc", "interface")),
    )
)
register(
    Keyword(
        "retries",
        "DLB",
        setsNumber("retries", 0),
        grammar="NUMBER",
        field="retries",
        default="3",
        inherit="backend",
        help="Attempts to connect after the first one.",
        example="retries 2",
    )
)
