"""Of which sheets a delivery has tables that were not read: a complete delivery ends nothing of those."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Sequence

from graph_service.domain.model import MODEL
from graph_service.features.imports.read.left_out_parts import LeftOutPart
from graph_service.features.imports.read.matched_tables import UnmatchedTable
from graph_service.features.imports.read.name_columns import normalize_header

_UNREAD_CODES = ("SHEET_HIDDEN", "SHEET_VERY_HIDDEN")
_NAMELESS = re.compile(r"(?:sheet|工作表|表)?\d*")
"""What a sheet is called that nobody has given a name."""


def find_unread_sheets(unmatched: Sequence[UnmatchedTable], parts: Iterable[LeftOutPart]) -> set[str]:
    """Return the sheets that a table may be that is not understood, void or hidden; all of them where its name tells nothing."""
    sheets = {
        name
        for one in unmatched
        for name in (*one.possible_sheets, *([one.partial_match.sheet.name] if one.partial_match else ()))
    }
    names = [one.table.name for one in unmatched] + [part.sheet for part in parts if part.code in _UNREAD_CODES]
    return sheets.union(*(_similar_sheets(name) for name in names))


def _similar_sheets(name: str) -> Iterator[str]:
    text = normalize_header(name)
    nameless = _NAMELESS.fullmatch(text) is not None
    for sheet in MODEL.sheets.values():
        if nameless or any(normalize_header(alias) in text for alias in (sheet.name, *sheet.aliases)):
            yield sheet.name
