# -*- test-case-name: lbproxy.test.test_service -*-
"""
What has to be forgotten from time to time.
"""

from twisted.application.internet import TimerService

from lbproxy.pool.sessiontable import SWEEP


def sweeps(backends, clock):
    """
    @param backends: iterable of L{Backend<lbproxy.session.backend.Backend>}s.
    @param clock: C{IReactorTime}.
    @return: list of services that forget the sessions which C{appsession} has learned and nobody used (CKI-22).
    """
    services = []
    for backend in backends:
        if backend.learned is not None:
            sweep = TimerService(SWEEP, lambda table=backend.learned: table.sweep(clock.seconds()))
            sweep.clock = clock
            services.append(sweep)
    return services
