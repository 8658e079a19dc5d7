# -*- test-case-name: lbproxy.test.acl.test_check -*-
"""
What can be wrong with an ACL or a condition.
"""

from typing import Optional

from lbproxy.config.errors import ERROR, Problem
from lbproxy.config.model import Place

NOWHERE = Place("<built in>", 1)
"""
Place of what no file holds.
"""


class AclError(Exception):
    """
    An ACL or a condition cannot be compiled.

    @ivar problem: L{Problem} fit for the operator.
    """

    def __init__(self, text: str, place: Optional[Place] = None, hint: Optional[str] = None) -> None:
        """
        @param place: where it was written; C{None} for what no file holds.
        """
        self.problem = Problem(ERROR, place if place is not None else NOWHERE, text, hint)
        Exception.__init__(self, str(self.problem))
