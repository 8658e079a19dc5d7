# -*- test-case-name: lbproxy.test.acl -*-
"""
Exchanges for tests of conditions.
"""

from lbproxy.acl import compile as compileCondition
from lbproxy.config.conditions import parseAcl, parseCondition
from lbproxy.config.model import Place, Proxy
from lbproxy.config.words import splitWords

HERE = Place("test", 1)


class FakeHead:
    """
    A request head with the attributes that criteria use.
    """

    def __init__(self, uri=b"/", method=b"GET", version=b"HTTP/1.1", headers=(), path=None):
        self.uri = uri
        self.method = method
        self.version = version
        self._headers = list(headers)
        self._path = path
        self.asked = 0

    def path(self):
        """
        The path, counting how often it was asked for.
        """
        self.asked += 1
        return self._path

    def headers(self):
        """
        All headers.
        """
        return self._headers

    def values(self, name):
        """
        The lines of one header.
        """
        return [value for key, value in self._headers if key == name]


class Counted:
    """
    What runs under a name: its counters, and its pool.
    """

    def __init__(self, counters=None, serving=0, slots=0):
        self.counters = counters
        self.pool = self
        self._serving = serving
        self._slots = slots

    def servingCount(self):
        """
        Usable servers.
        """
        return self._serving

    def freeSlots(self):
        """
        Free places.
        """
        return self._slots


class FakeExchange:
    """
    A client and its request.

    @ivar backends, frontends: name to L{Counted}.
    """

    def __init__(self, request=None, sourceHost="127.0.0.1", sourcePort=4000, destination=("10.0.0.9", 80), contents=b"",
                 response=None):
        self.request = request
        self.response = response
        self.sourceHost = sourceHost
        self.sourcePort = sourcePort
        self.destination = destination
        self.contents = contents
        self.backends = {}
        self.frontends = {}

    def now(self):
        """
        The clock.
        """
        return 1000.5

    def backendNamed(self, name):
        """
        A backend.
        """
        return self.backends.get(name)

    def frontendNamed(self, name):
        """
        A frontend.
        """
        return self.frontends.get(name)


def words(text):
    """
    The words of a text, all at one place.
    """
    return splitWords(text.encode(), lambda offset: Place("test", 1, offset + 1))


def entry(text):
    """
    An ACL line.
    """
    return parseAcl(words(text), HERE)


def proxyWith(*acls, kind="frontend", name="web", **fields):
    """
    A proxy with ACL lines.
    """
    return Proxy(kind, name, 1, mode="http", acls=tuple(entry(line) for line in acls), **fields)


def compiled(condition, *acls, resolve=None, compiler=compileCondition, **proxy):
    """
    A compiled condition over ACL lines.
    """
    return compiler(parseCondition(words(condition), HERE), proxyWith(*acls, **proxy), resolve)


def holds(line, exchange):
    """
    Whether an ACL line, without its name, holds for an exchange.
    """
    return bool(compiled("if a", "a " + line)(exchange))
