# -*- test-case-name: lbproxy.test.config -*-
"""
Where something was written.
"""

import attr


@attr.s(slots=True, frozen=True, auto_attribs=True)
class Place:
    """
    Where something was written.

    @ivar file: path as given by the operator.
    @ivar line: line number, from 1.
    @ivar column: column number, from 1.
    """

    file: str
    line: int
    column: int = 1

    def __str__(self) -> str:
        return "%s:%d:%d" % (self.file, self.line, self.column)
