"""
Reading lbproxy's console, and what its counters must say after a soak.
"""

import csv
import socket

#: Bytes of a generated answer, at most.
LARGEST_PAGE = 512


class Console:
    """
    The UNIX socket of C{stats socket}: one command each connection.
    """

    def __init__(self, path):
        self._path = path

    def ask(self, command):
        """
        @return: the answer, text.
        """
        with socket.socket(socket.AF_UNIX) as client:
            client.settimeout(10)
            client.connect(self._path)
            client.sendall(command.encode("ascii") + b"\n")
            received = b""
            while True:
                piece = client.recv(65536)
                if not piece:
                    return received.decode("latin-1")
                received += piece

    def pairs(self, command):
        """
        @return: dict of a C{Key: value} answer.
        """
        return dict(line.split(": ", 1) for line in self.ask(command).splitlines() if ": " in line)

    def rows(self):
        """
        @return: list of dicts, the rows of C{show stat}.
        """
        text = self.ask("show stat").lstrip("# ")
        return list(csv.DictReader(text.splitlines()))


def _number(row, name):
    return int(row[name] or 0)


def counterProblems(rows, known, slack, allowed):
    """
    Compare the rows of frontend C{fe}, backend C{be} and its servers with each other and with what the load saw.

    @param rows: as L{Console.rows}.
    @param known: requests that were answered.
    @param slack: requests that may have been in flight when a load generator ended.
    @param allowed: share of C{known} that may have failed.
    @return: list of texts.
    """
    frontend = next(row for row in rows if row["svname"] == "FRONTEND")
    backend = next(row for row in rows if row["svname"] == "BACKEND")
    servers = [row for row in rows if row["svname"] not in ("FRONTEND", "BACKEND")]
    problems = []

    def total(name):
        return sum(_number(row, name) for row in servers)

    def equal(text, one, other):
        if one != other:
            problems.append("%s: %d and %d" % (text, one, other))

    for row in rows:
        for name in ("scur", "qcur"):
            if _number(row, name):
                problems.append("%s of %s is %s" % (name, row["svname"], row[name]))
    for name in ("wretr", "wredis", "econ", "eresp", "lbtot"):
        equal("%s of backend and of its servers" % name, _number(backend, name), total(name))
    attempts = _number(backend, "stot") + _number(backend, "wretr") + _number(backend, "wredis")
    equal("stot of the servers and requests, retries, redispatches of the backend", total("stot"), attempts)
    for name in ("bin", "bout"):
        equal("%s of backend and servers" % name, _number(backend, name), total(name))
    equal("bin of frontend and backend", _number(frontend, "bin"), _number(backend, "bin"))
    # Each run of wrk begins with a connection that says nothing; it is sent a 400, which no backend knows of.
    pages = _number(frontend, "bout") - _number(backend, "bout")
    if not 0 <= pages <= _number(frontend, "ereq") * LARGEST_PAGE:
        problems.append("bout of the frontend is %d more than that of the backend" % pages)
    given = _number(backend, "stot")
    if not known <= given <= known + slack:
        problems.append("stot of the backend is %d for %d answered requests" % (given, known))
    failed = _number(backend, "econ") + _number(backend, "eresp")
    if failed > max(3, known * allowed):
        problems.append("%d requests failed" % failed)
    return problems
