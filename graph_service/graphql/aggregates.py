"""Sums of a list of the directory: count, sum, smallest, largest and average of its values, as a whole or in groups."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from decimal import Decimal
from typing import Any

from graph_service.core.areas import code_digits
from graph_service.core.query_scope import QueryScope
from graph_service.domain.amounts import format_number, format_rate, format_yuan
from graph_service.domain.area_paths import LocationKind
from graph_service.domain.fields import lower_first
from graph_service.domain.metamodel import Label, PropertyKind
from graph_service.errors import ArgumentInvalid
from graph_service.graphql.pages import Encoder, Page, object_encoder
from graph_service.graphql.plan_key import Execution, enums_to_names
from graph_service.graphql.selection import Operation, SelectedField
from graph_service.graphql.statements.compiler import Compiler
from graph_service.graphql.statements.listing import Listing, ScopedStatement
from graph_service.graphql.statements.matches import day_expression
from graph_service.graphql.statements.orders import (
    SortableValue,
    record_expression,
    record_variable,
    sortable_values,
)
from graph_service.graphql.statements.slots import Slots
from graph_service.graphql.types.type_registry import Argument, Field, TypeRegistry

MAX_GROUPS = 1_000
FIGURE_FORMATTERS: dict[PropertyKind, Callable[[Decimal], str | None]] = {
    PropertyKind.YUAN: lambda fen: format_yuan(round(fen)),
    PropertyKind.RATE: lambda millionths: format_rate(round(millionths)),
    PropertyKind.SHARES: format_number,
    PropertyKind.INTEGER: format_number,
    PropertyKind.NUMBER: format_number,
}
"""Formatters of figures over stored values, of the kinds that can be summed: as the values themselves are shown."""


def aggregate_field(label: Label) -> Field:
    """Return the field of a label's connection."""
    arguments = (
        Argument("of", f"[{label.name}Property!]", "统计项：Numeric values to sum, such as amounts; none by default."),
        Argument("by", f"{label.name}Property", "分组项：Value to group by. Dates are grouped by year."),
        Argument(
            "level",
            "AreaLevel",
            "分组区划级别：Level of the areas to group by. Only for lists whose items lie in one area.",
        ),
    )
    doc = (
        "汇总：Count of all items of the list, and sums of their values, under the same filters, area, day and scope; "
        f"one group unless `by` or `level` is given, at most {MAX_GROUPS} groups. Pages play no part."
    )
    return Field("aggregate", "[Aggregate!]!", doc, arguments)


def add_types(types: TypeRegistry) -> None:
    """Add the types of the groups."""
    decimal = "as a decimal string in the unit of the value; null if no item has the value"
    types.add_object(
        "AggregateNumbers",
        "统计值：Figures of one numeric value in a group.",
        [
            Field("property", "String!", "统计项：Value, as given in `of`."),
            Field("count", "Int!", "有值数：Number of items that have the value."),
            Field("sum", "String", f"合计：Sum, {decimal}."),
            Field("min", "String", f"最小值：Smallest value, {decimal}."),
            Field("max", "String", f"最大值：Largest value, {decimal}."),
            Field(
                "average",
                "String",
                f"平均值：Average over the items that have the value, {decimal}. Rounded half to even: amounts to 2 places, others to at most 6.",
            ),
        ],
    )
    types.add_object(
        "Aggregate",
        "汇总：A group of items and its figures.",
        [
            Field(
                "key",
                "String",
                "分组值：Code, text, number or year of the group; null for items without one, and without `by`.",
            ),
            Field("areaCode", "String", "区划代码：Code of the group's area; null without `level`."),
            Field("count", "Int!", "数量：Number of items."),
            Field("numbers", "[AggregateNumbers!]!", "统计值：Figures of the values given in `of`, in their order."),
        ],
    )


@dataclass(frozen=True, slots=True)
class AggregatePlan:
    """The statement of one selected `aggregate`, and what makes groups of its rows."""

    selected: SelectedField
    statement: ScopedStatement
    name: str
    values: tuple[SortableValue, ...]
    by: SortableValue | None
    has_area: bool

    def load(self, execution: Execution, scope: QueryScope, parameters: dict[str, Any]) -> list[dict[str, Any]]:
        """Return the groups, sorted by area and key, those without a key last. Raises `ArgumentInvalid` for too many."""
        rows = execution.store.query_text(self.statement.text(scope), parameters, self.name)
        if len(rows) > MAX_GROUPS:
            raise ArgumentInvalid(
                name="by",
                reason_zh=f"分组超过 {MAX_GROUPS} 个，请换一个分组项，或缩小区域",
                reason_en=f"there are more than {MAX_GROUPS} groups; group by another value, or choose a smaller area",
            )
        rows.sort(key=lambda row: (row[0] or "", row[1] is None, 0 if row[1] is None else row[1]))
        return [self._group(row) for row in rows]

    def _group(self, row: Sequence[Any]) -> dict[str, Any]:
        area_code, key, count, figures = row
        return {
            "key": None if key is None else str(key).lower() if isinstance(key, bool) else str(key),
            "areaCode": area_code if self.has_area else None,
            "count": count,
            "numbers": [_figures(value, numbers) for value, numbers in zip(self.values, figures, strict=True)],
        }


