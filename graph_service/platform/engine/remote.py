"""Connection to a remote Neo4j: Community, Enterprise cluster, Aura."""

from __future__ import annotations

from graph_service.platform.engine.client import Address


class RemoteServer:
    """A remote engine that the service does not start or stop."""

    name = "neo4j"
    marks_imports = False
    retry_seconds = 30.0

    def __init__(self, uri: str, username: str, password: str, database: str) -> None:
        self._address = Address(uri, (username, password) if password else None, database)

    def address(self) -> Address:
        return self._address

    def close(self) -> None:
        """Do nothing: the engine is not ours to stop."""
