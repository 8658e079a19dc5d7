# -*- test-case-name: lbproxy.test.config.keywords -*-
"""
The keywords of lbproxy itself; importing this package registers them.
"""

from lbproxy.config.keywords import (
    balance,
    errorpages,
    globals,
    limits,
    listeners,
    logging,
    options,
    rules,
    serveroptions,
    servers,
    timeouts,
    unsupported,
)

__all__ = [
    "balance",
    "errorpages",
    "globals",
    "limits",
    "listeners",
    "logging",
    "options",
    "rules",
    "serveroptions",
    "servers",
    "timeouts",
    "unsupported",
]
