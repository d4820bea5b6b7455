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

from graph_service.api.paging import Window
from graph_service.api.planning import Arguments, Values
from graph_service.api.selection import Document, Selected
from graph_service.api.types.building import size_of
from graph_service.errors import ArgumentInvalid, DocumentRefused
from graph_service.services.areas import unpadded, villages_below

BUDGET = 250_000
ROWS = frozenset(("edges", "nodes", "pageInfo"))
TOLD = frozenset(("asOf", "dataVersion", "__typename"))
"""What an answer tells of itself: no totals."""
INTROSPECTION = {"__schema": "__Schema", "__type": "__Type"}
DESCRIBED = {"types": 700, "fields": 3, "inputFields": 3, "directives": 10}
"""How many of these a type of the schema has on average, or the schema has; of all others one."""
STATEMENT = 10
"""What a root field costs whatever it gives."""


@dataclass(frozen=True, slots=True)
class Cost:
    """What an operation may cost, of which budget. `looks`: root fields that look at an area, and how often."""

    counted: int
    budget: int
    looks: tuple[tuple[Selected, int], ...] = ()

    def of_run(self, values: Values) -> Cost:
        """Return the cost of a run, with its areas. Raises `DocumentRefused` where it is above the budget."""
        seen = sum(times * villages_of(values.of(one).get("area")) for one, times in self.looks)
        return within(Cost(self.counted + seen, self.budget))

    def told(self) -> dict[str, int]:
        """As responses have it under `extensions.cost`."""
        return {"counted": self.counted, "budget": self.budget}


def cost_of(document: Document, selected: Iterable[Selected], budget: int = BUDGET) -> Cost:
    """The cost of root fields. Raises `DocumentRefused` where it is above the budget."""
    fields = tuple(selected)
    counted = sum(STATEMENT + _field(document, one) for one in fields)
    looks = tuple((one, times) for one in fields if (times := _looks(document, one)))
    return within(Cost(counted, budget, looks))


def within(cost: Cost) -> Cost:
    """Return the cost. Raises `DocumentRefused` where it is above the budget."""
    if cost.counted > cost.budget:
        raise DocumentRefused(
            reason_zh=f"最多可能返回的对象和要查看的村共 {cost.counted} 个,上限 {cost.budget};请缩小区域、减小 first、减少嵌套,或分次查询",
            reason_en=f"its answer may hold, and its areas have villages, {cost.counted} together, at most {cost.budget}; ask for a smaller area, make `first` smaller, nest less, or ask one thing at a time",
        )
    return cost


def villages_of(area: Arguments | None) -> int:
    """Return how many villages an area has that is asked for; the whole tree where none is."""
    if area is None:
        return villages_below("")
    return 1 if area.get("mode") == "SELF" else villages_below(unpadded(area["code"]))


def _looks(document: Document, one: Selected) -> int:
    """Return how often a root field looks at its area: for its rows, and for its totals."""
    if one.definition is None or "area" not in one.definition.args:
        return 0
    type_ = get_named_type(one.definition.type)
    if "pageInfo" not in getattr(type_, "fields", ()):
        return 1
    names = {field.name for field in document.below(type_.name, one.nodes)}
    rows, totals = names & ROWS, names - ROWS - TOLD
    if one.arguments.get("area") is None and not one.arguments.get("where"):
        # The first rows of all are found without looking at the others.
        rows = set()
    return bool(rows) + bool(totals)


def _field(document: Document, one: Selected) -> int:
    """Of one field: of the object or list that it gives."""
    if one.definition is None:
        meta = INTROSPECTION.get(one.name)
        return 1 + _below(document, document.type(meta), one) if meta else 0
    type_ = get_named_type(one.definition.type)
    if is_leaf_type(type_):
        return 0
    if "pageInfo" in getattr(type_, "fields", ()):
        return _connection(document, type_.name, one)
    many = DESCRIBED.get(one.name, 1) if type_.name.startswith("__") else _many(one)
    return many * (1 + _below(document, type_, one))


def _connection(document: Document, name: str, one: Selected) -> int:
    """A page: its rows are counted once, whether they are asked for as edges, as nodes or as both."""
    fields = document.below(name, one.nodes)
    rows = [field for field in fields if field.name in ("edges", "nodes")]
    totals = any(field.name not in ROWS | TOLD for field in fields)
    asked = _conditions(one.arguments.get("where"))
    if not rows and not asked and not totals:
        return 1
    try:
        size = Window.of(one.arguments).size
    except ArgumentInvalid:
        # Told when the field is planned, beside the others' answers.
        return 1
    size = min(size, size_of(one.definition) or size)
    below = sum(_below(document, get_named_type(field.definition.type), field) for field in rows if field.definition)
    return 1 + size * ((1 + below if rows else 0) + asked + totals)


def _conditions(given: object) -> int:
    """How much a filter says."""
    if isinstance(given, dict):
        return sum(1 + _conditions(one) for one in given.values())
    return sum(map(_conditions, given)) if isinstance(given, list) and isinstance(next(iter(given), None), dict) else 0


def _below(document: Document, type_: GraphQLNamedType, one: Selected) -> int:
    """Of all that is selected of a type; of the dearest where it may be one of several."""
    if is_leaf_type(type_):
        return 0
    kinds = document.schema.get_possible_types(type_) if is_abstract_type(type_) else [type_]
    return max(
        sum(_field(document, field) for field in document.below(kind.name, one.nodes))
        for kind in kinds
        if isinstance(kind, GraphQLObjectType)
    )


def _many(one: Selected) -> int:
    """How many objects a field gives that is no connection."""
    type_ = one.definition.type if one.definition else None
    if isinstance(type_, GraphQLNonNull):
        type_ = type_.of_type
    if not isinstance(type_, GraphQLList):
        return size_of(one.definition) or 1
    ids = one.arguments.get("ids")
    return len(ids) if ids is not None else size_of(one.definition) or 1
