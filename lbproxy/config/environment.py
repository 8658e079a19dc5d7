# -*- test-case-name: lbproxy.test.config.test_load -*-
"""
What loading a configuration asks of the machine.
"""

import grp
import pwd


class Environment:
    """
    The machine's files and accounts; tests hand in their own.
    """

    def readFile(self, path: str) -> bytes:
        """
        The contents of a file.

        @raise OSError: it cannot be read.
        """
        with open(path, "rb") as stream:
            return stream.read()

    def userId(self, name: str) -> int:
        """
        The numeric id of a user.

        @raise KeyError: there is no such user.
        """
        return pwd.getpwnam(name).pw_uid

    def groupId(self, name: str) -> int:
        """
        The numeric id of a group.

        @raise KeyError: there is no such group.
        """
        return grp.getgrnam(name).gr_gid
