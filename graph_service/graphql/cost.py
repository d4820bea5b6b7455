"""Cost of an operation, estimated before it runs: the number of objects that its answer can hold.

An object counts 1. A list counts its page, each row with everything selected below it, so nested pages multiply; a list
that is short for its node, as the helpers of a household, counts as short. Lists without pages count their declared
size. A total counts like the page of the same list. Each condition of a filter counts 1 for every requested row. Values
are free: they come with their object. The number of paged lists is limited besides, whatever they return: each is a
subquery that the engine has to plan.

A question about an area scans its villages: each counts 1 for the rows, and 1 for the totals. Their number depends on
the area, on which no plan depends: so it is added at each run.
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
"""Fields of a connection that describe the answer itself; they are not totals."""
INTROSPECTION_TYPES = {"__schema": "__Schema", "__type": "__Type"}
INTROSPECTION_LIST_SIZES = {"types": 700, "fields": 3, "inputFields": 3, "directives": 10}
"""Average sizes of the lists of a schema and its types; any other field counts 1."""
MAX_NESTED_LISTS = 100
"""Largest number of paged lists within the root fields of an operation: 450 of them were planned for 21 s by the embedded engine, 100 for 1 to 5 s."""
ROOT_FIELD_COST = 10
"""Cost of a root field, whatever it returns."""


@dataclass(frozen=True, slots=True)
class Cost:
    """Estimated cost of an operation, and its budget. `area_scans`: root fields that scan an area, with the number of scans."""

    counted: int
    budget: int
    area_scans: tuple[tuple[SelectedField, int], ...] = ()

    def for_arguments(self, values: ArgumentValues, budget: int) -> Cost:
        """Return the cost of a run, with its areas, for a caller with this budget. Raises `DocumentRefused` where it is above the budget."""
        village_scans = sum(
            scans * count_area_villages(values.for_field(selected).get("area")) for selected, scans in self.area_scans
        )
        return require_within_budget(Cost(self.counted + village_scans, budget))

    def to_dict(self) -> dict[str, int]:
        """Return the cost as responses have it under `extensions.cost`."""
        return {"counted": self.counted, "budget": self.budget}


def estimate_cost(operation: Operation, root_fields: Iterable[SelectedField], budget: int = DEFAULT_BUDGET) -> Cost:
    """Return the cost of root fields. Raises `DocumentRefused` where it is above the budget, or they have too many lists."""
    fields = tuple(root_fields)
    list_count = sum(_count_nested_lists(operation, selected) for selected in fields)
    if list_count > MAX_NESTED_LISTS:
        raise DocumentRefused(
            reason_zh=f"含 {list_count} 个嵌套的列表，超过上限 {MAX_NESTED_LISTS} 个；请分次查询",
            reason_en=f"it has {list_count} nested lists, above the limit of {MAX_NESTED_LISTS}; split it into several requests",
        )
    object_count = sum(ROOT_FIELD_COST + _field_cost(operation, selected) for selected in fields)
    area_scans = tuple((selected, scans) for selected in fields if (scans := _area_scans(operation, selected)))
    return require_within_budget(Cost(object_count, budget, area_scans))


def require_within_budget(cost: Cost) -> Cost:
    """Return the cost. Raises `DocumentRefused` where it is above the budget."""
    if cost.counted > cost.budget:
        raise DocumentRefused(
            reason_zh=f"预计返回的对象与需扫描的村合计 {cost.counted} 个，超过上限 {cost.budget} 个；请缩小区域、减小 first、减少嵌套，或分次查询",
            reason_en=(
                f"its estimated cost is {cost.counted} (objects returned and villages scanned), above the limit of "
                f"{cost.budget}; choose a smaller area, reduce `first`, nest less, or split the request"
            ),
        )
    return cost


def count_area_villages(area: Arguments | None) -> int:
    """Return the number of villages of the requested area; of the whole tree where none is requested."""
    if area is None:
        return village_count("")
    return 1 if area.get("mode") == "SELF" else village_count(unpad_code(area["code"]))


def _area_scans(operation: Operation, selected: SelectedField) -> int:
    """Return how often a root field scans its area: for its rows, and for its totals."""
    if selected.definition is None or "area" not in selected.definition.args:
        return 0
    type_ = get_named_type(selected.definition.type)
    if not _is_paged(type_):
        return 1
    names = {field.name for field in operation.subfields(type_.name, selected.nodes)}
    rows, totals = names & ROW_FIELDS, names - ROW_FIELDS - METADATA_FIELDS
    if selected.arguments.get("area") is None and not selected.arguments.get("where"):
        # The first rows of all areas are found without a scan.
        rows = set()
    return bool(rows) + bool(totals)


def _field_cost(operation: Operation, selected: SelectedField) -> int:
    """Return the cost of the object or list that a field returns."""
    if selected.definition is None:
        meta_type = INTROSPECTION_TYPES.get(selected.name)
        return 1 + _selection_cost(operation, operation.object_type(meta_type), selected) if meta_type else 0
    type_ = get_named_type(selected.definition.type)
    if is_leaf_type(type_):
        return 0
    if _is_paged(type_):
        return _connection_cost(operation, type_.name, selected)
    size = INTROSPECTION_LIST_SIZES.get(selected.name, 1) if type_.name.startswith("__") else _list_size(selected)
    return size * (1 + _selection_cost(operation, type_, selected))


def _count_nested_lists(operation: Operation, selected: SelectedField) -> int:
    """Return the number of paged lists below a field; one in a type counts wherever the answer may have that type."""
    if selected.definition is None:
        return 0
    type_ = get_named_type(selected.definition.type)
    if is_leaf_type(type_):
        return 0
    return sum(
        _count_nested_lists(operation, field) + _is_paged(get_named_type(field.definition.type))
        for kind in _object_types(operation, type_)
        for field in operation.subfields(kind.name, selected.nodes)
        if field.definition
    )


def _is_paged(type_: GraphQLNamedType) -> bool:
    """Tell whether a type is a page of a list."""
    return "pageInfo" in getattr(type_, "fields", ())


def _connection_cost(operation: Operation, name: str, selected: SelectedField) -> int:
    """Return the cost of a page. Its rows are counted once, whether they are selected as edges, as nodes or as both."""
    fields = operation.subfields(name, selected.nodes)
    row_fields = [field for field in fields if field.name in ("edges", "nodes")]
    has_totals = any(field.name not in ROW_FIELDS | METADATA_FIELDS for field in fields)
    condition_count = _count_conditions(selected.arguments.get("where"))
    if not row_fields and not condition_count and not has_totals:
        return 1
    try:
        size = Window.from_arguments(selected.arguments).size
    except ArgumentInvalid:
        # Reported when the field is planned, beside the answers of the other fields.
        return 1
    size = min(size, estimated_size(selected.definition) or size)
    row_cost = sum(
        _selection_cost(operation, get_named_type(field.definition.type), field)
        for field in row_fields
        if field.definition
    )
    return 1 + size * ((1 + row_cost if row_fields else 0) + condition_count + has_totals)


def _count_conditions(where: object) -> int:
    """Return the number of conditions in a filter."""
    if isinstance(where, dict):
        return sum(1 + _count_conditions(condition) for condition in where.values())
    return (
        sum(map(_count_conditions, where))
        if isinstance(where, list) and isinstance(next(iter(where), None), dict)
        else 0
    )


def _selection_cost(operation: Operation, type_: GraphQLNamedType, selected: SelectedField) -> int:
    """Return the cost of everything selected of a type; of the most expensive one where there are several possible types."""
    if is_leaf_type(type_):
        return 0
    return max(
        sum(_field_cost(operation, field) for field in operation.subfields(kind.name, selected.nodes))
        for kind in _object_types(operation, type_)
    )


def _object_types(operation: Operation, type_: GraphQLNamedType) -> list[GraphQLObjectType]:
    """Return the types of objects that a type stands for: itself, or those of an interface or union."""
    kinds = operation.schema.get_possible_types(type_) if is_abstract_type(type_) else [type_]
    return [kind for kind in kinds if isinstance(kind, GraphQLObjectType)]


def _list_size(selected: SelectedField) -> int:
    """Return the number of objects that a field returns which is not a connection."""
    type_ = selected.definition.type if selected.definition else None
    if isinstance(type_, GraphQLNonNull):
        type_ = type_.of_type
    if not isinstance(type_, GraphQLList):
        return estimated_size(selected.definition) or 1
    ids = selected.arguments.get("ids")
    return len(ids) if ids is not None else estimated_size(selected.definition) or 1
