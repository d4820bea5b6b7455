"""Records that several rows of a mapped table repeat (`once = true` in a mapping): the first row is written, differences of the
others are reported."""

from __future__ import annotations

from collections.abc import Mapping

from graph_service.core.cells.cell_texts import cell_text
from graph_service.core.cells.row_parsing import RowIssue
from graph_service.features.imports.read.mapped_tables import MappedTable
from graph_service.features.imports.read.matched_tables import MatchedTable
from graph_service.features.imports.validate.key_index import KeyIndex
from graph_service.features.imports.validate.row_reading import RecordRow

RECORD_REPEATED = "RECORD_REPEATED"


class RepeatedRecords:
    """The records of one table. `headers`: headers of its columns; `keys`: keys that the delivery has brought so far."""

    def __init__(self, matched: MatchedTable, headers: Mapping[str, str], keys: KeyIndex) -> None:
        self._sheet, self._positions, self._headers, self._keys = matched.sheet, matched.positions, headers, keys
        self.may_repeat = isinstance(matched.table, MappedTable) and matched.table.once

    def differences(self, row: RecordRow, record_key: str) -> list[RowIssue] | None:
        """Return the differences of a row from earlier rows of its record; None for the first row of a record."""
        if not self.may_repeat:
            return None
        if row.parsed.refusals:
            return self._refused_differences(row, record_key)
        values = row.parsed.values
        texts = {name: f"{record_key}\x1f{name}\x1f{value!r}" for name, value in values.items() if value is not None}
        # A cell that is not understood is reported again only where its text differs.
        unread_space = f"{self._sheet.name}!unread"
        unread_issues = [
            issue for issue in row.parsed.flags if self._keys.add(unread_space, f"{record_key}\x1f{issue}")
        ]
        values_space = f"{self._sheet.name}!said"
        if self._keys.add(f"{self._sheet.name}!once", record_key):
            if not self._keys.add(self._sheet.name, record_key):
                row.parsed.refuse("KEY_DUPLICATE", self._headers[self._sheet.key[0]], row.parsed.key_text)
            self._keys.add_all(values_space, texts.values())
            return None
        known_texts = self._keys.find_known(values_space, texts.values())
        changed_columns = [name for name, text in texts.items() if text not in known_texts and name in self._headers]
        return [
            *(
                RowIssue("ROWS_DISAGREE", self._headers[name], self._cell_text_at(row, name))
                for name in changed_columns
            ),
            *unread_issues,
        ]

    def _refused_differences(self, row: RecordRow, record_key: str) -> list[RowIssue] | None:
        """Return None for the first refused row of a record and for a row without a number, so that its issues are reported; else
        no differences."""
        if row.parsed.values.get(self._sheet.key[0]) is None:
            return None
        refusal_key = f"{record_key}\x1f{row.parsed.refusals}"
        return None if self._keys.add(f"{self._sheet.name}!refused", refusal_key) else []

    def _cell_text_at(self, row: RecordRow, column: str) -> str:
        position = self._positions.get(column, len(row.cells))
        return cell_text(row.cells[position]) or "" if position < len(row.cells) else ""
