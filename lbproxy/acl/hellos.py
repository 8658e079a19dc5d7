# -*- test-case-name: lbproxy.test.acl.test_contents -*-
"""
Telling SSL and TLS from anything else by the first record (TCP-13, reference 4).
"""

from typing import Optional, Tuple

from lbproxy.acl.versions import versionNumber

Answer = Tuple[Optional[int], bool]
"""
C{(version number, may change)}: C{None} while it is not known, and whether more bytes may tell.
"""

_FOREIGN: Answer = (None, False)
_SHORT: Answer = (None, True)
_RECORD_TYPES = frozenset((0x14, 0x15, 0x16, 0x17, 0xFF))
_RECORD_HEADER = 5
_LONGEST_RECORD = 18432
_CLIENT_HELLO = 1
_HELLO_FIELDS = 9  # message type, version and three lengths
_SSL_2 = (0, 2)  # how SSL 2.0 writes its version


def helloVersion(contents: bytes, limit: int) -> Answer:
    """
    Look at what a client sent first.

    @param contents: bytes so far.
    @param limit: how many of them there can be; a longer record counts as complete with so many.
    @return: L{Answer}. A version only for a record that is valid and complete; nothing, for good, as soon as the bytes
        cannot be SSL.
    """
    if not contents:
        return _SHORT
    if contents[0] in _RECORD_TYPES:
        return _recordVersion(contents, limit)
    return _oldHelloVersion(contents, limit)


def _recordVersion(contents: bytes, limit: int) -> Answer:
    if len(contents) > 1 and contents[1] < 3:
        return _FOREIGN
    if len(contents) < _RECORD_HEADER:
        return _SHORT
    length = contents[3] << 8 | contents[4]
    if not 1 <= length <= _LONGEST_RECORD:
        return _FOREIGN
    if len(contents) < min(_RECORD_HEADER + length, limit):
        return _SHORT
    return versionNumber(contents[1], contents[2]), False


def _oldHelloVersion(contents: bytes, limit: int) -> Answer:
    """
    A hello of SSL 2.0, whatever version it offers.
    """
    header = 2 if contents[0] & 0x80 else 3
    if len(contents) <= header:
        return _SHORT
    if contents[header] != _CLIENT_HELLO:
        return _FOREIGN
    if len(contents) < header + _HELLO_FIELDS:
        return _SHORT
    length = (contents[0] & (0x7F if header == 2 else 0x3F)) << 8 | contents[1]
    padding = 0 if header == 2 else contents[2]
    ciphers, session, challenge = [
        contents[header + offset] << 8 | contents[header + offset + 1] for offset in (3, 5, 7)
    ]
    if ciphers % 3 or session not in (0, 16) or not 16 <= challenge <= 32:
        return _FOREIGN
    if length != _HELLO_FIELDS + ciphers + session + challenge:
        return _FOREIGN
    if len(contents) < min(header + length + padding, limit):
        return _SHORT
    version = contents[header + 1], contents[header + 2]
    return versionNumber(2, 0) if version == _SSL_2 else versionNumber(*version), False
