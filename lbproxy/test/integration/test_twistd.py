# -*- test-case-name: lbproxy.test.integration.test_twistd -*-
"""
The real thing, from outside: C{twistd lbproxy} as a process of its own, real sockets on the loopback address.

Every wait has a deadline; a process is ended by its own id, whatever happens.
"""

import os
import shutil
import signal
import socket
import subprocess
import sys
import tempfile
import threading
import time
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer

from twisted.trial import unittest

import lbproxy

#: Seconds for anything at all; PyPy on a busy machine needs some for its start alone.
PATIENCE = 20.0

ROOT = os.path.dirname(os.path.dirname(os.path.abspath(lbproxy.__file__)))

#: What the script of that name does; C{python -m twisted} is another command.
TWISTD = "import sys; from twisted.scripts.twistd import run; sys.argv[0] = 'twistd'; run()"

CONFIGURATION = """\
listen web
    bind 127.0.0.1:{web}
    mode http
    timeout client 20s
    timeout server 20s
    timeout connect 5s
    server a 127.0.0.1:{origin}

listen raw
    bind 127.0.0.1:{raw}
    mode tcp
    timeout client 20s
    timeout server 20s
    timeout connect 5s
    server t 127.0.0.1:{echo}
"""


class Origin(BaseHTTPRequestHandler):
    """
    Says which of its connections a request came on, and how the manieth it is there.
    """

    protocol_version = "HTTP/1.1"
    served = 0

    def do_GET(self):
        """
        Answer.
        """
        self.served += 1
        body = b"%d of %d" % (self.served, self.client_address[1])
        self.send_response(200)
        self.send_header("Content-Length", str(len(body)))
        self.end_headers()
        self.wfile.write(body)

    def log_message(self, *_arguments):
        """
        Silence.
        """


def freePorts(count):
    """
    @return: numbers of ports that were free a moment ago, all different.
    """
    socks = [socket.socket() for _ in range(count)]
    try:
        for sock in socks:
            sock.bind(("127.0.0.1", 0))
        return [sock.getsockname()[1] for sock in socks]
    finally:
        for sock in socks:
            sock.close()


def readAnswer(sock):
    """
    @return: C{(head, body)} of one response with a length.
    """
    got = b""
    while b"\r\n\r\n" not in got:
        piece = sock.recv(65536)
        if not piece:
            return got, b""
        got += piece
    head, _, body = got.partition(b"\r\n\r\n")
    length = [int(line.split(b":")[1]) for line in head.split(b"\r\n") if line.lower().startswith(b"content-length:")]
    while length and len(body) < length[0]:
        piece = sock.recv(65536)
        if not piece:
            break
        body += piece
    return head, body


