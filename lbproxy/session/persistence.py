# -*- test-case-name: lbproxy.test.session.test_persistence -*-
"""
Which server a client comes back to: cookies, and C{appsession} (CKI-01 to CKI-25, reference 15).

One reading of the request's cookies serves all who want something of them; each of these is a I{use}, a callable that gets
the exchange and the reading.
"""

from lbproxy.http import cacheability, insertedLine, sessionInUri
from lbproxy.session.verdicts import CONTINUE

#: Keeps caches off (CKI-08).
PRIVATE = b"Cache-control: private\r\n"

#: Methods whose URI may name a session (CKI-20).
_URI_METHODS = frozenset((b"GET", b"POST"))


def showsCookies(cookie):
    """
    @param cookie: the backend's L{Cookie<lbproxy.config.model.Cookie>} or C{None}.
    @return: whether logs tell what became of the cookie (CKI-14).
    """
    return cookie is not None and (cookie.mode is not None or cookie.indirect)


def noCookieYet(exchange):
    """
    An analyser: until cookies are looked at there is none, in either direction (CKI-14, CKI-15).
    """
    exchange.cookieFlags = "NN"
    return CONTINUE


def noCookieHere(exchange):
    """
    An analyser: a request that leaves a C{listen} with a cookie for a backend without one.
    """
    exchange.cookieFlags = "--"
    return CONTINUE


def requestCookies(reader, uses):
    """
    @param reader: L{RequestCookies<lbproxy.http.cookies.RequestCookies>}.
    @param uses: what is done with a reading, in order.
    @return: an analyser; denied requests never come here, tarpitted ones are left alone (CKI-25).
    """
    read = reader.read

    def analyse(exchange):
        if exchange.tarpit:
            return CONTINUE
        reading = read(exchange.request)
        if reading.head is not exchange.request:
            exchange.rewrite(reading.head)
        for use in uses:
            use(exchange, reading)
        return CONTINUE

    return analyse


def captureCookie(exchange, reading):
    """
    A use: what the log tells of it (LOG-17).
    """
    if reading.captured is not None:
        exchange.requestCookie = reading.captured.decode("latin-1")


def _designate(exchange, server, isPersistent):
    """
    @return: whether C{server} is followed; one that is down only with C{option persist} (CKI-03, CKI-05).
    """
    if server.running or isPersistent:
        exchange.designated = server
        exchange.direct = True
        return True
    return False


def followCookie(servers, isPersistent, isShown):
    """
    @param servers: the backend's, in declaration order; their C{config.cookie} counts (CKI-02).
    @param isPersistent: C{option persist}.
    @param isShown: as L{showsCookies} tells.
    @return: a use that designates the server and sets the third letter of the log (CKI-04).
    """
    byValue = {}
    for server in servers:
        if server.config.cookie:
            byValue.setdefault(server.config.cookie, []).append(server)

    def use(exchange, reading):
        value = reading.value
        if value is None:
            return
        letter = "I"
        owners = byValue.get(value)
        if owners is not None:
            running = [server for server in owners if server.running]
            letter = "V" if running else "D"
            _designate(exchange, (running or owners)[0], isPersistent)
        if isShown:
            exchange.cookieFlags = letter + "N"

    return use


def _followSession(exchange, table, key, isPersistent, isShown):
    server = table.find(key, exchange.now())
    if server is not None:
        followed = _designate(exchange, server, isPersistent)
        if isShown:
            exchange.cookieFlags = ("V" if followed and server.running else "D") + "N"


def followSession(table, isPersistent, isShown):
    """
    @param table: the backend's L{SessionTable<lbproxy.pool.sessiontable.SessionTable>}.
    @return: a use that designates the server which has set the application's cookie (CKI-19).
    """

    def use(exchange, reading):
        if reading.session is not None:
            _followSession(exchange, table, reading.session, isPersistent, isShown)

    return use


def followUri(appSession, table, isPersistent, isShown):
    """
    @param appSession: L{AppSession<lbproxy.config.model.AppSession>}.
    @return: an analyser for identifiers in the URI of GET and POST (CKI-20). Cookies come after it and win.
    """
    name, length = appSession.cookie, appSession.length

    def analyse(exchange):
        request = exchange.request
        if request.method in _URI_METHODS and not exchange.tarpit:
            key = sessionInUri(request.uri, name, length)
            if key is not None:
                _followSession(exchange, table, key, isPersistent, isShown)
        return CONTINUE

    return analyse


# -- responses -------------------------------------------------------------------------------------------------


def responseCookies(reader, uses):
    """
    @param reader: L{ResponseCookies<lbproxy.http.setcookies.ResponseCookies>}.
    @param uses: what is done with a reading, in order; the last one's verdict counts.
    @return: a response analyser.
    """
    treat = reader.treat

    def analyse(exchange):
        server = exchange.link.server
        value = None if server is None else server.config.cookie
        reading = treat(exchange.relayed, value, exchange.direct, server is not None)
        exchange.relayed = reading.head
        verdict = CONTINUE
        for use in uses:
            verdict = use(exchange, reading) or CONTINUE
        return verdict

    return analyse


def captureSetCookie(exchange, reading):
    """
    A use: what the log tells of it (LOG-18).
    """
    if reading.captured is not None:
        exchange.responseCookie = reading.captured.decode("latin-1")


def learnSession(table):
    """
    @param table: as for L{followSession}.
    @return: a use that remembers who set the application's cookie (CKI-19).
    """

    def use(exchange, reading):
        server = exchange.link.server
        if reading.session and server is not None:
            table.learn(reading.session, server, exchange.responseAt)

    return use


def showSetCookie(exchange, reading):
    """
    A use: the fourth letter of the log (CKI-15).
    """
    exchange.cookieFlags = exchange.cookieFlags[0] + reading.flag


def insertCookie(cookie, servers):
    """
    @param cookie: the backend's L{Cookie<lbproxy.config.model.Cookie>}, in insert mode.
    @param servers: the backend's.
    @return: a use that gives clients a cookie which they did not bring (CKI-06, CKI-08, CKI-09, CKI-13).
    """
    lines = {server: insertedLine(cookie, server.config.cookie) for server in servers}

    def use(exchange, reading):
        server = exchange.link.server
        if server is None or exchange.direct or (cookie.postonly and exchange.request.method != b"POST"):
            return
        exchange.responseExtra += lines[server]
        exchange.cookieFlags = exchange.cookieFlags[0] + "I"
        if cookie.nocache and cacheability(exchange.request.method, exchange.status, reading.head)[0]:
            exchange.responseExtra += PRIVATE

    return use
