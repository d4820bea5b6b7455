"""The checks run on demand, as a data version."""

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
    """Check every county for the day of the last collection. Findings that an official has put right stay so until the next delivery.

    `on_progress` is called with the number of findings changed in a county. Raises `NothingPublished`, `ChangeConflict`.
    """
    newest = newest_version(store)
    if newest is None:
        raise NothingPublished

    def build_rows() -> list[ChangeRow]:
        rows: list[ChangeRow] = []
        for county_rows in compare_findings(
            store,
            all_counties(store),
            newest.sequence,
            newest.latest_day,
            previous_day=newest.latest_day,
            reopen_resolved=False,
        ):
            rows += county_rows
            on_progress(sum(row.target == FINDING for row in county_rows))
        return rows

    return apply_change(store, Change(secrets.token_hex(8), "check", "", by), build_rows)
