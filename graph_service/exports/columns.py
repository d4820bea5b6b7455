"""Columns of a row, with the fields to select for them: one for each value; for a node its key and its name; for a list one, its rows
joined."""

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

from graph_service.access.masking import AUDITED_CLASSES
from graph_service.domain.fields import CURRENT_FIELD, camel_case, subtype_labels, yearly_label
from graph_service.domain.metamodel import Label, PropertyKind
from graph_service.domain.model import MODEL
from graph_service.exports.cells import NUMBER_FORMATS, Cell, cell_converter, render_cell
from graph_service.graphql.audit_trail import PURPOSE
from graph_service.graphql.types.derived import FULL_FIELD, MASKED_FIELDS, split_bilingual

VALUE_SEPARATOR, ROW_SEPARATOR, CELL_SEPARATOR = "、", "; ", ", "
BLANK_PLACEHOLDER = "—"
"""Placeholder of a blank before another value, so that the latter keeps its position."""
FULL_HEADER = "完整信息"
KIND_HEADER, KEY_HEADER, NAME_HEADER = "类别", "编号", "名称"
"""Headers of a node that may be of several kinds."""


@dataclass(frozen=True, slots=True)
class TableColumn:
    """A column: its header, the function that reads its cell from a row as the API gives it, and its number format in a workbook.

    `full_header`: the header preceded by those of the enclosing fields, where these are left out as long as headers differ.
    """

    header: str
    read: Callable[[Any], Cell]
    number_format: str = ""
    full_header: str = ""

    def nest(self, name: str, zh: str, *, keep_header: bool = False) -> TableColumn:
        """Return the column nested in a field. `keep_header`: its header stays as it is."""
        header, full_header, read_inner = f"{zh}·{self.header}", f"{zh}·{self.full_header or self.header}", self.read

        def read(row: Any) -> Cell:
            return None if row[name] is None else read_inner(row[name])

        return replace(self, header=self.header if keep_header else header, read=read, full_header=full_header)


@dataclass(frozen=True, slots=True)
class ColumnSelection:
    """The fields selected of a type, and the columns that they give."""

    selection: str
    columns: tuple[TableColumn, ...]


NO_COLUMNS = ColumnSelection("", ())


def select_row(schema: GraphQLSchema, type_: GraphQLObjectType, *, in_full: bool = False) -> ColumnSelection:
    """Select all columns of a type's rows, with unique headers. Of a node: its own values, the yearly record in force, and linked nodes
    where there is only one. `in_full`: its personal values are shown in full, for the purpose in the variable `$purpose`."""
    label = MODEL.labels.get(type_.name)
    selected = _select_fields(schema, type_) if label is None else _select_record(schema, type_, label, in_full)
    header_counts = Counter(column.header for column in selected.columns)
    return replace(
        selected,
        columns=tuple(
            replace(column, header=column.full_header)
            if header_counts[column.header] > 1 and column.full_header
            else column
            for column in selected.columns
        ),
    )


def _merge_selections(selections: Sequence[ColumnSelection]) -> ColumnSelection:
    text = " ".join(selected.selection for selected in selections if selected.selection)
    return ColumnSelection(text, tuple(column for selected in selections for column in selected.columns))


def _select_fields(schema: GraphQLSchema, type_: GraphQLObjectType) -> ColumnSelection:
    return _merge_selections([_select_field(schema, name, field) for name, field in type_.fields.items()])


def _select_record(schema: GraphQLSchema, type_: GraphQLObjectType, label: Label, in_full: bool) -> ColumnSelection:
    """Select the columns of a node that is a row. Lists of linked nodes are left to other questions, and so are counts."""
    subtype_names = {subtype.name.lower() for subtype in subtype_labels(MODEL, label)}
    selections = [_select_full(schema, type_)] if in_full else []
    full_names = _full_names(type_) if in_full else frozenset()
    # A yearly record begins with its owner.
    for name, field in sorted(type_.fields.items(), key=lambda entry: entry[0] != "owner"):
        end = get_named_type(field.type)
        if name == CURRENT_FIELD and isinstance(end, GraphQLObjectType):
            nested_full_names = _full_names(end) if in_full else frozenset()
            leaves = [
                (leaf_name, leaf)
                for leaf_name, leaf in end.fields.items()
                if is_leaf_type(get_named_type(leaf.type)) and leaf_name not in nested_full_names
            ]
            values = [_select_field(schema, *leaf) for leaf in leaves]
            values += [_select_full(schema, end)] if in_full else []
            selections.append(_select_nested(name, field, _merge_selections(values), keep_header=True))
        elif name in full_names:
            continue
        elif is_leaf_type(end) or (name not in subtype_names and (end.name in MODEL.labels or is_abstract_type(end))):
            selections.append(_select_field(schema, name, field))
    return _merge_selections(selections)


def _full_names(type_: GraphQLObjectType) -> frozenset[str]:
    """Return the names of a type's values that are shown in full for a purpose."""
    full = type_.fields.get(FULL_FIELD)
    end = get_named_type(full.type) if full else None
    return frozenset(end.fields) if isinstance(end, GraphQLObjectType) else frozenset()


