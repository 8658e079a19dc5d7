# -*- test-case-name: lbproxy.test.http.test_memo -*-
"""
What was found out about a head, remembered for the next time the same head comes.

L{HeadCache<lbproxy.http.cache.HeadCache>} makes equal bytes one object, as a rule. When they are not, because a body came
in the same piece, an outcome is carried over from one object to the other.
"""

import copy


class Outcome:
    """
    What was made of a head. Shared between sessions: never changed.

    @ivar source: the head it was made of.
    @ivar head: the head to go on with; C{source} itself if nothing changed.
    """

    __slots__ = ("source", "head")


def carried(found, head):
    """
    Use an outcome for another head of the same bytes.

    @param found: an L{Outcome}.
    @param head: a head with the same C{raw} as C{found.source}.
    @return: the outcome for C{head}; C{None} if they differ in what cannot be seen in their bytes, so that the work is to
        be done again.
    """
    source = found.source
    result = found.head
    if result is source:
        result = head
    elif (source.size != head.size or source.body != head.body or source.length != head.length
            or source.keepAlive != head.keepAlive):
        return None
    other = copy.copy(found)
    other.source = head
    other.head = result
    return other
