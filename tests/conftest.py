"""Both engines for one suite; what was left out is said in the last lines, and with CI=true nothing may be."""

from __future__ import annotations

import os
from collections.abc import Iterator
from contextlib import ExitStack
from pathlib import Path

import pytest

from graph_service.engine.embedded import Embedded
from graph_service.engine.port import Engine, Source
from graph_service.engine.remote import Remote
from graph_service.services.imports.run import Report, run
from graph_service.store.graph import Store
from tests.servers.neo4j_server import NotHereError, neo4j_server

REGISTER = Path(__file__).parent.parent / "graph_service" / "data" / "sample-register.xlsx"
LEFT_OUT: list[str] = []
ENGINES = ("embedded", "neo4j")
SECONDS = 60.0


def left_out(what: str, reason: str) -> None:
    """Leave a test out, to be said at the end; with CI=true it fails."""
    LEFT_OUT.append(f"{what}: {reason}")
    if os.environ.get("CI") == "true":
        pytest.fail(f"CI may leave nothing out: {what}: {reason}")
    pytest.skip(reason)


@pytest.hookimpl(trylast=True)
def pytest_terminal_summary(terminalreporter: pytest.TerminalReporter) -> None:
    for line in dict.fromkeys(LEFT_OUT):
        terminalreporter.write_line(f"left out — {line}")


@pytest.fixture(scope="session")
def servers() -> Iterator[ExitStack]:
    with ExitStack() as stack:
        yield stack


@pytest.fixture(scope="session")
def neo4j_uri(servers: ExitStack, tmp_path_factory: pytest.TempPathFactory) -> str:
    if uri := os.environ.get("NEO4J_TEST_URI"):
        return uri
    try:
        return servers.enter_context(neo4j_server(tmp_path_factory.mktemp("neo4j")))
    except NotHereError as error:
        left_out("real Neo4j", str(error))
        raise


@pytest.fixture(scope="session", params=ENGINES)
def engine(request: pytest.FixtureRequest, servers: ExitStack, tmp_path_factory: pytest.TempPathFactory) -> Engine:
    """An engine of each kind, empty at the beginning of the session."""
    source: Source
    if request.param == "embedded":
        source = Embedded(tmp_path_factory.mktemp("embedded"), SECONDS, "1g")
    else:
        source = Remote(request.getfixturevalue("neo4j_uri"), "neo4j", "", "neo4j")
    made = Engine(source, SECONDS)
    servers.callback(made.close)
    return made


@pytest.fixture(scope="session")
def store(engine: Engine) -> Store:
    return Store(engine)


@pytest.fixture(scope="session")
def imported(store: Store) -> Report:
    """The sample register, imported into the engine."""
    return run(store, [REGISTER])
