# -*- test-case-name: lbproxy.test.config.keywords.test_rewriting -*-
"""
Rules with regular expressions on the lines of requests and responses, and lines to add (HDR-01 to HDR-12, SWI-07).
"""

from typing import Callable, List, Tuple

from lbproxy.config.backtracking import catastrophic
from lbproxy.config.draft import Draft, Line
from lbproxy.config.errors import Refused
from lbproxy.config.grammar import checkToken, read
from lbproxy.config.identifiers import checkName
from lbproxy.config.model import RegexRule
from lbproxy.config.regex import compileRegex
from lbproxy.config.registry import Keyword, Shape, register
from lbproxy.config.words import Word, toBytes, toText

MOST_ADDED = 10
"""
Lines that one proxy adds to a request, and to a response (HDR-01).
"""

_BACKSLASH = 0x5C
_HEX = b"0123456789abcdefABCDEF"
_BACKTRACKING_HINT = "make its parts exclude each other, as '[^ ]*' does before a blank where '.*' does not"

Parser = Callable[[Draft, Line], None]


def readRegex(line: Line, word: Word, ignoreCase: bool) -> Tuple[bytes, int]:
    """
    Take a word as a regular expression; one that may take very long is warned of.

    @return: the expression and the number of its groups.
    @raise Refused: it is malformed.
    """
    pattern = toBytes(word)
    compiled = read(word, lambda text: compileRegex(pattern, ignoreCase))
    reason = catastrophic(pattern, ignoreCase)
    if reason is not None:
        line.warn("'%s' may take very long: %s" % (word, reason), word.place, _BACKTRACKING_HINT)
    return pattern, compiled.groups


def readReplacement(line: Line, word: Word, groups: int) -> bytes:
    """
    Take a word as the text that replaces a line (HDR-12).

    @param groups: groups of the expression.
    @return: the text, in which a backslash only stands before a digit (a group) or before another one (itself).
    @raise Refused: a backslash at the end, or C{\\x} without two hexadecimal digits.
    """
    text = toBytes(word)
    result = bytearray()
    position = 0
    obsolete: List[str] = []
    missing: List[str] = []
    while position < len(text):
        byte = text[position]
        position += 1
        if byte != _BACKSLASH:
            result.append(byte)
            continue
        following = text[position : position + 1]
        position += 1
        if not following:
            raise Refused("'%s' ends with a backslash" % (word,), word.place, "double it")
        if following.isdigit():
            result += b"\\" + following
            if int(following) > groups:
                missing.append("\\" + following.decode("ascii"))
        elif following == b"x":
            result += _hexByte(text[position : position + 2], word)
            position += 2
        else:
            result += b"\\\\" if following == b"\\" else following
            if following != b"\\":
                obsolete.append("\\" + toText(following))
    for reference in sorted(set(missing)):
        line.warn("'%s' inserts nothing: the expression has %d groups" % (reference, groups), word.place)
    if obsolete:
        line.warn("'%s' is deprecated: a backslash goes before a digit, 'x' or a backslash" % (obsolete[0],), word.place,
                  "leave the backslash out")
    return bytes(result)


def _hexByte(digits: bytes, word: Word) -> bytes:
    if len(digits) != 2 or any(digit not in _HEX for digit in digits):
        raise Refused("'\\x' needs two hexadecimal digits in '%s'" % (word,), word.place)
    byte = bytes([int(digits, 16)])
    return b"\\\\" if byte == b"\\" else byte


def addsRule(field: str, action: str, ignoreCase: bool) -> Parser:
    """
    A parser for a rule with a regular expression and nothing else.

    @param field: C{"requestRules"} or C{"responseRules"}.
    @param action: as in L{RegexRule}.
    """

    def parse(draft: Draft, line: Line) -> None:
        pattern, _ = readRegex(line, line.only("a regular expression"), ignoreCase)
        draft.append(field, RegexRule(action, pattern, ignoreCase, place=line.place), line.place)

    return parse


def addsReplacement(field: str, ignoreCase: bool) -> Parser:
    """
    A parser for C{REGEX REPLACEMENT} (HDR-02).
    """

    def parse(draft: Draft, line: Line) -> None:
        word = line.need(0, "a regular expression and a replacement")
        text = line.need(1, "a replacement after the regular expression")
        line.atMost(2)
        pattern, groups = readRegex(line, word, ignoreCase)
        replacement = readReplacement(line, text, groups)
        draft.append(field, RegexRule("replace", pattern, ignoreCase, replacement, place=line.place), line.place)

    return parse


