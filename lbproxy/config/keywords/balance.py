# -*- test-case-name: lbproxy.test.config.keywords.test_proxies -*-
"""
How a backend chooses: C{balance} and C{dispatch} (CFG-24, CFG-31, LB-14, LB-27).
"""

from typing import Callable, Dict, Sequence

from lbproxy.config.addresses import numeric, splitHostPort
from lbproxy.config.draft import Draft, Line
from lbproxy.config.errors import Refused, didYouMean
from lbproxy.config.grammar import read
from lbproxy.config.model import Balance
from lbproxy.config.registry import Keyword, Shape, register
from lbproxy.config.units import parseNumber
from lbproxy.config.words import Word, toBytes

DEFAULT_POST_WAIT = 48
LEAST_POST_WAIT = 3


def _roundrobin(line: Line, words: Sequence[Word]) -> Balance:
    if words:
        raise Refused("unexpected '%s' after 'roundrobin'" % (words[0],), words[0].place)
    return Balance("roundrobin", place=line.place)


def _urlParam(line: Line, words: Sequence[Word]) -> Balance:
    if not words:
        raise Refused("'url_param' needs the name of a URL parameter", line.place)
    wait = None
    if len(words) > 1:
        if words[1] != "check_post":
            raise Refused("unexpected '%s'" % (words[1],), words[1].place, didYouMean(words[1], ("check_post",)))
        wait = DEFAULT_POST_WAIT
    if len(words) > 2:
        wait = max(read(words[2], lambda text: parseNumber(text, 0)), LEAST_POST_WAIT)
    line.atMost(4)
    return Balance("url_param", toBytes(words[0]), wait, line.place)


ALGORITHMS: Dict[str, Callable[[Line, Sequence[Word]], Balance]] = {
    "roundrobin": _roundrobin,
    "url_param": _urlParam,
}
"""
Algorithm name to the reader of the words after it.
"""

NOT_YET = ("leastconn", "source", "uri")


def parseBalance(draft: Draft, line: Line) -> None:
    """
    C{balance [ALGORITHM [ARGUMENTS]]}; without argument it is round robin.
    """
    if not line.arguments:
        draft.set("balance", Balance(place=line.place), line.place)
        return
    word = line.arguments[0]
    if word in NOT_YET:
        raise Refused("algorithm '%s' is not supported yet" % (word,), word.place)
    if word not in ALGORITHMS:
        raise Refused(
            "unknown algorithm '%s'" % (word,), word.place, didYouMean(word, tuple(ALGORITHMS) + NOT_YET)
        )
    draft.set("balance", ALGORITHMS[word](line, line.arguments[1:]), line.place)


def parseDispatch(draft: Draft, line: Line) -> None:
    """
    C{dispatch ADDRESS:PORT}.
    """
    word = line.only("an address and a port")
    host, port = read(word, splitHostPort)
    host = read(Word(host, word.place), lambda text: numeric(text, line.world.resolve))
    draft.set("dispatch", (host, port), line.place)


register(
    Keyword(
        "balance",
        "DLB",
        parseBalance,
        grammar="[roundrobin | url_param NAME [check_post [BYTES]]]",
        field="balance",
        default="roundrobin",
        inherit="any",
        help="How a server is chosen for each request.",
        example="balance url_param userid check_post",
        shape=Shape(("algorithm", "parameter"), ("check_post",)),
    )
)
register(
    Keyword(
        "dispatch",
        "LB",
        parseDispatch,
        grammar="ADDRESS:PORT",
        field="dispatch",
        fatalInDefaults=True,
        help="Send everything to one address instead of balancing.",
        example="dispatch 10.0.0.1:80",
    )
)
