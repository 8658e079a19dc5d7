# -*- test-case-name: lbproxy.test.config.keywords.test_captures -*-
"""
What of a request and a response goes into the log: C{capture} (LOG-17, LOG-19).
"""

from lbproxy.config.draft import Draft, Line
from lbproxy.config.errors import Refused
from lbproxy.config.grammar import checkText, checkToken, read, readOptions
from lbproxy.config.model import Capture
from lbproxy.config.registry import Keyword, Parser, Shape, register
from lbproxy.config.units import parseNumber

LONGEST_COOKIE = 63
"""
Bytes of a cookie that are logged at most (reference 6).
"""


def _readLength(line: Line) -> int:
    found = readOptions(line.arguments[1:], ("len",))
    if "len" not in found:
        raise Refused("needs 'len NUMBER' after the name")
    return read(found["len"], lambda text: parseNumber(text, 1))


def parseCookieCapture(draft: Draft, line: Line) -> None:
    """
    C{capture cookie NAME len N}: the name is a beginning, C{=} at its end makes it exact.
    """
    name = checkText("a cookie name", line.need(0, "a cookie name"), b" ,;")
    length = _readLength(line)
    if length > LONGEST_COOKIE:
        line.warn("%d bytes are too many: %d are captured" % (length, LONGEST_COOKIE))
        length = LONGEST_COOKIE
    draft.set("cookieCapture", Capture(name, length, line.place), line.place)


def addsCapture(field: str) -> Parser:
    """
    A parser for C{NAME len N}.

    @param field: C{"requestCaptures"} or C{"responseCaptures"}.
    """

    def parse(draft: Draft, line: Line) -> None:
        name = checkToken("a header", line.need(0, "a header name"))
        draft.append(field, Capture(name, _readLength(line), line.place), line.place)

    return parse


register(
    Keyword(
        "capture cookie",
        "FL",
        parseCookieCapture,
        grammar="NAME len NUMBER",
        field="cookieCapture",
        repeat="overwrite",
        help="Log the first cookie, of the request and of the response, whose name starts like this.",
        example="capture cookie JSESSIONID= len 32",
        shape=Shape(("name",), ("len",)),
    )
)
for _message in ("request", "response"):
    register(
        Keyword(
            "capture %s header" % (_message,),
            "FL",
            addsCapture(_message + "Captures"),
            grammar="NAME len NUMBER",
            field=_message + "Captures",
            repeat="many",
            fatalInDefaults=True,
            help="Log the last header of this name of a %s." % (_message,),
            example="capture %s header %s len 64" % (_message, "Referer" if _message == "request" else "Location"),
            shape=Shape(("name",), ("len",)),
        )
    )
