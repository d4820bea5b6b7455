"""The rows of a table that are records; what is none is left out and told (docs/files.md)."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Iterator
from dataclasses import dataclass

from graph_service.derive.cell_texts import text_of
from graph_service.derive.rows import Parsed, RowReader, Trouble
from graph_service.readers.cells import Cell
from graph_service.services.imports.completing import completed
from graph_service.services.imports.issue_list import IssueList
from graph_service.services.imports.left_out import COLUMN_NAMELESS, LeftOut
from graph_service.services.imports.mapped_tables import ROW_UNMAPPED
from graph_service.services.imports.matched import Matched
from graph_service.services.imports.outcomes import RowOutcome, RowOutcomes
from graph_service.services.imports.record_rows import reason_to_leave_out
from graph_service.services.imports.remarks import SHOWN
from graph_service.services.imports.sections import BELOW_SECTION, Section

MOST_CHARACTERS = 1_000_000
"""Of the texts of the rows of one batch: an engine takes 16 MB in a message, and a name is sent with its spelling."""


@dataclass(slots=True)
class Row:
    """A row that is a record: its number, its cells, what they say, what came of it."""

    number: int
    cells: list[Cell]
    parsed: Parsed
    outcome: RowOutcome


def chunks(rows: Iterable[Row], size: int) -> Iterator[list[Row]]:
    """Yield the rows in order, at most `size` at a time, and fewer where their texts are long; one row alone is as long as it is."""
    chunk: list[Row] = []
    characters = 0
    for row in rows:
        length = sum(len(cell) for cell in row.cells if isinstance(cell, str))
        if chunk and (len(chunk) == size or characters + length > MOST_CHARACTERS):
            yield chunk
            chunk, characters = [], 0
        chunk.append(row)
        characters += length
    if chunk:
        yield chunk


def column_letters(position: int) -> str:
    """Return what a spreadsheet calls the column at a position: 0 is A, 26 is AA."""
    letters = ""
    position += 1
    while position:
        position, rest = divmod(position - 1, 26)
        letters = chr(65 + rest) + letters
    return letters


class RecordRows:
    """The records of one matched table. `left_out` and `outcomes` grow as they are read."""

    def __init__(self, matched: Matched, reader: RowReader, outcomes: RowOutcomes, years: Collection[int] = ()) -> None:
        self._matched, self._reader, self._outcomes = matched, reader, outcomes
        self._years = years
        self._section = Section(matched)
        self._without_header = [at for at, text in enumerate(matched.header) if not text]
        self._nameless: dict[int, tuple[int, str]] = {}
        self.left_out: IssueList[LeftOut] = IssueList()

    def __iter__(self) -> Iterator[Row]:
        table = self._matched.table
        for number, cells, hidden, fault in self._matched.rows():
            self._outcomes.read += 1
            if not self._is_left_out(number, cells, hidden=hidden, fault=fault):
                yield Row(number, cells, self._parsed(cells, fault or self._fault(cells)), RowOutcome())
        self.left_out.extend(
            LeftOut(
                table.file, table.name, COLUMN_NAMELESS, column=column_letters(at), value=value[:SHOWN], count=count
            )
            for at, (count, value) in sorted(self._nameless.items())
        )

    def _is_left_out(self, number: int, cells: list[Cell], *, hidden: bool, fault: str) -> bool:
        """Whether the row is no record; then it is told."""
        if fault:
            return False
        matched = self._matched
        code, value = ("HIDDEN_ROW", "")
        if not hidden:
            own = cells[: matched.delivered_width]
            code, value = reason_to_leave_out(own, matched.key_place, matched.header_rows, matched.titles)
        if not code:
            return False
        table = self._matched.table
        self._section.see(code, cells)
        self._outcomes.left_out[code] += 1
        self.left_out.append(LeftOut(table.file, table.name, code, row=number, value=value))
        return True

    def _fault(self, cells: list[Cell]) -> str:
        """The code why a row is not read, of where it stands, or as it was refused before for what its cells do not tell."""
        before = self._matched.was_refused_for(cells)
        if ROW_UNMAPPED in before:
            return ROW_UNMAPPED
        return BELOW_SECTION if BELOW_SECTION in before or self._section.changes(cells) else ""

    def _date(self, parsed: Parsed) -> None:
        """Put the year into a row that has none where all others of its sheet are of one; the year of the collection is for tables without
        years."""
        told = self._reader.told
        for name in (*self._reader.years, *self._matched.undated):
            if parsed.values.get(name) is not None:
                continue
            if name in self._matched.undated or name in parsed.unread or len(self._years) > 1:
                parsed.refuse("YEAR_MISSING", told[name])
            elif self._years:
                [parsed.values[name]] = self._years
                if parsed.refused is None:
                    parsed.flag(Trouble("YEAR_OF_OTHERS", told[name], str(parsed.values[name])))

    def _parsed(self, cells: list[Cell], fault: str) -> Parsed:
        if fault:
            parsed = Parsed(shown_key=(text_of(cells[0]) or "")[:SHOWN] if cells else "")
            parsed.refuse(fault, "", parsed.shown_key)
            return parsed
        for at in (*self._without_header, *range(len(self._matched.header), len(cells))):
            if at < len(cells) and cells[at] is not None:
                count, value = self._nameless.get(at, (0, text_of(cells[at]) or ""))
                self._nameless[at] = count + 1, value
        parsed = self._reader.read(cells)
        self._date(parsed)
        return completed(self._matched.sheet, parsed, self._reader.told)
