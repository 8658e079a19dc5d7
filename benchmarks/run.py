#!/usr/bin/env python3
"""
Measures lbproxy beside other load balancers in one interleaved run (standard library only).

The figure that matters is CPU time per request of the whole process tree, and its ratio to haproxy doing the same in
the same run. Each proxy has core 0 for itself, origin and load have core 1. All proxies of a workload are started
together and measured in turn, round after round, so that a noisy minute hits all of them.

    python benchmarks/run.py                                   everything; writes benchmarks/RESULTS.md
    python benchmarks/run.py --quick                           short, two rounds, prints only
    python benchmarks/run.py --workloads keepalive,tcp --proxies lbproxy,haproxy
    python benchmarks/run.py --command 'mine=python mine.py {config}' --proxies mine,haproxy
    python benchmarks/run.py --baseline ../before --proxies lbproxy,haproxy --workloads logs,full
                                                               beside another checkout; prints only

Needs nginx (the origin), wrk, and those of haproxy and caddy that shall be compared; lbproxy is taken from .venv and
.venv-pypy, which ./test makes.
"""

import argparse
import datetime
import json
import os
import shutil
import signal
import sys

from bench import Bench, say
from process import machine, raiseFileLimit
from proxies import BASE, HERE, known
from report import Report
from workloads import WORKLOADS

PROXIES = "lbproxy,lbproxy-pypy,haproxy,nginx,caddy,twisted-web"


def withBases(names):
    """
    @return: the names, each lbproxy followed by the one of the other checkout.
    """
    found = []
    for name in names:
        if name not in found:
            found.append(name)
        if name in ("lbproxy", "lbproxy-pypy"):
            found.append(name + BASE)
    return found


def parse(arguments):
    """
    @return: the options; C{names} are the proxies, C{chosen} the L{workloads.Workload}s.
    """
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    byName = {workload.name: workload for workload in WORKLOADS}
    parser.add_argument("--proxies", default=PROXIES)
    parser.add_argument("--workloads", default=",".join(byName))
    parser.add_argument("--rounds", type=int, default=5)
    parser.add_argument("--seconds", type=int, default=3, help="length of one measurement by wrk")
    parser.add_argument("--connections", type=int, default=50, help="client connections of wrk")
    parser.add_argument("--quick", action="store_true", help="1 s measurements, 2 rounds, nothing written")
    parser.add_argument("--command", action="append", default=[], metavar="NAME=COMMAND", help="set or add a proxy")
    parser.add_argument("--baseline", metavar="DIR", help="compare with the lbproxy of another checkout; nothing written")
    parser.add_argument("--output", help="write the tables there (default: benchmarks/RESULTS.md when nothing forbids)")
    parser.add_argument("--json", help="write every measurement there")
    parser.add_argument("--retries", type=int, default=1, help="repeat a measurement that others disturbed")
    parser.add_argument("--max-noise", dest="maxNoise", type=float, default=12, help="%% of the proxy's core")
    parser.add_argument("--proxy-core", dest="proxyCore", type=int, default=0)
    parser.add_argument("--load-core", dest="loadCore", type=int, default=1)
    parser.add_argument("--base-port", dest="basePort", type=int, default=24000)
    options = parser.parse_args(arguments)
    options.names = options.proxies.split(",")
    if options.baseline is not None:
        if not os.path.isdir(os.path.join(options.baseline, "lbproxy")):
            parser.error("--baseline: no lbproxy in %s" % options.baseline)
        options.names = withBases(options.names)
        if not any(name.endswith(BASE) for name in options.names):
            parser.error("--baseline: neither lbproxy nor lbproxy-pypy is among the proxies")
    unknown = [name for name in options.workloads.split(",") if name not in byName]
    if unknown:
        parser.error("unknown workload %s; known: %s" % (", ".join(unknown), ", ".join(byName)))
    options.chosen = [byName[name] for name in options.workloads.split(",")]
    options.wrk = shutil.which("wrk")
    if options.quick:
        options.seconds, options.rounds, options.retries = 1, 2, 0
    elif options.output is None and options.baseline is None:
        options.output = os.path.join(HERE, "RESULTS.md")
    return options


def header(options, proxies):
    """
    @return: lines that tell when, where and with which versions.
    @raise SystemExit: when a proxy would not run the checkout that it stands for.
    """
    lines = [
        "# Benchmark results", "",
        "Written by `python benchmarks/run.py`; only figures of one run may be compared. See README.md.", "",
        "* %s UTC" % datetime.datetime.now(datetime.timezone.utc).strftime("%Y-%m-%d %H:%M"),
        "* %s; loopback; proxy on core %d, origin and load on core %d" % (
            machine(), options.proxyCore, options.loadCore
        ),
        "* %d rounds, %d s each, %d connections; load average at the start %.2f" % (
            options.rounds, options.seconds, options.connections, os.getloadavg()[0]
        ),
    ]
    versions = {name: proxies[name].versionText() for name in options.names if name in proxies}
    for name, text in versions.items():
        if text.startswith("NOT "):
            raise SystemExit("%s: %s" % (name, text))
    return [*lines, *["* %s: %s" % pair for pair in versions.items()], ""]


def main(arguments):
    """
    Run, print, write.
    """
    options = parse(arguments)
    if options.wrk is None or len(os.sched_getaffinity(0)) < 2:
        raise SystemExit("two cores and wrk are needed (Debian: apt-get install wrk nginx haproxy caddy)")
    proxies = known(options.command, options.baseline)
    lines = header(options, proxies)
    raiseFileLimit()
    os.sched_setaffinity(0, {options.loadCore})
    signal.signal(signal.SIGTERM, lambda number, frame: sys.exit(1))
    bench = Bench(options, proxies)
    try:
        bench.begin()
        for workload in options.chosen:
            say("%s: %s" % (workload.name, workload.title))
            workload.run(bench, workload)
    finally:
        bench.end()
    if options.json:
        skipped = [[*key, reason] for key, reason in bench.skipped.items()]
        with open(options.json, "w") as target:
            json.dump({"results": bench.results, "skipped": skipped}, target, indent=1)
    text = "\n".join(lines) + "\n" + Report(bench.results, bench.skipped, options.names, options.chosen).text()
    print(text)
    if options.output:
        with open(options.output, "w") as target:
            target.write(text)


if __name__ == "__main__":
    main(sys.argv[1:])
