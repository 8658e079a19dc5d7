# -*- test-case-name: lbproxy.test.test_tap -*-
"""
The C{lbproxy} command of C{twistd}: options, and the service they describe.

Importing this module installs lbproxy's reactor, unless there is one already or C{twistd --reactor} asked for another.
"""

import sys

from twisted.python import usage

if "twisted.internet.reactor" not in sys.modules:
    from lbproxy.net.reactor import install

    install()


class Options(usage.Options):
    """
    What follows C{lbproxy} on the command line.
    """

    synopsis = "[options] --config FILE"
    longdesc = "A TCP and HTTP load balancer. FILE is YAML when its name ends in .yaml, .yml or .json, else a haproxy.cfg."

    optParameters = [
        ["config", "f", None, "The configuration file."],
    ]

    optFlags = [
        ["check", "c", "Read and check the configuration, report every problem, and exit: 0 if it is valid, else 1."],
        ["demo", None, "Serve http://127.0.0.1:8080/ from two small origins of our own."],
    ]

    compData = usage.Completions(optActions={"config": usage.CompleteFiles("*")})

    def postOptions(self):
        """
        @raise usage.UsageError: without a configuration, or with an invalid one.
        """
        if self["demo"] and self["config"]:
            raise usage.UsageError("--demo brings its own configuration: leave --config out")
        if self["demo"] and self["check"]:
            raise usage.UsageError("--demo has nothing to check")
        if not self["demo"] and not self["config"]:
            raise usage.UsageError("which configuration? Give --config FILE, or try --demo")
        if not self["demo"]:
            self["configuration"] = readConfiguration(self["config"])
            if self["check"]:
                print("%s: the configuration is valid" % self["config"])
                raise SystemExit(0)


def readConfiguration(path):
    """
    @return: a L{Configuration<lbproxy.config.model.Configuration>}; warnings go to stderr.
    @raise SystemExit: 1, after every problem was printed.
    """
    from lbproxy.config import ConfigError
    from lbproxy.loading import loadConfiguration

    try:
        configuration, warnings = loadConfiguration(path)
    except ConfigError as problem:
        for found in problem.problems:
            sys.stderr.write("[%s] %s\n" % (found.severity, found))
        sys.stderr.write("%s: the configuration is not valid\n" % path)
        raise SystemExit(1) from None
    for found in () if configuration.globals.quiet else warnings:
        sys.stderr.write("[%s] %s\n" % (found.severity, found))
    return configuration


def makeService(options):
    """
    @param options: L{Options} after parsing.
    @return: a service; its listeners are bound already (LST-01).
    @raise SystemExit: 1, after the reason was printed, if they cannot be.
    """
    from twisted.internet import reactor

    from lbproxy.observability import raiseLimit
    from lbproxy.service import CannotStart, LoadBalancer

    if options["demo"]:
        from lbproxy.demo import makeDemo

        return makeDemo(reactor)
    balancer = LoadBalancer(options["configuration"], reactor)
    try:
        balancer.bind()
    except CannotStart as problem:
        sys.stderr.write("[alert] %s\n" % problem)
        raise SystemExit(1) from None
    warning = raiseLimit(options["configuration"])
    if warning is not None and not options["configuration"].globals.quiet:
        sys.stderr.write("[warning] %s\n" % warning)
    balancer.obeySignals()
    return balancer


__all__ = ["Options", "makeService", "readConfiguration"]
