"""Refused rows as they were delivered, to be corrected and imported again, within the limits below."""

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
"""Sum of cells, their characters and those of the numbers, over all rows."""
MAX_CELL_CHARACTERS = 16_000
"""Maximum characters of a cell: a longer one may not fit into a workbook's."""


@dataclass(frozen=True, slots=True)
class RejectedRow:
    """A refused row: file and row number, its cells in the order of its headings, the number under which it was refused, and all
    its issues, each with the index of its cell (None where there is none): first the `refusal_count` reasons for which it was refused, then
    the flags."""

    file: str
    row_number: int
    cells: tuple[Cell, ...]
    key: str
    issues: tuple[tuple[RowIssue, int | None], ...]
    refusal_count: int

    @property
    def faulty_positions(self) -> set[int]:
        """Return the indexes of the cells for which the row was refused."""
        return {position for _, position in self.issues[: self.refusal_count] if position is not None}

    @property
    def flagged_positions(self) -> set[int]:
        """Return the indexes of the cells that are only flagged."""
        flagged = {position for _, position in self.issues[self.refusal_count :] if position is not None}
        return flagged - self.faulty_positions


@dataclass(slots=True)
class RejectedTable:
    """Refused rows that are written under the same headers; tables of several files may be combined."""

    sheet: str
    columns: tuple[OutputColumn, ...]
    needs_mapping: bool
    rows: list[RejectedRow] = field(default_factory=list)


@dataclass(slots=True)
class RejectedRowCollector:
    """The refused rows of a delivery. `kept_count`: number of rows kept; `omitted_count`: number of rows left out because they are
    too many or too large."""

    kept_count: int = 0
    omitted_count: int = 0
    tables: dict[tuple[str, ...], RejectedTable] = field(default_factory=dict)
    areas: set[str] = field(default_factory=set)
    """The areas (codes) in which names of the delivery were looked up: neither title nor mapping gives them with the workbook."""
    _kept_size: int = 0
    _sheet_by_table: dict[SourceTable, OutputSheet] = field(default_factory=dict)

    @property
    def area_options(self) -> list[str]:
        """Return the command options that import the rows with these areas."""
        return [f"--area {code}" for code in sorted(self.areas)]

    def add(
        self,
        matched: MatchedTable,
        row_number: int,
        cells: Sequence[Cell],
        key: str,
        refusals: Sequence[RowIssue],
        flags: Sequence[RowIssue] = (),
    ) -> None:
        """Keep a refused row of a table, or count it as left out. `flags`: issues for which alone the row would not have been refused."""
        lengths = [len(key), *(len(cell) for cell in cells if isinstance(cell, str))]
        size = len(cells) + sum(lengths)
        if self.kept_count >= MAX_ROWS or self._kept_size + size > MAX_KEPT_SIZE or max(lengths) > MAX_CELL_CHARACTERS:
            self.omitted_count += 1
            return
        self.kept_count, self._kept_size = self.kept_count + 1, self._kept_size + size
        table, output = self._rejected_table(matched)
        ordered_cells = [cells[column.position] if column.position < len(cells) else None for column in output.columns]
        positions = {header: matched.positions[name] for name, header in matched.header_texts.items()}
        positions |= {
            column.header: column.position for column in output.columns if column.position >= MISSING_COLUMN_OFFSET
        }
        index_by_position = {column.position: index for index, column in reversed(list(enumerate(output.columns)))}
        located_issues = tuple(
            (issue, index_by_position.get(positions.get(issue.column, -1))) for issue in (*refusals, *flags)
        )
        # Cells to the right of all headers show how a row went wrong.
        all_cells = (*ordered_cells, *cells[len(matched.header) :])
        table.rows.append(RejectedRow(matched.table.file, row_number, all_cells, key, located_issues, len(refusals)))

    def add_partial(self, table: UnmatchedTable) -> None:
        """Keep the rows of a table that has the name of a sheet but lacks columns of it, to be completed."""
        partial = table.partial_match
        if partial is None:
            return
        issues = [RowIssue(COLUMN_MISSING, header) for header in table.missing_headers]
        for row in partial.table.rows():
            if row.number <= partial.header_row or row.hidden or row.fault:
                continue
            if not non_record_reason(row.cells, partial.key_position, partial.header_rows).code:
                self.add(partial, row.number, row.cells, "", issues)

    def _rejected_table(self, matched: MatchedTable) -> tuple[RejectedTable, OutputSheet]:
        if matched.table not in self._sheet_by_table:
            self._sheet_by_table[matched.table] = plan_output_sheet(matched)
        output = self._sheet_by_table[matched.table]
        table_key = (output.sheet, *(column.header for column in output.columns))
        if table_key not in self.tables:
            self.tables[table_key] = RejectedTable(output.sheet, output.columns, output.needs_mapping)
        return self.tables[table_key], output
