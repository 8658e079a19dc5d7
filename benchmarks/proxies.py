"""
The load balancers under test: where they are, which configuration they read, how they are started and ended.
"""

import os
import re
import shlex
import shutil
import signal
import subprocess
import sys
import time

from clients import SMALL, get
from process import processTree

HERE = os.path.dirname(os.path.abspath(__file__))
ROOT = os.path.dirname(HERE)
#: The ending of the name of a proxy that runs another checkout of lbproxy.
BASE = "-base"
STREAM_MODULE = "/usr/lib/nginx/modules/ngx_stream_module.so"


class Proxy:
    """
    @ivar name: as in C{--proxies} and in the tables.
    @ivar template: command, with C{{config} {port} {dir} {mode} {servers} {syslog}} replaced.
    @ivar config: name of its file in C{configs/PROFILE/}, or C{None} when it needs none.
    @ivar warm: seconds of load before the first measurement; a compiler that works at run time needs more.
    @ivar version: command that prints its version.
    @ivar environment: dict of variables that are added for it.
    """

    def __init__(self, name, template, config, version, warm=1.0, environment=None):
        self.name = name
        self.template = template
        self.config = config
        self.version = version
        self.warm = warm
        self.environment = environment or {}

    def configPath(self, profile):
        """
        @return: path of the configuration for a profile, or C{None} when there is none.
        """
        path = os.path.join(HERE, "configs", profile, self.config)
        return path if os.path.exists(path) else None

    def runs(self, profile):
        """
        @return: C{""}, or why it cannot run this profile.
        """
        if self.config is None and profile == "full":
            return "has no such rules"
        if self.config is not None and self.configPath(profile) is None:
            return "cannot do the same" if profile == "full" else "has no such mode"
        if self.name == "nginx" and profile == "tcp" and not os.path.exists(STREAM_MODULE):
            return "its stream module is not installed (apt-get install libnginx-mod-stream)"
        return ""

    def versionText(self):
        """
        @return: the first line that C{version} prints.
        """
        try:
            done = subprocess.run(
                self.version, capture_output=True, text=True, timeout=30, cwd="/", env=dict(os.environ, **self.environment)
            )
        except (OSError, subprocess.TimeoutExpired) as error:
            return "unknown (%s)" % error
        lines = (done.stdout + done.stderr).strip().splitlines()
        return lines[0].strip() if lines else "unknown"


def _which(name):
    return shutil.which(name) or shutil.which(name, path="/usr/sbin:/usr/local/sbin")


#: Prints interpreter and Twisted; given a directory, also what is checked out there, and whether that is what runs.
_VERSIONS = """
import os, platform, subprocess, sys, twisted
version = getattr(sys, "pypy_version_info", sys.version_info)[:3]
text = "%s %d.%d.%d, Twisted %s" % ((platform.python_implementation(),) + tuple(version) + (twisted.__version__,))
for root in sys.argv[1:]:
    import lbproxy
    runs = os.path.dirname(os.path.dirname(os.path.realpath(lbproxy.__file__)))
    if runs != os.path.realpath(root):
        sys.exit("NOT THE CODE OF %s: it runs %s" % (root, runs))
    command = ["git", "-C", root, "describe", "--always", "--dirty"]
    done = subprocess.run(command, stdout=subprocess.PIPE, stderr=subprocess.DEVNULL)
    text += ", %s of %s" % (done.stdout.decode().strip() or "lbproxy " + lbproxy.__version__, root)
print(text)
"""


def _checkout(root, suffix=""):
    """
    lbproxy as it is in a checkout.

    @param root: its directory; C{.venv} and C{.venv-pypy} are ours where it has none, and run its code all the same.
    @param suffix: of the names.
    @return: dict of name to L{Proxy}, for the virtual environments there are.
    """
    found = {}
    for name, venv, warm in (("lbproxy", ".venv", 2.0), ("lbproxy-pypy", ".venv-pypy", 10.0)):
        homes = [os.path.join(one, venv, "bin") for one in (root, ROOT)]
        home = next((one for one in homes if os.path.exists(os.path.join(one, "twistd"))), None)
        if home is not None:
            name += suffix
            command = shlex.quote(os.path.join(home, "twistd")) + " -n --pidfile= lbproxy --config {config}"
            version = [os.path.join(home, "python"), "-c", _VERSIONS, root]
            found[name] = Proxy(name, command, "lbproxy.cfg", version, warm, {"PYTHONPATH": root})
    return found


