"""Pages by keyset, forwards and backwards: what is asked for, in which order, and the condition that a row lies beyond a cursor."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from graph_service.errors import ArgumentInvalid
from graph_service.graphql.cursors import decode_cursor
from graph_service.graphql.plan_key import Arguments
from graph_service.graphql.selection import SelectedField

MAX_PAGE_SIZE = 500
DEFAULT_PAGE_SIZE = 50
AddParameter = Callable[[SelectedField, Callable[[Arguments], Any]], str]
"""Makes a parameter of a statement from a field's arguments; gives its text."""


@dataclass(frozen=True, slots=True)
class OrderTerm:
    """One expression of an order, never null, and its type."""

    expression: str
    kind: type
    descending: bool = False


@dataclass(frozen=True, slots=True)
class Window:
    """The part of a list that is asked for: `size` rows from its beginning, or `backward` from its end; whether it is bounded.

    Where neither `first` nor `last` says from which end, `before` alone means the page before.
    """

    size: int = DEFAULT_PAGE_SIZE
    backward: bool = False
    after: bool = False
    before: bool = False
    order_name: str = ""
    """Stands in the cursors of a list that has several orders: which of them it is."""

    @classmethod
    def from_arguments(cls, arguments: Mapping[str, Any]) -> Window:
        """Raises `ArgumentInvalid`."""
        first, last = arguments.get("first"), arguments.get("last")
        if first is not None and last is not None:
            raise ArgumentInvalid(
                name="last", reason_zh="first 与 last 只能用一个", reason_en="give first or last, not both"
            )
        name, asked = ("first", first) if last is None else ("last", last)
        size = DEFAULT_PAGE_SIZE if asked is None else int(asked)
        if not 0 <= size <= MAX_PAGE_SIZE:
            raise ArgumentInvalid(
                name=name,
                reason_zh=f"{size} 不在 0 到 {MAX_PAGE_SIZE} 之间",
                reason_en=f"{size} is not between 0 and {MAX_PAGE_SIZE}",
            )
        after, before = (arguments.get(bound) is not None for bound in ("after", "before"))
        backward = last is not None or (first is None and before and not after)
        return cls(size, backward, after, before)

    def page_rows(self, rows: Sequence[Any]) -> Sequence[Any]:
        """Rows of the page, in the list's order, of those found: one more than its size tells that others follow."""
        return rows[: self.size][::-1] if self.backward else rows[: self.size]

    def order_by(self, terms: Sequence[OrderTerm]) -> str:
        """What follows ORDER BY."""
        return ", ".join(f"{t.expression} DESC" if t.descending != self.backward else t.expression for t in terms)

    def bounds(self, terms: Sequence[OrderTerm], selected: SelectedField, add_parameter: AddParameter) -> list[str]:
        """Conditions that a row lies between the cursors."""
        found = []
        for bound, towards in (("after", False), ("before", True)):
            if getattr(self, bound):
                place = cursor_parameters(terms, selected, bound, add_parameter, self.order_name)
                found.append(keyset_condition(terms, place, before=towards))
        return found


def cursor_parameters(
    terms: Sequence[OrderTerm], selected: SelectedField, bound: str, add_parameter: AddParameter, order: str = ""
) -> list[str]:
    """Parameters for the parts of a cursor."""
    kinds = [term.kind for term in terms]

    def part(index: int) -> str:
        return add_parameter(selected, lambda arguments: decode_cursor(arguments[bound], kinds, order)[index])

    return [part(at) for at in range(len(terms))]


def keyset_condition(terms: Sequence[OrderTerm], parameters: Sequence[str], *, before: bool = False) -> str:
    """The condition that a row comes after a place in an order; `before` its beginning: before it."""
    (term, *rest), (place, *others) = terms, parameters
    sign = "<" if term.descending != before else ">"
    if not rest:
        return f"{term.expression} {sign} {place}"
    further = keyset_condition(rest, others, before=before)
    return f"({term.expression} {sign} {place} OR ({term.expression} = {place} AND {further}))"
