# -*- test-case-name: lbproxy.test.config.test_load -*-
"""
From a file to a L{Configuration}.
"""

from typing import Optional, Tuple

import lbproxy.config.keywords  # noqa: F401  (registers the keywords)
from lbproxy.config.addresses import Resolve
from lbproxy.config.build import buildConfiguration
from lbproxy.config.checks import checkConfiguration
from lbproxy.config.classic import readClassic
from lbproxy.config.draft import World
from lbproxy.config.environment import Environment
from lbproxy.config.errors import ERROR, ConfigError, Problem, Report
from lbproxy.config.loader import Loader
from lbproxy.config.model import Configuration, Place
from lbproxy.config.registry import REGISTRY, Registry
from lbproxy.config.yamlreader import readYaml

YAML_SUFFIXES = (".yaml", ".yml", ".json")


def load(
    path: str,
    resolve: Resolve,
    environ: Optional[Environment] = None,
    registry: Registry = REGISTRY,
) -> Tuple[Configuration, Tuple[Problem, ...]]:
    """
    Read a configuration in either language (CFG-25): YAML when the name ends in C{.yaml}, C{.yml} or C{.json}, else
    the classic one.

    @param path: path of the file.
    @param resolve: takes a host name, returns a numeric address or raises C{OSError}; e.g. C{socket.gethostbyname}.
    @param environ: files and accounts; C{None} for those of the machine.
    @param registry: the keywords.
    @return: the configuration and the warnings, in the order of the file.
    @raise ConfigError: with all the problems of the file.
    """
    environment = environ if environ is not None else Environment()
    try:
        contents = environment.readFile(path)
    except (OSError, ValueError) as error:
        reason = getattr(error, "strerror", None) or error
        raise ConfigError([Problem(ERROR, Place(path, 1), "cannot be read: %s" % (reason,))]) from None
    world = World(resolve, environment, Report(), registry)
    loader = Loader(world, path)
    if path.lower().endswith(YAML_SUFFIXES):
        readYaml(contents, loader)
    else:
        readClassic(contents, loader)
    configuration = buildConfiguration(loader.globals, loader.proxies, world)
    configuration = checkConfiguration(configuration, loader.proxies, world, path)
    problems = tuple(world.report.inOrder())
    if world.report.failed():
        raise ConfigError(problems, configuration)
    return configuration, problems
