# -*- test-case-name: lbproxy.test.session.test_firstmatch -*-
"""
Lists of rules of which the first one decides whose condition holds.
"""

from lbproxy.http import HeadNotes


def firstMatch(rules):
    """
    Conditions that depend on the request head alone are evaluated once for the same head: what is left of the list is
    remembered by its bytes.

    @param rules: list of C{(condition, isPure, value)}: a callable that takes an exchange, whether it looks at nothing but
        the request head, and what its rule stands for.
    @return: a callable that takes an exchange and gives the value of the first rule whose condition holds, C{None} if none
        does.
    """
    if not any(isPure for _condition, isPure, _value in rules):
        return _plain([(condition, value) for condition, _isPure, value in rules])
    known = HeadNotes()

    def find(exchange):
        raw = exchange.request.raw
        left = known.get(raw)
        if left is None:
            left = _narrowed(rules, exchange)
            known.keep(raw, left)
        for condition, value in left:
            if condition is None or condition(exchange):
                return value
        return None

    return find


def _plain(rules):
    def find(exchange):
        for condition, value in rules:
            if condition(exchange):
                return value
        return None

    return find


def _narrowed(rules, exchange):
    """
    @return: tuple of the C{(condition, value)} that may still decide for this head; the condition is C{None} if it holds.
    """
    left = []
    for condition, isPure, value in rules:
        if not isPure:
            left.append((condition, value))
        elif condition(exchange):
            left.append((None, value))
            break
    return tuple(left)
