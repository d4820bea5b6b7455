"""What only all cells of a column of amounts tell: a unit that some state and others do not, figures of merged ranges."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterator, Sequence

from graph_service.derive.cell_numbers import dimension_of
from graph_service.derive.units import AREA, MONEY, SHARES
from graph_service.readers.cells import Cell, Repeated
from graph_service.services.imports.left_out import LeftOut
from graph_service.services.imports.matched import Matched
from graph_service.services.imports.name_columns import sheet_columns

UNIT_OF_SOME, AMOUNT_MERGED = "UNIT_OF_SOME", "AMOUNT_MERGED"
_MULTIPLE = re.compile("[十百千万亿]")
_FIGURE = re.compile(r"\d\s*$")


class AmountCells:
    """The amounts of a table, counted: they are read each as it stands, and what makes that doubtful is told."""

    def __init__(self, matched: Matched) -> None:
        self._table, columns = matched.table, sheet_columns(matched.sheet.name)
        dimensions = {name: dimension_of(columns[name].property) for name in matched.places if name in columns}
        self._headers = {at: matched.shown[name] for name, at in matched.places.items()}
        self._added = {matched.places[name] for name, of in dimensions.items() if of in (MONEY, AREA, SHARES)}
        self._without_unit = {
            matched.places[name] for name, of in dimensions.items() if of == MONEY and name not in matched.units
        }
        self._multiples = set[int]()
        self._plain: Counter[int] = Counter()
        self._merged: Counter[int] = Counter()

    def add(self, cells: Sequence[Cell]) -> None:
        """Count the amounts of an accepted row."""
        for at in self._without_unit:
            cell = cells[at] if at < len(cells) else None
            if isinstance(cell, str):
                if _MULTIPLE.search(cell):
                    self._multiples.add(at)
                elif _FIGURE.search(cell) and cell.strip("0. "):
                    self._plain[at] += 1
            elif isinstance(cell, int | float) and cell:
                self._plain[at] += 1
        for at in self._added:
            if at < len(cells) and isinstance(cells[at], Repeated):
                self._merged[at] += 1

    def doubtful(self) -> Iterator[LeftOut]:
        """Yield the columns to be verified, each with the number of cells."""
        for code, counted in ((UNIT_OF_SOME, self._plain), (AMOUNT_MERGED, self._merged)):
            for at, count in sorted(counted.items()):
                if code == AMOUNT_MERGED or at in self._multiples:
                    yield LeftOut(self._table.file, self._table.name, code, column=self._headers[at], count=count)
