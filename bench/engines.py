"""Fresh engines of both kinds, for one measurement each."""

from __future__ import annotations

import os
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from graph_service.engine.embedded import Embedded
from graph_service.engine.port import Engine
from graph_service.engine.remote import Remote
from graph_service.store.graph import Store
from tests.servers.neo4j_server import neo4j_server

KINDS = ("embedded", "neo4j")
SECONDS = 120.0


@contextmanager
def fresh(kind: str) -> Iterator[tuple[Store, dict[str, str]]]:
    """(a store on an empty engine, the environment in which a command works on the same)."""
    clean = {k: v for k, v in os.environ.items() if not k.startswith(("NEO4J_", "GRAPH_SERVICE_"))}
    with tempfile.TemporaryDirectory(prefix="graph-service-bench-") as folder:
        if kind == "embedded":
            store = Store(Engine(Embedded(Path(folder), SECONDS, "1g"), SECONDS))
            try:
                yield store, clean | {"GRAPH_SERVICE_DATA": folder}
            finally:
                store.close()
            return
        with neo4j_server(Path(folder)) as uri:
            store = Store(Engine(Remote(uri, "neo4j", "", "neo4j"), SECONDS))
            try:
                yield store, clean | {"NEO4J_URI": uri, "GRAPH_SERVICE_DATA": folder}
            finally:
                store.close()
