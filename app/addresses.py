"""Where others reach this server: the addresses that this machine has on its networks."""

from __future__ import annotations

import contextlib
import ipaddress
import socket
import struct
from pathlib import Path
from typing import Literal

Reach = Literal["network", "machine", "container"]

# The networks of containers and virtual machines end on this machine; nobody else reaches it there.
_INNER_INTERFACES = ("br-", "docker", "lxc", "podman", "veth", "virbr", "vmnet")
CONTAINER_MARKS = (Path("/.dockerenv"), Path("/run/.containerenv"))
_GET_ADDRESS = 0x8915  # SIOCGIFADDR of Linux.


def reach(host: str) -> Reach:
    """Return who reaches a server that listens on `host`: this machine alone, or its network as well.

    Inside a container neither is known: what it is reached by belongs to the machine around it.
    """
    if is_loopback(host):
        return "machine"
    return "container" if any(mark.exists() for mark in CONTAINER_MARKS) else "network"


def is_loopback(host: str) -> bool:
    """Return whether a name or an address means the machine itself."""
    if host.lower() in ("localhost", ""):
        return True
    with contextlib.suppress(ValueError):
        return ipaddress.ip_address(host).is_loopback
    return False


def addresses(host: str) -> list[str]:
    """Return the addresses at which others find a server that listens on `host`, the likeliest first."""
    if is_loopback(host):
        return []
    if host not in ("0.0.0.0", "::"):
        return [host]
    found = [_outgoing_address(), *_interface_addresses()]
    return list(dict.fromkeys(address for address in found if address and not is_loopback(address)))


def _outgoing_address() -> str | None:
    """Return the address from which this machine would ask others; nothing is sent to find out."""
    with socket.socket(socket.AF_INET, socket.SOCK_DGRAM) as probe:
        try:
            probe.connect(("192.0.2.1", 9))  # Set aside for documentation; it is never asked.
        except OSError:
            return None  # No way out, as in a room without internet.
        name: str = probe.getsockname()[0]
        return name


def _interface_addresses() -> list[str]:
    """Return the IPv4 address of each network interface that leads outside; nothing but on Linux."""
    try:
        import fcntl

        interfaces = socket.if_nameindex()
    except (ImportError, OSError):
        return []
    found: list[str] = []
    with socket.socket(socket.AF_INET, socket.SOCK_DGRAM) as probe:
        for _, name in interfaces:
            if name.startswith(_INNER_INTERFACES):
                continue
            with contextlib.suppress(OSError):  # It has no address.
                answer = fcntl.ioctl(probe.fileno(), _GET_ADDRESS, struct.pack("256s", name.encode()[:15]))
                found.append(socket.inet_ntoa(answer[20:24]))
    return found
