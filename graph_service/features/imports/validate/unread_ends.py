"""Rows whose last day is not understood: new relationships in them are refused when they are written, and reported with the cell."""

from __future__ import annotations

from collections.abc import Mapping

from graph_service.core.cells.row_parsing import RowIssue
from graph_service.features.imports.validate.rejected_rows import MAX_ROWS
from graph_service.features.imports.validate.row_reading import RecordRow

LAST_DAY_SUFFIX = ".until"
"""Suffix of the names of columns of last days."""


class UnreadEnds:
    """Rows of one table with an unread last day, until they are written. `header_texts`: headers by column."""

    def __init__(self, header_texts: Mapping[str, str]) -> None:
        self._header_texts = header_texts
        self._rows: dict[int, RecordRow] = {}

    def add(self, row: RecordRow) -> None:
        """Keep an accepted row, where its last day is not understood and there is room."""
        if any(name.endswith(LAST_DAY_SUFFIX) for name in row.parsed.unread_columns) and len(self._rows) < MAX_ROWS:
            self._rows[row.number] = row

    def pop(self, row_number: int, code: str) -> tuple[RecordRow, RowIssue] | None:
        """Return and forget the row of that number, with its issue; None where it is not kept."""
        row = self._rows.pop(row_number, None)
        if row is None:
            return None
        headers = [
            self._header_texts[name]
            for name in row.parsed.unread_columns
            if name.endswith(LAST_DAY_SUFFIX) and name in self._header_texts
        ]
        flagged_cells = [(issue.column, issue.value) for issue in row.parsed.flags if issue.column in headers]
        column, value = flagged_cells[0] if flagged_cells else (headers[0] if headers else "", "")
        return row, RowIssue(code, column, value)
