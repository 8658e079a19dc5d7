# -*- test-case-name: lbproxy.test.pool.test_algorithm -*-
"""
What a balancing algorithm is.
"""

from zope.interface import Attribute, Interface


class IAlgorithm(Interface):
    """
    Chooses a server. It is built by calling its class with the pool, whose C{servers} and C{allBackups} are set. It
    must not touch counters: what it answers may be refused, or never used.
    """

    pool = Attribute("The L{ServerPool<lbproxy.pool.pool.ServerPool>} it chooses for.")

    def choose(avoid=None, key=None):
        """
        Called for each request: the hot path.

        @param avoid: a server that just failed this request: chosen only when no other can be (LB-28).
        @param key: bytes to hash, C{None} without any or for algorithms that do not hash.
        @return: a usable server, or C{None} when there is none or all are saturated.
        """

    def stateChanged(server):
        """
        C{server.usable} changed.
        """

    def weightChanged(server, before):
        """
        C{server.effectiveWeight} changed from C{before}; both are above 0 and the server is usable. Static algorithms
        do nothing (LB-04).
        """
