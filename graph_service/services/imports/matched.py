"""A table of a delivery and the sheet that it is, or why it is none."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field

from graph_service.declare import Sheet
from graph_service.derive.cell_texts import text_of
from graph_service.derive.units import Unit
from graph_service.readers.cells import Cell, SourceRow
from graph_service.readers.delivery import Table
from graph_service.services.imports.header_changes import rows_of_header
from graph_service.services.imports.left_out import (
    COLUMN_UNKNOWN,
    SHEET_AMBIGUOUS,
    SHEET_LACKS,
    SHEET_UNKNOWN,
    SHEET_UNSURE,
    SHEET_VOID,
    LeftOut,
)
from graph_service.services.imports.mapped_tables import MappedTable
from graph_service.services.troubles import TROUBLES


@dataclass(frozen=True, slots=True)
class Matched:
    """A table, the sheet that it is, the number of its (last) header row and its texts, where its columns are, what they are called
    there and in which unit they are where the file states it.

    `header_rows`: the texts of all header rows. `year`, `day`: what a title says of the year and the day of the rows, 0 where it says
    nothing. `unused`: columns of which nothing is read. `refused`: where a workbook of refused rows has why and under which
    number, `REFUSED_FOR` and `REFUSED_KEY`.
    """

    table: Table
    sheet: Sheet
    header_row: int
    header: tuple[str, ...]
    places: dict[str, int]
    shown: dict[str, str]
    unused: tuple[LeftOut, ...]
    refused: tuple[int, ...] = ()
    units: dict[str, Unit] = field(default_factory=dict)
    header_rows: tuple[tuple[str, ...], ...] = ()
    year: int = 0
    day: int = 0
    titles: frozenset[str] = frozenset()
    """What stands above the header, without white space: it is repeated on further pages."""
    undated: tuple[str, ...] = ()
    """Columns of years that are there and cannot be used: its rows are of no year."""
    narrowing: frozenset[int] = frozenset()
    """Places of the columns that tell of whom a name is: the areas above a village, the department of a cadre."""

    size: int = 0
    """How many columns of the sheet are there, those too that cannot be used."""

    @property
    def key_place(self) -> int | None:
        """The place of the column that names a record: the first one where none does, None where a mapping composes it."""
        place = self.places.get(self.sheet.key[0], 0)
        return None if isinstance(self.table, MappedTable) and place >= len(self.table.header.texts) else place

    def rows(self) -> Iterator[SourceRow]:
        """Yield the rows below the header; those that a further header makes to be read otherwise have a fault."""
        return rows_of_header(self.table.rows(), self.header_row, self.header_rows, self.header)

    def was_refused_for(self, cells: Sequence[Cell]) -> list[str]:
        """Return the codes under which a row of a workbook of refused rows has been refused; none of any other row."""
        at = self.refused[0] if self.refused else len(cells)
        return (text_of(cells[at]) or "").split() if at < len(cells) else []

    @property
    def delivered_width(self) -> int | None:
        """How many cells of a row are the file's own; None where all are: what a mapping computes says nothing of what the row is."""
        return len(self.table.header.texts) if isinstance(self.table, MappedTable) and self.table.computed else None


@dataclass(frozen=True, slots=True)
class Unmatched:
    """A table that is no sheet, and why. `lacking`: where it is called like a sheet, the headers that it lacks of it; `alike`: the sheets
    that it could be, where it could be several."""

    table: Table
    lacking: tuple[str, ...] = ()
    alike: tuple[str, ...] = ()
    partial: Matched | None = None
    """As far as it is the sheet that it is called like: its rows can be completed in the workbook of refused rows."""
    void: bool = False
    """Whether its name says that it is not to be read."""
    unsure: bool = False
    """Whether it has the headers of the sheet that it could be, and more that this one has not."""

    @property
    def left_out(self) -> LeftOut:
        """How it is told, with the number of its rows."""
        code = SHEET_LACKS if self.lacking else SHEET_AMBIGUOUS if self.alike else SHEET_UNKNOWN
        code = SHEET_VOID if self.void else SHEET_UNSURE if self.unsure else code
        below = self.partial.header_row if self.partial else 0
        rows = sum(1 for row in self.table.rows() if row.number > below)
        value = "、".join(self.lacking or self.alike)
        # One table may be to feed several sheets.
        if isinstance(self.table, MappedTable) and self.lacking:
            value = f"{self.table.target}: {value}"
        return LeftOut(self.table.file, self.table.name, code, value=value, count=rows)

    @property
    def unusable(self) -> tuple[LeftOut, ...]:
        """The columns that are there and cannot be used, each with why: of what lacks them it may be the reason."""
        return tuple(part for part in self.partial.unused if part.code != COLUMN_UNKNOWN) if self.partial else ()

    def __str__(self) -> str:
        lacks = f"(缺少表头 / lacks the headers: {'、'.join(self.lacking)})" if self.lacking else ""
        could = f"(可能是 / could be: {'、'.join(self.alike)})" if self.alike else ""
        unusable = "".join(f"({part.column}: {' / '.join(TROUBLES[part.code])})" for part in self.unusable)
        return f"{self.table.file}:{self.table.name}{lacks}{unusable}{could}"
