"""What only all cells of a column of amounts tell: a unit that some state and others do not, figures of merged ranges."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterator, Sequence

from graph_service.core.cells.cell_numbers import property_dimension
from graph_service.core.cells.units import AREA, MONEY, SHARES
from graph_service.features.imports.read.left_out_parts import LeftOutPart
from graph_service.features.imports.read.matched_tables import MatchedTable
from graph_service.features.imports.read.name_columns import sheet_columns
from graph_service.platform.readers.cells import Cell, RepeatedNumber

UNIT_OF_SOME, AMOUNT_MERGED = "UNIT_OF_SOME", "AMOUNT_MERGED"
_MULTIPLE = re.compile("[十百千万亿]")
_FIGURE = re.compile(r"\d\s*$")


class AmountCells:
    """The amounts of a table, counted: they are read each as it stands, and what makes that doubtful is told."""

    def __init__(self, matched: MatchedTable) -> None:
        self._table, columns = matched.table, sheet_columns(matched.sheet.name)
        dimensions = {name: property_dimension(columns[name].property) for name in matched.positions if name in columns}
        self._headers = {at: matched.header_texts[name] for name, at in matched.positions.items()}
        self._amount_positions = {
            matched.positions[name] for name, of in dimensions.items() if of in (MONEY, AREA, SHARES)
        }
        self._unitless_positions = {
            matched.positions[name] for name, of in dimensions.items() if of == MONEY and name not in matched.units
        }
        self._scaled_positions = set[int]()
        self._plain_counts: Counter[int] = Counter()
        self._merged_counts: Counter[int] = Counter()

    def add(self, cells: Sequence[Cell]) -> None:
        """Count the amounts of an accepted row."""
        for at in self._unitless_positions:
            cell = cells[at] if at < len(cells) else None
            if isinstance(cell, str):
                if _MULTIPLE.search(cell):
                    self._scaled_positions.add(at)
                elif _FIGURE.search(cell) and cell.strip("0. "):
                    self._plain_counts[at] += 1
            elif isinstance(cell, int | float) and cell:
                self._plain_counts[at] += 1
        for at in self._amount_positions:
            if at < len(cells) and isinstance(cells[at], RepeatedNumber):
                self._merged_counts[at] += 1

    def columns_to_verify(self) -> Iterator[LeftOutPart]:
        """Yield the columns to be verified, each with the number of cells."""
        for code, counted in ((UNIT_OF_SOME, self._plain_counts), (AMOUNT_MERGED, self._merged_counts)):
            for at, count in sorted(counted.items()):
                if code == AMOUNT_MERGED or at in self._scaled_positions:
                    yield LeftOutPart(self._table.file, self._table.name, code, column=self._headers[at], count=count)
