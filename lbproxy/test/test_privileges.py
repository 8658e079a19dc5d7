# -*- test-case-name: lbproxy.test.test_privileges -*-
"""
Tests for L{lbproxy.privileges}: pid file, chroot, group and user, in that order (LST-19).
"""

import os

from twisted.trial import unittest

from lbproxy.config.model import Global
from lbproxy.privileges import Privileges


class FakeSystem:
    """
    Notes what would have been done.

    @ivar calls: C{(name, argument...)} in order; with C{"pidfile"}, whether the pid file was there, before each.
    @ivar refused: name of the call that the system refuses.
    """

    def __init__(self, pidfile=None, refused=None):
        self.calls = []
        self.pidfile = pidfile
        self.refused = refused

    def getpid(self):
        """
        A number of our own.
        """
        return 4711

    def _call(self, name, *arguments):
        if name == self.refused:
            raise PermissionError(1, "Operation not permitted")
        there = self.pidfile is not None and os.path.exists(self.pidfile)
        self.calls.append((name, *arguments) + (("pidfile",) if there else ()))

    def __getattr__(self, name):
        return lambda *arguments: self._call(name, *arguments)


class PrivilegesTests(unittest.SynchronousTestCase):
    """
    On a machine that does nothing.
    """

    def apply(self, system, **settings):
        privileges = Privileges(Global(**settings), system)
        privileges.apply()
        return privileges

    def test_order(self):
        """
        The pid file is written first, then chroot, then the group and last the user: each needs the rights that the next
        one gives up.
        """
        path = self.mktemp()
        system = FakeSystem(path)
        self.apply(system, pidfile=path, chroot="/jail", gid=44, uid=33)
        self.assertEqual(system.calls, [
            ("chroot", "/jail", "pidfile"), ("chdir", "/", "pidfile"), ("setgroups", [], "pidfile"),
            ("setgid", 44, "pidfile"), ("setuid", 33, "pidfile")])

    def test_nothing(self):
        """
        Without settings nothing is done.
        """
        system = FakeSystem()
        self.apply(system).restore()
        self.assertEqual(system.calls, [])

    def test_each(self):
        """
        Each setting does its own part only.
        """
        for settings, calls in (
            (dict(chroot="/jail"), ["chroot", "chdir"]), (dict(uid=33), ["setuid"]), (dict(gid=44), ["setgroups", "setgid"]),
        ):
            system = FakeSystem()
            self.apply(system, **settings)
            self.assertEqual([call[0] for call in system.calls], calls)

    def test_rootIsAnAccount(self):
        """
        User and group 0 are settings like others.
        """
        system = FakeSystem()
        self.apply(system, uid=0, gid=0)
        self.assertEqual(system.calls[-2:], [("setgid", 0), ("setuid", 0)])

    def test_pidfile(self):
        """
        The pid file has the process id and a line end, and an old one is replaced.
        """
        path = self.mktemp()
        with open(path, "w") as out:
            out.write("123456789\n")
        self.apply(FakeSystem(), pidfile=path)
        with open(path) as written:
            self.assertEqual(written.read(), "4711\n")

    def test_restore(self):
        """
        The pid file goes with the process, even if the directory was changed meanwhile; a second time changes nothing.
        """
        path = os.path.basename(self.mktemp())
        privileges = self.apply(FakeSystem(), pidfile=path)
        there = os.path.abspath(path)
        here = os.getcwd()
        os.chdir("/")
        try:
            privileges.restore()
        finally:
            os.chdir(here)
        self.assertFalse(os.path.exists(there))
        privileges.restore()

    def test_restoreWithoutFile(self):
        """
        A pid file that somebody removed, or that a chroot hides, is no error when the process ends.
        """
        path = self.mktemp()
        privileges = self.apply(FakeSystem(), pidfile=path)
        os.unlink(path)
        privileges.restore()

    def test_refused(self):
        """
        When the system refuses a step it is told, and nothing that comes after it is done.
        """
        for refused, before in (("chroot", []), ("setgid", ["chroot", "chdir", "setgroups"]),
                                ("setuid", ["chroot", "chdir", "setgroups", "setgid"])):
            system = FakeSystem(refused=refused)
            self.assertRaises(OSError, self.apply, system, chroot="/jail", gid=44, uid=33)
            self.assertEqual([call[0] for call in system.calls], before)

    def test_unwritablePidfile(self):
        """
        A pid file that cannot be written stops everything.
        """
        system = FakeSystem()
        self.assertRaises(OSError, self.apply, system, pidfile=os.path.join(self.mktemp(), "none", "pid"), uid=33)
        self.assertEqual(system.calls, [])
