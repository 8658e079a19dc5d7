# -*- test-case-name: lbproxy.test.pool.test_transitions -*-
"""
What is logged when servers and backends go up and down (reference 13).
"""

#: Syslog levels.
EMERGENCY = 0
ALERT = 1
NOTICE = 5

_KINDS = {"listen": "proxy"}


def kindOf(proxy):
    """
    @return: the kind of a proxy as messages name it: C{"frontend"}, C{"backend"}, or C{"proxy"} for a C{listen}
        section.
    """
    return _KINDS.get(proxy.kind, proxy.kind)


def _name(server):
    return "%sServer %s/%s" % ("Backup " if server.backup else "", server.pool.name, server.name)


def _onBackup(pool):
    return " Running on backup." if pool.backupCount and not pool.activeCount else ""


def downText(server, requeued):
    """
    @param server: in its state after the transition (CHK-17).
    @param requeued: number of waiters moved away from its queue.
    @return: text of the log line.
    """
    pool = server.pool
    counts = (_name(server), pool.activeCount, pool.backupCount, _onBackup(pool), server.current, requeued,
              len(server.queue))
    return ("%s is DOWN. %d active and %d backup servers left.%s"
            " %d sessions active, %d requeued, %d remaining in queue." % counts)


def upText(server, requeued):
    """
    @param server: in its state after the transition (CHK-18).
    @param requeued: number of waiters it took at once.
    @return: text of the log line.
    """
    pool = server.pool
    return "%s is UP. %d active and %d backup servers online.%s %d sessions requeued, %d total in queue." % (
        _name(server), pool.activeCount, pool.backupCount, _onBackup(pool), requeued, len(server.queue))


def emptyText(pool):
    """
    @return: text of the log line for a backend that lost its last server (CHK-19).
    """
    return "%s %s has no server available!" % (kindOf(pool.proxy), pool.name)
