"""
The peer that Twisted offers off the shelf: C{twisted.web.proxy}'s reverse proxy (HTTP) and
C{twisted.protocols.portforward} (TCP).

    twistedweb.py http|logs|tcp PORT HOST:PORT,HOST:PORT... SYSLOGPORT
"""

import itertools
import socket
import sys

from twisted.internet import reactor
from twisted.protocols import portforward
from twisted.web import http, proxy, resource, server


class Balancer(resource.Resource):
    """
    Hands each request to the next server.
    """

    isLeaf = True

    def __init__(self, turn, forwardFor):
        super().__init__()
        self._turn = turn
        self._forwardFor = forwardFor

    def render(self, request):
        """
        As C{IResource.render}.
        """
        host, port = next(self._turn)
        if self._forwardFor:
            client = request.getClientAddress().host.encode("ascii")
            request.requestHeaders.addRawHeader(b"X-Forwarded-For", client)
        return proxy.ReverseProxyResource(host, port, request.path).render(request)


class Forward(portforward.ProxyFactory):
    """
    Relays each connection to the next server.
    """

    noisy = False

    def __init__(self, turn):
        self._turn = turn

    def buildProtocol(self, address):
        """
        As C{IProtocolFactory.buildProtocol}.
        """
        self.host, self.port = next(self._turn)
        return super().buildProtocol(address)


def logTo(port):
    """
    @return: a function for C{Site.log} that sends each line as a datagram.
    """
    sender = socket.socket(socket.AF_INET, socket.SOCK_DGRAM)
    sender.connect(("127.0.0.1", port))

    def log(request):
        line = http.combinedLogFormatter(http.datetimeToLogString(), request)
        try:
            sender.send(b"<134>" + line.encode("utf-8"))
        except OSError:
            pass

    return log


def main(mode, port, servers, syslog):
    """
    Serve until the process is ended.
    """
    pairs = [address.rsplit(":", 1) for address in servers.split(",")]
    turn = itertools.cycle([(host, int(number)) for host, number in pairs])
    proxy.ProxyClientFactory.noisy = False
    portforward.ProxyClientFactory.noisy = False
    if mode == "tcp":
        factory = Forward(turn)
    else:
        factory = server.Site(Balancer(turn, mode == "logs"))
        factory.noisy = False
        factory.log = logTo(int(syslog)) if mode == "logs" else lambda request: None
    reactor.listenTCP(int(port), factory, backlog=4096, interface="127.0.0.1")
    reactor.run()


if __name__ == "__main__":
    main(*sys.argv[1:5])
