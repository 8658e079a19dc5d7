"""
The workloads: what is asked of a proxy, and what the figure means.
"""

import time

from bench import BULK
from clients import askEach, bulk, openIdle
from loads import Load, VariedLoad, WrittenLoad
from process import residentBytes
from proof import LOGGING

SMALL = Load("/s")
CLOSE = Load("/s", ("Connection: close",))
#: What a browser says, more or less, that has been here before.
BROWSER = (
    "Host: www.example.com",
    "User-Agent: Mozilla/5.0 (X11; Linux x86_64; rv:115.0) Gecko/20100101 Firefox/115.0",
    "Accept: text/html,application/xhtml+xml,application/xml;q=0.9,*/*;q=0.8",
    "Accept-Language: en",
    "Cookie: SRV=s1; theme=dark",
)


class Workload:
    """
    @ivar name: as in C{--workloads}.
    @ivar title: for the tables.
    @ivar unit: of the figure.
    @ivar profile: directory in C{configs/}.
    @ivar goals: highest ratio to haproxy for C{lbproxy} and C{lbproxy-pypy}, C{None} without one.
    """

    def __init__(self, name, title, profile, run, unit="CPU µs/request", goals=(None, None)):
        self.name = name
        self.title = title
        self.profile = profile
        self.run = run
        self.unit = unit
        self.goals = dict(zip(("lbproxy", "lbproxy-pypy"), goals))


def _requests(load):
    """
    Requests by wrk: the figure is CPU microseconds for each.
    """

    def run(bench, workload):
        options = bench.options

        def ask(running):
            before = bench.sink.count
            found = load.run(options.wrk, running.port, options.connections, options.seconds)
            if workload.profile in LOGGING and found["requests"]:
                found["logsPerRequest"] = (bench.sink.count - before) / found["requests"]
            return found

        def measure(running):
            found = bench.timed(running, lambda: ask(running))
            found["value"] = found["cpu"] / found["requests"] * 1e6 if found["requests"] else None
            return found

        bench.rounds(workload.name, workload.profile, load, measure)

    return run


def _bulk(bench, workload):
    """
    Downloads, two at a time: the figure is CPU seconds for each GiB.
    """
    count = 2 if bench.options.quick else 8

    def download(running):
        seconds, errors = bulk(running.port, b"/100m", BULK, count, 2)
        return {"gibPerSecond": count * BULK / 2**30 / seconds, "errors": errors}

    def measure(running):
        found = bench.timed(running, lambda: download(running))
        found["value"] = found["cpu"] / (count * BULK / 2**30)
        return found

    bench.rounds(workload.name, workload.profile, Load("/16k"), measure)


def _memory(bench, workload):
    """
    Connections that have had one answer and wait: the figure is resident KiB for each.
    """
    count = 500 if bench.options.quick else 4000

    def measure(running):
        # Everything has run once, but no heap of many connections is left behind that would hide new ones.
        sockets = openIdle(running.port, 50)
        for _ in range(20):
            askEach(sockets, running.port)
        for one in sockets:
            one.close()
        time.sleep(0.5)
        start = residentBytes(running.pid)
        sockets = openIdle(running.port, count)
        time.sleep(1.0)
        opened = residentBytes(running.pid)
        kept = askEach(sockets, running.port)
        time.sleep(1.5)
        asked = residentBytes(running.pid)
        for one in sockets:
            one.close()
        return {
            "value": (asked - start) / 1024 / count if kept == count else None,
            "beforeFirst": (opened - start) / 1024 / count,
            "baseMiB": start / 2**20,
            "errors": "" if kept == count else "closes after the answer",
        }

    bench.rounds(workload.name, workload.profile, None, measure, fresh=True)


#: In the order in which they run.
WORKLOADS = [
    Workload("keepalive", "keep-alive small GET, nothing configured", "http", _requests(SMALL), goals=(1.4, 1.0)),
    Workload("logs", "the same with httplog to a UDP sink and forwardfor", "logs", _requests(SMALL), goals=(1.8, 1.1)),
    Workload(
        "full", "full features: httplog, forwardfor, cookie, 5 ACLs, a line added each way", "full",
        _requests(WrittenLoad("/s", BROWSER)), goals=(2.0, 1.2),
    ),
    Workload("full-varied", "the same, no two heads alike", "full", _requests(VariedLoad("/varied", BROWSER))),
    Workload("body16k", "keep-alive GET of 16 KiB", "http", _requests(Load("/16k"))),
    Workload(
        "newclient", "new client connection per request, server side pooled", "http", _requests(CLOSE),
        goals=(1.6, 1.5),
    ),
    Workload("tcp", "TCP mode, new connection per request", "tcp", _requests(CLOSE), goals=(1.4, 1.3)),
    Workload("bulk-tcp", "bulk 100 MiB, TCP mode", "tcp", _bulk, "CPU s/GiB", (1.0, 1.2)),
    Workload("bulk-http", "bulk 100 MiB, HTTP mode", "http", _bulk, "CPU s/GiB", (1.0, 1.2)),
    Workload("memory", "memory per idle keep-alive client connection", "http", _memory, "KiB/connection"),
]
