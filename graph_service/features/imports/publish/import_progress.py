"""What an import that is running has come to, as any process sees it."""

from __future__ import annotations

from dataclasses import dataclass

from graph_service.core.recording.writer_lock import has_lapsed
from graph_service.platform.store.graph import Store


@dataclass(frozen=True, slots=True)
class ImportProgress:
    """How far a running import has come: the sheet it is at, rows read of all sheets."""

    sequence: int
    sheet: str
    rows: int


def running_import(store: Store) -> ImportProgress | None:
    """The import that is running, as it was at most a second ago; none where none is, or it has stopped."""
    found = store.query_recent("imports/progress")
    return ImportProgress(*found[0]) if found and not has_lapsed(store) else None
