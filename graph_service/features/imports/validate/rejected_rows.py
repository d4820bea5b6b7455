"""Refused rows as they were delivered, to be corrected and imported again. No more of them is held than is said here."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field

from graph_service.core.cells.row_parsing import RowIssue
from graph_service.features.imports.read.matched_tables import MatchedTable, UnmatchedTable
from graph_service.features.imports.read.missing_columns import COLUMN_MISSING
from graph_service.features.imports.read.row_classification import non_record_reason
from graph_service.features.imports.validate.output_columns import (
    MISSING_COLUMN_OFFSET,
    OutputColumn,
    OutputSheet,
    plan_output_sheet,
)
from graph_service.platform.readers.cells import Cell
from graph_service.platform.readers.delivery import SourceTable

MAX_ROWS = 10_000
MAX_KEPT_SIZE = 10_000_000
"""Cells, their characters and those of the numbers, of all rows."""
MAX_CELL_CHARACTERS = 16_000
"""Characters of a cell: a longer one may not fit into a workbook's."""


@dataclass(frozen=True, slots=True)
class RejectedRow:
    """A refused row: file and row number, its cells in the order of its headings, the number under which it was refused, all that is
    wrong with it, each with the place of the cell that is to blame (none where there is no such cell)."""

    file: str
    row_number: int
    cells: tuple[Cell, ...]
    key: str
    issues: tuple[tuple[RowIssue, int | None], ...]

    @property
    def faulty_positions(self) -> set[int]:
        """The places of the cells that are to blame."""
        return {place for _, place in self.issues if place is not None}


@dataclass(slots=True)
class RejectedTable:
    """Refused rows that are written under the same headers; tables of several files may be one."""

    sheet: str
    columns: tuple[OutputColumn, ...]
    needs_mapping: bool
    rows: list[RejectedRow] = field(default_factory=list)


@dataclass(slots=True)
class RejectedRowCollector:
    """The refused rows of a delivery. `kept_count`: how many are held; `omitted_count`: how many are not, because they are more, or larger,
    than is held."""

    kept_count: int = 0
    omitted_count: int = 0
    tables: dict[tuple[str, ...], RejectedTable] = field(default_factory=dict)
    areas: set[str] = field(default_factory=set)
    """The areas (codes) in which names of the delivery were looked up: neither title nor mapping tells them with the workbook."""
    _kept_size: int = 0
    _sheet_by_table: dict[SourceTable, OutputSheet] = field(default_factory=dict)

    @property
    def area_options(self) -> list[str]:
        """The options of the command that imports them with these areas."""
        return [f"--area {code}" for code in sorted(self.areas)]

    def add(
        self, matched: MatchedTable, row_number: int, cells: Sequence[Cell], key: str, issues: Sequence[RowIssue]
    ) -> None:
        """Hold a refused row of a table, or count it as left out."""
        lengths = [len(key), *(len(cell) for cell in cells if isinstance(cell, str))]
        size = len(cells) + sum(lengths)
        if self.kept_count >= MAX_ROWS or self._kept_size + size > MAX_KEPT_SIZE or max(lengths) > MAX_CELL_CHARACTERS:
            self.omitted_count += 1
            return
        self.kept_count, self._kept_size = self.kept_count + 1, self._kept_size + size
        table, under = self._rejected_table(matched)
        ordered = [cells[one.position] if one.position < len(cells) else None for one in under.columns]
        places = {shown: matched.positions[name] for name, shown in matched.header_texts.items()}
        places |= {one.header: one.position for one in under.columns if one.position >= MISSING_COLUMN_OFFSET}
        columns = {one.position: at for at, one in reversed(list(enumerate(under.columns)))}
        blamed = tuple((issue, columns.get(places.get(issue.column, -1))) for issue in issues)
        # What stands to the right of all headers tells how a row went wrong.
        whole = (*ordered, *cells[len(matched.header) :])
        table.rows.append(RejectedRow(matched.table.file, row_number, whole, key, blamed))

    def add_partial(self, table: UnmatchedTable) -> None:
        """Hold the rows of a table that lacks columns of the sheet that it is called like, to be completed."""
        partial = table.partial_match
        if partial is None:
            return
        issues = [RowIssue(COLUMN_MISSING, header) for header in table.missing_headers]
        for row in partial.table.rows():
            if row.number <= partial.header_row or row.hidden or row.fault:
                continue
            if not non_record_reason(row.cells, partial.key_position, partial.header_rows)[0]:
                self.add(partial, row.number, row.cells, "", issues)

    def _rejected_table(self, matched: MatchedTable) -> tuple[RejectedTable, OutputSheet]:
        if matched.table not in self._sheet_by_table:
            self._sheet_by_table[matched.table] = plan_output_sheet(matched)
        under = self._sheet_by_table[matched.table]
        alike = (under.sheet, *(one.header for one in under.columns))
        if alike not in self.tables:
            self.tables[alike] = RejectedTable(under.sheet, under.columns, under.needs_mapping)
        return self.tables[alike], under
