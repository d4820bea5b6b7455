"""Rows that are parts of the row above: 其中：发展资金, and what goes on below it (docs/files.md)."""

from __future__ import annotations

import re
from collections.abc import Sequence

from graph_service.core.cells.cell_texts import cell_text
from graph_service.features.imports.read.matched_tables import MatchedTable
from graph_service.features.imports.read.row_classification import plain_text
from graph_service.platform.readers.cells import Cell

ROW_IS_PART = "ROW_IS_PART"
LEADING_CELLS = 2
"""How many of the first filled cells may say that a row is a part."""
_PART = re.compile(r"[(（]?其中[::]?\S")
_NUMBER_OF_PART = re.compile(r"(.+[.．\-—_])\d{1,3}")
"""1.1, 4-1: a number, and that of a part of it."""


class PartRows:
    """Tells of each row of a table, in order, whether it is a part of one above."""

    def __init__(self, matched: MatchedTable) -> None:
        self._positions = [at for name, at in matched.positions.items() if name.endswith(".name")]
        self._width, self._prefix = matched.delivered_width, ""
        self._is_below_part = False

    def is_part(self, cells: Sequence[Cell]) -> bool:
        """Tell whether a row begins with 其中, or is numbered below one that does as a part of the same."""
        own = cells[: self._width]
        filled = [cell for cell in own if plain_text(cell)][: LEADING_CELLS + 1]
        shown = [*filled[:LEADING_CELLS], *(own[at] for at in self._positions if at < len(own))]
        if any(_PART.match(plain_text(cell)) for cell in shown):
            self._is_below_part, self._prefix = True, _prefix(filled)
            return True
        self._is_below_part = self._is_below_part and bool(self._prefix) and _prefix(filled) == self._prefix
        return self._is_below_part


def _prefix(filled: Sequence[Cell]) -> str:
    """What the number of a part begins with: that of the whole."""
    number = _NUMBER_OF_PART.fullmatch(cell_text(filled[0]) or "") if filled else None
    return number[1] if number else ""