def plan_aggregate(compiler: Compiler, listing: Listing, selected: SelectedField) -> AggregatePlan:
    """Plan one selected `aggregate` of a list. Raises `ArgumentInvalid` for a value that cannot be summed, and for a level where items
    may lie in several areas."""
    label, sortable = listing.label, sortable_values(compiler.model, listing.label)
    arguments = enums_to_names(selected.arguments)
    values = tuple(sortable[name] for name in arguments.get("of") or ())
    summable = [name for name, value in sortable.items() if value.leaf.kind in FIGURE_FORMATTERS]
    for value in values:
        if value.leaf.kind not in FIGURE_FORMATTERS:
            raise ArgumentInvalid(
                name="of",
                reason_zh=f"{value.member} 不是数值，可用：{'、'.join(summable) or '无'}",
                reason_en=f"{value.member} is no number; use one of: {', '.join(summable) or 'none'}",
            )
    by = sortable[arguments["by"]] if arguments.get("by") else None
    for value in (*values, *([by] if by else [])):
        compiler.require_selectable(value.leaf)
    level = arguments.get("level")
    if level is not None and listing.location_kind not in ("self", "home"):
        raise ArgumentInvalid(
            name="level",
            reason_zh="这类记录可能涉及几个区划或不属于任何区划，不能按区划分组",
            reason_en="these items may lie in several areas, or in none, so they cannot be grouped by area",
        )
    return AggregatePlan(
        selected,
        listing.nodes_statement(_grouping(label, listing.location_kind, values, by, level)),
        f"directory/{lower_first(label.plural_name)}.aggregate",
        values,
        by,
        level is not None,
    )


def aggregate_encoder(plan: AggregatePlan, operation: Operation) -> Callable[[Page], Any]:
    """Return the encoder of one selected `aggregate`, whose groups stand in the page under its response key."""

    def on_number(field: SelectedField) -> Encoder:
        return lambda number: number[field.name]

    def on_field(field: SelectedField) -> Encoder:
        if field.name != "numbers":
            return lambda group: group[field.name]
        encode_number = object_encoder(operation, "AggregateNumbers", [field], on_number)
        return lambda group: [encode_number(number) for number in group["numbers"]]

    encode_group = object_encoder(operation, "Aggregate", [plan.selected], on_field)
    return lambda page: [encode_group(group) for group in page.extra[plan.selected.key]]


def _grouping(
    label: Label,
    location_kind: LocationKind,
    values: Sequence[SortableValue],
    by: SortableValue | None,
    level: str | None,
) -> str:
    """Return the end of a statement: rows of [area code, key, count, [[count, sum, min, max] of each value]]."""
    # The values of one record are read together.
    records: dict[str, tuple[SortableValue, Slots]] = {}

    def expression(value: SortableValue) -> str:
        variable = record_variable(value, "n")
        _, slots = records.setdefault(variable, (value, Slots()))
        return f"record_{variable}[{slots.add(f'{variable}.{value.leaf.stored_name}')}]"

    numbers = [expression(value) for value in values]
    key = "null" if by is None else _key_text(by, expression(by))
    area = f"left({'n' if location_kind == 'self' else 'v'}.code, {code_digits(level)})" if level else "null"
    record_columns = [
        f"{record_expression(value, label, 'n', slots.text())} AS record_{variable}"
        for variable, (value, slots) in records.items()
    ]
    number_columns = [f"{number} AS x{i}" for i, number in enumerate(numbers)]
    figures = ", ".join(f"[count(x{i}), sum(x{i}), min(x{i}), max(x{i})]" for i in range(len(values)))
    return (
        f"WITH {', '.join([f'{area} AS area', *record_columns])} "
        f"WITH {', '.join(['area', f'{key} AS groupKey', *number_columns])} "
        f"RETURN area, groupKey, count(*) AS total, [{figures}] AS figures LIMIT {MAX_GROUPS + 1}"
    )


def _key_text(by: SortableValue, expression: str) -> str:
    """Return the expression of a group's key: the value, or the year of a day."""
    return f"{day_expression(expression)} / 10000" if by.leaf.kind is PropertyKind.DATE else expression


def _figures(value: SortableValue, numbers: Sequence[Any]) -> dict[str, Any]:
    count, *stored = numbers
    if not count:
        return {"property": value.member, "count": 0, "sum": None, "min": None, "max": None, "average": None}
    format_figure = FIGURE_FORMATTERS[value.leaf.kind]
    total, smallest, largest = (Decimal(str(number)) for number in stored)
    return {
        "property": value.member,
        "count": count,
        "sum": format_figure(total),
        "min": format_figure(smallest),
        "max": format_figure(largest),
        "average": format_figure(total / count),
    }
