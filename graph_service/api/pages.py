"""Connections: what is selected of one, and how a page of rows becomes its answer."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from graph_service.api.cursors import Part, cursor_of
from graph_service.api.selection import Document, Selected
from graph_service.api.types import LARGEST_PAGE, USUAL_PAGE
from graph_service.errors import ArgumentInvalid

Encode = Callable[[Any], Any]


@dataclass(frozen=True, slots=True)
class Page:
    """Rows of a page, each with its cursor's parts, and whether others follow or precede."""

    rows: Sequence[Any]
    cursors: Sequence[Sequence[Part]]
    more: bool
    continued: bool
    extra: Mapping[str, Any] = field(default_factory=dict)


def page_size(arguments: Mapping[str, Any]) -> int:
    """`first`, within its bounds. Raises `ArgumentInvalid`."""
    first = arguments.get("first")
    size = USUAL_PAGE if first is None else int(first)
    if not 0 <= size <= LARGEST_PAGE:
        raise ArgumentInvalid(
            name="first",
            reason_zh=f"{size} 不在 0 到 {LARGEST_PAGE} 之间",
            reason_en=f"{size} is not between 0 and {LARGEST_PAGE}",
        )
    return size


@dataclass(frozen=True, slots=True)
class ConnectionShape:
    """The selection of a connection, taken apart."""

    document: Document
    type_name: str
    edge_name: str
    fields: tuple[Selected, ...]

    @classmethod
    def of(cls, document: Document, type_name: str, selected: Selected) -> ConnectionShape:
        edge = type_name.removesuffix("Connection") + "Edge"
        return cls(document, type_name, edge, tuple(document.below(type_name, selected.nodes)))

    def wants(self, *names: str) -> bool:
        return any(one.name in names for one in self.fields)

    @property
    def paged(self) -> bool:
        """Whether its rows are needed."""
        return self.wants("edges", "nodes", "pageInfo")

    def edges(self) -> list[Selected]:
        """Fields selected of its edges."""
        return [f for one in self.fields if one.name == "edges" for f in self.document.below(self.edge_name, one.nodes)]

    def node_selections(self) -> list[Selected]:
        """Selections that lead to the nodes, directly or by the edges."""
        return [s for s in (*self.edges(), *self.fields) if s.name in ("node", "nodes")]

    def encoder(self, on_row: Callable[[Selected], Encode]) -> Callable[[Page], dict[str, Any]]:
        """Page → answer. `on_row` encodes a field of an edge, or `nodes`, from a row."""
        made: list[tuple[str, Callable[[Page], Any]]] = []
        for one in self.fields:
            if one.name == "edges":
                made.append((one.key, self._edges(one, on_row)))
            elif one.name == "nodes":
                made.append((one.key, _each(on_row(one))))
            elif one.name == "pageInfo":
                made.append((one.key, self._info(one)))
            elif one.name == "__typename":
                made.append((one.key, _always(self.type_name)))
            else:
                made.append((one.key, _extra(one.name)))
        return lambda page: {key: get(page) for key, get in made}

    def _edges(self, edges: Selected, on_row: Callable[[Selected], Encode]) -> Callable[[Page], Any]:
        plain: list[tuple[str, str, Encode]] = []
        for one in self.document.below(self.edge_name, edges.nodes):
            if one.name == "__typename":
                plain.append((one.key, "", _always(self.edge_name)))
            elif one.name == "cursor":
                plain.append((one.key, "cursor", cursor_of))
            else:
                plain.append((one.key, "", on_row(one)))

        def encode(page: Page) -> list[dict[str, Any]]:
            return [
                {key: get(cursor if kind else row) for key, kind, get in plain}
                for row, cursor in zip(page.rows, page.cursors, strict=True)
            ]

        return encode

    def _info(self, info: Selected) -> Callable[[Page], dict[str, Any]]:
        told: dict[str, Callable[[Page], Any]] = {
            "hasNextPage": lambda page: page.more,
            "hasPreviousPage": lambda page: page.continued,
            "startCursor": lambda page: cursor_of(page.cursors[0]) if page.cursors else None,
            "endCursor": lambda page: cursor_of(page.cursors[-1]) if page.cursors else None,
            "__typename": lambda _: "PageInfo",
        }
        wanted = [(one.key, told[one.name]) for one in self.document.below("PageInfo", info.nodes)]
        return lambda page: {key: get(page) for key, get in wanted}


def _each(encode: Encode) -> Callable[[Page], list[Any]]:
    return lambda page: [encode(row) for row in page.rows]


def _always(value: object) -> Encode:
    return lambda _: value


def _extra(name: str) -> Callable[[Page], Any]:
    return lambda page: page.extra[name]
