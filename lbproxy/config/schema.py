# -*- test-case-name: lbproxy.test.config.test_schema -*-
"""
C{lbproxy schema}: a JSON Schema (draft 7) of the YAML language, made from the keyword registry, for editors (floor plan,
idea 1; CFG-25).
"""

from typing import Any, Dict, List, Sequence

from lbproxy.config.loader import PROXY_KINDS, SECTION_KINDS
from lbproxy.config.registry import REGISTRY, Keyword, Registry
from lbproxy.config.schemavalues import Schema, definition, definitionName, reference, statementPattern
from lbproxy.config.yamlreader import RULES

DIALECT = "http://json-schema.org/draft-07/schema#"

_SECTIONS = {
    "global": "The process: its limits, logs, console and privileges.",
    "defaults": "What the proxies take when they do not say it themselves.",
    "frontend": "Where clients connect, and which backend a request goes to.",
    "backend": "Servers, and how one is chosen.",
    "listen": "A frontend and a backend in one.",
}
_ARGUMENT = {
    "type": ["string", "number", "array"],
    "items": {"type": ["string", "number"]},
    "description": "One argument; a list gives several.",
}
_OPTION = {
    "type": ["string", "number", "boolean", "null", "array"],
    "items": {"type": ["string", "number"]},
    "description": "An optional word: its value, or true for one that stands alone.",
}


def makeSchema(registry: Registry = REGISTRY) -> Schema:
    """
    The whole schema.

    @param registry: the keywords.
    @return: an object to be written as JSON. Its C{definitions} are the sections and the keywords.
    """
    definitions: Dict[str, Any] = {"argument": _ARGUMENT, "option": _OPTION}
    for kind in SECTION_KINDS:
        definitions["section-" + kind] = _section(kind, registry)
    for keyword in registry.keywords():
        definitions[definitionName(keyword)] = definition(keyword, registry)
    return {
        "$schema": DIALECT,
        "title": "lbproxy configuration",
        "description": "A mapping of sections, or a list of them in which 'defaults' apply to what follows.",
        "type": ["object", "array"],
        "properties": _properties(),
        "additionalProperties": False,
        "items": _listed(),
        "definitions": definitions,
    }


def _properties() -> Schema:
    properties: Schema = {kind: reference("section-" + kind) for kind in SECTION_KINDS if kind not in PROXY_KINDS}
    for kind in PROXY_KINDS:
        properties[kind + "s"] = {
            "description": "Name to %s. %s" % (kind, _SECTIONS[kind]),
            "type": ["object", "null"],
            "propertyNames": {"pattern": "^[A-Za-z0-9._:-]+$"},
            "additionalProperties": reference("section-" + kind),
        }
    return properties


def _listed() -> Schema:
    return {
        "description": "One section.",
        "type": "object",
        "minProperties": 1,
        "maxProperties": 1,
        "properties": {kind: reference("section-" + kind) for kind in SECTION_KINDS if kind not in PROXY_KINDS},
        "patternProperties": {
            "^%s +[A-Za-z0-9._:-]+%s *$" % (kind, "( +[^ ]+)?" if kind in ("frontend", "listen") else ""): reference(
                "section-" + kind)
            for kind in ("defaults",) + PROXY_KINDS
        },
        "additionalProperties": False,
    }


def _section(kind: str, registry: Registry) -> Schema:
    keywords = registry.keywords(kind)
    properties: Schema = {}
    for keyword in keywords:
        properties[keyword.name] = reference(definitionName(keyword))
        if keyword.shape.plural:
            properties[keyword.shape.plural] = reference(definitionName(keyword))
    for group, members in _groups(keywords).items():
        properties.setdefault(group, _group(group, members))
    properties[RULES] = _rules(kind)
    return {
        "description": _SECTIONS[kind],
        "type": ["object", "null"],
        "properties": {name: properties[name] for name in sorted(properties)},
        "additionalProperties": False,
    }


def _groups(keywords: Sequence[Keyword]) -> Dict[str, List[Keyword]]:
    groups: Dict[str, List[Keyword]] = {}
    for keyword in keywords:
        first, blank, _ = keyword.name.partition(" ")
        if blank:
            groups.setdefault(first, []).append(keyword)
    return groups


def _group(group: str, members: Sequence[Keyword]) -> Schema:
    """
    The keywords with one first word, as in C{timeout: {client: 30s}} and C{option: [httplog, httpchk GET /x]}.
    """
    cut = group + " "
    single: Schema = {
        "description": "'%s' keywords: %s." % (group, ", ".join(member.name[len(cut) :] for member in members)),
        "type": ["string", "object"],
        "pattern": statementPattern(members, cut),
        "properties": {member.name[len(cut) :]: reference(definitionName(member)) for member in members},
        "additionalProperties": False,
    }
    return {**single, "type": ["string", "object", "array"], "items": single}


def _rules(kind: str) -> Schema:
    statement: Schema = {
        "allOf": [
            reference("section-" + kind),
            {"type": "object", "minProperties": 1, "maxProperties": 1, "not": {"required": [RULES]}},
        ]
    }
    return {
        "description": "Statements in their order, for rules that depend on each other: '- reqdel: ^X-'.",
        "type": ["array", "null"],
        "items": statement,
    }
