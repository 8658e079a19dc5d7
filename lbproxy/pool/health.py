# -*- test-case-name: lbproxy.test.pool.test_health -*-
"""
The arithmetic of health (reference 13).

A server's health is one int: 0 to C{rise - 1} is down, C{rise} to C{rise + fall - 1} is up (CHK-08). Nothing here knows
servers, clocks or probes.
"""

#: What a result means for the server.
STEADY = 0
GOES_UP = 1
GOES_DOWN = 2
WEAKENED = 3


def fullHealth(rise, fall):
    """
    @param rise: successes to come up, int >= 1.
    @param fall: failures to go down, int >= 1.
    @return: the greatest health value.
    """
    return rise + fall - 1


def afterSuccess(health, rise, fall):
    """
    A check succeeded (CHK-09).

    @param health: value before it.
    @return: C{(health, meaning)}; the meaning is C{GOES_UP} or C{STEADY}.
    """
    full = rise + fall - 1
    if health >= rise:
        return full, STEADY
    health += 1
    if health < rise:
        return health, STEADY
    return full, GOES_UP


def afterFailure(health, rise):
    """
    A check failed (CHK-09, CHK-20).

    @param health: value before it.
    @return: C{(health, meaning)}; the meaning is C{WEAKENED} (still up: counts as a failed check), C{GOES_DOWN} (counts
        as a transition) or C{STEADY} (was down).
    """
    if health > rise:
        return health - 1, WEAKENED
    return 0, GOES_DOWN if health == rise else STEADY


def nextDelay(health, config):
    """
    Seconds between the end of a check and the next one (CHK-11).

    @param health: value after the check, or C{config.rise} before the first one.
    @param config: has C{rise fall inter fastinter downinter}; an unset interval is C{None} and means C{inter}.
    @return: float seconds.
    """
    if health == config.rise + config.fall - 1:
        special = None
    elif health == 0:
        special = config.downinter
    else:
        special = config.fastinter
    return config.inter if special is None else special


def spreadDelay(delay, percent, random):
    """
    @param delay: seconds.
    @param percent: 0 to 50 (CHK-15).
    @param random: called without arguments for a float in [0, 1); C{None} with 0 percent.
    @return: seconds, C{delay} plus or minus up to that percentage.
    """
    if not percent:
        return delay
    most = delay * percent / 100.0
    return delay + most - 2 * most * random()


def checkWord(health, running, rise, fall):
    """
    @return: the state of a checked server in words: C{"UP"}, C{"UP 2/3"}, C{"DOWN"}, C{"DOWN 1/2"}.
    """
    if running:
        if health >= rise + fall - 1:
            return "UP"
        return "UP %d/%d" % (health - rise + 1, fall)
    return "DOWN %d/%d" % (health, rise) if health else "DOWN"


def startOffsets(configs):
    """
    When each of the checked servers of all proxies has its first check, so that they do not all fall on one moment
    (CHK-14).

    @param configs: C{ServerConfig}s of the checked servers, in declaration order.
    @return: list of float seconds, one for each.
    """
    own = [nextDelay(config.rise, config) for config in configs]
    smallest = min([delay for delay in own if delay >= 1.0], default=0.0)
    return [max(smallest, delay) * position / len(own) for position, delay in enumerate(own)]
