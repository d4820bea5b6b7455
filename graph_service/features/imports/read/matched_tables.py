"""A table of a delivery and the sheet that it is, or why it is none."""

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
    """A table, the sheet that it is, the number of its (last) header row and its texts, where its columns are, what they are called
    there and in which unit they are where the file states it.

    `header_rows`: the texts of all header rows. `year`, `day`: what a title says of the year and the day of the rows, 0 where it says
    nothing. `unused`: columns of which nothing is read. `reason_positions`: where a workbook of refused rows has why and under which
    number, `REFUSED_FOR` and `REFUSED_KEY`.
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
    """What stands above the header, without white space: it is repeated on further pages."""
    undated_columns: tuple[str, ...] = ()
    """Columns of years that are there and cannot be used: its rows are of no year."""
    context_positions: frozenset[int] = frozenset()
    """Places of the columns that tell of whom a name is: the areas above a village, the department of a cadre."""

    column_count: int = 0
    """How many columns of the sheet are there, those too that cannot be used."""

    @property
    def key_position(self) -> int | None:
        """The place of the column that names a record: the first one where none does, None where a mapping composes it."""
        place = self.positions.get(self.sheet.key[0], 0)
        return None if isinstance(self.table, MappedTable) and place >= len(self.table.header.texts) else place

    def rows(self) -> Iterator[SourceRow]:
        """Yield the rows below the header; those that a further header makes to be read otherwise have a fault."""
        return rows_below_header(self.table.rows(), self.header_row, self.header_rows, self.header)

    def previous_refusal_codes(self, cells: Sequence[Cell]) -> list[str]:
        """Return the codes under which a row of a workbook of refused rows has been refused; none of any other row."""
        at = self.reason_positions[0] if self.reason_positions else len(cells)
        return (cell_text(cells[at]) or "").split() if at < len(cells) else []

    @property
    def delivered_width(self) -> int | None:
        """How many cells of a row are the file's own; None where all are: what a mapping computes says nothing of what the row is."""
        return (
            len(self.table.header.texts)
            if isinstance(self.table, MappedTable) and self.table.computed_columns
            else None
        )


@dataclass(frozen=True, slots=True)
class UnmatchedTable:
    """A table that is no sheet, and why. `missing_headers`: where it is called like a sheet, the headers that it lacks of it; `possible_sheets`: the sheets
    that it could be, where it could be several."""

    table: SourceTable
    missing_headers: tuple[str, ...] = ()
    possible_sheets: tuple[str, ...] = ()
    partial_match: MatchedTable | None = None
    """As far as it is the sheet that it is called like: its rows can be completed in the workbook of refused rows."""
    is_void: bool = False
    """Whether its name says that it is not to be read."""
    is_unsure: bool = False
    """Whether it has the headers of the sheet that it could be, and more that this one has not."""

    @property
    def left_out_part(self) -> LeftOutPart:
        """How it is told, with the number of its rows."""
        code = SHEET_INCOMPLETE if self.missing_headers else SHEET_AMBIGUOUS if self.possible_sheets else SHEET_UNKNOWN
        code = SHEET_VOID if self.is_void else SHEET_UNSURE if self.is_unsure else code
        below = self.partial_match.header_row if self.partial_match else 0
        rows = sum(1 for row in self.table.rows() if row.number > below)
        value = "、".join(self.missing_headers or self.possible_sheets)
        # One table may be to feed several sheets.
        if isinstance(self.table, MappedTable) and self.missing_headers:
            value = f"{self.table.target_sheet}: {value}"
        return LeftOutPart(self.table.file, self.table.name, code, value=value, count=rows)

    @property
    def unusable_columns(self) -> tuple[LeftOutPart, ...]:
        """The columns that are there and cannot be used, each with why: of what lacks them it may be the reason."""
        return (
            tuple(part for part in self.partial_match.unused if part.code != COLUMN_UNKNOWN)
            if self.partial_match
            else ()
        )

    def __str__(self) -> str:
        lacks = f"(缺少表头 / lacks the headers: {'、'.join(self.missing_headers)})" if self.missing_headers else ""
        could = f"(可能是 / could be: {'、'.join(self.possible_sheets)})" if self.possible_sheets else ""
        unusable = "".join(
            f"({part.column}: {' / '.join(ISSUE_MESSAGES[part.code])})" for part in self.unusable_columns
        )
        return f"{self.table.file}:{self.table.name}{lacks}{unusable}{could}"
