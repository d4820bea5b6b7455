"""Refused rows as they were delivered, to be corrected and imported again. No more of them is held than is said here."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field

from graph_service.derive.rows import Trouble
from graph_service.readers.cells import Cell
from graph_service.readers.delivery import Table
from graph_service.services.imports.headers import NOWHERE, Heading, Headings, headings
from graph_service.services.imports.matched import Matched, Unmatched
from graph_service.services.imports.missing_columns import COLUMN_MISSING
from graph_service.services.imports.record_rows import reason_to_leave_out

MOST_ROWS = 10_000
MOST_HELD = 10_000_000
"""Cells, their characters and those of the numbers, of all rows."""
LONGEST = 16_000
"""Characters of a cell: a longer one may not fit into a workbook's."""


@dataclass(frozen=True, slots=True)
class Reject:
    """A refused row: file and row number, its cells in the order of its headings, the number under which it was refused, all that is
    wrong with it, each with the place of the cell that is to blame (none where there is no such cell)."""

    file: str
    number: int
    cells: tuple[Cell, ...]
    key: str
    issues: tuple[tuple[Trouble, int | None], ...]

    @property
    def blamed(self) -> set[int]:
        """The places of the cells that are to blame."""
        return {place for _, place in self.issues if place is not None}


@dataclass(slots=True)
class RejectedTable:
    """Refused rows that are written under the same headers; tables of several files may be one."""

    sheet: str
    columns: tuple[Heading, ...]
    mapped: bool
    rows: list[Reject] = field(default_factory=list)


@dataclass(slots=True)
class Rejects:
    """The refused rows of a delivery. `rows`: how many are held; `left_out`: how many are not, because they are more, or larger,
    than is held."""

    rows: int = 0
    left_out: int = 0
    tables: dict[tuple[str, ...], RejectedTable] = field(default_factory=dict)
    areas: set[str] = field(default_factory=set)
    """The areas (codes) in which names of the delivery were looked up: neither title nor mapping tells them with the workbook."""
    _held: int = 0
    _headings: dict[Table, Headings] = field(default_factory=dict)

    @property
    def area_options(self) -> list[str]:
        """The options of the command that imports them with these areas."""
        return [f"--area {code}" for code in sorted(self.areas)]

    def add(self, matched: Matched, number: int, cells: Sequence[Cell], key: str, issues: Sequence[Trouble]) -> None:
        """Hold a refused row of a table, or count it as left out."""
        lengths = [len(key), *(len(cell) for cell in cells if isinstance(cell, str))]
        size = len(cells) + sum(lengths)
        if self.rows >= MOST_ROWS or self._held + size > MOST_HELD or max(lengths) > LONGEST:
            self.left_out += 1
            return
        self.rows, self._held = self.rows + 1, self._held + size
        table, under = self._table(matched)
        ordered = [cells[one.place] if one.place < len(cells) else None for one in under.columns]
        places = {shown: matched.places[name] for name, shown in matched.shown.items()}
        places |= {one.header: one.place for one in under.columns if one.place >= NOWHERE}
        columns = {one.place: at for at, one in reversed(list(enumerate(under.columns)))}
        blamed = tuple((issue, columns.get(places.get(issue.column, -1))) for issue in issues)
        # What stands to the right of all headers tells how a row went wrong.
        whole = (*ordered, *cells[len(matched.header) :])
        table.rows.append(Reject(matched.table.file, number, whole, key, blamed))

    def add_partial(self, table: Unmatched) -> None:
        """Hold the rows of a table that lacks columns of the sheet that it is called like, to be completed."""
        partial = table.partial
        if partial is None:
            return
        issues = [Trouble(COLUMN_MISSING, header) for header in table.lacking]
        for row in partial.table.rows():
            if row.number <= partial.header_row or row.hidden or row.fault:
                continue
            if not reason_to_leave_out(row.cells, partial.key_place, partial.header_rows)[0]:
                self.add(partial, row.number, row.cells, "", issues)

    def _table(self, matched: Matched) -> tuple[RejectedTable, Headings]:
        if matched.table not in self._headings:
            self._headings[matched.table] = headings(matched)
        under = self._headings[matched.table]
        alike = (under.sheet, *(one.header for one in under.columns))
        if alike not in self.tables:
            self.tables[alike] = RejectedTable(under.sheet, under.columns, under.mapped)
        return self.tables[alike], under
