"""Rows that are parts of the row above: 其中：发展资金, and the rows below that continue it (docs/reference/files.md)."""

from __future__ import annotations

import re
from collections.abc import Sequence
from itertools import islice

from graph_service.core.cells.cell_texts import cell_text
from graph_service.features.imports.read.matched_tables import MatchedTable
from graph_service.features.imports.read.row_classification import plain_text
from graph_service.platform.readers.cells import Cell

ROW_IS_PART = "ROW_IS_PART"
LEADING_CELLS = 2
"""The number of first filled cells that may mark a row as a part."""
_PART = re.compile(r"[(（]?其中[::]?\S")
_NUMBER_OF_PART = re.compile(r"(.+[.．\-—_])\d{1,3}")
"""The number of a part, beginning with the number of the whole: 1.1, 4-1."""


class PartRows:
    """Recognition of rows that are parts of a row above. The rows of a table must be passed in order."""

    def __init__(self, matched: MatchedTable) -> None:
        self._positions = [position for name, position in matched.positions.items() if name.endswith(".name")]
        self._width, self._prefix = matched.delivered_width, ""
        self._is_below_part = False

    def is_part(self, cells: Sequence[Cell]) -> bool:
        """Return True where a row begins with 其中, or is numbered below such a row as a part of the same whole."""
        delivered_cells = cells[: self._width]
        filled_cells = list(islice((cell for cell in delivered_cells if plain_text(cell)), LEADING_CELLS))
        leading_cells = [
            *filled_cells,
            *(delivered_cells[position] for position in self._positions if position < len(delivered_cells)),
        ]
        if any(_PART.match(plain_text(cell)) for cell in leading_cells):
            self._is_below_part, self._prefix = True, _prefix(filled_cells)
            return True
        self._is_below_part = self._is_below_part and bool(self._prefix) and _prefix(filled_cells) == self._prefix
        return self._is_below_part


def _prefix(filled: Sequence[Cell]) -> str:
    """Return the number of the whole with which the number of a part begins; empty where there is none."""
    number = _NUMBER_OF_PART.fullmatch(cell_text(filled[0]) or "") if filled else None
    return number[1] if number else ""
