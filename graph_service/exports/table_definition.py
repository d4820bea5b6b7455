"""Definition of a table: its columns, its parameters, the document that requests it."""

from __future__ import annotations

import dataclasses
from collections.abc import Callable, Mapping, Sequence
from typing import Any

from graphql import GraphQLField, GraphQLInputType

from graph_service.exports.columns import TableColumn

AREA, SCOPE, AS_OF, AS_KNOWN_AT = "area", "scope", "asOf", "asKnownAt"
RowBuilder = Callable[[Sequence[Any], int], Sequence[Any]]


def nodes_as_rows(nodes: Sequence[Any], _: int) -> Sequence[Any]:
    """Return each node as a row."""
    return nodes


@dataclasses.dataclass(frozen=True, slots=True)
class TableParameter:
    """A parameter of a table, and the type of its value."""

    name: str
    zh: str
    doc: str
    type: GraphQLInputType
    required: bool

    def describe(self) -> dict[str, object]:
        """Return the parameter as it appears in the list of exports."""
        return {"name": self.name, "zh": self.zh, "en": self.doc, "type": str(self.type), "required": self.required}


@dataclasses.dataclass(frozen=True, slots=True)
class ExportTable:
    """A question as a table. `parameters` by name; `counts`: fields with the number of rows and of eligible rows and with what is left out,
    with their names; `document` requests a page, and the counts where `$counted`. `inputs`: parameters that are fields of an input of the
    document, with that input. `build_rows`: builds the rows from the nodes of a page and the number of nodes before it. `full_table`: the same table with
    personal values in full, which is used where a purpose is stated."""

    field: str
    zh: str
    doc: str
    columns: tuple[TableColumn, ...]
    parameters: Mapping[str, TableParameter]
    counts: Mapping[str, str]
    document: str
    inputs: Mapping[str, str] = dataclasses.field(default_factory=dict)
    build_rows: RowBuilder = nodes_as_rows
    full_table: ExportTable | None = None

    def describe(self) -> dict[str, object]:
        """Return the table as it appears in the list of exports."""
        return {
            "field": self.field,
            "zh": self.zh,
            "en": self.doc,
            "parameters": [parameter.describe() for parameter in self.parameters.values()],
        }


def build_document(
    name: str, field: GraphQLField, selection: str, counts: Mapping[str, str], required: Sequence[str] = ()
) -> str:
    """Return the document that requests a page of a connection. `required`: arguments that it always gives."""
    argument_types = {
        argument_name: argument.type
        for argument_name, argument in field.args.items()
        if argument_name not in ("last", "before")
    }
    declarations = ", ".join(
        f"${argument_name}: {type_}{'!' * (argument_name in required)}"
        for argument_name, type_ in argument_types.items()
    ) + ", $counted: Boolean! = false" * bool(counts)
    arguments = ", ".join(f"{argument_name}: ${argument_name}" for argument_name in argument_types)
    count_fields = " ".join(f"{count} @include(if: $counted)" for count in counts)
    return (
        f"query({declarations}) {{ found: {name}({arguments}) {{ "
        f"asOf dataVersion pageInfo {{ hasNextPage endCursor }} {count_fields} nodes {{ {selection} }} }} }}"
    )
