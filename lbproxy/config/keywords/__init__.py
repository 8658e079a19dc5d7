# -*- test-case-name: lbproxy.test.config.keywords -*-
"""
The keywords of lbproxy itself; importing this package registers them.
"""

from lbproxy.config.keywords import (
    balance,
    captures,
    cookies,
    errorpages,
    globals,
    limits,
    listeners,
    logging,
    monitoring,
    options,
    redirecting,
    rewriting,
    rules,
    serveroptions,
    servers,
    timeouts,
    unsupported,
)

__all__ = [
    "balance",
    "captures",
    "cookies",
    "errorpages",
    "globals",
    "limits",
    "listeners",
    "logging",
    "monitoring",
    "options",
    "redirecting",
    "rewriting",
    "rules",
    "serveroptions",
    "servers",
    "timeouts",
    "unsupported",
]
