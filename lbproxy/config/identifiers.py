# -*- test-case-name: lbproxy.test.config.test_loader -*-
"""
Names of proxies, servers and ACLs (CFG-04).
"""

import string

from lbproxy.config.errors import Refused
from lbproxy.config.words import Word

_ALLOWED = frozenset(string.ascii_letters + string.digits + "-_.:")


def checkName(what: str, word: Word) -> str:
    """
    Refuse a name with a character outside letters, digits, C{-}, C{_}, C{.} and C{:}.

    @param what: whose name it is, for the message.
    @return: the name.
    @raise Refused: an empty name, or an illegal character, which the message shows.
    """
    if not word:
        raise Refused("the %s name is empty" % (what,), word.place)
    for character in word:
        if character not in _ALLOWED:
            raise Refused(
                "character '%s' is not allowed in %s name '%s'" % (character, what, word),
                word.place,
                "use letters, digits, '-', '_', '.' and ':'",
            )
    return str(word)
