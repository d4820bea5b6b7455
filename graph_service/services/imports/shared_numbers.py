"""Numbers that a mapping composes of cells, an office's telephone, and under which rows name several: of the second nobody knows who is meant."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Mapping, Sequence

from graph_service.declare import OPEN, Label
from graph_service.derive.cell_texts import CellRefused, NotUnderstood
from graph_service.derive.cells import parser
from graph_service.derive.upserts import current_names
from graph_service.model import MODEL
from graph_service.services.imports.keys import Keys
from graph_service.services.imports.mapped_tables import MappedTable
from graph_service.services.imports.matched import Matched
from graph_service.services.imports.name_columns import NAME_HEADERS, plain
from graph_service.services.imports.row_reading import Row
from graph_service.store.graph import Store

NUMBER_SHARED, NUMBER_UNNAMED = "NUMBER_SHARED", "NUMBER_UNNAMED"
_SHARED = "!shared"
MOST_SHOWN = 100_000
"""Of how many numbers it is remembered in which row they came first, to be shown."""
_ANYBODY = {"名称"}
"""Headers of names that do not say whose they are."""


class SharedNumbers:
    """The composed numbers of one table. `headers`: what its columns are called there; `composed`: whether any table of the delivery has
    such numbers, so that names are remembered."""

    def __init__(
        self, matched: Matched, headers: Mapping[str, str], keys: Keys, store: Store, *, composed: bool = False
    ) -> None:
        table = matched.table
        columns = table.composed if isinstance(table, MappedTable) else frozenset()
        self._headers, self._keys, self._store, self._place = headers, keys, store, table.place
        own = matched.sheet.key[0]
        written = [MODEL.labels[write.target] for write in matched.sheet.writes if write.target in MODEL.labels]
        labels = [label for label in written if label.searched and f"{label.name}.{label.searched.name}" in headers]
        self._own = own if own in columns and labels and _name_column(labels[0]) in matched.places else ""
        self._remembered = own if composed and labels and not self._own else ""
        self._label = labels[0] if labels else None
        self._names: dict[tuple[str, str], set[str]] = {}
        self._firsts: dict[str, str] = {}
        self._references = {
            column: label for column in sorted(columns - {self._own}) if (label := _named_label(column)) is not None
        }
        self._beside = {column: _beside(label, matched.header) for column, label in self._references.items()}

    def load(self, rows: Sequence[Row]) -> None:
        """Look up the names that the composed numbers of rows have already."""
        wanted: dict[str, set[str]] = defaultdict(set)
        columns = {**self._references, **({self._own: self._label} if self._own and self._label else {})}
        for row in rows:
            for column, label in columns.items():
                if number := row.parsed.values.get(column):
                    wanted[label.name].add(str(number))
        self._names.clear()
        for name, numbers in wanted.items():
            [[found]] = self._store.lookup(
                current_names(MODEL, MODEL.labels[name]), {"keys": sorted(numbers), "open": OPEN}
            )
            for number, text in found:
                self._names.setdefault((name, number), set()).add(text)

    def judge(self, row: Row) -> None:
        """Refuse a row that names another one than the first under its number, and what of the same line refers to that number."""
        values = row.parsed.values
        number = str(values.get(self._own) or "")
        if number and self._label is not None:
            name = values.get(_name_column(self._label))
            code = self._first_of(self._label, number, str(name or ""))
            if code:
                self._keys.add(_SHARED, self._line(row, number))
                row.parsed.refuse(code, self._headers[self._own], self._shown(self._label, number))
            elif name and len(self._firsts) < MOST_SHOWN:
                self._firsts.setdefault(number, f"第{row.number}行 {name}")
        remembered = str(values.get(self._remembered) or "")
        if remembered and self._label is not None and (name := values.get(_name_column(self._label))):
            self._keys.add_all(_space(self._label), (remembered, f"{remembered}\x1f{name}"))
        for column, label in self._references.items():
            number = str(values.get(column) or "")
            if number and (code := self._of_reference(row, column, label, number)):
                row.parsed.refuse(code, self._headers[column], self._shown(label, number))

    def _shown(self, label: Label, number: str) -> str:
        """A number and whose it is, where that is known."""
        owners = sorted(self._names.get((label.name, number), ())) or [self._firsts.get(number, "")]
        return f"{number}({'、'.join(owners)})" if owners[0] else number

    def _first_of(self, label: Label, number: str, name: str) -> str:
        """Why a number is not that of who is named beside it; empty where it is, there or anew."""
        known = self._names.get((label.name, number), set())
        space = _space(label)
        if not name:
            return "" if known or self._keys.known(space, [number]) else NUMBER_UNNAMED
        if known:
            return "" if name in known else NUMBER_SHARED
        if self._keys.add(space, number):
            self._keys.add(space, f"{number}\x1f{name}")
            return ""
        return "" if self._keys.known(space, [f"{number}\x1f{name}"]) else NUMBER_SHARED

    def _of_reference(self, row: Row, column: str, label: Label, number: str) -> str:
        if self._keys.known(_SHARED, [self._line(row, number)]):
            return NUMBER_SHARED
        at = self._beside[column]
        cell = row.cells[at] if at is not None and at < len(row.cells) else None
        assert label.searched is not None
        try:
            name, _ = parser(label.searched)(cell)
        except (NotUnderstood, CellRefused):
            return NUMBER_UNNAMED
        known = self._names.get((label.name, number), set())
        space = _space(label)
        if name is None or name in known or self._keys.known(space, [f"{number}\x1f{name}"]):
            return ""
        return NUMBER_SHARED if known or self._keys.known(space, [number]) else ""

    def _line(self, row: Row, number: object) -> str:
        return f"{self._place}!{row.number}\x1f{number}"


def _space(label: Label) -> str:
    return f"{label.owner or label.name}!named"


def _name_column(label: Label) -> str:
    assert label.searched is not None
    return f"{label.name}.{label.searched.name}"


def _named_label(column: str) -> Label | None:
    """The label that has the name of what a column refers to: of a household its yearly record."""
    owner = column.partition(".")[0]
    label = MODEL.labels.get(owner)
    if label is None or column != f"{owner}.{label.key.name}":
        return None
    if label.searched:
        return label
    return next((one for one in MODEL.labels.values() if one.owner == owner and one.searched), None)


def _beside(label: Label, header: Sequence[str]) -> int | None:
    """The position of the name beside a number, where the table has one that says whose it is."""
    assert label.searched is not None
    headers = NAME_HEADERS.get(label.name) or tuple(set(label.searched.headers) - _ANYBODY)
    wanted = set(map(plain, headers))
    return next((at for at, text in enumerate(header) if plain(text) in wanted), None)
