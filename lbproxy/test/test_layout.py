# -*- test-case-name: lbproxy.test.test_layout -*-
"""
The floor plan, enforced: who may import whom, what stays free of the reactor, how long files and functions may be.
"""

import ast
import os

from twisted.trial.unittest import TestCase

import lbproxy

HERE = os.path.dirname(os.path.abspath(lbproxy.__file__))
#: A room imports only from rooms before it; top-level modules belong to the service.
ROOMS = ("config", "net", "http", "acl", "pool", "session", "observe", "service")
#: Rooms, or single modules, that know no reactor.
PURE = ("config", "http", "acl")
PURE_POOL = ("algorithm", "roundrobin", "weightmap", "ring", "groups", "health", "counters", "line", "turns")
FILE_LINES, CLASS_LINES, FUNCTION_LINES, PARSER_LINES = 400, 200, 40, 60
#: Of Twisted, C{interfaces} are declarations, not machinery.
HARMLESS = ("twisted.internet.interfaces",)
#: Longer ones, each for a reason, with the lines they may have. They may only shrink.
LONGER = {
    # One object per connection whose methods share its slots: a call or an object more for each event is measurable.
    "lbproxy.net.transport": 480,
    "lbproxy.net.transport.LeanConnection": 395,
    "lbproxy.session.response.ResponseRelay": 310,
    "lbproxy.session.response.ResponseRelay.responseHead": 46,
    # One state machine with its one transition table.
    "lbproxy.session.link.Link": 415,
    # The one place that knows the real world.
    "lbproxy.service.LoadBalancer": 225,
    "lbproxy.http.body.ChunkedBody": 205,
}
FORBIDDEN = ("handler", "processor", "manager", "engine", "helper", "utils", "data", "info")
#: Names that the outside world prescribes.
PRESCRIBED = ("dataReceived", "info", "showInfo", "metadata")


class Module:
    """
    One source file.

    @ivar name: dotted name.
    @ivar room: name of its room, C{"service"} for top-level modules, C{""} for the package itself.
    @ivar tree: its syntax tree.
    @ivar lines: how many lines it has.
    """

    def __init__(self, path):
        self.path = path
        parts = os.path.relpath(path, os.path.dirname(HERE))[:-3].split(os.sep)
        self.package = parts[-1] == "__init__"
        parts = parts[:-1] if self.package else parts
        self.name = ".".join(parts)
        self.room = roomOf(self.name)
        with open(path, encoding="utf-8") as source:
            text = source.read()
        self.lines = text.count("\n")
        self.firstLine = text.partition("\n")[0]
        self.tree = ast.parse(text, path)

    def imports(self):
        """
        Names of all imported modules, those inside functions too; C{from a import b} gives C{a} and C{a.b}.

        @return: list of C{(line, name)}.
        """
        found = []
        for node in ast.walk(self.tree):
            if isinstance(node, ast.Import):
                found += [(node.lineno, alias.name) for alias in node.names]
            elif isinstance(node, ast.ImportFrom):
                base = node.module or ""
                if node.level:
                    parts = self.name.split(".")
                    parts = parts[: len(parts) - node.level + bool(self.package)]
                    base = ".".join([*parts, base] if base else parts)
                found.append((node.lineno, base))
                found += [(node.lineno, "%s.%s" % (base, alias.name)) for alias in node.names]
        return found


def roomOf(name):
    """
    @param name: dotted module name.
    @return: its room, or C{None} outside of lbproxy and for its tests.
    """
    parts = name.split(".")
    if parts[0] != "lbproxy" or parts[1:2] == ["test"]:
        return None
    if len(parts) == 1:
        return ""
    return parts[1] if parts[1] in ROOMS else "service"


def product():
    """
    @return: list of the L{Module}s of lbproxy without its tests.
    """
    found = []
    for directory, below, names in os.walk(HERE):
        if directory == HERE:
            below.remove("test")
        below[:] = sorted(one for one in below if one != "__pycache__")
        found += [Module(os.path.join(directory, name)) for name in sorted(names) if name.endswith(".py")]
    return found


