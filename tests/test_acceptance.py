"""The truth file of the sample register: computed apart from this project, and what both engines must answer."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest

from graph_service.services.coverage import gaps
from graph_service.services.imports.run import Report
from graph_service.services.viewing import Viewing
from graph_service.store.graph import Store

TRUTH: dict[str, Any] = json.loads((Path(__file__).parent / "data" / "truth.json").read_text(encoding="utf-8"))


def test_rows_are_counted(imported: Report) -> None:
    assert {name: counts["rows"] for name, counts in imported.counts.items()} == TRUTH["counts"]


def test_refused_rows(imported: Report) -> None:
    refused = [[r.sheet, r.row, r.key, r.code] for r in imported.remarks if r.refused]
    assert sorted(refused) == sorted(TRUTH["rejected"])


def test_flagged_cells(imported: Report) -> None:
    flagged = [[r.sheet, r.row, r.key, r.code] for r in imported.remarks if not r.refused]
    assert sorted(flagged) == sorted(TRUTH["flagged"])


@pytest.mark.parametrize("duty", sorted(TRUTH["coverage"]))
def test_coverage_gaps(store: Store, imported: Report, duty: str) -> None:
    page = gaps(store, Viewing.of(store, TRUTH["county"], as_of=TRUTH["as_of"]), duties=[duty], first=500)
    found = {g.household or g.village: [g.reason, g.holder, g.date] for g in page.gaps}
    assert found == TRUTH["coverage"][duty]["gaps"]
    assert not page.has_next
