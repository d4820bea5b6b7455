"""Units stated for the columns by rows below a header: footers, totals, rows of units, a column of units (docs/reference/files.md)."""

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
"""Marks of texts that may state a unit or speak of incomes: only these few texts are examined further."""
_AMOUNT = re.compile(r"\d\s*([十百千万亿]+元)$")
_FIGURE = re.compile(r"\d")
_UNIT_HEADER = re.compile("单位|unit|币", re.IGNORECASE)
"""Words in the header of a column of units."""


def unit_notes(
    read_rows: Callable[[], Iterable[SourceRow]],
    header_rows: Sequence[Sequence[str]],
    key_position: int | None,
    measured_positions: Collection[int],
) -> list[str]:
    """Return the notes among the rows below a header that state a unit, or that the incomes are not those of the
    year. `read_rows`: returns the rows, called twice; `measured_positions`: the positions of amounts;
    `key_position`: the position of the column that names a record, None where no cell does."""
    row_by_note: dict[str, int] = {}
    units_by_position: dict[int, dict[str, None]] = {}
    for row in read_rows():
        if not row.fault:
            relevant_cells = [
                (position, cell)
                for position, cell in enumerate(row.cells)
                if isinstance(cell, str) and _RELEVANT_TEXT.search(cell)
            ]
            if relevant_cells:
                for text, position in _notes(row, relevant_cells, header_rows, key_position, measured_positions):
                    if position is None:
                        row_by_note[text] = row.number
                    else:
                        units_by_position.setdefault(position, {})[text] = None
    first_record, last_record, partly_blank_positions = 0, 0, set[int]()
    note_rows = set(row_by_note.values()) if key_position is not None else set()
    for row in read_rows() if units_by_position or row_by_note else ():
        if row.number not in note_rows and _is_record(row, header_rows, key_position):
            first_record, last_record = first_record or row.number, row.number
            partly_blank_positions.update(
                position for position in units_by_position if position >= len(row.cells) or not row.cells[position]
            )
    # A note between records may apply to those above it, to those below it, or to all.
    stated_units = [
        unit
        for note, row_number in row_by_note.items()
        for unit in (_mentioned_units(note) if first_record <= row_number <= last_record else [note])
    ]
    # A column of units that is blank in some records states nothing for those.
    for position, units in units_by_position.items():
        is_unclear = position in partly_blank_positions or not _UNIT_HEADER.search(
            " ".join(header_row[position] for header_row in header_rows if position < len(header_row))
        )
        stated_units += [unit for text in units for unit in (_mentioned_units(text) if is_unclear else [text])]
    return list(dict.fromkeys(stated_units))


def _mentioned_units(note: str) -> list[str]:
    """Return the units of a note, marked as only mentioned; a note about incomes unchanged."""
    if is_about_other_incomes(note) or income_years(note):
        return [note]
    return [UNCLEAR_MARK + unit.lstrip(UNCLEAR_MARK) for unit in units_in_note(note)]


def _is_record(row: SourceRow, header_rows: Sequence[Sequence[str]], key_position: int | None) -> bool:
    return not row.fault and not row.hidden and not non_record_reason(row.cells, key_position, header_rows).code


def _notes(
    row: SourceRow,
    relevant_cells: Sequence[tuple[int, str]],
    header_rows: Sequence[Sequence[str]],
    key_position: int | None,
    measured_positions: Collection[int],
) -> Iterator[tuple[str, int | None]]:
    """Yield (note, position of the column of units that it stands in, if any)."""
    code = non_record_reason(row.cells, key_position, header_rows).code
    for position, text in relevant_cells:
        if code or row.hidden:
            if units_in_note(text) or is_about_other_incomes(text) or income_years(text):
                yield text, None
            elif code == "TOTAL_ROW" and (amount := _AMOUNT.search(cell_text(text) or "")):
                # 3.5万元 may sum yuan, too.
                yield UNCLEAR_MARK + amount[1], None
        elif position in measured_positions:
            # A unit alone is no amount: in a row without any figure it applies to the column, in a record (十万元) it is refused.
            if not any(_FIGURE.search(cell_text(cell) or "") for cell in row.cells):
                yield from (
                    (text if key_position is not None else UNCLEAR_MARK + unit, None) for unit in units_in_note(text)
                )
        elif plain_header(text) in UNITS[MONEY]:
            # A column that has the unit of each row.
            yield text, position


def unclear_units(cells: Iterable[Cell]) -> Iterator[str]:
    """Yield the units other than yuan stated by a hidden row above a header or beside the cells: it is not known
    whether they apply to the amounts."""
    for cell in cells:
        for unit in units_in_note(cell) if isinstance(cell, str) else ():
            plain = plain_header(unit.lstrip(UNCLEAR_MARK))
            if plain not in UNITS[MONEY] or UNITS[MONEY][plain].factor != 1:
                yield UNCLEAR_MARK + plain