def outward(modules):
    """
    @return: list of texts, one for each import that points to a later room.
    """
    order = {"": -1, **{room: number for number, room in enumerate(ROOMS)}}
    # What several rooms provide or expect is declared in one file, which all may read.
    shared = ("lbproxy.interfaces", "lbproxy")
    found = []
    for module in modules:
        for line, name in module.imports():
            target = roomOf(name)
            if target is None or name in shared or name.startswith("lbproxy.interfaces."):
                continue
            if name.count(".") == 1 and name.startswith("lbproxy.__"):
                continue
            if order[target] > order[module.room]:
                found.append("%s:%d: %s imports %s" % (module.path, line, module.room or "lbproxy", name))
    return found


def reactorUsers(modules):
    """
    @return: list of texts, one for each import of C{twisted.internet} in a pure module.
    """
    found = []
    for module in modules:
        last = module.name.rpartition(".")[2]
        if module.room in PURE or (module.room == "pool" and last in PURE_POOL):
            found += [
                "%s:%d: imports %s" % (module.path, line, name)
                for line, name in module.imports()
                if name.startswith(("twisted.internet", "socket", "selectors"))
                and not name.startswith(HARMLESS) and name not in PURE_SOCKET.get(module.name, ())
            ]
    return found


#: C{socket} for address arithmetic and for names resolved while a file is loaded, never for a connection.
PURE_SOCKET = {}


def tooLong(modules):
    """
    @return: list of texts, one for each file, class or function over its limit. Decorators count, parsers have more.
    """
    found = []
    for module in modules:
        most = LONGER.get(module.name, FILE_LINES)
        if module.lines > most:
            found.append("%s: %d lines, at most %d" % (module.path, module.lines, most))
        for name, node in definitions(module.name, module.tree):
            usual = PARSER_LINES if module.room == "http" else FUNCTION_LINES
            most = LONGER.get(name, CLASS_LINES if isinstance(node, ast.ClassDef) else usual)
            length = node.end_lineno - node.lineno + 1 - documentation(node)
            if length > most:
                found.append("%s:%d: %s has %d lines, at most %d" % (module.path, node.lineno, name, length, most))
    return found


def definitions(prefix, tree):
    """
    @return: iterator of C{(dotted name, node)} of all classes and functions below a node.
    """
    for node in ast.iter_child_nodes(tree):
        if isinstance(node, (ast.ClassDef, ast.FunctionDef, ast.AsyncFunctionDef)):
            name = "%s.%s" % (prefix, node.name)
            yield name, node
            yield from definitions(name, node)
        else:
            yield from definitions(prefix, node)


def documentation(node):
    """
    @return: lines of the docstring, which do not count against a function.
    """
    first = node.body[0]
    if isinstance(first, ast.Expr) and isinstance(getattr(first, "value", None), ast.Constant):
        if isinstance(first.value.value, str) and not isinstance(node, ast.ClassDef):
            return first.end_lineno - first.lineno + 1
    return 0


def badNames(modules):
    """
    @return: list of texts, one for each class or function whose name says nothing.
    """
    found = []
    for module in modules:
        for node in ast.walk(module.tree):
            if isinstance(node, (ast.ClassDef, ast.FunctionDef)) and node.name not in PRESCRIBED:
                if any(word in FORBIDDEN for word in words(node.name)):
                    found.append("%s:%d: %s" % (module.path, node.lineno, node.name))
    return found


def words(name):
    """
    @return: list of the lower-case words of a camelCase or CapWords name.
    """
    spread = "".join(" " + letter.lower() if letter.isupper() else letter for letter in name)
    return spread.replace("_", " ").split()


def undocumented(modules):
    """
    @return: list of texts, one for each public module, class or function without docstring.
    """
    found = []
    for module in modules:
        if not ast.get_docstring(module.tree):
            found.append("%s: no docstring" % module.path)
        nodes = list(module.tree.body)
        for node in nodes:
            if isinstance(node, ast.ClassDef) and not node.name.startswith("_"):
                nodes += node.body
            if isinstance(node, (ast.ClassDef, ast.FunctionDef)) and not node.name.startswith("_"):
                if not ast.get_docstring(node) and not overload(node):
                    found.append("%s:%d: %s has no docstring" % (module.path, node.lineno, node.name))
    return found


def overload(node):
    """
    Setters say what their getter says.
    """
    return any(getattr(one, "attr", "") in ("setter", "deleter") for one in node.decorator_list)


