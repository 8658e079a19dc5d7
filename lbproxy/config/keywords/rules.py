# -*- test-case-name: lbproxy.test.config.keywords.test_proxies -*-
"""
Rules on requests: ACLs, switching, regular expressions (SWI-03, SWI-05, HDR-07, ERR-06).
"""

from typing import Callable

from lbproxy.config.conditions import parseAcl, parseCondition
from lbproxy.config.draft import Draft, Line
from lbproxy.config.grammar import read, setsText
from lbproxy.config.model import RegexRule, SwitchRule
from lbproxy.config.regex import compileRegex
from lbproxy.config.registry import Keyword, Shape, register
from lbproxy.config.words import toBytes


def parseAclLine(draft: Draft, line: Line) -> None:
    """
    C{acl NAME CRITERION [FLAGS] [VALUES]}.
    """
    draft.append("acls", parseAcl(line.arguments, line.place), line.place)


def parseUseBackend(draft: Draft, line: Line) -> None:
    """
    C{use_backend NAME if|unless CONDITION}.
    """
    target = line.need(0, "the name of a backend")
    condition = parseCondition(line.arguments[1:], line.place)
    draft.append("switchRules", SwitchRule(str(target), condition, target.place), line.place)


def adds(action: str, ignoreCase: bool) -> Callable[[Draft, Line], None]:
    """
    A parser for a request rule with a regular expression and nothing else.

    @param action: as in L{RegexRule}.
    """

    def parse(draft: Draft, line: Line) -> None:
        word = line.only("a regular expression")
        pattern = toBytes(word)
        read(word, lambda text: compileRegex(pattern, ignoreCase))
        draft.append("requestRules", RegexRule(action, pattern, ignoreCase, place=line.place), line.place)

    return parse


def parseMonitorUri(draft: Draft, line: Line) -> None:
    """
    C{monitor-uri URI}.
    """
    draft.set("monitorUri", toBytes(line.only("a URI")), line.place)


register(
    Keyword(
        "acl",
        "FLB",
        parseAclLine,
        grammar="NAME CRITERION[(ARGUMENT)] [-i] [--] [VALUE...]",
        field="acls",
        repeat="many",
        fatalInDefaults=True,
        help="Name a test; lines with one name are alternatives.",
        example="acl static path_beg /static/ /img/",
        shape=Shape(("name", "criterion", "values"), keyed=True),
    )
)
register(
    Keyword(
        "use_backend",
        "FL",
        parseUseBackend,
        grammar="NAME if|unless CONDITION",
        field="switchRules",
        repeat="many",
        fatalInDefaults=True,
        help="Send a request to this backend when the condition holds; the first match counts.",
        example="use_backend assets if static",
        shape=Shape(("backend",), ("if", "unless"), split=("if", "unless"), keyed=True),
    )
)
register(
    Keyword(
        "default_backend",
        "DFL",
        setsText("defaultBackend", "the name of a backend"),
        grammar="NAME",
        field="defaultBackend",
        inherit="frontend",
        help="Backend of requests that no 'use_backend' took.",
        example="default_backend app",
    )
)
register(
    Keyword(
        "monitor-uri",
        "DFL",
        parseMonitorUri,
        grammar="URI",
        field="monitorUri",
        inherit="frontend",
        help="Answer 200 to requests for this URI without any server.",
        example="monitor-uri /alive",
    )
)
for _name, _ignoreCase in (("reqtarpit", False), ("reqitarpit", True)):
    register(
        Keyword(
            _name,
            "FLB",
            adds("tarpit", _ignoreCase),
            grammar="REGEX",
            field="requestRules",
            repeat="many",
            fatalInDefaults=True,
            help="Hold a request with a matching line, then answer 500%s."
            % (" (ignoring case)" if _ignoreCase else "",),
            example=_name + " ^X-Spam:",
            shape=Shape(("pattern",)),
        )
    )
