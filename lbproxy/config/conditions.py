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
    Read C{if TERMS} or C{unless TERMS} (ACL-10, ACL-11, ACL-29). A term is the name of an ACL, or a test in braces, which
    are words of their own: C{if { path_beg /x } !named}.

    @param words: from C{if} or C{unless} on.
    @param place: where the statement is, for what is missing.
    @raise Refused: no C{if} or C{unless}, no term, a C{!} without a name, or braces that do not match.
    """
    if not words:
        raise Refused("needs a condition", place, "add 'if NAME...' or 'unless NAME...'")
    polarity = words[0]
    if polarity not in ("if", "unless"):
        raise Refused("expected 'if' or 'unless' instead of '%s'" % (polarity,), polarity.place)
    return Condition(_readGroups(words[1:], words[-1].place), polarity == "unless", polarity.place)


def _readGroups(words: Sequence[Word], end: Place) -> Tuple[Tuple[Term, ...], ...]:
    groups: List[Tuple[Term, ...]] = []
    group: List[Term] = []
    negated = False
    start: Optional[Place] = None
    position = 0
    while position < len(words):
        word = words[position]
        position += 1
        if word.lower() == "or" or word == "||":
            _closeGroup(group, groups, start is not None, word.place)
            group = []
            continue
        if start is None:
            start = word.place
        name = word.lstrip("!")
        negated ^= (len(word) - len(name)) % 2 == 1
        if name == "{":
            entry, position = _readBraces(words, position, word.place)
            group.append(Term("", negated, entry, start))
        elif name:
            _refuseBraces(name, word.place)
            group.append(Term(name, negated, place=start))
        else:
            continue
        negated, start = False, None
    if start is not None:
        raise Refused("'!' is not followed by a name", start)
    _closeGroup(group, groups, False, end)
    return tuple(groups)


def _readBraces(words: Sequence[Word], position: int, place: Place) -> Tuple[AclEntry, int]:
    """
    Read a test from after its opening brace.

    @return: the test, and the index after the closing brace.
    """
    inside: List[Word] = []
    for index in range(position, len(words)):
        word = words[index]
        if word == "}":
            if not inside:
                raise Refused("there is no test between '{' and '}'", place)
            return parseTest("", inside), index + 1
        if word in ("{", "!{"):
            break
        inside.append(word)
    hint = "write '}' as a word of its own, with a blank before it" if any(
        word.endswith("}") for word in inside) else "close it with ' }'"
    raise Refused("'{' is not closed", place, hint)


def _refuseBraces(name: str, place: Place) -> None:
    if name == "}":
        raise Refused("'}' closes nothing", place)
    if "{" in name or "}" in name:
        raise Refused("'%s' is not a name" % (name,), place, "braces are words of their own: '{ path_beg /x }'")


def _closeGroup(group: List[Term], groups: List[Tuple[Term, ...]], open_: bool, place: Place) -> None:
    if open_ or not group:
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
    return parseTest(str(words[0]), words[1:])


def parseTest(name: str, words: Sequence[Word]) -> AclEntry:
    """
    Read C{CRITERION[(ARGUMENT)] [-i] [--] [VALUES]}: an C{acl} line after its name, or what stands in braces.

    @param name: name of the test, empty for one in braces.
    @param words: at least one.
    @raise Refused: an unclosed parenthesis.
    """
    criterion, parenthesis, argument = words[0].partition("(")
    if parenthesis and not argument.endswith(")"):
        raise Refused("the parenthesis of '%s' is not closed" % (words[0],), words[0].place)
    values = list(words[1:])
    ignoreCase = False
    while values and values[0] in ("-i", "--"):
        flag = values.pop(0)
        if flag == "--":
            break
        ignoreCase = True
    return AclEntry(
        name,
        criterion,
        argument[:-1] if parenthesis else None,
        ignoreCase,
        tuple(toBytes(value) for value in values),
        words[0].place,
        tuple(value.place for value in values),
    )
