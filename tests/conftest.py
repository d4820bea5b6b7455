"""Fixtures of both engines. The first lines of a run list the parts that are left out; with CI=true none may be."""

from __future__ import annotations

import os
from collections.abc import Iterator
from contextlib import ExitStack, suppress
from functools import partial
from pathlib import Path

import orjson
import pytest
from xdist.scheduler import LoadScopeScheduling

from graph_service.config import get_settings
from graph_service.domain.metamodel import OPEN_SEQUENCE
from graph_service.features.imports.publish.import_report import ImportReport
from graph_service.features.imports.publish.import_run import import_files
from graph_service.platform.engine.client import Engine, EngineServer, Transaction
from graph_service.platform.engine.embedded import EmbeddedServer
from graph_service.platform.engine.remote import RemoteServer
from graph_service.platform.store.graph import Store
from tests import browser, leaks, parts
from tests.clients import node
from tests.numbers import NUMBER_KEY
from tests.servers.neo4j_server import NotHereError, neo4j_server
from tests.township import township

REGISTER = leaks.REGISTER
ENGINES = ("embedded", "neo4j")
SECONDS = 600.0
"""Time limit of a statement, long enough for a busy machine."""


def left_out(part: str, reason: str) -> None:
    """Skip a test, with the reason listed at the end of the run; with CI=true fail it."""
    if parts.required():
        pytest.fail(f"CI may leave nothing out: {part}: {reason}")
    pytest.skip(f"{part}: {reason}")


@pytest.hookimpl(trylast=True)
def pytest_sessionstart(session: pytest.Session) -> None:
    """Watch what is logged. Write first which parts will be left out, why, and what they need; once, where several workers run."""
    leaks.watch_logs_and_spans()
    reporter = session.config.pluginmanager.get_plugin("terminalreporter")
    if reporter is None or "PYTEST_XDIST_WORKER" in os.environ:
        return
    for line in parts.lines():
        reporter.write_line(line)
    if parts.absences() and parts.required():
        pytest.exit("CI may leave nothing out", returncode=2)


@pytest.hookimpl(trylast=True)
def pytest_terminal_summary(terminalreporter: pytest.TerminalReporter) -> None:
    reasons = (str(report.longrepr[2]) for report in terminalreporter.stats.get("skipped", ()))
    for reason in dict.fromkeys(reasons):
        terminalreporter.write_line(f"left out — {reason.removeprefix('Skipped: ')}")


def engine_of(nodeid: str) -> str | None:
    """Return the engine on which a test runs; None where it needs none."""
    parameters = nodeid.partition("[")[2].rstrip("]").split("-")
    return next((engine for engine in ENGINES if engine in parameters), None)


class Engines(LoadScopeScheduling):  # type: ignore[misc]
    """A scheduler that keeps the tests of one engine on one worker, and those of a file that needs no engine."""

    def _split_scope(self, nodeid: str) -> str:
        return engine_of(nodeid) or nodeid.partition("::")[0]


@pytest.hookimpl(trylast=True)
def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """Put the tests of the engines first, those of the slower one before; then the rest, the slow ones first, which fill up the worker that is
    free. On an engine, the tests of the sample register come before those that empty it. Tests that do not depend on the engine run on
    the embedded one, which every machine has."""
    items[:] = [
        item for item in items if item.get_closest_marker("one_engine") is None or engine_of(item.nodeid) != "neo4j"
    ]
    items.sort(key=_run_order)


def _run_order(item: pytest.Item) -> tuple[int, bool]:
    engine = engine_of(item.nodeid)
    if engine is None:
        return len(ENGINES), item.get_closest_marker("slow") is None
    return ENGINES[::-1].index(engine), _fills_engine(item)


def _fills_engine(item: pytest.Item) -> bool:
    """Tell whether a test fills and empties its engine."""
    return "spare" in getattr(item, "fixturenames", ())


def pytest_xdist_make_scheduler(config: pytest.Config, log: object) -> Engines:
    return Engines(config, log)


@pytest.fixture(autouse=True)
def _numbers_of_people_stay_inside(request: pytest.FixtureRequest) -> Iterator[None]:
    """Fail a test that leaves a number of a person where none may stand: see tests/leaks.py."""
    folder = request.getfixturevalue("tmp_path") if "tmp_path" in request.fixturenames else None
    yield
    hits = leaks.take_hits(folder)
    assert hits == []


@pytest.fixture(scope="session", autouse=True)
def _no_folder_keeps_numbers_of_people(tmp_path_factory: pytest.TempPathFactory) -> Iterator[None]:
    """Fail the last test where one stands in a folder that several tests share, or was left when these had ended."""
    yield
    hits = leaks.take_hits(tmp_path_factory.getbasetemp())
    assert hits == []


@pytest.fixture(scope="session")
def shared(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Return a folder that all workers of this run share."""
    base = tmp_path_factory.getbasetemp()
    folder = (base.parent if "PYTEST_XDIST_WORKER" in os.environ else base) / "shared"
    folder.mkdir(exist_ok=True)
    return folder


def assert_alike(shared: Path, name: str, store: Store, answer: object) -> None:
    """Keep the answer of the first engine; assert that the other engine's answer is the same, in the same order."""
    name = name.replace("/", "-")
    first_path, own_path = shared / f"{name}.json", shared / f"{name} {store.engine_name}.json"
    own_path.write_bytes(orjson.dumps(answer))
    with suppress(FileExistsError):
        os.link(own_path, first_path)
    assert orjson.loads(own_path.read_bytes()) == orjson.loads(first_path.read_bytes())


@pytest.fixture(scope="session")
def packages() -> Path:
    """Return the folder of the npm clients, with their packages installed."""
    try:
        return node.installed()
    except node.NotHereError as error:
        left_out("clients of npm", str(error))
        raise


@pytest.fixture
def page(tmp_path: Path) -> Iterator[browser.Page]:
    """Yield a page of a browser that remembers nothing of other tests."""
    try:
        browser.find()
    except browser.NotHereError as error:
        left_out("a browser", str(error))
    with browser.browser(tmp_path / "profile") as opened_page:
        yield opened_page


@pytest.fixture
def data_folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Path]:
    """Yield the data folder of a test whose commands run in this process; they read the settings of this test alone."""
    monkeypatch.setenv("GRAPH_SERVICE_DATA", str(tmp_path))
    get_settings.cache_clear()
    yield tmp_path
    get_settings.cache_clear()


