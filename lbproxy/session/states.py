# -*- test-case-name: lbproxy.test.session.test_states -*-
"""
The way from "this session needs a server" to "established" or "failed", as a table (reference 7, SES-01).

States and events are small integers, the table is one list indexed by both: a step costs an index. Actions are names of
L{Link<lbproxy.session.link.Link>} methods; an action may return the event that follows at once.
"""

(INI, REQ, QUE, TAR, ASS, CON, CER, EST, DIS, CLO) = range(10)

STATES = ("INI", "REQ", "QUE", "TAR", "ASS", "CON", "CER", "EST", "DIS", "CLO")

EVENTS = (
    "WANTED",          # the analysers permit a connection
    "FOUND",           # a server (or an address) is there and its slot reserved
    "SATURATED",       # the request waits in a queue
    "UNSERVED",        # no server, or its queue is full
    "REUSED",          # an idle connection was taken
    "STARTED",         # a new connection is to be made
    "CONNECTED",       # the network layer says so
    "REFUSED",         # it failed with an error
    "LATE",            # the connect timer expired
    "UNABLE",          # this machine could not even try
    "PAUSE",           # wait for the turn-around
    "AGAIN",           # another attempt on the same server
    "ELSEWHERE",       # another attempt wherever balancing says
    "EXHAUSTED",       # no attempt left
    "RESTED",          # the turn-around is over
    "SERVED",          # a slot was handed out by a queue
    "MOVED",           # taken out of a queue, to be balanced again
    "OVERDUE",         # the queue timer expired
    "ABORTED",         # the client left
    "STALE",           # a reused connection was found dead
    "ENDED",           # both messages are over, or the session failed
    "SETTLED",         # accounting is done
    "FORSAKEN",        # accounting is done, and the client is gone
    "ANSWERED",        # the server's redirection answers in its place
)

(WANTED, FOUND, SATURATED, UNSERVED, REUSED, STARTED, CONNECTED, REFUSED, LATE, UNABLE, PAUSE, AGAIN, ELSEWHERE, EXHAUSTED,
 RESTED, SERVED, MOVED, OVERDUE, ABORTED, STALE, ENDED, SETTLED, FORSAKEN, ANSWERED) = range(len(EVENTS))

#: (state, event): (action, next state)
TRANSITIONS = {
    (INI, WANTED): ("findServer", REQ),
    (INI, ABORTED): (None, CLO),
    (INI, ENDED): (None, CLO),
    (REQ, FOUND): ("assigned", ASS),
    (REQ, SATURATED): ("wait", QUE),
    (REQ, UNSERVED): ("unserved", CLO),
    (REQ, ANSWERED): ("redirected", CLO),
    (QUE, SERVED): ("served", ASS),
    (QUE, MOVED): ("moved", REQ),
    (QUE, OVERDUE): ("overdue", CLO),
    (QUE, ABORTED): ("leftQueue", CLO),
    (QUE, ENDED): ("leftQueue", CLO),
    (ASS, ANSWERED): ("redirected", CLO),
    (ASS, REUSED): ("established", EST),
    (ASS, STARTED): ("connect", CON),
    (CON, CONNECTED): ("established", EST),
    (CON, REFUSED): ("refused", CER),
    (CON, LATE): ("late", CER),
    (CON, UNABLE): ("unable", CER),
    (CON, ABORTED): ("abandon", DIS),
    (CON, ENDED): ("abandon", DIS),
    (CER, PAUSE): ("pause", TAR),
    (CER, AGAIN): ("again", ASS),
    (CER, ELSEWHERE): ("findServer", REQ),
    (CER, EXHAUSTED): ("exhausted", CLO),
    (TAR, AGAIN): ("again", ASS),
    (TAR, ELSEWHERE): ("findServer", REQ),
    (TAR, RESTED): ("rested", TAR),
    (TAR, ABORTED): ("leftPause", CLO),
    (TAR, ENDED): ("leftPause", CLO),
    (EST, STALE): ("connect", CON),
    (EST, ABORTED): ("disconnect", DIS),
    (EST, ENDED): ("disconnect", DIS),
    (DIS, SETTLED): (None, CLO),
    (DIS, FORSAKEN): ("forsaken", CLO),
    (CLO, ENDED): (None, CLO),
    (CLO, ABORTED): (None, CLO),
}

#: Events per state in the compiled table.
WIDTH = 32


def compileTable(owner):
    """
    @param owner: the class whose methods the actions name.
    @return: a list: at C{state * WIDTH + event} a C{(function or None, next state)}, or C{None} for a pair that must not
        happen.
    """
    table = [None] * (len(STATES) * WIDTH)
    for (state, event), (action, following) in TRANSITIONS.items():
        table[state * WIDTH + event] = (getattr(owner, action) if action else None, following)
    return table


def drawTable():
    """
    @return: the table as a graph in the dot language, for C{docs/machines/link.dot}.
    """
    lines = ["digraph link {", "  rankdir=LR;", "  node [shape=circle, fontname=sans];", "  edge [fontname=sans, fontsize=9];"]
    for (state, event), (action, following) in sorted(TRANSITIONS.items()):
        label = EVENTS[event] + ("\\n" + action if action else "")
        lines.append('  %s -> %s [label="%s"];' % (STATES[state], STATES[following], label))
    return "\n".join(lines + ["}", ""])
