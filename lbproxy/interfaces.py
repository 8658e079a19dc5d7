# -*- test-case-name: lbproxy.test.observe.test_interfaces -*-
"""
What the rooms show each other, and what plugins may rely on.

Instants are float seconds of the monotonic clock unless a wall clock is named; sizes are bytes.
"""

from zope.interface import Attribute, Interface


class IBalancer(Interface):
    """
    The running balancer, as observers see it.
    """

    proxies = Attribute("Iterable of L{IProxyView} in declaration order.")
    sessions = Attribute("Mapping of session number to L{ISession}, in the order of their begin (SES-25).")

    def now():
        """
        @return: the monotonic clock, float seconds.
        """

    def facts():
        """
        What C{show info} prints (STA-25).

        @return: list of C{(name, value)}, both printable with C{str}; the names of
            L{FACTS<lbproxy.observe.commands.FACTS>} first, in that order.
        """

    def newId():
        """
        @return: the number of a new session, int, never used before.
        """

    def sessionBegan(session):
        """
        List and count one more connection.

        @param session: an L{ISession} with its C{id} set.
        """

    def sessionEnded(session):
        """
        No longer list and count it.

        @param session: what L{sessionBegan} was called with.
        """


class IProxyView(Interface):
    """
    One proxy at run time.
    """

    config = Attribute("The L{Proxy<lbproxy.config.model.Proxy>}.")
    counters = Attribute("L{ProxyCounters<lbproxy.pool.counters.ProxyCounters>}, shared by both roles of a C{listen}.")
    frontend = Attribute("Object with C{status()} giving C{OPEN}, C{FULL} or C{STOP}; C{None} without that role.")
    pool = Attribute("The L{ServerPool<lbproxy.pool.pool.ServerPool>}, C{None} without that role.")
    stopped = Attribute("Whether it was stopped for good and is no longer shown (STA-18). bool.")
    lastBadRequest = Attribute("L{ErrorSnapshot<lbproxy.observe.snapshots.ErrorSnapshot>} of its frontend, or C{None}.")
    lastBadResponse = Attribute("L{ErrorSnapshot<lbproxy.observe.snapshots.ErrorSnapshot>} of its backend, or C{None}.")


class ISession(Interface):
    """
    One client connection, or one connection to the console.
    """

    id = Attribute("Its number, int.")
    proto = Attribute('C{"tcpv4"}, C{"tcpv6"} or C{"unix_stream"}; what follows is only looked at for the first two.')
    source = Attribute("C{(host, port)} of the client.")
    destination = Attribute("C{(host, port)} the client connected to.")
    frontend = Attribute("Object with a C{name}.")
    backend = Attribute("Object with a C{name}, C{None} between requests and before one was chosen.")
    server = Attribute("The L{Server<lbproxy.pool.server.Server>}, or C{None}.")
    startedAt = Attribute("When it was accepted.")
    clientState = Attribute("Index of reference 18, int.")
    serverState = Attribute("Index of reference 18, int.")

    def expiry(now):
        """
        @param now: the monotonic clock.
        @return: float seconds until it expires unless something happens, C{None} for never.
        """


class ILogRecord(Interface):
    """
    What one log line says (reference 14). Texts are C{str} unless something else is said; instants are C{None} while
    the step was not reached.
    """

    sourceHost = Attribute("Address of the client.")
    sourcePort = Attribute("Port of the client, int.")
    date = Attribute("Accept, or first byte of a later request: float seconds of the wall clock.")
    frontendName = Attribute("Name of the frontend.")
    backendName = Attribute("Name of the backend; the frontend's as long as none was assigned.")
    serverName = Attribute("Name of the last server, C{None} for none.")
    startedAt = Attribute("The instant of C{date}.")
    requestAt = Attribute("The request was complete.")
    queuedUntil = Attribute("It left the queue, or was given a server without queueing.")
    connectedAt = Attribute("The connection to the server was there.")
    responseAt = Attribute("The head of the response was complete.")
    status = Attribute("Status sent to the client, -1 for none. int.")
    bytesOut = Attribute("Bytes to the client as received from the server or generated (LOG-12). int.")
    cause = Attribute("First letter of the termination state.")
    phase = Attribute("Second letter.")
    cookieFlags = Attribute("Third and fourth letter.")
    actConn = Attribute("Connections of the process, without this one. int.")
    feConn = Attribute("Connections of the frontend, without this one. int.")
    beConn = Attribute("Requests of the backend, without this one. int.")
    srvConn = Attribute("Requests of the server, without this one. int.")
    retries = Attribute("Attempts made again. int.")
    redispatched = Attribute("Whether it moved to another server. bool.")
    serverQueue = Attribute("Position in the server's queue, 0 for none. int.")
    backendQueue = Attribute("Position in the backend's queue, 0 for none. int.")
    requestLine = Attribute("bytes as received, C{None} when it never became complete.")
    early = Attribute("Logged before the end (C{option logasap}). bool.")
    requestCookie = Attribute("C{name=value} or C{None}.")
    responseCookie = Attribute("C{name=value} or C{None}.")
    requestCaptures = Attribute("Sequence of bytes or C{None}, one for each capture; C{None} when none is configured.")
    responseCaptures = Attribute("Likewise.")


class ICriterion(Interface):
    """
    A criterion of ACLs, from lbproxy or from a plugin: an object in a module of C{twisted.plugins} that provides it and
    C{twisted.plugin.IPlugin}. L{Criterion<lbproxy.acl.registry.Criterion>} does, and is all that most plugins need.
    """

    name = Attribute("As it is written, e.g. C{path_beg}. str.")
    layer = Attribute("What it needs to be decided, one of L{LAYERS<lbproxy.acl.registry.LAYERS>} (ACL-26).")
    several = Attribute("Whether the fetch gives an iterable of values of which one must match. bool.")
    mayChange = Attribute("Callable C{(exchange, verdict)}: whether more bytes may change it, or C{None} (ACL-28).")
    shown = Attribute("Callable that makes a fetched value readable, or C{None}.")
    help = Attribute("One line, for people. str.")

    def parts(argument, patterns, proxy):
        """
        What the test of one ACL line is made of.

        @param argument: text between the parentheses, or C{None}.
        @param patterns: L{Patterns<lbproxy.acl.registry.Patterns>}.
        @param proxy: the L{Proxy<lbproxy.config.model.Proxy>} that the line stands in.
        @return: C{(fetch, match)}: C{fetch(exchange)} gives a value or C{None}; C{match(value)} tells whether it fits, and is
            C{None} when the value is the verdict.
        @raise ValueError: a bad argument or value; the text is shown to the operator.
        """


class IMatcher(Interface):
    """
    A way to compare text, from a plugin: it gives C{path}, C{url}, C{hdr} and C{shdr} one more form. An object in a module of
    C{twisted.plugins} that provides it and C{twisted.plugin.IPlugin}.
    """

    suffix = Attribute('End of the names of its criteria, e.g. C{"_glob"}. str.')

    def match(patterns):
        """
        Compile the values of one ACL line.

        @param patterns: L{Patterns<lbproxy.acl.registry.Patterns>}: C{values} (bytes) and C{ignoreCase}.
        @return: callable that takes bytes and tells whether one of the values fits.
        @raise ValueError: a bad value; the text is shown to the operator.
        """
