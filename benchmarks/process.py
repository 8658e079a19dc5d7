"""
What the kernel says about a process tree and about a core: CPU seconds, resident memory, open files.

Everything is read from C{/proc}; times are seconds, sizes bytes.
"""

import os
import resource

TICK = os.sysconf("SC_CLK_TCK")
PAGE = os.sysconf("SC_PAGE_SIZE")


def processTree(pid):
    """
    A process and all its descendants.

    @return: list of pids, C{pid} first.
    """
    waiting, found = [pid], []
    while waiting:
        one = waiting.pop()
        found.append(one)
        try:
            for task in os.listdir("/proc/%d/task" % one):
                with open("/proc/%d/task/%s/children" % (one, task)) as children:
                    waiting += [int(word) for word in children.read().split()]
        except OSError:
            pass
    return found


def cpuSeconds(pid):
    """
    CPU time of the tree, user and system, reaped children included.
    """
    total = 0
    for one in processTree(pid):
        try:
            with open("/proc/%d/stat" % one) as stat:
                fields = stat.read().rsplit(")", 1)[1].split()
            total += sum(int(word) for word in fields[11:15])
        except OSError:
            pass
    return total / TICK


def residentBytes(pid):
    """
    Resident memory of the tree.
    """
    total = 0
    for one in processTree(pid):
        try:
            with open("/proc/%d/statm" % one) as statm:
                total += int(statm.read().split()[1]) * PAGE
        except OSError:
            pass
    return total


def openFiles(pid):
    """
    Open descriptors of the tree.
    """
    total = 0
    for one in processTree(pid):
        try:
            total += len(os.listdir("/proc/%d/fd" % one))
        except OSError:
            pass
    return total


def coreSeconds(number):
    """
    What a core did since boot.

    @return: C{(busy seconds, stolen seconds)}.
    """
    with open("/proc/stat") as stat:
        for line in stat:
            if line.startswith("cpu%d " % number):
                values = [int(word) for word in line.split()[1:9]]
                return (sum(values) - values[3] - values[4]) / TICK, values[7] / TICK
    return 0.0, 0.0


def raiseFileLimit():
    """
    As many open files as the system allows.

    @return: the limit now in force.
    """
    _, hard = resource.getrlimit(resource.RLIMIT_NOFILE)
    resource.setrlimit(resource.RLIMIT_NOFILE, (hard, hard))
    return hard


def machine():
    """
    One line about this machine.
    """
    model = "unknown processor"
    with open("/proc/cpuinfo") as cpuinfo:
        for line in cpuinfo:
            if line.startswith("model name"):
                model = line.split(":", 1)[1].strip()
                break
    with open("/proc/meminfo") as meminfo:
        memory = int(meminfo.readline().split()[1]) / 2**20
    system = os.uname()
    return "%s, %d cores, %.0f GiB, %s %s" % (model, os.cpu_count(), memory, system.sysname, system.release)
