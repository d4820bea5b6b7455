"""The checks made on demand, as a data version of its own."""

from __future__ import annotations

import secrets
from collections.abc import Callable

from graph_service.core.query_scope import newest_version
from graph_service.core.recording.affected_counties import all_counties
from graph_service.core.recording.changes import Change, ChangeResult, ChangeRow, apply_change
from graph_service.errors import NothingPublished
from graph_service.features.checks.run import FINDING, compare_findings
from graph_service.platform.store.graph import Store


def rerun_checks(store: Store, by: str, on_progress: Callable[[int], None] = lambda _: None) -> ChangeResult:
    """Look at every county on the day of the last collection. What an official has put right stays so until the next delivery.

    `on_progress` is called with how many findings changed in a county. Raises `NothingPublished`, `ChangeConflict`.
    """
    last = newest_version(store)
    if last is None:
        raise NothingPublished

    def rows() -> list[ChangeRow]:
        found: list[ChangeRow] = []
        for some in compare_findings(
            store,
            all_counties(store),
            last.sequence,
            last.latest_day,
            previous_day=last.latest_day,
            reopen_resolved=False,
        ):
            found += some
            on_progress(sum(target == FINDING for target, _ in some))
        return found

    return apply_change(store, Change(secrets.token_hex(8), "check", "", by), rows)
