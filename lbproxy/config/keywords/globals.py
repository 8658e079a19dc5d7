# -*- test-case-name: lbproxy.test.config.keywords.test_globals -*-
"""
Keywords of the C{global} section.
"""

from typing import Callable, Dict, Optional

from lbproxy.config.addresses import UNIX_PATH_MAX, checkUnixPath
from lbproxy.config.draft import Draft, Line
from lbproxy.config.errors import Refused, didYouMean
from lbproxy.config.grammar import read, setsDuration, setsFlag, setsNumber, setsSize, setsText
from lbproxy.config.model import StatsSocket
from lbproxy.config.registry import Keyword, Shape, register
from lbproxy.config.units import parseNumber
from lbproxy.config.words import Word

_TEMPORARY_NAME = 12
_MAX_ID = 4294967294


def _account(field: str, what: str, lookUp: Callable[[Line], Callable[[str], int]]) -> Callable[[Draft, Line], None]:
    def parse(draft: Draft, line: Line) -> None:
        name = line.only("the name of a %s" % (what,))
        draft.set(field, _accountId(name, what, lookUp(line)), line.place)

    return parse


def _accountId(name: Word, what: str, lookUp: Callable[[str], int]) -> int:
    try:
        return lookUp(name)
    except KeyError:
        raise Refused("there is no %s '%s' here" % (what, name), name.place) from None


def parseStatsSocket(draft: Draft, line: Line) -> None:
    """
    C{stats socket PATH [uid N | user NAME] [gid N | group NAME] [mode OCTAL]} (STA-21).
    """
    path = read(line.need(0, "a path"), lambda text: checkUnixPath(text, UNIX_PATH_MAX - _TEMPORARY_NAME))
    environment = line.world.environment
    found: Dict[str, Optional[int]] = {"uid": None, "gid": None, "mode": None}
    words = iter(line.arguments[1:])
    for word in words:
        value = next(words, None)
        if word not in ("uid", "user", "gid", "group", "mode"):
            raise Refused(
                "unknown word '%s'" % (word,), word.place, didYouMean(word, ("uid", "user", "gid", "group", "mode"))
            )
        if value is None:
            raise Refused("'%s' needs a value" % (word,), word.place)
        if word == "user":
            found["uid"] = _accountId(value, "user", environment.userId)
        elif word == "group":
            found["gid"] = _accountId(value, "group", environment.groupId)
        elif word == "mode":
            found["mode"] = read(value, parseMode)
        else:
            found[word] = read(value, lambda text: parseNumber(text, 0, _MAX_ID))
    draft.set("statsSocket", StatsSocket(path, found["uid"], found["gid"], found["mode"], line.place), line.place)


def parseMode(text: str) -> int:
    """
    Read the octal permissions of a UNIX socket.

    @raise ValueError: not octal, or above 777.
    """
    if not text or len(text) > 4 or set(text) - set("01234567") or int(text, 8) > 0o777:
        raise ValueError("'%s' is not an octal mode from 0 to 777" % (text,))
    return int(text, 8)


def parseProcesses(draft: Draft, line: Line) -> None:
    """
    C{nbproc}: only one process is possible.
    """
    word = line.only("a number")
    if read(word, lambda text: parseNumber(text, 1)) != 1:
        raise Refused(
            "lbproxy is one process: queues, health and statistics would be split between several",
            word.place,
            "write 'nbproc 1', or start several lbproxy with one configuration each",
        )


def _avoids(poller: str) -> Callable[[Draft, Line], None]:
    def parse(draft: Draft, line: Line) -> None:
        line.atMost(0)
        draft.set("avoidedPollers", draft.get("avoidedPollers", ()) + (poller,), line.place)

    return parse


def parseMaxAccept(draft: Draft, line: Line) -> None:
    """
    C{tune.maxaccept}: a positive number, or -1 for no bound (LST-06).
    """
    word = line.only("a number")
    value = read(word, lambda text: parseNumber(text, -1))
    if value == 0:
        raise Refused("0 would accept nothing", word.place, "use -1 for no bound")
    draft.set("maxAccept", value, line.place)


def _global(name: str, parse: Callable[[Draft, Line], None], **more: object) -> None:
    register(Keyword(name, "G", parse, repeat="first", **more))  # type: ignore[arg-type]


