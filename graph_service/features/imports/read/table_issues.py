"""Issues that show only in all rows of a table together: numbers shaped unlike all others, a register of households
without any status."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from typing import Any

from graph_service.core.cells.row_parsing import RowIssue
from graph_service.features.imports.read.amount_cells import AmountCells
from graph_service.features.imports.read.key_shapes import KeyShapes
from graph_service.features.imports.read.left_out_parts import LeftOutPart
from graph_service.features.imports.read.matched_tables import MatchedTable
from graph_service.features.imports.read.name_columns import sheet_columns
from graph_service.platform.readers.cells import Cell

STATUS_COLUMN, EXIT_YEAR_COLUMN = "HouseholdYear.status", "HouseholdYear.exit_year"
"""The column of the status, without which no household counts as poor, and that of the year of the exit."""
_BLANK_VALUES = (None, (None, None))
"""The values of a missing column, and of a blank cell of a code list."""
_EXITED = ("EXITED", None)


class TableIssues:
    """Counts of the accepted rows of a table. `headers`: its header texts, by column name."""

    def __init__(self, matched: MatchedTable, headers: Mapping[str, str]) -> None:
        sheet = matched.sheet
        self._table, self._key, self._headers = matched.table, sheet.key[0], headers
        self._shapes, self._amounts = KeyShapes(), AmountCells(matched)
        self._rows = 0
        self._has_status = STATUS_COLUMN in sheet_columns(sheet.name)
        self._without_status = self._without_exit_year = 0

    def add(self, row_number: int, values: Mapping[str, Any], cells: Sequence[Cell]) -> None:
        """Count an accepted row."""
        self._amounts.add(cells)
        self._rows += 1
        self._shapes.add(row_number, str(values.get(self._key) or ""))
        self._without_status += self._has_status and values.get(STATUS_COLUMN) in _BLANK_VALUES
        self._without_exit_year += values.get(STATUS_COLUMN) == _EXITED and values.get(EXIT_YEAR_COLUMN) is None

    def issues(self) -> Iterator[tuple[int, str, RowIssue]]:
        """Yield (row, its number, issue to be reported)."""
        for number, key in self._shapes.find_outliers():
            yield number, key, RowIssue("KEY_UNLIKE_OTHERS", self._headers[self._key], key)

    def columns_to_verify(self) -> Iterator[LeftOutPart]:
        """Yield the columns with blank cells that have a meaning, and the amounts that may have another meaning."""
        yield from self._amounts.columns_to_verify()
        if self._without_status:
            code = "STATUS_NOT_GIVEN" if self._without_status == self._rows else "STATUS_BLANK"
            count = self._without_status if code == "STATUS_BLANK" else 0
            yield LeftOutPart(
                self._table.file, self._table.name, code, column=self._headers[STATUS_COLUMN], count=count
            )
        if self._without_exit_year:
            yield LeftOutPart(
                self._table.file, self._table.name, "EXIT_YEAR_NOT_GIVEN", column=self._headers[EXIT_YEAR_COLUMN],
                count=self._without_exit_year,
            )  # fmt: skip
