# -*- test-case-name: lbproxy.test.session.test_rules -*-
"""
The rules of one proxy, applied to a request head in the order of reference 5: captures, redirect, block, regular expressions
with the lines to add, switching. A frontend and a backend run the same code (SWI-01, HDR-17).
"""

from lbproxy.http import BadMessage
from lbproxy.session.verdicts import CONTINUE, RESPOND


def monitor(uri, fails=None):
    """
    @param uri: bytes; a request for exactly this URI is answered 200 without log nor server (ERR-06).
    @param fails: of L{firstMatch<lbproxy.session.firstmatch.firstMatch>}: something makes it 503 (ERR-07); or C{None}.
    @return: an analyser.
    """

    def analyse(exchange):
        if exchange.request.uri != uri:
            return CONTINUE
        exchange.isLogged = False
        exchange.answer = (200 if fails is None or fails(exchange) is None else 503, "P", "R")
        return RESPOND

    return analyse


def captureRequest(captures):
    """
    @param captures: L{HeaderCaptures<lbproxy.http.captures.HeaderCaptures>}.
    @return: an analyser that notes values for the log, of the head as it came (LOG-19).
    """
    read = captures.of

    def analyse(exchange):
        exchange.requestCaptures = read(exchange.request)
        return CONTINUE

    return analyse


def redirecting(find):
    """
    @param find: of L{firstMatch<lbproxy.session.firstmatch.firstMatch>}: gives the
        L{Redirect<lbproxy.http.redirects.Redirect>} that answers, or C{None} (SWI-10, SWI-16). An answer that is too long
        becomes a 400 (SWI-17).
    @return: an analyser.
    """

    def analyse(exchange):
        redirect = find(exchange)
        if redirect is None:
            return CONTINUE
        page = redirect.answer(exchange.request)
        if page is None:
            return refuse(exchange)
        exchange.answer = (redirect.code, "P", "R", page)
        return RESPOND

    return analyse


def refuse(exchange):
    """
    A request that cannot be made what the rules want of it: 400, counted as a bad one (reference 16).

    @return: C{RESPOND}.
    """
    exchange.client.frontend.counters.failedRequests += 1
    exchange.answer = (400, "P", "R")
    return RESPOND


def blocking(find):
    """
    @param find: of L{firstMatch<lbproxy.session.firstmatch.firstMatch>}: anything answers 403 (SWI-02).
    @return: an analyser.
    """

    def analyse(exchange):
        if find(exchange) is None:
            return CONTINUE
        exchange.answer = (403, "P", "R")
        return RESPOND

    return analyse


def requestRules(rules, counters, routes=None, note=None):
    """
    @param rules: the proxy's L{RequestRules<lbproxy.http.rewriting.RequestRules>}: regular expressions and added lines.
    @param counters: the L{ProxyCounters<lbproxy.pool.counters.ProxyCounters>} of that proxy.
    @param routes: backend name to route, for C{reqsetbe} of a frontend; C{None} where switching is over (SWI-07).
    @param note: as in C{RequestRules.apply}, for C{explain}.
    @return: an analyser.
    """
    apply = rules.apply

    def analyse(exchange):
        if exchange.tarpit:
            return CONTINUE
        try:
            found = apply(exchange.request, exchange.allowed, note)
        except BadMessage:
            return refuse(exchange)
        if found.head is not exchange.request:
            exchange.rewrite(found.head)
        exchange.allowed = found.allowed
        verdict = found.verdict
        if verdict is not None:
            if verdict == "deny":
                counters.deniedRequests += 1
                exchange.answer = (403, "P", "R")
                return RESPOND
            exchange.tarpit = counters
        if routes is not None and found.backend is not None:
            exchange.route = routes.get(found.backend)
            exchange.switched = True
        return CONTINUE

    return analyse


def switching(find):
    """
    @param find: of L{firstMatch<lbproxy.session.firstmatch.firstMatch>}: gives C{(route,)} of the backend that takes the
        request (SWI-03), or C{None}; not asked when a C{reqsetbe} has decided. The route is C{None} for a backend that is
        disabled.
    @return: an analyser.
    """

    def analyse(exchange):
        if not exchange.switched:
            found = find(exchange)
            if found is not None:
                exchange.route = found[0]
        return CONTINUE

    return analyse
