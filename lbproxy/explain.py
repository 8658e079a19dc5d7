# -*- test-case-name: lbproxy.test.test_explain -*-
"""
C{lbproxy explain}: what would become of a request, and why.

The request is played through the real analysers (L{lbproxy.rehearsal}); a L{Witness<lbproxy.witness.Witness>} tells what they
evaluated.
"""

import socket
import sys

from twisted.python import usage

from lbproxy.config import ConfigError
from lbproxy.config.addresses import splitHostPort
from lbproxy.loading import loadConfiguration, resolve
from lbproxy.rehearsal import ANSWER, Rehearsal
from lbproxy.witness import Witness


class Options(usage.Options):
    """
    What follows C{explain} on the command line.
    """

    synopsis = "--config FILE --request 'GET /x HTTP/1.1' [options]"
    longdesc = "Tell which rules a request would meet, what each condition sees, and where the request would go."

    optParameters = [
        ["config", "f", None, "The configuration file."],
        ["request", "r", None, "The request line."],
        ["src", "s", "127.0.0.1", "Address of the client, with :PORT if it matters."],
        ["dst", "d", None, "Address and port the client connects to; tells which frontend."],
        ["frontend", None, None, "Name of the frontend; the first one that fits when absent."],
        ["body", "b", "", "Body of the request."],
        ["response", None, None, "Status line the server answers with, 'HTTP/1.1 200 OK' when absent."],
    ]

    def __init__(self):
        usage.Options.__init__(self)
        self["headers"], self["answers"], self["down"] = [], [], []

    def opt_header(self, line):
        """
        A header line of the request. May be given several times.
        """
        self["headers"].append(line)

    opt_H = opt_header

    def opt_answer(self, line):
        """
        A header line of the server's response. May be given several times.
        """
        self["answers"].append(line)

    def opt_down(self, name):
        """
        BACKEND/SERVER that is down. May be given several times.
        """
        self["down"].append(name)

    def postOptions(self):
        """
        @raise usage.UsageError: something is missing.
        """
        if not self["config"]:
            raise usage.UsageError("which configuration? Give --config FILE")
        for name in self["down"]:
            if name.count("/") != 1:
                raise usage.UsageError("--down takes BACKEND/SERVER, not '%s'" % name)


class CannotExplain(Exception):
    """
    The request cannot be played; the text says why.
    """


def _bytes(text):
    return text.encode("utf-8", "surrogateescape")


def requestBytes(options):
    """
    @param options: L{Options}.
    @return: bytes of the request they describe. A body gets its length, if no header tells it.
    """
    if not options["request"]:
        return b""
    lines = [_bytes(line) for line in [options["request"]] + options["headers"]]
    body = _bytes(options["body"])
    names = [line.partition(b":")[0].lower() for line in lines[1:]]
    if body and b"content-length" not in names and b"transfer-encoding" not in names:
        lines.append(b"Content-Length: %d" % len(body))
    return b"\r\n".join(lines) + b"\r\n\r\n" + body


def answerBytes(options):
    """
    @param options: L{Options}.
    @return: bytes of the response that the server gives.
    """
    if not options["response"] and not options["answers"]:
        return ANSWER
    lines = [_bytes(line) for line in [options["response"] or "HTTP/1.1 200 OK"] + options["answers"]]
    if not any(line.lower().startswith((b"content-length:", b"transfer-encoding:")) for line in lines):
        lines.append(b"Content-Length: 0")
    return b"\r\n".join(lines) + b"\r\n\r\n"


def chooseFrontend(frontends, name, destination):
    """
    @param frontends: those of the assembly.
    @param name: the one wanted, or C{None}.
    @param destination: C{(host, port)} or C{None}.
    @return: the frontend, and the C{(host, port)} its client connects to.
    @raise CannotExplain: there is none.
    """
    for frontend in frontends:
        if name is not None and frontend.name != name:
            continue
        for bind in frontend.config.binds:
            if destination is None:
                return frontend, ("127.0.0.1" if bind.host == "0.0.0.0" else bind.host, bind.port or 0)
            if bind.port == destination[1] and bind.host in ("0.0.0.0", "::", destination[0]):
                return frontend, destination
    known = ", ".join("'%s'" % frontend.name for frontend in frontends) or "none"
    raise CannotExplain("no frontend takes that connection; there are: %s" % known)


