# -*- test-case-name: lbproxy.test.test_assembly -*-
"""
Which analysers a request and its response meet, in the order of reference 5, compiled once for each frontend and route.
"""

from lbproxy import acl
from lbproxy.http import (
    HeaderCaptures,
    Redirect,
    RequestCookies,
    RequestRules,
    ResponseCookies,
    ResponseRules,
)
from lbproxy.session import addresses, analysers, persistence, responserules, rules
from lbproxy.session.firstmatch import firstMatch


class Nobody:
    """
    A witness that is not there: nothing is watched, and analysers are what they are (DESIGN 10).

    @ivar watch: given to L{acl.compile<lbproxy.acl.compiling.compile>}.
    @ivar note: given to regular expression rules.
    """

    watch = note = None

    def step(self, _kind, _proxy, analyse):
        """
        @param _kind: what the analyser does, e.g. C{"redirect"}.
        @param _proxy: whose rules they are.
        @return: the analyser to use.
        """
        return analyse

    def rule(self, _kind, _rule, condition):
        """
        @param _kind: keyword of the rule.
        @param _rule: its model.
        @return: the condition to use.
        """
        return condition


NOBODY = Nobody()


class Pipeline:
    """
    Compiles the steps of proxies.
    """

    def __init__(self, settings, limits, resolve, witness):
        """
        @param settings: L{Global<lbproxy.config.model.Global>}.
        @param limits: L{Limits<lbproxy.http.limits.Limits>} of message heads.
        @param resolve: as for L{acl.compile<lbproxy.acl.compiling.compile>}.
        @param witness: as L{Nobody}.
        """
        self._shared = {}
        self.room = settings.bufferSize
        self.limits = limits
        self.resolve = resolve
        self.witness = witness

    def _once(self, make, *key):
        """
        Compile for a proxy, not for each way that leads there: what is remembered of heads has one bound then.

        @param make: called with C{key} for the first time.
        @return: what it returned.
        """
        full = (make,) + tuple(part if isinstance(part, (str, bytes, type(None))) else id(part) for part in key)
        if full not in self._shared:
            # The key is kept as well: identities are only good as long as their objects live.
            self._shared[full] = make(*key), key
        return self._shared[full][0]

    def _requestRules(self, proxy):
        return RequestRules(proxy.requestRules, proxy.requestAdds, self.limits, self.room)

    def _responseRules(self, proxy):
        return ResponseRules(proxy.responseRules, proxy.responseAdds, self.limits, self.room)

    def _redirects(self, proxy):
        return self._first("redirect", [
            (rule, rule.condition, Redirect(rule, self.room)) for rule in proxy.redirectRules], proxy)

    def _blocks(self, proxy):
        return self._first("block", [(rule, rule.condition, True) for rule in proxy.blockRules], proxy)

    def _requestCookies(self, cookie, capture, session):
        return RequestCookies(cookie and cookie.name, _treatment(cookie), capture, session)

    def _responseCookies(self, cookie, capture, session):
        return ResponseCookies(cookie, capture, session)

    def _first(self, kind, rules, proxy):
        """
        @param kind: keyword of the rules.
        @param rules: iterable of C{(rule, condition, value)}.
        @return: what L{firstMatch} makes of them.
        """
        witness = self.witness
        found = []
        for rule, condition, value in rules:
            compiled = acl.compile(condition, proxy, self.resolve, witness.watch)
            isPure = witness.watch is None and acl.isPure(condition, proxy)
            found.append((witness.rule(kind, rule, compiled), isPure, value))
        return firstMatch(found)

    # -- requests ----------------------------------------------------------------------------------------------

    def frontendSteps(self, frontend, routeTo):
        """
        @param frontend: a L{Frontend<lbproxy.session.frontend.Frontend>} in HTTP mode.
        @param routeTo: called with the name of a backend, gives its route or C{None}.
        @return: iterator over the analysers of its requests.
        """
        proxy, step = frontend.config, self.witness.step
        if proxy.isBackend and persistence.showsCookies(proxy.cookie):
            yield persistence.noCookieYet
        if proxy.monitorUri is not None:
            fails = None
            if proxy.monitorFail:
                fails = self._first("monitor fail", [(one, one, True) for one in proxy.monitorFail], proxy)
            yield step("monitor-uri", proxy, rules.monitor(proxy.monitorUri, fails))
        if proxy.requestCaptures:
            yield step("capture", proxy, rules.captureRequest(HeaderCaptures(proxy.requestCaptures)))
        yield from self._proxySteps(proxy, frontend.counters, frontend.routes)
        if proxy.switchRules:
            yield step("use_backend", proxy, rules.switching(self._first("use_backend", [
                (rule, rule.condition, (routeTo(rule.backend),)) for rule in proxy.switchRules], proxy)))

    def _proxySteps(self, proxy, counters, routes):
        """
        What a frontend and a backend have alike.
        """
        step = self.witness.step
        if proxy.redirectRules:
            yield step("redirect", proxy, rules.redirecting(self._once(self._redirects, proxy)))
        if proxy.blockRules:
            yield step("block", proxy, rules.blocking(self._once(self._blocks, proxy)))
        if proxy.requestRules or proxy.requestAdds:
            compiled = self._once(self._requestRules, proxy)
            yield step("req*", proxy, rules.requestRules(compiled, counters, routes, self.witness.note))

    def requestSteps(self, front, backend):
        """
        @param front: the frontend's L{Proxy<lbproxy.config.model.Proxy>}, in HTTP mode.
        @param backend: a L{Backend<lbproxy.session.backend.Backend>}.
        @return: iterator over the analysers of requests from there given to it.
        """
        back, step = backend.config, self.witness.step
        if persistence.showsCookies(back.cookie):
            yield persistence.noCookieYet
        elif front.isBackend and persistence.showsCookies(front.cookie):
            yield persistence.noCookieHere
        if not _isOne(front, back):
            yield from self._proxySteps(back, backend.counters, None)
        if back.httpProxy:
            yield step("http_proxy", back, addresses.proxyAddress)
        if any(server.redirect is not None for server in back.servers):
            yield addresses.mayRedirect
        yield from self._cookieSteps(front, backend)
        options = [option for option in (back.forwardFor, front.forwardFor) if option is not None]
        if options:
            yield step("forwardfor", back, analysers.forwardFor(options))
        balance = back.balance
        if balance.algorithm == "url_param":
            if balance.checkPost is not None:
                yield analysers.bodyWait(balance, front.timeouts.httpRequest)
            yield analysers.urlParameter(balance.parameter, balance.checkPost is not None)
        yield from self._tarpit(front, back)

    def _cookieSteps(self, front, backend):
        back, step = backend.config, self.witness.step
        cookie, session = back.cookie, back.appSession
        shown = persistence.showsCookies(cookie)
        uses = []
        if front.cookieCapture is not None:
            uses.append(persistence.captureCookie)
        if session is not None:
            yield step("appsession", back, persistence.followUri(session, backend.learned, back.persist, shown))
            uses.append(persistence.followSession(backend.learned, back.persist, shown))
        if cookie is not None:
            uses.append(persistence.followCookie(backend.pool.servers, back.persist, shown))
        if uses:
            reader = self._once(self._requestCookies, cookie, front.cookieCapture, session)
            yield step("cookie", back, persistence.requestCookies(reader, uses))

    def _tarpit(self, front, back):
        if any(rule.action == "tarpit" for proxy in (front, back) for rule in proxy.requestRules):
            yield self.witness.step("tarpit", back, analysers.tarpit(_tarpitTimeout(front.timeouts, back.timeouts)))

    def orphanSteps(self, proxy):
        """
        @param proxy: of a frontend.
        @return: iterator over the analysers of requests for which it has no backend.
        """
        return self._tarpit(proxy, proxy)

    # -- responses ---------------------------------------------------------------------------------------------

    def responseSteps(self, front, counters, backend):
        """
        @param front: as for L{requestSteps}.
        @param counters: the frontend's.
        @return: iterator over the analysers of responses on that way.
        """
        back, step = backend.config, self.witness.step
        if front.responseCaptures:
            yield step("capture", front, responserules.captureResponse(HeaderCaptures(front.responseCaptures)))
        owners = [(back, backend.counters)] if _isOne(front, back) else [(back, backend.counters), (front, counters)]
        for proxy, owned in owners:
            if proxy.responseRules or proxy.responseAdds:
                compiled = self._once(self._responseRules, proxy)
                yield step("rsp*", proxy, responserules.responseRules(compiled, owned, self.witness.note))
        uses = list(self._setCookieUses(front, backend))
        if uses:
            reader = self._once(self._responseCookies, back.cookie, front.cookieCapture, back.appSession)
            yield step("set-cookie", back, persistence.responseCookies(reader, uses))

    def _setCookieUses(self, front, backend):
        back = backend.config
        if front.cookieCapture is not None:
            yield persistence.captureSetCookie
        if back.appSession is not None:
            yield persistence.learnSession(backend.learned)
        if persistence.showsCookies(back.cookie):
            yield persistence.showSetCookie
        if back.cookie is not None and back.cookie.mode == "insert":
            yield persistence.insertCookie(back.cookie, backend.pool.servers)
        if back.checkCache:
            yield responserules.checkCache(backend.counters, backend.pool.report)


def _isOne(front, back):
    """
    @return: whether both are the same section.
    """
    return back.name == front.name and back.kind == front.kind


def _treatment(cookie):
    """
    @return: what becomes of the cookie in requests (reference 15).
    """
    if cookie is not None and cookie.mode == "prefix":
        return "strip"
    return "remove" if cookie is not None and cookie.mode == "insert" and cookie.indirect else "keep"


def _tarpitTimeout(front, back):
    """
    The backend's own, else the frontend's, else the connect timeout (HDR-08).
    """
    return (front if front.tarpitSet and not back.tarpitSet else back).tarpit
