# -*- test-case-name: lbproxy.test.acl.test_compiling -*-
"""
Names that need no declaration (ACL-12, reference 4).
"""

from typing import Dict, Optional

from lbproxy.config.model import AclEntry


def _entry(name: str, criterion: str, *patterns: bytes, argument: Optional[str] = None) -> AclEntry:
    return AclEntry(name, criterion, argument, False, tuple(patterns))


PREDEFINED: Dict[str, AclEntry] = {
    entry.name: entry
    for entry in (
        _entry("TRUE", "always_true"),
        _entry("FALSE", "always_false"),
        _entry("LOCALHOST", "src", b"127.0.0.1/8"),
        _entry("HTTP_1.0", "req_ver", b"1.0"),
        _entry("HTTP_1.1", "req_ver", b"1.1"),
        _entry("METH_CONNECT", "method", b"CONNECT"),
        _entry("METH_GET", "method", b"GET", b"HEAD"),
        _entry("METH_HEAD", "method", b"HEAD"),
        _entry("METH_OPTIONS", "method", b"OPTIONS"),
        _entry("METH_POST", "method", b"POST"),
        _entry("METH_TRACE", "method", b"TRACE"),
        _entry("HTTP_URL_ABS", "url_reg", b"^[^/:]*://"),
        _entry("HTTP_URL_SLASH", "url_beg", b"/"),
        _entry("HTTP_URL_STAR", "url", b"*"),
        _entry("HTTP_CONTENT", "hdr_val", b"gt", b"0", argument="content-length"),
        _entry("REQ_CONTENT", "req_len", b"gt", b"0"),
        _entry("WAIT_END", "wait_end"),
    )
}
"""
Name to its definition.
"""
