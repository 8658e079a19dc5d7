# -*- test-case-name: lbproxy.test.acl.test_requests -*-
"""
Comparing IPv4 addresses with networks (ACL-09).
"""

from typing import List, Tuple

from lbproxy.acl.registry import BadPattern, Match, Patterns
from lbproxy.config.addresses import parseNetwork


def networks(patterns: Patterns) -> Match:
    """
    A L{Match} for addresses given as 32-bit numbers.

    @raise BadPattern: a value that is not C{ip}, C{ip/bits}, C{ip/mask} or a name that resolves.
    """
    found: List[Tuple[int, int]] = []
    for index, value in enumerate(patterns.values):
        try:
            found.append(parseNetwork(value.decode("ascii", "replace"), patterns.resolve))
        except ValueError as error:
            raise BadPattern(str(error), index) from None
    if len(found) == 1:
        single, singleMask = found[0]
        return lambda address: address & singleMask == single

    def match(address: int) -> bool:
        for network, mask in found:
            if address & mask == network:
                return True
        return False

    return match


def dotted(address: int) -> str:
    """
    @param address: a 32-bit number.
    @return: the address as people write it.
    """
    return ".".join([str(address >> shift & 255) for shift in (24, 16, 8, 0)])
