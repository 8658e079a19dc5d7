# -*- test-case-name: lbproxy.test.pool.test_queues -*-
"""
Tests for L{lbproxy.pool.queues}.
"""

from twisted.trial.unittest import TestCase

from lbproxy.pool.queues import WaitQueue


class WaitQueueTests(TestCase):
    """
    First come, first served.
    """

    def test_order(self):
        """
        Waiters leave in the order they came, but for those that left before.
        """
        queue = WaitQueue()
        self.assertEqual([queue.push(waiter) for waiter in "abcd"], [1, 2, 3, 4])
        del queue["b"]
        self.assertEqual(queue.first(), "a")
        self.assertEqual([queue.shift() for _ in range(3)], ["a", "c", "d"])
        self.assertIs(queue.first(), None)
        self.assertRaises(KeyError, queue.shift)

    def test_number(self):
        """
        It prints as its length.
        """
        queue = WaitQueue()
        self.assertFalse(queue)
        queue.push("a")
        self.assertEqual("%d %d" % (queue, int(queue)), "1 1")
        self.assertEqual(repr(queue), "<WaitQueue of 1>")
