"""The second reader and the generator checked against each other: planted mess is read as docs/reference/files.md says."""

from __future__ import annotations

from pathlib import Path

import pytest

from tests.features.imports.messy.generator import LAYOUTS, messy_workbook
from tests.features.imports.messy.kinds import CELLS, NOT_READ, ROWS, UNDERSTOOD, Kind
from tests.features.imports.messy.reader import Delivery, Reading, read
from tests.features.imports.messy.writing import Plants

SEED, MANY = 20161231, 5_000
BLANK = ("white space alone", "formula whose result is empty")
"""Kinds that leave a cell blank: a row is refused where it requires that cell."""
UNUSED = {
    "unit not known": {"COLUMN_UNIT"},
    "unit of another kind": {"COLUMN_UNIT"},
    "unit in the title not known": {"COLUMN_UNIT"},
    "area not known": {"COLUMN_UNIT"},
    "header twice": {"COLUMN_TWICE"},
    "columns not known": {"COLUMN_UNKNOWN"},
}
"""Layouts of tables with columns that are not used, and the codes that say why."""
Messy = tuple[list[Path], Plants, Delivery]


@pytest.fixture(scope="module")
def messy(tmp_path_factory: pytest.TempPathFactory) -> Messy:
    paths, plants = messy_workbook(SEED, MANY, tmp_path_factory.mktemp("messy"))
    return paths, plants, read(paths)


def test_every_kind_is_planted(messy: Messy) -> None:
    _, plants, delivery = messy
    kinds = {kind.name for kind in CELLS} | {name for name, _, _ in ROWS} | {kind for _, kind, _ in LAYOUTS}
    kinds |= {
        "hidden row",
        "merged cells",
        "header repeated",
        "further header",
        "row below the header again",
        "title repeated",
        "blank row",
        "quotation mark never closed",
        "days since 1904",
    }
    assert kinds <= plants.keys()
    assert len(delivery.rows) >= MANY


def outcomes(messy: Messy, kind: str) -> list[tuple[Reading, str]]:
    _, plants, delivery = messy
    return [(delivery.rows[file, sheet, row], header) for file, sheet, row, header in plants[kind] if row]


@pytest.mark.parametrize("kind", CELLS, ids=lambda kind: kind.name)
def test_cells_are_read_as_the_rules_say(messy: Messy, kind: Kind) -> None:
    for reading, header in outcomes(messy, kind.name):
        code = reading.code if reading.outcome == "refused" else reading.flags.get(header, UNDERSTOOD)
        if kind.name in BLANK and reading.outcome == "refused":
            continue
        expected = UNDERSTOOD if kind.code == "KEY_UNLIKE_OTHERS" else kind.code
        assert bool(code) if expected == NOT_READ else code == expected, (reading, header)


@pytest.mark.parametrize(
    ("kind", "outcome", "code"),
    [
        ("total", "left out", "TOTAL_ROW"),
        ("note", "left out", "NOTE_ROW"),
        ("header repeated", "left out", "HEADER_REPEATED"),
        ("title repeated", "left out", "HEADER_REPEATED"),
        ("further header", "refused", "HEADER_CHANGED"),
        ("row below a further header", "refused", "BELOW_OTHER_HEADER"),
        ("header again", "left out", "HEADER_REPEATED"),
        ("row below the header again", "record", ""),
        ("hidden row", "left out", "HIDDEN_ROW"),
        ("merged cells", "record", ""),
        ("quotation mark never closed", "refused", "CSV_QUOTE"),
        ("quotation mark closed late", "refused", "CSV_QUOTE"),
        ("quotation mark that closes late", "record", ""),
        ("note over several lines", "record", ""),
        ("quotation marks doubled", "record", ""),
        ("quotation mark within a cell", "record", ""),
        ("separator in a cell that is not quoted", "refused", "ROW_WIDTH"),
        ("another separator", "refused", "ROW_WIDTH"),
        ("row cut short", "record", ""),
    ],
)
def test_rows_are_read_as_the_rules_say(messy: Messy, kind: str, outcome: str, code: str) -> None:
    assert {(reading.outcome, reading.code) for reading, _ in outcomes(messy, kind)} == {(outcome, code)}


def test_what_nothing_is_done_to_is_a_record_without_a_flag(messy: Messy) -> None:
    _, plants, delivery = messy
    touched = {(file, sheet, row) for cells in plants.values() for file, sheet, row, _ in cells}
    clean = {position: reading for position, reading in delivery.rows.items() if position not in touched}
    assert len(clean) > MANY / 2
    assert {(reading.outcome, *reading.flags.values()) for reading in clean.values()} == {("record",)}


def test_columns_and_sheets_that_are_not_used_are_told(messy: Messy) -> None:
    _, plants, delivery = messy
    codes_by_sheet: dict[str, set[str]] = {}
    for (_, sheet, _), code in delivery.columns.items():
        codes_by_sheet.setdefault(sheet, set()).add(code)
    for _, kind, _ in LAYOUTS:
        [(file, sheet, _, _)] = plants[kind]
        assert codes_by_sheet.get(sheet, set()) == UNUSED.get(kind.partition(":")[0], set()), kind
        assert ((file, sheet) in delivery.sheets) == kind.startswith("sheet "), kind
