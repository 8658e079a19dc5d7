# -*- test-case-name: lbproxy.test.acl.test_counts -*-
"""
Tests for L{lbproxy.acl.counts}.
"""

from twisted.trial.unittest import SynchronousTestCase

from lbproxy.acl import AclError
from lbproxy.pool.counters import ProxyCounters
from lbproxy.test.acl.support import Counted, FakeExchange, compiled


class CountTests(SynchronousTestCase):
    """
    What the balancer counts at this moment (ACL-15 to ACL-18).
    """

    def setUp(self):
        self.exchange = FakeExchange()
        web, app = ProxyCounters(), ProxyCounters()
        web.feCurrent = 7
        for _ in range(3):
            web.feRate.tick(1000.2)
        for _ in range(5):
            app.beRate.tick(1000.2)
        self.exchange.frontends["web"] = Counted(web)
        self.exchange.backends["app"] = Counted(app, serving=2, slots=12)

    def holds(self, line, **proxy):
        """
        Whether a line of a proxy holds.
        """
        return bool(compiled("if a", "a " + line, **proxy)(self.exchange))

    def test_named(self):
        """
        A proxy named in parentheses is counted, wherever the rule stands.
        """
        for line in ("nbsrv(app) 2", "connslots(app) 12", "be_sess_rate(app) 5", "fe_sess_rate(web) 3"):
            self.assertTrue(self.holds(line, kind="backend", name="x"), line)

    def test_own(self):
        """
        Without a name it is the proxy that the rule stands in.
        """
        for line in ("dst_conn 7", "fe_sess_rate 3"):
            self.assertTrue(self.holds(line, kind="frontend", name="web"), line)
        for line in ("nbsrv 2", "connslots 12", "be_sess_rate 5"):
            self.assertTrue(self.holds(line, kind="backend", name="app"), line)

    def test_noRole(self):
        """
        A proxy that has no such role has nothing to count.
        """
        for line in ("nbsrv lt 1", "be_sess_rate 0"):
            self.assertTrue(self.holds(line, kind="frontend", name="web"), line)
        self.assertTrue(self.holds("dst_conn 0", kind="backend", name="app"))

    def test_unknown(self):
        """
        A name that nothing runs under makes it false, whatever it is compared with.
        """
        for line in ("nbsrv(none) 0:", "connslots(none) lt 1", "fe_sess_rate(app) ge 0", "be_sess_rate(none) 0"):
            self.assertFalse(self.holds(line), line)

    def test_arguments(self):
        """
        dst_conn counts its own frontend only; an empty name is none.
        """
        for line, text in (("dst_conn(web) 1", "takes no argument"), ("nbsrv() 1", "name of the proxy is empty")):
            error = self.assertRaises(AclError, compiled, "if a", "a " + line)
            self.assertIn(text, str(error))
