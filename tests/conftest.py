"""Both engines for one suite; what will be left out is said in the first lines, and with CI=true nothing may be."""

from __future__ import annotations

import os
from collections.abc import Iterator
from contextlib import ExitStack, suppress
from pathlib import Path

import orjson
import pytest
from xdist.scheduler import LoadScopeScheduling

from graph_service.core.recording.import_lifecycle import undo
from graph_service.errors import NothingToUndo
from graph_service.features.imports.publish.import_report import ImportReport
from graph_service.features.imports.publish.import_run import import_files
from graph_service.platform.engine.client import Engine, EngineServer
from graph_service.platform.engine.embedded import EmbeddedServer
from graph_service.platform.engine.remote import RemoteServer
from graph_service.platform.store.graph import Store
from tests import PACKAGE_DATA, parts
from tests.clients import node
from tests.servers.neo4j_server import NotHereError, neo4j_server

REGISTER = PACKAGE_DATA / "sample-register.xlsx"
ENGINES = ("embedded", "neo4j")
SECONDS = 600.0
"""Time limit of a statement: of a machine that is busy with other things, too."""


def left_out(what: str, reason: str) -> None:
    """Leave a test out, to be said at the end; with CI=true it fails."""
    if parts.required():
        pytest.fail(f"CI may leave nothing out: {what}: {reason}")
    pytest.skip(f"{what}: {reason}")


@pytest.hookimpl(trylast=True)
def pytest_sessionstart(session: pytest.Session) -> None:
    """Say first what will be left out, why, and how to have it. Where tests run side by side, once."""
    reporter = session.config.pluginmanager.get_plugin("terminalreporter")
    if reporter is None or "PYTEST_XDIST_WORKER" in os.environ:
        return
    for line in parts.lines():
        reporter.write_line(line)
    if parts.absences() and parts.required():
        pytest.exit("CI may leave nothing out", returncode=2)


@pytest.hookimpl(trylast=True)
def pytest_terminal_summary(terminalreporter: pytest.TerminalReporter) -> None:
    skipped = (str(report.longrepr[2]) for report in terminalreporter.stats.get("skipped", ()))
    for reason in dict.fromkeys(skipped):
        terminalreporter.write_line(f"left out — {reason.removeprefix('Skipped: ')}")


def engine_of(nodeid: str) -> str | None:
    """The engine on which a test runs, where it needs one."""
    given = nodeid.partition("[")[2].rstrip("]").split("-")
    return next((engine for engine in ENGINES if engine in given), None)


class Engines(LoadScopeScheduling):  # type: ignore[misc]
    """Where tests run side by side, those of an engine stay together, and those of a file that needs none."""

    def _split_scope(self, nodeid: str) -> str:
        return engine_of(nodeid) or nodeid.partition("::")[0]


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """What takes longest begins first, so that at the end nobody waits for it: what is slow, and all of the slower engine. What does not
    depend on the engine runs on the one that every machine has."""
    items[:] = [
        one for one in items if one.get_closest_marker("one_engine") is None or engine_of(one.nodeid) != "neo4j"
    ]
    items.sort(key=lambda item: item.get_closest_marker("slow") is None and engine_of(item.nodeid) != "neo4j")


def pytest_xdist_make_scheduler(config: pytest.Config, log: object) -> Engines:
    return Engines(config, log)


@pytest.fixture(scope="session")
def shared(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A folder of this run, for all workers."""
    base = tmp_path_factory.getbasetemp()
    folder = (base.parent if "PYTEST_XDIST_WORKER" in os.environ else base) / "shared"
    folder.mkdir(exist_ok=True)
    return folder


def assert_alike(shared: Path, name: str, store: Store, found: object) -> None:
    """The answer of the first engine that comes is kept; the other one's must be the same, in the same order."""
    name = name.replace("/", "-")
    kept, mine = shared / f"{name}.json", shared / f"{name} {store.engine_name}.json"
    mine.write_bytes(orjson.dumps(found))
    with suppress(FileExistsError):
        os.link(mine, kept)
    assert orjson.loads(mine.read_bytes()) == orjson.loads(kept.read_bytes())


@pytest.fixture(scope="session")
def packages() -> Path:
    """The folder of the clients of npm, with their packages."""
    try:
        return node.installed()
    except node.NotHereError as error:
        left_out("clients of npm", str(error))
        raise


@pytest.fixture(scope="session")
def servers() -> Iterator[ExitStack]:
    with ExitStack() as stack:
        yield stack


def _neo4j(servers: ExitStack, data: Path) -> str:
    try:
        return servers.enter_context(neo4j_server(data))
    except NotHereError as error:
        left_out("real Neo4j", str(error))
        raise


def _engine(kind: str, servers: ExitStack, data: Path, given: str | None) -> Engine:
    source: EngineServer
    if kind == "embedded":
        source = EmbeddedServer(data, SECONDS, "1g")
    else:
        source = RemoteServer(given or _neo4j(servers, data), "neo4j", "", "neo4j")
    made = Engine(source, SECONDS)
    servers.callback(made.close)
    return made


@pytest.fixture(scope="session", params=ENGINES)
def engine(request: pytest.FixtureRequest, servers: ExitStack, tmp_path_factory: pytest.TempPathFactory) -> Engine:
    """An engine of each kind, empty at the beginning of the session: it holds the sample register, and only that."""
    return _engine(request.param, servers, tmp_path_factory.mktemp("main"), os.environ.get("NEO4J_TEST_URI"))


@pytest.fixture(scope="session", params=ENGINES)
def spare(request: pytest.FixtureRequest, servers: ExitStack, tmp_path_factory: pytest.TempPathFactory) -> Store:
    """A second engine of each kind, for tests that fill and empty it."""
    return Store(_engine(request.param, servers, tmp_path_factory.mktemp("spare"), None))


@pytest.fixture
def empty(spare: Store) -> Store:
    """A store with nothing in it but the area tree and undone imports."""
    return emptied(spare)


def emptied(spare: Store) -> Store:
    """The same store, with all imports undone and forgotten."""
    spare.prepare()
    held = spare.query("imports/writer")
    if held and held[0][0]:
        spare.execute("imports/release", token=held[0][0])
    with suppress(NothingToUndo):
        while True:
            undo(spare)
    spare.write(lambda tx: tx.run("MATCH (i:Import) DETACH DELETE i", {}))
    return spare


def neo4j_uri(store: Store) -> str:
    """Where a store's engine answers, for a command in a process of its own."""
    return store._engine._server.address().uri


@pytest.fixture(scope="session")
def store(engine: Engine) -> Store:
    return Store(engine)


@pytest.fixture(scope="session")
def imported(store: Store) -> ImportReport:
    """The sample register, imported into the engine."""
    return import_files(store, [REGISTER])
