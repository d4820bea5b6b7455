"""What an operation may cost, counted before it runs: how many objects its answer can hold.

An object counts one; a list counts its page, each of its rows with all that is selected below it, so nested pages
multiply; one from an end that has few of it, as a household its helpers, counts as few. Lists that are not paged count
what their field declares. A total counts like the page that it is the total of. Each condition of a filter counts one
for every row that is asked for. Values cost nothing: they come with their object.

What is asked of an area looks at its villages: each counts one for the rows, and one for the totals. How many there are
depends on the area, which no plan depends on: so that is counted for each run.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass

from graphql import (
    GraphQLList,
    GraphQLNamedType,
    GraphQLNonNull,
    GraphQLObjectType,
    get_named_type,
    is_abstract_type,
    is_leaf_type,
)

from graph_service.core.areas import village_count
from graph_service.domain.area_paths import unpad_code
from graph_service.errors import ArgumentInvalid, DocumentRefused
from graph_service.graphql.paging import Window
from graph_service.graphql.plan_key import Arguments, ArgumentValues
from graph_service.graphql.selection import Operation, SelectedField
from graph_service.graphql.types.type_registry import estimated_size

DEFAULT_BUDGET = 250_000
ROW_FIELDS = frozenset(("edges", "nodes", "pageInfo"))
METADATA_FIELDS = frozenset(("asOf", "dataVersion", "__typename"))
"""What an answer tells of itself: no totals."""
INTROSPECTION_TYPES = {"__schema": "__Schema", "__type": "__Type"}
INTROSPECTION_LIST_SIZES = {"types": 700, "fields": 3, "inputFields": 3, "directives": 10}
"""How many of these a type of the schema has on average, or the schema has; of all others one."""
ROOT_FIELD_COST = 10
"""What a root field costs whatever it gives."""


@dataclass(frozen=True, slots=True)
class Cost:
    """What an operation may cost, of which budget. `area_scans`: root fields that look at an area, and how often."""

    counted: int
    budget: int
    area_scans: tuple[tuple[SelectedField, int], ...] = ()

    def for_arguments(self, values: ArgumentValues) -> Cost:
        """Return the cost of a run, with its areas. Raises `DocumentRefused` where it is above the budget."""
        seen = sum(times * count_area_villages(values.for_field(one).get("area")) for one, times in self.area_scans)
        return require_within_budget(Cost(self.counted + seen, self.budget))

    def to_dict(self) -> dict[str, int]:
        """As responses have it under `extensions.cost`."""
        return {"counted": self.counted, "budget": self.budget}


def estimate_cost(operation: Operation, root_fields: Iterable[SelectedField], budget: int = DEFAULT_BUDGET) -> Cost:
    """The cost of root fields. Raises `DocumentRefused` where it is above the budget."""
    fields = tuple(root_fields)
    counted = sum(ROOT_FIELD_COST + _field_cost(operation, one) for one in fields)
    looks = tuple((one, times) for one in fields if (times := _area_scans(operation, one)))
    return require_within_budget(Cost(counted, budget, looks))


def require_within_budget(cost: Cost) -> Cost:
    """Return the cost. Raises `DocumentRefused` where it is above the budget."""
    if cost.counted > cost.budget:
        raise DocumentRefused(
            reason_zh=f"最多可能返回的对象和要查看的村共 {cost.counted} 个,上限 {cost.budget};请缩小区域、减小 first、减少嵌套,或分次查询",
            reason_en=f"its answer may hold, and its areas have villages, {cost.counted} together, at most {cost.budget}; ask for a smaller area, make `first` smaller, nest less, or ask one thing at a time",
        )
    return cost


def count_area_villages(area: Arguments | None) -> int:
    """Return how many villages an area has that is asked for; the whole tree where none is."""
    if area is None:
        return village_count("")
    return 1 if area.get("mode") == "SELF" else village_count(unpad_code(area["code"]))


def _area_scans(operation: Operation, selected: SelectedField) -> int:
    """Return how often a root field looks at its area: for its rows, and for its totals."""
    if selected.definition is None or "area" not in selected.definition.args:
        return 0
    type_ = get_named_type(selected.definition.type)
    if "pageInfo" not in getattr(type_, "fields", ()):
        return 1
    names = {field.name for field in operation.subfields(type_.name, selected.nodes)}
    rows, totals = names & ROW_FIELDS, names - ROW_FIELDS - METADATA_FIELDS
    if selected.arguments.get("area") is None and not selected.arguments.get("where"):
        # The first rows of all are found without looking at the others.
        rows = set()
    return bool(rows) + bool(totals)


def _field_cost(operation: Operation, selected: SelectedField) -> int:
    """Of one field: of the object or list that it gives."""
    if selected.definition is None:
        meta = INTROSPECTION_TYPES.get(selected.name)
        return 1 + _selection_cost(operation, operation.object_type(meta), selected) if meta else 0
    type_ = get_named_type(selected.definition.type)
    if is_leaf_type(type_):
        return 0
    if "pageInfo" in getattr(type_, "fields", ()):
        return _connection_cost(operation, type_.name, selected)
    many = INTROSPECTION_LIST_SIZES.get(selected.name, 1) if type_.name.startswith("__") else _list_size(selected)
    return many * (1 + _selection_cost(operation, type_, selected))


def _connection_cost(operation: Operation, name: str, selected: SelectedField) -> int:
    """A page: its rows are counted once, whether they are asked for as edges, as nodes or as both."""
    fields = operation.subfields(name, selected.nodes)
    rows = [field for field in fields if field.name in ("edges", "nodes")]
    totals = any(field.name not in ROW_FIELDS | METADATA_FIELDS for field in fields)
    asked = _count_conditions(selected.arguments.get("where"))
    if not rows and not asked and not totals:
        return 1
    try:
        size = Window.from_arguments(selected.arguments).size
    except ArgumentInvalid:
        # Told when the field is planned, beside the others' answers.
        return 1
    size = min(size, estimated_size(selected.definition) or size)
    below = sum(
        _selection_cost(operation, get_named_type(field.definition.type), field) for field in rows if field.definition
    )
    return 1 + size * ((1 + below if rows else 0) + asked + totals)


def _count_conditions(where: object) -> int:
    """How much a filter says."""
    if isinstance(where, dict):
        return sum(1 + _count_conditions(one) for one in where.values())
    return (
        sum(map(_count_conditions, where))
        if isinstance(where, list) and isinstance(next(iter(where), None), dict)
        else 0
    )


def _selection_cost(operation: Operation, type_: GraphQLNamedType, selected: SelectedField) -> int:
    """Of all that is selected of a type; of the dearest where it may be one of several."""
    if is_leaf_type(type_):
        return 0
    kinds = operation.schema.get_possible_types(type_) if is_abstract_type(type_) else [type_]
    return max(
        sum(_field_cost(operation, field) for field in operation.subfields(kind.name, selected.nodes))
        for kind in kinds
        if isinstance(kind, GraphQLObjectType)
    )


def _list_size(selected: SelectedField) -> int:
    """How many objects a field gives that is no connection."""
    type_ = selected.definition.type if selected.definition else None
    if isinstance(type_, GraphQLNonNull):
        type_ = type_.of_type
    if not isinstance(type_, GraphQLList):
        return estimated_size(selected.definition) or 1
    ids = selected.arguments.get("ids")
    return len(ids) if ids is not None else estimated_size(selected.definition) or 1
