# -*- test-case-name: lbproxy.test.acl.test_compiling -*-
"""
The criteria of lbproxy itself; importing this module registers them.
"""

from lbproxy.acl import headers, requests, sources

__all__ = ["headers", "requests", "sources"]
