"""Tables of a delivery with the sheet that each matches, or the reason why it matches none."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field

from graph_service.core.cells.cell_texts import cell_text
from graph_service.core.cells.units import Unit
from graph_service.domain.metamodel import Sheet
from graph_service.features.imports.read.header_changes import rows_below_header
from graph_service.features.imports.read.left_out_parts import (
    COLUMN_UNKNOWN,
    SHEET_AMBIGUOUS,
    SHEET_INCOMPLETE,
    SHEET_UNKNOWN,
    SHEET_UNSURE,
    SHEET_VOID,
    LeftOutPart,
)
from graph_service.features.imports.read.mapped_tables import MappedTable
from graph_service.features.imports.read.row_issues import ISSUE_MESSAGES
from graph_service.platform.readers.cells import Cell, SourceRow
from graph_service.platform.readers.delivery import SourceTable


@dataclass(frozen=True, slots=True)
class MatchedTable:
    """A table, the sheet that it matches, the number of its (last) header row and its texts, the positions of its
    columns, their header texts and their units where the file states them.

    `header_rows`: the texts of all header rows. `year`, `day`: the year and the day of the rows according to a
    title, 0 where it states none. `unused`: columns that are not read. `reason_positions`: the positions in a
    workbook of refused rows of the reason and the number, `REASON_CODE_HEADER` and `ORIGINAL_KEY_HEADER`.
    """

    table: SourceTable
    sheet: Sheet
    header_row: int
    header: tuple[str, ...]
    positions: dict[str, int]
    header_texts: dict[str, str]
    unused: tuple[LeftOutPart, ...]
    reason_positions: tuple[int, ...] = ()
    units: dict[str, Unit] = field(default_factory=dict)
    header_rows: tuple[tuple[str, ...], ...] = ()
    year: int = 0
    day: int = 0
    titles: frozenset[str] = frozenset()
    """The texts above the header, without white space: they may be repeated on further pages."""
    undated_columns: tuple[str, ...] = ()
    """Columns of years that are present but cannot be used: the rows have no year."""
    context_positions: frozenset[int] = frozenset()
    """Positions of the columns that tell names apart: the areas above a village, the department of a cadre."""

    column_count: int = 0
    """The number of columns of the sheet that are present, including those that cannot be used."""

    @property
    def key_position(self) -> int | None:
        """The position of the column that names a record: the first column where none does, None where a mapping composes it."""
        position = self.positions.get(self.sheet.key[0], 0)
        return None if isinstance(self.table, MappedTable) and position >= len(self.table.header.texts) else position

    def rows(self) -> Iterator[SourceRow]:
        """Yield the rows below the header; those that stand below a different further header have a fault."""
        return rows_below_header(self.table.rows(), self.header_row, self.header_rows, self.header)

    def previous_refusal_codes(self, cells: Sequence[Cell]) -> list[str]:
        """Return the codes under which a row of a workbook of refused rows was refused; none for any other row."""
        position = self.reason_positions[0] if self.reason_positions else len(cells)
        return (cell_text(cells[position]) or "").split() if position < len(cells) else []

    @property
    def delivered_width(self) -> int | None:
        """The number of cells of a row that come from the file; None where all do. Cells computed by a mapping do
        not help to classify a row."""
        return (
            len(self.table.header.texts)
            if isinstance(self.table, MappedTable) and self.table.computed_columns
            else None
        )


@dataclass(frozen=True, slots=True)
class UnmatchedTable:
    """A table that matches no sheet, with the reason. `missing_headers`: the headers that it lacks for the sheet
    whose name it has; `possible_sheets`: the sheets that it could be, where it could be several."""

    table: SourceTable
    missing_headers: tuple[str, ...] = ()
    possible_sheets: tuple[str, ...] = ()
    partial_match: MatchedTable | None = None
    """The partial match with the sheet whose name it has: its rows can be completed in the workbook of refused rows."""
    is_void: bool = False
    """True where its name excludes it from reading."""
    is_unsure: bool = False
    """True where it has headers of the sheet that it could be, but also more that this sheet does not have."""

    @property
    def left_out_part(self) -> LeftOutPart:
        """The report of the table as not used, with the number of its rows."""
        code = SHEET_INCOMPLETE if self.missing_headers else SHEET_AMBIGUOUS if self.possible_sheets else SHEET_UNKNOWN
        code = SHEET_VOID if self.is_void else SHEET_UNSURE if self.is_unsure else code
        header_row = self.partial_match.header_row if self.partial_match else 0
        row_count = sum(1 for row in self.table.rows() if row.number > header_row)
        value = "、".join(self.missing_headers or self.possible_sheets)
        # A mapping may feed several sheets from one table.
        if isinstance(self.table, MappedTable) and self.missing_headers:
            value = f"{self.table.target_sheet}：{value}"
        return LeftOutPart(self.table.file, self.table.name, code, value=value, count=row_count)

    @property
    def unusable_columns(self) -> tuple[LeftOutPart, ...]:
        """The columns that are present but cannot be used, each with the reason: they may explain missing headers."""
        return (
            tuple(part for part in self.partial_match.unused if part.code != COLUMN_UNKNOWN)
            if self.partial_match
            else ()
        )

    def __str__(self) -> str:
        missing_text = (
            f"（缺少表头 / missing headers: {'、'.join(self.missing_headers)}）" if self.missing_headers else ""
        )
        possible_text = f"（可能是 / could be: {'、'.join(self.possible_sheets)}）" if self.possible_sheets else ""
        unusable_text = "".join(
            f"（{part.column}：{' / '.join(ISSUE_MESSAGES[part.code])}）" for part in self.unusable_columns
        )
        # A mapping may feed several sheets from one table.
        target = f" → {self.table.target_sheet}" if isinstance(self.table, MappedTable) else ""
        return f"{self.table.source_prefix}{target}{missing_text}{unusable_text}{possible_text}"
