"""Connections: their selections, and the encoding of a page of rows."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from graph_service.graphql.cursors import KeyPart, encode_cursor
from graph_service.graphql.paging import Window
from graph_service.graphql.selection import Operation, SelectedField

Encoder = Callable[[Any], Any]


def object_encoder(
    operation: Operation,
    type_name: str,
    selections: Sequence[SelectedField],
    on_field: Callable[[SelectedField], Encoder],
) -> Encoder:
    """Return the encoder of a value as an object with the fields selected of a type, in the document's order; None stays None."""
    nodes = [node for selected in selections for node in selected.nodes]
    fields = operation.subfields(type_name, nodes)
    # Sorted by name: a statement must not depend on the order of the fields in the document.
    encoder_by_key = {
        selected.key: constant(type_name) if selected.name == "__typename" else on_field(selected)
        for selected in sorted(fields, key=lambda field: field.name)
    }
    encoders = [(selected.key, encoder_by_key[selected.key]) for selected in fields]
    return lambda value: None if value is None else {key: encode(value) for key, encode in encoders}


def constant(value: object) -> Encoder:
    return lambda _: value


@dataclass(frozen=True, slots=True)
class Page:
    """Rows of a page, each with the parts of its cursor, and whether there are more in the direction of reading."""

    rows: Sequence[Any]
    cursors: Sequence[Sequence[KeyPart]]
    has_more: bool
    window: Window
    extra: Mapping[str, Any] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class ConnectionSelection:
    """The selection of a connection, with the fields selected of it."""

    operation: Operation
    type_name: str
    edge_name: str
    selected: SelectedField
    fields: tuple[SelectedField, ...]

    @classmethod
    def from_field(cls, operation: Operation, type_name: str, selected: SelectedField) -> ConnectionSelection:
        edge = type_name.removesuffix("Connection") + "Edge"
        return cls(operation, type_name, edge, selected, tuple(operation.subfields(type_name, selected.nodes)))

    def selects(self, *names: str) -> bool:
        return any(selected.name in names for selected in self.fields)

    @property
    def needs_rows(self) -> bool:
        """Tell whether any selected field needs the rows."""
        return self.selects("edges", "nodes", "pageInfo")

    def encoder(
        self,
        on_row: Callable[[SelectedField], Encoder],
        extra_encoders: Mapping[str, Callable[[Page], Any]] | None = None,
    ) -> Callable[[Page], dict[str, Any]]:
        """Return the encoder of a page. `on_row` returns the encoder from a row for a field of an edge, or for `nodes`; `extra_encoders`
        encode further fields of the connection, by response key."""

        def on_page(selected: SelectedField) -> Encoder:
            if selected.name == "edges":
                return self._edges_encoder(selected, on_row)
            if selected.name == "nodes":
                encode = on_row(selected)
                return lambda page: [encode(row) for row in page.rows]
            if selected.name == "pageInfo":
                return object_encoder(
                    self.operation, "PageInfo", [selected], lambda field: PAGE_INFO_ENCODERS[field.name]
                )
            if extra_encoders and selected.key in extra_encoders:
                return extra_encoders[selected.key]
            return lambda page: page.extra[selected.name]

        return object_encoder(self.operation, self.type_name, [self.selected], on_page)

    def _edges_encoder(self, edges: SelectedField, on_row: Callable[[SelectedField], Encoder]) -> Encoder:
        def on_edge(selected: SelectedField) -> Encoder:
            if selected.name == "cursor":
                return lambda edge: encode_cursor(edge[1])
            encode = on_row(selected)
            return lambda edge: encode(edge[0])

        encode = object_encoder(self.operation, self.edge_name, [edges], on_edge)
        return lambda page: [encode(edge) for edge in zip(page.rows, page.cursors, strict=True)]


PAGE_INFO_ENCODERS: dict[str, Callable[[Page], Any]] = {
    "hasNextPage": lambda page: page.window.before if page.window.backward else page.has_more,
    "hasPreviousPage": lambda page: page.has_more if page.window.backward else page.window.after,
    "startCursor": lambda page: encode_cursor(page.cursors[0]) if page.cursors else None,
    "endCursor": lambda page: encode_cursor(page.cursors[-1]) if page.cursors else None,
}
