"""Statements of a label's list, which begin at the requested areas and read no further than the page needs.

Nodes that lie in one area are ordered by (code, key): a page is read area by area and costs the same at any position.
Other nodes are ordered by key: for a county they are gathered from its areas, for more the label's index is read.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
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
"""Match of the requested areas: the index reads the span of the ranges of codes in order, no further than a page needs."""
COUNTY_DIGITS = 6


@dataclass(frozen=True, slots=True)
class Order:
    """The requested order: the member of a value, empty for the usual order."""

    by: str = ""
    descending: bool = False

    def cursor_name(self, label: Label) -> str:
        """Return the name of the order in cursors: Households WAGE_INCOME DESC."""
        return " ".join(filter(None, (label.plural_name, self.by, "DESC" if self.by and self.descending else "")))


@dataclass(frozen=True, slots=True)
class ScopedStatement:
    """A statement in two forms, which find the same nodes: for areas within counties, and for areas above them."""

    within_counties: str
    above_counties: str

    @classmethod
    def build(cls, build_text: Callable[[bool], str]) -> ScopedStatement:
        """Build both forms; `build_text` takes whether the areas are within counties."""
        return cls(build_text(True), build_text(False))

    def text(self, scope: QueryScope) -> str:
        return self.within_counties if is_within_counties(scope) else self.above_counties


@dataclass(slots=True)
class Listing:
    """The list of one label for one root field, as `page_statement` and `count_statement`."""

    compiler: Compiler
    label: Label
    selected: SelectedField
    window: Window
    order: Order
    everywhere: bool
    """True where all areas are requested, so that a node need not lie in any."""
    conditions: list[str] = field(init=False)
    terms: list[OrderTerm] = field(init=False)
    _area_path: AreaPath = field(init=False)

    def __post_init__(self) -> None:
        self.window = replace(self.window, order_name=self.order.cursor_name(self.label))
        model = self.compiler.model
        base_conditions = [
            *node_conditions(model, self.label, "n", scoped=False),
            *self.compiler.class_conditions(self.label, "n"),
        ]
        self.conditions = [*base_conditions, *Conditions(self.compiler, self.selected).for_label(self.label, "n")]
        self._area_path = area_path(model, self.label, self.label.anchors[0] if self.label.anchors else (), "n", "v")
        keys = key_terms(model, self.label, "n", self._area_path.owner_variable)
        code_terms = [OrderTerm("v.code", str)] if self.location_kind == "home" else []
        self.terms = [*code_terms, *(term for term in keys if term not in code_terms)]
        if self.order.by:
            sortable = sortable_values(model, self.label)[self.order.by]
            self.compiler.require_selectable(sortable.leaf)
            self.terms = [*value_terms(sortable, "value", descending=self.order.descending), *keys]

    @property
    def location_kind(self) -> LocationKind:
        return location_kind(self.compiler.model, self.label)

    def page_statement(self, projection: str) -> ScopedStatement:
        """Return the statement of rows of [order's values], projection."""
        return ScopedStatement.build(lambda within_counties: self._page_text(projection, within_counties))

    def count_statement(self) -> ScopedStatement:
        """Return the statement of the number of nodes."""
        return self.nodes_statement("RETURN count(n) AS total")

    def nodes_statement(self, tail: str) -> ScopedStatement:
        """Return a statement of `tail` over every requested node `n`, and its area `v` where it lies in one."""
        return ScopedStatement.build(lambda within_counties: f"{self._node_match(within_counties)} {tail}")

    def _page_text(self, projection: str, within_counties: bool) -> str:
        bounds = self.window.bounds(self.terms, self.selected, self.compiler.add_parameter)
        limit = self.compiler.add_parameter(self.selected, lambda _: self.window.size + 1)
        order = f"ORDER BY {self.window.order_by(self.terms)}"
        return_clause = f"RETURN [{', '.join(term.expression for term in self.terms)}] AS place, {projection} AS node"
        variables = self._carried_variables()
        if self.order.by:
            value = value_expression(sortable_values(self.compiler.model, self.label)[self.order.by], self.label, "n")
            where = f" WHERE {' AND '.join(bounds)}" if bounds else ""
            match_clause = (
                f"{self._node_match(within_counties)} WITH {variables}, {value} AS value WITH {variables}, value{where}"
            )
            return f"{match_clause} WITH {variables}, value {order} LIMIT {limit} {return_clause} {order}"
        if self.location_kind != "home":
            return f"{self._node_match(within_counties, bounds)} WITH {variables} {order} LIMIT {limit} {return_clause} {order}"
        inner = self.window.order_by(self.terms[1:]) if len(self.terms) > 1 else "n"
        returned_variables = ", ".join(name for name in variables.split(", ") if name != "v")
        node_match = f"MATCH {self._area_path.pattern} WHERE {' AND '.join([*_path_conditions(self._area_path), *self.conditions, *bounds])}"
        direction = " DESC" if self.window.backward else ""
        # Of many areas only those that have nodes are entered, and no more of them than the page has rows.
        exists_condition, area_limit = (
            ("", "") if within_counties else (f" AND EXISTS {{ {node_match} }}", f" LIMIT {limit}")
        )
        return (
            f"{self._area_match()}{exists_condition} WITH v ORDER BY v.code{direction}{area_limit} CALL (v) {{ {node_match} RETURN {returned_variables} "
            f"ORDER BY {inner} LIMIT {limit} }} WITH {variables} {order} LIMIT {limit} {return_clause} {order}"
        )

    def _carried_variables(self) -> str:
        names = ["n"]
        if self._area_path.owner_variable:
            names.insert(0, self._area_path.owner_variable)
        if self.location_kind == "home" and "v" not in names:
            names.insert(0, "v")
        return ", ".join(names)

    def _area_match(self) -> str:
        """Return the match of the page's areas: none before its cursors."""
        text = _area_range_match("v", self._area_path.end_label)
        for bound, sign in (("after", ">="), ("before", "<=")):
            if getattr(self.window, bound):
                code_parameter = cursor_parameters(
                    self.terms, self.selected, bound, self.compiler.add_parameter, self.window.order_name
                )[0]
                text += f" AND v.code {sign} {code_parameter}"
        return text

    def _node_match(self, within_counties: bool, bounds: Sequence[str] = ()) -> str:
        """Return the match of every requested node `n`, and of its area `v` where it lies in one."""
        conditions = [*self.conditions, *bounds]
        name, key = self.label.name, self.label.key.name
        if self.location_kind == "self":
            return f"{_area_range_match('n', name)} AND {' AND '.join(conditions)}"
        if self.location_kind == "home":
            path_conditions = _path_conditions(self._area_path)
            return f"{_area_range_match('v', self._area_path.end_label)} MATCH {self._area_path.pattern} WHERE {' AND '.join([*path_conditions, *conditions])}"
        if self.location_kind == "ties" and within_counties:
            return f"{match_in_areas(self.compiler.model, self.label)} WHERE {' AND '.join(conditions)}"
        if self.location_kind == "ties" and not self.everywhere:
            conditions.append(f"({anchor_condition(self.compiler.model, self.label, 'n', 'areas')})")
        # Every key meets this bound, which lets an engine read its index in order.
        return f"MATCH (n:{name}) WHERE n.{key} >= '' AND {' AND '.join(conditions)}"


def match_in_areas(model: Model, label: Label) -> str:
    """Return the match of nodes `n` of a label that any of their ties places in the areas, each node once."""
    matches = []
    for path in label.anchors:
        node_path = area_path(model, label, path, "n", "v")
        matches.append(f"MATCH {node_path.pattern} WHERE {' AND '.join(_path_conditions(node_path))} RETURN n")
    return f"{_area_range_match('v', 'Area')} CALL (v) {{ {' UNION '.join(matches)} }} WITH DISTINCT n"


def _path_conditions(path: AreaPath) -> list[str]:
    return [(HOLDS_CONDITION if single else KNOWN_CONDITION).format(r) for r, single in path.dated] or ["true"]


def _area_range_match(v: str, label: str) -> str:
    return AREA_RANGE_MATCH.format(v=v, label=label, within=IN_RANGES.format(v=v, ranges="areas"))


def is_within_counties(scope: QueryScope) -> bool:
    """Tell whether all requested areas are counties or smaller."""
    return all(len(low) >= COUNTY_DIGITS for low, _ in scope.areas)
