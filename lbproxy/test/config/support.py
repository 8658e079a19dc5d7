# -*- test-case-name: lbproxy.test.config -*-
"""
Loading configurations from memory.
"""

from textwrap import dedent
from typing import Dict, List, Optional, Tuple

from lbproxy.config import ConfigError, Configuration, Problem, load
from lbproxy.config.environment import Environment
from lbproxy.config.registry import REGISTRY, Registry


class MemoryEnvironment(Environment):
    """
    Files and accounts of an imaginary machine.

    @ivar files: path to contents.
    """

    def __init__(self, files: Dict[str, bytes]) -> None:
        self.files = files

    def readFile(self, path: str) -> bytes:
        """
        The contents, or an OSError as a real machine would give.
        """
        if path not in self.files:
            raise FileNotFoundError(2, "No such file or directory", path)
        return self.files[path]

    def userId(self, name: str) -> int:
        """
        The only user is C{www}.
        """
        return {"www": 33}[name]

    def groupId(self, name: str) -> int:
        """
        The only group is C{web}.
        """
        return {"web": 44}[name]


def resolve(host: str) -> str:
    """
    The only host is C{app.example}.
    """
    if host == "app.example":
        return "10.9.8.7"
    raise OSError("no such host")


def loadText(
    text: str, name: str = "lb.cfg", files: Optional[Dict[str, bytes]] = None, registry: Registry = REGISTRY
) -> Tuple[Configuration, Tuple[Problem, ...]]:
    """
    Load a configuration given as text; C{name} chooses the language.
    """
    contents = dict(files or {})
    contents[name] = dedent(text).lstrip("\n").encode("utf-8", "surrogateescape")
    return load(name, resolve, MemoryEnvironment(contents), registry)


def problems(text: str, name: str = "lb.cfg", files: Optional[Dict[str, bytes]] = None) -> List[str]:
    """
    Every problem of a configuration, as the operator sees it; warnings of one that loads included.
    """
    try:
        return [str(problem) for problem in loadText(text, name, files)[1]]
    except ConfigError as error:
        return [str(problem) for problem in error.problems]


DEFAULTS = """
defaults
    mode http
    timeout client 3s
    timeout connect 3s
    timeout server 3s
"""


def inProxies(frontend: str = "", backend: str = "", globals_: str = "") -> str:
    """
    A complete configuration around some lines. The frontend's lines start at line 10, the backend's follow two lines
    after the last of them.
    """
    lines = ["global", "    # " + "-" * 10] + ["    " + line for line in globals_.splitlines()]
    lines += DEFAULTS.strip().splitlines()
    lines += ["frontend web", "    bind :80"] + ["    " + line for line in frontend.splitlines()]
    lines += ["backend app", "    server s1 10.0.0.1:80"] + ["    " + line for line in backend.splitlines()]
    return "\n".join(lines) + "\n"


def proxies(frontend: str = "", backend: str = "") -> Tuple:
    """
    The frontend and the backend of L{inProxies}.
    """
    return loadText(inProxies(frontend, backend))[0].proxies


def found(frontend: str = "", backend: str = "", globals_: str = "") -> List[str]:
    """
    The problems of L{inProxies}.
    """
    return problems(inProxies(frontend, backend, globals_))
