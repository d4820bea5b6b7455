"""Imports killed at any point and run again: the graph is that of an undisturbed import, and acknowledged data stay.

The kills fall at random points of a first import and of a correction of it, and hit the importing process, the embedded
engine, or a service that runs beside them. `KILL_POINTS=50` sets the number of points; the suite uses fewer. Only processes started by the test are killed, by their id.
"""

from __future__ import annotations

import os
import random
import shutil
import signal
import time
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path

import openpyxl
import pytest

from graph_service.core.areas import bootstrap
from graph_service.core.query_scope import versions
from graph_service.features.imports.publish.import_run import import_files
from graph_service.platform.engine.client import Engine
from graph_service.platform.engine.embedded import EmbeddedServer
from graph_service.platform.store.graph import Store
from graph_service.platform.store.hashing import graph_hash
from tests.conftest import SECONDS, assert_alike, emptied, neo4j_uri
from tests.numbers import NUMBER_KEY
from tests.patience import CAP_SECONDS
from tests.processes import SHORT_LIVED, command, environment, kill_engine, ready, service
from tests.township import township

VICTIMS = ("import", "engine", "service")
POINTS = int(os.environ.get("KILL_POINTS", "6"))
TRIES = 240
"""Attempts to ask a service whether it is ready, half a second apart."""
POINTS_ON_NEO4J = 6
SECONDS_ON_NEO4J = 5.0
"""Longest duration of an import on Neo4j in seconds, including the start of the process."""
SEED = 20161231
DONE = 1
"""Exit code of an import of the sample register: some of its rows are refused."""


@pytest.fixture(scope="module", autouse=True)
def _short_lived_engines() -> Iterator[None]:
    with pytest.MonkeyPatch.context() as patch:
        for name, value in SHORT_LIVED.items():
            patch.setenv(name, value)
        yield


def open_store(folder: Path) -> Store:
    return Store(Engine(EmbeddedServer(folder, SECONDS, "512m"), SECONDS))


def sequences(store: Store) -> list[int]:
    return [version.sequence for version in versions(store)]


@dataclass(frozen=True, slots=True)
class Stage:
    """A stage of imports: a folder with the data before, the register, the hash after, the duration in seconds."""

    before: Path
    register: Path
    sequence: int
    after: str
    took: float


