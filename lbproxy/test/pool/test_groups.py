# -*- test-case-name: lbproxy.test.pool.test_groups -*-
"""
Tests for L{lbproxy.pool.groups} and for what the algorithms make of it.
"""

import random

from twisted.trial.unittest import TestCase

from lbproxy.pool.groups import servingGroup
from lbproxy.test.pool.builders import makePool, named, sequence

FARM = {"a": 1, "b": 1, "x": {"backup": True}, "y": {"backup": True}}


class BackupTests(TestCase):
    """
    Backup servers serve when no other can (LB-23, LB-24).
    """

    algorithms = ("roundrobin", "url_param")

    def takeDown(self, pool, names):
        """
        Take servers down.
        """
        for label in names:
            pool.markDown(named(pool, label))

    def test_situations(self):
        """
        Who serves in each situation, with and without C{option allbackups}.
        """
        for down, one, every in [("", "abab", "abab"), ("a", "bbbb", "bbbb"), ("ab", "xxxx", "xyxy"),
                                 ("abx", "yyyy", "yyyy"), ("aby", "xxxx", "xxxx"), ("abxy", "----", "----"),
                                 ("xy", "abab", "abab")]:
            for allBackups in (False, True):
                for algorithm in self.algorithms:
                    pool = makePool(FARM, balance=algorithm, allBackups=allBackups)
                    self.takeDown(pool, down)
                    self.assertEqual(sequence(pool, 4), every if allBackups else one, (down, allBackups, algorithm))

    def test_randomSequences(self):
        """
        After any sequence of failures and recoveries the right servers serve, all of them and no other.
        """
        for seed in range(30):
            chance = random.Random(seed)
            pool = makePool(FARM, balance=chance.choice(self.algorithms), allBackups=chance.random() < 0.5)
            for _ in range(40):
                server = chance.choice(pool.servers)
                (pool.markDown if server.running else pool.markUp)(server)
                expected = servingGroup(pool.servers, pool.allBackups)
                chosen = [pool.choose() for _ in range(150)]
                self.assertEqual(set(chosen), set(expected or [None]), seed)

    def test_fullBackup(self):
        """
        The one backup that serves keeps to its limit.
        """
        pool = makePool({"a": 1, "x": {"backup": True, "maxconn": 1}, "y": {"backup": True}})
        pool.markDown(pool.servers[0])
        backup = pool.choose()
        self.assertEqual(backup.name, "x")
        pool.take(backup)
        self.assertIs(pool.choose(), None)
        self.assertEqual(pool.usableCount, 2)
