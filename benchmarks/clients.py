"""
The load: wrk for requests, sockets of our own for single requests, bulk downloads and idle connections.
"""

import re
import socket
import subprocess
import threading
import time

#: Body of the small page.
SMALL = b"hello world hello world hello world hello world 0123456789\n"
HOST = "127.0.0.1"


def parseResponse(received):
    """
    @return: C{(status, fields, body start, length or None)}, or C{None} when the head is incomplete; fields is a
        dict of lower-case bytes.
    """
    end = received.find(b"\r\n\r\n")
    if end < 0:
        return None
    lines = bytes(received[:end]).split(b"\r\n")
    fields = {}
    for line in lines[1:]:
        name, _, value = line.partition(b":")
        fields[name.strip().lower()] = value.strip()
    length = int(fields[b"content-length"]) if b"content-length" in fields else None
    return int(lines[0].split()[1]), fields, end + 4, length


def _unchunk(body):
    found, rest = b"", body
    while rest:
        line, _, rest = rest.partition(b"\r\n")
        size = int(line, 16)
        if not size:
            break
        found, rest = found + rest[:size], rest[size + 2 :]
    return found


def get(port, path, fields=(), timeout=10):
    """
    One request on a connection of its own.

    @param fields: further lines of the head, text without line ends.
    @return: C{(status, fields, body)}.
    @raise ValueError: when the response has no complete head.
    """
    named = any(field.lower().startswith("host:") for field in fields)
    host = () if named else ("Host: %s:%d" % (HOST, port),)
    lines = ["GET %s HTTP/1.1" % path, *host, "Connection: close", *fields, "", ""]
    with socket.create_connection((HOST, port), timeout=timeout) as client:
        client.sendall("\r\n".join(lines).encode("ascii"))
        received = bytearray()
        while True:
            piece = client.recv(65536)
            if not piece:
                break
            received += piece
            found = parseResponse(received)
            if found and found[3] is not None and len(received) - found[2] >= found[3]:
                break
    found = parseResponse(received)
    if not found:
        raise ValueError("truncated response")
    body = bytes(received[found[2] :])
    if found[1].get(b"transfer-encoding", b"").lower() == b"chunked":
        body = _unchunk(body)
    return found[0], found[1], body


def wrk(binary, port, path, connections, seconds, fields=(), script=None, arguments=()):
    """
    Run wrk with one thread.

    @param seconds: at least 1; wrk takes whole seconds only.
    @param fields: lines of the request head, text without line ends.
    @param script: path of a Lua script, whose C{init} gets the C{arguments}.
    @return: dict of C{requests}, C{perSecond}, C{p50}, C{p99} (milliseconds) and C{errors} (text).
    @raise RuntimeError: when wrk failed.
    """
    seconds = max(1, round(seconds))
    command = [binary, "-t1", "-c%d" % connections, "-d%ds" % seconds, "--latency", "--timeout", "5s"]
    for field in fields:
        command += ["-H", field]
    if script is not None:
        command += ["-s", script]
    command.append("http://%s:%d%s" % (HOST, port, path))
    if arguments:
        command += ["--", *arguments]
    done = subprocess.run(command, capture_output=True, text=True, timeout=seconds + 30)
    found = re.search(r"(\d+) requests in", done.stdout)
    if not found:
        raise RuntimeError("wrk failed: " + (done.stderr or done.stdout).strip()[:200])
    if not int(found.group(1)):
        return {"requests": 0, "perSecond": 0.0, "p50": None, "p99": None, "errors": "no answer"}
    errors = [text.strip() for text in re.findall(r"(?:Socket errors|Non-2xx).*", done.stdout)]
    unit = {"us": 1e-3, "ms": 1.0, "s": 1e3}
    latency = {
        share: float(value) * unit[name]
        for share, value, name in re.findall(r"(50|99)%\s+([\d.]+)(us|ms|s)", done.stdout)
    }
    perSecond = float(re.search(r"Requests/sec:\s+([\d.]+)", done.stdout).group(1))
    return {
        "requests": int(found.group(1)), "perSecond": perSecond, "p50": latency.get("50"), "p99": latency.get("99"),
        "errors": "; ".join(errors),
    }


def _download(port, path, size, buffer):
    request = b"GET %s HTTP/1.1\r\nHost: 127.0.0.1:%d\r\nConnection: close\r\n\r\n" % (path, port)
    with socket.create_connection((HOST, port), timeout=60) as client:
        client.sendall(request)
        head = b""
        while b"\r\n\r\n" not in head:
            piece = client.recv(4096)
            if not piece:
                return "no head"
            head += piece
        status, _, start, _ = parseResponse(head)
        left = size - (len(head) - start)
        while left > 0:
            count = client.recv_into(buffer, min(len(buffer), left), socket.MSG_TRUNC)
            if not count:
                break
            left -= count
    return "" if not left and status == 200 else "status %d, %d bytes missing" % (status, left)


def bulk(port, path, size, count, parallel):
    """
    Download C{path} C{count} times, C{parallel} at a time; the kernel drops the payload.

    @param size: expected bytes of the body.
    @return: C{(seconds, errors as text)}.
    """
    left, bad, lock = [count], [], threading.Lock()

    def work():
        buffer = bytearray(1 << 20)
        while True:
            with lock:
                if not left[0]:
                    return
                left[0] -= 1
            try:
                wrong = _download(port, path, size, buffer)
            except OSError as error:
                wrong = repr(error)
            if wrong:
                bad.append(wrong)

    started = time.perf_counter()
    threads = [threading.Thread(target=work) for _ in range(parallel)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    return time.perf_counter() - started, "; ".join(bad[:2])


def openIdle(port, count):
    """
    Client connections on which nothing was sent.

    @return: list of sockets.
    """
    return [socket.create_connection((HOST, port), timeout=10) for _ in range(count)]


def askEach(sockets, port, path="/s"):
    """
    One request on each, the answers read.

    @return: how many connections the proxy keeps open.
    """
    request = ("GET %s HTTP/1.1\r\nHost: %s:%d\r\n\r\n" % (path, HOST, port)).encode("ascii")
    kept = 0
    for client in sockets:
        client.sendall(request)
        received = b""
        while True:
            piece = client.recv(65536)
            if not piece:
                break
            received += piece
            found = parseResponse(received)
            if found and found[3] is not None and len(received) - found[2] >= found[3]:
                break
            if found and found[3] is None and received.endswith(b"0\r\n\r\n"):
                break
        kept += bool(piece) and b"connection: close" not in received.lower()
    return kept


class LogSink(threading.Thread):
    """
    A UDP sink for log lines.

    @ivar count: datagrams so far.
    """

    def __init__(self, port):
        super().__init__(daemon=True)
        self.socket = socket.socket(socket.AF_INET, socket.SOCK_DGRAM)
        self.socket.setsockopt(socket.SOL_SOCKET, socket.SO_RCVBUF, 8 << 20)
        self.socket.bind((HOST, port))
        self.count = 0
        self._last = bytearray(4096)
        self._size = 0

    def run(self):
        """
        Until the program ends.
        """
        receive, last = self.socket.recv_into, self._last
        while True:
            self._size = receive(last)
            self.count += 1

    def line(self):
        """
        @return: the last line, bytes.
        """
        return bytes(self._last[:self._size])