@pytest.fixture(scope="module")
def register(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return township(tmp_path_factory.mktemp("register") / "register.xlsx")


@pytest.fixture(scope="module")
def corrected(tmp_path_factory: pytest.TempPathFactory, register: Path) -> Path:
    """Return the same register a month later: pairings end, cadres leave, causes change, the income of villages is filled in."""
    book = openpyxl.load_workbook(register)
    for sheet, header, step, value in (
        ("结对帮扶", "结束时间", 3, "2016-11-30"), ("帮扶干部", "离岗日期", 5, "2016-11-15"),
        ("贫困户", "主要致贫原因", 4, "缺资金"), ("行政村", "集体经济收入(万元)", 2, 3),
    ):  # fmt: skip
        rows = book[sheet]
        column = next(cell.column for cell in rows[2] if cell.value == header)
        for row in range(3, rows.max_row + 1, step):
            rows.cell(row, column, value)
    path = tmp_path_factory.mktemp("corrected") / "register.xlsx"
    book.save(path)
    return path


@pytest.fixture(scope="module")
def stages(
    tmp_path_factory: pytest.TempPathFactory, register: Path, corrected: Path, shared: Path
) -> tuple[Stage, Stage]:
    """Run a first import and a correction of it, each undisturbed."""
    folder = tmp_path_factory.mktemp("stages")
    store = open_store(folder / "0")
    store.execute("imports/number_key", key=NUMBER_KEY)
    store.prepare()
    bootstrap(store)
    store.close()
    stages: list[Stage] = []
    for sequence, delivery in ((1, register), (2, corrected)):
        shutil.copytree(folder / str(sequence - 1), folder / str(sequence))
        began = time.monotonic()
        assert command(environment(folder / str(sequence)), "import", str(delivery)).wait(CAP_SECONDS) == DONE
        took = time.monotonic() - began
        store = open_store(folder / str(sequence))
        stages.append(Stage(folder / str(sequence - 1), delivery, sequence, graph_hash(store), took))
        if sequence == 2:
            assert_alike(shared, "killed imports", store, [stage.after for stage in stages])
        store.close()
    return stages[0], stages[1]


@pytest.mark.slow
@pytest.mark.parametrize("point", range(POINTS))
def test_killed_and_run_again(stages: tuple[Stage, Stage], tmp_path: Path, point: int) -> None:
    stage, victim = stages[point // len(VICTIMS) % 2], VICTIMS[point % len(VICTIMS)]
    folder = tmp_path / "data"
    shutil.copytree(stage.before, folder)
    settings = environment(folder)
    moment = random.Random(SEED + point).uniform(0.05, 0.95) * stage.took
    if victim == "import":
        code = killed_import(settings, stage.register, moment)
        assert code in (DONE, -signal.SIGKILL)
    else:
        with service(settings) as (serving, port):
            importing = command(settings, "import", str(stage.register))
            time.sleep(moment)
            kill_engine(folder) if victim == "engine" else serving.kill()
            code = importing.wait(CAP_SECONDS)
            # A dead engine is restarted, by the import that continues or by the service on a request.
            assert code in (DONE, 2)
            if victim == "service":
                assert code == DONE, "an import does not need the service"
            else:
                # `/readyz` does not wait for an engine that is restarting.
                answer = ready_again(port)
                assert answer is not None
                assert answer["dataVersion"] == (stage.sequence if code == DONE else stage.sequence - 1 or None)
    store = open_store(folder)
    try:
        if code != DONE:
            whole_or_nothing(store, stage.sequence, stage.after)
        import_files(store, [stage.register])
        assert graph_hash(store) == stage.after
        # Acknowledged data stay even when the engine is killed.
        kill_engine(folder)
        time.sleep(0.2)
        assert graph_hash(store) == stage.after
        assert sequences(store) == list(range(stage.sequence, 0, -1))
    finally:
        store.close()


def ready_again(port: int) -> dict[str, object] | None:
    """Return the answer of /readyz once a killed engine runs again, or None after TRIES attempts; /readyz itself does not wait."""
    for _ in range(TRIES):
        if answer := ready(port):
            return answer
        time.sleep(0.5)
    return None


def whole_or_nothing(store: Store, sequence: int, after: str) -> None:
    """Check that nothing of a killed import is visible, or all of it where it was killed between publishing and exit."""
    previous = list(range(sequence - 1, 0, -1))
    seen_sequences = sequences(store)
    if seen_sequences != previous:
        assert seen_sequences == [sequence, *previous]
        assert graph_hash(store) == after


def killed_import(settings: Mapping[str, str], register: Path, moment: float) -> int:
    """Return the exit code of an import that is killed after `moment` seconds if it still runs."""
    importing = command(settings, "import", str(register))
    time.sleep(moment)
    if importing.poll() is None:
        importing.kill()
    return importing.wait(CAP_SECONDS)


@pytest.fixture(scope="module")
def hashes(spare: Store, register: Path, corrected: Path, shared: Path) -> tuple[str, str]:
    """Return the hashes after undisturbed imports of both registers on a server; they equal those of the other engine."""
    emptied(spare)
    bootstrap(spare)
    graph_hashes = []
    for delivery in (register, corrected):
        import_files(spare, [delivery])
        graph_hashes.append(graph_hash(spare))
    assert_alike(shared, "killed imports", spare, graph_hashes)
    return graph_hashes[0], graph_hashes[1]


@pytest.mark.parametrize("spare", ["neo4j"], indirect=True)
@pytest.mark.parametrize("point", range(POINTS_ON_NEO4J))
def test_killed_and_run_again_on_neo4j(
    hashes: tuple[str, str], register: Path, corrected: Path, empty: Store, tmp_path: Path, point: int
) -> None:
    second, victim = point % 2 == 1, corrected if point % 2 else register
    bootstrap(empty)
    if second:
        import_files(empty, [register])
    moment = random.Random(SEED - point).uniform(0.1, 0.95) * SECONDS_ON_NEO4J
    code = killed_import(environment(tmp_path, NEO4J_URI=neo4j_uri(empty)), victim, moment)
    assert code in (DONE, -signal.SIGKILL)
    if code != DONE:
        whole_or_nothing(empty, 1 + second, hashes[second])
    import_files(empty, [victim])
    assert graph_hash(empty) == hashes[second]
