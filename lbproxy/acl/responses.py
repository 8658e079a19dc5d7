# -*- test-case-name: lbproxy.test.acl.test_responses -*-
"""
Criteria on the status line of a response (ACL-25). Before there is one they yield nothing, which is false (ACL-27).
"""

from typing import Any, Optional

from lbproxy.acl.arguments import withoutArgument
from lbproxy.acl.numbers import integers
from lbproxy.acl.registry import LAYER_RESPONSE, Criterion, register
from lbproxy.acl.strings import exact


def fetchStatus(exchange: Any) -> Optional[int]:
    """
    The status code.
    """
    response = exchange.response
    return None if response is None else response.status


def fetchResponseVersion(exchange: Any) -> Optional[bytes]:
    """
    What follows the slash of the version.
    """
    response = exchange.response
    return None if response is None else response.version.partition(b"/")[2]


register(Criterion("status", LAYER_RESPONSE, withoutArgument(fetchStatus), integers, help="The status code."))
register(
    Criterion(
        "resp_ver",
        LAYER_RESPONSE,
        withoutArgument(fetchResponseVersion),
        exact,
        help="HTTP version of the response, such as 1.1.",
    )
)
