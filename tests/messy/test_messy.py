"""A messy delivery goes into the graph as a second reader reads it, or it is told; and the sum of its rows holds."""

from __future__ import annotations

from collections import Counter
from pathlib import Path

import pytest

from graph_service.services.imports.run import Report, run
from graph_service.store.graph import Store
from tests.messy.comparison import compare, sheet_of, stored_rows
from tests.messy.generator import messy_workbook
from tests.messy.reader import Delivery, read

OUTCOMES = ("new", "changed", "same", "refused", "left_out")


def assert_that_rows_add_up(report: Report, delivery: Delivery) -> None:
    """Every row ends as exactly one of new, changed, same, refused, left out by reason; as many are read as there are."""
    there = Counter(sheet_of(place) for place in delivery.rows)
    for sheet, counts in report.counts.items():
        assert counts["rows"] == sum(counts.get(name, 0) for name in OUTCOMES), (sheet, counts)
        assert counts.get("left_out", 0) == sum(report.left_out_rows.get(sheet, {}).values()), sheet
        assert counts["rows"] == there[sheet], sheet


@pytest.mark.one_engine
@pytest.mark.parametrize("seed", range(2))
def test_small_messy_registers_add_up_and_nothing_is_left_unsaid(empty: Store, tmp_path: Path, seed: int) -> None:
    paths, _ = messy_workbook(seed, 80, tmp_path)
    delivery = read(paths)
    report = run(empty, paths)
    assert_that_rows_add_up(report, delivery)
    assert compare(delivery, report, stored_rows(empty)) == []
