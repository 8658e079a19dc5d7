# -*- test-case-name: lbproxy.test.http.test_rewriting -*-
"""
A head taken apart into lines, while rules work on it.
"""

import re

from lbproxy.http.errors import BadMessage

_lineEnd = re.compile(rb"\r?\n")


class Draft:
    """
    The lines of a head and what rules have said about it so far.

    @ivar lines: list of bytes, without line ends; the first one is the start line.
    @ivar exempt: list of bool, for each line: verdict rules do not look at it (HDR-06).
    @ivar made: list of bool, for each line: a rule has written it.
    @ivar changed: whether the lines are no longer those of the head.
    @ivar verdict: C{None}, C{"deny"} or C{"tarpit"}.
    @ivar allowed: an allow rule has matched (HDR-05).
    @ivar backend: name of the backend chosen, or C{None}.
    """

    __slots__ = ("lines", "exempt", "made", "changed", "verdict", "allowed", "backend", "_kind", "_note")

    def __init__(self, head, kind, allowed, note):
        """
        @param head: a L{MessageHead<lbproxy.http.head.MessageHead>}.
        @param kind: C{REQUEST_LINES} or C{STATUS_LINES} of L{lbproxy.http.lines}.
        @param allowed: an allow rule of another proxy has matched.
        @param note: called with C{(rule, line, replaced)} for each match, or C{None}. C{replaced} is the new line, bytes,
            empty for a deleted one; C{None} when the line stays.
        """
        self.lines = lines = head.raw.split(b"\r\n")
        del lines[-2:]
        self.exempt = [False] * len(lines)
        self.made = [False] * len(lines)
        self.changed = False
        self.verdict = self.backend = None
        self.allowed = allowed
        self._kind = kind
        self._note = note

    def weigh(self, step):
        """
        Apply a rule that allows, denies, tarpits, exempts lines or chooses a backend (HDR-04 to HDR-07).

        @param step: a compiled rule: C{rule}, C{action}, C{search}.
        """
        action, search, exempt = step.action, step.search, self.exempt
        passes = action == "pass"
        isVerdict = action != "setbe"
        for index, line in enumerate(self.lines):
            if isVerdict and exempt[index] or search(line) is None:
                continue
            if self._note is not None:
                self._note(step.rule, line, None)
            if not passes:
                self._conclude(action, step.rule)
                return
            exempt[index] = True
            if index == 0:
                return

    def _conclude(self, action, rule):
        if action == "allow":
            self.allowed = True
        elif action == "setbe":
            self.backend = rule.backend
        else:
            self.verdict = action

    def delete(self, step):
        """
        Apply a rule that removes header lines (HDR-03).

        @param step: a compiled rule: C{rule}, C{search}.
        """
        search = step.search
        gone = [index for index, line in enumerate(self.lines) if index and search(line) is not None]
        for index in reversed(gone):
            self._put(step, index, b"", [])

    def replace(self, step):
        """
        Apply a rule that puts other text in place of whole lines: of the start line, or else of every header line that
        matches (HDR-02, HDR-09). Line ends in the text begin further lines.

        @param step: a compiled rule: C{rule}, C{search}, C{expand}.
        @raise BadMessage: the start line is not one any more (HDR-11).
        """
        search = step.search
        found = [(index, match) for index, match in enumerate(map(search, self.lines)) if match is not None]
        if found and found[0][0] == 0:
            text = step.expand(found[0][1])
            first, *more = _lineEnd.split(text)
            self._put(step, 0, text, [self._kind.canonical(first, 0)] + [line for line in more if line])
            return
        for index, match in reversed(found):
            text = step.expand(match)
            self._put(step, index, text, [line for line in _lineEnd.split(text) if line])

    def _put(self, step, index, text, lines):
        if any(line[:1] in (b" ", b"\t") for line in lines):
            # It would become part of the line before.
            raise BadMessage(self._kind.status, "framing", 0)
        if self._note is not None:
            self._note(step.rule, self.lines[index], text)
        self.lines[index:index + 1] = lines
        self.exempt[index:index + 1] = [self.exempt[index]] * len(lines)
        self.made[index:index + 1] = [True] * len(lines)
        self.changed = True
