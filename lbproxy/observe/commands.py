# -*- test-case-name: lbproxy.test.observe.test_commands -*-
"""
The commands of the console (STA-24 to STA-30).

A command is called with C{(balancer, words)}, the words after its name, and gives an iterable of pieces of the answer.
It is asked for the next piece when the reader has taken the last ones, so whatever it shows may change in between.
"""

from lbproxy.observe.csv import isShown, table
from lbproxy.observe.durations import duration

#: Names of what C{show info} prints, in their order (reference 18).
FACTS = ("Name", "Version", "Release_date", "Nbproc", "Process_num", "Pid", "Uptime", "Uptime_sec", "Memmax_MB",
         "Ulimit-n", "Maxsock", "Maxconn", "Maxpipes", "CurrConns", "PipesUsed", "PipesFree", "Tasks", "Run_queue")

#: Words of a line that are looked at.
WORDS = 16

_REPLACED = "  WARNING: another snapshot has taken this one's place, the dump stops here.\n"


def number(word):
    """
    @return: the int a word says, 0 when it says none.
    """
    try:
        return int(word)
    except ValueError:
        return 0


def showFacts(balancer, _words):
    """
    C{show info} (STA-25).
    """
    for name, value in balancer.facts():
        yield "%s: %s\n" % (name, value)


def showStat(balancer, words):
    """
    C{show stat [iid type sid]}: the filter needs all three (STA-26, STA-27).
    """
    if len(words) < 3:
        return table(balancer)
    return table(balancer, *map(number, words[:3]))


def sessionLine(session, now):
    """
    @param session: an L{ISession<lbproxy.interfaces.ISession>}.
    @param now: monotonic seconds.
    @return: its line of C{show sess} (STA-28, reference 18 and 23).
    """
    where = ""
    if session.proto != "unix_stream":
        frontend, backend, server = session.frontend, session.backend, session.server
        where = "src=%s:%d fe=%s be=%s srv=%s " % (
            session.source + (frontend.name, (frontend if backend is None else backend).name,
                              "<none>" if server is None else server.name))
    expiry = session.expiry(now)
    return "0x%x: proto=%s %sas=0 si=(%d,%d) age=%s exp=%s\n" % (
        session.id, session.proto, where, session.clientState, session.serverState,
        duration(max(0.0, now - session.startedAt)), "never" if expiry is None else duration(max(0.0, expiry)))


def showSess(balancer, _words):
    """
    C{show sess}: those that are there now and still are when their turn comes, each once (STA-29).
    """
    sessions = balancer.sessions
    for number in list(sessions):
        session = sessions.get(number)
        if session is not None:
            yield sessionLine(session, balancer.now())


def showErrors(balancer, words):
    """
    C{show errors [iid]} (STA-30).
    """
    iid = number(words[0]) if words else -1
    for view in list(balancer.proxies):
        if isShown(view):
            for slot in ("lastBadRequest", "lastBadResponse"):
                snapshot = getattr(view, slot)
                if snapshot is not None and snapshot.concerns(iid):
                    yield from _whileKept(view, slot, snapshot)


def _whileKept(view, slot, snapshot):
    for line in snapshot.lines():
        if getattr(view, slot) is not snapshot:
            yield _REPLACED
            return
        yield line


class CommandTable(dict):
    """
    Tuples of words to commands. Plugins may add theirs.
    """

    def add(self, name, command):
        """
        @param name: the words of a command, one blank between.
        @param command: see this module.
        @raise ValueError: if the name is taken.
        """
        words = tuple(name.split())
        if words in self:
            raise ValueError("there is a command %r already" % (name,))
        self[words] = command

    def find(self, line):
        """
        @param line: str, a command line.
        @return: C{(command, words)} with the words after its name, C{None} for an unknown command. The longest name
            wins.
        """
        words = line.split()[:WORDS]
        for length in range(len(words), 0, -1):
            command = self.get(tuple(words[:length]))
            if command is not None:
                return command, words[length:]
        return None


def standardCommands():
    """
    @return: a L{CommandTable} of those above.
    """
    commands = CommandTable()
    commands.add("show info", showFacts)
    commands.add("show stat", showStat)
    commands.add("show sess", showSess)
    commands.add("show errors", showErrors)
    return commands
