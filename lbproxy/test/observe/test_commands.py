# -*- test-case-name: lbproxy.test.observe.test_commands -*-
"""
Tests of L{lbproxy.observe.commands}.
"""

from twisted.trial import unittest

from lbproxy.observe.commands import FACTS, CommandTable, standardCommands
from lbproxy.observe.csv import table
from lbproxy.observe.snapshots import ErrorSnapshot
from lbproxy.test.observe.samples import DATE, House, back, front, server


def snapshot(front=1, back=2, isResponse=False, text=b"bad"):
    """
    @return: an error of two proxies.
    """
    return ErrorSnapshot(DATE, "10.0.0.1", 3, "f", front, "b", back, None, -1, text, 0, isResponse)


class CommandTestCase(unittest.SynchronousTestCase):
    """
    Commands on two proxies.
    """

    def setUp(self):
        self.house = House(front(), back(servers=[server("s1", 1), server("s2", 2)]))

    def start(self, line):
        """
        @return: the pieces of an answer, as they come.
        """
        command, words = standardCommands().find(line)
        return iter(command(self.house, words))

    def ask(self, line):
        """
        @return: the whole answer.
        """
        return "".join(self.start(line))


class ShowInfoTests(CommandTestCase):
    """
    C{show info} (STA-25).
    """

    def test_facts(self):
        """
        One line for each fact, no empty one.
        """
        self.assertEqual(self.ask("show info"), "Name: lbproxy\nUptime: 0d 0h00m05s\nCurrConns: 0\n")

    def test_names(self):
        """
        There are 18 names that scripts know, in this order (reference 18).
        """
        self.assertEqual(" ".join(FACTS), (
            "Name Version Release_date Nbproc Process_num Pid Uptime Uptime_sec Memmax_MB Ulimit-n Maxsock Maxconn "
            "Maxpipes CurrConns PipesUsed PipesFree Tasks Run_queue"))


class ShowStatTests(CommandTestCase):
    """
    C{show stat} (STA-26, STA-27).
    """

    def test_scope(self):
        """
        The filter needs all three words; others change nothing, and what is no number counts as 0.
        """
        for line, scope in [
            ("show stat", ()), ("show stat 2", ()), ("show stat 2 4", ()), ("show stat 2 4 -1", (2, 4, -1)),
            ("show  stat\t2 4 2 more", (2, 4, 2)), ("show stat -1 1 -1", (-1, 1, -1)), ("show stat web 1 1", (0, 1, 1)),
        ]:
            self.assertEqual(self.ask(line), "".join(table(self.house, *scope)), line)


class ShowSessTests(CommandTestCase):
    """
    C{show sess} (STA-28, STA-29).
    """

    def test_line(self):
        """
        Number, addresses, names, states, age, time left; without backend the frontend's name, without server C{<none>}.
        """
        view = self.house.proxies[1]
        view.name = "bk"
        for fields, text in [
            ({}, "src=127.0.0.1:1234 fe=web be=web srv=<none> as=0 si=(7,0) age=3s exp=never"),
            ({"left": 2.5}, "src=127.0.0.1:1234 fe=web be=web srv=<none> as=0 si=(7,0) age=3s exp=2s"),
            ({"left": -1}, "src=127.0.0.1:1234 fe=web be=web srv=<none> as=0 si=(7,0) age=3s exp=0s"),
            ({"backend": view, "serverState": 2},
             "src=127.0.0.1:1234 fe=web be=bk srv=<none> as=0 si=(7,2) age=3s exp=never"),
            ({"backend": view, "server": view.pool.servers[0], "serverState": 7, "left": 3700},
             "src=127.0.0.1:1234 fe=web be=bk srv=s1 as=0 si=(7,7) age=3s exp=1h1m"),
        ]:
            session = self.house.open(**fields)
            self.house.clock.advance(3)
            self.assertEqual(self.ask("show sess"), "0x%x: proto=tcpv4 %s\n" % (session.id, text))
            self.house.sessionEnded(session)

    def test_hexadecimal(self):
        """
        Numbers are in lower case hexadecimal.
        """
        self.house.nextId = 170
        self.house.open()
        self.assertTrue(self.ask("show sess").startswith("0xab: proto=tcpv4 "))

    def test_unix(self):
        """
        A console connection has no addresses nor names.
        """
        self.house.open(proto="unix_stream")
        self.assertEqual(self.ask("show sess"), "0x1: proto=unix_stream as=0 si=(7,0) age=0s exp=never\n")

    def test_sessionsComeAndGo(self):
        """
        Those that last are shown once, in order, whoever ends or begins during a paused dump.
        """
        sessions = [self.house.open() for _ in range(6)]
        answer = self.start("show sess")
        shown = [next(answer)]
        for index in (0, 1, 3, 5):
            self.house.sessionEnded(sessions[index])
        self.house.open()
        shown += answer
        self.assertEqual([line.split(":")[0] for line in shown], ["0x1", "0x3", "0x5"])


