# -*- test-case-name: lbproxy.test.pool.test_admission -*-
"""
Slots, and who gets one next (reference 9).

A waiter has the attributes C{since} (seconds: when its request was complete), C{queuedOn} and C{position}, which are
set here, and the methods C{dequeued(server)}, called with the slot already reserved, and C{redistributed()}, called
when its server went down and it must look for another.
"""

#: Answers of L{Admission.admit}.
ADMITTED = 1
QUEUED = 2
REFUSED = 3


class Admission:
    """
    What a pool does with slots and queues. A mixin for L{ServerPool<lbproxy.pool.pool.ServerPool>}.

    @ivar queue: the backend's own L{WaitQueue<lbproxy.pool.queues.WaitQueue>}, of requests that take any server.
    @ivar queueMax: the longest it was.
    @ivar waiting: number of waiters in all queues: the backend's and those of its servers.
    """

    __slots__ = ()

    def admit(self, server, waiter):
        """
        A request designates C{server} and holds no slot there. It never overtakes those who wait (QUE-02).

        @return: C{ADMITTED}: a slot was reserved; C{QUEUED}: it waits in the server's queue; C{REFUSED}: that is as
            long as C{maxqueue} allows (QUE-11).
        """
        if server.maxconn and (server.queue or server.served >= server.limit()):
            longest = server.config.maxqueue
            if longest and len(server.queue) >= longest:
                return REFUSED
            length = server.queue.push(waiter)
            if length > server.queueMax:
                server.queueMax = length
            self._waits(waiter, server, length)
            return QUEUED
        server.served += 1
        return ADMITTED

    def enqueue(self, waiter):
        """
        All servers are saturated: wait for any of them (QUE-01).
        """
        length = self.queue.push(waiter)
        if length > self.queueMax:
            self.queueMax = length
        self._waits(waiter, self, length)

    def _waits(self, waiter, place, position):
        waiter.queuedOn = place
        waiter.position = position
        self.waiting += 1

    def leave(self, waiter):
        """
        Out of whatever queue it is in, for whatever reason (QUE-20); nothing happens when it is in none.
        """
        place = waiter.queuedOn
        if place is not None:
            del place.queue[waiter]
            waiter.queuedOn = None
            self.waiting -= 1

    def take(self, server):
        """
        Reserve one slot of a server that has room, for one who did not wait.
        """
        server.served += 1

    def give(self, server):
        """
        Give one slot back; those who wait may have it at once (QUE-18).
        """
        server.served -= 1
        if self.waiting:
            self.offer(server)

    def offer(self, server):
        """
        Hand the free slots of C{server} to waiters, the oldest first of both queues, as many as there are (QUE-03 to
        QUE-05). A server that is down only serves its own queue (QUE-06, QUE-07). Called again from inside, by a waiter
        whose attempt ends at once, it leaves the work to the outer call.

        @return: number of waiters served, int.
        """
        served = 0
        if server.isOffering or not self.waiting:
            return served
        own, shared = server.queue, self.queue
        server.isOffering = True
        try:
            while not server.maxconn or server.served < server.limit():
                waiter = own.first()
                if server.running and shared:
                    other = shared.first()
                    if waiter is None or other.since < waiter.since:
                        waiter = other
                if waiter is None:
                    break
                self.leave(waiter)
                server.served += 1
                served += 1
                waiter.dequeued(server)
        finally:
            server.isOffering = False
        return served

    def redistribute(self, server):
        """
        Empty the queue of a server that went down; its waiters are told to look for another one (QUE-08).

        @return: their number, int.
        """
        waiters = list(server.queue)
        for waiter in waiters:
            self.leave(waiter)
        for waiter in waiters:
            waiter.redistributed()
        return len(waiters)
