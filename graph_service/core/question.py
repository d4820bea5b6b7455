"""Declaration of a question: its arguments, the columns of its answer, and the statement or computation that gives them.

The API's field and types, the headers of exported tables and the command line are derived from it.
"""

from __future__ import annotations

from bisect import bisect_right
from collections import namedtuple
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from functools import cache
from operator import attrgetter
from typing import Any, Protocol

from graph_service.access.rights import Right
from graph_service.core.areas import covers_province
from graph_service.core.query_scope import QueryScope
from graph_service.domain.metamodel import DataClassification, Enumeration, PropertyKind
from graph_service.platform.catalog import NO_EXTRA_COLUMNS, ExtraColumns, get_statement
from graph_service.platform.store.graph import Store

QuestionArguments = Mapping[str, Any]
Node = tuple[str, str]
"""Label and key of a node."""
TELLS_SENSITIVE = "tells_sensitive"
"""Argument of questions with sensitive rows: whether these are given."""
SENSITIVE_TOPICS = "health, capacity for work, age, schooling or aid of people"
"""Content of sensitive findings, as descriptions say it."""
WITHHELD_FIELD = "withheldChecks"
"""Figure of questions with sensitive rows: the checks whose findings are left out."""
WITHHELD_PROPERTIES_FIELD = "withheldProperties"
"""Figure of questions with sensitive rows: the properties whose values are left out."""
WITHHELD_FIELDS = (WITHHELD_FIELD, WITHHELD_PROPERTIES_FIELD)
MIN_INTEGER = -(2**62)
"""An integer before those of all rows."""
PARTS_SIZE = 10
"""Estimated number of rows of a list inside of a row."""


@dataclass(frozen=True, slots=True)
class ResultColumn:
    """A column of an answer. `source`: the attribute of the row, where it differs from the name.

    `node`: the label, or the union of labels, of the node whose key the value is. `node_columns`: for a union, each label with the
    statement's column of its key; the first that is not blank counts. `enum`: the code list of the value. `parts`: the columns of the rows,
    where the value is a list of rows, about `size` of them. `fields`: the columns of an object, which is the value of `source` or, where
    there is none, the row itself. `type_name`, `type_doc`: the type of parts or fields, where it is not named after the row and the column,
    and its description. `many`: the value is a list of values. `required`: never blank. `convert`: converts the value before anything else.
    `subject_label`: the label of the node whose key is shown as text, and which the audit log names.
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
    node_columns: tuple[Node, ...] = ()
    fields: tuple[ResultColumn, ...] = ()
    type_name: str = ""
    type_doc: tuple[str, str] | None = None
    many: bool = False
    size: int = PARTS_SIZE
    subject_label: str = ""

    @property
    def statement_column(self) -> str:
        return self.source or self.name

    def reader(self) -> Callable[[Any], Any]:
        """Return the function that reads the value from a row."""
        if self.fields and not self.source:
            return lambda row: row
        read_value, convert = attrgetter(self.statement_column), self.convert
        read = read_value if convert is None else lambda row: convert(read_value(row))
        return _part_reader(read, self.parts) if self.parts else read


@cache
def _record_of(names: tuple[str, ...]) -> Callable[..., Any]:
    """Return the named tuple of some columns."""
    return namedtuple("Record", names)


def statement_record(statement_name: str) -> Callable[..., Any]:
    """Return the named tuple of a statement's columns."""
    return _record_of(get_statement(statement_name).columns)


def _part_reader(read: Callable[[Any], Any], parts: tuple[ResultColumn, ...]) -> Callable[[Any], Any]:
    """Return the function that reads the rows of a list: a statement gives each as a list of its values."""
    names = tuple(part.statement_column for part in parts)
    return lambda row: [_record_of(names)(*part) if isinstance(part, list) else part for part in read(row)]


@dataclass(frozen=True, slots=True)
class Filter:
    """An argument of a question besides area, day and data version: values of a code list, or one plain value."""

    name: str
    zh: str
    doc: str
    kind: PropertyKind = PropertyKind.ENUMS
    enum: str = ""
    required: bool = False


@dataclass(frozen=True, slots=True)
class ResultPage:
    """A page of rows. `node_values`: for each row the values of the further columns of its statement."""

    rows: Sequence[Any]
    has_next: bool
    node_values: Sequence[Sequence[Any]] = ()


@dataclass(frozen=True, slots=True)
class ResultTotals:
    """The number of rows (`total`) and of those that could be (`eligible`); `figures`: the record with the question's figures."""

    total: int
    eligible: int
    figures: Any = None


class QuestionResults(Protocol):
    """Results of a question for an area, a day and a data version."""

    def page(self, first: int, after: Sequence[Any] | None) -> ResultPage:
        """Return at most `first` rows after a key."""

    def totals(self) -> ResultTotals:
        """Return the totals of all rows."""


@dataclass(frozen=True, slots=True)
class RecordList:
    """All rows of an answer, in order of `key`, with the totals."""

    records: Sequence[Any]
    key: Callable[[Any], tuple[Any, ...]]
    result_totals: ResultTotals

    def page(self, first: int, after: Sequence[Any] | None) -> ResultPage:
        start = 0 if after is None else bisect_right(self.records, tuple(after), key=self.key)
        return ResultPage(self.records[start : start + first], start + first < len(self.records))

    def totals(self) -> ResultTotals:
        return self.result_totals


