# -*- test-case-name: lbproxy.test.config.test_loader -*-
"""
Statements become drafts: what both readers feed (CFG-03, CFG-06 to CFG-08, CFG-14).
"""

from typing import List, NoReturn, Optional, Sequence

from lbproxy.config.draft import Draft, Line, World
from lbproxy.config.errors import Refused, didYouMean
from lbproxy.config.identifiers import checkName
from lbproxy.config.keywords.listeners import parseAddresses
from lbproxy.config.model import Place
from lbproxy.config.registry import LETTERS, Keyword
from lbproxy.config.words import Word

PROXY_KINDS = ("frontend", "backend", "listen")
SECTION_KINDS = ("global", "defaults") + PROXY_KINDS

_SWAPPED_LIMITS = {"maxconn": "fullconn", "fullconn": "maxconn"}


class Loader:
    """
    Collects the sections of a configuration.

    @ivar globals: the draft of all C{global} sections, which merge.
    @ivar proxies: drafts of the proxies, in declaration order.
    """

    def __init__(self, world: World, file: str) -> None:
        """
        @param file: path of the configuration, for messages.
        """
        self.world = world
        self.file = file
        self.globals = Draft("global", "", Place(file, 1))
        self.proxies: List[Draft] = []
        self._defaults = Draft("defaults", "", Place(file, 1))
        self._section: Optional[Draft] = None
        self._reportedOutside = False

    def section(self, words: Sequence[Word]) -> None:
        """
        Open a section.

        @param words: its kind, its name, and the addresses of a C{listen} or C{frontend}.
        """
        kind = words[0]
        try:
            if kind == "global":
                self._section = self.globals
                self.globals.place = kind.place
                self._nothingAfter(words, 1)
            elif kind == "defaults":
                self._section = self._defaults = Draft("defaults", "", kind.place)
                self._nothingAfter(words, 2)
            else:
                self._openProxy(words)
        except Refused as refused:
            self.world.report.error(refused.place or kind.place, refused.text, refused.hint)

    def _nothingAfter(self, words: Sequence[Word], count: int) -> None:
        if len(words) > count:
            raise Refused("unexpected '%s' after '%s'" % (words[count], words[0]), words[count].place)

    def _openProxy(self, words: Sequence[Word]) -> None:
        kind = words[0]
        name = words[1] if len(words) > 1 else None
        draft = Draft(str(kind), str(name or ""), (name or kind).place)
        self._section = draft
        self._inherit(draft)
        self._warnOfTwins(draft)
        self.proxies.append(draft)
        if name is None:
            raise Refused("'%s' needs a name" % (kind,), kind.place)
        checkName("proxy", name)
        if len(words) > 2 and kind == "backend":
            raise Refused("%s: unexpected '%s'" % (draft.label, words[2]), words[2].place)
        if len(words) > 2:
            draft.written["bind"] = words[2].place
            for bind in parseAddresses(words[2], self.world):
                draft.append("binds", bind, words[2].place)
            self._nothingAfter(words, 3)

    def _inherit(self, draft: Draft) -> None:
        for field, capability in self.world.registry.inherited().items():
            if capability == "any" or draft.has(capability):
                draft.inherit(self._defaults, field)
        if not draft.has("backend"):
            draft.inherit(self._defaults, "timeouts.connect", "tarpitFallback")

    def _warnOfTwins(self, draft: Draft) -> None:
        for other in self.proxies:
            if other.name == draft.name and {draft.kind, other.kind} != {"frontend", "backend"}:
                self.world.report.warning(
                    draft.place,
                    "%s has the same name as %s on line %d" % (draft.label, other.label, other.place.line),
                    "only a frontend and a backend may share one",
                )
                return

    def statement(self, words: Sequence[Word]) -> None:
        """
        Take one statement of the open section.

        @param words: at least one; the keyword and its arguments.
        """
        draft = self._section
        report = self.world.report
        if draft is None:
            if not self._reportedOutside:
                self._reportedOutside = True
                report.error(
                    words[0].place,
                    "keyword '%s' is outside of any section" % (words[0],),
                    "start one with 'global', 'defaults', 'frontend', 'backend' or 'listen'",
                )
            return
        try:
            self._dispatch(draft, words)
        except Refused as refused:
            report.error(refused.place or words[0].place, refused.text, refused.hint)

    def _dispatch(self, draft: Draft, words: Sequence[Word]) -> None:
        place = words[0].place
        negated = words[0] == "no"
        rest = list(words[1:]) if negated else list(words)
        if negated and (not rest or rest[0] != "option"):
            raise Refused("%s: 'no' only goes before 'option'" % (draft.label,), place)
        keyword, count = self.world.registry.find(draft.kind, rest)
        if keyword is None:
            self._refuseUnknown(draft, rest)
        if negated and not keyword.invertible:
            raise Refused("%s: '%s' cannot be negated with 'no'" % (draft.label, keyword.name), place)
        if not self._belongs(draft, keyword, place):
            return
        line = Line(keyword.name, rest[count:], place, self.world, draft.label, negated)
        if not self._mayRepeat(draft, keyword, line):
            return
        try:
            keyword.parse(draft, line)
        except Refused as refused:
            raise Refused(line.describe(refused.text), refused.place or place, refused.hint) from None

    def _belongs(self, draft: Draft, keyword: Keyword, place: Place) -> bool:
        if LETTERS[draft.kind] in keyword.sections:
            return True
        if draft.kind == "defaults" and keyword.fatalInDefaults:
            raise Refused("'%s' is not allowed in a 'defaults' section" % (keyword.name,), place)
        capability = keyword.capability
        other = _SWAPPED_LIMITS.get(keyword.name)
        self.world.report.warning(
            place,
            "%s: '%s' is ignored because %s"
            % (
                draft.label,
                keyword.name,
                "it has no effect here" if capability is None else "this section has no %s capability" % (capability,),
            ),
            "did you mean '%s'?" % (other,) if other and draft.kind != "defaults" else None,
        )
        return False

    def _mayRepeat(self, draft: Draft, keyword: Keyword, line: Line) -> bool:
        name = keyword.once or keyword.name
        earlier = draft.written.get(name)
        draft.written.setdefault(name, line.place)
        if earlier is None or keyword.repeat in ("last", "many"):
            return True
        if keyword.repeat == "overwrite":
            line.warn("overwriting the value of line %d" % (earlier.line,))
            return True
        line.warn("already specified on line %d, which is kept" % (earlier.line,))
        return False

    def _refuseUnknown(self, draft: Draft, words: Sequence[Word]) -> NoReturn:
        registry = self.world.registry
        first = words[0]
        unsupported = registry.findUnsupported(draft.kind, words)
        if unsupported is not None:
            raise Refused("%s: keyword '%s' is not supported yet" % (draft.label, unsupported), first.place)
        if registry.isGroup(draft.kind, first):
            names = registry.names(draft.kind, first + " ", True)
            if len(words) == 1:
                raise Refused(
                    "%s: '%s' needs one of: %s" % (draft.label, first, ", ".join(names)), first.place
                )
            raise Refused(
                "%s: unknown '%s' word '%s': it must be one of %s" % (draft.label, first, words[1], ", ".join(names)),
                words[1].place,
                didYouMean(words[1], names),
            )
        raise Refused(
            "%s: unknown keyword '%s' in '%s' section" % (draft.label, first, draft.kind)
            if draft.name
            else "unknown keyword '%s' in '%s' section" % (first, draft.kind),
            first.place,
            self._suggest(draft, first),
        )

    def _suggest(self, draft: Draft, word: str) -> Optional[str]:
        registry = self.world.registry
        for group in ("option", "timeout"):
            if word in registry.names(draft.kind, group + " "):
                return "did you mean '%s %s'?" % (group, word)
        hint = didYouMean(word, [name.split(" ")[0] for name in registry.names(draft.kind)])
        if hint is not None:
            return hint
        for kind, where in (("global", "the 'global' section"), ("backend", "a proxy section")):
            if registry.find(kind, [word])[0] is not None or registry.isGroup(kind, word):
                return "it belongs in %s" % (where,)
        return None
