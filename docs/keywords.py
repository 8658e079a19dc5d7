#!/usr/bin/env python3
"""
Writes C{docs/keywords.md} and C{docs/lbproxy.schema.json} from the keyword registry. C{lbproxy.test.test_documentation} fails
when they are stale.

    .venv/bin/python docs/keywords.py
"""

import os

import lbproxy.config  # noqa: F401 (registers the keywords)
from lbproxy.command import schemaText
from lbproxy.config.convertlayout import Layout
from lbproxy.config.convertsource import readSections
from lbproxy.config.convertyaml import writeYaml
from lbproxy.config.draft import World
from lbproxy.config.environment import Environment
from lbproxy.config.errors import Report
from lbproxy.config.registry import LETTERS, REGISTRY

TITLES = (
    ("global", "Global section", "The whole process."),
    ("proxy", "Proxy sections", "In `defaults`, `frontend`, `listen` and `backend`, as each of them says."),
    ("server", "Words of a server", "They follow the address of a `server` line, in any order."),
)
SECTIONS = {letter: kind for kind, letter in LETTERS.items()}


def _chosen(kind):
    for keyword in REGISTRY.keywords():
        proxy = not set(keyword.sections) & {LETTERS["global"], LETTERS["server"]}
        if (kind == "proxy") == proxy and (proxy or LETTERS[kind] in keyword.sections):
            yield keyword


def _anchor(keyword, kind):
    return "%s-%s" % (kind, keyword.name.replace(" ", "-"))


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


def _entry(keyword, kind):
    lines = ['<a id="%s"></a>' % _anchor(keyword, kind), "### `%s`" % keyword.name, ""]
    lines += ["`%s`" % " ".join(filter(None, (keyword.name, keyword.grammar))), ""]
    facts = ["Deprecated: write `%s`." % keyword.replacedBy if keyword.replacedBy else keyword.help]
    if keyword.default:
        facts.append("Default: %s." % keyword.default)
    if keyword.invertible:
        facts.append("`no` may precede it.")
    lines += [" ".join(facts), ""]
    if kind == "proxy":
        where = ", ".join("`%s`" % SECTIONS[letter] for letter in "DFLB" if letter in keyword.sections)
        inherited = {"any": "Taken over from `defaults`.", "frontend": "Frontends take it over from `defaults`.",
                     "backend": "Backends take it over from `defaults`."}.get(keyword.inherit, "")
        lines += [" ".join(("In %s." % where, inherited if "D" in keyword.sections else "")).rstrip(), ""]
    return lines + ["    " + keyword.sample, "", *["    " + line for line in yamlForm(keyword).split("\n")], ""]


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
    for kind, title, _text in TITLES:
        names = ["[`%s`](#%s)" % (keyword.name, _anchor(keyword, kind)) for keyword in _chosen(kind)]
        lines += ["", "**%s**: %s" % (title, " · ".join(names))]
    for kind, title, text in TITLES:
        lines += ["", "## " + title, "", text, ""]
        for keyword in _chosen(kind):
            lines += _entry(keyword, kind)
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
