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

from graph_service.core.query_scope import NO_REQUESTED_TIMES, QueryScope, RequestedTimes
from graph_service.domain.days import iso_day
from graph_service.graphql.selection import SelectedField
from graph_service.platform.store.graph import Store

Arguments = Mapping[str, Any]
LITERAL_LIST_ARGUMENTS = {"ids"}
"""Arguments whose empty list is an empty list."""
PLACEHOLDER = "·"
"""Stands in a shape for a value that no plan depends on."""


@dataclass(frozen=True, slots=True)
class ParameterSource:
    """Where a parameter's value comes from: made of a field's arguments."""

    selected: SelectedField
    make: Callable[[Arguments], Any]


@dataclass(frozen=True, slots=True)
class ArgumentValues:
    """The arguments of fields in one run, with the values of its variables."""

    variables: VariableValues
    _cache: dict[int, Arguments] = field(default_factory=dict)

    def for_field(self, selected: SelectedField) -> Arguments:
        known = self._cache.get(id(selected))
        if known is None:
            definition = selected.definition
            given = get_argument_values(definition, selected.nodes[0], self.variables) if definition else {}
            known = self._cache[id(selected)] = enums_to_names(given)
        return known

    def parameters(self, sources: Mapping[str, ParameterSource]) -> dict[str, Any]:
        """Parameters by name."""
        return {name: origin.make(self.for_field(origin.selected)) for name, origin in sources.items()}


@dataclass(frozen=True, slots=True)
class Execution:
    """One run of a root field's plan: for whom (areas granted), of which store, with which values."""

    store: Store
    granted_areas: tuple[str, ...]
    selected: SelectedField
    values: ArgumentValues

    def argument(self, name: str) -> Any:
        """An argument of the root field, null where it is not given or there is no such; enumerations by name. A filter that lists
        nothing names none, as one that is not given."""
        value = self.values.for_field(self.selected).get(name)
        return None if value == [] and name not in LITERAL_LIST_ARGUMENTS else value

    def query_scope(self, requested_times: RequestedTimes = NO_REQUESTED_TIMES) -> QueryScope:
        """What the question is asked for: of the arguments `area`, `asOf`, `asKnownAt`; where neither day nor version is among them,
        for those that are `requested_times`."""
        area, as_of, version = self.argument("area") or {}, self.argument("asOf"), self.argument("asKnownAt")
        if as_of is None and version is None:
            as_of, version = requested_times[0] and iso_day(requested_times[0]), requested_times[1]
        viewing = QueryScope.resolve(
            self.store,
            area.get("code"),
            mode=area.get("mode", "DESCENDANTS"),
            as_of=as_of,
            as_known_at=version,
            granted_areas=self.granted_areas,
        )
        return replace(viewing, requested_times=(viewing.as_of if as_of else None, version))


def enums_to_names(value: Any) -> Any:
    """Enumerations by name, at any depth."""
    if isinstance(value, Enum):
        return value.name
    if isinstance(value, list):
        return [enums_to_names(one) for one in value]
    if isinstance(value, dict):
        return {name: enums_to_names(one) for name, one in value.items()}
    return value


def variables_shape(
    schema: GraphQLSchema, definitions: Sequence[VariableDefinitionNode], variables: VariableValues
) -> tuple[Hashable, ...]:
    """What a plan depends on of the variables: which are there, flags, enumerations and whole numbers by value."""
    found: list[Hashable] = []
    for definition in definitions:
        name = definition.variable.name.value
        if name in variables.coerced:
            found.append((name, _value_shape(type_from_ast(schema, definition.type), variables.coerced[name])))
    return tuple(found)


def _value_shape(type_: Any, value: Any) -> Hashable:
    if isinstance(type_, GraphQLNonNull):
        type_ = type_.of_type
    if value is None:
        return None
    named = get_named_type(type_)
    counts = named in (GraphQLInt, GraphQLBoolean) or isinstance(named, GraphQLEnumType)
    if isinstance(type_, GraphQLList):
        # Of a list of texts no plan depends on how many there are.
        one = counts or isinstance(named, GraphQLInputObjectType)
        return tuple(_value_shape(type_.of_type, part) for part in value) if one else PLACEHOLDER
    if isinstance(type_, GraphQLInputObjectType):
        return tuple(
            (name, _value_shape(part.type, value[name])) for name, part in type_.fields.items() if name in value
        )
    whole: Hashable = value
    return whole if counts else PLACEHOLDER


def shape_size(shape: Hashable) -> int:
    """How many values a shape is made of."""
    return 1 + sum(map(shape_size, shape)) if isinstance(shape, tuple) else 1
