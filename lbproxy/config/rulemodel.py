# -*- test-case-name: lbproxy.test.config -*-
"""
What a section says about HTTP, as data: conditions, rules, cookies, captures. Part of L{lbproxy.config.model}, from where
everybody imports it.
"""

from typing import Optional, Tuple

import attr

from lbproxy.config.place import Place


@attr.s(slots=True, frozen=True, auto_attribs=True)
class AclEntry:
    """
    One C{acl} line, taken apart but not compiled; C{lbproxy.acl} knows the criteria.

    @ivar name: the name being defined.
    @ivar criterion: e.g. C{"path_beg"}.
    @ivar argument: text between parentheses, e.g. the header name of C{hdr(host)}.
    @ivar ignoreCase: C{-i} was given.
    @ivar patterns: the remaining words, operators (C{gt}...) included.
    @ivar place: place of the criterion.
    @ivar patternPlaces: place of each pattern.
    """

    name: str
    criterion: str
    argument: Optional[str] = None
    ignoreCase: bool = False
    patterns: Tuple[bytes, ...] = ()
    place: Optional[Place] = attr.ib(default=None, eq=False)
    patternPlaces: Tuple[Place, ...] = attr.ib(default=(), eq=False)


@attr.s(slots=True, frozen=True, auto_attribs=True)
class Term:
    """
    One test in a condition.

    @ivar name: name of an ACL; empty when the test is written out in braces.
    @ivar acl: the test in braces, an entry without name; C{None} for a name.
    """

    name: str
    negated: bool = False
    acl: Optional[AclEntry] = None
    place: Optional[Place] = attr.ib(default=None, eq=False)


@attr.s(slots=True, frozen=True, auto_attribs=True)
class Condition:
    """
    C{if} or C{unless} with groups of terms: all terms of one group (AND), any group (OR) (ACL-10, ACL-29).
    """

    groups: Tuple[Tuple[Term, ...], ...]
    unless: bool = False
    place: Optional[Place] = attr.ib(default=None, eq=False)


@attr.s(slots=True, frozen=True, auto_attribs=True)
class BlockRule:
    """
    C{block if COND} (SWI-02).
    """

    condition: Condition
    place: Optional[Place] = attr.ib(default=None, eq=False)


@attr.s(slots=True, frozen=True, auto_attribs=True)
class RedirectRule:
    """
    C{redirect location|prefix TO ... if COND} (SWI-10 to SWI-15).

    @ivar kind: C{"location"} or C{"prefix"}.
    @ivar code: 301, 302 or 303.
    @ivar dropQuery: C{drop-query} was given.
    @ivar cookie: complete value of the Set-Cookie line to add, C{None} for none.
    """

    kind: str
    to: bytes
    condition: Condition
    code: int = 302
    dropQuery: bool = False
    cookie: Optional[bytes] = None
    place: Optional[Place] = attr.ib(default=None, eq=False)


@attr.s(slots=True, frozen=True, auto_attribs=True)
class SwitchRule:
    """
    C{use_backend NAME if COND} (SWI-03).
    """

    backend: str
    condition: Condition
    place: Optional[Place] = attr.ib(default=None, eq=False)


@attr.s(slots=True, frozen=True, auto_attribs=True)
class RegexRule:
    """
    A C{req*} or C{rsp*} rule (HDR-02 to HDR-12).

    @ivar action: C{"allow"}, C{"deny"}, C{"pass"}, C{"tarpit"}, C{"delete"}, C{"replace"} or C{"setbe"}.
    @ivar replacement: the new line, with C{\\0} to C{\\9} for groups, of C{"replace"}.
    @ivar backend: the target of C{"setbe"}.
    """

    action: str
    pattern: bytes
    ignoreCase: bool = False
    replacement: Optional[bytes] = None
    backend: Optional[str] = None
    place: Optional[Place] = attr.ib(default=None, eq=False)


@attr.s(slots=True, frozen=True, auto_attribs=True)
class Cookie:
    """
    C{cookie NAME ...}: persistence (CKI-01 to CKI-13, reference 15).

    @ivar mode: C{"insert"}, C{"rewrite"}, C{"prefix"}, or C{None} to only read it.
    @ivar domain: value of the C{domain} attribute, or C{None}.
    """

    name: bytes
    mode: Optional[str] = None
    indirect: bool = False
    nocache: bool = False
    postonly: bool = False
    domain: Optional[bytes] = None
    place: Optional[Place] = attr.ib(default=None, eq=False)


@attr.s(slots=True, frozen=True, auto_attribs=True)
class AppSession:
    """
    C{appsession COOKIE len N timeout T} (CKI-19); the timeout is that of the proxy's C{timeouts}.

    @ivar length: characters of the value that count.
    @ivar entries: sessions remembered at most; lbproxy's own C{entries}.
    """

    cookie: bytes
    length: int
    entries: int = 100000
    place: Optional[Place] = attr.ib(default=None, eq=False)


@attr.s(slots=True, frozen=True, auto_attribs=True)
class Capture:
    """
    C{capture cookie|request header|response header NAME len N} (LOG-17, LOG-19).

    @ivar name: beginning of C{name=value} of a cookie; name of a header.
    @ivar length: bytes logged at most.
    """

    name: bytes
    length: int
    place: Optional[Place] = attr.ib(default=None, eq=False)


@attr.s(slots=True, frozen=True, auto_attribs=True)
class ForwardFor:
    """
    C{option forwardfor} (HTP-22 to HTP-25).

    @ivar header: header name.
    @ivar exceptNetwork: C{(network, mask)} as 32-bit integers, or C{None}.
    """

    header: bytes = b"X-Forwarded-For"
    exceptNetwork: Optional[Tuple[int, int]] = None
