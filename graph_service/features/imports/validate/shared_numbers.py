"""Numbers that a mapping composes of cells, such as an office's telephone, and that several rows share under different names: it is
unclear whom the second row means."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Mapping, Sequence

from graph_service.core.cells.cell_parsers import make_parser
from graph_service.core.cells.cell_texts import CellNotUnderstood, CellRefused
from graph_service.domain.metamodel import OPEN_SEQUENCE, Label
from graph_service.domain.model import MODEL
from graph_service.domain.upserts import current_names_statement
from graph_service.features.imports.read.mapped_tables import MappedTable
from graph_service.features.imports.read.matched_tables import MatchedTable
from graph_service.features.imports.read.name_columns import NAME_HEADERS, normalize_header
from graph_service.features.imports.validate.key_index import KeyIndex
from graph_service.features.imports.validate.row_reading import RecordRow
from graph_service.platform.store.graph import Store

NUMBER_SHARED, NUMBER_UNNAMED = "NUMBER_SHARED", "NUMBER_UNNAMED"
_SHARED_NAMESPACE = "!shared"
MAX_SHOWN_NUMBERS = 100_000
"""Numbers whose first row is remembered, to be shown."""
_GENERIC_NAME_HEADERS = {"名称"}
"""Headers of names that do not say whose name it is."""


class SharedNumbers:
    """The composed numbers of one table. `headers`: headers of its columns; `has_composed_numbers`: whether any table of the
    delivery has such numbers, so that names are remembered."""

    def __init__(
        self,
        matched: MatchedTable,
        headers: Mapping[str, str],
        keys: KeyIndex,
        store: Store,
        *,
        has_composed_numbers: bool = False,
    ) -> None:
        table = matched.table
        columns = table.composed_columns if isinstance(table, MappedTable) else frozenset()
        self._headers, self._keys, self._store, self._source_prefix = headers, keys, store, table.source_prefix
        key_column = matched.sheet.key[0]
        written_labels = [MODEL.labels[write.target] for write in matched.sheet.writes if write.target in MODEL.labels]
        labels = [
            label
            for label in written_labels
            if label.search_property and f"{label.name}.{label.search_property.name}" in headers
        ]
        self._key_column = (
            key_column if key_column in columns and labels and _name_column(labels[0]) in matched.positions else ""
        )
        self._remembered_column = key_column if has_composed_numbers and labels and not self._key_column else ""
        self._label = labels[0] if labels else None
        self._names: dict[tuple[str, str], set[str]] = {}
        self._first_rows: dict[str, str] = {}
        self._references = {
            column: label
            for column in sorted(columns - {self._key_column})
            if (label := _label_with_name(column)) is not None
        }
        self._name_positions = {
            column: _name_position(label, matched.header) for column, label in self._references.items()
        }

    def load_names(self, rows: Sequence[RecordRow]) -> None:
        """Load the names that are recorded under the composed numbers of rows."""
        numbers_by_label: dict[str, set[str]] = defaultdict(set)
        columns = {**self._references, **({self._key_column: self._label} if self._key_column and self._label else {})}
        for row in rows:
            for column, label in columns.items():
                if number := row.parsed.values.get(column):
                    numbers_by_label[label.name].add(str(number))
        self._names.clear()
        for name, numbers in numbers_by_label.items():
            [[name_rows]] = self._store.query_text(
                current_names_statement(MODEL, MODEL.labels[name]), {"keys": sorted(numbers), "open": OPEN_SEQUENCE}
            )
            for number, text in name_rows:
                self._names.setdefault((name, number), set()).add(text)

    def check(self, row: RecordRow) -> None:
        """Refuse a row whose name is not the first under its number, and references of the same line to that number."""
        values = row.parsed.values
        number = str(values.get(self._key_column) or "")
        if number and self._label is not None:
            name = values.get(_name_column(self._label))
            code = self._own_number_issue(self._label, number, str(name or ""))
            if code:
                self._keys.add(_SHARED_NAMESPACE, self._row_key(row, number))
                row.parsed.refuse(code, self._headers[self._key_column], self._describe_number(self._label, number))
            elif name and len(self._first_rows) < MAX_SHOWN_NUMBERS:
                self._first_rows.setdefault(number, f"第{row.number}行 {name}")
        remembered_number = str(values.get(self._remembered_column) or "")
        if remembered_number and self._label is not None and (name := values.get(_name_column(self._label))):
            self._keys.add_all(_namespace(self._label), (remembered_number, f"{remembered_number}\x1f{name}"))
        for column, label in self._references.items():
            number = str(values.get(column) or "")
            if number and (code := self._reference_issue(row, column, label, number)):
                row.parsed.refuse(code, self._headers[column], self._describe_number(label, number))

    def _describe_number(self, label: Label, number: str) -> str:
        """Return a number and the names of its owners, where these are known."""
        owners = sorted(self._names.get((label.name, number), ())) or [self._first_rows.get(number, "")]
        return f"{number}({'、'.join(owners)})" if owners[0] else number

    def _own_number_issue(self, label: Label, number: str, name: str) -> str:
        """Return the issue code of a number that does not belong to the name beside it; empty where it does, recorded or new."""
        known_names = self._names.get((label.name, number), set())
        namespace = _namespace(label)
        if not name:
            return "" if known_names or self._keys.find_known(namespace, [number]) else NUMBER_UNNAMED
        if known_names:
            return "" if name in known_names else NUMBER_SHARED
        if self._keys.add(namespace, number):
            self._keys.add(namespace, f"{number}\x1f{name}")
            return ""
        return "" if self._keys.find_known(namespace, [f"{number}\x1f{name}"]) else NUMBER_SHARED

    def _reference_issue(self, row: RecordRow, column: str, label: Label, number: str) -> str:
        if self._keys.find_known(_SHARED_NAMESPACE, [self._row_key(row, number)]):
            return NUMBER_SHARED
        position = self._name_positions[column]
        cell = row.cells[position] if position is not None and position < len(row.cells) else None
        assert label.search_property is not None
        try:
            name, _ = make_parser(label.search_property)(cell)
        except (CellNotUnderstood, CellRefused):
            return NUMBER_UNNAMED
        known_names = self._names.get((label.name, number), set())
        namespace = _namespace(label)
        if name is None or name in known_names or self._keys.find_known(namespace, [f"{number}\x1f{name}"]):
            return ""
        return NUMBER_SHARED if known_names or self._keys.find_known(namespace, [number]) else ""

    def _row_key(self, row: RecordRow, number: object) -> str:
        return f"{self._source_prefix}!{row.number}\x1f{number}"


def _namespace(label: Label) -> str:
    return f"{label.owner or label.name}!named"


def _name_column(label: Label) -> str:
    assert label.search_property is not None
    return f"{label.name}.{label.search_property.name}"


def _label_with_name(column: str) -> Label | None:
    """Return the label that has the name of the node that a column refers to: of a household its yearly record."""
    owner = column.partition(".")[0]
    label = MODEL.labels.get(owner)
    if label is None or column != f"{owner}.{label.key.name}":
        return None
    if label.search_property:
        return label
    return next((owned for owned in MODEL.labels.values() if owned.owner == owner and owned.search_property), None)


def _name_position(label: Label, header: Sequence[str]) -> int | None:
    """Return the position of the name beside a number, where the table has a header that says whose name it is."""
    assert label.search_property is not None
    headers = NAME_HEADERS.get(label.name) or tuple(set(label.search_property.headers) - _GENERIC_NAME_HEADERS)
    name_headers = set(map(normalize_header, headers))
    return next((position for position, text in enumerate(header) if normalize_header(text) in name_headers), None)
