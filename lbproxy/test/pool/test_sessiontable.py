"""
Tests for L{lbproxy.pool.sessiontable}.
"""

from twisted.trial.unittest import TestCase

from lbproxy.pool.sessiontable import SessionTable


class SessionTableTests(TestCase):
    """
    What appsession has learned is found until it was unused for its time, and never grows beyond its bound.
    """

    def setUp(self):
        self.table = SessionTable(10.0, 3)

    def test_learned(self):
        """
        A learned session gives its server; an unknown one none, and leaves no trace (CKI-19, CKI-21).
        """
        self.table.learn(b"a", "s1", 0.0)
        self.assertEqual(self.table.find(b"a", 1.0), "s1")
        self.assertIsNone(self.table.find(b"b", 1.0))
        self.assertEqual(len(self.table), 1)

    def test_uses(self):
        """
        Uses are counted from zero, and the table does not grow by them (CKI-21, CKI-22).
        """
        self.table.learn(b"a", "s1", 0.0)
        self.assertEqual(self.table[b"a"].uses, 0)
        self.table.find(b"a", 1.0)
        self.table.learn(b"a", "s1", 2.0)
        self.assertEqual((self.table[b"a"].uses, len(self.table)), (2, 1))

    def test_useRefreshes(self):
        """
        Each use gives it its whole time again; after that it is gone, swept or not (CKI-22).
        """
        self.table.learn(b"a", "s1", 0.0)
        self.assertEqual(self.table.find(b"a", 9.0), "s1")
        self.assertEqual(self.table.find(b"a", 18.5), "s1")
        self.assertIsNone(self.table.find(b"a", 28.6))

    def test_firstServerStays(self):
        """
        A session stays with the server it was learned from while it lives, and is learned anew afterwards.
        """
        self.table.learn(b"a", "s1", 0.0)
        self.table.learn(b"a", "s2", 5.0)
        self.assertEqual(self.table.find(b"a", 6.0), "s1")
        self.table.learn(b"a", "s2", 17.0)
        self.assertEqual(self.table.find(b"a", 17.0), "s2")

    def test_sweep(self):
        """
        A sweep removes what has expired, and only that.
        """
        for at, key in ((0.0, b"a"), (1.0, b"b"), (2.0, b"c")):
            self.table.learn(key, "s1", at)
        self.table.find(b"a", 8.0)
        self.assertEqual(self.table.sweep(12.5), 2)
        self.assertEqual(list(self.table), [b"a"])
        self.assertEqual(self.table.sweep(12.5), 0)

    def test_bound(self):
        """
        When it is full, the session unused for the longest time makes room.
        """
        for at, key in ((0.0, b"a"), (1.0, b"b"), (2.0, b"c")):
            self.table.learn(key, "s1", at)
        self.table.find(b"a", 3.0)
        self.table.learn(b"d", "s2", 4.0)
        self.assertEqual(list(self.table), [b"c", b"a", b"d"])
        self.assertEqual(self.table.forgotten, 1)

    def test_forEver(self):
        """
        Without a timeout sessions live until they must make room.
        """
        table = SessionTable(None, 3)
        table.learn(b"a", "s1", 0.0)
        self.assertEqual(table.find(b"a", 1e9), "s1")
        self.assertEqual(table.sweep(2e9), 0)
