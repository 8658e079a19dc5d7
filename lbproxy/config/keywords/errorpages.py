# -*- test-case-name: lbproxy.test.config.keywords.test_errorpages -*-
"""
Pages of errors: C{errorfile} and C{errorloc} (ERR-02 to ERR-04). A status has one page: the last statement wins.
"""

from typing import Any, Optional, Tuple

from lbproxy.config.draft import Draft, Line
from lbproxy.config.errors import Refused
from lbproxy.config.grammar import checkText, read
from lbproxy.config.registry import Keyword, Parser, Shape, register
from lbproxy.config.units import parseNumber
from lbproxy.config.words import Word

STATUSES = (400, 403, 408, 500, 502, 503, 504)


def _readStatus(line: Line, what: str) -> Tuple[Optional[int], Word]:
    status = read(line.need(0, "a status code"), parseNumber)
    word = line.need(1, "%s after the status code" % (what,))
    line.atMost(2)
    if status in STATUSES:
        return status, word
    known = ", ".join(str(code) for code in STATUSES)
    line.warn("status %d has no error page; ignored" % (status,), line.arguments[0].place, "known: " + known)
    return None, word


def _setPage(draft: Draft, line: Line, field: str, other: str, status: int, page: Any) -> None:
    """
    @param other: the field that no longer has a page for this status.
    """
    pages = dict(draft.get(field, {}))
    pages[status] = page
    draft.set(field, pages, line.place)
    draft.places["%s.%d" % (field, status)] = line.place
    if status in draft.get(other, {}):
        draft.values[other] = {code: page for code, page in draft.get(other).items() if code != status}


def parseErrorFile(draft: Draft, line: Line) -> None:
    """
    C{errorfile STATUS FILE}: the file is read now.
    """
    status, path = _readStatus(line, "a file")
    if status is None:
        return
    try:
        page = line.world.environment.readFile(path)
    except (OSError, ValueError) as error:
        raise Refused("cannot read '%s': %s" % (path, getattr(error, "strerror", None) or error), path.place) from None
    _setPage(draft, line, "errorFiles", "errorLocations", status, page)


def setsLocation(code: int) -> Parser:
    """
    A parser for C{STATUS URL}.

    @param code: 302 or 303: how the client is sent there.
    """

    def parse(draft: Draft, line: Line) -> None:
        status, word = _readStatus(line, "a URL")
        if status is not None:
            location = code, checkText("a location", word, b" ")
            _setPage(draft, line, "errorLocations", "errorFiles", status, location)

    return parse


register(
    Keyword(
        "errorfile",
        "DFLB",
        parseErrorFile,
        grammar="STATUS FILE",
        field="errorFiles",
        inherit="any",
        repeat="many",
        help="Send this file, head included, instead of the page for a status.",
        example="errorfile 503 /etc/lbproxy/503.http",
        shape=Shape(("status", "file"), keyed=True),
    )
)
for _name, _code in (("errorloc", 302), ("errorloc302", 302), ("errorloc303", 303)):
    register(
        Keyword(
            _name,
            "DFLB",
            setsLocation(_code),
            grammar="STATUS URL",
            field="errorLocations",
            inherit="any",
            repeat="many",
            help="Send a redirection (%d) to this URL instead of the page for a status." % (_code,),
            example=_name + " 503 http://www.example.com/sorry.html",
            shape=Shape(("status", "url"), keyed=True),
        )
    )
