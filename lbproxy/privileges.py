# -*- test-case-name: lbproxy.test.test_privileges -*-
"""
Pid file, chroot, group and user, in that order, once everything is bound (LST-19).
"""

import os


class Privileges:
    """
    What C{global} asks of the process; twistd's own options do the same and win by coming earlier.
    """

    def __init__(self, settings, system=os):
        """
        @param settings: a L{Global<lbproxy.config.model.Global>}.
        @param system: the module C{os}, or what stands for it in a test.
        """
        self.settings = settings
        self.system = system
        self._pidfile = None

    def apply(self):
        """
        @raise OSError: if the system refuses.
        """
        settings, system = self.settings, self.system
        if settings.pidfile is not None:
            with open(settings.pidfile, "w") as out:
                out.write("%d\n" % system.getpid())
            self._pidfile = os.path.abspath(settings.pidfile)
        if settings.chroot is not None:
            system.chroot(settings.chroot)
            system.chdir("/")
        if settings.gid is not None:
            system.setgroups([])
            system.setgid(settings.gid)
        if settings.uid is not None:
            system.setuid(settings.uid)

    def restore(self):
        """
        Remove the pid file, where that is still possible.
        """
        pidfile, self._pidfile = self._pidfile, None
        if pidfile is not None:
            try:
                os.unlink(pidfile)
            except OSError:
                pass
