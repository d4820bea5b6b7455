"""Termination of statements whose client has disconnected: the embedded engine would run them until their time limit."""

from __future__ import annotations

import time
from typing import Any

import psutil

CHECK_INTERVAL_SECONDS = 0.5
TERMINATED_BY = "graph_service"


class AbandonedStatements:
    """Statements whose connection is closed. `port`: the Bolt port of the engine."""

    def __init__(self, registry: Any, port: int) -> None:
        self._registry, self._port = registry, port
        self._process = psutil.Process()
        self._next_check = 0.0

    def terminate(self) -> None:
        """Check the running statements, at most twice a second, and end those whose client is no longer connected."""
        if time.monotonic() < self._next_check:
            return
        self._next_check = time.monotonic() + CHECK_INTERVAL_SECONDS
        statements = list(self._registry.getRunning())
        if not statements:
            return
        client_ports = self._client_ports()
        for statement in statements:
            address = statement.getClientAddress()
            if address is not None and parse_port(str(address)) not in client_ports:
                statement.terminate(TERMINATED_BY)

    def _client_ports(self) -> set[int]:
        """Return the ports of the clients that are connected."""
        connections = self._process.net_connections("tcp")
        return {
            connection.raddr.port
            for connection in connections
            if connection.raddr and connection.laddr.port == self._port and connection.status == psutil.CONN_ESTABLISHED
        }


def parse_port(address: str) -> int:
    """Return the port of an address as Java writes it: /127.0.0.1:40000, /[::1]:40000."""
    return int(address.rpartition(":")[2])
