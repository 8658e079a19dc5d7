# -*- test-case-name: lbproxy.test.observe.test_csv -*-
"""
The table of counters as text, one row for each frontend, server and backend (STA-11, reference 17).
"""

COLUMNS = (
    "pxname", "svname", "qcur", "qmax", "scur", "smax", "slim", "stot", "bin", "bout", "dreq", "dresp", "ereq", "econ",
    "eresp", "wretr", "wredis", "status", "weight", "act", "bck", "chkfail", "chkdown", "lastchg", "downtime", "qlimit",
    "pid", "iid", "sid", "throttle", "lbtot", "tracked", "type", "rate")

HEADER = "# %s,\n" % ",".join(COLUMNS)

#: Values of the C{type} column (STA-12).
FRONTEND, BACKEND, SERVER = range(3)

#: The only process there is.
_PROCESS = 1


def _line(values):
    return "%s,\n" % ",".join(map(str, values))


def frontendRow(view, now):
    """
    @param view: an L{IProxyView<lbproxy.interfaces.IProxyView>} with a frontend.
    @param now: monotonic seconds.
    @return: list of the 34 values, empty strings for what a frontend does not have.
    """
    config, counters = view.config, view.counters
    return [
        config.name, "FRONTEND", "", "", counters.feCurrent, counters.feMax, config.maxconn, counters.feTotal,
        counters.bytesIn, counters.bytesOut, counters.deniedRequests, counters.deniedResponses, counters.failedRequests,
        "", "", "", "", view.frontend.status(), "", "", "", "", "", "", "", "",
        _PROCESS, config.id, 0, "", "", "", FRONTEND, counters.feRate.read(now)]


def serverRow(view, server, now):
    """
    @param view: the L{IProxyView<lbproxy.interfaces.IProxyView>} of its backend.
    @param server: the L{Server<lbproxy.pool.server.Server>}.
    @param now: monotonic seconds.
    @return: list of the 34 values. Columns 21 to 24 are empty without checks. C{throttle} and C{tracked} are empty for
        a server at its full weight that has no other to follow.
    """
    health = ("", "", "", "")
    if server.checked:
        health = (server.failedChecks, server.downTransitions, _elapsed(server.lastChange, now), server.downTime(now))
    return [
        view.config.name, server.name, len(server.queue), server.queueMax, server.current, server.currentMax,
        server.maxconn or "", server.cumulated, server.bytesIn, server.bytesOut, "", server.deniedResponses, "",
        server.connectErrors, server.responseErrors, server.retries, server.redispatches, server.status(),
        server.shownWeight(), int(not server.backup), int(server.backup), *health, server.config.maxqueue or "",
        _PROCESS, view.config.id, server.id, "", server.selected, "", SERVER, server.rate.read(now)]


def backendRow(view, now):
    """
    @param view: an L{IProxyView<lbproxy.interfaces.IProxyView>} with a pool.
    @param now: monotonic seconds.
    @return: list of the 34 values.
    """
    config, counters, pool = view.config, view.counters, view.pool
    return [
        config.name, "BACKEND", len(pool.queue), pool.queueMax, counters.beCurrent, counters.beMax, config.fullconn,
        counters.beTotal, counters.bytesIn, counters.bytesOut, counters.deniedRequests, counters.deniedResponses, "",
        counters.connectErrors, counters.responseErrors, counters.retries, counters.redispatches,
        "UP" if pool.isUp() else "DOWN", pool.weightInUse(), pool.activeCount, pool.backupCount, "",
        pool.downTransitions, _elapsed(pool.lastChange, now), pool.downTime(now), "",
        _PROCESS, config.id, 0, "", counters.selected, "", BACKEND, counters.beRate.read(now)]


def _elapsed(since, now):
    return max(0, int(now) - int(since))


def isShown(view):
    """
    @return: whether a proxy appears: it is neither disabled nor stopped (STA-18).
    """
    return not (view.config.disabled or view.stopped)


def rowsOf(view, now, types=-1, sid=-1):
    """
    @param view: an L{IProxyView<lbproxy.interfaces.IProxyView>}.
    @param now: monotonic seconds.
    @param types: bits 1 for the frontend, 2 for the backend, 4 for servers; -1 for all.
    @param sid: number of the only server wanted, negative for all.
    @return: generator of lists of values: frontend, servers, backend.
    """
    if view.frontend is not None and types & 1:
        yield frontendRow(view, now)
    if view.pool is not None:
        if types & 4:
            for server in view.pool.servers:
                if sid < 0 or server.id == sid:
                    yield serverRow(view, server, now)
        if types & 2:
            yield backendRow(view, now)


def table(balancer, iid=-1, types=-1, sid=-1):
    """
    The whole text, in pieces: what happens between two of them does no harm (STA-20, STA-26, STA-27).

    @param balancer: an L{IBalancer<lbproxy.interfaces.IBalancer>}.
    @param iid: number of the only proxy wanted, negative for all.
    @param types: see L{rowsOf}.
    @param sid: see L{rowsOf}.
    @return: generator of str, the header and one line for each row.
    """
    yield HEADER
    for view in list(balancer.proxies):
        if isShown(view) and (iid < 0 or view.config.id == iid):
            for row in rowsOf(view, balancer.now(), types, sid):
                yield _line(row)
