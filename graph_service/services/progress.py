"""What an import that is running has come to, as any process sees it."""

from __future__ import annotations

from dataclasses import dataclass

from graph_service.services.imports.turns import lapsed
from graph_service.store.graph import Store


@dataclass(frozen=True, slots=True)
class Progress:
    """How far a running import has come: the sheet it is at, rows read of all sheets."""

    sequence: int
    sheet: str
    rows: int


def running(store: Store) -> Progress | None:
    """The import that is running, as it was at most a second ago; none where none is, or it has stopped."""
    found = store.lately("imports/progress")
    return Progress(*found[0]) if found and not lapsed(store) else None