def addsSwitch(ignoreCase: bool) -> Parser:
    """
    A parser for C{REGEX BACKEND} (SWI-07). The place of the rule is that of the backend's name.
    """

    def parse(draft: Draft, line: Line) -> None:
        word = line.need(0, "a regular expression and a backend")
        target = line.need(1, "a backend after the regular expression")
        line.atMost(2)
        pattern, _ = readRegex(line, word, ignoreCase)
        rule = RegexRule("setbe", pattern, ignoreCase, None, checkName("backend", target), target.place)
        draft.append("requestRules", rule, line.place)

    return parse


def addsLine(field: str) -> Parser:
    """
    A parser for a header line to add (HDR-01). A text with line ends in it is several lines.
    """

    def parse(draft: Draft, line: Line) -> None:
        word = line.only("a header line")
        lines = toText(toBytes(word).replace(b"\r\n", b"\n").rstrip(b"\n")).split("\n")
        for text in lines:
            _checkHeaderLine(Word(text, word.place))
        for text in lines:
            if len(draft.get(field, ())) >= MOST_ADDED:
                line.warn("ignored: there are already %d lines to add" % (MOST_ADDED,))
                return
            draft.append(field, toBytes(text), line.place)

    return parse


def _checkHeaderLine(word: Word) -> None:
    name, colon, value = word.partition(":")
    if not colon:
        raise Refused("'%s' is not a header line" % (word,), word.place, "write 'NAME:\\ VALUE'")
    checkToken("a header", Word(name, word.place))
    if any((byte < 32 and byte != 9) or byte == 127 for byte in toBytes(value)):
        raise Refused("the value of '%s' has a control character" % (name,), word.place)


def _rule(name: str, parse: Parser, field: str, summary: str, example: str, positional: Tuple[str, ...],
          modern: str = "") -> None:
    grammar = {"pattern": "REGEX", "replacement": "REPLACEMENT", "backend": "BACKEND", "line": "HEADER-LINE"}
    register(
        Keyword(
            name,
            "FLB",
            parse,
            grammar=" ".join(grammar[word] for word in positional),
            field=field,
            repeat="many",
            fatalInDefaults=True,
            help=summary,
            example="%s %s" % (name, example),
            shape=Shape(positional),
            replacedBy=modern or None,
        )
    )


_REQUEST = (
    ("allow", "allow", "Exempt a request with a matching line from the deny and tarpit rules that follow.", "^GET\\ /img/"),
    ("del", "delete", "Remove matching header lines of a request.", "^X-Internal:"),
    ("deny", "deny", "Answer 403 to a request with a matching line.", "^GET\\ /private/"),
    ("pass", "pass", "Exempt a matching line from the deny and tarpit rules that follow.", "^Referer:"),
    ("tarpit", "tarpit", "Hold a request with a matching line, then answer 500.", "^X-Spam:"),
)
_RESPONSE = (
    ("del", "delete", "Remove matching header lines of a response.", "^Server:"),
    ("deny", "deny", "Answer 502 instead of a response with a matching line.", "^Content-Type:\\ audio/"),
)
_SIDES = (("req", "requestRules", "request", _REQUEST), ("rsp", "responseRules", "response", _RESPONSE))


def _register() -> None:
    for letter, ignoreCase, case in (("", False, ""), ("i", True, " Case is ignored.")):
        for side, field, message, rows in _SIDES:
            for word, action, summary, example in rows:
                parse = addsRule(field, action, ignoreCase)
                _rule(side + letter + word, parse, field, summary + case, example, ("pattern",))
            _rule(side + letter + "rep", addsReplacement(field, ignoreCase), field,
                  "Replace matching lines of a %s.%s" % (message, case), "^Via:\\ (.*) Via:\\ \\1,\\ lbproxy",
                  ("pattern", "replacement"))
        _rule("req%ssetbe" % (letter,), addsSwitch(ignoreCase), "requestRules",
              "Send a request with a matching line to this backend.%s" % (case,), "^Host:\\ img\\. images",
              ("pattern", "backend"))
    for old, side, field, message, _ in (("cliexp",) + _SIDES[0], ("srvexp",) + _SIDES[1]):
        _rule(old, addsReplacement(field, False), field, "Replace matching lines of a %s." % (message,),
              "^Via:\\ (.*) Via:\\ \\1,\\ lbproxy", ("pattern", "replacement"), side + "rep")
    for name, field, message in (("reqadd", "requestAdds", "request"), ("rspadd", "responseAdds", "response")):
        _rule(name, addsLine(field), field, "Add a line at the end of the head of a %s." % (message,),
              "X-Proxy:\\ lbproxy", ("line",))


_register()
