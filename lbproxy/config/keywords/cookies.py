# -*- test-case-name: lbproxy.test.config.keywords.test_cookies -*-
"""
Persistence: C{cookie} and C{appsession} (CKI-01, CKI-12, CKI-19, CKI-24).
"""

import string

from lbproxy.config.draft import Draft, Line
from lbproxy.config.errors import Refused
from lbproxy.config.grammar import checkText, read, readOptions
from lbproxy.config.model import AppSession, Cookie
from lbproxy.config.registry import Keyword, Shape, register
from lbproxy.config.units import parseDuration, parseNumber
from lbproxy.config.words import Word, toBytes

MODES = ("insert", "rewrite", "prefix")
_FLAGS = MODES + ("indirect", "nocache", "postonly")
_DOMAIN = frozenset((string.ascii_letters + string.digits + "-_.").encode("ascii"))
_NAME_ENDS = b" =,;"


def readCookieName(word: Word) -> bytes:
    """
    Take a word as the name of a cookie.

    @raise Refused: it has a character that no cookie name can have.
    """
    return checkText("a cookie name", word, _NAME_ENDS)


def readDomain(word: Word) -> bytes:
    """
    Take a word as the domain of a cookie (CKI-12).

    @raise Refused: it does not start with a dot, has no other dot, or has a character that no host name has.
    """
    domain = toBytes(word)
    if domain[:1] != b"." or b"." not in domain[1:]:
        raise Refused(
            "domain '%s' must start with a dot and contain another one" % (word,), word.place, "e.g. '.example.com'"
        )
    for byte in domain:
        if byte not in _DOMAIN:
            raise Refused("character '%s' is not allowed in domain '%s'" % (chr(byte), word), word.place)
    return domain


def parseCookie(draft: Draft, line: Line) -> None:
    """
    C{cookie NAME [insert|rewrite|prefix] [indirect] [nocache] [postonly] [domain DOMAIN]}.
    """
    name = readCookieName(line.need(0, "a cookie name"))
    found = readOptions(line.arguments[1:], ("domain",), _FLAGS)
    modes = [found[mode] for mode in found if mode in MODES]
    if len(modes) > 1:
        raise Refused("'%s' and '%s' exclude each other" % (modes[0], modes[1]), modes[1].place)
    if "rewrite" in found and "indirect" in found:
        raise Refused("'rewrite' and 'indirect' exclude each other", found["indirect"].place)
    cookie = Cookie(
        name,
        str(modes[0]) if modes else None,
        "indirect" in found,
        "nocache" in found,
        "postonly" in found,
        readDomain(found["domain"]) if "domain" in found else None,
        line.place,
    )
    draft.set("cookie", cookie, line.place)


def parseAppSession(draft: Draft, line: Line) -> None:
    """
    C{appsession COOKIE len N [timeout TIME] [entries N]}. The timeout may also be that of C{timeout appsession}.
    """
    name = readCookieName(line.need(0, "a cookie name"))
    found = readOptions(line.arguments[1:], ("len", "timeout", "entries"))
    if "len" not in found:
        raise Refused("needs 'len NUMBER', the characters of the cookie that count")
    length = read(found["len"], lambda text: parseNumber(text, 1))
    session = AppSession(name, length, place=line.place)
    if "entries" in found:
        session = AppSession(name, length, read(found["entries"], lambda text: parseNumber(text, 1)), line.place)
    if "timeout" in found:
        draft.set("timeouts.appsession", read(found["timeout"], parseDuration), line.place)
    draft.set("appSession", session, line.place)


register(
    Keyword(
        "cookie",
        "DLB",
        parseCookie,
        grammar="NAME [insert | rewrite | prefix] [indirect] [nocache] [postonly] [domain DOMAIN]",
        field="cookie",
        inherit="backend",
        help="Keep each client on its server by a cookie.",
        example="cookie SRV insert indirect nocache",
        shape=Shape(("name",), _FLAGS + ("domain",)),
    )
)
register(
    Keyword(
        "appsession",
        "LB",
        parseAppSession,
        grammar="COOKIE len NUMBER [timeout TIME] [entries NUMBER]",
        field="appSession",
        repeat="overwrite",
        help="Keep each client on its server by a cookie of the application.",
        example="appsession JSESSIONID len 52 timeout 3h",
        shape=Shape(("cookie",), ("len", "timeout", "entries")),
    )
)
