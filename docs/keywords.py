#!/usr/bin/env python3
"""
Writes C{docs/keywords.md} and C{docs/lbproxy.schema.json} from the keyword registry. C{lbproxy.test.test_documentation} fails
when they are stale.

    .venv/bin/python docs/keywords.py
"""

import os
import re

import lbproxy.config  # noqa: F401 (registers the keywords)
from lbproxy.command import schemaText
from lbproxy.config.convertlayout import Layout
from lbproxy.config.convertsource import readSections
from lbproxy.config.convertyaml import writeYaml
from lbproxy.config.draft import World
from lbproxy.config.environment import Environment
from lbproxy.config.errors import Report
from lbproxy.config.registry import LETTERS, REGISTRY

_PROXY = "In `defaults`, `frontend`, `listen` and `backend`, as each of them says."
#: Kind of section, title, names as a regular expression, introduction. The first one that fits takes a keyword.
TOPICS = (
    ("global", "Global section", ".*", "The whole process."),
    ("proxy", "A proxy and its clients", "mode|bind|backlog|maxconn|id|disabled|enabled|grace", _PROXY),
    ("proxy", "Rules on requests", "acl|block|redirect|use_backend|default_backend",
     "Tested in the order of [this page](http.md)."),
    ("proxy", "Rewriting of requests", "req.*", "Regular expressions on the lines of a request, in their order."),
    ("proxy", "Rewriting of responses", "rsp.*", "The same for the lines of a response."),
    ("proxy", "Servers, and how one is chosen", "server|balance|dispatch|source|retries|fullconn|cookie|appsession",
     "The words of a `server` have a [part of their own](#words-of-a-server)."),
    ("proxy", "Timeouts", "timeout .*", "Milliseconds, or with a unit: `us`, `ms`, `s`, `m`, `h`, `d`."),
    ("proxy", "Options", "option .*", "Several of them in YAML: `option: [httplog, redispatch]`."),
    ("proxy", "Logs", "log|capture .*", "What is written where."),
    ("proxy", "Answers of lbproxy itself", "error.*|monitor.*", "Pages for errors, and for who asks whether it is alive."),
    ("proxy", "Other keywords of proxies", ".*", _PROXY),
    ("server", "Words of a server", ".*", "They follow the address of a `server` line, in any order."),
)
DEPRECATED = ("proxy", "Deprecated spellings", "", "They do the same as their modern spelling, and warn.")
SECTIONS = {letter: kind for kind, letter in LETTERS.items()}


def _kind(keyword):
    return {"G": "global", "S": "server"}.get(keyword.sections, "proxy")


def _topic(keyword):
    if keyword.replacedBy:
        return DEPRECATED
    return next(topic for topic in TOPICS if topic[0] == _kind(keyword) and re.fullmatch(topic[2], keyword.name))


def _arranged():
    """
    @return: list of C{(topic, its keywords)}, without empty ones.
    """
    found = [(topic, [keyword for keyword in REGISTRY.keywords() if _topic(keyword) is topic])
             for topic in TOPICS + (DEPRECATED,)]
    return [(topic, keywords) for topic, keywords in found if keywords]


def _anchor(keyword):
    return "%s-%s" % (_kind(keyword), keyword.name.replace(" ", "-"))


def section(keyword):
    """
    @return: the kind of a section in which the keyword's example may stand.
    """
    if keyword.sections == "S":
        return "backend"
    return next(SECTIONS[letter] for letter in "GLFBD" if letter in keyword.sections)


def yamlForm(keyword):
    """
    @return: the keyword's example in YAML, as C{lbproxy convert} would write it.
    """
    kind = section(keyword)
    text = "%s%s\n    %s\n" % (kind, "" if kind in ("global", "defaults") else " name", keyword.sample)

    def resolve(host):
        raise OSError("no names here")

    sections = readSections(text.encode(), World(resolve, Environment(), Report(), REGISTRY), "example")
    return writeYaml(Layout(REGISTRY).body(sections, False)).rstrip("\n")


def _facts(keyword):
    facts = [keyword.help]
    if keyword.replacedBy:
        facts = ["Write `%s` instead." % keyword.replacedBy]
    if keyword.default:
        facts.append("Default: %s." % keyword.default)
    if keyword.invertible:
        facts.append("`no` may precede it.")
    if keyword.repeat == "many":
        facts.append("May be repeated.")
    return " ".join(facts)


def _where(keyword):
    where = "In %s." % ", ".join("`%s`" % SECTIONS[letter] for letter in "DFLB" if letter in keyword.sections)
    if "D" in keyword.sections and keyword.inherit != "never":
        heir = {"any": "Proxies take", "frontend": "Frontends take", "backend": "Backends take"}[keyword.inherit]
        where += " %s it over from `defaults`." % heir
    return where


def _indented(text):
    return ["    " + line for line in text.split("\n")]


def _entry(keyword):
    lines = ['<a id="%s"></a>' % _anchor(keyword), "### `%s`" % keyword.name, "", _facts(keyword), ""]
    if keyword.grammar:
        lines += ["Syntax: `%s %s`" % (keyword.name, keyword.grammar), ""]
    if _kind(keyword) == "proxy":
        lines += [_where(keyword), ""]
    return lines + _indented(keyword.sample) + ["", "in YAML:", ""] + _indented(yamlForm(keyword)) + [""]


def reference():
    """
    @return: the complete text of C{docs/keywords.md}.
    """
    lines = [
        "# Keyword reference", "",
        "Written by `docs/keywords.py` from the registry that both readers use; do not edit it here. Each keyword has an",
        "example in the classic language and the same in YAML. Any other keyword of the classic language is an error that",
        "says so.",
    ]
    for (_, title, _names, _text), keywords in _arranged():
        links = ["[`%s`](#%s)" % (keyword.name, _anchor(keyword)) for keyword in keywords]
        lines += ["", "**%s**: %s" % (title, " · ".join(links))]
    for (_, title, _names, text), keywords in _arranged():
        lines += ["", "## " + title, "", text, ""]
        for keyword in keywords:
            lines += _entry(keyword)
    return "\n".join(lines).rstrip("\n") + "\n"


def write(name, text):
    """
    Write a file beside this one.
    """
    with open(os.path.join(os.path.dirname(os.path.abspath(__file__)), name), "w", encoding="utf-8") as target:
        target.write(text)


if __name__ == "__main__":
    write("keywords.md", reference())
    write("lbproxy.schema.json", schemaText())
