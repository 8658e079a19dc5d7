# -*- test-case-name: lbproxy.test.acl.test_counts -*-
"""
Criteria on what the balancer counts now: sessions, rates, usable servers, free slots (ACL-15 to ACL-18).

What is counted is read from the running proxies that the exchange gives by name: a frontend has C{counters}, a backend
C{counters} and C{pool}. A name that nothing runs under yields nothing, which is false.
"""

from typing import Any, Callable, Optional

from lbproxy.acl.numbers import integers
from lbproxy.acl.registry import LAYER_INTERNAL, Criterion, Fetch, OwnProxy, register


def ofFrontend(read: Callable[[Any, Any], int]) -> Callable[[Optional[str]], Fetch]:
    """
    A fetch maker for what a frontend counts.

    @param read: takes the frontend and the exchange.
    """

    def make(argument: Optional[str]) -> Fetch:
        name = _proxyName(argument)
        if name is None:
            return _nothing

        def fetch(exchange: Any) -> Optional[int]:
            frontend = exchange.frontendNamed(name)
            return None if frontend is None else read(frontend, exchange)

        return fetch

    return make


def ofBackend(read: Callable[[Any, Any], int]) -> Callable[[Optional[str]], Fetch]:
    """
    A fetch maker for what a backend counts.

    @param read: takes the backend and the exchange.
    """

    def make(argument: Optional[str]) -> Fetch:
        name = _proxyName(argument)
        if name is None:
            return _nothing

        def fetch(exchange: Any) -> Optional[int]:
            backend = exchange.backendNamed(name)
            return None if backend is None else read(backend, exchange)

        return fetch

    return make


def ownOnly(make: Callable[[Optional[str]], Fetch]) -> Callable[[Optional[str]], Fetch]:
    """
    A fetch maker that refuses the name of another proxy.
    """

    def makeOwn(argument: Optional[str]) -> Fetch:
        if not isinstance(argument, OwnProxy):
            raise ValueError("it takes no argument in parentheses")
        return make(argument)

    return makeOwn


def _proxyName(argument: Optional[str]) -> Optional[str]:
    """
    The name to look up; C{None} when the rule's own proxy has not that role, and thus nothing to count.
    """
    if not argument:
        raise ValueError("the name of the proxy is empty")
    if isinstance(argument, OwnProxy) and not argument.hasRole:
        return None
    return str(argument)


def _nothing(exchange: Any) -> int:
    return 0


for _name, _role, _fetch, _text in (
    (
        "dst_conn",
        "frontend",
        ownOnly(ofFrontend(lambda frontend, exchange: frontend.counters.feCurrent)),
        "Client connections of this frontend, this one included.",
    ),
    (
        "fe_sess_rate",
        "frontend",
        ofFrontend(lambda frontend, exchange: frontend.counters.feRate.read(exchange.now())),
        "New connections per second of a frontend.",
    ),
    (
        "be_sess_rate",
        "backend",
        ofBackend(lambda backend, exchange: backend.counters.beRate.read(exchange.now())),
        "New requests per second of a backend.",
    ),
    (
        "nbsrv",
        "backend",
        ofBackend(lambda backend, exchange: backend.pool.servingCount()),
        "Servers of a backend that serve.",
    ),
    (
        "connslots",
        "backend",
        ofBackend(lambda backend, exchange: backend.pool.freeSlots()),
        "Free places on the servers of a backend and in their queues, -1 for no bound.",
    ),
):
    register(Criterion(_name, LAYER_INTERNAL, _fetch, integers, help=_text, role=_role))
