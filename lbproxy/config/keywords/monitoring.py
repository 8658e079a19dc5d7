# -*- test-case-name: lbproxy.test.config.keywords.test_monitoring -*-
"""
Answers to other machines that ask whether lbproxy is alive (ERR-06 to ERR-09).
"""

from lbproxy.config.addresses import parseNetwork
from lbproxy.config.conditions import parseCondition
from lbproxy.config.draft import Draft, Line
from lbproxy.config.grammar import checkText, read
from lbproxy.config.registry import Keyword, Shape, register


def parseMonitorUri(draft: Draft, line: Line) -> None:
    """
    C{monitor-uri URI}.
    """
    draft.set("monitorUri", checkText("a URI", line.only("a URI"), b" "), line.place)


def parseMonitorNet(draft: Draft, line: Line) -> None:
    """
    C{monitor-net NETWORK}: IPv4.
    """
    word = line.only("a network")
    draft.set("monitorNet", read(word, lambda text: parseNetwork(text, line.world.resolve)), line.place)


def parseMonitorFail(draft: Draft, line: Line) -> None:
    """
    C{monitor fail if|unless CONDITION}.
    """
    draft.append("monitorFail", parseCondition(line.arguments, line.place), line.place)


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
        shape=Shape(("uri",)),
    )
)
register(
    Keyword(
        "monitor-net",
        "DFL",
        parseMonitorNet,
        grammar="ADDRESS[/MASK]",
        field="monitorNet",
        inherit="frontend",
        help="Answer 200 to connections from this network at once; in mode tcp, close them.",
        example="monitor-net 192.168.0.252/31",
        shape=Shape(("network",)),
    )
)
register(
    Keyword(
        "monitor fail",
        "FL",
        parseMonitorFail,
        grammar="if|unless CONDITION",
        field="monitorFail",
        repeat="many",
        fatalInDefaults=True,
        help="Answer 503 to 'monitor-uri' when the condition holds.",
        example="monitor fail if { nbsrv(app) lt 2 }",
        shape=Shape((), ("if", "unless"), split=("if", "unless")),
    )
)
