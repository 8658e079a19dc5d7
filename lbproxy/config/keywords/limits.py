# -*- test-case-name: lbproxy.test.config.keywords.test_proxies -*-
"""
What a proxy is: mode, state, identity, limits.
"""

from lbproxy.config.draft import Draft, Line
from lbproxy.config.errors import Refused, didYouMean
from lbproxy.config.grammar import read, setsDuration, setsFlag, setsNumber
from lbproxy.config.registry import Keyword, register
from lbproxy.config.units import parseNumber

_LEAST_ID = 1001


def parseMode(draft: Draft, line: Line) -> None:
    """
    C{mode tcp|http|health} (ERR-10).
    """
    word = line.only("'tcp' or 'http'")
    if word == "health":
        line.warn("mode 'health' is obsolete", word.place, "use 'monitor-uri' or 'monitor-net' in mode http")
    elif word not in ("tcp", "http"):
        raise Refused("unknown mode '%s': use 'tcp' or 'http'" % (word,), word.place, didYouMean(word, ("tcp", "http")))
    draft.set("mode", str(word), line.place)


def parseId(draft: Draft, line: Line) -> None:
    """
    C{id N}, for proxies and servers (CFG-19).
    """
    word = line.only("a number")
    value = read(word, parseNumber)
    if value < _LEAST_ID:
        raise Refused("%d is too small: ids up to 1000 are reserved" % (value,), word.place)
    draft.set("id", value, line.place)


register(
    Keyword(
        "mode",
        "DFLB",
        parseMode,
        grammar="tcp | http | health",
        field="mode",
        default="tcp",
        inherit="any",
        help="Relay bytes, understand HTTP, or only answer that lbproxy is alive.",
        example="mode http",
    )
)
register(
    Keyword(
        "maxconn",
        "DFL",
        setsNumber("maxconn", 1),
        grammar="NUMBER",
        field="maxconn",
        default="2000",
        inherit="frontend",
        help="Concurrent client connections; more wait in the kernel.",
        example="maxconn 1000",
    )
)
register(
    Keyword(
        "fullconn",
        "DLB",
        setsNumber("fullconn", 1),
        grammar="NUMBER",
        field="fullconn",
        default="maxconn of a listen section",
        inherit="backend",
        help="Load of the backend at which its servers reach their maxconn.",
        example="fullconn 500",
    )
)
register(
    Keyword(
        "backlog",
        "DFL",
        setsNumber("backlog", 1),
        grammar="NUMBER",
        field="backlog",
        default="maxconn",
        inherit="frontend",
        help="Connections the kernel may hold before they are accepted.",
        example="backlog 200",
    )
)
register(
    Keyword(
        "grace",
        "DFLB",
        setsDuration("grace"),
        grammar="TIME",
        field="grace",
        default="0",
        inherit="any",
        help="How long a proxy still accepts connections once a soft stop began.",
        example="grace 10s",
    )
)
register(
    Keyword(
        "id",
        "FLB",
        parseId,
        grammar="NUMBER",
        field="id",
        default="position in the file",
        fatalInDefaults=True,
        help="Number of the proxy in the statistics, above 1000.",
        example="id 1001",
    )
)
register(
    Keyword(
        "disabled",
        "DFLB",
        setsFlag("disabled"),
        field="disabled",
        flag=True,
        inherit="any",
        help="The proxy is checked but not started.",
        example="disabled",
    )
)
register(
    Keyword(
        "enabled",
        "DFLB",
        setsFlag("disabled", False),
        field="disabled",
        flag=True,
        inherit="any",
        help="Revert an inherited 'disabled'.",
        example="enabled",
    )
)
