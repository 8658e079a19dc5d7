# -*- test-case-name: lbproxy.test.acl.test_addresses -*-
"""
Criteria that need no byte of the client: fixed results and the two addresses (ACL-09, ACL-14, ACL-19).
"""

from functools import lru_cache
from typing import Any, Optional

from lbproxy.acl.arguments import withoutArgument
from lbproxy.acl.networks import dotted, networks
from lbproxy.acl.numbers import integers
from lbproxy.acl.registry import LAYER_ADDRESS, LAYER_INTERNAL, Criterion, register
from lbproxy.config.addresses import ipv4Number

_number = lru_cache(4096)(ipv4Number)  # 0.8 microseconds become 0.1 for an address seen lately


def fetchSource(exchange: Any) -> Optional[int]:
    """
    The client's address as a 32-bit number, C{None} when it is not IPv4.
    """
    host = exchange.sourceHost
    return None if host is None else _number(host)


def fetchSourcePort(exchange: Any) -> Optional[int]:
    """
    The client's port, C{None} for a client without one.
    """
    return exchange.sourcePort or None


def fetchDestination(exchange: Any) -> Optional[int]:
    """
    The address the client connected to, as a 32-bit number; C{None} when it is not IPv4.
    """
    destination = exchange.destination
    return None if destination is None else _number(destination[0])


def fetchDestinationPort(exchange: Any) -> Optional[int]:
    """
    The port the client connected to, C{None} without one.
    """
    destination = exchange.destination
    return None if destination is None else destination[1] or None


register(Criterion("always_true", LAYER_INTERNAL, withoutArgument(lambda exchange: True), help="Always holds."))
register(Criterion("always_false", LAYER_INTERNAL, withoutArgument(lambda exchange: False), help="Never holds."))
for _name, _fetch, _text in (
    ("src", fetchSource, "The client's IPv4 address."),
    ("dst", fetchDestination, "The IPv4 address the client connected to."),
):
    register(Criterion(_name, LAYER_ADDRESS, withoutArgument(_fetch), networks, help=_text, shown=dotted))
for _name, _fetch, _text in (
    ("src_port", fetchSourcePort, "The client's port."),
    ("dst_port", fetchDestinationPort, "The port the client connected to."),
):
    register(Criterion(_name, LAYER_ADDRESS, withoutArgument(_fetch), integers, help=_text))
