# -*- test-case-name: lbproxy.test.test_command -*-
"""
The C{lbproxy} command: what can be asked about a configuration without starting anything.
"""

import json
import os
import sys

from twisted.python import usage
from twisted.python.reflect import namedAny

from lbproxy import __version__
from lbproxy.config import ConfigError
from lbproxy.config.convert import convert
from lbproxy.config.schema import makeSchema
from lbproxy.loading import loadConfiguration, resolve

#: Name, dotted names of its C{usage.Options} and of its C{run(options, stdout, stderr)} -> exit status, and what it does.
COMMANDS = (
    ("check", "lbproxy.command.CheckOptions", "lbproxy.command.check", "Report every problem of a configuration."),
    ("convert", "lbproxy.command.ConvertOptions", "lbproxy.command.writeYaml", "Turn a haproxy.cfg into YAML."),
    ("explain", "lbproxy.explain.Options", "lbproxy.explain.run", "Tell what would become of a request, and why."),
    ("schema", "lbproxy.command.SchemaOptions", "lbproxy.command.writeSchema", "Print a JSON Schema of the YAML language."),
)


class Options(usage.Options):
    """
    C{lbproxy COMMAND [options]}.
    """

    longdesc = "To start the load balancer: twistd -n lbproxy --config FILE"

    @property
    def subCommands(self):
        """
        The commands as C{usage} wants them; a command is imported when it is asked for.
        """
        return [[name, None, lambda options=options: namedAny(options)(), text] for name, options, _, text in COMMANDS]

    def getSynopsis(self, width=None):
        """
        @return: the first line of the help text, to which a command adds its name and its own.
        """
        return "Usage: lbproxy" + ("" if self.subCommand else " COMMAND [options]")

    def opt_version(self):
        """
        Print the version of lbproxy and exit.
        """
        print("lbproxy %s" % __version__)
        raise SystemExit(0)

    def postOptions(self):
        """
        @raise usage.UsageError: without a command.
        """
        if self.subCommand is None:
            raise usage.UsageError("which command? There are: %s" % ", ".join(command[0] for command in COMMANDS))


class CheckOptions(usage.Options):
    """
    What follows C{check}.
    """

    synopsis = "--config FILE"
    longdesc = "Read a configuration, report every problem, and exit: 0 if it is valid, else 1. The same as twistd's --check."
    optParameters = [["config", "f", None, "The configuration file."]]
    compData = usage.Completions(optActions={"config": usage.CompleteFiles("*")})

    def postOptions(self):
        """
        @raise usage.UsageError: without a file.
        """
        if not self["config"]:
            raise usage.UsageError("which configuration? Give --config FILE")


class ConvertOptions(usage.Options):
    """
    What follows C{convert}.
    """

    synopsis = "[-o FILE.yaml] haproxy.cfg"
    longdesc = "Write YAML that means the same as a classic configuration. Both are loaded and compared before it is written."
    optParameters = [["output", "o", None, "The file to write; the standard output when absent."]]
    compData = usage.Completions(
        optActions={"output": usage.CompleteFiles("*.yaml")}, extraActions=[usage.CompleteFiles("*.cfg", descr="FILE")])

    def parseArgs(self, *files):
        """
        @param files: the file to convert.
        @raise usage.UsageError: none, or several.
        """
        if len(files) != 1:
            raise usage.UsageError("which file? Give one, e.g. lbproxy convert haproxy.cfg")
        self["input"] = files[0]

    def postOptions(self):
        """
        @raise usage.UsageError: what is written would not be read as YAML.
        """
        if self["output"] and not self["output"].lower().endswith((".yaml", ".yml")):
            raise usage.UsageError("the name of a YAML file ends in .yaml or .yml, unlike '%s'" % self["output"])


class SchemaOptions(usage.Options):
    """
    What follows C{schema}: nothing.
    """

    synopsis = ""
    longdesc = "Print a JSON Schema (draft 7), by which editors complete and check the YAML language."


def check(options, stdout, stderr):
    """
    Do what C{lbproxy check} is asked for.

    @param options: L{CheckOptions}.
    @return: the exit status.
    """
    configuration = _load(options["config"], stderr)
    if configuration is None:
        return 1
    stdout.write("%s: the configuration is valid\n" % options["config"])
    return 0


def writeYaml(options, stdout, stderr):
    """
    Do what C{lbproxy convert} is asked for.

    @param options: L{ConvertOptions}.
    @return: the exit status.
    """
    path = options["input"]
    if _load(path, stderr) is None:
        return 1
    try:
        text, _warnings = convert(path, resolve)
        if not options["output"]:
            stdout.write(text)
            return 0
        with open(options["output"], "w", encoding="utf-8") as target:
            target.write(text)
    except ConfigError as problem:
        _tell(problem.problems, stderr)
        return 1
    except OSError as problem:
        stderr.write("lbproxy convert: cannot write '%s': %s\n" % (options["output"], problem.strerror))
        return 1
    return 0


def writeSchema(_options, stdout, _stderr):
    """
    Do what C{lbproxy schema} is asked for.

    @return: the exit status.
    """
    stdout.write(schemaText())
    return 0


def schemaText():
    """
    @return: the JSON Schema as text, the same for the same keywords.
    """
    return json.dumps(makeSchema(), indent=1, ensure_ascii=False) + "\n"


def _load(path, stderr):
    """
    @return: the L{Configuration<lbproxy.config.model.Configuration>}, or C{None} after its problems were told.
    """
    try:
        configuration, warnings = loadConfiguration(path)
    except ConfigError as problem:
        _tell(problem.problems, stderr)
        stderr.write("%s: the configuration is not valid\n" % path)
        return None
    _tell(() if configuration.globals.quiet else warnings, stderr)
    return configuration


def _tell(problems, stderr):
    for problem in problems:
        stderr.write("[%s] %s\n" % (problem.severity, problem))


def main(arguments=None, stdout=None, stderr=None):
    """
    Run the command line.

    @param arguments: list of str after the name of the program; those of the process when absent.
    @param stdout: where to write; C{sys.stdout} when absent.
    @param stderr: where to write what is wrong; C{sys.stderr} when absent.
    @return: the exit status: 0, or 1 after the reason was written.
    """
    stdout = sys.stdout if stdout is None else stdout
    stderr = sys.stderr if stderr is None else stderr
    try:
        status = _run(sys.argv[1:] if arguments is None else arguments, stdout, stderr)
        stdout.flush()
        return status
    except BrokenPipeError:
        # Whoever reads has seen enough, such as head. What is left must not fail again when the interpreter exits.
        nowhere = os.open(os.devnull, os.O_WRONLY)
        os.dup2(nowhere, stdout.fileno())
        os.close(nowhere)
        return 1


def _run(arguments, stdout, stderr):
    options = Options()
    try:
        options.parseOptions(arguments)
    except usage.UsageError as problem:
        name = " ".join(["lbproxy"] + ([options.subCommand] if options.subCommand else []))
        stderr.write("%s: %s\nTry '%s --help'.\n" % (name, problem, name))
        return 1
    run = next(run for name, _, run, _ in COMMANDS if name == options.subCommand)
    return namedAny(run)(options.subOptions, stdout, stderr)


__all__ = ["main"]
