"""The index of the keys of a delivery: an unnamed file on disk that no kill leaves behind; a full disk raises StorageFull."""

from __future__ import annotations

import sqlite3
from pathlib import Path
from typing import Any

import pytest

from graph_service.errors import StorageFull
from graph_service.features.imports.validate.key_index import KeyIndex


def test_keys_are_on_disk_under_no_name(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    for variable in ("SQLITE_TMPDIR", "TMPDIR"):
        monkeypatch.setenv(variable, str(tmp_path))
    with KeyIndex() as keys:
        keys.add_all("Household", (f"{number:016}" for number in range(10_000)))
        assert list(tmp_path.iterdir()) == []
        assert keys.find_known("Household", ["0000000000009999", "0000000000010000"]) == {"0000000000009999"}


def test_no_room_for_keys_is_a_refusal(monkeypatch: pytest.MonkeyPatch) -> None:
    connect = sqlite3.connect

    def cramped(*args: Any, **kwargs: Any) -> sqlite3.Connection:
        database: sqlite3.Connection = connect(*args, **kwargs)
        database.execute("PRAGMA max_page_count = 8")
        return database

    monkeypatch.setattr(sqlite3, "connect", cramped)
    with pytest.raises(StorageFull), KeyIndex() as keys:
        keys.add_all("Household", (f"{number:016}" for number in range(10_000)))
