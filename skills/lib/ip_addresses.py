"""Which IP addresses are public, once every way to hide an IPv4 address in an IPv6 one is undone."""

import ipaddress
from collections.abc import Iterator

IpAddress = ipaddress.IPv4Address | ipaddress.IPv6Address

# RFC 4291: all that is routed as global unicast lies here; loopback, site-local, compatible, translated
# and local NAT64 forms (::/8, 64:ff9b:1::/48, fc00::/6) do not.
_GLOBAL_UNICAST = ipaddress.IPv6Network("2000::/3")
# RFC 6052: the well-known prefix, behind which an IPv4 address is reached.
_NAT64 = ipaddress.IPv6Network("64:ff9b::/96")
# RFC 9637: for documentation; Python 3.11 does not know it.
_DOCUMENTATION = ipaddress.IPv6Network("3fff::/20")
# RFC 4193: the own network of somebody.
_UNIQUE_LOCAL = ipaddress.IPv6Network("fc00::/7")
# Where clouds tell a machine its keys, beside the link-local addresses: Alibaba, Azure, AWS, Google.
_METADATA = frozenset(
    map(ipaddress.ip_address, ("100.100.100.200", "168.63.129.16", "fd00:ec2::254", "fd20:ce::254"))
)
# RFC 5214: the middle of an interface identifier that carries an IPv4 address, without the bit "global".
_ISATAP = 0x00005EFE
_ISATAP_WITHOUT_U_BIT = 0xFDFFFFFF


def read(text: str) -> IpAddress:
    """TEXT as the resolver writes it: without its zone, an IPv4 address out of its mapped form."""
    ip = ipaddress.ip_address(text.split("%", maxsplit=1)[0])
    mapped = ip.ipv4_mapped if isinstance(ip, ipaddress.IPv6Address) else None
    return mapped or ip


def is_public(ip: IpAddress) -> bool:
    """Whether IP, and each IPv4 address that a gateway would make of it, is a public one's."""
    if isinstance(ip, ipaddress.IPv4Address):
        # Multicast addresses may count as global, and no server listens on one.
        return ip.is_global and not ip.is_multicast
    if not all(is_public(inner) for inner in _embedded(ip)):
        return False
    if ip in _NAT64:
        return True
    return ip in _GLOBAL_UNICAST and ip.is_global and ip not in _DOCUMENTATION


def is_server(ip: IpAddress) -> bool:
    """Whether IP may be a server that staff run or rent: public, of the own network, or this machine's.

    Groups are none, and neither is what answers whoever shares a machine or a network with it.
    """
    if ip in _METADATA or ip.is_multicast or ip.is_link_local:
        return False
    if isinstance(ip, ipaddress.IPv4Address):
        return not ip.is_reserved
    if not all(is_server(inner) for inner in _embedded(ip)):
        return False
    return ip.is_loopback or any(ip in network for network in (_GLOBAL_UNICAST, _NAT64, _UNIQUE_LOCAL))


def _embedded(ip: ipaddress.IPv6Address) -> Iterator[ipaddress.IPv4Address]:
    """The IPv4 addresses within IP, in the forms that lie among public addresses."""
    last = ipaddress.IPv4Address(int(ip) & 0xFFFFFFFF)
    if ip.ipv4_mapped or ip in _NAT64:
        yield last
    if ip.sixtofour:
        yield ip.sixtofour
    if ip.teredo:
        yield from ip.teredo
    if (int(ip) >> 32) & _ISATAP_WITHOUT_U_BIT == _ISATAP:
        yield last
