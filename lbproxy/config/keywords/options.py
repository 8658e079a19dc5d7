# -*- test-case-name: lbproxy.test.config.keywords.test_proxies -*-
"""
C{option} keywords, and the bare words that some of them replace (CFG-14 to CFG-16, CKI-05, HTP-22 to
HTP-27, STA-17).
"""

from typing import Callable, Dict

from lbproxy.config.addresses import parseNetwork
from lbproxy.config.draft import Draft, Line
from lbproxy.config.grammar import checkToken, read, readOptions, setsFlag
from lbproxy.config.model import Check, ForwardFor
from lbproxy.config.registry import Keyword, Shape, register
from lbproxy.config.words import toBytes

_BOOLEAN = (
    ("httpclose", "DFLB", "httpClose", "any", "Close both connections after each response."),
    ("forceclose", "DLB", "forceClose", "any", "As httpclose, actively closing towards the server."),
    ("http_proxy", "DFLB", "httpProxy", "any", "Send each request to the address in its URI."),
    ("dontlognull", "DFL", "dontLogNull", "any", "Do not log connections without any data."),
    ("logasap", "DFL", "logAsap", "any", "Log as soon as the response starts."),
    ("contstats", "DFL", "contStats", "any", "Count bytes while they flow, not at the end of a session."),
    ("abortonclose", "DLB", "abortOnClose", "any", "Drop a waiting request when its client closes."),
    ("allbackups", "DLB", "allBackups", "any", "Use all backup servers together."),
    ("redispatch", "DLB", "redispatch", "any", "Choose another server for the last attempt."),
    ("persist", "DLB", "persist", "any", "Follow a persistence cookie even to a server that is down."),
    ("checkcache", "DLB", "checkCache", "any", "Block responses that set a cookie and may be cached."),
)


def setsLogFormat(name: str) -> Callable[[Draft, Line], None]:
    """
    A parser for C{option httplog} and C{option tcplog}.
    """

    def parse(draft: Draft, line: Line) -> None:
        line.atMost(0)
        draft.set("logFormat", name, line.place)

    return parse


def parseForwardFor(draft: Draft, line: Line) -> None:
    """
    C{option forwardfor [except NETWORK] [header NAME]} (HTP-22 to HTP-24).
    """
    found = readOptions(line.arguments, ("except", "header"))
    network = read(found["except"], parseNetwork) if "except" in found else None
    name = checkToken("a header", found["header"]) if "header" in found else ForwardFor().header
    draft.set("forwardFor", ForwardFor(name, network), line.place)


def parseHttpCheck(draft: Draft, line: Line) -> None:
    """
    C{option httpchk [[METHOD] URI [VERSION]]} (CHK-03); the version may hold further header lines.
    """
    line.atMost(3)
    words = [toBytes(word) for word in line.arguments]
    if len(words) == 1:
        words.insert(0, b"OPTIONS")
    defaults = [b"OPTIONS", b"/", b"HTTP/1.0"]
    request = b" ".join(words + defaults[len(words) :])
    draft.set("check", Check("http", request + b"\r\n\r\n"), line.place)


def parseOldRedispatch(draft: Draft, line: Line) -> None:
    """
    C{redispatch} and C{redisp} (CFG-16).
    """
    line.warn("this keyword is deprecated", None, "write 'option redispatch'")
    setsFlag("redispatch")(draft, line)


def _option(name: str, sections: str, parse: Callable[[Draft, Line], None], field: str, **more: object) -> None:
    more.setdefault("example", "option " + name)
    register(Keyword("option " + name, sections, parse, field=field, **more))  # type: ignore[arg-type]


for _name, _sections, _field, _inherit, _summary in _BOOLEAN:
    _option(
        _name,
        _sections,
        setsFlag(_field),
        _field,
        inherit=_inherit,
        invertible=True,
        flag=True,
        help=_summary,
    )
_FORMATS: Dict[str, str] = {
    "httplog": "Log each HTTP request with timers and state.",
    "tcplog": "Log each session with timers and state.",
}
for _name, _summary in _FORMATS.items():
    _option(
        _name,
        "DFLB",
        setsLogFormat(_name[:-3]),
        "logFormat",
        inherit="frontend",
        flag=True,
        help=_summary,
    )
_option(
    "forwardfor",
    "DFLB",
    parseForwardFor,
    "forwardFor",
    grammar="[except NETWORK] [header NAME]",
    inherit="any",
    help="Tell servers the client's address in a header.",
    example="option forwardfor except 127.0.0.0/8",
    shape=Shape((), ("except", "header")),
)
_option(
    "httpchk",
    "DLB",
    parseHttpCheck,
    "check",
    grammar="[[METHOD] URI [VERSION]]",
    default="OPTIONS / HTTP/1.0",
    inherit="backend",
    help="Check servers with an HTTP request.",
    example="option httpchk GET /health",
    shape=Shape(("method", "uri", "version")),
)
for _name in ("redispatch", "redisp"):
    register(
        Keyword(
            _name,
            "DLB",
            parseOldRedispatch,
            field="redispatch",
            inherit="any",
            flag=True,
            help="Deprecated.",
            example=_name,
            replacedBy="option redispatch",
        )
    )
