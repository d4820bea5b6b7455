"""Fresh engines of both kinds, for one measurement each."""

from __future__ import annotations

import argparse
import os
import tempfile
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from pathlib import Path

from graph_service.platform.engine.client import Engine, EngineServer
from graph_service.platform.engine.embedded import EmbeddedServer
from graph_service.platform.engine.remote import RemoteServer
from graph_service.platform.store.graph import Store
from tests.servers.neo4j_server import neo4j_server

ENGINE_KINDS = ("embedded", "neo4j")
TIMEOUT_SECONDS = 120.0


def parse_arguments(description: str | None, repeat: int, *, takes_folder: bool = True) -> argparse.Namespace:
    """Return the command-line arguments of a bench: the folder of the register, unless it takes the sample's, the repetitions, the engines."""
    parser = argparse.ArgumentParser(description=description)
    if takes_folder:
        parser.add_argument("folder", type=Path)
    parser.add_argument("--repeat", type=int, default=repeat)
    parser.add_argument("--engines", nargs="*", default=ENGINE_KINDS, choices=ENGINE_KINDS)
    return parser.parse_args()


@contextmanager
def fresh_engine(kind: str) -> Iterator[tuple[Store, dict[str, str]]]:
    """Yield (a store on an empty engine, the environment in which a command works on the same)."""
    with (
        tempfile.TemporaryDirectory(prefix="graph-service-bench-") as folder,
        persistent_engine(kind, Path(folder)) as store_and_environment,
    ):
        yield store_and_environment


@contextmanager
def persistent_engine(kind: str, folder: Path) -> Iterator[tuple[Store, dict[str, str]]]:
    """Yield the same as `fresh_engine`, with its data in a folder that is kept."""
    base_environment = {
        name: value for name, value in os.environ.items() if not name.startswith(("NEO4J_", "GRAPH_SERVICE_"))
    }
    folder.mkdir(parents=True, exist_ok=True)
    with ExitStack() as stack:
        if kind == "embedded":
            source: EngineServer = EmbeddedServer(folder, TIMEOUT_SECONDS, "1g")
            environment = base_environment | {"GRAPH_SERVICE_DATA": str(folder)}
        else:
            # The memory settings of docker-compose.yml.
            uri = stack.enter_context(neo4j_server(folder, heap="2g", pagecache="2g", kept=True))
            source = RemoteServer(uri, "neo4j", "", "neo4j")
            environment = base_environment | {"NEO4J_URI": uri, "GRAPH_SERVICE_DATA": str(folder)}
        store = Store(Engine(source, TIMEOUT_SECONDS))
        stack.callback(store.close)
        yield store, environment
