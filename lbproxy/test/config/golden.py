# -*- test-case-name: lbproxy.test.config.test_convert -*-
"""
The configurations of the acceptance suite, when it lies beside the checkout.
"""

import glob
import os
import re

import yaml

from lbproxy.test.config.support import MemoryEnvironment

CHECKOUT = os.path.join(os.path.dirname(os.path.abspath(__file__)), "..", "..", "..")
GOLDEN = os.path.join(CHECKOUT, "..", "shared", "golden", "scenarios")

_PLACE = re.compile(r"\{(port|origin|oport|check|syslog|sock|tmp)(?::([\w.-]+?)(?:([*+])(\d+))?)?\}")


def substituted(text):
    """
    A configuration of the acceptance suite with fixed values in its placeholders.
    """
    ports = {}

    def value(found):
        kind, name, sign, number = found.groups()
        port = ports.setdefault(name or kind, 10000 + 20 * len(ports))
        if kind in ("origin", "syslog"):
            return "127.0.0.1:%d" % (port,)
        if kind in ("sock", "tmp"):
            return "/tmp/golden" + ("/sock" if kind == "sock" else "")
        return str(port + (int(number) if sign == "+" else 0))

    return _PLACE.sub(value, text)


class GoldenEnvironment(MemoryEnvironment):
    """
    The files of a scenario, and any account.
    """

    def __init__(self, files):
        MemoryEnvironment.__init__(
            self, {"/tmp/golden/" + name: str(text).encode("latin-1", "replace") for name, text in files.items()}
        )

    def userId(self, name):
        """
        Every user exists.
        """
        return 1

    groupId = userId


def numericOnly(host):
    """
    Numeric addresses and C{localhost}.
    """
    if host == "localhost":
        return "127.0.0.1"
    if re.fullmatch(r"[0-9a-f.:]+", host):
        return host
    raise OSError("no such host")


def scenarios():
    """
    @return: list of C{(path, scenario)}, those that have a configuration; empty without the suite.
    """
    found = []
    for path in sorted(glob.glob(os.path.join(GOLDEN, "*", "*.yaml"))):
        with open(path, encoding="utf-8") as stream:
            scenario = yaml.load(stream, getattr(yaml, "CSafeLoader", yaml.SafeLoader))
        if "config" in scenario:
            found.append((path, scenario))
    return found
