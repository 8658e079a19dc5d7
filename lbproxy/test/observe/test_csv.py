# -*- test-case-name: lbproxy.test.observe.test_csv -*-
"""
Tests of L{lbproxy.observe.csv}.
"""

from twisted.trial import unittest

from lbproxy.observe.csv import HEADER, table
from lbproxy.test.observe.samples import House, back, front, server


def rows(house, *scope):
    """
    @return: C{"proxy/row"} to the text of the line.
    """
    lines = "".join(table(house, *scope)).splitlines()
    return {"/".join(line.split(",")[:2]): line for line in lines[1:]}


def columns(line, *names):
    """
    @return: the values of some columns, blank between.
    """
    header = HEADER[2:].rstrip().split(",")
    return " ".join(line.split(",")[header.index(name)] or "_" for name in names)


class RowTests(unittest.SynchronousTestCase):
    """
    Which row fills which column (STA-11 to STA-19, reference 17).
    """

    def test_header(self):
        """
        The header names 34 columns.
        """
        self.assertEqual(
            HEADER, "# pxname,svname,qcur,qmax,scur,smax,slim,stot,bin,bout,dreq,dresp,ereq,econ,eresp,wretr,wredis,"
            "status,weight,act,bck,chkfail,chkdown,lastchg,downtime,qlimit,pid,iid,sid,throttle,lbtot,tracked,type,rate,\n")

    def test_empty(self):
        """
        Fresh proxies show zeros where they have something to count, nothing elsewhere.
        """
        house = House(front(), back(servers=[server("s1", 1), server("s2", 2, backup=True)]))
        self.assertEqual("".join(table(house)), HEADER + (
            "web,FRONTEND,,,0,0,2000,0,0,0,0,0,0,,,,,OPEN,,,,,,,,,1,1,0,,,,0,0,\n"
            "bk,s1,0,0,0,0,,0,0,0,,0,,0,0,0,0,no check,1,1,0,,,,,,1,2,1,,0,,2,0,\n"
            "bk,s2,0,0,0,0,,0,0,0,,0,,0,0,0,0,no check,1,0,1,,,,,,1,2,2,,0,,2,0,\n"
            "bk,BACKEND,0,0,0,0,0,0,0,0,0,0,,0,0,0,0,UP,1,1,1,,0,0,0,,1,2,0,,0,,1,0,\n"))

    def test_frontend(self):
        """
        Every counter of a frontend is in its own column.
        """
        house = House(front(maxconn=99))
        view = house.proxies[0]
        counters = view.counters
        (counters.feCurrent, counters.feMax, counters.feTotal, counters.bytesIn, counters.bytesOut,
         counters.deniedRequests, counters.deniedResponses, counters.failedRequests) = range(11, 19)
        counters.feRate.tick(house.now())
        view.frontend.word = "FULL"
        self.assertEqual(rows(house)["web/FRONTEND"],
                         "web,FRONTEND,,,11,12,99,13,14,15,16,17,18,,,,,FULL,,,,,,,,,1,1,0,,,,0,1,")

    def test_server(self):
        """
        Every counter of a checked server is in its own column.
        """
        house = House(back(id=7, servers=[server("s1", 5, check=True, maxconn=30, maxqueue=40, weight=3)]))
        one = house.proxies[0].pool.servers[0]
        (one.queueMax, one.current, one.currentMax, one.cumulated, one.bytesIn, one.bytesOut, one.deniedResponses,
         one.connectErrors, one.responseErrors, one.retries, one.redispatches, one.failedChecks, one.downTransitions,
         one.selected) = range(11, 25)
        one.health = 4
        one.queue.push("waiter")
        one.rate.tick(house.now())
        house.clock.advance(0.5)
        self.assertEqual(rows(house)["bk/s1"],
                         "bk,s1,1,11,12,13,30,14,15,16,,17,,18,19,20,21,UP,3,1,0,22,23,0,0,40,1,7,5,,24,,2,1,")

    def test_backend(self):
        """
        Every counter of a backend is in its own column; what waits for servers is not in its C{qcur}.
        """
        house = House(back(fullconn=77, servers=[server("s1", 1, weight=3), server("s2", 2, weight=4)]))
        view = house.proxies[0]
        counters, pool = view.counters, view.pool
        pool.queue.push("waiter")
        pool.waiting = 9
        (pool.queueMax, counters.beCurrent, counters.beMax, counters.beTotal, counters.bytesIn, counters.bytesOut,
         counters.deniedRequests, counters.deniedResponses, counters.connectErrors, counters.responseErrors,
         counters.retries, counters.redispatches, counters.selected) = range(11, 24)
        counters.beRate.tick(house.now())
        self.assertEqual(rows(house)["bk/BACKEND"],
                         "bk,BACKEND,1,11,12,13,77,14,15,16,17,18,,19,20,21,22,UP,7,2,0,,0,0,0,,1,2,0,,23,,1,1,")

    def test_noServers(self):
        """
        A backend that has no server at all is up (STA-19).
        """
        line = rows(House(back(dispatch=("127.0.0.1", 80))))["bk/BACKEND"]
        self.assertEqual(columns(line, "status", "weight", "act", "bck"), "UP 0 0 0")