@pytest.fixture(scope="session")
def servers() -> Iterator[ExitStack]:
    with ExitStack() as stack:
        yield stack


def _neo4j(servers: ExitStack, data: Path) -> str:
    try:
        # It keeps the plans of all statements of the suite.
        return servers.enter_context(neo4j_server(data, heap="2g"))
    except NotHereError as error:
        left_out("real Neo4j", str(error))
        raise


class EnginePool:
    """The engines of this run, one of each kind: it holds the sample register first, then what each test writes. To start and to fill a second
    one would take minutes. A Neo4j of the user's is never emptied: then a second one is started."""

    def __init__(self, servers: ExitStack, folders: pytest.TempPathFactory) -> None:
        self._servers, self._folders = servers, folders
        self._engines: dict[tuple[str, str | None], Engine] = {}
        self._emptied: set[str] = set()

    def with_sample(self, kind: str) -> Engine:
        """Return an engine that gets the sample register and nothing else."""
        assert kind not in self._emptied, "a test has emptied the engine: those of the sample register come first"
        return self._engine(kind, os.environ.get("NEO4J_TEST_URI") if kind == "neo4j" else None)

    def to_fill(self, kind: str) -> Engine:
        """Return an engine for tests that fill and empty it."""
        self._emptied.add(kind)
        return self._engine(kind, None)

    def _engine(self, kind: str, uri: str | None) -> Engine:
        if (kind, uri) not in self._engines:
            self._engines[kind, uri] = self._start(kind, uri, self._folders.mktemp(kind))
        return self._engines[kind, uri]

    def _start(self, kind: str, uri: str | None, data: Path) -> Engine:
        source: EngineServer
        if kind == "embedded":
            source = EmbeddedServer(data, SECONDS, "1g")
        else:
            source = RemoteServer(uri or _neo4j(self._servers, data), "neo4j", "", "neo4j")
        engine = Engine(source, SECONDS)
        self._servers.callback(engine.close)
        Store(engine).execute("imports/number_key", key=NUMBER_KEY)
        return engine


@pytest.fixture(scope="session")
def pool(servers: ExitStack, tmp_path_factory: pytest.TempPathFactory) -> EnginePool:
    return EnginePool(servers, tmp_path_factory)


@pytest.fixture(scope="session", params=ENGINES)
def engine(request: pytest.FixtureRequest, pool: EnginePool) -> Engine:
    """Return an engine of each kind, empty at the start of the session: it gets the sample register and nothing else."""
    return pool.with_sample(request.param)


@pytest.fixture(scope="session", params=ENGINES)
def spare(request: pytest.FixtureRequest, pool: EnginePool) -> Store:
    """Return the engine of each kind for tests that fill and empty it, after all tests of the sample register."""
    return Store(pool.to_fill(request.param))


@pytest.fixture
def empty(spare: Store) -> Store:
    """Return a store that holds only the area tree."""
    return emptied(spare)


DELETE_WRITTEN = (
    "MATCH ()-[r]->() WHERE r.recorded > 0 WITH r LIMIT $limit DELETE r RETURN count(r)",
    "MATCH (n) WHERE n.recorded > 0 WITH n LIMIT $limit DETACH DELETE n RETURN count(n)",
    "MATCH ()-[r:PART_OF]->() WHERE r.superseded < $open WITH r LIMIT $limit SET r.superseded = $open RETURN count(r)",
    "MATCH (n:Area) WHERE n.superseded < $open WITH n LIMIT $limit SET n.superseded = $open RETURN count(n)",
    "MATCH (i:Import) WITH i LIMIT $limit DETACH DELETE i RETURN count(i)",
)
"""Statements that delete what all imports together have written, and restore the areas that they had superseded."""
DELETED_AT_ONCE = 10_000


def emptied(spare: Store) -> Store:
    """Delete all imports of a store and what they have written, and return it."""
    spare.prepare()
    writer_rows = spare.query("imports/writer")
    if writer_rows and writer_rows[0][0]:
        spare.execute("imports/release", token=writer_rows[0][0])
    if spare.query_text("MATCH (i:Import) RETURN count(i)", {}) != [[0]]:
        parameters = {"limit": DELETED_AT_ONCE, "open": OPEN_SEQUENCE}
        for text in DELETE_WRITTEN:
            while spare.write(partial(Transaction.run, text=text, parameters=parameters)) == [[DELETED_AT_ONCE]]:
                pass
    return spare


def neo4j_uri(store: Store) -> str:
    """Return the address of a store's engine, for a command in another process."""
    return store._engine._server.address().uri


@pytest.fixture(scope="session")
def store(engine: Engine) -> Store:
    return Store(engine)


@pytest.fixture(scope="session")
def imported(store: Store) -> ImportReport:
    """Import the sample register into the engine and return the report."""
    return import_files(store, [REGISTER])


@pytest.fixture(scope="session")
def township_register(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Return a part of the sample register, for tests that need a register of every sheet, whatever its size."""
    return township(tmp_path_factory.mktemp("township") / "register.xlsx")
