"""
An origin for the soak: one small answer to everything, that goes away and comes back when told so.

    soakorigin.py PORT

Commands on standard input: C{down}, C{up}; its end ends the origin. Each is answered by a line on standard output.
Going down it answers what has arrived, then closes its port and all connections.
"""

import os
import select
import socket
import sys

ANSWER = b"HTTP/1.1 200 OK\r\nContent-Length: 59\r\nContent-Type: text/plain\r\n\r\n" + b"x" * 58 + b"\n"


class Origin:
    """
    A one-threaded epoll loop.
    """

    def __init__(self, port):
        self._port = port
        self._poll = select.epoll()
        self._listener = None
        self._clients = {}

    def up(self):
        """
        Listen; nothing happens when it does already.
        """
        if self._listener is not None:
            return
        self._listener = socket.socket()
        self._listener.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        self._listener.bind(("127.0.0.1", self._port))
        self._listener.listen(1024)
        self._listener.setblocking(False)
        self._poll.register(self._listener.fileno(), select.EPOLLIN)

    def down(self):
        """
        Answer what is there, then close everything.
        """
        if self._listener is None:
            return
        self._accept()
        for descriptor in list(self._clients):
            self._read(descriptor)
        self._poll.unregister(self._listener.fileno())
        self._listener.close()
        self._listener = None
        for descriptor in list(self._clients):
            self._forget(descriptor)

    def run(self):
        """
        Until standard input ends.
        """
        self._poll.register(0, select.EPOLLIN)
        self.up()
        self._say("up")
        while True:
            for descriptor, _ in self._poll.poll():
                if descriptor == 0:
                    words = os.read(0, 4096).decode("ascii").split()
                    if not words:
                        return
                    for word in words:
                        self.down() if word == "down" else self.up()
                        self._say(word)
                elif self._listener is not None and descriptor == self._listener.fileno():
                    self._accept()
                elif descriptor in self._clients:
                    self._read(descriptor)

    def _say(self, word):
        os.write(1, word.encode("ascii") + b"\n")

    def _accept(self):
        while True:
            try:
                client, _ = self._listener.accept()
            except OSError:
                return
            client.setblocking(False)
            client.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
            self._clients[client.fileno()] = client
            self._poll.register(client.fileno(), select.EPOLLIN)

    def _read(self, descriptor):
        client = self._clients[descriptor]
        try:
            received = client.recv(65536)
        except BlockingIOError:
            return
        except OSError:
            received = b""
        if not received:
            self._forget(descriptor)
            return
        # The requests of the soak are small and each comes in one piece.
        count = received.count(b"\r\n\r\n")
        try:
            client.send(ANSWER * count)
        except OSError:
            self._forget(descriptor)

    def _forget(self, descriptor):
        client = self._clients.pop(descriptor)
        self._poll.unregister(descriptor)
        client.close()


if __name__ == "__main__":
    Origin(int(sys.argv[1])).run()
