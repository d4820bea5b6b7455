"""Further headers inside a table: the rows below one that differs do not belong to the first header (docs/reference/files.md)."""

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
"""The least number of header texts in a row that is a header."""
_FIGURES = re.compile(r"\d{5}")


def rows_below_header(
    rows: Iterator[SourceRow], last_header_row: int, header_rows: Sequence[Sequence[str]], texts: Sequence[str]
) -> Iterator[SourceRow]:
    """Yield the rows below a header (the number of its last row, its rows, the names of its columns); those that
    stand below a further header with other columns, another order or another unit have a fault."""
    own_bases = {_base_text(text) for text in texts if text}
    normalized_rows = [[_normalize(text) for text in row] for row in header_rows]
    has_changed = False
    for row in rows:
        if row.number <= last_header_row:
            continue
        if row.hidden or row.fault:
            yield row
            continue
        is_header = _is_header(row.cells, own_bases)
        if is_header and any(_repeats_header(row.cells, header) for header in normalized_rows):
            has_changed = False
            yield row
        elif is_header:
            has_changed = True
            yield row._replace(fault=HEADER_CHANGED)
        else:
            yield row._replace(fault=BELOW_OTHER_HEADER) if has_changed else row


def _is_header(cells: Sequence[Cell], own_bases: set[str]) -> bool:
    """Return True where a row has only texts, and most of them are headers of this table or of any sheet."""
    texts: list[str] = []
    for cell in cells:
        if cell is None:
            continue
        # Nearly every record is ruled out here: its first cells have a number, or a text with many digits.
        if not isinstance(cell, str) or _FIGURES.search(cell):
            return False
        texts.append(cell)
    texts = [text for cell in texts if (text := cell_text(cell))]
    if len(texts) < MIN_HEADER_TEXTS:
        return False
    header_count = sum(_base_text(text) in own_bases or _base_text(text) in _usual_bases() for text in texts)
    return header_count >= MIN_HEADER_TEXTS and 2 * header_count > len(texts)


def _repeats_header(cells: Sequence[Cell], header: Sequence[str]) -> bool:
    """Return True where every filled cell of a row has the same text as the header."""
    return all(
        not (text := cell_text(cell)) or (index < len(header) and _normalize(text) == header[index])
        for index, cell in enumerate(cells)
    )


def _normalize(text: str) -> str:
    return strip_marks(plain_header(text))


def _base_text(text: str) -> str:
    """Return a header without its unit."""
    return next((strip_marks(reading.name) for reading in header_readings(text) if reading.unit), _normalize(text))


@cache
def _usual_bases() -> frozenset[str]:
    columns = (column for name in MODEL.sheets for column in sheet_columns(name).values())
    return frozenset(_base_text(header) for column in columns for header in column.headers)
