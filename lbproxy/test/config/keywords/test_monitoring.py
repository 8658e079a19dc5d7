# -*- test-case-name: lbproxy.test.config.keywords.test_monitoring -*-
"""
Tests for L{lbproxy.config.keywords.monitoring}.
"""

from twisted.trial.unittest import SynchronousTestCase

from lbproxy.config import Condition, Term
from lbproxy.test.config.support import found, inProxies, problems, proxies


class MonitorTests(SynchronousTestCase):
    """
    C{monitor-uri}, C{monitor-net} and C{monitor fail} (ERR-06 to ERR-09).
    """

    def test_values(self):
        """
        Networks are masked and names resolved.
        """
        for line, field, value in (
            ("monitor-uri /alive", "monitorUri", b"/alive"),
            ("monitor-net 192.168.0.255/31", "monitorNet", (0xC0A800FE, 0xFFFFFFFE)),
            ("monitor-net 10.0.0.1", "monitorNet", (0x0A000001, 0xFFFFFFFF)),
            ("monitor-net app.example", "monitorNet", (0x0A090807, 0xFFFFFFFF)),
            ("monitor-net 10.0.0.0/8\nmonitor-net 11.0.0.0/8", "monitorNet", (0x0B000000, 0xFF000000)),
        ):
            self.assertEqual(getattr(proxies(line)[0], field), value, line)

    def test_fail(self):
        """
        There may be several conditions.
        """
        front = proxies("monitor-uri /\nmonitor fail if a\nmonitor fail unless b c")[0]
        self.assertEqual(front.monitorFail, (Condition(((Term("a"),),)), Condition(((Term("b"), Term("c")),), True)))

    def test_refusals(self):
        """
        Bad values are refused; C{monitor fail} cannot stand in C{defaults} (CFG-07).
        """
        for line, problem in (
            ("monitor-uri", "10:5: frontend 'web': 'monitor-uri': needs a URI"),
            ("monitor-net ::1", "10:17: frontend 'web': 'monitor-net': '::1' is not an IPv4 address or network"),
            ("monitor-net 10.0.0.0/33", "10:17: frontend 'web': 'monitor-net': bad netmask '33' in '10.0.0.0/33': use 0 to "
             "32 or a dotted mask"),
            ("monitor fail", "10:5: frontend 'web': 'monitor fail': needs a condition; add 'if NAME...' or 'unless NAME...'"),
        ):
            self.assertEqual(found(line), ["lb.cfg:" + problem])
        self.assertIn("'monitor fail' is not allowed in a 'defaults'",
                      problems("defaults\n monitor fail if a\n" + inProxies())[0])