def _select_full(schema: GraphQLSchema, type_: GraphQLObjectType) -> ColumnSelection:
    """Select the values that are shown in full for a purpose, and whether they are; nothing of a type that has none."""
    full = type_.fields.get(FULL_FIELD)
    if full is None:
        return NO_COLUMNS
    end = get_named_type(full.type)
    values = _select_fields(schema, end) if isinstance(end, GraphQLObjectType) else NO_COLUMNS
    columns = tuple(column.nest(FULL_FIELD, FULL_HEADER, keep_header=True) for column in values.columns)
    return ColumnSelection(f"{FULL_FIELD}({PURPOSE}: ${PURPOSE}) {{ {values.selection} }}", columns)


def _select_field(schema: GraphQLSchema, name: str, field: GraphQLField) -> ColumnSelection:
    """Select the columns of a field. Global ids are for machines and left out: a node's key stands beside them."""
    end, is_list = get_named_type(field.type), _is_list(field)
    zh = split_bilingual(field.description)[0]
    if is_leaf_type(end):
        return (
            NO_COLUMNS
            if end.name == "ID" or name == MASKED_FIELDS.name
            else ColumnSelection(name, (_leaf_column(name, zh, end, many=is_list),))
        )
    nested = _select_object(schema, end)
    if is_list:
        return ColumnSelection(
            f"{name} {{ {nested.selection} }}", (TableColumn(zh, lambda row: _join_rows(nested.columns, row[name])),)
        )
    return _select_nested(name, field, nested)


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
    """Return the column of a field that gives a value."""
    return _leaf_column(name, split_bilingual(field.description)[0], get_named_type(field.type), many=_is_list(field))


def _leaf_column(name: str, zh: str, type_: GraphQLNamedType, *, many: bool) -> TableColumn:
    convert = cell_converter(type_)

    def read_list(row: Any) -> Cell:
        return None if row[name] is None else VALUE_SEPARATOR.join(str(convert(value)) for value in row[name]) or None

    def read_value(row: Any) -> Cell:
        return None if row[name] is None else convert(row[name])

    return TableColumn(zh, read_list) if many else TableColumn(zh, read_value, NUMBER_FORMATS.get(type_.name, ""))


def _join_rows(columns: Sequence[TableColumn], rows: Sequence[Any] | None) -> Cell:
    cells = ([render_cell(column.read(row)) for column in columns] for row in rows or ())
    return ROW_SEPARATOR.join(_join_cells(row_cells) for row_cells in cells) or None


def _join_cells(cells: Sequence[str | None]) -> str:
    last_index = max((index for index, cell in enumerate(cells) if cell), default=-1)
    return CELL_SEPARATOR.join(cell or BLANK_PLACEHOLDER for cell in cells[: last_index + 1])


def _select_object(schema: GraphQLSchema, type_: GraphQLNamedType) -> ColumnSelection:
    if is_abstract_type(type_):
        return _select_abstract(schema, schema.get_possible_types(type_))
    if not isinstance(type_, GraphQLObjectType):
        raise TypeError(f"{type_.name} has no fields")
    label = MODEL.labels.get(type_.name)
    return _select_fields(schema, type_) if label is None else _select_key_and_name(schema, type_, label)


def _select_key_and_name(schema: GraphQLSchema, type_: GraphQLObjectType, label: Label) -> ColumnSelection:
    """Select a node's key, and the name by which it is searched for, its own or its yearly record's; else its first text."""
    selections = [_select_field(schema, "owner", type_.fields["owner"])] if label.owner else []
    selections.append(_select_field(schema, camel_case(label.key.name), type_.fields[camel_case(label.key.name)]))
    yearly, name_field = yearly_label(MODEL, label), _name_field(label)
    if name_field is not None:
        selections.append(_select_field(schema, name_field, type_.fields[name_field]))
    elif yearly is not None and (yearly_name_field := _name_field(yearly)) is not None:
        current_field = type_.fields[CURRENT_FIELD]
        end = get_named_type(current_field.type)
        if isinstance(end, GraphQLObjectType):
            selections.append(
                _select_nested(
                    CURRENT_FIELD,
                    current_field,
                    _select_field(schema, yearly_name_field, end.fields[yearly_name_field]),
                    keep_header=True,
                )
            )
    return _merge_selections(selections)


def _name_field(label: Label) -> str | None:
    """Return the field by which people recognize a node."""
    first_text = next(
        (p for p in label.properties if p.kind is PropertyKind.TEXT and p.classification not in AUDITED_CLASSES), None
    )
    property_ = label.search_property or first_text
    return None if property_ is None else camel_case(property_.name)


def _select_abstract(schema: GraphQLSchema, types: Sequence[GraphQLObjectType]) -> ColumnSelection:
    """Select the kind, the key and the name of a node of one of several kinds."""
    members = {type_.name: _select_object(schema, type_) for type_ in types}
    kinds = {type_.name: split_bilingual(type_.description)[0] for type_ in types}

    def read_column(index: int) -> Callable[[Any], Cell]:
        def read(node: Any) -> Cell:
            columns = members[node["__typename"]].columns
            return columns[index].read(node) if index < len(columns) else None

        return read

    selection = " ".join(f"... on {name} {{ {member.selection} }}" for name, member in members.items())
    columns = (
        TableColumn(KIND_HEADER, lambda node: kinds[node["__typename"]]),
        TableColumn(KEY_HEADER, read_column(0)),
        TableColumn(NAME_HEADER, read_column(1)),
    )
    return ColumnSelection(f"__typename {selection}", columns)
