"""Which address a request or a socket counts for: its peer's, or the one that a trusted proxy names."""

import ipaddress
from collections.abc import Sequence

from starlette.datastructures import Headers
from starlette.types import Scope

Address = ipaddress.IPv4Address | ipaddress.IPv6Address
Network = ipaddress.IPv4Network | ipaddress.IPv6Network

# A household or a school is given at least so much of IPv6; within it, a machine takes as many addresses as it likes.
_IPV6_PREFIX = 64


def client_of(scope: Scope, trusted_proxies: Sequence[Network]) -> str:
    """Return the address that counts for a request or a socket: an IPv4 address, or a /64 of IPv6.

    Anyone can write into X-Forwarded-For. It is read only if a trusted proxy brings it, from its right end, where the
    nearest proxy writes; the first address that is no trusted proxy's is the client's. Where that makes no sense, the
    peer itself counts.
    """
    host: str = scope["client"][0] if scope.get("client") else ""
    peer = _address(host)
    if peer is None:
        return host
    if _is_within(peer, trusted_proxies):
        # A header that comes several times is one list (RFC 9110, 5.3).
        forwarded = ",".join(Headers(scope=scope).getlist("x-forwarded-for"))
        for entry in reversed(forwarded.split(",")):
            address = _address(entry.strip(" \t"))
            if address is None:
                break
            if not _is_within(address, trusted_proxies):
                return _counted(address)
    return _counted(peer)


def _address(text: str) -> Address | None:
    try:
        address = ipaddress.ip_address(text)
    except ValueError:
        return None
    # A socket for both families shows an IPv4 peer as ::ffff:192.0.2.1.
    return (address.ipv4_mapped or address) if isinstance(address, ipaddress.IPv6Address) else address


def _is_within(address: Address, networks: Sequence[Network]) -> bool:
    return any(address in network for network in networks)


def _counted(address: Address) -> str:
    if isinstance(address, ipaddress.IPv4Address):
        return str(address)
    host_bits = address.max_prefixlen - _IPV6_PREFIX
    return str(ipaddress.IPv6Network((int(address) >> host_bits << host_bits, _IPV6_PREFIX)))
