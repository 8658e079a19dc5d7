"""
What wrk asks for: the same request every time, or heads that differ for each request.
"""

import tempfile
import time

from clients import wrk

#: The head as it is handed in, line by line.
_SAME = """\
local head
function init(arguments)
  head = table.concat(arguments, "\\r\\n") .. "\\r\\n\\r\\n"
end
function request()
  return head
end
"""

#: Counts behind the URI and behind the last line. The start is handed in, so that no run repeats the heads of another.
_COUNTING = """\
local visit, uri, rest
function init(arguments)
  visit, uri = tonumber(arguments[1]), arguments[2]
  rest = table.concat(arguments, "\\r\\n", 3)
end
function request()
  visit = visit + 1
  return string.format("%s?visit=%d %s; visit=%d\\r\\n\\r\\n", uri, visit, rest, visit)
end
"""


class Load:
    """
    What wrk makes up itself: with several C{fields} their order differs from run to run.

    @ivar path: of the URI, text.
    @ivar fields: lines of the request head, text without line ends.
    """

    def __init__(self, path, fields=()):
        self.path = path
        self.fields = fields

    def run(self, binary, port, connections, seconds):
        """
        @param binary: path of wrk.
        @return: as L{clients.wrk}.
        @raise RuntimeError: when wrk failed.
        """
        return wrk(binary, port, self.path, connections, seconds, self.fields)


class WrittenLoad(Load):
    """
    The head just as it is written: C{fields} in their order, C{Host} among them.
    """

    _script = _SAME

    def _arguments(self):
        return ["GET %s HTTP/1.1" % self.path, *self.fields]

    def run(self, binary, port, connections, seconds):
        """
        As L{Load.run}.
        """
        with tempfile.NamedTemporaryFile("w", suffix=".lua") as script:
            script.write(self._script)
            script.flush()
            arguments = self._arguments()
            return wrk(binary, port, self.path, connections, seconds, script=script.name, arguments=arguments)


class VariedLoad(WrittenLoad):
    """
    No two heads are the same: each request has a number of its own, in the query and at the end of the last of
    C{fields}, which is C{Cookie}.
    """

    _script = _COUNTING

    def _arguments(self):
        return ["%d" % (time.time() * 1e6), "GET " + self.path, "HTTP/1.1", *self.fields]
