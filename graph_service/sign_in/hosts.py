"""Host names by which the service may be addressed: a page of another name must not reach it by DNS rebinding."""

from __future__ import annotations

from ipaddress import ip_address
from urllib.parse import urlsplit

ANY_HOST = "*"


def host_name(header: str) -> str:
    """Return the name in a Host header in lower case, without the port; empty for a header that is malformed."""
    try:
        parts = urlsplit(f"//{header}")
        parts.port  # noqa: B018 - raises for a port that is none
    except ValueError:
        return ""
    has_more = parts.path or parts.query or parts.fragment or parts.username is not None
    return "" if has_more else (parts.hostname or "").rstrip(".")


def is_loopback(host: str) -> bool:
    """Tell whether a name or address is that of this machine alone."""
    if host == "localhost":
        return True
    try:
        return ip_address(host.strip("[]")).is_loopback
    except ValueError:
        return False


def is_host_allowed(header: str, allowed_hosts: tuple[str, ...]) -> bool:
    """Tell whether a request with this Host header may be answered."""
    if ANY_HOST in allowed_hosts:
        return True
    name = host_name(header)
    return is_loopback(name) or (bool(name) and name in allowed_hosts)
