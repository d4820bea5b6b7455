"""The first rows of a table, among which its header is, and what is said above it and beside it of units."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from itertools import islice

from graph_service.readers.delivery import Table
from graph_service.services.imports.header_rows import HEADER_ROWS, Head, HeaderRows, first_rows, header_candidates
from graph_service.services.imports.unit_notes import unclear_notes


@dataclass(frozen=True, slots=True)
class Top:
    """The first rows of a table, read once for all sheets that it may be. `headers`: what may be the header among them; `hidden`: of each
    hidden row its number and the units that it states; `beside`: those that stand beside the cells."""

    head: Head
    headers: Sequence[HeaderRows]
    hidden: Sequence[tuple[int, list[str]]]
    beside: Sequence[str]

    @classmethod
    def of(cls, table: Table, covers: Sequence[str] = ()) -> Top:
        """Read the first rows of a table. `covers`: the units that covers of its workbook name."""
        head = first_rows(table.rows())
        hidden = [
            (row.number, list(unclear_notes(row.cells))) for row in islice(table.rows(), HEADER_ROWS) if row.hidden
        ]
        return cls(head, list(header_candidates(head)), hidden, [*unclear_notes(table.beside), *covers])

    def above(self, header: HeaderRows) -> list[str]:
        """Return the texts above a header."""
        first = header.last - len(header.rows)
        return [text for number, texts in self.head if number <= first for text in texts if text]

    def unclear(self, header: HeaderRows) -> list[str]:
        """Return the units of which it is not clear whether the amounts below a header are in them."""
        return [*(note for number, notes in self.hidden if number < header.last for note in notes), *self.beside]
