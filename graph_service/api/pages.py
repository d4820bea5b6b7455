"""Connections: what is selected of one, and how a page of rows becomes its answer."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from graph_service.api.cursors import Part, cursor_of
from graph_service.api.paging import Window
from graph_service.api.selection import Document, Selected

Encode = Callable[[Any], Any]


def object_encoder(
    document: Document, type_name: str, selected: Sequence[Selected], on_field: Callable[[Selected], Encode]
) -> Encode:
    """Value → object with the fields selected of a type, in the document's order; nothing stays nothing."""
    nodes = [node for one in selected for node in one.nodes]
    fields = document.below(type_name, nodes)
    # By name: what is made of a selection must not depend on the order in which a document writes it.
    made = {
        one.key: constant(type_name) if one.name == "__typename" else on_field(one)
        for one in sorted(fields, key=lambda field: field.name)
    }
    wanted = [(one.key, made[one.key]) for one in fields]
    return lambda value: None if value is None else {key: get(value) for key, get in wanted}


def constant(value: object) -> Encode:
    return lambda _: value


@dataclass(frozen=True, slots=True)
class Page:
    """Rows of a page, each with its cursor's parts, and whether there are more beyond it in the way that it was read."""

    rows: Sequence[Any]
    cursors: Sequence[Sequence[Part]]
    more: bool
    window: Window
    extra: Mapping[str, Any] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class ConnectionShape:
    """The selection of a connection, taken apart."""

    document: Document
    type_name: str
    edge_name: str
    selected: Selected
    fields: tuple[Selected, ...]

    @classmethod
    def of(cls, document: Document, type_name: str, selected: Selected) -> ConnectionShape:
        edge = type_name.removesuffix("Connection") + "Edge"
        return cls(document, type_name, edge, selected, tuple(document.below(type_name, selected.nodes)))

    def wants(self, *names: str) -> bool:
        return any(one.name in names for one in self.fields)

    @property
    def paged(self) -> bool:
        """Whether its rows are needed."""
        return self.wants("edges", "nodes", "pageInfo")

    def encoder(self, on_row: Callable[[Selected], Encode]) -> Callable[[Page], dict[str, Any]]:
        """Page → answer. `on_row` encodes a field of an edge, or `nodes`, from a row."""

        def on_page(one: Selected) -> Encode:
            if one.name == "edges":
                return self._edges(one, on_row)
            if one.name == "nodes":
                encode = on_row(one)
                return lambda page: [encode(row) for row in page.rows]
            if one.name == "pageInfo":
                return object_encoder(self.document, "PageInfo", [one], lambda field: INFO[field.name])
            return lambda page: page.extra[one.name]

        return object_encoder(self.document, self.type_name, [self.selected], on_page)

    def _edges(self, edges: Selected, on_row: Callable[[Selected], Encode]) -> Encode:
        def on_edge(one: Selected) -> Encode:
            if one.name == "cursor":
                return lambda edge: cursor_of(edge[1])
            encode = on_row(one)
            return lambda edge: encode(edge[0])

        encode = object_encoder(self.document, self.edge_name, [edges], on_edge)
        return lambda page: [encode(edge) for edge in zip(page.rows, page.cursors, strict=True)]


INFO: dict[str, Callable[[Page], Any]] = {
    "hasNextPage": lambda page: page.window.before if page.window.backward else page.more,
    "hasPreviousPage": lambda page: page.more if page.window.backward else page.window.after,
    "startCursor": lambda page: cursor_of(page.cursors[0]) if page.cursors else None,
    "endCursor": lambda page: cursor_of(page.cursors[-1]) if page.cursors else None,
}
