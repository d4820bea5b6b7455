"""Statements of a label's list: they begin where the areas asked for begin, and go no further than the page needs.

Nodes that lie in one place are in order of (code, key): a page walks area by area and costs the same wherever it is.
Others are in order of their key: of a county they are gathered from its areas, of more the label's index is walked.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field, replace

from graph_service.core.query_scope import QueryScope
from graph_service.domain.area_paths import AreaPath, LocationKind, area_path, location_kind
from graph_service.domain.metamodel import Label, Model
from graph_service.graphql.paging import OrderTerm, Window, cursor_parameters
from graph_service.graphql.selection import SelectedField
from graph_service.graphql.statements.anchors import IN_RANGES, anchor_condition
from graph_service.graphql.statements.compiler import Compiler, node_conditions
from graph_service.graphql.statements.conditions import Conditions
from graph_service.graphql.statements.orders import key_terms, sortable_values, value_expression, value_terms
from graph_service.platform.catalog import HOLDS_CONDITION, KNOWN_CONDITION

AREA_RANGE_MATCH = "MATCH ({v}:{label}) WHERE {v}.code >= $low AND {v}.code < $high AND {within}"
"""Areas that are meant: the span of the ranges of codes is walked by the index in order, no further than a page needs."""
COUNTY_DIGITS = 6


@dataclass(frozen=True, slots=True)
class Order:
    """What is asked for: a value's member, none for the usual order."""

    by: str = ""
    descending: bool = False

    def cursor_name(self, label: Label) -> str:
        """Households WAGE_INCOME DESC"""
        return " ".join(filter(None, (label.plural_name, self.by, "DESC" if self.by and self.descending else "")))


