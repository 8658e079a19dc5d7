# -*- test-case-name: lbproxy.test.acl -*-
"""
Exchanges for tests of conditions.
"""

from lbproxy.acl import compile as compileCondition
from lbproxy.config.conditions import parseAcl, parseCondition
from lbproxy.config.model import Place
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


class FakeExchange:
    """
    A client and its request.
    """

    def __init__(self, request=None, sourceHost="127.0.0.1"):
        self.request = request
        self.sourceHost = sourceHost


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


def compiled(condition, *acls, resolve=None):
    """
    A compiled condition over ACL lines.
    """
    return compileCondition(parseCondition(words(condition), HERE), [entry(line) for line in acls], resolve)


def holds(line, exchange):
    """
    Whether an ACL line, without its name, holds for an exchange.
    """
    return bool(compiled("if a", "a " + line)(exchange))
