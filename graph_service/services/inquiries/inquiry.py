"""How a question is declared for those who ask it: what it takes, the columns of its answer, the statement that gives them.

The API's field and types, the headers of exported tables and the command line are derived from it.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from graph_service.catalog import NOTHING, Extra, question
from graph_service.declare import Enumeration, Kind
from graph_service.services.areas import everywhere
from graph_service.services.viewing import Viewing
from graph_service.store.graph import Store

Given = Mapping[str, Any]
BEFORE_ALL = -(2**62)
"""A whole number before those of every place."""


@dataclass(frozen=True, slots=True)
class Column:
    """A column of an answer. `source`: the statement's column, where that is called otherwise.

    `node`: the label of the node whose key the value is. `enum`: the code list that it is of. `parts`: it is a list of rows, each with
    these columns. `always`: it is never blank. `show`: what is made of the statement's value before all that.
    """

    name: str
    zh: str
    doc: str
    kind: Kind = Kind.TEXT
    node: str = ""
    enum: str = ""
    source: str = ""
    parts: tuple[Column, ...] = ()
    always: bool = False
    show: Callable[[Any], Any] | None = None

    @property
    def given_by(self) -> str:
        return self.source or self.name


@dataclass(frozen=True, slots=True)
class Filter:
    """What an inquiry takes besides area, day and data version: values of a code list, or one plain value."""

    name: str
    zh: str
    doc: str
    kind: Kind = Kind.ENUMS
    enum: str = ""


@dataclass(frozen=True, slots=True)
class Inquiry:
    """A question about an area on a day. `key`: the statement's columns that its rows are in order of, and their types.

    `row`: the name of a row's type. `parameters`: what the statement takes besides, for a day and what was asked; raises
    `ArgumentInvalid`. `codes`: code lists of its own. A sibling statement `.count` gives how many there are of how many, and
    the `figures` after these. `by_cards`: it compares years of cards; its year is the last of which there are cards.
    """

    name: str
    row: str
    zh: str
    doc: str
    file: str
    key: tuple[tuple[str, type], ...]
    columns: tuple[Column, ...]
    parameters: Callable[[Viewing, Given], Given]
    filters: tuple[Filter, ...] = ()
    codes: tuple[Enumeration, ...] = ()
    figures: tuple[Column, ...] = ()
    by_cards: bool = False

    @property
    def kinds(self) -> tuple[type, ...]:
        return tuple(kind for _, kind in self.key)

    @property
    def start(self) -> list[Any]:
        """A place before all rows."""
        return ["" if kind is str else BEFORE_ALL for kind in self.kinds]

    @property
    def width(self) -> int:
        """How many columns the statement gives; further ones follow."""
        return len(question(self.file).columns)

    def place(self, name: str) -> int:
        """Where a column of the statement stands in its rows."""
        return question(self.file).columns.index(name)


@dataclass(frozen=True, slots=True)
class Found:
    """A page of rows, each as the statement gives it, further columns last."""

    rows: Sequence[Sequence[Any]]
    has_next: bool


@dataclass(frozen=True, slots=True)
class Totals:
    """How many rows there are (`total`), of how many that could be (`eligible`); `figures` over these, in the inquiry's order."""

    total: int
    eligible: int
    figures: Sequence[int] = ()


def chosen(given: Given, name: str, codes: Enumeration) -> list[str]:
    """The members of a code list that a filter asks for; all where it names none."""
    said = given.get(name)
    return [member.name for member in codes.members] if said is None else list(said)


def parameters(viewing: Viewing, inquiry: Inquiry, given: Given, statement: str) -> dict[str, Any]:
    """What a statement of an inquiry takes, but for the place and size of a page."""
    seen = {**viewing.parameters(), "year": viewing.year, "everywhere": everywhere(viewing.areas)}
    asked = {**seen, **inquiry.parameters(viewing, given)}
    taken = question(statement).params
    return {name: value for name, value in asked.items() if name in taken}


def looked_at(store: Store, viewing: Viewing, inquiry: Inquiry) -> Viewing:
    """What an inquiry is asked for, as it looks at it: with the areas that were merged into those asked for, but where it sums by level.
    What is registered under an old code stands there, so that sums hold."""
    if "digits" not in question(inquiry.file).params:
        viewing = viewing.with_merged(store)
    return viewing.of_cards(store) if inquiry.by_cards else viewing


def page(
    store: Store,
    viewing: Viewing,
    inquiry: Inquiry,
    given: Given,
    *,
    first: int,
    after: Sequence[Any] | None = None,
    extra: Extra = NOTHING,
) -> Found:
    """One page, in order of the key. One statement."""
    viewing = looked_at(store, viewing, inquiry)
    # Further columns are of nodes as they are on the day, whatever the statement itself takes.
    asked = {**parameters(viewing, inquiry, given, inquiry.file), "asOf": viewing.as_of, "seq": viewing.sequence}
    place = list(after) if after is not None else inquiry.start
    rows = store.ask(inquiry.file, extra, **asked, after=place, limit=first + 1)
    return Found(rows[:first], len(rows) > first)


def totals(store: Store, viewing: Viewing, inquiry: Inquiry, given: Given) -> Totals:
    """How many of how many. One statement."""
    viewing, count = looked_at(store, viewing, inquiry), f"{inquiry.file}.count"
    [[total, eligible, *figures]] = store.ask(count, **parameters(viewing, inquiry, given, count))
    return Totals(total, eligible, figures)
