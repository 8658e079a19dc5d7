# -*- test-case-name: lbproxy.test.config.keywords.test_servers -*-
"""
The words of a C{server} line after its address (reference 3).
"""

from typing import Callable, Optional

from lbproxy.config.addresses import numeric, parsePort, splitHostPort
from lbproxy.config.draft import Draft, Line
from lbproxy.config.grammar import checkText, read, setsDuration, setsFlag, setsNumber
from lbproxy.config.keywords.limits import parseId
from lbproxy.config.keywords.servers import parseSource
from lbproxy.config.registry import Keyword, register
from lbproxy.config.words import Word


def parseCheckAddress(draft: Draft, line: Line) -> None:
    """
    C{addr ADDRESS[:PORT]} (CHK-02).
    """
    word = line.only("an address")
    host, port = read(word, lambda text: splitHostPort(text, 0))
    host = read(Word(host, word.place), lambda text: numeric(text, line.world.resolve))
    draft.set("checkAddress", host, line.place)
    draft.set("checkAddressPort", port or None, line.place)


def parseCheckPort(draft: Draft, line: Line) -> None:
    """
    C{port N} (CHK-02).
    """
    draft.set("checkPort", read(line.only("a port"), parsePort), line.place)


def parseServerCookie(draft: Draft, line: Line) -> None:
    """
    C{cookie TEXT} (CKI-02): the value must be one that a cookie can have.
    """
    draft.set("cookie", checkText("a cookie value", line.only("a value"), b" ;,"), line.place)


def parseServerRedirect(draft: Draft, line: Line) -> None:
    """
    C{redir PREFIX} (HTP-28).
    """
    draft.set("redirect", checkText("a location", line.only("a prefix"), b" "), line.place)


def _word(
    name: str,
    parse: Callable[[Draft, Line], None],
    field: str,
    grammar: str,
    summary: str,
    default: Optional[str] = None,
) -> None:
    register(
        Keyword(
            name,
            "S",
            parse,
            grammar=grammar,
            field=field,
            default=default,
            flag=not grammar,
            arity=1 if grammar else 0,
            help=summary,
            example="server s1 10.0.0.1:80 %s" % (name if not grammar else "%s %s" % (name, grammar),),
        )
    )


_word("weight", setsNumber("weight", 1, 256), "weight", "NUMBER", "Share of the load, 1 to 256.", "1")
_word("backup", setsFlag("backup"), "backup", "", "Only used when no other server is usable.")
_word("check", setsFlag("check"), "check", "", "Enable health checks.")
_word("inter", setsDuration("inter", True), "inter", "TIME", "Time between checks.", "2s")
_word("fastinter", setsDuration("fastinter", True), "fastinter", "TIME", "The same while in transition.", "inter")
_word("downinter", setsDuration("downinter", True), "downinter", "TIME", "The same while down.", "inter")
_word("rise", setsNumber("rise", 1), "rise", "NUMBER", "Successful checks that bring it up.", "2")
_word("fall", setsNumber("fall", 1), "fall", "NUMBER", "Failed checks that take it down.", "3")
_word("addr", parseCheckAddress, "checkAddress", "ADDRESS[:PORT]", "Address for checks.", "its own")
_word("port", parseCheckPort, "checkPort", "PORT", "Port for checks.", "that of addr, its own, the first bind's")
_word("maxconn", setsNumber("maxconn", 0), "maxconn", "NUMBER", "Concurrent sessions, 0 for no limit.", "0")
_word("minconn", setsNumber("minconn", 0), "minconn", "NUMBER", "That limit while the load is low.", "maxconn")
_word("maxqueue", setsNumber("maxqueue", 0), "maxqueue", "NUMBER", "Requests that may wait, 0 for no limit.", "0")
_word("id", parseId, "id", "NUMBER", "Number in the statistics, above 1000.", "its position")
_word("source", parseSource, "source", "ADDRESS[:PORT]", "Address to connect from.", "the backend's")
_word("pool-max-conn", setsNumber("poolMaxConn", 0), "poolMaxConn", "NUMBER", "Idle connections kept.", "1000")
_word("cookie", parseServerCookie, "cookie", "TEXT", "Value of the persistence cookie that names this server.")
_word("redir", parseServerRedirect, "redirect", "PREFIX", "Answer GET and HEAD with a redirect to this and the path.")
