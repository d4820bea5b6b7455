"""Doubts about a column of amounts that only all its cells together raise: a unit that some state and others do not,
figures of merged ranges."""

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
    """Counts of the amounts of a table. Each amount is read as it stands; the columns in which that is doubtful are reported."""

    def __init__(self, matched: MatchedTable) -> None:
        self._table, columns = matched.table, sheet_columns(matched.sheet.name)
        dimensions = {name: property_dimension(columns[name].property) for name in matched.positions if name in columns}
        self._headers = {position: matched.header_texts[name] for name, position in matched.positions.items()}
        self._amount_positions = {
            matched.positions[name] for name, dimension in dimensions.items() if dimension in (MONEY, AREA, SHARES)
        }
        self._unitless_positions = {
            matched.positions[name]
            for name, dimension in dimensions.items()
            if dimension == MONEY and name not in matched.units
        }
        self._scaled_positions = set[int]()
        self._plain_counts: Counter[int] = Counter()
        self._merged_counts: Counter[int] = Counter()

    def add(self, cells: Sequence[Cell]) -> None:
        """Count the amounts of an accepted row."""
        for position in self._unitless_positions:
            cell = cells[position] if position < len(cells) else None
            if isinstance(cell, str):
                if _MULTIPLE.search(cell):
                    self._scaled_positions.add(position)
                elif _FIGURE.search(cell) and cell.strip("0. "):
                    self._plain_counts[position] += 1
            elif isinstance(cell, int | float) and cell:
                self._plain_counts[position] += 1
        for position in self._amount_positions:
            if position < len(cells) and isinstance(cells[position], RepeatedNumber):
                self._merged_counts[position] += 1

    def columns_to_verify(self) -> Iterator[LeftOutPart]:
        """Yield the columns to be verified, each with the number of cells."""
        for code, counts in ((UNIT_OF_SOME, self._plain_counts), (AMOUNT_MERGED, self._merged_counts)):
            for position, count in sorted(counts.items()):
                if code == AMOUNT_MERGED or position in self._scaled_positions:
                    yield LeftOutPart(
                        self._table.file, self._table.name, code, column=self._headers[position], count=count
                    )
