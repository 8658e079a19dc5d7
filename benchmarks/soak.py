#!/usr/bin/env python3
"""
A soak: lbproxy at full load by wrk while its servers go away and come back and many idle connections are held.

    python3 benchmarks/soak.py --minutes 10
    python3 benchmarks/soak.py --minutes 1 --idle 1000 --venv .venv-pypy

Everything is on loopback. Exit status 1 when something did not hold at the end; what, is printed.
"""

import argparse
import os
import shlex
import shutil
import signal
import statistics
import subprocess
import sys
import tempfile
import threading
import time

from clients import askEach, get, openIdle, wrk
from process import cpuSeconds, openFiles, raiseFileLimit, residentBytes
from proxies import HERE, ROOT, haltTree
from soakchecks import Console, counterProblems

CONFIG = """\
global
    maxconn {maxconn}
    stats socket {directory}/console.sock mode 600
defaults
    mode http
    maxconn {maxconn}
    balance roundrobin
    option redispatch
    retries 1
    timeout connect 2s
    timeout client 2h
    timeout http-keep-alive 2h
    timeout server 5s
    timeout queue 5s
frontend fe
    bind 127.0.0.1:{port}
    default_backend be
backend be
    option httpchk GET /health
{servers}
"""


class Soak:
    """
    @ivar options: of the command line.
    @ivar requests: answered to wrk so far.
    @ivar errors: texts of wrk about failures.
    @ivar runs: how often wrk ran.
    @ivar turns: how often a server went away.
    @ivar rows: of C{show stat}, at the end.
    @ivar samples: list of C{(seconds, resident bytes, open files, CurrConns)}.
    """

    def __init__(self, options):
        self.options = options
        self.directory = tempfile.mkdtemp(prefix="lbproxy-soak-")
        self.requests = 0
        self.errors = []
        self.runs = 0
        self.turns = 0
        self.samples = []
        self.rows = []
        self._origins = []
        self._proxy = None
        self._idle = []
        self._over = threading.Event()

    def begin(self):
        """
        Start origins and lbproxy.

        @raise SystemExit: when lbproxy does not serve.
        """
        ports = [self.options.basePort + number for number in range(1, 4)]
        for port in ports:
            command = [sys.executable, os.path.join(HERE, "soakorigin.py"), str(port)]
            self._origins.append(subprocess.Popen(command, stdin=subprocess.PIPE, stdout=subprocess.PIPE))
        for origin in self._origins:
            origin.stdout.readline()
        self.port = self.options.basePort
        servers = ["    server s%d 127.0.0.1:%d check inter 500ms fall 2 rise 1" % pair for pair in enumerate(ports, 1)]
        path = os.path.join(self.directory, "soak.cfg")
        with open(path, "w") as config:
            maxconn = self.options.idle + 1000
            text = CONFIG.format(
                maxconn=maxconn, directory=self.directory, port=self.port, servers="\n".join(servers)
            )
            config.write(text)
        self._output = open(os.path.join(self.directory, "output.log"), "wb")
        twistd = os.path.join(ROOT, self.options.venv, "bin", "twistd")
        template = self.options.command or shlex.quote(twistd) + " -n --pidfile= lbproxy --config {config}"
        self._proxy = subprocess.Popen(
            [word.format(config=path) for word in shlex.split(template)], stdin=subprocess.DEVNULL,
            stdout=self._output, stderr=self._output, cwd=self.directory,
            preexec_fn=lambda: os.sched_setaffinity(0, {0}),
        )
        self.pid = self._proxy.pid
        self.console = Console(os.path.join(self.directory, "console.sock"))
        for _ in range(600):
            try:
                if get(self.port, "/")[0] == 200:
                    return
            except (OSError, ValueError):
                pass
            if self._proxy.poll() is not None:
                break
            time.sleep(0.05)
        raise SystemExit("lbproxy does not serve: " + self.lastWords())

    def lastWords(self):
        """
        @return: the end of what lbproxy wrote, and its state.
        """
        with open(self._output.name, "rb") as output:
            text = output.read()[-1500:].decode("latin-1")
        try:
            with open("/proc/%d/wchan" % self.pid) as waits:
                state = "waits in %s, used %.1f s of CPU" % (waits.read() or "user space", cpuSeconds(self.pid))
        except OSError:
            state = "ended with status %s" % self._proxy.poll()
        return "%s\n%s" % (state, text)

    def end(self):
        """
        End everything that was started.
        """
        self._over.set()
        for one in self._idle:
            one.close()
        for process in ([self._proxy] if self._proxy else []) + self._origins:
            haltTree(process)
        shutil.rmtree(self.directory, ignore_errors=True)

    def sample(self, started):
        """
        Take and print one sample.
        """
        connections = int(self.console.pairs("show info")["CurrConns"])
        found = (time.monotonic() - started, residentBytes(self.pid), openFiles(self.pid), connections)
        self.samples.append(found)
        print("%5.0f s  %7.1f MiB  %6d files  %6d connections  %9d requests  %s" % (
            found[0], found[1] / 2**20, found[2], found[3], self.requests, "; ".join(self.errors[-1:])
        ), flush=True)

    def _turnServers(self):
        """
        One of the first two servers is away most of the time, the third never.
        """
        number = 0
        while not self._over.wait(4.0):
            origin = self._origins[number % 2]
            for word, pause in ((b"down\n", 4.0), (b"up\n", 0.0)):
                origin.stdin.write(word)
                origin.stdin.flush()
                origin.stdout.readline()
                if self._over.wait(pause):
                    break
            number += 1
            self.turns += 1

    def load(self):
        """
        The soak itself.
        """
        options = self.options
        self._idle = openIdle(self.port, options.idle)
        kept = askEach(self._idle, self.port, "/idle")
        print("%d idle connections, %d kept after their answer" % (options.idle, kept), flush=True)
        if kept != options.idle:
            self.errors.append("%d idle connections were closed" % (options.idle - kept))
        turner = threading.Thread(target=self._turnServers, daemon=True)
        turner.start()
        started = time.monotonic()
        while time.monotonic() - started < options.minutes * 60:
            self.sample(started)
            left = options.minutes * 60 - (time.monotonic() - started)
            found = wrk(options.wrk, self.port, "/", options.connections, max(1, min(10, left)))
            self.requests += found["requests"]
            self.runs += 1
            if found["errors"]:
                self.errors.append(found["errors"])
        self.sample(started)
        self._over.set()
        turner.join()
        for origin in self._origins:
            origin.stdin.write(b"up\n")
            origin.stdin.flush()

    def growth(self):
        """
        @return: bytes that the median resident memory grew between the second and the last quarter.
        """
        sizes = [sample[1] for sample in self.samples]
        quarter = max(1, len(sizes) // 4)
        return statistics.median(sizes[-quarter:]) - statistics.median(sizes[quarter : 2 * quarter] or sizes[:1])

    def check(self, filesBefore):
        """
        What must hold after the load is gone.

        @return: list of texts, empty when all is well.
        """
        problems = [one for one in self.errors if "idle" in one]
        size = self.samples[-1][1]
        if self.growth() > max(2 << 20, size * 0.05):
            problems.append("memory grew by %.1f MiB" % (self.growth() / 2**20))
        for one in self._idle:
            one.close()
        self._idle = []
        for _ in range(60):
            time.sleep(0.5)
            if openFiles(self.pid) <= filesBefore:
                break
        files = openFiles(self.pid)
        if files > filesBefore:
            problems.append("%d descriptors, %d before the load" % (files, filesBefore))
        current = self.console.pairs("show info")["CurrConns"]
        if current != "1":
            problems.append("CurrConns is %s with only the console connected" % current)
        known = self.requests + self.options.idle
        self.rows = self.console.rows()
        slack = self.options.connections * self.runs + 10
        problems += counterProblems(self.rows, known, slack, self.options.allowedFailures)
        return problems


def parse(arguments):
    """
    @return: the options.
    """
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--minutes", type=float, default=10)
    parser.add_argument("--idle", type=int, default=10000, help="idle connections held")
    parser.add_argument("--connections", type=int, default=50, help="of wrk")
    parser.add_argument("--venv", default=".venv", help=".venv or .venv-pypy")
    parser.add_argument("--command", help="another command, with {config}, instead of twistd of --venv")
    parser.add_argument("--base-port", dest="basePort", type=int, default=23000)
    parser.add_argument(
        "--allowed-failures", dest="allowedFailures", type=float, default=1e-5,
        help="share of the requests that may fail (a request just sent when its server vanishes)",
    )
    options = parser.parse_args(arguments)
    options.wrk = shutil.which("wrk")
    if options.wrk is None:
        parser.error("wrk is needed (Debian: apt-get install wrk)")
    return options


def main(arguments):
    """
    @return: exit status.
    """
    options = parse(arguments)
    limit = raiseFileLimit()
    if limit < options.idle + 2000:
        raise SystemExit("only %d open files are allowed here, choose a smaller --idle" % limit)
    os.sched_setaffinity(0, {max(os.sched_getaffinity(0))})
    signal.signal(signal.SIGTERM, lambda number, frame: sys.exit(1))
    soak = Soak(options)
    try:
        soak.begin()
        time.sleep(6)
        filesBefore = openFiles(soak.pid)
        soak.load()
        problems = soak.check(filesBefore)
    except OSError as error:
        problems = ["lbproxy does not answer any more: %r; its last words: %s" % (error, soak.lastWords())]
    finally:
        soak.end()
    print("%d requests, servers went away %d times, memory grew by %.2f MiB" % (
        soak.requests, soak.turns, soak.growth() / 2**20
    ))
    for problem in problems:
        print("NOT WELL: " + problem)
    for row in soak.rows if problems else ():
        print("  " + " ".join("%s=%s" % pair for pair in row.items() if pair[0] and pair[1] not in ("", "0", None)))
    print("all is well" if not problems else "%d problems" % len(problems))
    return 1 if problems else 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
