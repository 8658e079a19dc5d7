# -*- test-case-name: lbproxy.test.acl.test_headers -*-
"""
The values inside a header line (ACL-23).
"""

from typing import List

_BLANKS = b" \t"


def splitValues(line: bytes) -> List[bytes]:
    """
    Split a header value at its commas. Those between double quotes do not split; blanks around a value are dropped.

    @param line: the value of one header line.
    @return: one value or more, possibly empty ones.
    """
    if b"," not in line:
        return [line.strip(_BLANKS)]
    if b'"' not in line:
        return [value.strip(_BLANKS) for value in line.split(b",")]
    return _splitQuoted(line)


def _splitQuoted(line: bytes) -> List[bytes]:
    values: List[bytes] = []
    start = position = 0
    quoted = False
    while position < len(line):
        byte = line[position]
        if quoted and byte == 0x5C:
            position += 1
        elif byte == 0x22:
            quoted = not quoted
        elif byte == 0x2C and not quoted:
            values.append(line[start:position].strip(_BLANKS))
            start = position + 1
        position += 1
    values.append(line[start:].strip(_BLANKS))
    return values
