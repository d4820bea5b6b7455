"""Inputs of plans: a document is planned once and run often, each run with its own values.

A plan depends on the document, the operation and the shape of its variables; texts and other values that become
parameters of a statement are not part of the shape. So a plan holds a parameter's source: a field's arguments and the
function that makes the value from them.
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

from graph_service.access.approvals import Approvals
from graph_service.access.database import AccessDatabase
from graph_service.access.permissions import Permissions
from graph_service.access.rights import Right
from graph_service.audit.log import AuditLog
from graph_service.core.query_scope import NO_REQUESTED_TIMES, QueryScope, RequestedTimes
from graph_service.domain.area_paths import unpad_code
from graph_service.domain.days import iso_day
from graph_service.graphql.selection import SelectedField
from graph_service.platform.store.graph import Store

Arguments = Mapping[str, Any]
LITERAL_LIST_ARGUMENTS = {"ids"}
"""Arguments whose empty list is kept as an empty list."""
PLACEHOLDER = "·"
"""Mark in a shape for a value that no plan depends on."""


@dataclass(frozen=True, slots=True)
class ParameterSource:
    """Source of a parameter's value, which is made from a field's arguments."""

    selected: SelectedField
    make: Callable[[Arguments], Any]


@dataclass(frozen=True, slots=True)
class ArgumentValues:
    """Arguments of fields in one run, with the values of its variables."""

    variables: VariableValues
    _cache: dict[int, Arguments] = field(default_factory=dict)

    def for_field(self, selected: SelectedField) -> Arguments:
        arguments = self._cache.get(id(selected))
        if arguments is None:
            definition = selected.definition
            raw_arguments = get_argument_values(definition, selected.nodes[0], self.variables) if definition else {}
            arguments = self._cache[id(selected)] = enums_to_names(raw_arguments)
        return arguments

    def parameters(self, sources: Mapping[str, ParameterSource]) -> dict[str, Any]:
        """Return the parameters by name."""
        return {name: source.make(self.for_field(source.selected)) for name, source in sources.items()}


RunApproved = Callable[[str, Mapping[str, Any], Permissions, str], dict[str, Any]]


@dataclass(frozen=True, slots=True)
class ApiServices:
    """Services that root fields use besides the store. `access_database`: that of grants and keys, None for a service without sign-in;
    `audit_log`: None where nothing may be read that has to be logged; `approvals`: None where no change waits for approval."""

    access_database: AccessDatabase | None = None
    audit_log: AuditLog | None = None
    approvals: Approvals | None = None


@dataclass(frozen=True, slots=True)
class Execution:
    """A run of a root field's plan: for a caller with `permissions`, on a store, with the values of its arguments. `request_id`: number of
    the request in the audit log; `approver`: user who has approved the change that is run; `run_approved`: runs a document with the permissions
    of a proposal's author, for an approver, and returns the body of the response; `field_errors`: errors of fields below the root that are null
    because of them, while the rest of the answer is there; `granted_parts`: areas named by arguments of which only parts are granted, with these
    parts."""

    store: Store
    permissions: Permissions
    services: ApiServices
    selected: SelectedField
    values: ArgumentValues
    request_id: str = ""
    approver: str = ""
    run_approved: RunApproved | None = None
    field_errors: list[dict[str, Any]] = field(default_factory=list)
    granted_parts: dict[str, list[str]] = field(default_factory=dict)

    @property
    def granted_areas(self) -> tuple[str, ...]:
        """Return the areas of which the caller may read records."""
        return self.permissions.areas_for(Right.READ_RECORDS)

    @property
    def root_arguments(self) -> Arguments:
        """Return the arguments of the root field."""
        return self.values.for_field(self.selected)

    def argument(self, name: str) -> Any:
        """Return an argument of the root field, None where it is not given or does not exist; enumerations by name. An empty list
        counts as not given, except for `LITERAL_LIST_ARGUMENTS`."""
        value = self.root_arguments.get(name)
        return None if value == [] and name not in LITERAL_LIST_ARGUMENTS else value

    def query_scope(
        self, requested_times: RequestedTimes = NO_REQUESTED_TIMES, right: Right = Right.READ_RECORDS
    ) -> QueryScope:
        """Return the scope of the arguments `area`, `asOf`, `asKnownAt`, in the areas of a right; where neither day nor version is given,
        `requested_times` apply."""
        area, as_of, version = self.argument("area") or {}, self.argument("asOf"), self.argument("asKnownAt")
        if as_of is None and version is None:
            as_of, version = requested_times[0] and iso_day(requested_times[0]), requested_times[1]
        granted_areas = self.permissions.areas_for(right)
        scope = QueryScope.resolve(
            self.store,
            area.get("code"),
            mode=area.get("mode", "DESCENDANTS"),
            as_of=as_of,
            as_known_at=version,
            granted_areas=granted_areas,
        )
        if area:
            self.note_granted_parts(unpad_code(area["code"]), granted_areas, [low for low, _ in scope.areas])
        return replace(scope, requested_times=(scope.as_of if as_of else None, version))

    def note_granted_parts(self, code: str, granted_areas: tuple[str, ...], parts: Sequence[str]) -> None:
        """Note which parts of an area an answer is about, where not all of it is granted: the response tells them."""
        if not code.startswith(granted_areas):
            self.granted_parts[code] = list(parts)


def enums_to_names(value: Any) -> Any:
    """Return a value with enumerations replaced by their names, at any depth."""
    if isinstance(value, Enum):
        return value.name
    if isinstance(value, list):
        return [enums_to_names(element) for element in value]
    if isinstance(value, dict):
        return {name: enums_to_names(element) for name, element in value.items()}
    return value


def variables_shape(
    schema: GraphQLSchema, definitions: Sequence[VariableDefinitionNode], variables: VariableValues
) -> tuple[Hashable, ...]:
    """Return what a plan depends on of the variables: which are given; flags, enumerations and whole numbers by value."""
    shapes: list[Hashable] = []
    for definition in definitions:
        name = definition.variable.name.value
        if name in variables.coerced:
            shapes.append((name, _value_shape(type_from_ast(schema, definition.type), variables.coerced[name])))
    return tuple(shapes)


def _value_shape(type_: Any, value: Any) -> Hashable:
    if isinstance(type_, GraphQLNonNull):
        type_ = type_.of_type
    if value is None:
        return None
    named_type = get_named_type(type_)
    is_by_value = named_type in (GraphQLInt, GraphQLBoolean) or isinstance(named_type, GraphQLEnumType)
    if isinstance(type_, GraphQLList):
        # No plan depends on the length of a list of texts.
        has_shape = is_by_value or isinstance(named_type, GraphQLInputObjectType)
        return tuple(_value_shape(type_.of_type, element) for element in value) if has_shape else PLACEHOLDER
    if isinstance(type_, GraphQLInputObjectType):
        return tuple(
            (name, _value_shape(element.type, value[name])) for name, element in type_.fields.items() if name in value
        )
    shape: Hashable = value
    return shape if is_by_value else PLACEHOLDER


def shape_size(shape: Hashable) -> int:
    """Return the number of values in a shape."""
    return 1 + sum(map(shape_size, shape)) if isinstance(shape, tuple) else 1
