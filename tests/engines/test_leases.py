"""The lease of the writer: it is renewed by its holder, released or lapsing after any failure, and fenced."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
import threading
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from pathlib import Path

import pytest

from graph_service.core.query_scope import versions
from graph_service.core.recording import writer_lock
from graph_service.core.recording.changes import Change, apply_change
from graph_service.core.recording.import_lifecycle import begin, publish, run_guarded, undo
from graph_service.core.recording.version_writer import VersionWriter, WriteStep
from graph_service.core.recording.writer_lock import (
    acquire,
    current_holder,
    hold_writer_lock,
    is_gone,
    process_identity,
    release,
)
from graph_service.domain.metamodel import OPEN_SEQUENCE
from graph_service.errors import (
    ChangeInvalid,
    DeliveryRefused,
    ImportRunning,
    ImportTimeout,
    LeaseLost,
    NothingToUndo,
)
from graph_service.features.imports.publish.import_progress import running_import
from graph_service.features.imports.publish.import_run import import_files
from graph_service.platform.engine.client import Engine
from graph_service.platform.store.graph import Store
from graph_service.platform.store.hashing import graph_hash
from tests.conftest import SECONDS, emptied, neo4j_uri
from tests.county import workbook
from tests.patience import CAP_SECONDS, wait_until
from tests.processes import environment
from tests.servers.wire import Through

TERM = 5.0
"""Seconds without a heartbeat after which a lease lapses in these tests."""
ELSEWHERE = "MATCH (w:Writer) SET w.holder = 'elsewhere:1:1'"
HOLDER = """
import sys
from graph_service.config import get_settings
from graph_service.errors import LeaseLost
from graph_service.core.recording.import_lifecycle import begin, publish
from graph_service.core.recording.writer_lock import hold_writer_lock
from graph_service.platform.store.factory import managed_store
with managed_store(get_settings()) as store, hold_writer_lock(store) as token:
    sequence = begin(store, token, "held", ("held.xlsx",), "COLLECTION", "somebody", 20161231)
    print("holding", flush=True)
    sys.stdin.readline()
    try:
        publish(store, sequence, "{}", token)
        print("published", flush=True)
    except LeaseLost:
        print("lost", flush=True)
