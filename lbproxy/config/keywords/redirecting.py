# -*- test-case-name: lbproxy.test.config.keywords.test_redirecting -*-
"""
C{redirect} (SWI-10 to SWI-15).
"""

from lbproxy.config.conditions import parseCondition
from lbproxy.config.draft import Draft, Line
from lbproxy.config.errors import Refused
from lbproxy.config.grammar import checkText, read, readOptions, splitCondition
from lbproxy.config.model import RedirectRule
from lbproxy.config.registry import Keyword, Shape, register
from lbproxy.config.units import parseNumber
from lbproxy.config.words import Word

KINDS = ("location", "prefix")
CODES = (301, 302, 303)
_COOKIES = ("set-cookie", "clear-cookie")
_VALUED = KINDS + ("code",) + _COOKIES


def _readCode(text: str) -> int:
    code = parseNumber(text)
    if code not in CODES:
        raise ValueError("code %d is not one of %s" % (code, ", ".join(str(known) for known in CODES)))
    return code


def _readCookie(name: str, word: Word) -> bytes:
    text = checkText("a cookie", word)
    return text if name == "set-cookie" else text + b"; Max-Age=0"


def parseRedirect(draft: Draft, line: Line) -> None:
    """
    C{redirect location|prefix TO [code CODE] [drop-query] [set-cookie NAME[=VALUE]] [clear-cookie NAME[=]] if|unless
    CONDITION}. Of several cookies the last one counts.
    """
    words, condition = splitCondition(line.arguments)
    found = readOptions(words, _VALUED, ("drop-query",))
    kinds = [kind for kind in found if kind in KINDS]
    if not kinds:
        raise Refused("needs 'location TO' or 'prefix TO'")
    if len(kinds) > 1:
        raise Refused("'location' and 'prefix' exclude each other", found[kinds[1]].place)
    cookies = [_readCookie(name, found[name]) for name in found if name in _COOKIES]
    rule = RedirectRule(
        kinds[0],
        checkText("a location", found[kinds[0]], b" "),
        parseCondition(condition, line.place),
        read(found["code"], _readCode) if "code" in found else 302,
        "drop-query" in found,
        cookies[-1] if cookies else None,
        line.place,
    )
    draft.append("redirectRules", rule, line.place)


register(
    Keyword(
        "redirect",
        "FLB",
        parseRedirect,
        grammar="location|prefix TO [code 301|302|303] [drop-query] [set-cookie NAME[=VALUE]] [clear-cookie NAME[=]] "
        "if|unless CONDITION",
        field="redirectRules",
        repeat="many",
        fatalInDefaults=True,
        help="Answer with a redirection when the condition holds.",
        example="redirect prefix https://www.example.com code 301 if { path_beg /login }",
        shape=Shape((), _VALUED + ("drop-query", "if", "unless"), split=("if", "unless")),
    )
)
