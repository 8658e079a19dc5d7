# -*- test-case-name: lbproxy.test.session.test_addresses -*-
"""
Requests that say themselves where they go, and servers that send clients elsewhere (HTP-27, HTP-28).
"""

from lbproxy.acl.networks import dotted
from lbproxy.acl.uris import literalAddress
from lbproxy.session.verdicts import CONTINUE


def proxyAddress(exchange):
    """
    An analyser: C{option http_proxy} takes address and port from the absolute URI (HTP-27). Without them no server can be
    found.
    """
    found = literalAddress(exchange.request.uri)
    if found is not None:
        exchange.address = dotted(found[0]), found[1]
    return CONTINUE


def mayRedirect(exchange):
    """
    An analyser: a server's C{redir} answers GET and HEAD (HTP-28).
    """
    exchange.redirectable = exchange.request.method in (b"GET", b"HEAD")
    return CONTINUE
