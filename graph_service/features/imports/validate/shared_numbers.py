"""Numbers that a mapping composes of cells, an office's telephone, and under which rows name several: of the second nobody knows who is meant."""

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
"""Of how many numbers it is remembered in which row they came first, to be shown."""
_GENERIC_NAME_HEADERS = {"名称"}
"""Headers of names that do not say whose they are."""


class SharedNumbers:
    """The composed numbers of one table. `headers`: what its columns are called there; `has_composed_numbers`: whether any table of the delivery has
    such numbers, so that names are remembered."""

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
        own = matched.sheet.key[0]
        written = [MODEL.labels[write.target] for write in matched.sheet.writes if write.target in MODEL.labels]
        labels = [
            label
            for label in written
            if label.search_property and f"{label.name}.{label.search_property.name}" in headers
        ]
        self._key_column = own if own in columns and labels and _name_column(labels[0]) in matched.positions else ""
        self._remembered_column = own if has_composed_numbers and labels and not self._key_column else ""
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
        """Look up the names that the composed numbers of rows have already."""
        wanted: dict[str, set[str]] = defaultdict(set)
        columns = {**self._references, **({self._key_column: self._label} if self._key_column and self._label else {})}
        for row in rows:
            for column, label in columns.items():
                if number := row.parsed.values.get(column):
                    wanted[label.name].add(str(number))
        self._names.clear()
        for name, numbers in wanted.items():
            [[found]] = self._store.query_text(
                current_names_statement(MODEL, MODEL.labels[name]), {"keys": sorted(numbers), "open": OPEN_SEQUENCE}
            )
            for number, text in found:
                self._names.setdefault((name, number), set()).add(text)

    def check(self, row: RecordRow) -> None:
        """Refuse a row that names another one than the first under its number, and what of the same line refers to that number."""
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
        remembered = str(values.get(self._remembered_column) or "")
        if remembered and self._label is not None and (name := values.get(_name_column(self._label))):
            self._keys.add_all(_namespace(self._label), (remembered, f"{remembered}\x1f{name}"))
        for column, label in self._references.items():
            number = str(values.get(column) or "")
            if number and (code := self._reference_issue(row, column, label, number)):
                row.parsed.refuse(code, self._headers[column], self._describe_number(label, number))

    def _describe_number(self, label: Label, number: str) -> str:
        """A number and whose it is, where that is known."""
        owners = sorted(self._names.get((label.name, number), ())) or [self._first_rows.get(number, "")]
        return f"{number}({'、'.join(owners)})" if owners[0] else number

    def _own_number_issue(self, label: Label, number: str, name: str) -> str:
        """Why a number is not that of who is named beside it; empty where it is, there or anew."""
        known = self._names.get((label.name, number), set())
        space = _namespace(label)
        if not name:
            return "" if known or self._keys.find_known(space, [number]) else NUMBER_UNNAMED
        if known:
            return "" if name in known else NUMBER_SHARED
        if self._keys.add(space, number):
            self._keys.add(space, f"{number}\x1f{name}")
            return ""
        return "" if self._keys.find_known(space, [f"{number}\x1f{name}"]) else NUMBER_SHARED

    def _reference_issue(self, row: RecordRow, column: str, label: Label, number: str) -> str:
        if self._keys.find_known(_SHARED_NAMESPACE, [self._row_key(row, number)]):
            return NUMBER_SHARED
        at = self._name_positions[column]
        cell = row.cells[at] if at is not None and at < len(row.cells) else None
        assert label.search_property is not None
        try:
            name, _ = make_parser(label.search_property)(cell)
        except (CellNotUnderstood, CellRefused):
            return NUMBER_UNNAMED
        known = self._names.get((label.name, number), set())
        space = _namespace(label)
        if name is None or name in known or self._keys.find_known(space, [f"{number}\x1f{name}"]):
            return ""
        return NUMBER_SHARED if known or self._keys.find_known(space, [number]) else ""

    def _row_key(self, row: RecordRow, number: object) -> str:
        return f"{self._source_prefix}!{row.number}\x1f{number}"


def _namespace(label: Label) -> str:
    return f"{label.owner or label.name}!named"


def _name_column(label: Label) -> str:
    assert label.search_property is not None
    return f"{label.name}.{label.search_property.name}"


def _label_with_name(column: str) -> Label | None:
    """The label that has the name of what a column refers to: of a household its yearly record."""
    owner = column.partition(".")[0]
    label = MODEL.labels.get(owner)
    if label is None or column != f"{owner}.{label.key.name}":
        return None
    if label.search_property:
        return label
    return next((one for one in MODEL.labels.values() if one.owner == owner and one.search_property), None)


def _name_position(label: Label, header: Sequence[str]) -> int | None:
    """The position of the name beside a number, where the table has one that says whose it is."""
    assert label.search_property is not None
    headers = NAME_HEADERS.get(label.name) or tuple(set(label.search_property.headers) - _GENERIC_NAME_HEADERS)
    wanted = set(map(normalize_header, headers))
    return next((at for at, text in enumerate(header) if normalize_header(text) in wanted), None)
