"""Killed anywhere and run again, an import ends in the same graph as an undisturbed one; what was acknowledged stays.

The kills fall at random points of a first import and of a correction of it, and hit the importing process, the embedded
engine, or a service that runs beside them. `KILL_POINTS=50` kills at so many points; the suite at fewer. Every process is one that the test has started, ended by its id.
"""

from __future__ import annotations

import os
import random
import shutil
import signal
import time
from collections.abc import Mapping
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
from tests.patience import CAP_SECONDS
from tests.processes import command, environment, kill_engine, ready, service
from tests.township import township

VICTIMS = ("import", "engine", "service")
POINTS = int(os.environ.get("KILL_POINTS", "6"))
TRIES = 240
"""How often a service is asked whether it is ready, half a second apart."""
POINTS_ON_NEO4J = 6
SECONDS_ON_NEO4J = 5.0
"""So long an import takes there at most, the process itself included."""
SEED = 20161231
DONE = 1
"""Exit code of an import of the sample register: some of its rows are refused."""


def opened(folder: Path) -> Store:
    return Store(Engine(EmbeddedServer(folder, SECONDS, "512m"), SECONDS))


def sequences(store: Store) -> list[int]:
    return [v.sequence for v in versions(store)]


@dataclass(frozen=True, slots=True)
class Stage:
    """What an import finds and what it must leave: a folder with the data before, the register, the hash after, its seconds."""

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
    """The same a month later: pairings end, cadres leave, causes change, a village's book is filled."""
    book = openpyxl.load_workbook(register)
    for sheet, header, every, value in (
        ("结对帮扶", "结束时间", 3, "2016-11-30"), ("帮扶干部", "离岗日期", 5, "2016-11-15"),
        ("贫困户", "主要致贫原因", 4, "缺资金"), ("行政村", "集体经济收入(万元)", 2, 3),
    ):  # fmt: skip
        rows = book[sheet]
        at = next(cell.column for cell in rows[2] if cell.value == header)
        for row in range(3, rows.max_row + 1, every):
            rows.cell(row, at, value)
    path = tmp_path_factory.mktemp("corrected") / "register.xlsx"
    book.save(path)
    return path


@pytest.fixture(scope="module")
def stages(
    tmp_path_factory: pytest.TempPathFactory, register: Path, corrected: Path, shared: Path
) -> tuple[Stage, Stage]:
    """A first import, and a correction of it, each undisturbed."""
    folder = tmp_path_factory.mktemp("stages")
    store = opened(folder / "0")
    store.prepare()
    bootstrap(store)
    store.close()
    made: list[Stage] = []
    for sequence, delivery in ((1, register), (2, corrected)):
        shutil.copytree(folder / str(sequence - 1), folder / str(sequence))
        began = time.monotonic()
        assert command(environment(folder / str(sequence)), "import", str(delivery)).wait(CAP_SECONDS) == DONE
        took = time.monotonic() - began
        store = opened(folder / str(sequence))
        made.append(Stage(folder / str(sequence - 1), delivery, sequence, graph_hash(store), took))
        if sequence == 2:
            assert_alike(shared, "killed imports", store, [stage.after for stage in made])
        store.close()
    return made[0], made[1]


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
            # A dead engine is started anew, by the import that goes on or by the service that is asked.
            assert code in (DONE, 2)
            if victim == "service":
                assert code == DONE, "an import does not need the service"
            else:
                # `/readyz` does not wait for an engine that is started anew.
                answer = ready_again(port)
                assert answer is not None
                assert answer["dataVersion"] == (stage.sequence if code == DONE else stage.sequence - 1 or None)
    store = opened(folder)
    try:
        if code != DONE:
            whole_or_nothing(store, stage.sequence, stage.after)
        import_files(store, [stage.register])
        assert graph_hash(store) == stage.after
        # Acknowledged: even the engine's death does not take it back.
        kill_engine(folder)
        time.sleep(0.2)
        assert graph_hash(store) == stage.after
        assert sequences(store) == list(range(stage.sequence, 0, -1))
    finally:
        store.close()


def ready_again(port: int) -> dict[str, object] | None:
    """What /readyz says once an engine that died is there again; it does not wait for one."""
    for _ in range(TRIES):
        if answer := ready(port):
            return answer
        time.sleep(0.5)
    return None


def whole_or_nothing(store: Store, sequence: int, after: str) -> None:
    """Nothing of a killed import is seen, unless it was killed between publishing and leaving: then all of it."""
    before = list(range(sequence - 1, 0, -1))
    seen = sequences(store)
    if seen != before:
        assert seen == [sequence, *before]
        assert graph_hash(store) == after


def killed_import(settings: Mapping[str, str], register: Path, moment: float) -> int:
    """Exit code of an import that is killed at that moment, where it still runs."""
    importing = command(settings, "import", str(register))
    time.sleep(moment)
    if importing.poll() is None:
        importing.kill()
    return importing.wait(CAP_SECONDS)


@pytest.fixture(scope="module")
def hashes(spare: Store, register: Path, corrected: Path, shared: Path) -> tuple[str, str]:
    """What undisturbed imports of both leave on a server: the same as on the other engine, to the last property."""
    emptied(spare)
    bootstrap(spare)
    made = []
    for delivery in (register, corrected):
        import_files(spare, [delivery])
        made.append(graph_hash(spare))
    assert_alike(shared, "killed imports", spare, made)
    return made[0], made[1]


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