class ShowErrorsTests(CommandTestCase):
    """
    C{show errors} (STA-30).
    """

    def titles(self, line):
        """
        @return: the kinds and offsets of what is shown.
        """
        return [text.split("] ")[1] for text in self.ask(line).splitlines() if text.startswith("[")]

    def test_none(self):
        """
        Without errors the answer is empty.
        """
        self.assertEqual(self.ask("show errors"), "")

    def test_filter(self):
        """
        A number limits it to the errors of one proxy, in whichever role.
        """
        one, other = self.house.proxies
        one.lastBadRequest = snapshot(1, 1)
        other.lastBadResponse = snapshot(1, 2, True)
        request, response = "frontend f (#1): invalid request", "backend b (#2) : invalid response"
        for line, titles in [
            ("show errors", [request, response]), ("show errors 1", [request, response]), ("show errors 2", [response]),
            ("show errors 3", []),
        ]:
            self.assertEqual(self.titles(line), titles, line)

    def test_bothOfOneProxy(self):
        """
        A C{listen} section may have both.
        """
        self.house.proxies[0].lastBadRequest = snapshot()
        self.house.proxies[0].lastBadResponse = snapshot(isResponse=True)
        self.assertEqual(len(self.titles("show errors")), 2)

    def test_replacedMeanwhile(self):
        """
        When a newer error takes the place of the one that is being shown, that is said, and the dump goes on with the
        next proxy.
        """
        one, other = self.house.proxies
        one.lastBadRequest = snapshot(text=b"a\nb\nc\n")
        other.lastBadResponse = snapshot(isResponse=True)
        answer = self.start("show errors")
        for _ in range(4):
            last = next(answer)
        self.assertEqual(last, "  00000  a\\n\n")
        one.lastBadRequest = snapshot()
        rest = "".join(answer)
        self.assertTrue(rest.startswith("  WARNING: "), rest)
        self.assertNotIn("00002", rest)
        self.assertIn("invalid response", rest)


class CommandTableTests(unittest.SynchronousTestCase):
    """
    Tests of L{CommandTable}.
    """

    def test_find(self):
        """
        Words are separated by blanks; the longest name wins; what nobody knows is nothing (STA-24).
        """
        commands = CommandTable()
        commands.add("show", "short")
        commands.add("show more", "long")
        for line, found in [
            ("show", ("short", [])), ("show it", ("short", ["it"])), (" show \t more x\r", ("long", ["x"])), ("", None),
            ("  ", None), ("more", None), ("Show", None), ("showmore", None),
        ]:
            self.assertEqual(commands.find(line), found, line)

    def test_words(self):
        """
        Sixteen words are looked at.
        """
        commands = CommandTable()
        commands.add("a", "command")
        self.assertEqual(commands.find("a " + "b " * 30), ("command", ["b"] * 15))

    def test_taken(self):
        """
        A plugin cannot take the name of another command.
        """
        commands = standardCommands()
        self.assertRaises(ValueError, commands.add, "show info", None)
        commands.add("show tables", list)
        self.assertEqual(commands.find("show tables x"), (list, ["x"]))
