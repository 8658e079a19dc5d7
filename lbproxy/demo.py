# -*- test-case-name: lbproxy.test.test_demo -*-
"""
C{twistd lbproxy --demo}: lbproxy in front of two small servers that it brings itself, its log lines on the terminal.
"""

import os
import shutil
import sys
import tempfile

from twisted.application.service import MultiService, Service
from twisted.internet.defer import maybeDeferred
from twisted.internet.error import CannotListenError
from twisted.internet.protocol import DatagramProtocol
from twisted.python import log

from lbproxy.demoorigins import BALANCER_PORT, HOST, ORIGINS, DemoOrigins

CONFIGURATION = """\
# The demonstration: http://{host}:{balancer}/ is answered by two servers in turn.
global:
  maxconn: 1000
{stats}
defaults:
  mode: http
  option: [httplog, dontlognull, redispatch]
{logs}  timeout: {{connect: 2s, client: 30s, server: 10s, queue: 5s, http-request: 10s}}
  retries: 1

frontends:
  www:
    bind: "{host}:{balancer}"
    default_backend: app

backends:
  app:
    balance: roundrobin
    option: httpchk GET /health
    servers:
{servers}
"""


def demoConfiguration(statsSocket=None, logPort=None, balancer=BALANCER_PORT, ports=None):
    """
    The demonstration's configuration.

    @param statsSocket: path of the console's UNIX socket, or C{None} for none.
    @param logPort: UDP port on loopback that gets the log lines, or C{None} for no log.
    @param balancer: port lbproxy listens on.
    @param ports: the ports of the two servers; by default those of L{ORIGINS}.
    @return: YAML text, as L{lbproxy.config.load} reads it from a file.
    """
    ports = ports or [port for _, _, port in ORIGINS]
    servers = [
        '      %s: "%s:%d check inter 1s fall 2 rise 1"' % (name, HOST, port)
        for (name, _, _), port in zip(ORIGINS, ports)
    ]
    stats = "" if statsSocket is None else '  stats socket: "%s mode 600"\n' % statsSocket
    logs = "" if logPort is None else "  log: %s:%d local0\n" % (HOST, logPort)
    return CONFIGURATION.format(host=HOST, balancer=balancer, stats=stats, logs=logs, servers="\n".join(servers))


class LogLines(DatagramProtocol):
    """
    Shows what lbproxy sends to syslog.

    @param show: called with each line, text without priority and date.
    """

    noisy = False

    def __init__(self, show):
        self._show = show

    def logPrefix(self):
        """
        Stands before each line.
        """
        return "log"

    def datagramReceived(self, datagram, address):
        """
        C{<PRIORITY>Mon dd hh:mm:ss NAME[PID]: TEXT}; the date takes 16 bytes.
        """
        text = datagram.partition(b">")[2][16:]
        self._show(text.decode("utf-8", "backslashreplace").rstrip("\n"))


class DemoLog(Service):
    """
    Receives the log lines on a UDP port of loopback.

    @ivar port: its number.
    """

    def __init__(self, reactor):
        self._listening = reactor.listenUDP(0, LogLines(log.msg), interface=HOST)
        self.port = self._listening.getHost().port

    def stopService(self):
        """
        Close the port.

        @return: Deferred or C{None}.
        """
        Service.stopService(self)
        return self._listening.stopListening()


class Demonstration(MultiService):
    """
    The two servers and lbproxy in front of them.

    @ivar directory: holds the configuration and the console's socket; removed at the end.
    @ivar origins: the L{DemoOrigins}.
    @ivar log: the L{DemoLog}.
    """

    def __init__(self, reactor):
        MultiService.__init__(self)
        self.directory = tempfile.mkdtemp(prefix="lbproxy-demo-")
        self.log = DemoLog(reactor)
        self.log.setServiceParent(self)
        self.console = os.path.join(self.directory, "console.sock")
        self.configPath = os.path.join(self.directory, "demo.yaml")
        with open(self.configPath, "w", encoding="utf-8") as target:
            target.write(demoConfiguration(self.console, self.log.port))
        self.origins = DemoOrigins(reactor)
        self.origins.setServiceParent(self)

    def startService(self):
        """
        Everything starts, and says where it is.
        """
        MultiService.startService(self)
        log.msg("demo: open http://%s:%d/ in a browser, or: curl http://%s:%d/who" % ((HOST, BALANCER_PORT) * 2))
        log.msg("demo: configuration %s, console %s" % (self.configPath, self.console))

    def stopService(self):
        """
        Everything stops; the directory is removed.

        @return: Deferred.
        """
        return maybeDeferred(MultiService.stopService, self).addBoth(self._remove)

    def _remove(self, result):
        shutil.rmtree(self.directory, ignore_errors=True)
        return result


def makeDemo(reactor):
    """
    What C{twistd lbproxy --demo} runs.

    @return: a service; its ports are open already.
    @raise SystemExit: 1, after the reason was printed, when a port is taken.
    """
    from lbproxy.loading import loadConfiguration
    from lbproxy.service import CannotStart, LoadBalancer

    demonstration = Demonstration(reactor)
    try:
        demonstration.origins.open()
        configuration, _ = loadConfiguration(demonstration.configPath)
        balancer = LoadBalancer(configuration, reactor)
        balancer.bind()
    except (CannotListenError, CannotStart) as problem:
        shutil.rmtree(demonstration.directory, ignore_errors=True)
        sys.stderr.write("[alert] the demonstration needs the ports 8080, 8081 and 8082: %s\n" % problem)
        raise SystemExit(1) from None
    balancer.setServiceParent(demonstration)
    return demonstration


__all__ = ["BALANCER_PORT", "DemoOrigins", "ORIGINS", "demoConfiguration", "makeDemo"]
