# -*- test-case-name: lbproxy.test.acl.test_compiling -*-
"""
The criteria of lbproxy itself; importing this module registers them.
"""

from lbproxy.acl import addresses, contents, counts, headers, requests, responses

__all__ = ["addresses", "contents", "counts", "headers", "requests", "responses"]
