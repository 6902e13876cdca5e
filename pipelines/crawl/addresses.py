"""Internet addresses: which a host's name spells, and which belong to the public."""

from __future__ import annotations

import ipaddress
import socket

Address = ipaddress.IPv4Address | ipaddress.IPv6Address

_NAT64 = ipaddress.IPv6Network("64:ff9b::/96")
_COMPATIBLE = ipaddress.IPv6Network("::/96")


def spelled(host: str) -> Address | None:
    """The address that a host's name spells, in any of the ways that connect to it: `127.0.0.1`, `[::1]`, `2130706433`,
    `0x7f.1`, `0177.0.0.1`. None for a name that has to be looked up."""
    bare = host.removeprefix("[").removesuffix("]")
    try:
        return ipaddress.ip_address(bare.partition("%")[0])
    except ValueError:
        pass
    try:
        return ipaddress.IPv4Address(socket.inet_aton(bare))
    except (OSError, UnicodeEncodeError, ValueError):
        return None


def is_plain(host: str) -> bool:
    """Whether a host is a name, or an address as everybody writes it."""
    address = spelled(host)
    return address is None or str(address) == host.removeprefix("[").removesuffix("]").lower()


def is_public(address: Address) -> bool:
    """Whether it may belong to a site of the public: not private, loopback, link-local, shared, multicast or reserved.
    An IPv6 address that carries one of IPv4 (mapped, compatible, 6to4, Teredo, NAT64) is judged by that."""
    carried = _carried(address)
    if carried is not None:
        return is_public(carried)
    closed = address.is_private or address.is_loopback or address.is_link_local or address.is_unspecified
    site_local = isinstance(address, ipaddress.IPv6Address) and address.is_site_local
    return address.is_global and not (closed or site_local or address.is_multicast or address.is_reserved)


def _carried(address: Address) -> ipaddress.IPv4Address | None:
    if isinstance(address, ipaddress.IPv4Address):
        return None
    if address.ipv4_mapped is not None:
        return address.ipv4_mapped
    if address.sixtofour is not None:
        return address.sixtofour
    if address.teredo is not None:
        return address.teredo[1]
    if address in _NAT64 or address in _COMPATIBLE:
        return ipaddress.IPv4Address(int(address) & 0xFFFFFFFF)
    return None
