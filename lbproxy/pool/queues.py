# -*- test-case-name: lbproxy.test.pool.test_queues -*-
"""
Those who wait for a slot.
"""

from collections import OrderedDict


class WaitQueue(OrderedDict):
    """
    Waiters in the order of their arrival. The keys are the waiters, the values mean nothing; any of them leaves at
    constant cost, so that thousands of timeouts cost no more than thousands of services.

    C{len()} and C{int()} both give the number waiting.
    """

    def __int__(self):
        return len(self)

    __index__ = __int__

    def __repr__(self):
        return "<WaitQueue of %d>" % len(self)

    def push(self, waiter):
        """
        @param waiter: put at the end.
        @return: the length with the waiter: the position that is logged (QUE-19).
        """
        self[waiter] = None
        return len(self)

    def first(self):
        """
        @return: the waiter that came first, C{None} when there is none.
        """
        for waiter in self:
            return waiter
        return None

    def shift(self):
        """
        @return: the waiter that came first, taken out.
        @raise KeyError: when there is none.
        """
        return self.popitem(False)[0]
