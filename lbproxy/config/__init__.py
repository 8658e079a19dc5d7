# -*- test-case-name: lbproxy.test.config -*-
"""
What the operator wrote: keywords, both readers, the typed configuration, errors with file, line and column.
"""

from lbproxy.config.errors import ConfigError, Problem
from lbproxy.config.loading import load
from lbproxy.config.model import (
    AclEntry,
    AppSession,
    Balance,
    Bind,
    BlockRule,
    Capture,
    Check,
    Condition,
    Configuration,
    Cookie,
    ForwardFor,
    Global,
    LogTarget,
    Place,
    Proxy,
    RedirectRule,
    RegexRule,
    ServerConfig,
    StatsSocket,
    SwitchRule,
    Term,
    Timeouts,
)

__all__ = [
    "AclEntry",
    "AppSession",
    "Balance",
    "Bind",
    "BlockRule",
    "Capture",
    "Check",
    "Condition",
    "ConfigError",
    "Configuration",
    "Cookie",
    "ForwardFor",
    "Global",
    "LogTarget",
    "Place",
    "Problem",
    "Proxy",
    "RedirectRule",
    "RegexRule",
    "ServerConfig",
    "StatsSocket",
    "SwitchRule",
    "Term",
    "Timeouts",
    "load",
]
