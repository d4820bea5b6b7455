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

from graph_service.api.types.derived import both
from graph_service.declare import Kind, Label
from graph_service.derive.fields import LATEST, camel, facets, yearly
from graph_service.exports.cells import FORMATS, Cell, show, text
from graph_service.model import MODEL

BETWEEN_VALUES, BETWEEN_ROWS, WITHIN_ROW = "、", "; ", ", "
BLANK = "—"
"""What stands for a blank before something else, so that this stays in its place."""
KIND, KEY, NAME = "类别", "编号", "名称"
"""Headers of a node that may be of several kinds."""


@dataclass(frozen=True, slots=True)
class Column:
    """A column: its header, how its cell is read from a row as the API gives it, and how a workbook shows its numbers.

    `whole`: the header with all that it lies under, where that is left out as long as headers differ.
    """

    header: str
    read: Callable[[Any], Cell]
    format: str = ""
    whole: str = ""

    def under(self, name: str, zh: str, *, bare: bool = False) -> Column:
        """The column of what a field gives. `bare`: its header stays as it is."""
        header, whole, inner = f"{zh}·{self.header}", f"{zh}·{self.whole or self.header}", self.read

        def read(row: Any) -> Cell:
            return None if row[name] is None else inner(row[name])

        return replace(self, header=self.header if bare else header, read=read, whole=whole)


@dataclass(frozen=True, slots=True)
class Picked:
    """What is selected of a type, and the columns that it gives."""

    selection: str
    columns: tuple[Column, ...]


NOTHING = Picked("", ())


def row(schema: GraphQLSchema, type_: GraphQLObjectType) -> Picked:
    """All columns of a type's rows, their headers unique. Of a node its own values, the yearly record in force, and what
    it leads to of which there is one."""
    label = MODEL.labels.get(type_.name)
    picked = _fields(schema, type_) if label is None else _record(schema, type_, label)
    often = Counter(column.header for column in picked.columns)
    return replace(
        picked,
        columns=tuple(
            replace(column, header=column.whole) if often[column.header] > 1 and column.whole else column
            for column in picked.columns
        ),
    )


def _together(several: Sequence[Picked]) -> Picked:
    text_ = " ".join(one.selection for one in several if one.selection)
    return Picked(text_, tuple(column for one in several for column in one.columns))


def _fields(schema: GraphQLSchema, type_: GraphQLObjectType) -> Picked:
    return _together([_field(schema, name, field) for name, field in type_.fields.items()])


def _record(schema: GraphQLSchema, type_: GraphQLObjectType, label: Label) -> Picked:
    """Of a node that is a row. What has many ends is a question of its own, and so are counts."""
    mirrored = {other.name.lower() for other in facets(MODEL, label)}
    found = []
    # A yearly record begins with whose it is.
    for name, field in sorted(type_.fields.items(), key=lambda one: one[0] != "owner"):
        end = get_named_type(field.type)
        if name == LATEST and isinstance(end, GraphQLObjectType):
            leaves = [(n, f) for n, f in end.fields.items() if is_leaf_type(get_named_type(f.type))]
            values = _together([_field(schema, *leaf) for leaf in leaves])
            found.append(_under(name, field, values, bare=True))
        elif is_leaf_type(end) or (name not in mirrored and (end.name in MODEL.labels or is_abstract_type(end))):
            found.append(_field(schema, name, field))
    return _together(found)


def _field(schema: GraphQLSchema, name: str, field: GraphQLField) -> Picked:
    """Global ids are for machines: a node's key stands beside them."""
    end, many = get_named_type(field.type), _is_list(field)
    zh = both(field.description)[0]
    if is_leaf_type(end):
        return NOTHING if end.name == "ID" else Picked(name, (_leaf(name, zh, end, many=many),))
    picked = _object(schema, end)
    if many:
        return Picked(f"{name} {{ {picked.selection} }}", (Column(zh, lambda row: _joined(picked.columns, row[name])),))
    return _under(name, field, picked)


