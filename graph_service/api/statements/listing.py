"""Statements of a label's list: they begin where the areas asked for begin, and go no further than the page needs.

Nodes that lie in one place are in order of (code, key): a page walks area by area and costs the same wherever it is.
Others are in order of their key: of a county they are gathered from its areas, of more the label's index is walked.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field, replace

from graph_service.api.paging import Term, Window, places
from graph_service.api.selection import Selected
from graph_service.api.statements.anchors import RANGES, within
from graph_service.api.statements.compiler import Compiler, known_node
from graph_service.api.statements.conditions import Conditions
from graph_service.api.statements.orders import key_terms, sortable, value_of, value_terms
from graph_service.catalog import HOLDS, KNOWN
from graph_service.declare import Label, Model
from graph_service.derive.places import Lying, Walk, lying, walk
from graph_service.services.viewing import Viewing

RANGE = "MATCH ({v}:{label}) WHERE {v}.code >= $low AND {v}.code < $high AND {within}"
"""Areas that are meant: the span of the ranges of codes is walked by the index in order, no further than a page needs."""
COUNTY_DIGITS = 6


@dataclass(frozen=True, slots=True)
class Order:
    """What is asked for: a value's member, none for the usual order."""

    by: str = ""
    descending: bool = False

    def of(self, label: Label) -> str:
        """Households WAGE_INCOME DESC"""
        return " ".join(filter(None, (label.plural_name, self.by, "DESC" if self.by and self.descending else "")))


@dataclass(slots=True)
class Listing:
    """The list of one label for one root field: `page` and `count` of it."""

    compiler: Compiler
    label: Label
    selected: Selected
    window: Window
    order: Order
    everywhere: bool
    """Whether all areas are meant, so that a node need not lie in any."""
    conditions: list[str] = field(init=False)
    terms: list[Term] = field(init=False)
    _walk: Walk = field(init=False)

    def __post_init__(self) -> None:
        self.window = replace(self.window, ordered=self.order.of(self.label))
        model = self.compiler.model
        known = known_node(model, self.label, "n", scoped=False)
        self.conditions = [*known, *Conditions(self.compiler, self.selected).of_label(self.label, "n")]
        self._walk = walk(model, self.label, self.label.anchors[0] if self.label.anchors else (), "n", "v")
        keys = key_terms(model, self.label, "n", self._walk.owner)
        first = [Term("v.code", str)] if self.lying == "home" else []
        self.terms = [*first, *(term for term in keys if term not in first)]
        if self.order.by:
            one = sortable(model, self.label)[self.order.by]
            self.terms = [*value_terms(one, "value", descending=self.order.descending), *keys]

    @property
    def lying(self) -> Lying:
        return lying(self.compiler.model, self.label)

    def page(self, projection: str, *, near: bool) -> str:
        """Rows of [order's values], projection."""
        bounds = self.window.bounds(self.terms, self.selected, self.compiler.parameter)
        limit = self.compiler.parameter(self.selected, lambda _: self.window.size + 1)
        order = f"ORDER BY {self.window.order(self.terms)}"
        told = f"RETURN [{', '.join(term.expression for term in self.terms)}] AS place, {projection} AS node"
        carried = self._carried()
        if self.order.by:
            value = value_of(sortable(self.compiler.model, self.label)[self.order.by], self.label, "n")
            where = f" WHERE {' AND '.join(bounds)}" if bounds else ""
            found = f"{self._all(near=near)} WITH {carried}, {value} AS value WITH {carried}, value{where}"
            return f"{found} WITH {carried}, value {order} LIMIT {limit} {told} {order}"
        if self.lying != "home":
            return f"{self._all(bounds, near=near)} WITH {carried} {order} LIMIT {limit} {told} {order}"
        inner = self.window.order(self.terms[1:]) if len(self.terms) > 1 else "n"
        returned = ", ".join(name for name in carried.split(", ") if name != "v")
        way = f"MATCH {self._walk.pattern} WHERE {' AND '.join([*_held(self._walk), *self.conditions, *bounds])}"
        down = " DESC" if self.window.backward else ""
        # Of many areas only those are entered that have something, and no more of them than the page has rows.
        having, first = ("", "") if near else (f" AND EXISTS {{ {way} }}", f" LIMIT {limit}")
        return (
            f"{self._areas()}{having} WITH v ORDER BY v.code{down}{first} CALL (v) {{ {way} RETURN {returned} "
            f"ORDER BY {inner} LIMIT {limit} }} WITH {carried} {order} LIMIT {limit} {told} {order}"
        )

    def count(self, *, near: bool) -> str:
        return f"{self._all(near=near)} RETURN count(n) AS total"

    def _carried(self) -> str:
        names = ["n"]
        if self._walk.owner:
            names.insert(0, self._walk.owner)
        if self.lying == "home" and "v" not in names:
            names.insert(0, "v")
        return ", ".join(names)

    def _areas(self) -> str:
        """Areas of the page: none before its cursors."""
        text = _ranges("v", self._walk.end)
        for bound, sign in (("after", ">="), ("before", "<=")):
            if getattr(self.window, bound):
                place = places(self.terms, self.selected, bound, self.compiler.parameter, self.window.ordered)[0]
                text += f" AND v.code {sign} {place}"
        return text

    def _all(self, bounds: Sequence[str] = (), *, near: bool) -> str:
        """Every node that is meant."""
        conditions = [*self.conditions, *bounds]
        name, key = self.label.name, self.label.key.name
        if self.lying == "self":
            return f"{_ranges('n', name)} AND {' AND '.join(conditions)}"
        if self.lying == "home":
            held = _held(self._walk)
            return (
                f"{_ranges('v', self._walk.end)} MATCH {self._walk.pattern} WHERE {' AND '.join([*held, *conditions])}"
            )
        if self.lying == "ties" and near:
            return f"{gathered(self.compiler.model, self.label)} WHERE {' AND '.join(conditions)}"
        if self.lying == "ties" and not self.everywhere:
            conditions.append(f"({within(self.compiler.model, self.label, 'n', 'areas')})")
        # The bound that every key keeps lets an engine walk its index in order.
        return f"MATCH (n:{name}) WHERE n.{key} >= '' AND {' AND '.join(conditions)}"


def gathered(model: Model, label: Label) -> str:
    """Nodes `n` of a label that any of their ties puts into the areas, each once."""
    ways = []
    for path in label.anchors:
        way = walk(model, label, path, "n", "v")
        ways.append(f"MATCH {way.pattern} WHERE {' AND '.join(_held(way))} RETURN n")
    return f"{_ranges('v', 'Area')} CALL (v) {{ {' UNION '.join(ways)} }} WITH DISTINCT n"


def _held(way: Walk) -> list[str]:
    return [(HOLDS if single else KNOWN).format(r) for r, single in way.dated] or ["true"]


def _ranges(v: str, label: str) -> str:
    return RANGE.format(v=v, label=label, within=RANGES.format(v=v, ranges="areas"))


def is_near(viewing: Viewing) -> bool:
    """Whether all that is asked for lies in counties or less."""
    return all(len(low) >= COUNTY_DIGITS for low, _ in viewing.areas)
