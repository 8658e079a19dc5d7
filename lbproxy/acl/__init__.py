# -*- test-case-name: lbproxy.test.acl -*-
"""
How a decision is expressed: criteria, patterns and conditions, compiled once.
"""

from lbproxy.acl.checking import check
from lbproxy.acl.compiling import compile, compileEntry, compilePartial, isPure
from lbproxy.acl.errors import AclError
from lbproxy.acl.plugins import loadPlugins
from lbproxy.acl.registry import Criterion, register

__all__ = [
    "AclError",
    "Criterion",
    "check",
    "compile",
    "compileEntry",
    "compilePartial",
    "isPure",
    "loadPlugins",
    "register",
]
