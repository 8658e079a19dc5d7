# -*- test-case-name: lbproxy.test.http.test_rewriting -*-
"""
Rules with regular expressions, and lines to add: what becomes of a head (HDR-01 to HDR-17).

What comes out is parsed anew, so that nobody acts on what the head said before; and it must end where it ended before, or
the two sides would disagree about what is body and what is the next message.
"""

from typing import Any

from lbproxy.config.regex import compileRegex
from lbproxy.http.cache import HeadNotes
from lbproxy.http.draft import Draft
from lbproxy.http.errors import BadMessage
from lbproxy.http.framing import BODY_CHUNKED, BODY_LENGTH, BODY_UNTIL_CLOSE, hasMeaning
from lbproxy.http.hop import named, settled
from lbproxy.http.limits import Limits
from lbproxy.http.lines import REQUEST_LINES, STATUS_LINES
from lbproxy.http.memo import Outcome, carried
from lbproxy.http.replacement import compileReplacement
from lbproxy.http.request import parseRequest
from lbproxy.http.response import parseResponse

#: Methods whose responses end as no others do.
_SPECIAL = frozenset((b"HEAD", b"CONNECT"))


class Rewritten(Outcome):
    """
    What rules make of a head.

    @ivar verdict: C{None}, C{"deny"} or C{"tarpit"}; the latter two leave the head as it was.
    @ivar allowed: an allow rule has matched, now or before. bool.
    @ivar backend: target of the first C{setbe} that matched, or C{None}. str.
    """

    __slots__ = ("verdict", "allowed", "backend")

    def __init__(self, source, head, verdict=None, allowed=False, backend=None):
        """
        @param source: the head that rules were applied to.
        @param head: the head to go on with.
        """
        self.source = source
        self.head = head
        self.verdict = verdict
        self.allowed = allowed
        self.backend = backend


class Step:
    """
    One compiled rule.

    @ivar rule: the L{RegexRule<lbproxy.config.rulemodel.RegexRule>}.
    @ivar action: its action.
    @ivar search: gives the match of its expression in a line, or C{None}.
    @ivar expand: gives the new line for a match; C{None} but for C{"replace"}.
    @ivar apply: method of L{Draft} that carries it out.
    @ivar settled: name of the attribute of L{Draft} that, when set, makes the rule void; or C{None}.
    """

    __slots__ = ("rule", "action", "search", "expand", "apply", "settled")

    def __init__(self, rule):
        """
        @param rule: L{RegexRule<lbproxy.config.rulemodel.RegexRule>}.
        @raise ValueError: its expression or replacement is malformed.
        """
        pattern = compileRegex(rule.pattern, rule.ignoreCase)
        self.rule = rule
        self.action = action = rule.action
        self.search = pattern.search
        self.expand = self.settled = None
        if action == "replace":
            self.expand = compileReplacement(rule.replacement, pattern.groups)
            self.apply = Draft.replace
        elif action == "delete":
            self.apply = Draft.delete
        else:
            self.apply = Draft.weigh
            self.settled = "backend" if action == "setbe" else "allowed"


