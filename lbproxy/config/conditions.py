# -*- test-case-name: lbproxy.test.config.test_conditions -*-
"""
C{if} and C{unless} conditions, and C{acl} definitions, taken apart but not compiled.
"""

from typing import List, Optional, Sequence, Tuple

from lbproxy.config.errors import Refused
from lbproxy.config.identifiers import checkName
from lbproxy.config.model import AclEntry, Condition, Place, Term
from lbproxy.config.words import Word, toBytes


def parseCondition(words: Sequence[Word], place: Place) -> Condition:
    """
    Read C{if TERMS} or C{unless TERMS} (ACL-10, ACL-11, ACL-29).

    @param words: from C{if} or C{unless} on.
    @param place: where the statement is, for what is missing.
    @raise Refused: no C{if} or C{unless}, no term, or a C{!} without a name.
    """
    if not words:
        raise Refused("needs a condition", place, "add 'if NAME...' or 'unless NAME...'")
    polarity = words[0]
    if polarity not in ("if", "unless"):
        raise Refused("expected 'if' or 'unless' instead of '%s'" % (polarity,), polarity.place)
    groups: List[Tuple[Term, ...]] = []
    group: List[Term] = []
    negated = False
    start: Optional[Place] = None
    for word in words[1:]:
        if word.lower() == "or" or word == "||":
            _closeGroup(group, groups, negated, word.place)
            group = []
            continue
        if start is None:
            start = word.place
        name = word.lstrip("!")
        negated ^= (len(word) - len(name)) % 2 == 1
        if name:
            group.append(Term(name, negated, place=start))
            negated, start = False, None
    if start is not None:
        raise Refused("'!' is not followed by a name", start)
    _closeGroup(group, groups, False, words[-1].place)
    return Condition(tuple(groups), polarity == "unless", polarity.place)


def _closeGroup(group: List[Term], groups: List[Tuple[Term, ...]], negated: bool, place: Place) -> None:
    if negated or not group:
        raise Refused("the condition has no name here", place)
    groups.append(tuple(group))


def parseAcl(words: Sequence[Word], place: Place) -> AclEntry:
    """
    Read C{NAME CRITERION[(ARGUMENT)] [-i] [--] [VALUES]} (ACL-01 to ACL-03).

    @param words: the words after C{acl}.
    @param place: where the statement is, for what is missing.
    @return: an entry whose place is that of the criterion.
    @raise Refused: a bad name, no criterion, or an unclosed parenthesis.
    """
    if not words:
        raise Refused("needs a name and a criterion", place)
    checkName("acl", words[0])
    if words[0].lower() == "or":
        raise Refused("an acl cannot be named '%s': it is a word of conditions" % (words[0],), words[0].place)
    if len(words) < 2:
        raise Refused("acl '%s' needs a criterion" % (words[0],), place)
    criterion, parenthesis, argument = words[1].partition("(")
    if parenthesis and not argument.endswith(")"):
        raise Refused("the parenthesis of '%s' is not closed" % (words[1],), words[1].place)
    values = list(words[2:])
    ignoreCase = False
    while values and values[0] in ("-i", "--"):
        flag = values.pop(0)
        if flag == "--":
            break
        ignoreCase = True
    return AclEntry(
        str(words[0]),
        criterion,
        argument[:-1] if parenthesis else None,
        ignoreCase,
        tuple(toBytes(value) for value in values),
        words[1].place,
        tuple(value.place for value in values),
    )
