# -*- test-case-name: lbproxy.test.acl.test_headers -*-
"""
Criteria on request headers (ACL-23, ACL-24).
"""

import re
from typing import Any, List, Optional

from lbproxy.acl.headervalues import splitValues
from lbproxy.acl.numbers import integers
from lbproxy.acl.registry import LAYER_REQUEST, Criterion, Fetch, register
from lbproxy.acl.strings import FORMS

_leading = re.compile(rb"[+-]?[0-9]{1,18}")


def _lines(argument: Optional[str]) -> Fetch:
    if argument is None:

        def every(exchange: Any) -> List[bytes]:
            request = exchange.request
            return [] if request is None else [value for _, value in request.headers()]

        return every
    if not argument:
        raise ValueError("the header name is empty")
    name = argument.encode("utf-8", "surrogateescape").lower()

    def named(exchange: Any) -> List[bytes]:
        request = exchange.request
        return [] if request is None else request.values(name)

    return named


def fetchValues(argument: Optional[str]) -> Fetch:
    """
    A fetch for every comma-separated value of a header.

    @param argument: its name, C{None} for all headers.
    """
    lines = _lines(argument)

    def fetch(exchange: Any) -> List[bytes]:
        found = lines(exchange)
        if len(found) == 1:
            return splitValues(found[0])
        values: List[bytes] = []
        for line in found:
            values.extend(splitValues(line))
        return values

    return fetch


def fetchCount(argument: Optional[str]) -> Fetch:
    """
    A fetch for the number of those values; nothing without a request.
    """
    values = fetchValues(argument)

    def fetch(exchange: Any) -> Optional[int]:
        return None if exchange.request is None else len(values(exchange))

    return fetch


def fetchNumbers(argument: Optional[str]) -> Fetch:
    """
    A fetch for the leading integer of each of those values; one that has none is left out.
    """
    values = fetchValues(argument)

    def fetch(exchange: Any) -> List[int]:
        matches = [_leading.match(value) for value in values(exchange)]
        return [int(match.group()) for match in matches if match is not None]

    return fetch


for _suffix, _matcher in FORMS.items():
    register(
        Criterion(
            "hdr" + _suffix,
            LAYER_REQUEST,
            fetchValues,
            _matcher,
            several=True,
            help="Each value of a header, or of all.",
        )
    )
register(Criterion("hdr_cnt", LAYER_REQUEST, fetchCount, integers, help="Number of values of a header."))
register(
    Criterion("hdr_val", LAYER_REQUEST, fetchNumbers, integers, several=True, help="Each value as a number.")
)
