"""Columns of a row: of each value one; of a node its key and its name; of a list one, its rows joined. With what selects them."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from typing import Any

from graphql import (
    GraphQLField,
    GraphQLList,
    GraphQLNamedType,
    GraphQLNonNull,
    GraphQLObjectType,
    GraphQLSchema,
    get_named_type,
    is_abstract_type,
    is_leaf_type,
)

from graph_service.domain.fields import CURRENT_FIELD, camel_case, subtype_labels, yearly_label
from graph_service.domain.metamodel import Label, PropertyKind
from graph_service.domain.model import MODEL
from graph_service.exports.cells import NUMBER_FORMATS, Cell, cell_converter, render_cell
from graph_service.graphql.types.derived import split_bilingual

VALUE_SEPARATOR, ROW_SEPARATOR, CELL_SEPARATOR = "、", "; ", ", "
BLANK_PLACEHOLDER = "—"
"""What stands for a blank before something else, so that this stays in its place."""
KIND_HEADER, KEY_HEADER, NAME_HEADER = "类别", "编号", "名称"
"""Headers of a node that may be of several kinds."""


@dataclass(frozen=True, slots=True)
class TableColumn:
    """A column: its header, how its cell is read from a row as the API gives it, and how a workbook shows its numbers.

    `full_header`: the header with all that it lies under, where that is left out as long as headers differ.
    """

    header: str
    read: Callable[[Any], Cell]
    number_format: str = ""
    full_header: str = ""

    def nest(self, name: str, zh: str, *, keep_header: bool = False) -> TableColumn:
        """The column of what a field gives. `keep_header`: its header stays as it is."""
        header, whole, inner = f"{zh}·{self.header}", f"{zh}·{self.full_header or self.header}", self.read

        def read(row: Any) -> Cell:
            return None if row[name] is None else inner(row[name])

        return replace(self, header=self.header if keep_header else header, read=read, full_header=whole)


@dataclass(frozen=True, slots=True)
class ColumnSelection:
    """What is selected of a type, and the columns that it gives."""

    selection: str
    columns: tuple[TableColumn, ...]


NO_COLUMNS = ColumnSelection("", ())


def select_row(schema: GraphQLSchema, type_: GraphQLObjectType) -> ColumnSelection:
    """All columns of a type's rows, their headers unique. Of a node its own values, the yearly record in force, and what
    it leads to of which there is one."""
    label = MODEL.labels.get(type_.name)
    picked = _select_fields(schema, type_) if label is None else _select_record(schema, type_, label)
    often = Counter(column.header for column in picked.columns)
    return replace(
        picked,
        columns=tuple(
            replace(column, header=column.full_header) if often[column.header] > 1 and column.full_header else column
            for column in picked.columns
        ),
    )


def _merge_selections(selections: Sequence[ColumnSelection]) -> ColumnSelection:
    text_ = " ".join(one.selection for one in selections if one.selection)
    return ColumnSelection(text_, tuple(column for one in selections for column in one.columns))


def _select_fields(schema: GraphQLSchema, type_: GraphQLObjectType) -> ColumnSelection:
    return _merge_selections([_select_field(schema, name, field) for name, field in type_.fields.items()])


def _select_record(schema: GraphQLSchema, type_: GraphQLObjectType, label: Label) -> ColumnSelection:
    """Of a node that is a row. What has many ends is a question of its own, and so are counts."""
    mirrored = {other.name.lower() for other in subtype_labels(MODEL, label)}
    found = []
    # A yearly record begins with whose it is.
    for name, field in sorted(type_.fields.items(), key=lambda one: one[0] != "owner"):
        end = get_named_type(field.type)
        if name == CURRENT_FIELD and isinstance(end, GraphQLObjectType):
            leaves = [(n, f) for n, f in end.fields.items() if is_leaf_type(get_named_type(f.type))]
            values = _merge_selections([_select_field(schema, *leaf) for leaf in leaves])
            found.append(_select_nested(name, field, values, keep_header=True))
        elif is_leaf_type(end) or (name not in mirrored and (end.name in MODEL.labels or is_abstract_type(end))):
            found.append(_select_field(schema, name, field))
    return _merge_selections(found)


def _select_field(schema: GraphQLSchema, name: str, field: GraphQLField) -> ColumnSelection:
    """Global ids are for machines: a node's key stands beside them."""
    end, many = get_named_type(field.type), _is_list(field)
    zh = split_bilingual(field.description)[0]
    if is_leaf_type(end):
        return NO_COLUMNS if end.name == "ID" else ColumnSelection(name, (_leaf_column(name, zh, end, many=many),))
    picked = _select_object(schema, end)
    if many:
        return ColumnSelection(
            f"{name} {{ {picked.selection} }}", (TableColumn(zh, lambda row: _join_rows(picked.columns, row[name])),)
        )
    return _select_nested(name, field, picked)


