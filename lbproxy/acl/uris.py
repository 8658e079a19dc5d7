# -*- test-case-name: lbproxy.test.acl.test_requests -*-
"""
Address and port written in an absolute URI (ACL-22).
"""

import re
from typing import Optional, Tuple

from lbproxy.config.addresses import ipv4Number

_absolute = re.compile(rb"http://([0-9]{1,3}(?:\.[0-9]{1,3}){3})(?::([0-9]{1,5}))?(?=[/?]|\Z)", re.IGNORECASE)
_DEFAULT_PORT = 80


def literalAddress(uri: bytes) -> Optional[Tuple[int, int]]:
    """
    The address and port of an C{http} URI that holds a literal IPv4 address.

    @param uri: as received.
    @return: C{(address as a 32-bit number, port)}, or C{None}.
    """
    match = _absolute.match(uri)
    if match is None:
        return None
    address = ipv4Number(match.group(1).decode("ascii"))
    port = _DEFAULT_PORT if match.group(2) is None else int(match.group(2))
    return None if address is None or port > 65535 else (address, port)
