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
    return lambda record, now: write(line(record, now))


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
