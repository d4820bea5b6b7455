"""Units that rows below a header state of its columns: footers, totals, rows of units, a column of units (docs/files.md)."""

from __future__ import annotations

import re
from collections.abc import Callable, Collection, Iterable, Iterator, Sequence

from graph_service.derive.cell_texts import text_of
from graph_service.derive.units import MONEY, UNITS, is_unit, plain_header, units_in_note
from graph_service.readers.cells import Cell, SourceRow
from graph_service.services.imports.record_rows import reason_to_leave_out
from graph_service.services.imports.upper_headers import is_of_other_incomes, years_of_incomes

_SPEAKS = re.compile(r"[元圆圓币]|单位|單位|yuan|rmb|unit|cny|收入|数据|金额", re.IGNORECASE)
"""What a text has that may state a unit of money or speak of incomes: few texts are looked at further."""
_AMOUNT = re.compile(r"\d\s*([十百千万亿]+元)$")
_FIGURE = re.compile(r"\d")
UNCLEAR = "?"
"""Before a unit of which it is not clear whether the amounts above are in it."""


def unit_notes(
    rows: Callable[[], Iterable[SourceRow]],
    header_rows: Sequence[Sequence[str]],
    key: int | None,
    measured: Collection[int],
) -> list[str]:
    """Return the notes among the rows below a header that state a unit, or that the incomes are not those of the year. `rows` reads them;
    `measured`: the positions of amounts; `key`: of what names a record, None where no cell does."""
    notes: dict[str, None] = {}
    columns: dict[int, dict[str, None]] = {}
    for row in rows():
        if not row.fault:
            speaking = [
                (at, cell) for at, cell in enumerate(row.cells) if isinstance(cell, str) and _SPEAKS.search(cell)
            ]
            if speaking:
                for text, at in _notes(row, speaking, header_rows, key, measured):
                    (notes if at is None else columns.setdefault(at, {}))[text] = None
    # A column of units that some records leave blank says nothing of those.
    records = (row.cells for row in rows() if _is_record(row, header_rows, key)) if columns else ()
    partly_blank = {at for cells in records for at in columns if at >= len(cells) or not cells[at]}
    for at, units in columns.items():
        notes.update(dict.fromkeys((UNCLEAR + plain_header(unit) for unit in units) if at in partly_blank else units))
    return list(notes)


def _is_record(row: SourceRow, header_rows: Sequence[Sequence[str]], key: int | None) -> bool:
    return not row.fault and not row.hidden and not reason_to_leave_out(row.cells, key, header_rows)[0]


def _notes(
    row: SourceRow,
    speaking: Sequence[tuple[int, str]],
    header_rows: Sequence[Sequence[str]],
    key: int | None,
    measured: Collection[int],
) -> Iterator[tuple[str, int | None]]:
    """Yield (note, position of the column of units that it stands in, if any)."""
    code, _ = reason_to_leave_out(row.cells, key, header_rows)
    for at, text in speaking:
        if code or row.hidden:
            if units_in_note(text) or is_of_other_incomes(text) or years_of_incomes(text):
                yield text, None
            elif code == "TOTAL_ROW" and (amount := _AMOUNT.search(text_of(text) or "")):
                # 3.5万元 may sum yuan, too.
                yield UNCLEAR + amount[1], None
        elif plain_header(text) in UNITS[MONEY] or (
            at in measured and not _FIGURE.search(text) and units_in_note(text)
        ):
            # A unit alone is no amount: a row of units, or a column that has the unit of each row.
            yield text, None if at in measured else at


def unclear_notes(cells: Iterable[Cell]) -> Iterator[str]:
    """Yield the units of money that a hidden row above a header states, or what stands beside the cells: whether they hold for the amounts
    nobody can tell."""
    for cell in cells:
        for unit in units_in_note(cell) if isinstance(cell, str) else ():
            plain = plain_header(unit.lstrip(UNCLEAR))
            money = UNITS[MONEY].get(plain)
            if money.factor != 1 if money else not is_unit(plain):
                yield UNCLEAR + plain
