"""Tables of all questions that give rows of an area, or of a subject whose number is required: columns, parameters, and the document that
requests them."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from functools import cache

from graphql import (
    GraphQLArgument,
    GraphQLField,
    GraphQLObjectType,
    get_named_type,
    is_required_argument,
)

from graph_service.access.masking import excerpt
from graph_service.core.question import WITHHELD_FIELDS
from graph_service.domain.fields import CURRENT_FIELD
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
from graph_service.graphql.audit_trail import PURPOSE
from graph_service.graphql.schema import schema
from graph_service.graphql.types.derived import FULL_FIELD, PAGE_ARGUMENTS, split_bilingual

COUNT_SUFFIX = "Count"
"""Suffix of a connection's fields that count its rows."""
PAGING_ARGUMENTS = frozenset(argument.name for argument in PAGE_ARGUMENTS)
REQUIRED_FIELDS = frozenset(("nodes", "pageInfo", AS_OF, "dataVersion"))
"""Fields that a connection needs to be requested page by page on one data version."""


@cache
def tables() -> Mapping[str, ExportTable]:
    """Return all tables, by the name of their root field."""
    query = schema().query_type
    fields = query.fields if query else {}
    connection_tables = {
        name: _build_table(name, field, rows) for name, field in fields.items() if (rows := _row_type(field))
    }
    return connection_tables | {table.field: table for table in subject_tables(fields)}


def get_table(field: str) -> ExportTable:
    """Return a table. Raises `NotFound`."""
    table = tables().get(field)
    if table is None:
        raise NotFound(what_zh="可导出的查询", what_en="exportable query", key=excerpt(field, 80))
    return table


def _row_type(field: GraphQLField) -> GraphQLObjectType | None:
    """Return the type of the rows that a root field gives of an area or of one subject; none where it gives none."""
    has_required_argument = any(is_required_argument(argument) for argument in field.args.values())
    connection = get_named_type(field.type)
    if (
        (AREA not in field.args and not has_required_argument)
        or not isinstance(connection, GraphQLObjectType)
        or not connection.fields.keys() >= REQUIRED_FIELDS
    ):
        return None
    rows = get_named_type(connection.fields["nodes"].type)
    return rows if isinstance(rows, GraphQLObjectType) else None


def _build_table(name: str, field: GraphQLField, row_type: GraphQLObjectType) -> ExportTable:
    connection = get_named_type(field.type)
    connection_fields = connection.fields if isinstance(connection, GraphQLObjectType) else {}
    counts = {
        count: split_bilingual(connection_fields[count].description)[0]
        for count in connection_fields
        if count.endswith(COUNT_SUFFIX) or count in WITHHELD_FIELDS
    }
    row_columns = select_row(schema(), row_type)
    table = ExportTable(
        name,
        *split_bilingual(field.description),
        row_columns.columns,
        {parameter.name: parameter for parameter in _parameters(field)},
        counts,
        build_document(name, field, row_columns.selection, counts),
    )
    if PURPOSE not in table.parameters or FULL_FIELD not in row_type_fields(row_type):
        return table
    full_columns = select_row(schema(), row_type, in_full=True)
    full_document = build_document(name, field, full_columns.selection, counts, required=(PURPOSE,))
    return replace(table, full_table=replace(table, columns=full_columns.columns, document=full_document))


def row_type_fields(row_type: GraphQLObjectType) -> frozenset[str]:
    """Return the names of the fields of a row, and of the yearly record in force."""
    current = row_type.fields.get(CURRENT_FIELD)
    end = get_named_type(current.type) if current else None
    return frozenset(row_type.fields) | frozenset(getattr(end, "fields", ()))


def _parameters(field: GraphQLField) -> list[TableParameter]:
    """Return the parameters of a root field, except paging. An area and its scope are two."""
    parameters = []
    for name, argument in field.args.items():
        if name == AREA:
            parameters += _area_parameters(argument)
        elif name not in PAGING_ARGUMENTS:
            parameters.append(
                TableParameter(
                    name, *split_bilingual(argument.description), argument.type, is_required_argument(argument)
                )
            )
    return parameters


def _area_parameters(argument: GraphQLArgument) -> list[TableParameter]:
    fields = getattr(get_named_type(argument.type), "fields", {})
    code, mode = fields["code"], fields["mode"]
    return [
        TableParameter(AREA, *split_bilingual(code.description), code.type, is_required_argument(argument)),
        TableParameter(SCOPE, *split_bilingual(mode.description), mode.type, required=False),
    ]
