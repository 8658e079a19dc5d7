# -*- test-case-name: lbproxy.test.pool.test_groups -*-
"""
Who serves: the active servers, or the backups.
"""


def servingGroup(servers, allBackups):
    """
    Active servers if at least one is usable; else the first usable backup alone, or all usable ones with C{allBackups}
    (LB-23, LB-24).

    @param servers: all servers of a backend in declaration order.
    @return: list of usable servers in declaration order, empty when none is.
    """
    usable = [server for server in servers if server.usable]
    active = [server for server in usable if not server.backup]
    if active:
        return active
    return usable if allBackups else usable[:1]
