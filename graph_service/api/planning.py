"""A document is planned once and run often: what a plan is made from, and what one run of it is given.

A plan depends on the document, the operation and the shape of its variables; texts and whatever else becomes a
parameter of a statement do not count to the shape. So a parameter is kept as its origin: an argument and how it is
made of that.
"""

from __future__ import annotations

from collections.abc import Callable, Hashable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from enum import Enum
from typing import Any

from graphql import (
    GraphQLBoolean,
    GraphQLEnumType,
    GraphQLInputObjectType,
    GraphQLInt,
    GraphQLList,
    GraphQLNonNull,
    GraphQLSchema,
    VariableDefinitionNode,
    get_named_type,
    type_from_ast,
)
from graphql.execution.values import VariableValues, get_argument_values

from graph_service.api.selection import Selected
from graph_service.derive.days import iso_day
from graph_service.services.viewing import UNNAMED, Named, Viewing
from graph_service.store.graph import Store

Arguments = Mapping[str, Any]
NOT_FILTERS = {"ids"}
"""Arguments whose empty list is an empty list."""
TEXT = "·"
"""Stands in a shape for a value that no plan depends on."""


@dataclass(frozen=True, slots=True)
class Origin:
    """Where a parameter's value comes from: made of a field's arguments."""

    selected: Selected
    make: Callable[[Arguments], Any]


@dataclass(frozen=True, slots=True)
class Values:
    """The arguments of fields in one run, with the values of its variables."""

    variables: VariableValues
    _known: dict[int, Arguments] = field(default_factory=dict)

    def of(self, selected: Selected) -> Arguments:
        known = self._known.get(id(selected))
        if known is None:
            definition = selected.definition
            given = get_argument_values(definition, selected.nodes[0], self.variables) if definition else {}
            known = self._known[id(selected)] = plain(given)
        return known

    def made(self, origins: Mapping[str, Origin]) -> dict[str, Any]:
        """Parameters by name."""
        return {name: origin.make(self.of(origin.selected)) for name, origin in origins.items()}


@dataclass(frozen=True, slots=True)
class Run:
    """One run of a root field's plan: for whom (areas granted), of which store, with which values."""

    store: Store
    granted: tuple[str, ...]
    selected: Selected
    values: Values

    def given(self, name: str) -> Any:
        """An argument of the root field, null where it is not given or there is no such; enumerations by name. A filter that lists
        nothing names none, as one that is not given."""
        value = self.values.of(self.selected).get(name)
        return None if value == [] and name not in NOT_FILTERS else value

    def viewing(self, named: Named = UNNAMED) -> Viewing:
        """What the question is asked for: of the arguments `area`, `asOf`, `asKnownAt`; where neither day nor version is among them,
        for those that are `named`."""
        area, as_of, version = self.given("area") or {}, self.given("asOf"), self.given("asKnownAt")
        if as_of is None and version is None:
            as_of, version = named[0] and iso_day(named[0]), named[1]
        viewing = Viewing.of(
            self.store,
            area.get("code"),
            mode=area.get("mode", "DESCENDANTS"),
            as_of=as_of,
            as_known_at=version,
            granted=self.granted,
        )
        return replace(viewing, named=(viewing.as_of if as_of else None, version))


def plain(value: Any) -> Any:
    """Enumerations by name, at any depth."""
    if isinstance(value, Enum):
        return value.name
    if isinstance(value, list):
        return [plain(one) for one in value]
    if isinstance(value, dict):
        return {name: plain(one) for name, one in value.items()}
    return value


def shape(
    schema: GraphQLSchema, definitions: Sequence[VariableDefinitionNode], variables: VariableValues
) -> tuple[Hashable, ...]:
    """What a plan depends on of the variables: which are there, flags, enumerations and whole numbers by value."""
    found: list[Hashable] = []
    for definition in definitions:
        name = definition.variable.name.value
        if name in variables.coerced:
            found.append((name, _shaped(type_from_ast(schema, definition.type), variables.coerced[name])))
    return tuple(found)


def _shaped(type_: Any, value: Any) -> Hashable:
    if isinstance(type_, GraphQLNonNull):
        type_ = type_.of_type
    if value is None:
        return None
    named = get_named_type(type_)
    counts = named in (GraphQLInt, GraphQLBoolean) or isinstance(named, GraphQLEnumType)
    if isinstance(type_, GraphQLList):
        # Of a list of texts no plan depends on how many there are.
        one = counts or isinstance(named, GraphQLInputObjectType)
        return tuple(_shaped(type_.of_type, part) for part in value) if one else TEXT
    if isinstance(type_, GraphQLInputObjectType):
        return tuple((name, _shaped(part.type, value[name])) for name, part in type_.fields.items() if name in value)
    whole: Hashable = value
    return whole if counts else TEXT


def extent(shaped: Hashable) -> int:
    """How many values a shape is made of."""
    return 1 + sum(map(extent, shaped)) if isinstance(shaped, tuple) else 1
