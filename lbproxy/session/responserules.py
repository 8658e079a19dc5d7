# -*- test-case-name: lbproxy.test.session.test_responserules -*-
"""
What is done with a response head before the client sees it (reference 5). A response analyser is asked like one for requests;
it reads and replaces C{exchange.relayed}, while C{exchange.response} stays what the server sent, whose framing counts.
"""

from lbproxy.http import BadMessage, cacheability
from lbproxy.session.persistence import PRIVATE
from lbproxy.session.verdicts import CONTINUE, RESPOND

#: Level of a log line about a response that was withheld (LOG-25).
ALERT = 1


def captureResponse(captures):
    """
    @param captures: L{HeaderCaptures<lbproxy.http.captures.HeaderCaptures>}.
    @return: a response analyser that notes values for the log (LOG-19).
    """
    read = captures.of

    def analyse(exchange):
        exchange.responseCaptures = read(exchange.relayed)
        return CONTINUE

    return analyse


def responseRules(rules, counters, note=None):
    """
    @param rules: a proxy's L{ResponseRules<lbproxy.http.rewriting.ResponseRules>}.
    @param counters: the L{ProxyCounters<lbproxy.pool.counters.ProxyCounters>} of that proxy, for C{rspdeny} (HDR-14).
    @param note: as in C{ResponseRules.apply}, for C{explain}.
    @return: a response analyser.
    """
    apply = rules.apply

    def analyse(exchange):
        try:
            found = apply(exchange.relayed, exchange.request.method, note)
        except BadMessage:
            exchange.client.countResponseError(exchange)
            return withhold(exchange)
        if found.verdict is not None:
            return deny(exchange, counters)
        exchange.relayed = found.head
        exchange.status = found.head.status
        return CONTINUE

    return analyse


def deny(exchange, counters):
    """
    Withhold a response, counted as denied on its server and on the proxy that wants it so (HDR-14, reference 16).

    @return: C{RESPOND}.
    """
    counters.deniedResponses += 1
    server = exchange.server
    if server is not None:
        server.deniedResponses += 1
    return withhold(exchange)


def withhold(exchange):
    """
    The client gets a 502 in its place.

    @return: C{RESPOND}.
    """
    exchange.responseAt = None
    exchange.answer = (502, "P", "H")
    return RESPOND


def checkCache(counters, report):
    """
    C{option checkcache} (HTP-26).

    @param counters: those of the backend.
    @param report: called with C{(level, text)}.
    @return: a use of the response's cookies, see L{lbproxy.session.persistence.responseCookies}; the last one.
    """

    def use(exchange, reading):
        if not reading.present or exchange.responseExtra.endswith(PRIVATE):
            return CONTINUE
        if cacheability(exchange.request.method, exchange.status, reading.head) != (True, True):
            return CONTINUE
        report(ALERT, "Response of %s/%s withheld: it sets a cookie and may be cached." % (
            exchange.backendName, exchange.serverName or "<NOSRV>"))
        return deny(exchange, counters)

    return use
