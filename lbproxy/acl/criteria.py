# -*- test-case-name: lbproxy.test.acl.test_compiling -*-
"""
The criteria of lbproxy itself; importing this module registers them.
"""

from lbproxy.acl import addresses, contents, counts, headers, requests, responses
from lbproxy.acl.registry import CRITERIA, LAYER_REQUEST

OF_HEAD = frozenset(
    [name for name, criterion in CRITERIA.items() if criterion.layer == LAYER_REQUEST] + ["always_true", "always_false"]
)
"""
Criteria whose verdict depends on the request head alone.
"""

__all__ = ["OF_HEAD", "addresses", "contents", "counts", "headers", "requests", "responses"]
