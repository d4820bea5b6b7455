"""Units that rows below a header state of its columns: footers, totals, rows of units, a column of units (docs/files.md)."""

from __future__ import annotations

import re
from collections.abc import Callable, Collection, Iterable, Iterator, Sequence

from graph_service.core.cells.cell_texts import cell_text
from graph_service.core.cells.stated_units import UNCLEAR_MARK, units_in_note
from graph_service.core.cells.units import MONEY, UNITS, plain_header
from graph_service.features.imports.read.row_classification import non_record_reason
from graph_service.features.imports.read.upper_headers import income_years, is_about_other_incomes
from graph_service.platform.readers.cells import Cell, SourceRow

_RELEVANT_TEXT = re.compile(
    r"[元圆圓币]|单位|單位|yuan|rmb|unit|cny|收入|数据|金额|面积|公顷|[以按].{1,4}计|[十百千万]亩|距离|里程",
    re.IGNORECASE,
)
"""What a text has that may state a unit or speak of incomes: few texts are looked at further."""
_AMOUNT = re.compile(r"\d\s*([十百千万亿]+元)$")
_FIGURE = re.compile(r"\d")
_UNIT_HEADER = re.compile("单位|unit|币", re.IGNORECASE)
"""What the header of a column of units says."""


def unit_notes(
    read_rows: Callable[[], Iterable[SourceRow]],
    header_rows: Sequence[Sequence[str]],
    key_position: int | None,
    measured_positions: Collection[int],
) -> list[str]:
    """Return the notes among the rows below a header that state a unit, or that the incomes are not those of the year. `read_rows` reads them;
    `measured_positions`: the positions of amounts; `key_position`: of what names a record, None where no cell does."""
    notes: dict[str, int] = {}
    columns: dict[int, dict[str, None]] = {}
    for row in read_rows():
        if not row.fault:
            speaking = [
                (at, cell) for at, cell in enumerate(row.cells) if isinstance(cell, str) and _RELEVANT_TEXT.search(cell)
            ]
            if speaking:
                for text, at in _notes(row, speaking, header_rows, key_position, measured_positions):
                    if at is None:
                        notes[text] = row.number
                    else:
                        columns.setdefault(at, {})[text] = None
    first, last, partly_blank = 0, 0, set[int]()
    told = set(notes.values()) if key_position is not None else set()
    for row in read_rows() if columns or notes else ():
        if row.number not in told and _is_record(row, header_rows, key_position):
            first, last = first or row.number, row.number
            partly_blank.update(at for at in columns if at >= len(row.cells) or not row.cells[at])
    # What stands between records may hold for those above it, for those below it, or for all.
    found = [
        unit
        for note, number in notes.items()
        for unit in (_mentioned_units(note) if first <= number <= last else [note])
    ]
    # A column of units that some records leave blank says nothing of those.
    for at, units in columns.items():
        unclear = at in partly_blank or not _UNIT_HEADER.search(
            " ".join(one[at] for one in header_rows if at < len(one))
        )
        found += [unit for text in units for unit in (_mentioned_units(text) if unclear else [text])]
    return list(dict.fromkeys(found))


def _mentioned_units(note: str) -> list[str]:
    """The units of a note as such that are only mentioned; a note that speaks of incomes as it is."""
    if is_about_other_incomes(note) or income_years(note):
        return [note]
    return [UNCLEAR_MARK + unit.lstrip(UNCLEAR_MARK) for unit in units_in_note(note)]


def _is_record(row: SourceRow, header_rows: Sequence[Sequence[str]], key_position: int | None) -> bool:
    return not row.fault and not row.hidden and not non_record_reason(row.cells, key_position, header_rows)[0]


def _notes(
    row: SourceRow,
    relevant_cells: Sequence[tuple[int, str]],
    header_rows: Sequence[Sequence[str]],
    key_position: int | None,
    measured_positions: Collection[int],
) -> Iterator[tuple[str, int | None]]:
    """Yield (note, position of the column of units that it stands in, if any)."""
    code, _ = non_record_reason(row.cells, key_position, header_rows)
    for at, text in relevant_cells:
        if code or row.hidden:
            if units_in_note(text) or is_about_other_incomes(text) or income_years(text):
                yield text, None
            elif code == "TOTAL_ROW" and (amount := _AMOUNT.search(cell_text(text) or "")):
                # 3.5万元 may sum yuan, too.
                yield UNCLEAR_MARK + amount[1], None
        elif at in measured_positions:
            # A unit alone is no amount: in a row without any figure it is that of the column, in a record (十万元) it is refused.
            if not any(_FIGURE.search(cell_text(cell) or "") for cell in row.cells):
                yield from (
                    (text if key_position is not None else UNCLEAR_MARK + unit, None) for unit in units_in_note(text)
                )
        elif plain_header(text) in UNITS[MONEY]:
            # A column that has the unit of each row.
            yield text, at


def unclear_units(cells: Iterable[Cell]) -> Iterator[str]:
    """Yield the units, but yuan, that a hidden row above a header states, or what stands beside the cells: whether they hold for the amounts
    nobody can tell."""
    for cell in cells:
        for unit in units_in_note(cell) if isinstance(cell, str) else ():
            plain = plain_header(unit.lstrip(UNCLEAR_MARK))
            if plain not in UNITS[MONEY] or UNITS[MONEY][plain].factor != 1:
                yield UNCLEAR_MARK + plain
