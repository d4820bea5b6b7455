"""Absent parts of the suite: listed first, with the reason and the remedy; waits that a busy machine does not break."""

from __future__ import annotations

import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest

from tests import parts, patience
from tests.clients import node
from tests.patience import StalledError, wait_until, work_done
from tests.servers import neo4j_server

pytestmark = pytest.mark.one_engine


@pytest.fixture
def bare(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> Iterator[None]:
    """Simulate a machine that has only Python."""
    monkeypatch.delenv("CI", raising=False)
    monkeypatch.setattr("shutil.which", lambda _name: None)
    monkeypatch.setattr(neo4j_server, "LIBRARY", tmp_path / "nothing")
    monkeypatch.setattr(node, "BIN", tmp_path)
    for function in (parts.absences, parts.compose_client):
        function.cache_clear()
    yield
    for function in (parts.absences, parts.compose_client):
        function.cache_clear()


@pytest.mark.usefixtures("bare")
def test_what_is_absent_is_said_with_its_remedy(capsys: pytest.CaptureFixture[str]) -> None:
    assert parts.main() == 0
    lines = capsys.readouterr().out.splitlines()
    assert len(lines) == len(parts.absences()) == 4
    remedies = {"Neo4j": "", "npm": "pip", "browser": "chromium", "docker-compose": "package"}
    for line, (part, remedy) in zip(lines, remedies.items(), strict=True):
        assert line.startswith("will be left out — ")
        assert part in line
        assert remedy in line.partition("To have it: ")[2]


@pytest.mark.usefixtures("bare")
def test_where_nothing_may_be_left_out_it_fails_at_once(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("CI", "true")
    assert parts.main() == 1


def test_nothing_is_said_to_be_left_out_where_all_is_there(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(parts, "absences", lambda: ())
    monkeypatch.setenv("CI", "true")
    assert parts.main() == 0
    assert "left out" not in " ".join(parts.lines())


def test_what_works_is_waited_for_longer_than_what_stands_still(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(patience, "STALL_SECONDS", 1.0)
    idle_process = subprocess.Popen([sys.executable, "-c", "input()"], stdin=subprocess.PIPE)
    busy_process = subprocess.Popen([sys.executable, "-c", "while True: pass"])
    try:
        with pytest.raises(StalledError, match="done nothing"):
            wait_until(lambda: False, "a test", idle_process.pid)
        work_before = work_done(busy_process.pid, None)
        assert work_before is not None
        wait_until(
            lambda: (work_done(busy_process.pid, None) or work_before)[0] > work_before[0] + 2,
            "a test",
            busy_process.pid,
        )
    finally:
        for process in (idle_process, busy_process):
            process.kill()
            process.communicate()
    with pytest.raises(StalledError, match="has ended"):
        wait_until(lambda: False, "a test", busy_process.pid)
