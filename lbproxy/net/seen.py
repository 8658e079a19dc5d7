# -*- test-case-name: lbproxy.test.net.test_transport -*-
"""
What can be seen of a transport of any reactor without touching it.
"""

import socket


def pendingBytes(transport):
    """
    Output that the kernel has not taken yet: whether a blocked peer makes progress is seen in it.

    @param transport: a transport of any reactor.
    @return: int >= 0.
    """
    pending = getattr(transport, "pending", None)
    if pending is not None:
        return pending
    return len(getattr(transport, "dataBuffer", b"")) + getattr(transport, "_tempDataLen", 0)


def isQuiet(transport):
    """
    @return: whether neither data nor an end nor an error waits to be read, as far as the kernel knows.
    """
    try:
        transport.getHandle().recv(1, socket.MSG_PEEK | socket.MSG_DONTWAIT)
    except BlockingIOError:
        return True
    except OSError:
        return False
    return False
