"""Progress of a running import, as any process sees it."""

from __future__ import annotations

from dataclasses import dataclass

from graph_service.core.recording.writer_lock import has_lapsed
from graph_service.platform.store.graph import Store


@dataclass(frozen=True, slots=True)
class ImportProgress:
    """Progress of a running import: the sheet being read, rows read of all sheets."""

    sequence: int
    sheet: str
    rows: int


def running_import(store: Store) -> ImportProgress | None:
    """Return the running import, as it was at most a second ago; None where none is running, or it has stopped."""
    rows = store.query_recent("imports/progress")
    return ImportProgress(*rows[0]) if rows and not has_lapsed(store) else None