def explain(configuration, options):
    """
    @param configuration: a L{Configuration<lbproxy.config.model.Configuration>}.
    @param options: L{Options}.
    @return: list of lines for people.
    @raise CannotExplain: what is asked for is not there.
    """
    witness = Witness()
    rehearsal = Rehearsal(configuration, resolve, witness)
    for name in options["down"]:
        backend, _, server = name.partition("/")
        try:
            rehearsal.takeDown(backend, server)
        except LookupError:
            raise CannotExplain("--down: there is no server '%s'" % name) from None
    source = _address(options["src"], "src", 40000)
    destination = _address(options["dst"], "dst", 80) if options["dst"] else None
    frontend, destination = chooseFrontend(rehearsal.assembly.frontends, options["frontend"], destination)
    if frontend.config.mode == "http" and not options["request"]:
        raise CannotExplain("which request? Give --request 'GET / HTTP/1.1'")
    rehearsal.play(frontend, requestBytes(options), source, destination, answerBytes(options))
    return list(_report(frontend, rehearsal, witness))


def _address(text, name, port):
    try:
        host, port = splitHostPort(text, port)
        for family in (socket.AF_INET, socket.AF_INET6):
            try:
                socket.inet_pton(family, host)
                return host, port
            except OSError:
                continue
        raise ValueError("'%s' is not a numeric address" % host)
    except ValueError as problem:
        raise CannotExplain("--%s: %s" % (name, problem)) from None


_INDENT = {"step": "  ", "rule": "    ", "match": "    ", "test": "      "}


def _report(frontend, rehearsal, witness):
    config = frontend.config
    yield "%s '%s' (%s)" % (config.kind, config.name, config.place)
    for reason in witness.reasons:
        yield _INDENT[reason.kind] + "".join((
            reason.text, "" if reason.saw is None else "  saw %s" % reason.saw,
            "  -> " + reason.outcome if reason.outcome else "",
            "" if reason.place is None else "  (%s)" % reason.place))
    exchange = rehearsal.exchange
    if exchange is None:
        yield "answered before any request was read"
    else:
        yield from _destination(exchange, rehearsal)
    if rehearsal.toServer:
        yield ""
        yield "to the server:"
        yield from _lines(rehearsal.toServer)
    if rehearsal.toClient:
        yield ""
        yield "to the client:"
        yield from _lines(rehearsal.toClient)


def _destination(exchange, rehearsal):
    backend, server = exchange.backend, exchange.server
    if backend is None:
        yield "no backend was reached"
    else:
        yield "backend '%s' (%s)" % (backend.name, backend.config.place)
        for one in backend.pool.servers:
            yield "  server %s %s:%s, %s, weight %d%s" % (
                one.name, one.config.address, one.config.port or "the client's port", "up" if one.running else "down",
                one.weight, ", backup" if one.backup else "")
    if server is not None:
        how = "persistence" if exchange.direct else "balance %s" % backend.config.balance.algorithm
        yield "server '%s' by %s" % (server.name, how)
    if rehearsal.target is not None:
        yield "connects to %s:%d" % rehearsal.target
    if exchange.status > 0:
        yield "status %d, logged as %s%s%s" % (exchange.status, exchange.cause, exchange.phase, exchange.cookieFlags)


def _lines(message):
    head = message.partition(b"\r\n\r\n")[0]
    for line in head.split(b"\r\n"):
        yield "  " + line.decode("latin-1")


def run(options, stdout=sys.stdout, stderr=sys.stderr):
    """
    Do what C{lbproxy explain} is asked for.

    @param options: L{Options}.
    @return: the exit status: 0, or 1 after the reason was printed.
    """
    try:
        configuration, _warnings = loadConfiguration(options["config"])
        for line in explain(configuration, options):
            stdout.write(line + "\n")
    except ConfigError as problem:
        for found in problem.problems:
            stderr.write("[%s] %s\n" % (found.severity, found))
        return 1
    except CannotExplain as problem:
        stderr.write("lbproxy explain: %s\n" % problem)
        return 1
    return 0
