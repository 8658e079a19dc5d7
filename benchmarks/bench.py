"""
One run: the origin, the log sink, the proxies, and interleaved rounds of measurements.
"""

import os
import random
import shutil
import subprocess
import sys
import tempfile
import time

import proof
from clients import SMALL, LogSink, get
from process import coreSeconds, cpuSeconds
from proxies import HERE, Running, haltTree, render

BULK = 100 << 20


def say(text):
    """
    Progress, on standard error.
    """
    print(text, file=sys.stderr, flush=True)


class Bench:
    """
    @ivar options: of the command line.
    @ivar results: list of dicts with C{workload proxy round value} and what else was measured.
    @ivar skipped: dict of (workload, proxy) to the reason.
    @ivar sink: the L{LogSink}.
    """

    def __init__(self, options, proxies):
        self.options = options
        self.proxies = proxies
        self.results = []
        self.skipped = {}
        base = options.basePort
        self._nextPort = base + 10
        self._values = {"ORIGIN1": base + 1, "ORIGIN2": base + 2, "SYSLOG": base + 3}
        self._directory = tempfile.mkdtemp(prefix="lbproxy-bench-")
        os.chmod(self._directory, 0o755)
        self._running = []
        self._origin = None
        self.sink = LogSink(base + 3)

    def begin(self):
        """
        Start sink and origin.

        @raise SystemExit: when nginx does not serve.
        """
        self.sink.start()
        home = os.path.join(self._directory, "origin")
        os.makedirs(home + "/www")
        chance = random.Random(7)
        self._page = bytes(chance.randrange(32, 127) for _ in range(16384))
        with open(home + "/www/16k", "wb") as page:
            page.write(self._page)
        with open(home + "/www/100m", "wb") as page:
            page.truncate(BULK)
        for path in (home, home + "/www"):
            os.chmod(path, 0o755)
        with open(os.path.join(HERE, "configs", "origin", "nginx.conf")) as source:
            text = render(source.read(), dict(self._values, DIR=home))
        with open(home + "/nginx.conf", "w") as target:
            target.write(text)
        nginx = shutil.which("nginx") or "/usr/sbin/nginx"
        self._origin = subprocess.Popen(
            [nginx, "-c", home + "/nginx.conf", "-p", home, "-e", home + "/origin.err"], stdin=subprocess.DEVNULL
        )
        for _ in range(500):
            try:
                if all(get(self._values[name], "/s")[2] == SMALL for name in ("ORIGIN1", "ORIGIN2")):
                    return
            except OSError:
                time.sleep(0.01)
        raise SystemExit("the nginx origin did not start")

    def end(self):
        """
        End everything that was started.
        """
        for running in list(self._running):
            self.stop(running)
        if self._origin is not None:
            haltTree(self._origin)
        shutil.rmtree(self._directory, ignore_errors=True)

    def start(self, proxy, profile):
        """
        Start a proxy and see that it does the work it is timed for.

        @return: L{Running}.
        @raise RuntimeError: when it does not.
        """
        self._nextPort += 1
        port = self._nextPort
        directory = os.path.join(self._directory, "%s-%s-%d" % (proxy.name, profile, port))
        running = Running(proxy, profile, directory, port, self._values, self.options.proxyCore)
        self._running.append(running)
        try:
            running.waitReady()
            proof.body(running.port, self._page)
            if profile in proof.LOGGING:
                proof.logs(running.port, self.sink)
            if profile == "full":
                proof.everyFeature(running.port, self.sink)
        except Exception:
            self.stop(running)
            raise
        return running

    def stop(self, running):
        """
        End a proxy.
        """
        running.stop()
        self._running.remove(running)

    def skip(self, workload, name, reason):
        """
        Note that a proxy has no figure, and why.
        """
        self.skipped[workload, name] = reason
        say("  - %s: %s" % (name, reason))

    def timed(self, running, work):
        """
        Run C{work} and measure the proxy meanwhile; repeated once when others used its core.

        @param work: returns a dict.
        @return: that dict with C{cpu} (seconds), C{corePercent} and C{noisePercent}.
        """
        best = None
        for _ in range(self.options.retries + 1):
            core = coreSeconds(self.options.proxyCore)
            clock, used = time.perf_counter(), cpuSeconds(running.pid)
            found = work()
            used = cpuSeconds(running.pid) - used
            wall = time.perf_counter() - clock
            now = coreSeconds(self.options.proxyCore)
            others = max(0.0, now[0] - core[0] - used) + now[1] - core[1]
            found.update(cpu=used, corePercent=100 * used / wall, noisePercent=100 * others / wall)
            if best is None or found["noisePercent"] < best["noisePercent"]:
                best = found
            if best["noisePercent"] < self.options.maxNoise:
                break
            time.sleep(0.5)
        return best

    def add(self, workload, name, number, found):
        """
        Keep one measurement.
        """
        self.results.append(dict(workload=workload, proxy=name, round=number, **found))
        shown = [
            "%s=%s" % (key, "%.4g" % value if isinstance(value, float) else value)
            for key, value in found.items()
            if value not in (None, "")
        ]
        say("  %-17s round %d  %s" % (name, number, "  ".join(shown)))

    def rounds(self, workload, profile, load, measure, fresh=False):
        """
        Start every proxy, warm it, and measure all of them in each round, every other round in reversed order.

        @param load: the L{loads.Load} for warming, C{None} to leave that to C{measure}.
        @param measure: called with the L{Running}, returns a dict with C{value}.
        @param fresh: start each proxy anew for every round.
        """
        live = []
        for name in self.options.names:
            running = None if fresh else self._startWarm(workload, name, profile, load)
            if fresh or running is not None:
                live.append((name, running))
        for number in range(1, self.options.rounds + 1):
            for name, running in live if number % 2 else reversed(live):
                if fresh:
                    running = self._startWarm(workload, name, profile, load)
                    if running is None:
                        continue
                try:
                    self.add(workload, name, number, measure(running))
                except Exception as error:
                    self.skip(workload, name, "failed: %r" % error)
                if fresh:
                    self.stop(running)
                time.sleep(0.15)
        for _, running in live:
            if running is not None:
                self.stop(running)

    def _startWarm(self, workload, name, profile, load):
        proxy = self.proxies.get(name)
        reason = "not installed" if proxy is None else proxy.runs(profile)
        if reason:
            self.skip(workload, name, reason)
            return None
        try:
            running = self.start(proxy, profile)
            if load is not None:
                seconds = proxy.warm * (0.3 if self.options.quick else 1)
                load.run(self.options.wrk, running.port, self.options.connections, seconds)
        except Exception as error:
            self.skip(workload, name, "failed: " + " ".join(str(error).split())[:300])
            return None
        return running
