# -*- test-case-name: lbproxy.test.http.test_captures -*-
"""
Header values for the log (LOG-19).
"""

from lbproxy.http.cache import HeadNotes


class HeaderCaptures:
    """
    The C{capture request header} or C{capture response header} lines of a frontend.
    """

    __slots__ = ("_wanted", "_known")

    def __init__(self, captures):
        """
        @param captures: sequence of L{Capture<lbproxy.config.rulemodel.Capture>}.
        """
        self._wanted = tuple((capture.name.lower(), capture.length) for capture in captures)
        self._known = HeadNotes()

    def of(self, head):
        """
        @param head: a L{MessageHead<lbproxy.http.head.MessageHead>}.
        @return: tuple with, for each capture, the value of the last line of that name, cut at its length, bytes; C{None}
            where there is no such line.
        """
        raw = head.raw
        found = self._known.get(raw)
        if found is None:
            values = [(head.values(name), length) for name, length in self._wanted]
            found = tuple(lines[-1][:length] if lines else None for lines, length in values)
            self._known.keep(raw, found)
        return found
