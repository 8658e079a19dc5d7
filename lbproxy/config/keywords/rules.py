# -*- test-case-name: lbproxy.test.config.keywords.test_proxies -*-
"""
Rules on requests: ACLs, blocking, switching (ACL-01, SWI-02, SWI-03, SWI-05).
"""

from lbproxy.config.conditions import parseAcl, parseCondition
from lbproxy.config.draft import Draft, Line
from lbproxy.config.grammar import setsText
from lbproxy.config.model import BlockRule, SwitchRule
from lbproxy.config.registry import Keyword, Shape, register


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


def parseBlock(draft: Draft, line: Line) -> None:
    """
    C{block if|unless CONDITION}.
    """
    draft.append("blockRules", BlockRule(parseCondition(line.arguments, line.place), line.place), line.place)


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
        "block",
        "FLB",
        parseBlock,
        grammar="if|unless CONDITION",
        field="blockRules",
        repeat="many",
        fatalInDefaults=True,
        help="Answer 403 when the condition holds.",
        example="block if { path_beg /private/ } !inside",
        shape=Shape((), ("if", "unless"), split=("if", "unless")),
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
