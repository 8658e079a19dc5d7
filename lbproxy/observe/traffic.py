# -*- test-case-name: lbproxy.test.observe.test_traffic -*-
"""
What a frontend logs about its traffic, compiled when it is built (LOG-06).
"""

from lbproxy.observe.formats import compileLine, connectLine
from lbproxy.observe.syslog import INFO


def compileTrafficLog(proxy, sender):
    """
    @param proxy: the frontend's L{Proxy<lbproxy.config.model.Proxy>}.
    @param sender: the L{SyslogSender<lbproxy.observe.syslog.SyslogSender>} of its targets.
    @return: a callable C{(record, now)} that logs an ended exchange at C{info}, C{None} when nothing is to be logged.
    """
    line, write = compileLine(proxy), sender.compileLogger(INFO)
    if line is None or write is None:
        return None
    if not proxy.requestCaptures and not proxy.responseCaptures:
        return lambda record, now: write(line(record, now))
    wanted = (None,) * len(proxy.requestCaptures) or None
    given = (None,) * len(proxy.responseCaptures) or None

    def log(record, now):
        # What is configured has its place in each line, also when there was no request or no response (LOG-19).
        if record.requestCaptures is None:
            record.requestCaptures = wanted
        if record.responseCaptures is None:
            record.responseCaptures = given
        write(line(record, now))

    return log


def compileConnectionLog(proxy, sender):
    """
    @param proxy: the frontend's L{Proxy<lbproxy.config.model.Proxy>}.
    @param sender: the L{SyslogSender<lbproxy.observe.syslog.SyslogSender>} of its targets.
    @return: a callable that logs a new L{ISession<lbproxy.interfaces.ISession>} when no log option is set (LOG-07),
        else C{None}.
    """
    write = sender.compileLogger(INFO)
    if proxy.logFormat is not None or write is None:
        return None
    name, mode = proxy.name, proxy.mode
    return lambda session: write(connectLine(session.source, session.destination, name, mode))
