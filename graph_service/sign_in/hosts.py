"""Host names by which the service may be addressed: a page of another name must not reach it by DNS rebinding."""

from __future__ import annotations

import re
from ipaddress import IPv6Address, ip_address, ip_network

ANY_HOST = "*"
MAX_PORT = 65_535
HOST_HEADER = re.compile(r"(\[[0-9A-Fa-f:.]+\]|[^\s\[\]@/?#:,\\]+)(?::([0-9]{0,5}))?")
"""A Host header: a name or address, that of IPv6 in brackets, and a port."""


def host_name(header: str) -> str:
    """Return the name in a Host header in lower case, without the port; empty for a header that is malformed."""
    match = HOST_HEADER.fullmatch(header)
    if match is None or int(match[2] or 0) > MAX_PORT:
        return ""
    return match[1].strip("[]").lower().removesuffix(".")


def is_loopback(host: str) -> bool:
    """Tell whether a name or address is that of this machine alone."""
    if host == "localhost":
        return True
    try:
        return ip_address(host.strip("[]")).is_loopback
    except ValueError:
        return False


def client_network(address: str) -> str:
    """Return the name under which a client's address is counted: of IPv6 the network of 64 bits, of which one client has all addresses."""
    try:
        ip = ip_address(address)
    except ValueError:
        return address
    if isinstance(ip, IPv6Address):
        return str(ip.ipv4_mapped or ip_network(f"{ip}/64", strict=False))
    return address


def is_host_allowed(header: str, allowed_hosts: tuple[str, ...]) -> bool:
    """Tell whether a request with this Host header may be answered."""
    if ANY_HOST in allowed_hosts:
        return True
    name = host_name(header)
    return is_loopback(name) or (bool(name) and name in allowed_hosts)
