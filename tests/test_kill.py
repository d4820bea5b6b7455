"""Killed anywhere and run again, an import ends in the same graph as an undisturbed one; what was acknowledged stays."""

from __future__ import annotations

import json
import os
import random
import shutil
import signal
import subprocess
import sys
import time
from pathlib import Path

import pytest

from graph_service.engine.embedded import Embedded, read_endpoint
from graph_service.engine.port import Engine
from graph_service.services.areas import bootstrap
from graph_service.services.imports.run import run
from graph_service.services.viewing import versions
from graph_service.store.graph import Store
from graph_service.store.hashing import graph_hash
from tests.conftest import REGISTER, SECONDS

POINTS = 4
SEED = 20161231


def opened(folder: Path) -> Store:
    return Store(Engine(Embedded(folder, SECONDS, "512m"), SECONDS))


@pytest.fixture(scope="module")
def prepared(tmp_path_factory: pytest.TempPathFactory) -> tuple[Path, str, float]:
    """(a folder with the area tree, the hash of an undisturbed import, how long that took)."""
    folder = tmp_path_factory.mktemp("prepared")
    store = opened(folder / "tree")
    store.prepare()
    bootstrap(store)
    store.close()
    shutil.copytree(folder / "tree", folder / "clean")
    began = time.monotonic()
    assert command(folder / "clean", "import").wait(120) == 1
    took = time.monotonic() - began
    store = opened(folder / "clean")
    expected = graph_hash(store)
    store.close()
    return folder / "tree", expected, took


def command(folder: Path, *words: str) -> subprocess.Popen[bytes]:
    """`graph-service` on the register, as a process of its own."""
    environment = {k: v for k, v in os.environ.items() if not k.startswith(("NEO4J_", "GRAPH_SERVICE_"))}
    environment |= {"GRAPH_SERVICE_DATA": str(folder), "GRAPH_SERVICE_ENGINE_MEMORY": "512m"}
    return subprocess.Popen(
        [sys.executable, "-m", "graph_service", *words, str(REGISTER)],
        env=environment, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL,
    )  # fmt: skip


def engine_pid(folder: Path) -> int | None:
    """The engine that the command started, by the id in its endpoint file."""
    endpoint = read_endpoint(folder)
    return int(endpoint["pid"]) if endpoint else None


@pytest.mark.parametrize("point", range(POINTS))
def test_killed_and_run_again(prepared: tuple[Path, str, float], tmp_path: Path, point: int) -> None:
    tree, expected, took = prepared
    folder = tmp_path / "data"
    shutil.copytree(tree, folder)
    chance = random.Random(SEED + point)
    importing = command(folder, "import")
    time.sleep(chance.uniform(0.05, 0.95) * took)
    if importing.poll() is None:
        importing.kill()
    code = importing.wait(60)
    assert code in (1, -signal.SIGKILL)
    store = opened(folder)
    try:
        if code != 1:
            assert versions(store) == [], "what was not published is not seen"
        run(store, [REGISTER])
        assert graph_hash(store) == expected
        # Acknowledged: even the engine's death does not take it back.
        pid = engine_pid(folder)
        assert pid is not None
        os.kill(pid, signal.SIGKILL)
        time.sleep(0.2)
        assert graph_hash(store) == expected
        assert json.dumps([v.sequence for v in versions(store)]) == "[1]"
    finally:
        store.close()