class TwistdTests(unittest.TestCase):
    """
    One process at a time.
    """

    def setUp(self):
        self.directory = tempfile.mkdtemp(prefix="lb")
        self.addCleanup(shutil.rmtree, self.directory, True)

    # -- what surrounds it -------------------------------------------------------------------------------------

    def twistd(self, *words):
        """
        @return: a started C{twistd} with these words behind C{lbproxy}, ended with the test.
        """
        environ = dict(os.environ, PYTHONPATH=ROOT, PYTHONDONTWRITEBYTECODE="1")
        process = subprocess.Popen(
            [sys.executable, "-c", TWISTD, "-n", "--pidfile=", "lbproxy", *words],
            cwd=self.directory, env=environ, stdin=subprocess.DEVNULL, stdout=subprocess.PIPE, stderr=subprocess.STDOUT)
        self.addCleanup(self.end, process)
        return process

    def end(self, process):
        """
        End a process that is still there, and its pipe.
        """
        if process.poll() is None:
            process.kill()
            process.wait(PATIENCE)
        process.stdout.close()

    def write(self, text):
        path = os.path.join(self.directory, "lb.cfg")
        with open(path, "w") as out:
            out.write(text)
        return path

    def balancer(self, origin, echo):
        """
        @return: C{(process, port of web, port of raw)} once both are served.
        """
        web, raw = freePorts(2)
        process = self.twistd("--config", self.write(CONFIGURATION.format(web=web, raw=raw, origin=origin, echo=echo)))
        until = time.monotonic() + PATIENCE
        while time.monotonic() < until and process.poll() is None:
            try:
                self.connect(raw).close()
                return process, web, raw
            except ConnectionRefusedError:
                time.sleep(0.02)
        if process.poll() is None:
            process.kill()
        self.fail("it does not listen: %s" % process.stdout.read().decode())

    def connect(self, port):
        """
        @return: a connected socket that waits for nothing longer than we do.
        """
        sock = socket.create_connection(("127.0.0.1", port), PATIENCE)
        self.addCleanup(sock.close)
        return sock

    def origin(self):
        """
        @return: port of an HTTP server.
        """
        server = ThreadingHTTPServer(("127.0.0.1", 0), Origin)
        server.daemon_threads = True
        server.block_on_close = False
        thread = threading.Thread(target=server.serve_forever, args=(0.01,), daemon=True)
        thread.start()

        def stop():
            server.shutdown()
            server.server_close()
            thread.join(PATIENCE)
        self.addCleanup(stop)
        return server.server_address[1]

    def echo(self):
        """
        @return: a listening socket, to be accepted from by the test.
        """
        listener = socket.socket()
        self.addCleanup(listener.close)
        listener.bind(("127.0.0.1", 0))
        listener.listen(5)
        listener.settimeout(PATIENCE)
        return listener

    # -- tests -------------------------------------------------------------------------------------------------

    def test_serves(self):
        """
        Two requests of one client's connection reach the server over one connection and are answered; a TCP client that
        closes its output still gets its answer; on USR1 the kept connection is closed, and the process ends with status 0.
        """
        listener = self.echo()
        process, web, raw = self.balancer(self.origin(), listener.getsockname()[1])
        # The probe of our own that found the port open.
        listener.accept()[0].close()

        client = self.connect(web)
        bodies = []
        for _ in range(2):
            client.sendall(b"GET / HTTP/1.1\r\nHost: localhost\r\n\r\n")
            head, body = readAnswer(client)
            self.assertTrue(head.startswith(b"HTTP/1.1 200 OK\r\n"), head)
            bodies.append(body.split(b" of "))
        self.assertEqual([count for count, port in bodies], [b"1", b"2"])
        self.assertEqual(bodies[0][1], bodies[1][1])

        question = b"q" * 300000
        asking = self.connect(raw)
        server = listener.accept()[0]
        self.addCleanup(server.close)
        server.settimeout(PATIENCE)
        sender = threading.Thread(target=lambda: (asking.sendall(question), asking.shutdown(socket.SHUT_WR)), daemon=True)
        sender.start()
        heard = b"".join(iter(lambda: server.recv(65536), b""))
        sender.join(PATIENCE)
        self.assertEqual(heard, question)
        server.sendall(b"answer")
        server.close()
        self.assertEqual(b"".join(iter(lambda: asking.recv(65536), b"")), b"answer")

        process.send_signal(signal.SIGUSR1)
        self.assertEqual(client.recv(100), b"")
        self.assertEqual(process.wait(PATIENCE), 0)
        self.assertRaises(ConnectionRefusedError, self.connect, web)
        self.assertNotIn(b"Traceback", process.stdout.read())

    def test_softStopWaits(self):
        """
        On USR1 nobody new is accepted, but a TCP connection goes on, both ways, and the process ends when that does.
        """
        listener = self.echo()
        process, web, raw = self.balancer(1, listener.getsockname()[1])
        listener.accept()[0].close()
        client = self.connect(raw)
        server = listener.accept()[0]
        self.addCleanup(server.close)
        server.settimeout(PATIENCE)
        process.send_signal(signal.SIGUSR1)
        self.assertRaises(ConnectionRefusedError, self.untilRefused, web)
        client.sendall(b"still")
        self.assertEqual(server.recv(100), b"still")
        server.sendall(b"there")
        self.assertEqual(client.recv(100), b"there")
        self.assertIsNone(process.poll())
        client.close()
        server.close()
        self.assertEqual(process.wait(PATIENCE), 0)

    def untilRefused(self, port):
        """
        @raise ConnectionRefusedError: as soon as nobody listens any more.
        """
        until = time.monotonic() + PATIENCE
        while time.monotonic() < until:
            self.connect(port).close()
            time.sleep(0.02)

    def test_check(self):
        """
        C{--check} of a valid file: status 0; of an invalid one: status 1 and the place of the mistake; without any: usage.
        """
        good = CONFIGURATION.format(web=1, raw=2, origin=3, echo=4)
        cases = (
            (good, 0, b"valid"), (good + "    nonsense\n", 1, b"lb.cfg:16"),
        )
        for text, status, said in cases:
            process = self.twistd("--check", "--config", self.write(text))
            out, _ = process.communicate(timeout=PATIENCE)
            self.assertEqual(process.returncode, status, out)
            self.assertIn(said, out)
            self.assertNotIn(b"Traceback", out)

    def test_taken(self):
        """
        An address in use: the proxy's name, status 1, and no traceback.
        """
        listener = self.echo()
        taken = listener.getsockname()[1]
        process = self.twistd("--config", self.write(CONFIGURATION.format(web=freePorts(1)[0], raw=taken, origin=3, echo=4)))
        out, _ = process.communicate(timeout=PATIENCE)
        self.assertEqual(process.returncode, 1, out)
        self.assertIn(b"'raw'", out)
        self.assertNotIn(b"Traceback", out)
