#!/usr/bin/env python3
"""
Writes C{docs/keywords.md} from the keyword registry. C{lbproxy.test.test_documentation} fails when the file is stale.

    .venv/bin/python docs/keywords.py
"""

import os

import lbproxy.config  # noqa: F401 (registers the keywords)
from lbproxy.config.registry import LETTERS, REGISTRY

TITLES = (
    ("global", "Global section", "The whole process."),
    ("proxy", "Proxy sections", "`defaults` (D), `frontend` (F), `listen` (L) and `backend` (B)."),
    ("server", "Words of a server", "They follow the address of a `server` line, in any order."),
)


def _cell(text):
    return text.replace("|", "\\|")


def _code(text):
    return "`%s`" % _cell(text) if text else ""


def _chosen(kind):
    for keyword in REGISTRY.keywords():
        proxy = not set(keyword.sections) & {LETTERS["global"], LETTERS["server"]}
        if (kind == "proxy") == proxy and (proxy or LETTERS[kind] in keyword.sections):
            yield keyword


def _note(keyword):
    parts = [_cell(keyword.help)]
    if keyword.replacedBy:
        parts.append("Deprecated: write `%s`." % keyword.replacedBy)
    if keyword.invertible:
        parts.append("`no` may precede it.")
    return " ".join(parts)


def reference():
    """
    @return: the complete text of C{docs/keywords.md}.
    """
    lines = [
        "# Keyword reference", "",
        "Written by `docs/keywords.py` from the registry that both readers use; do not edit it here.",
        "Any other keyword of the classic language is an error that says so.",
    ]
    for kind, title, text in TITLES:
        lines += ["", "## " + title, "", text, ""]
        if kind == "proxy":
            lines += ["| keyword | arguments | sections | default | |", "|---|---|---|---|---|"]
        else:
            lines += ["| keyword | arguments | default | |", "|---|---|---|---|"]
        for keyword in _chosen(kind):
            cells = [_code(keyword.name), _code(keyword.grammar)]
            cells += [keyword.sections] if kind == "proxy" else []
            cells += [_cell(keyword.default or ""), _note(keyword)]
            lines.append("| %s |" % " | ".join(cells))
    return "\n".join(lines) + "\n"


if __name__ == "__main__":
    path = os.path.join(os.path.dirname(os.path.abspath(__file__)), "keywords.md")
    with open(path, "w", encoding="utf-8") as target:
        target.write(reference())
