# -*- test-case-name: lbproxy.test.observe.test_syslog -*-
"""
Syslog messages: C{<PRI>Mon dd hh:mm:ss name[pid]: text} and a line feed (LOG-01 to LOG-05).
"""

from lbproxy.observe.dates import syslogDate

(EMERG, ALERT, CRIT, ERR, WARNING, NOTICE, INFO, DEBUG) = range(8)

#: Longest message in bytes, line feed included (LOG-04).
MESSAGE = 1024


class SyslogSender:
    """
    Sends messages to the log targets of one section. Never blocks and never raises for what happens outside.

    @ivar name: the name in the messages, str.
    @ivar pid: the process id in the messages; may be set after a fork, and shows from the next second on.
    """

    def __init__(self, targets, name, pid, wallClock, channels):
        """
        @param targets: sequence of L{LogTarget<lbproxy.config.model.LogTarget>}.
        @param wallClock: called without arguments for seconds since the epoch.
        @param channels: L{Channels<lbproxy.observe.datagrams.Channels>}.
        """
        self.name = name
        self.pid = pid
        self._targets = tuple(targets)
        self._wallClock = wallClock
        self._channels = channels
        self._loggers = [self.compileLogger(level) for level in range(8)]

    def send(self, level, text):
        """
        Send one event.

        @param level: 0 (emerg) to 7 (debug).
        @param text: str or bytes without a line end; line feeds in it become blanks.
        """
        logger = self._loggers[level]
        if logger is not None:
            if isinstance(text, str):
                text = text.encode("utf-8", "replace")
            logger(text.replace(b"\n", b" "))

    def header(self, facility, level, second):
        """
        @param second: int seconds since the epoch.
        @return: bytes, all that precedes the text.
        """
        return ("<%d>%s %s[%d]: " % (facility * 8 + level, syslogDate(second), self.name, self.pid)).encode()

    def compileLogger(self, level):
        """
        @param level: severity of the messages, 0 to 7.
        @return: a callable that sends one bytes text without a line end to each target that wants this level, C{None}
            when none does (LOG-01).
        """
        wanted = [(self._channels.to(target.address), target.facility)
                  for target in self._targets if level <= target.level]
        loggers = [self._toOne(channel, facility, level) for channel, facility in wanted]
        if not loggers:
            return None
        if len(loggers) == 1:
            return loggers[0]

        def toAll(text):
            for logger in loggers:
                logger(text)
        return toAll

    def _toOne(self, channel, facility, level):
        wallClock, header = self._wallClock, self.header
        stamped = -1
        prefix = b""

        def toOne(text):
            nonlocal stamped, prefix
            second = int(wallClock())
            if second != stamped:
                prefix = header(facility, level, second)
                stamped = second
            message = prefix + text + b"\n"
            if len(message) > MESSAGE:
                message = message[:MESSAGE - 1] + b"\n"
            try:
                channel.send(message)
            except OSError as problem:
                channel.failed(message, problem)
        return toOne
