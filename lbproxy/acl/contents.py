# -*- test-case-name: lbproxy.test.acl.test_contents -*-
"""
Criteria on the bytes a client has sent, whatever they mean; more of them may change the verdict (TCP-12 to TCP-14, ACL-13).
"""

from typing import Any, Optional

from lbproxy.acl.arguments import withoutArgument
from lbproxy.acl.hellos import helloVersion
from lbproxy.acl.numbers import integers
from lbproxy.acl.registry import LAYER_CONTENTS, LAYER_INTERNAL, Criterion, register
from lbproxy.acl.versions import dottedVersion, versions

USUAL_LIMIT = 16384
"""
Bytes that are held back at most, when the exchange does not say.
"""


def fetchLength(exchange: Any) -> int:
    """
    How many bytes are here.
    """
    return len(exchange.contents)


def fetchHelloVersion(exchange: Any) -> Optional[int]:
    """
    The version of a complete SSL or TLS record, C{None} without.
    """
    return helloVersion(exchange.contents, getattr(exchange, "contentsLimit", USUAL_LIMIT))[0]


def helloMayChange(exchange: Any, verdict: bool) -> bool:
    """
    Whether the record is still too short to tell.
    """
    return not verdict and helloVersion(exchange.contents, getattr(exchange, "contentsLimit", USUAL_LIMIT))[1]


register(
    Criterion(
        "req_len",
        LAYER_CONTENTS,
        withoutArgument(fetchLength),
        integers,
        help="Bytes the client has sent so far.",
        mayChange=lambda exchange, verdict: not verdict,
    )
)
register(
    Criterion(
        "req_ssl_ver",
        LAYER_CONTENTS,
        withoutArgument(fetchHelloVersion),
        versions,
        help="Version of an SSL or TLS hello, such as 3.1.",
        mayChange=helloMayChange,
        shown=dottedVersion,
    )
)
register(
    Criterion(
        "wait_end",
        LAYER_INTERNAL,
        withoutArgument(lambda exchange: True),
        help="Holds once the inspection of contents is over.",
        mayChange=lambda exchange, verdict: True,
    )
)
