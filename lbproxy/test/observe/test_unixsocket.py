# -*- test-case-name: lbproxy.test.observe.test_unixsocket -*-
"""
Tests of L{lbproxy.observe.unixsocket}.
"""

import os
import socket
import stat

from twisted.trial import unittest

from lbproxy.config.model import StatsSocket
from lbproxy.observe.unixsocket import ConsoleSocket


def reachable(path):
    """
    @return: whether somebody listens.
    """
    with socket.socket(socket.AF_UNIX) as client:
        try:
            client.connect(path)
        except OSError:
            return False
    return True


class ConsoleSocketTests(unittest.SynchronousTestCase):
    """
    Tests of L{ConsoleSocket} (STA-21, STA-22).
    """

    def setUp(self):
        self.directory = self.mktemp()
        os.mkdir(self.directory)
        self.path = os.path.join(self.directory, "console")

    def open(self, **fields):
        """
        @return: an open socket.
        """
        console = ConsoleSocket(StatsSocket(self.path, **fields))
        console.open()
        self.addCleanup(console.close)
        return console

    def files(self):
        """
        @return: what is in the directory.
        """
        return os.listdir(self.directory)

    def test_open(self):
        """
        It listens under its name, and only there; closing removes it.
        """
        console = self.open()
        self.assertTrue(reachable(self.path))
        self.assertEqual(self.files(), ["console"])
        self.assertEqual(console.socket.gettimeout(), 0.0)
        self.assertIsNone(console.close())
        self.assertEqual(self.files(), [])
        self.assertIsNone(console.close())

    def test_modeAndOwner(self):
        """
        Mode and owner are those of the configuration.
        """
        for mode in (0o600, 0o666, 0o711):
            self.open(mode=mode, uid=os.getuid(), gid=os.getgid())
            found = os.stat(self.path)
            self.assertEqual(
                (stat.S_IMODE(found.st_mode), found.st_uid, found.st_gid), (mode, os.getuid(), os.getgid()))

    def test_replaced(self):
        """
        A newer process takes the name over without a moment of absence; the older one then leaves it alone.
        """
        older = self.open()
        newer = self.open()
        self.assertEqual(self.files(), ["console"])
        older.close()
        self.assertTrue(reachable(self.path))
        newer.close()
        self.assertEqual(self.files(), [])

    def test_leftOver(self):
        """
        A socket nobody listens on any more is replaced.
        """
        with socket.socket(socket.AF_UNIX) as dead:
            dead.bind(self.path)
        self.assertFalse(reachable(self.path))
        self.open()
        self.assertTrue(reachable(self.path))

    def test_failures(self):
        """
        When it cannot be done, a socket that was there stays in use, and nothing else is left behind.
        """
        self.open()
        broken = ConsoleSocket(StatsSocket(self.path, mode=0o600, gid=2 ** 32 - 2))
        self.patch(os, "chown", self._refuse)
        self.assertRaises(OSError, broken.open)
        self.assertEqual((self.files(), reachable(self.path), broken.socket), (["console"], True, None))
        self.assertIsNone(broken.close())
        self.assertTrue(reachable(self.path))

    def _refuse(self, *_arguments):
        raise PermissionError(1, "not permitted")

    def test_noSocket(self):
        """
        A file of another kind is not touched.
        """
        with open(self.path, "w") as other:
            other.write("precious")
        self.assertRaises(OSError, ConsoleSocket(StatsSocket(self.path)).open)
        with open(self.path) as other:
            self.assertEqual(other.read(), "precious")
        self.assertEqual(self.files(), ["console"])

    def test_noDirectory(self):
        """
        A directory that does not exist is an C{OSError}.
        """
        self.assertRaises(OSError, ConsoleSocket(StatsSocket(os.path.join(self.directory, "no", "console"))).open)
