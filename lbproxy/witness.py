# -*- test-case-name: lbproxy.test.test_explain -*-
"""
Keeps the reasons of decisions, in the order in which they were made (DESIGN 10).

A witness is given to L{Assembly<lbproxy.assembly.Assembly>}; rules and analysers are then built with it listening. Without one
they are built without, and cost nothing.
"""

from lbproxy.session.verdicts import CLOSE, CONTINUE, RESPOND, WAIT

_VERDICTS = {CONTINUE: "", WAIT: "waits", RESPOND: "answers", CLOSE: "closes"}


class Reason:
    """
    One thing that was evaluated.

    @ivar kind: C{"step"}, C{"rule"}, C{"test"} or C{"match"}.
    @ivar text: what it is.
    @ivar place: L{Place<lbproxy.config.model.Place>} where it was written, or C{None}.
    @ivar saw: what it looked at, or C{None}.
    @ivar outcome: what came of it, text; empty for nothing worth a word.
    """

    __slots__ = ("kind", "text", "place", "saw", "outcome")

    def __init__(self, kind, text, place=None, saw=None, outcome=""):
        self.kind = kind
        self.text = text
        self.place = place
        self.saw = saw
        self.outcome = outcome


def conditionText(condition):
    """
    @param condition: L{Condition<lbproxy.config.model.Condition>}.
    @return: it, as it would be written.
    """
    groups = [" ".join(("!" if term.negated else "") + (term.name or "{ %s }" % _aclText(term.acl)) for term in group)
              for group in condition.groups]
    return "%s %s" % ("unless" if condition.unless else "if", " or ".join(groups))


def _aclText(entry):
    words = [entry.criterion + ("" if entry.argument is None else "(%s)" % entry.argument)]
    words += ["-i"] if entry.ignoreCase else []
    return " ".join(words + [pattern.decode("latin-1") for pattern in entry.patterns])


def ruleText(keyword, rule):
    """
    @param keyword: of the rule.
    @param rule: a rule of the model with a condition, or a condition alone.
    @return: the rule, about as it would be written.
    """
    words = [keyword]
    if hasattr(rule, "backend"):
        words.append(rule.backend)
    if hasattr(rule, "to"):
        words += [rule.kind, rule.to.decode("latin-1"), "code %d" % rule.code]
    return " ".join(words + [conditionText(getattr(rule, "condition", rule))])


class Witness:
    """
    @ivar reasons: list of L{Reason}.
    """

    def __init__(self):
        self.reasons = []
        self.watch = self

    def step(self, kind, proxy, analyse):
        """
        As L{Nobody.step<lbproxy.pipeline.Nobody.step>}: each time the analyser is asked becomes a reason.
        """
        text = "%s of %s '%s'" % (kind, proxy.kind, proxy.name)

        def watched(exchange):
            reason = Reason("step", text)
            self.reasons.append(reason)
            request, relayed = exchange.request, exchange.relayed
            extra, designated = exchange.extra + exchange.responseExtra, exchange.designated
            verdict = analyse(exchange)
            reason.outcome = _VERDICTS[verdict]
            if verdict == RESPOND:
                reason.outcome += " %d" % exchange.answer[0]
            elif exchange.designated is not designated:
                reason.outcome = "designates server %s" % exchange.designated.name
            elif (exchange.request is not request or exchange.relayed is not relayed
                    or exchange.extra + exchange.responseExtra != extra):
                reason.outcome = "changes the head"
            return verdict

        return watched

    def rule(self, kind, rule, condition):
        """
        As L{Nobody.rule<lbproxy.pipeline.Nobody.rule>}: each evaluation becomes a reason.
        """
        text = ruleText(kind, rule)

        def watched(exchange):
            reason = Reason("rule", text, rule.place)
            self.reasons.append(reason)
            holds = condition(exchange)
            reason.outcome = "applies" if holds else "does not apply"
            return holds

        return watched

    def tested(self, term, criterion, value, verdict):
        """
        A test of an ACL was evaluated.

        @param term: L{Term<lbproxy.config.model.Term>} that asked for it.
        @param criterion: as in C{hdr(host)}.
        @param value: what was fetched.
        @param verdict: whether it matched.
        """
        text = "%s: %s" % (term.name, criterion) if term.name else criterion
        self.reasons.append(Reason("test", text, None, shown(value), "yes" if verdict else "no"))

    def note(self, rule, line, replaced):
        """
        A regular expression of a C{req*} or C{rsp*} rule matched.

        @param rule: L{RegexRule<lbproxy.config.model.RegexRule>}.
        @param line: the line it matched, bytes.
        @param replaced: the line in its place, C{None} if none is.
        """
        outcome = rule.action if replaced is None else "becomes '%s'" % replaced.decode("latin-1")
        self.reasons.append(Reason("match", rule.pattern.decode("latin-1"), rule.place, shown(line), outcome))


def shown(value):
    """
    @param value: bytes, a number, C{None}, or a sequence of them.
    @return: text for people.
    """
    if isinstance(value, bytes):
        return "'%s'" % value.decode("latin-1")
    if isinstance(value, (list, tuple)):
        return ", ".join(shown(one) for one in value) or "nothing"
    return "nothing" if value is None else str(value)
