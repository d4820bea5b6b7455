"""How a question is declared for those who ask it: what it takes, the columns of its answer, the statement that gives them.

The API's field and types, the headers of exported tables and the command line are derived from it.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from graph_service.core.areas import covers_province
from graph_service.core.query_scope import QueryScope
from graph_service.domain.metamodel import Enumeration, PropertyKind
from graph_service.platform.catalog import NO_EXTRA_COLUMNS, ExtraColumns, get_statement
from graph_service.platform.store.graph import Store

QuestionArguments = Mapping[str, Any]
MIN_INTEGER = -(2**62)
"""A whole number before those of every place."""


@dataclass(frozen=True, slots=True)
class ResultColumn:
    """A column of an answer. `source`: the statement's column, where that is called otherwise.

    `node`: the label of the node whose key the value is. `enum`: the code list that it is of. `parts`: it is a list of rows, each with
    these columns. `required`: it is never blank. `convert`: what is made of the statement's value before all that.
    """

    name: str
    zh: str
    doc: str
    kind: PropertyKind = PropertyKind.TEXT
    node: str = ""
    enum: str = ""
    source: str = ""
    parts: tuple[ResultColumn, ...] = ()
    required: bool = False
    convert: Callable[[Any], Any] | None = None

    @property
    def statement_column(self) -> str:
        return self.source or self.name


@dataclass(frozen=True, slots=True)
class Filter:
    """What an inquiry takes besides area, day and data version: values of a code list, or one plain value."""

    name: str
    zh: str
    doc: str
    kind: PropertyKind = PropertyKind.ENUMS
    enum: str = ""


@dataclass(frozen=True, slots=True)
class Question:
    """A question about an area on a day. `key`: the statement's columns that its rows are in order of, and their types.

    `row_type`: the name of a row's type. `parameters`: what the statement takes besides, for a day and what was asked; raises
    `ArgumentInvalid`. `codes`: code lists of its own. A sibling statement `.count` gives how many there are of how many, and
    the `figures` after these. `by_card_year`: it compares years of cards; its year is the last of which there are cards.
    """

    name: str
    row_type: str
    zh: str
    doc: str
    statement_name: str
    key: tuple[tuple[str, type], ...]
    columns: tuple[ResultColumn, ...]
    parameters: Callable[[QueryScope, QuestionArguments], QuestionArguments]
    filters: tuple[Filter, ...] = ()
    codes: tuple[Enumeration, ...] = ()
    figures: tuple[ResultColumn, ...] = ()
    by_card_year: bool = False

    @property
    def key_types(self) -> tuple[type, ...]:
        return tuple(kind for _, kind in self.key)

    @property
    def start_key(self) -> list[Any]:
        """A place before all rows."""
        return ["" if kind is str else MIN_INTEGER for kind in self.key_types]

    @property
    def column_count(self) -> int:
        """How many columns the statement gives; further ones follow."""
        return len(get_statement(self.statement_name).columns)

    def column_index(self, name: str) -> int:
        """Where a column of the statement stands in its rows."""
        return get_statement(self.statement_name).columns.index(name)


@dataclass(frozen=True, slots=True)
class ResultPage:
    """A page of rows, each as the statement gives it, further columns last."""

    rows: Sequence[Sequence[Any]]
    has_next: bool


@dataclass(frozen=True, slots=True)
class ResultTotals:
    """How many rows there are (`total`), of how many that could be (`eligible`); `figures` over these, in the inquiry's order."""

    total: int
    eligible: int
    figures: Sequence[int] = ()


def selected_members(arguments: QuestionArguments, name: str, codes: Enumeration) -> list[str]:
    """The members of a code list that a filter asks for; all where it names none."""
    said = arguments.get(name)
    return [member.name for member in codes.members] if said is None else list(said)


def statement_parameters(
    scope: QueryScope, question: Question, arguments: QuestionArguments, statement_name: str
) -> dict[str, Any]:
    """What a statement of an inquiry takes, but for the place and size of a page."""
    seen = {**scope.parameters(), "year": scope.year, "everywhere": covers_province(scope.areas)}
    asked = {**seen, **question.parameters(scope, arguments)}
    taken = get_statement(statement_name).parameters
    return {name: value for name, value in asked.items() if name in taken}


def effective_scope(store: Store, scope: QueryScope, question: Question) -> QueryScope:
    """What an inquiry is asked for, as it looks at it: with the areas that were merged into those asked for, but where it sums by level.
    What is registered under an old code stands there, so that sums hold."""
    if "digits" not in get_statement(question.statement_name).parameters:
        scope = scope.with_merged_areas(store)
    return scope.with_card_year(store) if question.by_card_year else scope


def fetch_page(
    store: Store,
    scope: QueryScope,
    question: Question,
    arguments: QuestionArguments,
    *,
    first: int,
    after: Sequence[Any] | None = None,
    extra: ExtraColumns = NO_EXTRA_COLUMNS,
) -> ResultPage:
    """One page, in order of the key. One statement."""
    scope = effective_scope(store, scope, question)
    # Further columns are of nodes as they are on the day, whatever the statement itself takes.
    asked = {
        **statement_parameters(scope, question, arguments, question.statement_name),
        "asOf": scope.as_of,
        "seq": scope.version,
    }
    place = list(after) if after is not None else question.start_key
    rows = store.query(question.statement_name, extra, **asked, after=place, limit=first + 1)
    return ResultPage(rows[:first], len(rows) > first)


def fetch_totals(store: Store, scope: QueryScope, question: Question, arguments: QuestionArguments) -> ResultTotals:
    """How many of how many. One statement."""
    scope, count = effective_scope(store, scope, question), f"{question.statement_name}.count"
    [[total, eligible, *figures]] = store.query(count, **statement_parameters(scope, question, arguments, count))
    return ResultTotals(total, eligible, figures)
