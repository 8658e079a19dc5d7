# -*- test-case-name: lbproxy.test.pool.test_transitions -*-
"""
Tests for L{lbproxy.pool.transitions}.
"""

from twisted.trial.unittest import TestCase

from lbproxy.pool.transitions import downText, emptyText, upText
from lbproxy.test.pool.builders import makePool, named


class TextTests(TestCase):
    """
    What is logged (CHK-17 to CHK-19).
    """

    def test_down(self):
        """
        The text names the server and counts what is left.
        """
        pool = makePool({"a": 1, "x": {"backup": True}})
        a, x = pool.servers
        a.current = 7
        a.queue.push(object())
        self.assertEqual(downText(a, 3), "Server app/a is DOWN. 1 active and 1 backup servers left. 7 sessions active, "
                                         "3 requeued, 1 remaining in queue.")
        pool.markDown(a)
        self.assertEqual(downText(a, 0), "Server app/a is DOWN. 0 active and 1 backup servers left. Running on backup. "
                                         "7 sessions active, 0 requeued, 1 remaining in queue.")
        self.assertTrue(downText(x, 0).startswith("Backup Server app/x is DOWN."))

    def test_up(self):
        """
        The same the other way.
        """
        pool = makePool({"a": 1, "x": {"backup": True}})
        self.assertEqual(upText(named(pool, "a"), 2), "Server app/a is UP. 1 active and 1 backup servers online. "
                                                      "2 sessions requeued, 0 total in queue.")
        pool.markDown(named(pool, "a"))
        expected = ("Backup Server app/x is UP. 0 active and 1 backup servers online. Running on backup. "
                    "0 sessions requeued, 0 total in queue.")
        self.assertEqual(upText(named(pool, "x"), 0), expected)

    def test_empty(self):
        """
        The kind of the proxy is in the text.
        """
        for kind, word in [("backend", "backend"), ("listen", "proxy")]:
            self.assertEqual(emptyText(makePool([1], kind=kind)), "%s app has no server available!" % word)