@dataclass(slots=True)
class Listing:
    """The list of one label for one root field: `page_statement` and `count_statement` of it."""

    compiler: Compiler
    label: Label
    selected: SelectedField
    window: Window
    order: Order
    everywhere: bool
    """Whether all areas are meant, so that a node need not lie in any."""
    conditions: list[str] = field(init=False)
    terms: list[OrderTerm] = field(init=False)
    _area_path: AreaPath = field(init=False)

    def __post_init__(self) -> None:
        self.window = replace(self.window, order_name=self.order.cursor_name(self.label))
        model = self.compiler.model
        known = node_conditions(model, self.label, "n", scoped=False)
        self.conditions = [*known, *Conditions(self.compiler, self.selected).for_label(self.label, "n")]
        self._area_path = area_path(model, self.label, self.label.anchors[0] if self.label.anchors else (), "n", "v")
        keys = key_terms(model, self.label, "n", self._area_path.owner_variable)
        first = [OrderTerm("v.code", str)] if self.location_kind == "home" else []
        self.terms = [*first, *(term for term in keys if term not in first)]
        if self.order.by:
            one = sortable_values(model, self.label)[self.order.by]
            self.terms = [*value_terms(one, "value", descending=self.order.descending), *keys]

    @property
    def location_kind(self) -> LocationKind:
        return location_kind(self.compiler.model, self.label)

    def page_statement(self, projection: str, *, within_counties: bool) -> str:
        """Rows of [order's values], projection."""
        bounds = self.window.bounds(self.terms, self.selected, self.compiler.add_parameter)
        limit = self.compiler.add_parameter(self.selected, lambda _: self.window.size + 1)
        order = f"ORDER BY {self.window.order_by(self.terms)}"
        told = f"RETURN [{', '.join(term.expression for term in self.terms)}] AS place, {projection} AS node"
        carried = self._carried_variables()
        if self.order.by:
            value = value_expression(sortable_values(self.compiler.model, self.label)[self.order.by], self.label, "n")
            where = f" WHERE {' AND '.join(bounds)}" if bounds else ""
            found = f"{self._node_match(within_counties=within_counties)} WITH {carried}, {value} AS value WITH {carried}, value{where}"
            return f"{found} WITH {carried}, value {order} LIMIT {limit} {told} {order}"
        if self.location_kind != "home":
            return f"{self._node_match(bounds, within_counties=within_counties)} WITH {carried} {order} LIMIT {limit} {told} {order}"
        inner = self.window.order_by(self.terms[1:]) if len(self.terms) > 1 else "n"
        returned = ", ".join(name for name in carried.split(", ") if name != "v")
        way = f"MATCH {self._area_path.pattern} WHERE {' AND '.join([*_path_conditions(self._area_path), *self.conditions, *bounds])}"
        down = " DESC" if self.window.backward else ""
        # Of many areas only those are entered that have something, and no more of them than the page has rows.
        having, first = ("", "") if within_counties else (f" AND EXISTS {{ {way} }}", f" LIMIT {limit}")
        return (
            f"{self._area_match()}{having} WITH v ORDER BY v.code{down}{first} CALL (v) {{ {way} RETURN {returned} "
            f"ORDER BY {inner} LIMIT {limit} }} WITH {carried} {order} LIMIT {limit} {told} {order}"
        )

    def count_statement(self, *, within_counties: bool) -> str:
        return f"{self._node_match(within_counties=within_counties)} RETURN count(n) AS total"

    def _carried_variables(self) -> str:
        names = ["n"]
        if self._area_path.owner_variable:
            names.insert(0, self._area_path.owner_variable)
        if self.location_kind == "home" and "v" not in names:
            names.insert(0, "v")
        return ", ".join(names)

    def _area_match(self) -> str:
        """Areas of the page: none before its cursors."""
        text = _area_range_match("v", self._area_path.end_label)
        for bound, sign in (("after", ">="), ("before", "<=")):
            if getattr(self.window, bound):
                place = cursor_parameters(
                    self.terms, self.selected, bound, self.compiler.add_parameter, self.window.order_name
                )[0]
                text += f" AND v.code {sign} {place}"
        return text

    def _node_match(self, bounds: Sequence[str] = (), *, within_counties: bool) -> str:
        """Every node that is meant."""
        conditions = [*self.conditions, *bounds]
        name, key = self.label.name, self.label.key.name
        if self.location_kind == "self":
            return f"{_area_range_match('n', name)} AND {' AND '.join(conditions)}"
        if self.location_kind == "home":
            held = _path_conditions(self._area_path)
            return f"{_area_range_match('v', self._area_path.end_label)} MATCH {self._area_path.pattern} WHERE {' AND '.join([*held, *conditions])}"
        if self.location_kind == "ties" and within_counties:
            return f"{match_in_areas(self.compiler.model, self.label)} WHERE {' AND '.join(conditions)}"
        if self.location_kind == "ties" and not self.everywhere:
            conditions.append(f"({anchor_condition(self.compiler.model, self.label, 'n', 'areas')})")
        # The bound that every key keeps lets an engine walk its index in order.
        return f"MATCH (n:{name}) WHERE n.{key} >= '' AND {' AND '.join(conditions)}"


def match_in_areas(model: Model, label: Label) -> str:
    """Nodes `n` of a label that any of their ties puts into the areas, each once."""
    ways = []
    for path in label.anchors:
        way = area_path(model, label, path, "n", "v")
        ways.append(f"MATCH {way.pattern} WHERE {' AND '.join(_path_conditions(way))} RETURN n")
    return f"{_area_range_match('v', 'Area')} CALL (v) {{ {' UNION '.join(ways)} }} WITH DISTINCT n"


def _path_conditions(path: AreaPath) -> list[str]:
    return [(HOLDS_CONDITION if single else KNOWN_CONDITION).format(r) for r, single in path.dated] or ["true"]


def _area_range_match(v: str, label: str) -> str:
    return AREA_RANGE_MATCH.format(v=v, label=label, within=IN_RANGES.format(v=v, ranges="areas"))


def is_within_counties(scope: QueryScope) -> bool:
    """Whether all that is asked for lies in counties or less."""
    return all(len(low) >= COUNTY_DIGITS for low, _ in scope.areas)
