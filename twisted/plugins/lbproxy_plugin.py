# -*- test-case-name: lbproxy.test.test_demo -*-
"""
What twistd finds: the C{lbproxy} command and the C{lbproxy} reactor (C{twistd --reactor lbproxy}).

Nothing of lbproxy is imported until one of them is asked for.
"""

from twisted.application.reactors import Reactor
from twisted.application.service import ServiceMaker

lbproxy = ServiceMaker(
    "lbproxy",
    "lbproxy.tap",
    "A TCP and HTTP load balancer, configured in YAML or by a haproxy.cfg.",
    "lbproxy",
)

lbproxyReactor = Reactor(
    "lbproxy",
    "lbproxy.net.reactor",
    "lbproxy's own: epoll with a monotonic clock and write-through TCP transports.",
)

__all__ = ["lbproxy", "lbproxyReactor"]