def _under(name: str, field: GraphQLField, picked: Picked, *, bare: bool = False) -> Picked:
    zh = both(field.description)[0]
    columns = tuple(column.under(name, zh, bare=bare) for column in picked.columns)
    return Picked(f"{name} {{ {picked.selection} }}", columns)


def _is_list(field: GraphQLField) -> bool:
    type_ = field.type.of_type if isinstance(field.type, GraphQLNonNull) else field.type
    return isinstance(type_, GraphQLList)


def leaf(name: str, field: GraphQLField) -> Column:
    """The column of a field that gives a value."""
    return _leaf(name, both(field.description)[0], get_named_type(field.type), many=_is_list(field))


def _leaf(name: str, zh: str, type_: GraphQLNamedType, *, many: bool) -> Column:
    shown = show(type_)

    def several(row: Any) -> Cell:
        return None if row[name] is None else BETWEEN_VALUES.join(str(shown(one)) for one in row[name]) or None

    def single(row: Any) -> Cell:
        return None if row[name] is None else shown(row[name])

    return Column(zh, several) if many else Column(zh, single, FORMATS.get(type_.name, ""))


def _joined(columns: Sequence[Column], rows: Sequence[Any] | None) -> Cell:
    cells = ([text(column.read(row)) for column in columns] for row in rows or ())
    return BETWEEN_ROWS.join(_within(some) for some in cells) or None


def _within(some: Sequence[str | None]) -> str:
    last = max((at for at, one in enumerate(some) if one), default=-1)
    return WITHIN_ROW.join(one or BLANK for one in some[: last + 1])


def _object(schema: GraphQLSchema, type_: GraphQLNamedType) -> Picked:
    if is_abstract_type(type_):
        return _one_of(schema, schema.get_possible_types(type_))
    if not isinstance(type_, GraphQLObjectType):
        raise TypeError(f"{type_.name} has no fields")
    label = MODEL.labels.get(type_.name)
    return _fields(schema, type_) if label is None else _named(schema, type_, label)


def _named(schema: GraphQLSchema, type_: GraphQLObjectType, label: Label) -> Picked:
    """Of a node: its key, and the name by which it is looked for, its own or its yearly record's; else its first text."""
    found = [_field(schema, "owner", type_.fields["owner"])] if label.owner else []
    found.append(_field(schema, camel(label.key.name), type_.fields[camel(label.key.name)]))
    card, own = yearly(MODEL, label), _telling(label)
    if own is not None:
        found.append(_field(schema, own, type_.fields[own]))
    elif card is not None and (its := _telling(card)) is not None:
        latest = type_.fields[LATEST]
        end = get_named_type(latest.type)
        if isinstance(end, GraphQLObjectType):
            found.append(_under(LATEST, latest, _field(schema, its, end.fields[its]), bare=True))
    return _together(found)


def _telling(label: Label) -> str | None:
    """The field that tells people which node it is."""
    first = next((p for p in label.properties if p.kind is Kind.TEXT and not p.sealed), None)
    property_ = label.searched or first
    return None if property_ is None else camel(property_.name)


def _one_of(schema: GraphQLSchema, types: Sequence[GraphQLObjectType]) -> Picked:
    """Of a node of one of several kinds: which, its key, its name."""
    members = {type_.name: _object(schema, type_) for type_ in types}
    kinds = {type_.name: both(type_.description)[0] for type_ in types}

    def at(place: int) -> Callable[[Any], Cell]:
        def read(node: Any) -> Cell:
            columns = members[node["__typename"]].columns
            return columns[place].read(node) if place < len(columns) else None

        return read

    selection = " ".join(f"... on {name} {{ {member.selection} }}" for name, member in members.items())
    columns = (Column(KIND, lambda node: kinds[node["__typename"]]), Column(KEY, at(0)), Column(NAME, at(1)))
    return Picked(f"__typename {selection}", columns)
