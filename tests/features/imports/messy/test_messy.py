"""A messy delivery goes into the graph as a second reader reads it, or it is told; and the sum of its rows holds."""

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
    report = import_files(empty, paths)
    assert_that_rows_add_up(report, delivery)
    assert compare(delivery, report, stored_rows(empty)) == []


@pytest.mark.one_engine
def test_what_is_not_understood_leaves_what_was_known(empty: Store, tmp_path: Path) -> None:
    clean, (messy, _) = clean_workbook(SEED, 400, tmp_path), messy_workbook(SEED, 400, tmp_path)
    import_files(empty, [clean])
    import_files(empty, messy)
    known = {
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
    kept = 0
    for place, reading in read(messy).rows.items():
        sheet = sheet_of(place)
        before = known.get((sheet, reading.values.get(NUMBERS.get(sheet, ""))), {})
        for column in TABLES[sheet] if before else ():
            at, value = column.at[0] if column.at else "", reading.values.get(column.header)
            target, _, name = at.partition(".")
            row = stored.get((target, before[NUMBERS[sheet]]), {})
            if name in row and column.header in reading.flags and (value is None or isinstance(value, tuple)):
                kept += 1
                assert same(column, before[column.header], row[name], row.get(f"{name}_text")), (
                    place,
                    column.header,
                    reading,
                    row,
                )
    assert kept > 10


@pytest.mark.slow
@pytest.mark.one_engine
def test_a_messy_register_is_read_as_a_second_reader_reads_it(empty: Store, tmp_path: Path) -> None:
    paths, plants = messy_workbook(SEED, MANY, tmp_path)
    delivery = read(paths)
    report = import_files(empty, paths)
    assert_that_rows_add_up(report, delivery)
    assert compare(delivery, report, stored_rows(empty)) == []
    odd = {(file, sheet, row) for file, sheet, row, _ in plants["number of an odd shape"]}
    told = {(one.file, one.sheet, one.row) for one in report.remarks if one.refused or one.code == "KEY_UNLIKE_OTHERS"}
    assert odd <= told
