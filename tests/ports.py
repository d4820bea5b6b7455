"""Ports for servers that are told theirs before they start."""

from __future__ import annotations

import random
import socket

ASSIGNED = range(20_000, 30_000)
"""Below those that systems hand out on their own: a port must not go to a collector or an outgoing connection before its server starts."""
ATTEMPTS = 100


def free_port() -> int:
    """Return a port of this machine on which nothing listens. Raises `OSError` where none of a hundred was free."""
    for port in random.SystemRandom().sample(ASSIGNED, ATTEMPTS):
        with socket.socket() as probe:
            try:
                probe.bind(("127.0.0.1", port))
            except OSError:
                continue
            return port
    raise OSError(f"none of {ATTEMPTS} ports from {ASSIGNED.start} on was free")
