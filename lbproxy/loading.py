# -*- test-case-name: lbproxy.test.test_loading -*-
"""
A configuration file, read and checked as a whole: all its problems at once (DESIGN 9).
"""

import socket

from lbproxy import acl
from lbproxy.config import ConfigError, load


def resolve(host):
    """
    @param host: a name or a numeric address.
    @return: its numeric address, IPv4 preferred. Names are resolved once, while loading (CFG-26).
    @raise OSError: if there is none.
    """
    found = socket.getaddrinfo(host, None, type=socket.SOCK_STREAM)
    found.sort(key=lambda entry: entry[0] != socket.AF_INET)
    return found[0][4][0]


def loadConfiguration(path, resolver=resolve):
    """
    @param path: a file in either language.
    @return: C{(Configuration, warnings)}, the warnings being L{Problem<lbproxy.config.errors.Problem>}s.
    @raise ConfigError: with every error and warning found.
    """
    unusable = acl.loadPlugins()
    try:
        configuration, found = load(path, resolver)
    except ConfigError as problem:
        if problem.configuration is None:
            raise
        raise ConfigError(
            unusable + _inOrder(problem.problems, acl.check(problem.configuration, resolver))) from None
    problems = unusable + _inOrder(found, acl.check(configuration, resolver))
    if any(problem.severity == "error" for problem in problems):
        raise ConfigError(problems)
    return configuration, list(problems)


def _inOrder(*groups):
    """
    @return: all problems in the order of the file.
    """
    return sorted((problem for group in groups for problem in group),
                  key=lambda problem: (problem.place.line, problem.place.column))
