"""What a table is: its columns, what it takes, the document that asks for it."""

from __future__ import annotations

import dataclasses
from collections.abc import Callable, Mapping, Sequence
from typing import Any

from graphql import GraphQLField, GraphQLInputType

from graph_service.exports.columns import TableColumn

AREA, SCOPE, AS_OF, AS_KNOWN_AT = "area", "scope", "asOf", "asKnownAt"
RowBuilder = Callable[[Sequence[Any], int], Sequence[Any]]


def nodes_as_rows(nodes: Sequence[Any], _: int) -> Sequence[Any]:
    """A row a node."""
    return nodes


@dataclasses.dataclass(frozen=True, slots=True)
class TableParameter:
    """What a table takes, and the type of its value."""

    name: str
    zh: str
    doc: str
    type: GraphQLInputType
    required: bool

    def describe(self) -> dict[str, object]:
        """As the list of exports has it."""
        return {"name": self.name, "zh": self.zh, "en": self.doc, "type": str(self.type), "required": self.required}


@dataclasses.dataclass(frozen=True, slots=True)
class ExportTable:
    """A question as a table. `parameters` by name; `counts`: fields that say how many rows there are, and of how many, with
    their names; `document` asks for a page, and for the counts where `$counted`. `inputs`: parameters that are fields of an
    input of the document, and of which. `build_rows`: what its rows are, of the nodes of a page and how many nodes there were before it.
    """

    field: str
    zh: str
    doc: str
    columns: tuple[TableColumn, ...]
    parameters: Mapping[str, TableParameter]
    counts: Mapping[str, str]
    document: str
    inputs: Mapping[str, str] = dataclasses.field(default_factory=dict)
    build_rows: RowBuilder = nodes_as_rows

    def describe(self) -> dict[str, object]:
        """As the list of exports has it."""
        return {
            "field": self.field,
            "zh": self.zh,
            "en": self.doc,
            "parameters": [one.describe() for one in self.parameters.values()],
        }


def build_document(name: str, field: GraphQLField, selection: str, counts: Mapping[str, str]) -> str:
    """What asks for a page of a connection."""
    taken = {one: argument.type for one, argument in field.args.items() if one not in ("last", "before")}
    declared = ", ".join(f"${one}: {type_}" for one, type_ in taken.items()) + ", $counted: Boolean! = false" * bool(
        counts
    )
    given = ", ".join(f"{one}: ${one}" for one in taken)
    counted = " ".join(f"{count} @include(if: $counted)" for count in counts)
    return (
        f"query({declared}) {{ found: {name}({given}) {{ "
        f"asOf dataVersion pageInfo {{ hasNextPage endCursor }} {counted} nodes {{ {selection} }} }} }}"
    )
