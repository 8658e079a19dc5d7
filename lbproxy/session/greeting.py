# -*- test-case-name: lbproxy.test.session.test_greeting -*-
"""
Clients that only want to know whether we are there: C{monitor-net} and C{mode health} (ERR-08 to ERR-10).

A greeting is asked for each new connection, before anything is read of it: a callable that gets the client side and tells
whether it has dealt with it.
"""

from lbproxy.config.addresses import ipv4Number
from lbproxy.http import BARE_OK

#: What C{mode health} says when it does not speak HTTP.
PLAIN_OK = b"OK\n"


def monitorNet(network, mode):
    """
    @param network: C{(network, mask)} as 32-bit integers.
    @param mode: of the proxy: C{"http"} answers 200 and counts the connection, C{"tcp"} closes it as if it never was.
    @return: a greeting.
    """
    address, mask = network

    def greet(session):
        number = ipv4Number(session.source[0])
        if number is None or number & mask != address:
            return False
        if mode == "http":
            session.say(BARE_OK)
        else:
            session.close()
        return True

    return greet


def health(speaksHttp):
    """
    C{mode health}.

    @param speaksHttp: C{option httpchk} is set.
    @return: a greeting for every client.
    """
    words = BARE_OK if speaksHttp else PLAIN_OK

    def greet(session):
        session.say(words)
        return True

    return greet
