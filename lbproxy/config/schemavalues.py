# -*- test-case-name: lbproxy.test.config.test_schema -*-
"""
The JSON Schema of the value of one keyword.

JSON Schema's words only apply to the type they are about, so that one schema describes the text, the list and the mapping of
a keyword side by side; editors then say what is wrong instead of "matches none of these".
"""

import re
from typing import Any, Dict, List, Sequence

from lbproxy.config.registry import Keyword, Registry, Shape

Schema = Dict[str, Any]

_TEXTS: Dict[str, Schema] = {
    "NUMBER": {"type": ["integer", "string"], "pattern": "^[+-]?[0-9]+$"},
    "PORT": {"type": ["integer", "string"], "pattern": "^[+-]?[0-9]+$"},
    "TIME": {"type": ["integer", "string"], "pattern": "^[0-9]+(us|ms|s|m|h|d)?$"},
    "SIZE": {"type": ["integer", "string"], "pattern": "^[0-9]+[kKmMgG]?$"},
}
_CHOICE = re.compile(r"[a-z0-9]+( \| [a-z0-9]+)*\Z")
_OPTIONAL = re.compile(r"\[[^][]*\]")
_SCALAR = ["string", "number"]


def reference(name: str) -> Schema:
    """
    A reference to a definition.
    """
    return {"$ref": "#/definitions/" + name}


def definitionName(keyword: Keyword) -> str:
    """
    The name of the definition of a keyword, fit for a URI.
    """
    letters = set(keyword.sections)
    family = "global" if letters == {"G"} else "server" if letters == {"S"} else "proxy"
    return family + "-" + re.sub(r"[^A-Za-z0-9_.]+", "-", keyword.name)


def definition(keyword: Keyword, registry: Registry) -> Schema:
    """
    What may stand behind a keyword, and what editors say about it.

    @return: a schema with C{title}, C{description} and C{examples}.
    """
    schema: Schema = {
        "title": ("%s %s" % (keyword.name, keyword.grammar)).rstrip(),
        "description": describe(keyword),
        "examples": _examples(keyword),
    }
    schema.update(_value(keyword, registry))
    return schema


def describe(keyword: Keyword) -> str:
    """
    The help of a keyword, its default, and its modern spelling.
    """
    parts = [keyword.help]
    if keyword.default:
        parts.append("Default: %s." % (keyword.default,))
    if keyword.replacedBy and not keyword.help.startswith("Deprecated"):
        parts.append("Deprecated.")
    if keyword.replacedBy:
        parts.append("Write '%s'." % (keyword.replacedBy,))
    return " ".join(parts)


def _examples(keyword: Keyword) -> List[Any]:
    if keyword.sections == "S":
        return []
    arguments = keyword.sample[len(keyword.name) :].strip(" ")
    return [int(arguments) if arguments.isdigit() else arguments or True]


def _value(keyword: Keyword, registry: Registry) -> Schema:
    schema = text(keyword)
    if keyword.sections == "S" and keyword.flag:
        words = serverWords(registry)
        return _merge(schema, {"type": ["object"], "properties": words, "additionalProperties": False})
    if keyword.flag or "enum" in schema:
        return schema
    single = _merge(schema, _mapping(keyword, registry))
    if keyword.repeat != "many":
        return single
    return _merge(single, {"type": ["array"], "items": single})


def text(keyword: Keyword) -> Schema:
    """
    The arguments of a keyword as one text, number, boolean or nothing.
    """
    option = keyword.name.startswith("option ")
    if keyword.flag:
        return {"enum": [True, None]} if option and not keyword.invertible else {"type": ["boolean", "null"]}
    if _CHOICE.match(keyword.grammar):
        words: List[Any] = list(keyword.grammar.split(" | "))
        return {"enum": words + [int(word) for word in words if word.isdigit()]}
    schema = dict(_TEXTS.get(keyword.grammar, {"type": _SCALAR, "pattern": "."}))
    if _isOptional(keyword.grammar):
        schema["type"] = schema["type"] + (["boolean", "null"] if option else ["null"])
    return schema


def _isOptional(grammar: str) -> bool:
    shorter = _OPTIONAL.sub("", grammar)
    return _isOptional(shorter) if shorter != grammar else not grammar.strip()


def _merge(one: Schema, other: Schema) -> Schema:
    """
    Both at once: the types of either, the rules of both.
    """
    merged = {**one, **other}
    if "type" in one and "type" in other:
        merged["type"] = list(one["type"]) + [name for name in other["type"] if name not in one["type"]]
    return merged


def _mapping(keyword: Keyword, registry: Registry) -> Schema:
    shape = keyword.shape
    if not shape.keyed:
        return fields(keyword, shape, registry)
    rest = Shape(shape.positional[1:], shape.options, shape.split)
    single = _merge({"type": _SCALAR, "pattern": "."}, fields(keyword, rest, registry))
    return {
        "type": ["object"],
        # Without a pattern for the names: YAML's may be numbers (503), which validators in Python do not match.
        "additionalProperties": _merge(single, {"type": ["array"], "items": single}),
    }


def fields(keyword: Keyword, shape: Shape, registry: Registry) -> Schema:
    """
    The arguments of a keyword as a mapping; empty when they have no names.
    """
    properties: Schema = {name: reference("argument") for name in shape.positional}
    if keyword.name == "server":
        properties.update(serverWords(registry))
    else:
        properties.update((name, reference("option")) for name in shape.options)
    if not properties:
        return {}
    schema: Schema = {"type": ["object"], "properties": properties, "additionalProperties": False}
    needs = {name: [before] for before, name in zip(shape.positional, shape.positional[1:])}
    if needs:
        schema["dependencies"] = needs
    return schema


def serverWords(registry: Registry) -> Schema:
    """
    The words of a server as properties.
    """
    return {keyword.name: reference(definitionName(keyword)) for keyword in registry.keywords("server")}


def statementPattern(keywords: Sequence[Keyword], cut: str = "") -> str:
    """
    A regular expression for whole statements.

    @param cut: start of the names that is left out.
    """
    def alternatives(chosen: Sequence[Keyword]) -> str:
        return "|".join(re.sub(r"([.+*?()\[\]{}|^$\\])", r"\\\1", keyword.name[len(cut) :]) for keyword in chosen)

    alone = alternatives([keyword for keyword in keywords if keyword.flag])
    others = alternatives([keyword for keyword in keywords if not keyword.flag])
    parts = ["(%s)$" % (alone,)] if alone else []
    parts += ["(%s)( |$)" % (others,)] if others else []
    return "^(%s)" % ("|".join(parts),)
