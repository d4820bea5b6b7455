"""The checks made on demand, as a data version of its own."""

from __future__ import annotations

import secrets
from collections.abc import Callable

from graph_service.errors import NothingPublished
from graph_service.services.checks.run import FINDING, compared
from graph_service.services.imports.changes import Change, Recorded, Row, changed
from graph_service.services.imports.touched import everywhere
from graph_service.services.viewing import newest
from graph_service.store.graph import Store


def check(store: Store, by: str, progress: Callable[[int], None] = lambda _: None) -> Recorded:
    """Look at every county on the day of the last collection. What an official has put right stays so until the next delivery.

    `progress` is called with how many findings changed in a county. Raises `NothingPublished`, `ChangeConflict`.
    """
    last = newest(store)
    if last is None:
        raise NothingPublished

    def rows() -> list[Row]:
        found: list[Row] = []
        for some in compared(store, everywhere(store), last.sequence, last.latest, before=last.latest, again=False):
            found += some
            progress(sum(target == FINDING for target, _ in some))
        return found

    return changed(store, Change(secrets.token_hex(8), "check", "", by), rows)