@dataclass(frozen=True, slots=True)
class Question:
    """A question about an area on a day, or about the subject that a filter names (`takes_area` false).

    `key`: the attributes of a row by which rows are ordered, with their types. `row_type`: the name of a row's type. `parameters`: builds the
    further parameters of the statement from the scope and the arguments; raises `ArgumentInvalid`. A sibling statement `.count` gives the
    number of rows, the number of eligible ones, and the `figures` after these; `count` does, where there is no such statement. `record`:
    builds a row from the scope and the values of the statement's columns; a named tuple of these by default. `compute`: gives the results
    of a question without a statement, whose nodes are looked up by their keys. `mask`: returns a row without what depends on nodes that
    the caller may not see. `codes`: code lists declared with the question. `eligible`: names the number of eligible rows. `row_doc`:
    describes one row. `classification`: the class of data that its rows tell, whatever their columns. `has_sensitive_rows`: further rows,
    which tell sensitive data, are given for a stated purpose, with which the argument `TELLS_SENSITIVE` is true. `right`: in whose areas it
    is answered. `within_current_boundaries`: areas merged into others are left out. `by_card_year`: the question compares years of cards; its
    year is the last that has cards.
    """

    name: str
    row_type: str
    zh: str
    doc: str
    statement_name: str
    key: tuple[tuple[str, type], ...]
    columns: tuple[ResultColumn, ...]
    parameters: Callable[[QueryScope, QuestionArguments], QuestionArguments] = lambda _, __: {}
    filters: tuple[Filter, ...] = ()
    codes: tuple[Enumeration, ...] = ()
    figures: tuple[ResultColumn, ...] = ()
    by_card_year: bool = False
    within_current_boundaries: bool = False
    takes_area: bool = True
    record: Callable[[QueryScope, Sequence[Any]], Any] | None = None
    count: Callable[[Store, QueryScope, QuestionArguments], ResultTotals] | None = None
    compute: Callable[[Store, QueryScope, QuestionArguments], QuestionResults] | None = None
    mask: Callable[[Any, Callable[[Node], bool]], Any] | None = None
    eligible: tuple[str, str] | None = (
        "应有数",
        "Number of cases examined, including those that are not listed. Computed only if selected.",
    )
    has_total_count: bool = True
    row_doc: str = ""
    classification: DataClassification = DataClassification.INTERNAL
    has_sensitive_rows: bool = False
    right: Right = Right.READ_RECORDS

    @property
    def key_types(self) -> tuple[type, ...]:
        return tuple(kind for _, kind in self.key)

    @property
    def start_key(self) -> list[Any]:
        """Return a position before all rows."""
        return ["" if kind is str else MIN_INTEGER for kind in self.key_types]

    def row_key(self, row: Any) -> tuple[Any, ...]:
        """Return the position of a row."""
        return tuple(getattr(row, name) for name, _ in self.key)

    def column_index(self, name: str) -> int:
        """Return the position of a column in the statement's rows."""
        return get_statement(self.statement_name).columns.index(name)


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
    if not question.takes_area:
        return scope
    if question.within_current_boundaries:
        scope = scope.with_current_boundaries(store)
    elif question.compute or "digits" not in get_statement(question.statement_name).parameters:
        scope = scope.with_merged_areas(store)
    return scope.with_card_year(store) if question.by_card_year else scope


@dataclass(frozen=True, slots=True)
class StatementResults:
    """Results of a question that are given by its statements: one for a page, one for the totals."""

    store: Store
    scope: QueryScope
    question: Question
    arguments: QuestionArguments
    extra: ExtraColumns = NO_EXTRA_COLUMNS

    def page(self, first: int, after: Sequence[Any] | None) -> ResultPage:
        scope, name = self.scope, self.question.statement_name
        # Further columns show nodes as they are on the day, whatever the statement itself takes.
        parameters = {
            **statement_parameters(scope, self.question, self.arguments, name),
            "asOf": scope.as_of,
            "seq": scope.version,
        }
        position = list(after) if after is not None else self.question.start_key
        rows = self.store.query(name, self.extra, **parameters, after=position, limit=first + 1)
        width = len(get_statement(name).columns)
        build_row = self.question.record or (lambda _, values: statement_record(name)(*values))
        return ResultPage(
            [build_row(scope, row[:width]) for row in rows[:first]],
            len(rows) > first,
            [row[width:] for row in rows[:first]],
        )

    def totals(self) -> ResultTotals:
        if self.question.count:
            return self.question.count(self.store, self.scope, self.arguments)
        name = f"{self.question.statement_name}.count"
        [row] = self.store.query(name, **statement_parameters(self.scope, self.question, self.arguments, name))
        total, eligible, *figures = row
        names = tuple(figure.statement_column for figure in self.question.figures)
        return ResultTotals(total, eligible, _record_of(names)(*figures))


def find_results(
    store: Store,
    scope: QueryScope,
    question: Question,
    arguments: QuestionArguments,
    extra: ExtraColumns = NO_EXTRA_COLUMNS,
) -> QuestionResults:
    """Return the results of a question. `extra`: further columns of its statement."""
    scope = effective_scope(store, scope, question)
    if question.compute:
        return question.compute(store, scope, arguments)
    return StatementResults(store, scope, question, arguments, extra)


def fetch_page(
    store: Store,
    scope: QueryScope,
    question: Question,
    arguments: QuestionArguments,
    *,
    first: int,
    after: Sequence[Any] | None = None,
) -> ResultPage:
    """Fetch one page, in order of the key."""
    return find_results(store, scope, question, arguments).page(first, after)


def fetch_totals(store: Store, scope: QueryScope, question: Question, arguments: QuestionArguments) -> ResultTotals:
    """Fetch the number of rows and of eligible ones, with the figures."""
    return find_results(store, scope, question, arguments).totals()
