# -*- test-case-name: lbproxy.test.observe.test_datagrams -*-
"""
Where log messages leave: one connected datagram socket for each distinct address.
"""

import errno
import socket

from twisted.python import log

#: The receiver or the system has no room just now.
_FULL = (errno.EAGAIN, errno.ENOBUFS)


def openDatagram(address):
    """
    @param address: C{(host, port)} for UDP, the host numeric, or the path of a UNIX datagram socket (LOG-02).
    @return: a connected non-blocking datagram socket.
    @raise OSError: if there is nothing to connect to.
    """
    if isinstance(address, str):
        family = socket.AF_UNIX
    else:
        family = socket.AF_INET6 if ":" in address[0] else socket.AF_INET
    sock = socket.socket(family, socket.SOCK_DGRAM)
    try:
        sock.setblocking(False)
        sock.connect(address)
    except BaseException:
        sock.close()
        raise
    return sock


class Channel:
    """
    The socket to one address. It is opened when the first message is sent, kept, and replaced when it fails; messages
    resume when the receiver returns (LOG-03).

    @ivar address: see L{openDatagram}.
    @ivar send: called with the bytes of a message: the socket's own method once it is open. May raise C{OSError}, which
        is to be given to L{failed}.
    @ivar drops: messages lost so far.
    """

    __slots__ = ("address", "send", "drops", "_open", "_socket", "_reported")

    def __init__(self, address, openSocket=openDatagram):
        """
        @param openSocket: called with the address for a connected non-blocking socket; may raise C{OSError}.
        """
        self.address = address
        self.drops = 0
        self.send = self._connect
        self._open = openSocket
        self._socket = None
        self._reported = False

    def _connect(self, message):
        sock = self._socket = self._open(self.address)
        self.send = sock.send
        sock.send(message)

    def failed(self, message, problem):
        """
        A send raised. A full buffer costs this message. Otherwise it is sent again once: over UDP the error was that of
        an earlier message, and a UNIX receiver may have returned under another socket. The first loss of a channel is
        reported, the others are counted.

        @param message: the bytes that were to be sent.
        @param problem: the C{OSError}.
        """
        if self._socket is not None and problem.errno not in _FULL:
            if not (isinstance(problem, ConnectionRefusedError) and isinstance(self.address, tuple)):
                self.close()
            try:
                self.send(message)
                return
            except OSError as again:
                problem = again
        self.drops += 1
        if not self._reported:
            self._reported = True
            log.msg("log to %s: %s" % (self._where(), problem.strerror or problem))

    def _where(self):
        return self.address if isinstance(self.address, str) else "%s:%d" % self.address

    def close(self):
        """
        Close the socket; the next message opens another.
        """
        sock, self._socket = self._socket, None
        self.send = self._connect
        if sock is not None:
            sock.close()


class Channels:
    """
    The channels of a process, shared by all who log to the same address.
    """

    def __init__(self, openSocket=openDatagram):
        """
        @param openSocket: see L{Channel}.
        """
        self._open = openSocket
        self._channels = {}

    def to(self, address):
        """
        @param address: see L{openDatagram}.
        @return: its L{Channel}.
        """
        channel = self._channels.get(address)
        if channel is None:
            channel = self._channels[address] = Channel(address, self._open)
        return channel

    @property
    def drops(self):
        """
        Messages lost so far, to all addresses.
        """
        return sum([channel.drops for channel in self._channels.values()])

    def close(self):
        """
        Close all sockets.
        """
        for channel in self._channels.values():
            channel.close()
