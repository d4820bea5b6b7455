"""The first rows of a table, among which its header is, with the units stated above and beside it."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from itertools import islice

from graph_service.features.imports.read.header_rows import (
    MAX_FIRST_ROWS,
    HeaderRows,
    TextRow,
    first_rows,
    header_candidates,
)
from graph_service.features.imports.read.unit_notes import unclear_units
from graph_service.platform.readers.delivery import SourceTable


@dataclass(frozen=True, slots=True)
class TableHead:
    """The first rows of a table, read once for all sheets that it may match. `header_candidates`: the possible
    headers among them; `hidden_units`: the number of each hidden row and the units that it states;
    `units_beside`: units stated beside the cells."""

    first_rows: Sequence[TextRow]
    header_candidates: Sequence[HeaderRows]
    hidden_units: Sequence[tuple[int, list[str]]]
    units_beside: Sequence[str]

    @classmethod
    def read(cls, table: SourceTable, covers: Sequence[str] = ()) -> TableHead:
        """Read the first rows of a table. `covers`: the units named on covers of its workbook."""
        rows = first_rows(table.rows())
        hidden_units = [
            (row.number, list(unclear_units(row.cells))) for row in islice(table.rows(), MAX_FIRST_ROWS) if row.hidden
        ]
        return cls(rows, list(header_candidates(rows)), hidden_units, [*unclear_units(table.notes), *covers])

    def texts_above(self, header: HeaderRows) -> list[str]:
        """Return the texts above a header."""
        last_number = header.last_row - len(header.rows)
        return [text for number, texts in self.first_rows if number <= last_number for text in texts if text]

    def unclear_units(self, header: HeaderRows) -> list[str]:
        """Return the units of which it is not clear whether they apply to the amounts below a header."""
        return [
            *(note for number, notes in self.hidden_units if number < header.last_row for note in notes),
            *self.units_beside,
        ]