def known(commands=(), baseline=None):
    """
    All proxies found on this machine.

    @param commands: C{NAME=COMMAND} texts that set or add one; an added one reads C{lbproxy.cfg}.
    @param baseline: directory of another checkout of lbproxy, C{None} without one.
    @return: dict of name to L{Proxy}.
    """
    found = _checkout(ROOT)
    if baseline is not None:
        found.update(_checkout(os.path.abspath(baseline), BASE))
    for name, command, config, version in (
        ("haproxy", " -db -f {config}", "haproxy.cfg", ["-v"]),
        ("nginx", " -c {config} -p {dir} -e {dir}/error.log", "nginx.conf", ["-v"]),
        ("caddy", " run --adapter caddyfile --config {config}", "Caddyfile", ["version"]),
    ):
        binary = _which(name)
        if binary:
            found[name] = Proxy(name, shlex.quote(binary) + command, config, [binary] + version)
    python = os.path.join(ROOT, ".venv", "bin", "python")
    python = python if os.path.exists(python) else sys.executable
    peer = shlex.join([python, os.path.join(HERE, "peers", "twistedweb.py")]) + " {mode} {port} {servers} {syslog}"
    found["twisted-web"] = Proxy("twisted-web", peer, None, [python, "-c", _VERSIONS])
    for text in commands:
        name, _, command = text.partition("=")
        if name in found:
            found[name].template = command
        else:
            warm = 10.0 if "pypy" in name else 2.0
            found[name] = Proxy(name, command, "lbproxy.cfg", ["echo", command], warm)
    return found


def render(text, values):
    """
    Replace C{@NAME@} by its value.
    """
    return re.sub("@([A-Z0-9_]+)@", lambda found: str(values[found.group(1)]), text)


def haltTree(process):
    """
    End a process that we started, and what it started, by their ids.
    """
    pids = processTree(process.pid)
    if process.poll() is None:
        process.terminate()
        try:
            process.wait(3)
        except subprocess.TimeoutExpired:
            process.kill()
            process.wait()
    for pid in pids[1:]:
        try:
            os.kill(pid, signal.SIGKILL)
        except OSError:
            pass


class Running:
    """
    A started proxy.

    @ivar name: of the L{Proxy}.
    @ivar port: it serves there.
    @ivar pid: of its first process.
    """

    def __init__(self, proxy, profile, directory, port, values, core):
        """
        @param directory: a new directory for its files.
        @param values: of C{@NAME@} in its configuration, without C{PORT} and C{DIR}.
        @param core: number of the core it runs on.
        """
        self.proxy = proxy
        self.name = proxy.name
        self.port = port
        self.directory = directory
        os.makedirs(directory)
        os.chmod(directory, 0o755)
        stream = "load_module %s;" % STREAM_MODULE if profile == "tcp" else ""
        values = dict(values, PORT=port, DIR=directory, NGINX_STREAM=stream)
        config = ""
        if proxy.config is not None:
            config = os.path.join(directory, proxy.config)
            with open(proxy.configPath(profile)) as source, open(config, "w") as target:
                target.write(render(source.read(), values))
        fields = {
            "config": config, "port": port, "dir": directory, "mode": profile, "syslog": values["SYSLOG"],
            "servers": "127.0.0.1:%d,127.0.0.1:%d" % (values["ORIGIN1"], values["ORIGIN2"]),
        }
        command = [word.format(**fields) for word in shlex.split(proxy.template)]
        self._output = open(os.path.join(directory, "output.log"), "wb")
        self._started = time.perf_counter()
        self.process = subprocess.Popen(
            command, stdin=subprocess.DEVNULL, stdout=self._output, stderr=self._output, cwd=directory,
            env=dict(os.environ, GOMAXPROCS="1", **proxy.environment), preexec_fn=lambda: os.sched_setaffinity(0, {core}),
        )
        self.pid = self.process.pid

    def waitReady(self, limit=30):
        """
        Wait for the first complete answer.

        @return: seconds since the start.
        @raise RuntimeError: with the end of its output when it does not serve.
        """
        end = self._started + limit
        while time.perf_counter() < end and self.process.poll() is None:
            try:
                status, _, body = get(self.port, "/s", timeout=5)
                if status == 200 and body == SMALL:
                    return time.perf_counter() - self._started
            except (OSError, ValueError):
                pass
            time.sleep(0.005)
        with open(os.path.join(self.directory, "output.log"), "rb") as output:
            tail = output.read()[-400:].decode("latin-1")
        raise RuntimeError("%s did not start serving: %s" % (self.name, tail.strip()))

    def stop(self):
        """
        End it.
        """
        haltTree(self.process)
        self._output.close()
