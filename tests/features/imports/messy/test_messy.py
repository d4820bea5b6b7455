"""Messy deliveries: the graph has the values of a second reader or the report explains them, and row counts add up."""

from __future__ import annotations

from collections import Counter
from pathlib import Path

import pytest

from graph_service.features.imports.publish.import_report import ImportReport
from graph_service.features.imports.publish.import_run import import_files
from graph_service.platform.store.graph import Store
from tests.features.imports.messy.comparison import compare, same, sheet_of, stored_rows
from tests.features.imports.messy.generator import clean_workbook, messy_workbook
from tests.features.imports.messy.reader import Delivery, read
from tests.features.imports.messy.tables import NUMBERS, TABLES
from tests.features.imports.messy.test_reader import MANY, SEED

OUTCOMES = ("new", "changed", "same", "refused", "left_out")


def assert_that_rows_add_up(report: ImportReport, delivery: Delivery) -> None:
    """Assert that every row counts once, as new, changed, same, refused or left out by reason, and that all rows are read."""
    row_counts = Counter(sheet_of(position) for position in delivery.rows)
    for sheet, counts in report.counts.items():
        assert counts["rows"] == sum(counts.get(name, 0) for name in OUTCOMES), (sheet, counts)
        assert counts.get("left_out", 0) == sum(report.left_out_rows.get(sheet, {}).values()), sheet
        assert counts["rows"] == row_counts[sheet], sheet


@pytest.mark.one_engine
@pytest.mark.parametrize("seed", range(2))
def test_small_messy_registers_add_up_and_nothing_is_left_unsaid(empty: Store, tmp_path: Path, seed: int) -> None:
    paths, _ = messy_workbook(seed, 80, tmp_path)
    delivery = read(paths)
    report = import_files(empty, paths)
    assert_that_rows_add_up(report, delivery)
    assert compare(delivery, report, stored_rows(empty)) == []


@pytest.mark.one_engine
def test_what_is_not_understood_leaves_what_was_known(empty: Store, tmp_path: Path) -> None:
    clean, (messy, _) = clean_workbook(SEED, 400, tmp_path), messy_workbook(SEED, 400, tmp_path)
    import_files(empty, [clean])
    import_files(empty, messy)
    clean_values = {
        (sheet, r.values[NUMBERS[sheet]]): r.values
        for (_, sheet, _), r in read([clean]).rows.items()
        if sheet in NUMBERS
    }
    stored = {
        (target, row["owner"]): row
        for target, rows in stored_rows(empty).items()
        for row in rows.values()
        if "owner" in row
    }
    kept_count = 0
    for position, reading in read(messy).rows.items():
        sheet = sheet_of(position)
        before = clean_values.get((sheet, reading.values.get(NUMBERS.get(sheet, ""))), {})
        for column in TABLES[sheet] if before else ():
            location, value = column.at[0] if column.at else "", reading.values.get(column.header)
            target, _, name = location.partition(".")
            row = stored.get((target, before[NUMBERS[sheet]]), {})
            if name in row and column.header in reading.flags and (value is None or isinstance(value, tuple)):
                kept_count += 1
                assert same(column, before[column.header], row[name], row.get(f"{name}_text")), (
                    position,
                    column.header,
                    reading,
                    row,
                )
    assert kept_count > 10


@pytest.mark.slow
@pytest.mark.one_engine
def test_a_messy_register_is_read_as_a_second_reader_reads_it(empty: Store, tmp_path: Path) -> None:
    paths, plants = messy_workbook(SEED, MANY, tmp_path)
    delivery = read(paths)
    report = import_files(empty, paths)
    assert_that_rows_add_up(report, delivery)
    assert compare(delivery, report, stored_rows(empty)) == []
    odd_rows = {(file, sheet, row) for file, sheet, row, _ in plants["number of an odd shape"]}
    reported_rows = {
        (remark.file, remark.sheet, remark.row)
        for remark in report.remarks
        if remark.refused or remark.code == "KEY_UNLIKE_OTHERS"
    }
    assert odd_rows <= reported_rows
