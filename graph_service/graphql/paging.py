"""Keyset paging, forwards and backwards: the requested window, its order, and the condition that a row lies beyond a cursor."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from itertools import islice
from typing import Any, TypeVar

from graph_service.errors import ArgumentInvalid
from graph_service.graphql.cursors import decode_cursor
from graph_service.graphql.plan_key import Arguments, Execution
from graph_service.graphql.selection import SelectedField

MAX_PAGE_SIZE = 500
DEFAULT_PAGE_SIZE = 50
DEFAULT_LIST_SIZE = 100
"""Size of a page of a list that is no connection."""
T = TypeVar("T")
AddParameter = Callable[[SelectedField, Callable[[Arguments], Any]], str]
"""Function that makes a parameter of a statement from a field's arguments; it returns the parameter's text."""


@dataclass(frozen=True, slots=True)
class OrderTerm:
    """An expression of an order, never null, and its type."""

    expression: str
    kind: type
    descending: bool = False


def require_page_size(name: str, size: int) -> None:
    """Raise `ArgumentInvalid` for a page that is larger than allowed, or of a negative size."""
    if not 0 <= size <= MAX_PAGE_SIZE:
        raise ArgumentInvalid(
            name=name,
            reason_zh=f"应在 0 至 {MAX_PAGE_SIZE} 之间",
            reason_en=f"it must be between 0 and {MAX_PAGE_SIZE}",
        )


def visible_rows(execution: Execution, rows: Iterable[T], is_visible: Callable[[T], bool]) -> list[T]:
    """Return the first rows that are visible, as many as the argument `first` asks for. Raises `ArgumentInvalid`."""
    size = execution.argument("first")
    limit = DEFAULT_LIST_SIZE if size is None else size
    require_page_size("first", limit)
    return list(islice(filter(is_visible, rows), limit))


@dataclass(frozen=True, slots=True)
class Window:
    """The requested part of a list: `size` rows from its beginning, or from its end where `backward`; `after`, `before`: has such a cursor.

    Where neither `first` nor `last` is given, `before` alone requests the page before it.
    """

    size: int = DEFAULT_PAGE_SIZE
    backward: bool = False
    after: bool = False
    before: bool = False
    order_name: str = ""
    """Name of the order in the cursors of a list that has several orders."""

    @classmethod
    def from_arguments(cls, arguments: Mapping[str, Any]) -> Window:
        """Return the window that arguments request. Raises `ArgumentInvalid`."""
        first, last = arguments.get("first"), arguments.get("last")
        if first is not None and last is not None:
            raise ArgumentInvalid(
                name="last", reason_zh="first 与 last 不能同时使用", reason_en="`first` and `last` cannot be combined"
            )
        name, requested_size = ("first", first) if last is None else ("last", last)
        size = DEFAULT_PAGE_SIZE if requested_size is None else int(requested_size)
        require_page_size(name, size)
        after, before = (arguments.get(bound) is not None for bound in ("after", "before"))
        backward = last is not None or (first is None and before and not after)
        return cls(size, backward, after, before)

    def page_rows(self, rows: Sequence[Any]) -> Sequence[Any]:
        """Return the rows of the page in the list's order; `rows` may hold one more than the size, which shows that others follow."""
        return rows[: self.size][::-1] if self.backward else rows[: self.size]

    def order_by(self, terms: Sequence[OrderTerm]) -> str:
        """Return the text after ORDER BY."""
        return ", ".join(f"{t.expression} DESC" if t.descending != self.backward else t.expression for t in terms)

    def bounds(self, terms: Sequence[OrderTerm], selected: SelectedField, add_parameter: AddParameter) -> list[str]:
        """Return the conditions that a row lies between the cursors."""
        conditions = []
        for bound, is_before in (("after", False), ("before", True)):
            if getattr(self, bound):
                parameters = cursor_parameters(terms, selected, bound, add_parameter, self.order_name)
                conditions.append(keyset_condition(terms, parameters, before=is_before))
        return conditions


def cursor_parameters(
    terms: Sequence[OrderTerm], selected: SelectedField, bound: str, add_parameter: AddParameter, order: str = ""
) -> list[str]:
    """Return parameters for the parts of a cursor."""
    kinds = [term.kind for term in terms]

    def add_part(index: int) -> str:
        return add_parameter(selected, lambda arguments: decode_cursor(arguments[bound], kinds, order)[index])

    return [add_part(index) for index in range(len(terms))]


def keyset_condition(terms: Sequence[OrderTerm], parameters: Sequence[str], *, before: bool = False) -> str:
    """Return the condition that a row comes after a position in an order; with `before`, that it comes before it."""
    (term, *rest_terms), (parameter, *rest_parameters) = terms, parameters
    sign = "<" if term.descending != before else ">"
    if not rest_terms:
        return f"{term.expression} {sign} {parameter}"
    rest_condition = keyset_condition(rest_terms, rest_parameters, before=before)
    return f"({term.expression} {sign} {parameter} OR ({term.expression} = {parameter} AND {rest_condition}))"
