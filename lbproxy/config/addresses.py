# -*- test-case-name: lbproxy.test.config.test_addresses -*-
"""
Addresses, ports and networks as operators write them. Everything here raises C{ValueError} with a text fit for the
operator.
"""

import ipaddress
from typing import Callable, List, NamedTuple, Optional, Tuple

from lbproxy.config.units import parseNumber

UNIX_PATH_MAX = 107
"""
Longest path of a UNIX socket, in bytes (CFG-32).
"""

Resolve = Callable[[str], str]


class ServerAddress(NamedTuple):
    """
    The address of a server (CFG-26).

    @ivar host: as written.
    @ivar port: fixed port, or C{None} when it follows the client's destination port.
    @ivar offset: added to that port when C{port} is C{None}.
    """

    host: str
    port: Optional[int]
    offset: int


def parsePort(text: str) -> int:
    """
    Read a port number from 1 to 65535.
    """
    try:
        return parseNumber(text, 1, 65535)
    except ValueError:
        raise ValueError("'%s' is not a port: it must be from 1 to 65535" % (text,)) from None


def splitHost(text: str) -> Tuple[str, Optional[str]]:
    """
    Cut an address after its host. The port is after the last colon, so C{::1:80} and C{[::1]:80} are the same.

    @return: C{(host, port text)}; the latter is C{None} without a colon after the host.
    """
    if text.startswith("["):
        host, closed, rest = text[1:].partition("]")
        if not closed or (rest and not rest.startswith(":")):
            raise ValueError("'%s' is not an address: expected [address]:port" % (text,))
        return host, rest[1:] if rest else None
    host, colon, port = text.rpartition(":")
    if not colon:
        return text, None
    return host, port


def splitPortRange(text: str) -> Tuple[str, List[int]]:
    """
    Read C{host:port} or C{host:first-last} (CFG-27).

    @return: C{(host, ports)}.
    """
    host, port = splitHost(text)
    if not port:
        raise ValueError("'%s' has no port: expected [address]:port or [address]:first-last" % (text,))
    first, dash, last = port.partition("-")
    low = parsePort(first)
    high = parsePort(last) if dash else low
    if high < low:
        raise ValueError("port range '%s' ends before it starts" % (port,))
    return host, list(range(low, high + 1))


def splitHostPort(text: str, default: Optional[int] = None) -> Tuple[str, int]:
    """
    Read C{host[:port]}.

    @param default: the port when none is written; C{None} when one is needed.
    """
    host, port = splitHost(text)
    if not host:
        raise ValueError("'%s' has no address before the port" % (text,))
    if port:
        return host, parsePort(port)
    if default is None:
        raise ValueError("'%s' has no port: expected address:port" % (text,))
    return host, default


def splitServer(text: str) -> ServerAddress:
    """
    Read the address of a server: C{ip}, C{ip:}, C{ip:N}, C{ip:+N} or C{ip:-N} (CFG-26).
    """
    host, port = splitHost(text)
    if not host:
        raise ValueError("'%s' has no address before the port" % (text,))
    if not port:
        return ServerAddress(host, None, 0)
    if port[0] in "+-":
        try:
            return ServerAddress(host, None, parseNumber(port, -65535, 65535))
        except ValueError:
            raise ValueError("'%s' is not a port offset" % (port,)) from None
    return ServerAddress(host, parsePort(port), 0)


def numeric(host: str, resolve: Resolve) -> str:
    """
    The numeric form of a host; names are resolved once, here.

    @param resolve: takes a host name, returns a numeric address or raises C{OSError}.
    """
    try:
        ipaddress.ip_address(host)
        return host
    except ValueError:
        pass
    try:
        return resolve(host)
    except (OSError, UnicodeError) as error:
        raise ValueError("cannot resolve '%s': %s" % (host, error)) from None


def checkUnixPath(path: str, longest: int = UNIX_PATH_MAX) -> str:
    """
    Refuse a path that is too long for a UNIX socket (CFG-32).

    @param longest: bytes.
    """
    if not path:
        raise ValueError("the path is empty")
    length = len(path.encode("utf-8", "surrogateescape"))
    if length > longest:
        raise ValueError("socket path is too long (%d bytes, the maximum is %d): '%s'" % (length, longest, path))
    return path


def ipv4Number(address: str) -> Optional[int]:
    """
    An IPv4 address as a 32-bit number.

    @return: C{None} when C{address} is not one, e.g. because it is an IPv6 address.
    """
    parts = address.split(".")
    if len(parts) != 4:
        return None
    value = 0
    for part in parts:
        if not part.isdigit() or not part.isascii() or len(part) > 3 or int(part) > 255:
            return None
        value = value << 8 | int(part)
    return value


def parseNetwork(text: str, resolve: Optional[Resolve] = None) -> Tuple[int, int]:
    """
    Read C{ip}, C{ip/bits}, C{ip/dotted-mask}; IPv4 only (ACL-09).

    @param resolve: used for host names; without it they are refused.
    @return: C{(network, mask)} as 32-bit numbers, the network already masked.
    """
    host, slash, bits = text.partition("/")
    mask = _parseMask(bits, text) if slash else 0xFFFFFFFF
    address = ipv4Number(host)
    if address is None and resolve is not None and host and ":" not in host:
        address = ipv4Number(numeric(host, resolve))
    if address is None:
        raise ValueError("'%s' is not an IPv4 address or network" % (text,))
    return address & mask, mask


def _parseMask(bits: str, text: str) -> int:
    dotted = ipv4Number(bits)
    if dotted is not None:
        return dotted
    if bits.isdigit() and bits.isascii() and len(bits) <= 2 and int(bits) <= 32:
        return 0xFFFFFFFF << (32 - int(bits)) & 0xFFFFFFFF
    raise ValueError("bad netmask '%s' in '%s': use 0 to 32 or a dotted mask" % (bits, text))
