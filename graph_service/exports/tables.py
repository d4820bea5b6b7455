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

from graph_service.errors import NotFound
from graph_service.exports.columns import select_row
from graph_service.exports.subject_tables import subject_tables
from graph_service.exports.table_definition import (
    AREA,
    AS_OF,
    SCOPE,
    ExportTable,
    TableParameter,
    build_document,
)
from graph_service.graphql.schema import schema
from graph_service.graphql.types.derived import PAGE_ARGUMENTS, split_bilingual

COUNT_SUFFIX = "Count"
"""Fields of a connection that count its rows end so."""
PAGING_ARGUMENTS = frozenset(argument.name for argument in PAGE_ARGUMENTS)
REQUIRED_FIELDS = frozenset(("nodes", "pageInfo", AS_OF, "dataVersion"))
"""What a connection must have to be asked page by page on one data version."""


@cache
def tables() -> Mapping[str, ExportTable]:
    """All of them, by the name of their root field."""
    query = schema().query_type
    fields = query.fields if query else {}
    plain = {name: _build_table(name, field, rows) for name, field in fields.items() if (rows := _row_type(field))}
    return plain | {one.field: one for one in subject_tables(fields)}


def get_table(field: str) -> ExportTable:
    """Raises `NotFound`."""
    found = tables().get(field)
    if found is None:
        raise NotFound(what_zh="可导出的问题", what_en="exported question", key=field[:80])
    return found


def _row_type(field: GraphQLField) -> GraphQLObjectType | None:
    """The type of the rows that a root field gives of an area or of one subject; none where it gives none."""
    of_one = any(is_required_argument(argument) for argument in field.args.values())
    connection = get_named_type(field.type)
    if (
        (AREA not in field.args and not of_one)
        or not isinstance(connection, GraphQLObjectType)
        or not connection.fields.keys() >= REQUIRED_FIELDS
    ):
        return None
    rows = get_named_type(connection.fields["nodes"].type)
    return rows if isinstance(rows, GraphQLObjectType) else None


def _build_table(name: str, field: GraphQLField, row_type: GraphQLObjectType) -> ExportTable:
    connection = get_named_type(field.type)
    held = connection.fields if isinstance(connection, GraphQLObjectType) else {}
    counts = {count: split_bilingual(held[count].description)[0] for count in held if count.endswith(COUNT_SUFFIX)}
    picked = select_row(schema(), row_type)
    return ExportTable(
        name,
        *split_bilingual(field.description),
        picked.columns,
        {one.name: one for one in _parameters(field)},
        counts,
        build_document(name, field, picked.selection, counts),
    )


def _parameters(field: GraphQLField) -> list[TableParameter]:
    """What is asked for, but for pages. An area and how much of it is meant are two."""
    found = []
    for name, argument in field.args.items():
        if name == AREA:
            found += _area_parameters(argument)
        elif name not in PAGING_ARGUMENTS:
            found.append(
                TableParameter(
                    name, *split_bilingual(argument.description), argument.type, is_required_argument(argument)
                )
            )
    return found


def _area_parameters(argument: GraphQLArgument) -> list[TableParameter]:
    fields = getattr(get_named_type(argument.type), "fields", {})
    code, mode = fields["code"], fields["mode"]
    return [
        TableParameter(AREA, *split_bilingual(code.description), code.type, is_required_argument(argument)),
        TableParameter(SCOPE, *split_bilingual(mode.description), mode.type, required=False),
    ]
