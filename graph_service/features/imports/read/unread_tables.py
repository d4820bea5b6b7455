"""Sheets of a delivery with tables that were not read: a complete delivery ends nothing in them."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Sequence

from graph_service.domain.model import MODEL
from graph_service.features.imports.read.left_out_parts import LeftOutPart
from graph_service.features.imports.read.matched_tables import UnmatchedTable
from graph_service.features.imports.read.name_columns import normalize_header

_UNREAD_CODES = ("SHEET_HIDDEN", "SHEET_VERY_HIDDEN")
_NAMELESS = re.compile(r"(?:sheet|工作表|表)?\d*")
"""A default name of a sheet, or none."""


def find_unread_sheets(unmatched: Sequence[UnmatchedTable], parts: Iterable[LeftOutPart]) -> set[str]:
    """Return the sheets to which tables that are not understood, void or hidden may belong; all sheets where the
    name of such a table is a default one."""
    sheets = {
        name
        for table in unmatched
        for name in (*table.possible_sheets, *([table.partial_match.sheet.name] if table.partial_match else ()))
    }
    names = [table.table.name for table in unmatched] + [part.sheet for part in parts if part.code in _UNREAD_CODES]
    return sheets.union(*(_similar_sheets(name) for name in names))


def _similar_sheets(name: str) -> Iterator[str]:
    text = normalize_header(name)
    is_nameless = _NAMELESS.fullmatch(text) is not None
    for sheet in MODEL.sheets.values():
        if is_nameless or any(normalize_header(alias) in text for alias in (sheet.name, *sheet.aliases)):
            yield sheet.name