def _select_nested(
    name: str, field: GraphQLField, nested: ColumnSelection, *, keep_header: bool = False
) -> ColumnSelection:
    zh = split_bilingual(field.description)[0]
    columns = tuple(column.nest(name, zh, keep_header=keep_header) for column in nested.columns)
    return ColumnSelection(f"{name} {{ {nested.selection} }}", columns)


def _is_list(field: GraphQLField) -> bool:
    type_ = field.type.of_type if isinstance(field.type, GraphQLNonNull) else field.type
    return isinstance(type_, GraphQLList)


def leaf_column(name: str, field: GraphQLField) -> TableColumn:
    """The column of a field that gives a value."""
    return _leaf_column(name, split_bilingual(field.description)[0], get_named_type(field.type), many=_is_list(field))


def _leaf_column(name: str, zh: str, type_: GraphQLNamedType, *, many: bool) -> TableColumn:
    shown = cell_converter(type_)

    def several(row: Any) -> Cell:
        return None if row[name] is None else VALUE_SEPARATOR.join(str(shown(one)) for one in row[name]) or None

    def single(row: Any) -> Cell:
        return None if row[name] is None else shown(row[name])

    return TableColumn(zh, several) if many else TableColumn(zh, single, NUMBER_FORMATS.get(type_.name, ""))


def _join_rows(columns: Sequence[TableColumn], rows: Sequence[Any] | None) -> Cell:
    cells = ([render_cell(column.read(row)) for column in columns] for row in rows or ())
    return ROW_SEPARATOR.join(_join_cells(some) for some in cells) or None


def _join_cells(cells: Sequence[str | None]) -> str:
    last = max((at for at, one in enumerate(cells) if one), default=-1)
    return CELL_SEPARATOR.join(one or BLANK_PLACEHOLDER for one in cells[: last + 1])


def _select_object(schema: GraphQLSchema, type_: GraphQLNamedType) -> ColumnSelection:
    if is_abstract_type(type_):
        return _select_abstract(schema, schema.get_possible_types(type_))
    if not isinstance(type_, GraphQLObjectType):
        raise TypeError(f"{type_.name} has no fields")
    label = MODEL.labels.get(type_.name)
    return _select_fields(schema, type_) if label is None else _select_key_and_name(schema, type_, label)


def _select_key_and_name(schema: GraphQLSchema, type_: GraphQLObjectType, label: Label) -> ColumnSelection:
    """Of a node: its key, and the name by which it is looked for, its own or its yearly record's; else its first text."""
    found = [_select_field(schema, "owner", type_.fields["owner"])] if label.owner else []
    found.append(_select_field(schema, camel_case(label.key.name), type_.fields[camel_case(label.key.name)]))
    card, own = yearly_label(MODEL, label), _name_field(label)
    if own is not None:
        found.append(_select_field(schema, own, type_.fields[own]))
    elif card is not None and (its := _name_field(card)) is not None:
        latest = type_.fields[CURRENT_FIELD]
        end = get_named_type(latest.type)
        if isinstance(end, GraphQLObjectType):
            found.append(
                _select_nested(CURRENT_FIELD, latest, _select_field(schema, its, end.fields[its]), keep_header=True)
            )
    return _merge_selections(found)


def _name_field(label: Label) -> str | None:
    """The field that tells people which node it is."""
    first = next((p for p in label.properties if p.kind is PropertyKind.TEXT and not p.is_sealed), None)
    property_ = label.search_property or first
    return None if property_ is None else camel_case(property_.name)


def _select_abstract(schema: GraphQLSchema, types: Sequence[GraphQLObjectType]) -> ColumnSelection:
    """Of a node of one of several kinds: which, its key, its name."""
    members = {type_.name: _select_object(schema, type_) for type_ in types}
    kinds = {type_.name: split_bilingual(type_.description)[0] for type_ in types}

    def at(index: int) -> Callable[[Any], Cell]:
        def read(node: Any) -> Cell:
            columns = members[node["__typename"]].columns
            return columns[index].read(node) if index < len(columns) else None

        return read

    selection = " ".join(f"... on {name} {{ {member.selection} }}" for name, member in members.items())
    columns = (
        TableColumn(KIND_HEADER, lambda node: kinds[node["__typename"]]),
        TableColumn(KEY_HEADER, at(0)),
        TableColumn(NAME_HEADER, at(1)),
    )
    return ColumnSelection(f"__typename {selection}", columns)
