"""Of which sheets a delivery has tables that were not read: a complete delivery ends nothing of those."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Sequence

from graph_service.model import MODEL
from graph_service.services.imports.left_out import LeftOut
from graph_service.services.imports.matched import Unmatched
from graph_service.services.imports.name_columns import plain

_UNREAD = ("SHEET_HIDDEN", "SHEET_VERY_HIDDEN")
_NAMELESS = re.compile(r"(?:sheet|工作表|表)?\d*")
"""What a sheet is called that nobody has given a name."""


def sheets_unread(unmatched: Sequence[Unmatched], parts: Iterable[LeftOut]) -> set[str]:
    """Return the sheets that a table may be that is not understood, void or hidden; all of them where its name tells nothing."""
    sheets = {name for one in unmatched for name in (*one.alike, *([one.partial.sheet.name] if one.partial else ()))}
    names = [one.table.name for one in unmatched] + [part.sheet for part in parts if part.code in _UNREAD]
    return sheets.union(*(_called_like(name) for name in names))


def _called_like(name: str) -> Iterator[str]:
    text = plain(name)
    nameless = _NAMELESS.fullmatch(text) is not None
    for sheet in MODEL.sheets.values():
        if nameless or any(plain(alias) in text for alias in (sheet.name, *sheet.aliases)):
            yield sheet.name
