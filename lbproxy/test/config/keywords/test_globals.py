# -*- test-case-name: lbproxy.test.config.keywords.test_globals -*-
"""
Tests for L{lbproxy.config.keywords.globals}.
"""

from twisted.trial.unittest import SynchronousTestCase

from lbproxy.config import StatsSocket
from lbproxy.test.config.support import found, inProxies, loadText


class GlobalTests(SynchronousTestCase):
    """
    The C{global} section.
    """

    def load(self, lines):
        """
        The global part of a configuration with these lines.
        """
        return loadText(inProxies(globals_=lines))[0].globals

    def test_values(self):
        """
        Each keyword fills its field.
        """
        for line, field, value in (
            ("maxconn 5", "maxconn", 5),
            ("stats timeout 3s", "statsTimeout", 3.0),
            ("stats maxconn 3", "statsMaxconn", 3),
            ("stats socket /s", "statsSocket", StatsSocket("/s")),
            ("stats socket /s uid 1 gid 2 mode 660", "statsSocket", StatsSocket("/s", 1, 2, 0o660)),
            ("stats socket s user www group web", "statsSocket", StatsSocket("s", 33, 44)),
            ("daemon", "daemon", True),
            ("quiet", "quiet", True),
            ("uid 99", "uid", 99),
            ("user www", "uid", 33),
            ("gid 98", "gid", 98),
            ("group web", "gid", 44),
            ("chroot /var/empty", "chroot", "/var/empty"),
            ("pidfile /run/lb.pid", "pidfile", "/run/lb.pid"),
            ("tune.maxaccept 5", "maxAccept", 5),
            ("tune.maxaccept -1", "maxAccept", -1),
            ("tune.maxpollevents 5", "maxPollEvents", 5),
            ("tune.bufsize 32k", "bufferSize", 32768),
            ("tune.maxheaders 50", "maxHeaders", 50),
            ("noepoll\nnosepoll\nnopoll\nnokqueue", "avoidedPollers", ("epoll", "sepoll", "poll", "kqueue")),
        ):
            self.assertEqual(getattr(self.load(line), field), value, line)

    def test_refusals(self):
        """
        Wrong values are refused where they stand.
        """
        for line, problem in (
            ("maxconn 0", "3:13: 'global' section: 'maxconn': 0 is too small"),
            ("stats timeout 0", "3:19: 'global' section: 'stats timeout': the duration must be greater than 0"),
            ("stats maxconn 0", "3:19: "),
            ("stats socket", "3:5: 'global' section: 'stats socket': needs a path"),
            ("stats socket /s mode 888", "3:26: 'global' section: 'stats socket': '888' is not an octal mode"),
            ("stats socket /s user nobody", "3:26: 'global' section: 'stats socket': there is no user 'nobody' here"),
            ("stats socket /s mod 600", "3:21: 'global' section: 'stats socket': unknown word 'mod'; did you mean"),
            ("stats socket /s mode", "3:21: "),
            ("stats socket /" + "x" * 95, "3:18: 'global' section: 'stats socket': socket path is too long"),
            ("user nobody", "3:10: 'global' section: 'user': there is no user 'nobody' here"),
            ("uid x", "3:9: "),
            ("nbproc 2", "3:12: 'global' section: 'nbproc': lbproxy is one process"),
            ("tune.maxaccept 0", "3:20: "),
            ("tune.bufsize 5", "3:18: 'global' section: 'tune.bufsize': 5 bytes is too small"),
            ("daemon yes", "3:12: 'global' section: 'daemon': unexpected 'yes'"),
        ):
            (reported,) = found(globals_=line)
            self.assertTrue(reported.startswith("lb.cfg:" + problem), reported)

    def test_oneProcess(self):
        """
        C{nbproc 1} is what lbproxy is.
        """
        self.assertEqual(found(globals_="nbproc 1"), [])

    def test_twice(self):
        """
        A value written twice warns and the first one stays; uid and user are one setting (LST-19).
        """
        for lines, field, value in (
            ("maxconn 5\nmaxconn 6", "maxconn", 5),
            ("uid 9\nuser www", "uid", 9),
            ("stats socket /a\nstats socket /b", "statsSocket", StatsSocket("/a")),
        ):
            self.assertEqual(getattr(self.load(lines), field), value)
            (reported,) = found(globals_=lines)
            self.assertIn("already specified on line 3, which is kept", reported)
