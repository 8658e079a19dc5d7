# -*- test-case-name: lbproxy.test.session.test_analysers -*-
"""
What is done with a request once its backend is known: forwarded-for, the wait for a body, the tarpit.

An analyser is a callable that gets the exchange and answers with a verdict. Which ones a request meets was settled when
the frontend and the route were built: what is not configured does not run.
"""

import re
from functools import lru_cache

from lbproxy.config.addresses import ipv4Number
from lbproxy.http import BODY_CHUNKED, BODY_LENGTH
from lbproxy.session.verdicts import CONTINUE, RESPOND, WAIT


def forwardFor(options):
    """
    @param options: the L{ForwardFor<lbproxy.config.model.ForwardFor>}s in force: the backend's first, whose header name
        wins; a network excepted by either is left alone (HTP-22 to HTP-25).
    @return: an analyser that adds the line with the client's address.
    """
    prefix = options[0].header + b": "
    networks = [option.exceptNetwork for option in options if option.exceptNetwork is not None]

    @lru_cache(4096)
    def lineFor(host):
        # A client on a UNIX socket has no address.
        return prefix + host.encode("ascii") + b"\r\n" if host else b""

    def analyse(exchange):
        exchange.extra += lineFor(exchange.sourceHost)
        return CONTINUE

    def analyseExcept(exchange):
        number = ipv4Number(exchange.sourceHost)
        if number is not None and any(number & mask == network for network, mask in networks):
            return CONTINUE
        return analyse(exchange)

    return analyseExcept if networks else analyse


#: Size line of a first chunk.
_chunkSize = re.compile(rb"([0-9A-Fa-f]{1,16})[ \t]*(?:;[^\r\n]*)?\r\n").match

#: Longest size line that is waited for.
_SIZE_LINE = 32


def _wantedBody(exchange, wanted):
    """
    @return: bytes of body to wait for, 0 for none (LB-15, LB-16).
    """
    request = exchange.request
    if request.expectContinue:
        return 0
    if request.body == BODY_LENGTH:
        return min(wanted, request.length)
    if request.body == BODY_CHUNKED:
        held = exchange.client.buffer
        size = _chunkSize(held)
        if size is not None:
            return size.end() + min(wanted, int(size.group(1), 16))
        return len(held) + 1 if b"\n" not in held and len(held) < _SIZE_LINE else 0
    return 0


def _searchedBody(exchange):
    """
    @return: the part of the body that is here and may be searched: of a chunked one the first chunk, nothing if that is
        malformed (LB-17, LB-18).
    """
    request, held = exchange.request, exchange.client.buffer
    if request.body == BODY_LENGTH:
        return held[:request.length]
    size = _chunkSize(held) if request.body == BODY_CHUNKED else None
    return b"" if size is None else held[size.end():size.end() + int(size.group(1), 16)]


def bodyWait(balance, requestTimeout):
    """
    Wait for the part of a POST body in which the parameter may be (LB-14 to LB-19).

    @param balance: L{Balance<lbproxy.config.model.Balance>} with C{checkPost}.
    @param requestTimeout: seconds, restarted for the body; C{None} for the client timeout alone.
    @return: an analyser.
    """

    def analyse(exchange):
        request, client = exchange.request, exchange.client
        if request.method != b"POST" or b"?" in request.uri or exchange.tarpit:
            return CONTINUE
        wanted = _wantedBody(exchange, balance.checkPost)
        held = len(client.buffer)
        if held < wanted and not client.inputEnded and held < client.process.bufferSize:
            now = client.now()
            if exchange.analysisDeadline is None and requestTimeout is not None:
                exchange.analysisDeadline = now + requestTimeout
            if not exchange.analysisExpired:
                return WAIT
        exchange.requestAt = client.now()
        return CONTINUE

    return analyse


# A blank ends the value; any other byte that is no token makes it binary, not a parameter.
_value = re.compile(rb"([!#$%'*+\-.^_`|~0-9A-Za-z]*)(?=[& \t\r\n]|\Z)").match


def _bodyValue(body, search):
    """
    @param search: finds the name with its equals sign.
    @return: a match whose group 1 is the value of the first such parameter, or C{None} (LB-17).
    """
    found = search(body)
    return None if found is None else _value(body, found.end())


def urlParameter(name, checkPost):
    """
    @param name: bytes, name of the parameter (LB-13).
    @param checkPost: whether the held part of a POST body is searched too.
    @return: an analyser that leaves the value, or C{None}, as the exchange's C{balanceKey}.
    """
    inUri = re.compile(rb"[?&]" + re.escape(name) + rb"=([^&]*)")
    inBody = re.compile(rb"(?:^|&)" + re.escape(name) + rb"=").search

    def analyse(exchange):
        request = exchange.request
        uri = request.uri
        query = uri.find(b"?")
        if query >= 0:
            found = inUri.search(uri, query)
        elif checkPost and request.method == b"POST":
            found = _bodyValue(_searchedBody(exchange), inBody)
        else:
            found = None
        exchange.balanceKey = found.group(1) if found else None
        return CONTINUE

    return analyse


def countTarpit(exchange):
    """
    A held request is over, by its time or by its client: one denied request of the proxy whose rule it was, and one
    failed request of the frontend (HDR-07).
    """
    exchange.tarpit.deniedRequests += 1
    exchange.client.frontend.counters.failedRequests += 1


def tarpit(timeout):
    """
    Hold a marked request, then answer 500 (HDR-07, HDR-08).

    @param timeout: seconds, C{None} to answer at once.
    @return: an analyser.
    """

    def analyse(exchange):
        if not exchange.tarpit:
            return CONTINUE
        now = exchange.client.now()
        if exchange.analysisDeadline is None and timeout is not None:
            exchange.analysisDeadline = now + timeout
        if timeout is not None and not exchange.analysisExpired:
            return WAIT
        exchange.queuedUntil = now
        countTarpit(exchange)
        exchange.answer = (500, "P", "T")
        return RESPOND

    return analyse
