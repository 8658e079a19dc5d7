# -*- test-case-name: lbproxy.test.acl.test_headers -*-
"""
Criteria on the headers of requests and responses (ACL-23 to ACL-25).
"""

import re
from functools import lru_cache
from operator import attrgetter
from typing import Any, Callable, Dict, List, Optional

from lbproxy.acl.forms import registerForms
from lbproxy.acl.headervalues import splitValues
from lbproxy.acl.numbers import integers
from lbproxy.acl.registry import LAYER_REQUEST, LAYER_RESPONSE, Criterion, Fetch, register

Make = Callable[[Optional[str]], Fetch]

_leading = re.compile(rb"[+-]?[0-9]{1,18}")
_MOST_HEADS = 128


def fetchValues(side: str) -> Make:
    """
    A maker of fetches for every comma-separated value of a header.

    @param side: C{"request"} or C{"response"}.
    @return: takes the name of the header, C{None} for all of them.
    """

    def make(argument: Optional[str]) -> Fetch:
        if argument is None:
            return _valuesOf(side, None)
        if not argument:
            raise ValueError("the header name is empty")
        return _valuesOf(side, argument.encode("utf-8", "surrogateescape").lower())

    return make


@lru_cache(256)
def _valuesOf(side: str, name: Optional[bytes]) -> Fetch:
    """
    Heads do not change and are shared, so the values of the last ones are remembered, once for all ACLs on a header: a
    search through the head takes six times as long as finding it here.
    """
    head = attrgetter(side)
    remembered: Dict[Any, List[bytes]] = {None: []}

    def read(message: Any) -> List[bytes]:
        lines = [line for _, line in message.headers()] if name is None else message.values(name)
        if len(lines) == 1:
            return splitValues(lines[0])
        return [value for line in lines for value in splitValues(line)]

    def fetch(exchange: Any) -> List[bytes]:
        message = head(exchange)
        found = remembered.get(message)
        if found is None:
            if len(remembered) >= _MOST_HEADS:
                remembered.clear()
                remembered[None] = []
            found = remembered[message] = read(message)
        return found

    return fetch


def fetchCount(side: str) -> Make:
    """
    A maker of fetches for the number of those values; nothing without a head.
    """
    head = attrgetter(side)
    makeValues = fetchValues(side)

    def make(argument: Optional[str]) -> Fetch:
        values = makeValues(argument)
        return lambda exchange: None if head(exchange) is None else len(values(exchange))

    return make


def fetchNumbers(side: str) -> Make:
    """
    A maker of fetches for the leading integer of each of those values; one that has none is left out.
    """
    makeValues = fetchValues(side)

    def make(argument: Optional[str]) -> Fetch:
        values = makeValues(argument)

        def fetch(exchange: Any) -> List[int]:
            matches = [_leading.match(value) for value in values(exchange)]
            return [int(match.group()) for match in matches if match is not None]

        return fetch

    return make


for _name, _layer, _side, _text in (
    ("hdr", LAYER_REQUEST, "request", "header"),
    ("shdr", LAYER_RESPONSE, "response", "response header"),
):
    registerForms(
        Criterion(_name, _layer, fetchValues(_side), several=True, help="Each value of a %s, or of all." % (_text,))
    )
    register(
        Criterion(
            _name + "_cnt", _layer, fetchCount(_side), integers, help="Number of values of a %s." % (_text,)
        )
    )
    register(
        Criterion(
            _name + "_val",
            _layer,
            fetchNumbers(_side),
            integers,
            several=True,
            help="Each value of a %s as a number." % (_text,),
        )
    )
