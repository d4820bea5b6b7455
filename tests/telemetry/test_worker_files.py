"""Files of workers: each has a slot of its own, a new one counts on where a dead one stopped, and nothing is left behind."""

from __future__ import annotations

import os
from pathlib import Path

from graph_service.telemetry.worker_files import (
    FILE_BYTES,
    FOLDER,
    VARIABLE,
    claim_slot,
    remove_dead_gauges,
    shared_folder,
    shared_metrics,
)


def test_workers_get_slots_of_their_own(tmp_path: Path) -> None:
    claims = [claim_slot(tmp_path) for _ in range(3)]
    assert [slot for slot, _ in claims] == [0, 1, 2]
    claims[1][1].close()
    slot, lock = claim_slot(tmp_path)
    assert slot == 1
    for open_lock in (lock, claims[0][1], claims[2][1]):
        open_lock.close()


def test_a_slot_keeps_its_counts_and_loses_what_ended(tmp_path: Path) -> None:
    _, lock = claim_slot(tmp_path)
    counter, gauge = tmp_path / "counter_0.db", tmp_path / "gauge_livesum_0.db"
    for path in (counter, gauge):
        path.write_bytes(b"figures")
    lock.close()
    _, lock = claim_slot(tmp_path)
    assert counter.read_bytes() == b"figures"
    assert gauge.read_bytes() == bytes(FILE_BYTES)
    lock.close()


def test_figures_of_a_dead_worker_are_removed_those_of_a_living_one_stay(tmp_path: Path) -> None:
    (_, dead), (_, living) = claim_slot(tmp_path), claim_slot(tmp_path)
    dead.close()
    remove_dead_gauges(tmp_path)
    assert not list(tmp_path.glob("gauge_live*_0.db"))
    assert len(list(tmp_path.glob("gauge_live*_1.db"))) == 3
    assert (tmp_path / "counter_0.db").exists()
    living.close()


def test_a_folder_is_removed_at_the_end_and_after_a_crash(tmp_path: Path) -> None:
    crashed = tmp_path / FOLDER / "workers-crashed"
    crashed.mkdir(parents=True)
    with shared_metrics(tmp_path) as first, shared_metrics(tmp_path) as second:
        assert not crashed.exists()
        assert first.exists()
        assert second.exists()
        assert shared_folder() == second
    assert [path.name for path in (tmp_path / FOLDER).iterdir()] == ["lock"]
    assert VARIABLE not in os.environ
