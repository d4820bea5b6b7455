"""Statements of the embedded engine whose client has gone: by itself it would work on them until their time limit."""

from __future__ import annotations

import time
from typing import Any

import psutil

CHECK_INTERVAL_SECONDS = 0.5
TERMINATED_BY = "graph_service"


class AbandonedStatements:
    """Ends statements that came over a connection that is no more. `port`: where the engine answers Bolt."""

    def __init__(self, registry: Any, port: int) -> None:
        self._registry, self._port = registry, port
        self._process = psutil.Process()
        self._next_check = 0.0

    def terminate(self) -> None:
        """Look at the statements under way, at most twice a second, and end those that nobody waits for."""
        if time.monotonic() < self._next_check:
            return
        self._next_check = time.monotonic() + CHECK_INTERVAL_SECONDS
        statements = list(self._registry.getRunning())
        if not statements:
            return
        clients = self._client_ports()
        for statement in statements:
            address = statement.getClientAddress()
            if address is not None and parse_port(str(address)) not in clients:
                statement.terminate(TERMINATED_BY)

    def _client_ports(self) -> set[int]:
        """Return the ports of the clients that are connected."""
        connections = self._process.net_connections("tcp")
        return {
            one.raddr.port
            for one in connections
            if one.raddr and one.laddr.port == self._port and one.status == psutil.CONN_ESTABLISHED
        }


def parse_port(address: str) -> int:
    """Return the port of an address as Java writes it: /127.0.0.1:40000, /[::1]:40000."""
    return int(address.rpartition(":")[2])
