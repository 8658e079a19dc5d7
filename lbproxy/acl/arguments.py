# -*- test-case-name: lbproxy.test.acl.test_requests -*-
"""
What stands between the parentheses of a criterion.
"""

from typing import Callable, Optional

from lbproxy.acl.registry import Fetch


def withoutArgument(fetch: Fetch) -> Callable[[Optional[str]], Fetch]:
    """
    A fetch maker for a criterion that takes nothing between parentheses.
    """

    def make(argument: Optional[str]) -> Fetch:
        if argument is not None:
            raise ValueError("it takes no argument in parentheses")
        return fetch

    return make
