# -*- test-case-name: lbproxy.test.config.keywords.test_proxies -*-
"""
C{errorfile} (ERR-02).
"""

from lbproxy.config.draft import Draft, Line
from lbproxy.config.errors import Refused
from lbproxy.config.grammar import read
from lbproxy.config.registry import Keyword, Shape, register
from lbproxy.config.units import parseNumber

STATUSES = (400, 403, 408, 500, 502, 503, 504)


def parseErrorFile(draft: Draft, line: Line) -> None:
    """
    C{errorfile STATUS FILE}: the file is read now.
    """
    status = read(line.need(0, "a status code"), parseNumber)
    path = line.need(1, "a file after the status code")
    line.atMost(2)
    if status not in STATUSES:
        known = ", ".join(str(code) for code in STATUSES)
        line.warn("status %d has no error page; ignored" % (status,), line.arguments[0].place, "known: " + known)
        return
    try:
        page = line.world.environment.readFile(path)
    except (OSError, ValueError) as error:
        raise Refused("cannot read '%s': %s" % (path, getattr(error, "strerror", None) or error), path.place) from None
    pages = dict(draft.get("errorFiles", {}))
    pages[status] = page
    draft.set("errorFiles", pages, line.place)
    draft.places["errorFiles.%d" % (status,)] = line.place


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