_global(
    "maxconn",
    setsNumber("maxconn", 1),
    grammar="NUMBER",
    field="maxconn",
    default="2000",
    help="Concurrent client connections of the whole process.",
    example="maxconn 4000",
)
_global(
    "stats socket",
    parseStatsSocket,
    grammar="PATH [uid N | user NAME] [gid N | group NAME] [mode OCTAL]",
    field="statsSocket",
    help="UNIX socket of the console.",
    example="stats socket /run/lbproxy.sock mode 600",
    shape=Shape(("path",), ("uid", "user", "gid", "group", "mode")),
)
_global(
    "stats timeout",
    setsDuration("statsTimeout", True),
    grammar="TIME",
    field="statsTimeout",
    default="10s",
    help="Idle time after which a console connection is closed.",
    example="stats timeout 30s",
)
_global(
    "stats maxconn",
    setsNumber("statsMaxconn", 1),
    grammar="NUMBER",
    field="statsMaxconn",
    default="10",
    help="Concurrent connections to the console.",
    example="stats maxconn 5",
)
_global(
    "daemon",
    setsFlag("daemon"),
    field="daemon",
    flag=True,
    help="Run in the background: what twistd does unless it is given -n, which wins.",
    example="daemon",
)
_global(
    "quiet",
    setsFlag("quiet"),
    field="quiet",
    flag=True,
    help="Print no warnings once started.",
    example="quiet",
)
_global(
    "uid",
    setsNumber("uid", 0, _MAX_ID),
    grammar="NUMBER",
    field="uid",
    once="user",
    help="User to become after binding, by number.",
    example="uid 99",
)
_global(
    "user",
    _account("uid", "user", lambda line: line.world.environment.userId),
    grammar="NAME",
    field="uid",
    once="user",
    help="User to become after binding.",
    example="user nobody",
)
_global(
    "gid",
    setsNumber("gid", 0, _MAX_ID),
    grammar="NUMBER",
    field="gid",
    once="group",
    help="Group to become after binding, by number.",
    example="gid 99",
)
_global(
    "group",
    _account("gid", "group", lambda line: line.world.environment.groupId),
    grammar="NAME",
    field="gid",
    once="group",
    help="Group to become after binding.",
    example="group nogroup",
)
_global(
    "chroot",
    setsText("chroot", "a directory"),
    grammar="DIRECTORY",
    field="chroot",
    help="Directory to be confined to.",
    example="chroot /var/empty",
)
_global(
    "pidfile",
    setsText("pidfile", "a path"),
    grammar="PATH",
    field="pidfile",
    help="File that receives the process number.",
    example="pidfile /run/lbproxy.pid",
)
_global(
    "nbproc", parseProcesses, grammar="1", default="1", help="Number of processes: only one.", example="nbproc 1"
)
_global(
    "tune.maxaccept",
    parseMaxAccept,
    grammar="NUMBER",
    field="maxAccept",
    default="100",
    help="Connections accepted in a row before other work is done; -1 for no bound.",
    example="tune.maxaccept 50",
)
_global(
    "tune.maxpollevents",
    setsNumber("maxPollEvents", 1),
    grammar="NUMBER",
    field="maxPollEvents",
    default="200",
    help="Events taken from the kernel at once.",
    example="tune.maxpollevents 100",
)
_global(
    "tune.bufsize",
    setsSize("bufferSize", 1024),
    grammar="SIZE",
    field="bufferSize",
    default="16384",
    help="Bytes buffered per direction; the head of a message must fit in half of it.",
    example="tune.bufsize 32k",
)
_global(
    "tune.maxheaders",
    setsNumber("maxHeaders", 1),
    grammar="NUMBER",
    field="maxHeaders",
    default="204",
    help="Header lines a message may have.",
    example="tune.maxheaders 100",
)
for _poller in ("epoll", "sepoll", "kqueue", "poll"):
    _global(
        "no" + _poller,
        _avoids(_poller),
        field="avoidedPollers",
        flag=True,
        help="Accepted without effect: the event loop is chosen by twistd --reactor (here: not '%s')." % (_poller,),
        example="no" + _poller,
    )
