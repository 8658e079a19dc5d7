#!/usr/bin/env python3
"""
Shows that a slow reader does not make lbproxy grow: so many bytes at such a rate through TCP and HTTP mode at once.

    python3 benchmarks/backpressure.py                    1 GiB at 1 MB/s: 18 minutes
    python3 benchmarks/backpressure.py --mib 64 --rate 8  a quick look

The server sends as fast as it may. Printed are the resident memory before, the most during, and what arrived.
"""

import argparse
import os
import socket
import subprocess
import sys
import tempfile
import threading
import time

HERE = os.path.dirname(os.path.abspath(__file__))
CONFIG = """\
defaults
    timeout client 60s
    timeout server 60s
    timeout connect 5s
listen tcp
    bind 127.0.0.1:%d
    mode tcp
    server a 127.0.0.1:%d
listen http
    bind 127.0.0.1:%d
    mode http
    server a 127.0.0.1:%d
"""


def freePort():
    """
    @return: a port that was free a moment ago.
    """
    with socket.socket() as sock:
        sock.bind(("127.0.0.1", 0))
        return sock.getsockname()[1]


def resident(pid):
    """
    @return: resident memory of a process in KiB.
    """
    with open("/proc/%d/statm" % pid) as statm:
        return int(statm.read().split()[1]) * os.sysconf("SC_PAGE_SIZE") // 1024


def serve(listener, size):
    """
    A server that answers each connection with so many bytes, as fast as they go.
    """
    block = b"x" * 262144

    def one(sock):
        with sock:
            sock.recv(65536)
            sock.sendall(b"HTTP/1.1 200 OK\r\nContent-Length: %d\r\n\r\n" % size)
            left = size
            while left:
                left -= sock.send(block[:left])
            sock.shutdown(socket.SHUT_WR)
            sock.recv(1)

    while True:
        threading.Thread(target=one, args=(listener.accept()[0],), daemon=True).start()


def fetch(port, size, rate, received, name):
    """
    A client that reads so many bytes a second.
    """
    sock = socket.create_connection(("127.0.0.1", port))
    sock.setsockopt(socket.SOL_SOCKET, socket.SO_RCVBUF, 65536)
    sock.sendall(b"GET / HTTP/1.1\r\nHost: x\r\nConnection: close\r\n\r\n")
    began = time.monotonic()
    while True:
        piece = sock.recv(int(rate / 20))
        if not piece:
            break
        received[name] += len(piece)
        ahead = received[name] / rate - (time.monotonic() - began)
        if ahead > 0:
            time.sleep(ahead)
    sock.close()


def main():
    """
    @return: exit status: 1 if bytes are missing or memory grew by more than 4 MiB.
    """
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--mib", type=int, default=1024)
    parser.add_argument("--rate", type=float, default=1.0, help="MB/s of each reader")
    parser.add_argument("--venv", default=".venv")
    options = parser.parse_args()
    size = options.mib << 20
    listener = socket.create_server(("127.0.0.1", 0))
    threading.Thread(target=serve, args=(listener, size), daemon=True).start()
    ports = {"tcp": freePort(), "http": freePort()}
    origin = listener.getsockname()[1]
    with tempfile.NamedTemporaryFile("w", suffix=".cfg") as config:
        config.write(CONFIG % (ports["tcp"], origin, ports["http"], origin))
        config.flush()
        twistd = os.path.join(os.path.dirname(HERE), options.venv, "bin", "twistd")
        process = subprocess.Popen([twistd, "-n", "--pidfile=", "--logfile=/dev/null", "lbproxy", "--config", config.name])
        try:
            return watch(process, ports, size, options.rate * 1e6)
        finally:
            process.terminate()
            process.wait(10)


def watch(process, ports, size, rate):
    """
    Run both transfers and sample memory.
    """
    time.sleep(3)
    before = most = resident(process.pid)
    received = dict.fromkeys(ports, 0)
    threads = [threading.Thread(target=fetch, args=(port, size, rate, received, name), daemon=True)
               for name, port in ports.items()]
    for thread in threads:
        thread.start()
    while any(thread.is_alive() for thread in threads):
        time.sleep(0.5)
        most = max(most, resident(process.pid))
    print("resident before %d KiB, most during %d KiB, after %d KiB" % (before, most, resident(process.pid)))
    for name, count in received.items():
        print("%s: %d MiB arrived" % (name, count >> 20))
    return int(most - before > 4096 or any(count < size for count in received.values()))


if __name__ == "__main__":
    sys.exit(main())