class LayoutTests(TestCase):
    """
    The product keeps to the floor plan.
    """

    def setUp(self):
        self.modules = product()

    def none(self, found):
        """
        Fail with all findings at once.
        """
        if found:
            self.fail("%d findings:\n%s" % (len(found), "\n".join(found)))

    def test_importsPointInward(self):
        """
        A room imports only from rooms before it.
        """
        self.none(outward(self.modules))

    def test_pureRoomsKnowNoReactor(self):
        """
        Configuration, HTTP, ACLs and algorithms run without Twisted's reactor.
        """
        self.none(reactorUsers(self.modules))

    def test_lengths(self):
        """
        Files, classes and functions stay short enough to be read in one go.
        """
        self.none(tooLong(self.modules))

    def test_noStaleExceptions(self):
        """
        What became short again is no exception any more.
        """
        sizes = {module.name: (module.lines, FILE_LINES) for module in self.modules}
        for module in self.modules:
            for name, node in definitions(module.name, module.tree):
                usual = CLASS_LINES if isinstance(node, ast.ClassDef) else FUNCTION_LINES
                sizes[name] = node.end_lineno - node.lineno + 1 - documentation(node), usual
        self.none([name for name in LONGER if name not in sizes or sizes[name][0] <= sizes[name][1]])

    def test_names(self):
        """
        No class or function has a name that says nothing.
        """
        self.none(badNames(self.modules))

    def test_docstrings(self):
        """
        Everything public tells what it is.
        """
        self.none(undocumented(self.modules))

    def test_firstLines(self):
        """
        Every file but a package's own names its tests.
        """
        self.none([
            module.path for module in self.modules
            if not module.package and not module.firstLine.startswith("# -*- test-case-name: lbproxy.test.")
        ])

    def test_twistedPluginsMerge(self):
        """
        Beside the package there is no C{twisted/__init__.py}, which would hide Twisted itself.
        """
        root = os.path.dirname(HERE)
        for path in ("twisted/__init__.py", "twisted/plugins/__init__.py"):
            if os.path.exists(os.path.join(root, "setup.py")):
                self.assertFalse(os.path.exists(os.path.join(root, path)), path)


class CheckerTests(TestCase):
    """
    The checks themselves find what they look for.
    """

    def module(self, name, text):
        """
        @return: a L{Module} of that name with that text.
        """
        made = Module(__file__)
        made.name, made.room, made.package, made.path = name, roomOf(name), False, name
        made.lines, made.tree = text.count("\n"), ast.parse(text)
        return made

    def test_outward(self):
        """
        An import of a later room is found wherever it stands and however it is written.
        """
        for text in (
            "import lbproxy.session.link", "from lbproxy.session import link", "from lbproxy import session",
            "def f():\n from lbproxy.service import LoadBalancer", "from ..session import link",
        ):
            self.assertEqual(len(outward([self.module("lbproxy.pool.server", text)])) > 0, True, text)

    def test_inward(self):
        """
        Imports of earlier rooms, of the own one, of the interfaces and of others are fine.
        """
        text = (
            "import os\nfrom lbproxy import __version__\nfrom lbproxy.interfaces import IBalancer\n"
            "from lbproxy.config import model\nfrom . import queues\nfrom lbproxy.pool.ring import Ring"
        )
        self.assertEqual(outward([self.module("lbproxy.pool.server", text)]), [])

    def test_reactor(self):
        """
        A pure module may take interfaces of Twisted's, not its machinery.
        """
        for text, count in (
            ("from twisted.internet import reactor", 2), ("import socket", 1),
            ("from twisted.internet.interfaces import ITransport", 0), ("from twisted.python import log", 0),
        ):
            self.assertEqual(len(reactorUsers([self.module("lbproxy.http.head", text)])), count, text)

    def test_long(self):
        """
        The docstring of a function does not count, its body does.
        """
        body = "def f():\n    '''\n" + "    x\n" * 50 + "    '''\n" + "    x = 1\n" * 39
        self.assertEqual(tooLong([self.module("lbproxy.pool.server", body)]), [])
        self.assertEqual(len(tooLong([self.module("lbproxy.pool.server", body + "    x = 1\n")])), 1)

    def test_words(self):
        """
        A forbidden word is only one as a whole word.
        """
        self.assertEqual(words("showInfoNow"), ["show", "info", "now"])
        self.assertEqual(len(badNames([self.module("lbproxy.pool.server", "def parseData(): pass")])), 1)
        self.assertEqual(badNames([self.module("lbproxy.pool.server", "def database(): pass")]), [])
