# -*- test-case-name: lbproxy.test.acl.test_requests -*-
"""
Criteria on the request line: method, version, path, URI (ACL-20 to ACL-22).

Without a request every one of them yields nothing, which is false (ACL-27).
"""

from typing import Any, Optional

from lbproxy.acl.arguments import withoutArgument
from lbproxy.acl.forms import registerForms
from lbproxy.acl.networks import dotted, networks
from lbproxy.acl.numbers import integers
from lbproxy.acl.registry import LAYER_REQUEST, Criterion, Match, Patterns, register
from lbproxy.acl.strings import exact
from lbproxy.acl.uris import literalAddress

KNOWN_METHODS = frozenset((b"OPTIONS", b"GET", b"HEAD", b"POST", b"PUT", b"DELETE", b"TRACE", b"CONNECT"))


def fetchPath(exchange: Any) -> Optional[bytes]:
    """
    The path without query, C{None} when the URI has none.
    """
    request = exchange.request
    return None if request is None else request.path()


def fetchUri(exchange: Any) -> Optional[bytes]:
    """
    The URI as received.
    """
    request = exchange.request
    return None if request is None else request.uri


def fetchMethod(exchange: Any) -> Optional[bytes]:
    """
    The method as received.
    """
    request = exchange.request
    return None if request is None else request.method


def fetchVersion(exchange: Any) -> Optional[bytes]:
    """
    What follows the slash of the version.
    """
    request = exchange.request
    return None if request is None else request.version.partition(b"/")[2]


def fetchUriAddress(exchange: Any) -> Optional[int]:
    """
    The literal IPv4 address of an absolute URI, as a 32-bit number.
    """
    request = exchange.request
    found = None if request is None else literalAddress(request.uri)
    return None if found is None else found[0]


def fetchUriPort(exchange: Any) -> Optional[int]:
    """
    The port of an absolute URI with a literal address.
    """
    request = exchange.request
    found = None if request is None else literalAddress(request.uri)
    return None if found is None else found[1]


def methods(patterns: Patterns) -> Match:
    """
    Known methods are compared by identity, others by their text, for which C{-i} counts (ACL-20).
    """
    known = KNOWN_METHODS.intersection(patterns.values)
    others = exact(Patterns([value for value in patterns.values if value not in KNOWN_METHODS], patterns.ignoreCase))
    if not patterns.ignoreCase:
        return frozenset(patterns.values).__contains__
    return lambda value: value in known if value in KNOWN_METHODS else others(value)


register(Criterion("method", LAYER_REQUEST, withoutArgument(fetchMethod), methods, help="The request method."))
register(
    Criterion("req_ver", LAYER_REQUEST, withoutArgument(fetchVersion), exact, help="HTTP version, such as 1.1.")
)
register(
    Criterion(
        "url_ip",
        LAYER_REQUEST,
        withoutArgument(fetchUriAddress),
        networks,
        help="Literal address of an absolute URI.",
        shown=dotted,
    )
)
register(
    Criterion("url_port", LAYER_REQUEST, withoutArgument(fetchUriPort), integers, help="Port of such a URI.")
)
registerForms(Criterion("path", LAYER_REQUEST, withoutArgument(fetchPath), help="The path without query."))
registerForms(Criterion("url", LAYER_REQUEST, withoutArgument(fetchUri), help="The URI as received."))