class DownTests(unittest.SynchronousTestCase):
    """
    What health does to the table.
    """

    names = ("status", "weight", "act", "bck", "chkdown", "lastchg", "downtime")

    def setUp(self):
        self.house = House(back(servers=[server("s1", 1, check=True), server("s2", 2, weight=5, backup=True)]))
        self.pool = self.house.proxies[0].pool

    def shown(self):
        """
        @return: the columns of interest of both servers and the backend.
        """
        found = rows(self.house)
        return [columns(found["bk/" + name], *self.names) for name in ("s1", "s2", "BACKEND")]

    def test_backupTakesOver(self):
        """
        A server that is down keeps its weight and its place among the active ones; the backend has the weight of those
        in use.
        """
        self.house.clock.advance(10)
        self.pool.markDown(self.pool.servers[0])
        self.house.clock.advance(5)
        self.assertEqual(self.shown(), ["DOWN 1 1 0 1 5 5", "no check 5 0 1 _ _ _", "UP 5 0 1 0 15 0"])

    def test_allDown(self):
        """
        A backend is down when no server is left, and counts that; time down goes on until it is up again.
        """
        house = self.house = House(back(servers=[server("s1", 1, check=True), server("s2", 2, check=True)]))
        pool = house.proxies[0].pool
        house.clock.advance(10)
        for one in pool.servers:
            pool.markDown(one)
        house.clock.advance(3)
        self.assertEqual(self.shown(), ["DOWN 1 1 0 1 3 3", "DOWN 1 1 0 1 3 3", "DOWN 0 0 0 1 3 3"])
        pool.markUp(pool.servers[0])
        house.clock.advance(4)
        self.assertEqual(self.shown(), ["UP 1 1 0 1 4 3", "DOWN 1 1 0 1 7 7", "UP 1 1 0 1 4 3"])


class ScopeTests(unittest.SynchronousTestCase):
    """
    Which rows there are.
    """

    def test_order(self):
        """
        Sections in the order of the configuration; in each the frontend, its servers in their order, the backend.
        """
        house = House(front(), back(servers=[server("s2", 1), server("BACKEND", 2)]), back("alone", 3))
        self.assertEqual([line.split(",")[:2] for line in "".join(table(house)).splitlines()[1:]], [
            ["web", "FRONTEND"], ["bk", "s2"], ["bk", "BACKEND"], ["bk", "BACKEND"], ["alone", "BACKEND"]])

    def test_absent(self):
        """
        Disabled and stopped proxies are not shown (STA-18).
        """
        house = House(front(), front("off", 2, disabled=True), front("gone", 3))
        house.proxies[2].stopped = True
        self.assertEqual(list(rows(house)), ["web/FRONTEND"])

    def test_scope(self):
        """
        A dump may be limited to a proxy, types of rows and a server (STA-27).
        """
        house = House(
            front(), back(servers=[server("s1", 1), server("s2", 2)]), back("b2", 9, servers=[server("s1", 1)]))
        every = ["web/FRONTEND", "bk/s1", "bk/s2", "bk/BACKEND", "b2/s1", "b2/BACKEND"]
        for scope, names in [
            ((-1, -1, -1), every), ((1, -1, -1), every[:1]), ((2, -1, -1), every[1:4]), ((2, 4, -1), every[1:3]),
            ((2, 4, 2), ["bk/s2"]), ((-1, 1, -1), every[:1]), ((-1, 2, -1), ["bk/BACKEND", "b2/BACKEND"]),
            ((-1, 6, 1), ["bk/s1", "bk/BACKEND", "b2/s1", "b2/BACKEND"]), ((5, -1, -1), []), ((-1, 0, -1), []),
        ]:
            self.assertEqual(list(rows(house, *scope)), names, scope)