"""
"""Program of a writer in a separate process; it prints its state to standard output."""


def process_settings(store: Store, folder: Path) -> Mapping[str, str]:
    """Return the settings of a process that uses the same engine."""
    lease = {"GRAPH_SERVICE_LEASE_SECONDS": str(TERM)}
    if store.engine_name == "neo4j":
        return environment(folder, NEO4J_URI=neo4j_uri(store), **lease)
    return environment(store._engine._server._folder, **lease)  # type: ignore[attr-defined]


@contextmanager
def holding(store: Store, folder: Path) -> Iterator[subprocess.Popen[str]]:
    process = subprocess.Popen(
        (sys.executable, "-c", HOLDER),
        env=dict(process_settings(store, folder)), text=True, stdin=subprocess.PIPE, stdout=subprocess.PIPE,
    )  # fmt: skip
    try:
        assert process.stdout is not None
        assert process.stdout.readline() == "holding\n"
        yield process
    finally:
        process.kill()
        process.communicate()


@pytest.fixture
def household(tmp_path: Path) -> Path:
    headers: list[object] = ["户编号", "村编码", "户主姓名", "脱贫属性", "主要致贫原因", "年度"]
    card: list[object] = ["5134311002000001", "513431100200", "某甲", "未脱贫", "因病", 2016]
    return workbook({"贫困户": [headers, card]}, tmp_path / "household.xlsx")


@pytest.fixture
def prepared(empty: Store, monkeypatch: pytest.MonkeyPatch) -> Store:
    monkeypatch.setattr(empty, "lease_seconds", TERM)
    return empty


@pytest.fixture
def wired(prepared: Store) -> Iterator[tuple[Store, Through]]:
    """Connect the same store through a connection that can be cut."""
    source = Through(prepared._engine._server)
    store = Store(Engine(source, SECONDS), lease_seconds=TERM)
    yield store, source
    store.close()


@pytest.mark.parametrize("machine", ["this process", "another machine"])
def test_where_giving_back_fails_the_next_import_goes_through(
    prepared: Store, wired: tuple[Store, Through], household: Path, machine: str
) -> None:
    store, source = wired
    with hold_writer_lock(store) as token:
        sequence = begin(store, token, "first", ("first.xlsx",), "COLLECTION", "somebody", 20161231)
        publish(store, sequence, "{}", token)
        if machine == "another machine":
            prepared.write(lambda tx: tx.run(ELSEWHERE, {}))
        source.wire.cut()
    assert current_holder(prepared).token == token, "it could not be given back"
    source.wire.mend()
    assert import_files(store, [household]).sequence == 2
    assert current_holder(prepared).token == ""
    assert [version.sequence for version in versions(store)] == [2, 1]


def test_a_holder_that_stands_still_loses_its_lease_and_cannot_publish(
    prepared: Store, household: Path, tmp_path: Path
) -> None:
    with holding(prepared, tmp_path) as process:
        with pytest.raises(ImportRunning):
            acquire(prepared)
        assert running_import(prepared) is not None
        process.send_signal(signal.SIGSTOP)
        assert import_files(prepared, [household]).sequence == 1
        process.send_signal(signal.SIGCONT)
        assert process.communicate("go on\n", timeout=CAP_SECONDS)[0] == "lost\n"
    assert len(prepared.query("imports/published", before=OPEN_SEQUENCE, limit=9)) == 1
    assert prepared.query("imports/unfinished") == []


def test_a_killed_holder_is_replaced_at_once(
    prepared: Store, household: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(writer_lock, "_observation", lambda store: pytest.fail("it waits for the lease to lapse"))
    with holding(prepared, tmp_path) as process:
        process.kill()
        process.wait()
        assert import_files(prepared, [household]).sequence == 1


def test_a_lease_is_renewed_while_the_work_does_a_single_long_thing(
    prepared: Store, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(prepared, "lease_seconds", 1.0)
    with hold_writer_lock(prepared) as token:
        wait_until(lambda: current_holder(prepared).heartbeats > 2 * writer_lock.RENEWALS_PER_TERM, "renewals")
        assert current_holder(prepared).token == token


def test_a_lease_is_not_renewed_for_work_that_hangs(prepared: Store, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(writer_lock, "MAX_SILENCE_SECONDS", -1.0)
    monkeypatch.setattr(prepared, "lease_seconds", 1.0)
    with hold_writer_lock(prepared) as token:
        wait_until(lambda: all(thread.name != "lease" for thread in threading.enumerate()), "the end of renewing")
        assert current_holder(prepared).heartbeats == 0
        prepared.write(lambda tx: tx.run(ELSEWHERE, {}))
        monkeypatch.delitem(writer_lock._local_work, token)
        release(prepared, acquire(prepared))


def test_a_sign_of_life_at_the_last_moment_keeps_the_lease(prepared: Store) -> None:
    """Check that a lease is not taken over by a writer that observed an older state."""
    with hold_writer_lock(prepared) as token:
        stale = {"seen": token, "batch": 0, "beats": -1, "token": "late", "holder": "elsewhere:1:1", "term": TERM}
        assert prepared.execute("imports/take", **stale) == []
        assert current_holder(prepared).token == token


def test_whatever_becomes_of_the_work_the_lease_is_free(prepared: Store, household: Path, tmp_path: Path) -> None:
    def refuse() -> list[writer_lock.LockHolder]:
        raise ChangeInvalid(field="x", reason_zh="x", reason_en="x")

    nothing = tmp_path / "nothing.csv"
    nothing.write_text("甲,乙\n1,2\n", encoding="utf-8")
    import_files(prepared, [household])
    assert current_holder(prepared).token == ""
    with pytest.raises(DeliveryRefused):
        import_files(prepared, [nothing])
    with pytest.raises(ChangeInvalid):
        apply_change(prepared, Change("k", "check", ""), refuse)  # type: ignore[arg-type]
    assert current_holder(prepared).token == ""
    assert apply_change(prepared, Change("k", "check", ""), list).changed is False
    assert current_holder(prepared).token == ""
    assert undo(prepared) == 1
    assert current_holder(prepared).token == ""
    with pytest.raises(NothingToUndo):
        undo(prepared)
    assert current_holder(prepared).token == ""


def test_who_has_lost_the_lease_can_neither_begin_nor_hide_nor_sweep(prepared: Store, household: Path) -> None:
    import_files(prepared, [household])
    with hold_writer_lock(prepared) as token:
        prepared.write(lambda tx: tx.run("MATCH (w:Writer) SET w.token = 'another one'", {}))
        with pytest.raises(LeaseLost):
            begin(prepared, token, "late", ("late.xlsx",), "COLLECTION", "somebody", 20161231)
        for name in ("imports/hide", "imports/swept", "imports/sweep_nodes"):
            with pytest.raises(LeaseLost):
                run_guarded(prepared, token, name, sequence=1, seq=1, open=OPEN_SEQUENCE, limit=1)
    assert current_holder(prepared).token == "another one", "what another one has is not given back"
    release(prepared, "another one")
    assert [row[0] for row in prepared.query("imports/published", before=OPEN_SEQUENCE, limit=9)] == [1]


@pytest.mark.one_engine
def test_a_process_is_known_by_its_number_and_its_start() -> None:
    identity = process_identity(os.getpid())
    machine, number, started = identity.split(":")
    assert is_gone(writer_lock.LockHolder("nobody's", identity)), "this process does not work under that token"
    assert is_gone(writer_lock.LockHolder("t", f"{machine}:{number}:{float(started) - 100}")), (
        "the number is another process's now"
    )
    assert not is_gone(writer_lock.LockHolder("t", f"elsewhere:{number}:{started}")), (
        "what runs elsewhere is not known here"
    )
    assert not is_gone(writer_lock.LockHolder("t", process_identity(os.getppid())))


def test_a_batch_that_takes_too_long_is_written_in_smaller_pieces(
    prepared: Store, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    rows: list[list[object]] = [["部门编号", "部门名称"]]
    rows += [[f"BM{n}", f"某局{n}"] for n in range(300)]
    delivery = workbook({"帮扶部门": rows}, tmp_path / "many.xlsx")
    import_files(prepared, [delivery], day=20161231)
    hash_at_once = graph_hash(prepared)
    emptied(prepared)
    apply, sizes = VersionWriter.apply, []

    def busy(self: VersionWriter, steps: list[WriteStep]) -> None:
        sizes.append(len(steps[-1].rows))
        if sizes[-1] > 100:
            raise ImportTimeout(seconds=1)
        apply(self, steps)

    monkeypatch.setattr(VersionWriter, "apply", busy)
    assert import_files(prepared, [delivery], day=20161231).counts["帮扶部门"]["rows"] == 300
    assert (max(sizes), [size for size in sizes if size <= 100][:4]) == (300, [75, 75, 75, 75])
    assert graph_hash(prepared) == hash_at_once
    monkeypatch.setattr(VersionWriter, "apply", lambda self, steps: busy(self, [*steps, WriteStep("", [{}] * 101)]))
    undo(prepared)
    with pytest.raises(ImportTimeout, match="GRAPH_SERVICE_IMPORT_SECONDS"):
        import_files(prepared, [delivery], day=20161231)
    assert current_holder(prepared).token == ""
    assert versions(prepared) == []
