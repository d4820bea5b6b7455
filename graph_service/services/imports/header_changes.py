"""Headers further down in a table: from one that says otherwise on, the rows are not those of the first header (docs/files.md)."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from functools import cache

from graph_service.derive.cell_texts import text_of
from graph_service.derive.units import bare, headings, plain_header
from graph_service.model import MODEL
from graph_service.readers.cells import Cell, SourceRow
from graph_service.services.imports.name_columns import sheet_columns

HEADER_CHANGED, BELOW_OTHER_HEADER = "HEADER_CHANGED", "BELOW_OTHER_HEADER"
LEAST = 2
"""Texts of headers that a row has at least, to be one."""
_FIGURES = re.compile(r"\d{5}")


def rows_of_header(
    rows: Iterator[SourceRow], last: int, header_rows: Sequence[Sequence[str]], texts: Sequence[str]
) -> Iterator[SourceRow]:
    """Yield the rows below a header (the number of its last row, its rows, what its columns are called); those that a further header with
    other columns, another order or another unit makes to be read otherwise have a fault."""
    own = {_base(text) for text in texts if text}
    whole = [[_plain(text) for text in row] for row in header_rows]
    changed = False
    for row in rows:
        if row.number <= last:
            continue
        if row.hidden or row.fault:
            yield row
            continue
        named = _is_header(row.cells, own)
        if named and any(_repeats(row.cells, plain) for plain in whole):
            changed = False
            yield row
        elif named:
            changed = True
            yield row._replace(fault=HEADER_CHANGED)
        else:
            yield row._replace(fault=BELOW_OTHER_HEADER) if changed else row


def _is_header(cells: Sequence[Cell], own: set[str]) -> bool:
    """Whether a row has nothing but texts, and most of them are headers: of this table or of any sheet."""
    texts: list[str] = []
    for cell in cells:
        if cell is None:
            continue
        # Nearly every record ends here: it has a number, or one of many digits, in its first cells.
        if not isinstance(cell, str) or _FIGURES.search(cell):
            return False
        texts.append(cell)
    texts = [text for cell in texts if (text := text_of(cell))]
    if len(texts) < LEAST:
        return False
    known = sum(_base(text) in own or _base(text) in _usual_bases() for text in texts)
    return known >= LEAST and 2 * known > len(texts)


def _repeats(cells: Sequence[Cell], header: Sequence[str]) -> bool:
    """Whether a row says what the header says, where it says anything."""
    return all(
        not (text := text_of(cell)) or (at < len(header) and _plain(text) == header[at])
        for at, cell in enumerate(cells)
    )


def _plain(text: str) -> str:
    return bare(plain_header(text))


def _base(text: str) -> str:
    """A header without its unit."""
    return next((bare(reading.base) for reading in headings(text) if reading.unit), _plain(text))


@cache
def _usual_bases() -> frozenset[str]:
    columns = (column for name in MODEL.sheets for column in sheet_columns(name).values())
    return frozenset(_base(header) for column in columns for header in column.headers)
