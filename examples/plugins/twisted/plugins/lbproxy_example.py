"""
A criterion and a way to compare, added to lbproxy from outside::

    acl longquery query_len gt 512
    acl icons path_glob *.ico /img/*.png

Put this file into a directory C{twisted/plugins} (without C{__init__.py}) of any directory that is on C{PYTHONPATH}.
"""

import fnmatch
import re

from twisted.plugin import IPlugin
from zope.interface import implementer

from lbproxy.acl.numbers import integers
from lbproxy.acl.registry import LAYER_REQUEST, Criterion
from lbproxy.interfaces import IMatcher


def _queryLength(argument):
    """
    @param argument: what stands in parentheses, C{None} for nothing.
    @return: a callable that takes an exchange and gives the value to compare, C{None} for none.
    """
    if argument is not None:
        raise ValueError("it takes no argument in parentheses")

    def fetch(exchange):
        request = exchange.request
        return None if request is None else len(request.uri.partition(b"?")[2])

    return fetch


queryLength = Criterion("query_len", LAYER_REQUEST, _queryLength, integers, help="Bytes of the URI behind its question mark.")


@implementer(IPlugin, IMatcher)
class Globs:
    """
    C{path_glob}, C{url_glob}, C{hdr_glob} and C{shdr_glob}: patterns as a shell has them.
    """

    suffix = "_glob"

    def match(self, patterns):
        """
        As L{IMatcher}.
        """
        flags = re.DOTALL | (re.IGNORECASE if patterns.ignoreCase else 0)
        expressions = [fnmatch.translate(value.decode("latin-1")).encode("latin-1") for value in patterns.values]
        search = re.compile(b"|".join(expressions) or rb"(?!)", flags).match
        return lambda value: search(value) is not None


globs = Globs()
