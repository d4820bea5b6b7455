"""Numbers that a mapping composes of cells, an office's telephone, and under which rows name several: of the second nobody knows who is meant."""

from __future__ import annotations

from collections.abc import Mapping

from graph_service.model import MODEL
from graph_service.services.imports.keys import Keys
from graph_service.services.imports.mapped_tables import MappedTable
from graph_service.services.imports.matched import Matched
from graph_service.services.imports.row_reading import Row

NUMBER_SHARED = "NUMBER_SHARED"
_SHARED = "!shared"


class SharedNumbers:
    """The composed numbers of one table. `headers`: what its columns are called there."""

    def __init__(self, matched: Matched, headers: Mapping[str, str], keys: Keys) -> None:
        table = matched.table
        composed = table.composed if isinstance(table, MappedTable) else frozenset()
        self._headers, self._keys, self._place, self._sheet = headers, keys, table.place, matched.sheet.name
        labels = [MODEL.labels[write.target] for write in matched.sheet.writes if write.target in MODEL.labels]
        names = [f"{label.name}.{label.searched.name}" for label in labels if label.searched]
        own = matched.sheet.key[0] in composed and bool(names)
        self._name = names[0] if own else ""
        self._own = matched.sheet.key[0] if own else ""
        self._references = sorted(composed - {self._own})

    def judge(self, row: Row, record_key: str) -> None:
        """Refuse a row that names another one than the first under its number, and what of the same line refers to that number."""
        values = row.parsed.values
        number, name = values.get(self._own), values.get(self._name)
        if number and name and not self._is_first(record_key, str(name)):
            self._keys.add(_SHARED, self._line(row, number))
            row.parsed.refuse(NUMBER_SHARED, self._headers[self._name], str(name))
        for column in self._references:
            number = values.get(column)
            if number and self._keys.known(_SHARED, [self._line(row, number)]):
                row.parsed.refuse(NUMBER_SHARED, self._headers[column], str(number))

    def _is_first(self, record_key: str, name: str) -> bool:
        """Whether the name is the first one of its number, there or anew."""
        space, named = f"{self._sheet}!named", f"{record_key}\x1f{name}"
        if self._keys.add(space, record_key):
            return self._keys.add(space, named)
        return bool(self._keys.known(space, [named]))

    def _line(self, row: Row, number: object) -> str:
        return f"{self._place}!{row.number}\x1f{number}"
