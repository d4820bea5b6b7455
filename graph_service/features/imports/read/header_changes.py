"""Headers further down in a table: from one that says otherwise on, the rows are not those of the first header (docs/files.md)."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from functools import cache

from graph_service.core.cells.cell_texts import cell_text
from graph_service.core.cells.units import header_readings, plain_header, strip_marks
from graph_service.domain.model import MODEL
from graph_service.features.imports.read.name_columns import sheet_columns
from graph_service.platform.readers.cells import Cell, SourceRow

HEADER_CHANGED, BELOW_OTHER_HEADER = "HEADER_CHANGED", "BELOW_OTHER_HEADER"
MIN_HEADER_TEXTS = 2
"""Texts of headers that a row has at least, to be one."""
_FIGURES = re.compile(r"\d{5}")


def rows_below_header(
    rows: Iterator[SourceRow], last_header_row: int, header_rows: Sequence[Sequence[str]], texts: Sequence[str]
) -> Iterator[SourceRow]:
    """Yield the rows below a header (the number of its last row, its rows, what its columns are called); those that a further header with
    other columns, another order or another unit makes to be read otherwise have a fault."""
    own = {_base_text(text) for text in texts if text}
    whole = [[_normalize(text) for text in row] for row in header_rows]
    changed = False
    for row in rows:
        if row.number <= last_header_row:
            continue
        if row.hidden or row.fault:
            yield row
            continue
        named = _is_header(row.cells, own)
        if named and any(_repeats_header(row.cells, plain) for plain in whole):
            changed = False
            yield row
        elif named:
            changed = True
            yield row._replace(fault=HEADER_CHANGED)
        else:
            yield row._replace(fault=BELOW_OTHER_HEADER) if changed else row


def _is_header(cells: Sequence[Cell], own_bases: set[str]) -> bool:
    """Whether a row has nothing but texts, and most of them are headers: of this table or of any sheet."""
    texts: list[str] = []
    for cell in cells:
        if cell is None:
            continue
        # Nearly every record ends here: it has a number, or one of many digits, in its first cells.
        if not isinstance(cell, str) or _FIGURES.search(cell):
            return False
        texts.append(cell)
    texts = [text for cell in texts if (text := cell_text(cell))]
    if len(texts) < MIN_HEADER_TEXTS:
        return False
    known = sum(_base_text(text) in own_bases or _base_text(text) in _usual_bases() for text in texts)
    return known >= MIN_HEADER_TEXTS and 2 * known > len(texts)


def _repeats_header(cells: Sequence[Cell], header: Sequence[str]) -> bool:
    """Whether a row says what the header says, where it says anything."""
    return all(
        not (text := cell_text(cell)) or (at < len(header) and _normalize(text) == header[at])
        for at, cell in enumerate(cells)
    )


def _normalize(text: str) -> str:
    return strip_marks(plain_header(text))


def _base_text(text: str) -> str:
    """A header without its unit."""
    return next((strip_marks(reading.name) for reading in header_readings(text) if reading.unit), _normalize(text))


@cache
def _usual_bases() -> frozenset[str]:
    columns = (column for name in MODEL.sheets for column in sheet_columns(name).values())
    return frozenset(_base_text(header) for column in columns for header in column.headers)
