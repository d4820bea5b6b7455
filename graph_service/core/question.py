"""Declaration of a question: its arguments, the columns of its answer, and the statement that gives them.

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
"""An integer before those of all rows."""


@dataclass(frozen=True, slots=True)
class ResultColumn:
    """A column of an answer. `source`: the name of the statement's column, where it differs.

    `node`: the label of the node whose key the value is. `enum`: the code list of the value. `parts`: the columns of the rows, where the
    value is a list of rows. `required`: never blank. `convert`: converts the statement's value before anything else.
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
    """An argument of a question besides area, day and data version: values of a code list, or one plain value."""

    name: str
    zh: str
    doc: str
    kind: PropertyKind = PropertyKind.ENUMS
    enum: str = ""


@dataclass(frozen=True, slots=True)
class Question:
    """A question about an area on a day. `key`: the statement's columns by which its rows are ordered, with their types.

    `row_type`: the name of a row's type. `parameters`: builds the further parameters of the statement from the scope and the arguments;
    raises `ArgumentInvalid`. `codes`: code lists declared with the question. A sibling statement `.count` gives the number of rows, the
    number of eligible ones, and the `figures` after these. `by_card_year`: the question compares years of cards; its year is the last that
    has cards.
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
        """Return a position before all rows."""
        return ["" if kind is str else MIN_INTEGER for kind in self.key_types]

    @property
    def column_count(self) -> int:
        """Return the number of columns of the statement; further columns follow."""
        return len(get_statement(self.statement_name).columns)

    def column_index(self, name: str) -> int:
        """Return the position of a column in the statement's rows."""
        return get_statement(self.statement_name).columns.index(name)


@dataclass(frozen=True, slots=True)
class ResultPage:
    """A page of rows, each as the statement gives it, further columns last."""

    rows: Sequence[Sequence[Any]]
    has_next: bool


@dataclass(frozen=True, slots=True)
class ResultTotals:
    """The number of rows (`total`) and of those that could be (`eligible`); `figures` over these, in the question's order."""

    total: int
    eligible: int
    figures: Sequence[int] = ()


def selected_members(arguments: QuestionArguments, name: str, codes: Enumeration) -> list[str]:
    """Return the members of a code list that a filter names; all where it names none."""
    names = arguments.get(name)
    return [member.name for member in codes.members] if names is None else list(names)


def statement_parameters(
    scope: QueryScope, question: Question, arguments: QuestionArguments, statement_name: str
) -> dict[str, Any]:
    """Return the parameters of a question's statement, except the position and size of a page."""
    scope_parameters = {**scope.parameters(), "year": scope.year, "everywhere": covers_province(scope.areas)}
    parameters = {**scope_parameters, **question.parameters(scope, arguments)}
    accepted_names = get_statement(statement_name).parameters
    return {name: value for name, value in parameters.items() if name in accepted_names}


def effective_scope(store: Store, scope: QueryScope, question: Question) -> QueryScope:
    """Return the scope in which a question is answered: with the areas that were merged into the requested ones, except where it sums by
    level. Households registered under an old code are counted there, so that sums hold."""
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
    """Fetch one page, in order of the key. One statement."""
    scope = effective_scope(store, scope, question)
    # Further columns show nodes as they are on the day, whatever the statement itself takes.
    parameters = {
        **statement_parameters(scope, question, arguments, question.statement_name),
        "asOf": scope.as_of,
        "seq": scope.version,
    }
    position = list(after) if after is not None else question.start_key
    rows = store.query(question.statement_name, extra, **parameters, after=position, limit=first + 1)
    return ResultPage(rows[:first], len(rows) > first)


def fetch_totals(store: Store, scope: QueryScope, question: Question, arguments: QuestionArguments) -> ResultTotals:
    """Fetch the number of rows and of eligible ones. One statement."""
    scope, count = effective_scope(store, scope, question), f"{question.statement_name}.count"
    [[total, eligible, *figures]] = store.query(count, **statement_parameters(scope, question, arguments, count))
    return ResultTotals(total, eligible, figures)
