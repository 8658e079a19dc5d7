# -*- test-case-name: lbproxy.test.acl.test_requests -*-
"""
Criteria that need no request: fixed results and the client's address (ACL-14, ACL-19).
"""

from typing import Any, Optional

from lbproxy.acl.networks import networks
from lbproxy.acl.registry import LAYER_ADDRESS, LAYER_INTERNAL, Criterion, Fetch, register
from lbproxy.config.addresses import ipv4Number


def withoutArgument(fetch: Fetch) -> "Any":
    """
    A fetch maker for a criterion that takes nothing between parentheses.
    """

    def make(argument: Optional[str]) -> Fetch:
        if argument is not None:
            raise ValueError("it takes no argument in parentheses")
        return fetch

    return make


def fetchSource(exchange: Any) -> Optional[int]:
    """
    The client's address as a 32-bit number, C{None} when it is not IPv4.
    """
    host = exchange.sourceHost
    return None if host is None else ipv4Number(host)


register(
    Criterion("always_true", LAYER_INTERNAL, withoutArgument(lambda exchange: True), help="Always holds.")
)
register(
    Criterion("always_false", LAYER_INTERNAL, withoutArgument(lambda exchange: False), help="Never holds.")
)
register(
    Criterion("src", LAYER_ADDRESS, withoutArgument(fetchSource), networks, help="The client's IPv4 address.")
)
