"""Rows of a table that are records; other rows are left out and reported (docs/reference/files.md)."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Iterator
from dataclasses import dataclass

from graph_service.access.masking import excerpt
from graph_service.core.cells.cell_texts import cell_text
from graph_service.core.cells.row_parsing import ParsedRow, RowIssue, RowParser
from graph_service.core.recording.row_outcomes import RowOutcome, RowOutcomes
from graph_service.features.imports.read.derived_values import complete_row
from graph_service.features.imports.read.left_out_parts import COLUMN_NAMELESS, LeftOutPart
from graph_service.features.imports.read.mapped_tables import ROW_UNMAPPED
from graph_service.features.imports.read.matched_tables import MatchedTable
from graph_service.features.imports.read.part_rows import ROW_IS_PART, PartRows
from graph_service.features.imports.read.row_classification import non_record_reason
from graph_service.features.imports.read.sections import BELOW_SECTION, SectionHeading
from graph_service.features.imports.validate.cell_masks import MAX_SHOWN_CHARACTERS, CellMasks
from graph_service.features.imports.validate.issue_list import IssueList
from graph_service.platform.readers.cells import Cell

MAX_BATCH_CHARACTERS = 1_000_000
"""Maximum characters of the texts of one batch: an engine takes 16 MB in a message, and a name is sent with its spelling."""


@dataclass(slots=True)
class RecordRow:
    """A row that is a record: its number, cells, parsed values and outcome."""

    number: int
    cells: list[Cell]
    parsed: ParsedRow
    outcome: RowOutcome


def chunk_rows(rows: Iterable[RecordRow], size: int) -> Iterator[list[RecordRow]]:
    """Yield the rows in order, at most `size` at a time, and fewer where their texts are long; a single row may be of any length."""
    chunk: list[RecordRow] = []
    characters = 0
    for row in rows:
        length = sum(len(cell) for cell in row.cells if isinstance(cell, str))
        if chunk and (len(chunk) == size or characters + length > MAX_BATCH_CHARACTERS):
            yield chunk
            chunk, characters = [], 0
        chunk.append(row)
        characters += length
    if chunk:
        yield chunk


def column_letters(position: int) -> str:
    """Return the letters of the column at a position in a spreadsheet: 0 is A, 26 is AA."""
    letters = ""
    position += 1
    while position:
        position, remainder = divmod(position - 1, 26)
        letters = chr(65 + remainder) + letters
    return letters


class RecordReader:
    """The records of one matched table. `left_out` and `outcomes` grow as they are read."""

    def __init__(
        self,
        matched: MatchedTable,
        reader: RowParser,
        outcomes: RowOutcomes,
        masks: CellMasks,
        years: Collection[int] = (),
    ) -> None:
        self._matched, self._reader, self._outcomes, self._masks = matched, reader, outcomes, masks
        self._years = years
        self._section, self._parts = SectionHeading(matched), PartRows(matched)
        self._headerless_positions = [position for position, text in enumerate(matched.header) if not text]
        self._nameless_columns: dict[int, tuple[int, str]] = {}
        self.left_out: IssueList[LeftOutPart] = IssueList()

    def __iter__(self) -> Iterator[RecordRow]:
        table = self._matched.table
        for number, cells, hidden, fault in self._matched.rows():
            self._outcomes.rows_read += 1
            if not self._is_left_out(number, cells, hidden=hidden, fault=fault):
                yield RecordRow(number, cells, self._parse(cells, fault or self._fault_code(cells)), RowOutcome())
        self.left_out.extend(
            LeftOutPart(
                table.file,
                table.name,
                COLUMN_NAMELESS,
                column=column_letters(position),
                value=excerpt(value, MAX_SHOWN_CHARACTERS),
                count=count,
            )
            for position, (count, value) in sorted(self._nameless_columns.items())
        )

    def _is_left_out(self, number: int, cells: list[Cell], *, hidden: bool, fault: str) -> bool:
        """Return True where the row is no record; it is then added to the rows left out."""
        if fault:
            return False
        matched = self._matched
        code, value = ("HIDDEN_ROW", "")
        if not hidden:
            delivered_cells = cells[: matched.delivered_width]
            code, value = non_record_reason(delivered_cells, matched.key_position, matched.header_rows, matched.titles)
        if not code:
            return False
        table = self._matched.table
        self._section.observe(code, cells)
        self._outcomes.left_out_counts[code] += 1
        self.left_out.append(
            LeftOutPart(table.file, table.name, code, row=number, value=self._masks.mask_row_text(cells, value))
        )
        return True

    def _fault_code(self, cells: list[Cell]) -> str:
        """Return the fault code of a row that cannot be read because of its position, or of an earlier refusal that its cells do
        not show; empty where it can."""
        previous_codes = self._matched.previous_refusal_codes(cells)
        if ROW_UNMAPPED in previous_codes:
            return ROW_UNMAPPED
        if self._parts.is_part(cells):
            return ROW_IS_PART
        return BELOW_SECTION if BELOW_SECTION in previous_codes or self._section.changes_meaning(cells) else ""

    def _assign_year(self, parsed: ParsedRow) -> None:
        """Put the year into a row without one where all other rows of its sheet are of one year; the year of the collection is for
        tables without years."""
        headers = self._reader.header_texts
        for name in (*self._reader.year_columns, *self._matched.undated_columns):
            if parsed.values.get(name) is not None:
                continue
            if name in self._matched.undated_columns or name in parsed.unread_columns or len(self._years) > 1:
                parsed.refuse("YEAR_MISSING", headers[name])
            elif self._years:
                [parsed.values[name]] = self._years
                if parsed.main_refusal is None:
                    parsed.flag(RowIssue("YEAR_OF_OTHERS", headers[name], str(parsed.values[name])))

    def _parse(self, cells: list[Cell], fault: str) -> ParsedRow:
        if fault:
            parsed = ParsedRow(key_text=self._masks.mask_first_cell(cell_text(cells[0]) or "", fault) if cells else "")
            parsed.refuse(fault, "", parsed.key_text)
            return parsed
        for position in (*self._headerless_positions, *range(len(self._matched.header), len(cells))):
            if position < len(cells) and cells[position] is not None:
                count, value = self._nameless_columns.get(position, (0, cell_text(cells[position]) or ""))
                self._nameless_columns[position] = count + 1, value
        parsed = self._reader.parse(cells)
        self._assign_year(parsed)
        return complete_row(self._matched.sheet, parsed, self._reader.header_texts, self._reader.codec)