class _Rules:
    """
    What both directions have in common.

    @cvar _kind: what is known of start lines: C{REQUEST_LINES} or C{STATUS_LINES}.
    """

    __slots__ = ("_steps", "_adds", "_isPlain", "_limits", "_known")

    _kind: Any = None

    def __init__(self, rules, adds, limits, room=None):
        """
        @param rules: sequence of L{RegexRule<lbproxy.config.rulemodel.RegexRule>}, in order.
        @param adds: sequence of lines without line end to put behind the others, bytes.
        @param limits: L{Limits} that received heads keep; its C{headers} also bounds the result.
        @param room: size of the largest head that may result, bytes (HDR-15); C{None} for twice the largest received.
        @raise ValueError: an expression or replacement is malformed.
        """
        self._steps = tuple(Step(rule) for rule in rules)
        self._adds = b"".join(line + b"\r\n" for line in adds)
        self._isPlain = not hasMeaning(self._adds)
        self._limits = Limits(2 * limits.headBytes if room is None else room, limits.headers, limits.chunkLine)
        self._known = HeadNotes()

    def _recall(self, key, head, method, allowed):
        """
        @param key: C{head.raw} and what else decides.
        @return: as for C{_rewrite}, from memory if possible.
        """
        found = self._known.get(key)
        if found is not None:
            if found.source is head:
                return found
            found = carried(found, head)
            if found is not None:
                return found
        found = self._rewrite(head, method, allowed, None)
        self._known.keep(key, found, len(key[0]))
        return found

    def _rewrite(self, head, method, allowed, note):
        """
        Do the work.

        @return: L{Rewritten}.
        @raise BadMessage: the result is no message, too large, or ends elsewhere.
        """
        draft = None
        names = named(head) if head.hops is not None else None
        if self._steps:
            draft = Draft(head, self._kind, allowed, note)
            for step in self._steps:
                if step.settled is None or not getattr(draft, step.settled):
                    step.apply(draft, step)
                    if draft.verdict is not None:
                        return Rewritten(head, head, draft.verdict, draft.allowed, draft.backend)
        if draft is not None and draft.changed:
            lines = settled(draft.lines, names, draft.made) if names else draft.lines
            result = self._reparsed(head, b"\r\n".join(lines) + b"\r\n" + self._adds + b"\r\n", method)
        elif not self._adds:
            # Nothing was made that could be named away.
            result = head
        elif self._isPlain and not names:
            result = self._bounded(head.withLines(self._adds))
        else:
            raw = head.raw[:-2]
            if names:
                raw = b"\r\n".join(settled(raw.split(b"\r\n")[:-1], names)) + b"\r\n"
            result = self._reparsed(head, raw + self._adds + b"\r\n", method)
        if draft is None:
            return Rewritten(head, result, None, allowed)
        return Rewritten(head, result, None, draft.allowed, draft.backend)

    def _bounded(self, head):
        limits, size = self._limits, len(head.raw)
        if size > limits.headBytes:
            raise BadMessage(self._kind.status, "size", limits.headBytes)
        if size > limits.sure and head.raw.count(b"\n") - 2 > limits.headers:
            raise BadMessage(self._kind.status, "headers", 0)
        return head

    def _reparsed(self, head, raw, method):
        result = self._parse(raw, method)
        if result is None or result.size != len(raw) or not self._endsAlike(head, result):
            raise BadMessage(self._kind.status, "framing", 0)
        result.size = head.size
        return result


class RequestRules(_Rules):
    """
    The C{req*} rules and C{reqadd} lines of one proxy.
    """

    __slots__ = ()

    _kind = REQUEST_LINES

    def apply(self, head, allowed, note=None):
        """
        @param head: L{RequestHead<lbproxy.http.request.RequestHead>}.
        @param allowed: whether an allow rule of the proxy before has matched.
        @param note: called with C{(rule, line, replaced)} for each match, for C{explain}: C{replaced} is the new line, empty
            for a deleted one, C{None} when it stays. Nothing is remembered then.
        @return: L{Rewritten}.
        @raise BadMessage: status 400, when the result is no request any more, is too large, or ends elsewhere.
        """
        if note is not None:
            return self._rewrite(head, None, allowed, note)
        return self._recall((head.raw, allowed), head, None, allowed)

    def _parse(self, raw, _method):
        return parseRequest(raw, 0, self._limits)

    def _endsAlike(self, before, after):
        """
        Whether request and response end where they did. What the client asked of its connection is not forgotten either.
        """
        after.keepAlive = after.keepAlive and before.keepAlive
        if (before.body == BODY_CHUNKED) != (after.body == BODY_CHUNKED) or before.length != after.length:
            return False
        return before.method == after.method or before.method not in _SPECIAL and after.method not in _SPECIAL


class ResponseRules(_Rules):
    """
    The C{rsp*} rules and C{rspadd} lines of one proxy.
    """

    __slots__ = ()

    _kind = STATUS_LINES

    def apply(self, head, method, note=None):
        """
        @param head: L{ResponseHead<lbproxy.http.response.ResponseHead>}.
        @param method: method of the request it answers, bytes.
        @param note: as for requests.
        @return: L{Rewritten}; C{backend} is C{None} and C{allowed} has no meaning.
        @raise BadMessage: status 502, when the result is no response any more, is too large, or ends elsewhere. A length
            may get lost; the body then lasts until the connection to the client is closed.
        """
        if note is not None:
            return self._rewrite(head, method, False, note)
        return self._recall((head.raw, method if method in _SPECIAL else None), head, method, False)

    def _parse(self, raw, method):
        return parseResponse(raw, 0, self._limits, method)

    def _endsAlike(self, before, after):
        """
        Whether the response ends where it did, and whether another one or a tunnel follows as before. Chunks cannot lose
        their framing: the client would take it for content.
        """
        if before.interim != after.interim or before.upgrade != after.upgrade:
            return False
        if before.body == after.body or before.body <= BODY_LENGTH and after.body <= BODY_LENGTH:
            return before.length == after.length
        return after.body == BODY_UNTIL_CLOSE and before.body != BODY_CHUNKED
