"""Writer shared by all workbook readers: rows of a sheet for the spool, merged ranges, hidden rows and columns."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field

from graph_service.errors import FileUnreadable
from graph_service.platform.readers.cells import Cell, ComputedNumber, RepeatedComputedNumber, RepeatedNumber
from graph_service.platform.readers.limits import MAX_COLUMNS, MAX_MERGED_RANGES, MAX_ROWS
from graph_service.platform.readers.manifest import ManifestEntry, unread_entry
from graph_service.platform.readers.spool import SpoolWriter, read_rows

ErrorFactory = Callable[[str, str], FileUnreadable]
MergedRange = tuple[int, int, int, int]
"""First row, first column, last row, last column: rows from 1, columns from 0."""


def column_letters(column: int) -> str:
    """Return the letters of a column counted from 0: A, B, …, AA."""
    text, column = "", column + 1
    while column:
        column, remainder = divmod(column - 1, 26)
        text = chr(65 + remainder) + text
    return text


@dataclass(slots=True)
class SheetWriter:
    """Writer of a sheet. Rows come in order; `finish` fills the merged ranges, which a file may list only after the rows."""

    name: str
    spool: SpoolWriter
    make_error: ErrorFactory
    start: int = 0
    row_count: int = 0
    hidden_row_count: int = 0
    width: int = 0
    merged: list[MergedRange] = field(default_factory=list)
    hidden_columns: list[tuple[int, int]] = field(default_factory=list)
    notes: list[str] = field(default_factory=list)
    """Texts outside of the cells: printed headers, text boxes, comments."""
    _last_number: int = 0

    def __post_init__(self) -> None:
        self.start = self.spool.offset

    def add_row(self, number: int, hidden: bool, cells: list[Cell]) -> None:
        """Add a row, whose last cell is not blank. Raises `FileUnreadable` where the rows are not in order."""
        if number <= self._last_number or number > MAX_ROWS:
            raise self.make_error(
                f"表“{self.name}”第 {number} 行的位置有误；请用 Excel 打开后重新保存",
                f"row {number} of the sheet {self.name} is out of order; open the file in Excel and save it again",
            )
        self._last_number = number
        if cells:
            self.width = max(self.width, len(cells))
            self.row_count += 1
            self.hidden_row_count += hidden
            self.spool.write(number, hidden, cells)

    def put_cell(self, cells: list[Cell], number: int, column: int, cell: Cell) -> None:
        """Put a cell, not blank, into the row of this number. Raises `FileUnreadable` where the sheet is too wide or has a cell twice."""
        if column >= MAX_COLUMNS:
            raise self.make_error(
                f"表“{self.name}”第 {number} 行的 {column_letters(column)} 列有内容，超过 {MAX_COLUMNS:,} 列；请删除右侧远处的单元格",
                f"row {number} of the sheet {self.name} has a cell in column {column_letters(column)}, beyond the limit of {MAX_COLUMNS:,} columns; "
                "delete the cells far to the right",
            )
        missing_count = column - len(cells)
        if missing_count >= 0:
            if missing_count:
                cells.extend([None] * missing_count)
            cells.append(cell)
        elif cells[column] is None:
            cells[column] = cell
        else:
            raise self.make_error(
                f"表“{self.name}”第 {number} 行有两个 {column_letters(column)} 列单元格；请用 Excel 打开后重新保存",
                f"row {number} of the sheet {self.name} has two cells in column {column_letters(column)}; open the file in Excel and save it again",
            )

    def add_merged_range(self, first_row: int, first: int, last_row: int, last: int) -> None:
        """Add a merged range. Raises `FileUnreadable` where the sheet has too many."""
        if (first_row, first) != (last_row, last):
            self.merged.append((first_row, first, last_row, last))
        if len(self.merged) > MAX_MERGED_RANGES:
            raise self.make_error(
                f"表“{self.name}”的合并单元格超过 {MAX_MERGED_RANGES:,} 处；请取消合并",
                f"the sheet {self.name} has more than {MAX_MERGED_RANGES:,} merged ranges; unmerge them",
            )

    def finish(self) -> ManifestEntry:
        """Fill the merged ranges; return the manifest entry of the sheet."""
        if self.merged and self.row_count:
            self._fill_merged_ranges()
        hidden_columns = sorted(
            {column for first, last in self.hidden_columns for column in range(first, min(last + 1, self.width))}
        )
        if not self.row_count:
            return unread_entry(self.name, "SHEET_EMPTY")
        return ManifestEntry(
            kind="table",
            sheet=self.name,
            offset=self.start,
            length=self.spool.offset - self.start,
            rows=self.row_count,
            hidden_rows=self.hidden_row_count,
            hidden_columns=[column_letters(column) for column in hidden_columns],
            beside=self.notes,
        )

    def _fill_merged_ranges(self) -> None:
        """Write the rows once more, with the first cell of each merged range in all of its cells. A row without cells other than
        these is left out."""
        self.spool.flush()
        start, length = self.start, self.spool.offset - self.start
        self.start, self.row_count, self.hidden_row_count = self.spool.offset, 0, 0
        ranges = sorted(self.merged)
        range_index, merged_cells = 0, dict[int, tuple[int, Cell]]()
        first_cells = {(first_row, first) for first_row, first, _, _ in ranges}
        for number, cells, hidden, _ in read_rows(self.spool.descriptor, start, length):
            merged_cells = {column: entry for column, entry in merged_cells.items() if entry[0] >= number}
            has_own_cell = any(cell is not None and column not in merged_cells for column, cell in enumerate(cells))
            while range_index < len(ranges) and ranges[range_index][0] <= number:
                first_row, first, last_row, last = ranges[range_index]
                range_index += 1
                if last_row >= number:
                    cell = cells[first] if first_row == number and first < len(cells) else None
                    merged_cells.update(dict.fromkeys(range(first, min(last + 1, self.width)), (last_row, cell)))
            if not has_own_cell:
                continue
            width = max([len(cells), *(column + 1 for column, (_, cell) in merged_cells.items() if cell is not None)])
            cells.extend([None] * (width - len(cells)))
            for column, (_, cell) in merged_cells.items():
                if column < width:
                    cells[column] = cell if (number, column) in first_cells else _repeated_cell(cell)
            self.row_count += 1
            self.hidden_row_count += hidden
            self.spool.write(number, hidden, cells)


def _repeated_cell(cell: Cell) -> Cell:
    """Return the cell as repeated in the other cells of a merged range."""
    if isinstance(cell, bool) or not isinstance(cell, int | float):
        return cell
    return RepeatedComputedNumber(cell) if isinstance(cell, ComputedNumber) else RepeatedNumber(cell)
