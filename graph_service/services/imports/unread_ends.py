"""Rows whose last day is not understood: what is new in them is refused when it is written, and told with its cell."""

from __future__ import annotations

from collections.abc import Mapping

from graph_service.derive.rows import Trouble
from graph_service.services.imports.rejects import MOST_ROWS
from graph_service.services.imports.row_reading import Row

END = ".until"
"""How the names of the columns of last days end."""


class UnreadEnds:
    """Such rows of one table, until they are written. `told`: headers by column."""

    def __init__(self, told: Mapping[str, str]) -> None:
        self._told = told
        self._rows: dict[int, Row] = {}

    def hold(self, row: Row) -> None:
        """Hold an accepted row, where its last day is not understood and there is room."""
        if any(name.endswith(END) for name in row.parsed.unread) and len(self._rows) < MOST_ROWS:
            self._rows[row.number] = row

    def take(self, number: int, code: str) -> tuple[Row, Trouble] | None:
        """Return the row of that number, once, with what is wrong with it; None where it is not held."""
        row = self._rows.pop(number, None)
        if row is None:
            return None
        headers = [self._told[name] for name in row.parsed.unread if name.endswith(END) and name in self._told]
        flagged = [(issue.column, issue.value) for issue in row.parsed.flagged if issue.column in headers]
        column, value = flagged[0] if flagged else (headers[0] if headers else "", "")
        return row, Trouble(code, column, value)
