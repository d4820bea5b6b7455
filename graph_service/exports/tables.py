"""Tables: every question that gives rows of an area, or of one whose number must be given, with its columns, what it takes, and the document that asks it."""

from __future__ import annotations

from collections.abc import Mapping
from functools import cache

from graphql import (
    GraphQLArgument,
    GraphQLField,
    GraphQLObjectType,
    get_named_type,
    is_required_argument,
)

from graph_service.api.schema import schema
from graph_service.api.types.derived import PAGE, both
from graph_service.errors import NotFound
from graph_service.exports.columns import row
from graph_service.exports.shapes import AREA, AS_OF, SCOPE, Parameter, Table, document
from graph_service.exports.subjects import subjects

COUNT = "Count"
"""Fields of a connection that count its rows end so."""
PAGING = frozenset(argument.name for argument in PAGE)
NEEDED = frozenset(("nodes", "pageInfo", AS_OF, "dataVersion"))
"""What a connection must have to be asked page by page on one data version."""


@cache
def tables() -> Mapping[str, Table]:
    """All of them, by the name of their root field."""
    query = schema().query_type
    fields = query.fields if query else {}
    plain = {name: _table(name, field, rows) for name, field in fields.items() if (rows := _rows(field))}
    return plain | {one.field: one for one in subjects(fields)}


def table(field: str) -> Table:
    """Raises `NotFound`."""
    found = tables().get(field)
    if found is None:
        raise NotFound(what_zh="可导出的问题", what_en="exported question", key=field[:80])
    return found


def _rows(field: GraphQLField) -> GraphQLObjectType | None:
    """The type of the rows that a root field gives of an area or of one subject; none where it gives none."""
    of_one = any(is_required_argument(argument) for argument in field.args.values())
    connection = get_named_type(field.type)
    if (
        (AREA not in field.args and not of_one)
        or not isinstance(connection, GraphQLObjectType)
        or not connection.fields.keys() >= NEEDED
    ):
        return None
    rows = get_named_type(connection.fields["nodes"].type)
    return rows if isinstance(rows, GraphQLObjectType) else None


def _table(name: str, field: GraphQLField, rows: GraphQLObjectType) -> Table:
    connection = get_named_type(field.type)
    held = connection.fields if isinstance(connection, GraphQLObjectType) else {}
    counts = {count: both(held[count].description)[0] for count in held if count.endswith(COUNT)}
    picked = row(schema(), rows)
    return Table(
        name,
        *both(field.description),
        picked.columns,
        {one.name: one for one in _parameters(field)},
        counts,
        document(name, field, picked.selection, counts),
    )


def _parameters(field: GraphQLField) -> list[Parameter]:
    """What is asked for, but for pages. An area and how much of it is meant are two."""
    found = []
    for name, argument in field.args.items():
        if name == AREA:
            found += _of_area(argument)
        elif name not in PAGING:
            found.append(Parameter(name, *both(argument.description), argument.type, is_required_argument(argument)))
    return found


def _of_area(argument: GraphQLArgument) -> list[Parameter]:
    fields = getattr(get_named_type(argument.type), "fields", {})
    code, mode = fields["code"], fields["mode"]
    return [
        Parameter(AREA, *both(code.description), code.type, is_required_argument(argument)),
        Parameter(SCOPE, *both(mode.description), mode.type, required=False),
    ]
