# -*- test-case-name: lbproxy.test.config -*-
"""
What the operator wrote: keywords, both readers, the typed configuration, errors with file, line and column.
"""

from lbproxy.config.errors import ConfigError, Problem
from lbproxy.config.loading import load
from lbproxy.config.model import (
    AclEntry,
    Balance,
    Bind,
    Check,
    Condition,
    Configuration,
    ForwardFor,
    Global,
    LogTarget,
    Place,
    Proxy,
    RegexRule,
    ServerConfig,
    StatsSocket,
    SwitchRule,
    Term,
    Timeouts,
)

__all__ = [
    "AclEntry",
    "Balance",
    "Bind",
    "Check",
    "Condition",
    "ConfigError",
    "Configuration",
    "ForwardFor",
    "Global",
    "LogTarget",
    "Place",
    "Problem",
    "Proxy",
    "RegexRule",
    "ServerConfig",
    "StatsSocket",
    "SwitchRule",
    "Term",
    "Timeouts",
    "load",
]
