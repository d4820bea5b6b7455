"""Root fields of declared questions: each a connection of its rows, with the totals and how many there should be."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from functools import partial
from typing import Any

from graph_service.core.query_scope import QueryScope
from graph_service.core.question import (
    Filter,
    Question,
    QuestionArguments,
    ResultColumn,
    ResultPage,
    fetch_page,
    fetch_totals,
)
from graph_service.domain.metamodel import PropertyKind
from graph_service.graphql.cursors import decode_cursor
from graph_service.graphql.pages import ConnectionSelection, Encoder, Page
from graph_service.graphql.plan_key import Execution
from graph_service.graphql.root_fields import (
    ANSWER_FIELDS,
    AREA,
    FORWARD_PAGING,
    TIME_ARGUMENTS,
    Resolver,
    RootField,
    RootFieldContext,
    answer_values,
)
from graph_service.graphql.selection import SelectedField
from graph_service.graphql.statements.compiler import Compiler
from graph_service.graphql.types.derived import add_code_list, add_connection, bilingual
from graph_service.graphql.types.scalars import FORMATTERS, TYPE_BY_KIND
from graph_service.graphql.types.type_registry import Argument, Field, TypeRegistry
from graph_service.platform.catalog import ExtraColumns

ELIGIBLE_COUNT = Field(
    "eligibleCount",
    "Int!",
    "应有数：Number of cases examined, including those that are not listed. Computed only if selected.",
)
PARTS_SIZE = 10
"""Estimated number of rows of a list inside of a row."""


def add_question_types(types: TypeRegistry, question: Question, *extra_fields: Field) -> None:
    """Add the types of a question; `extra_fields`: further fields of its connection."""
    for codes in question.codes:
        add_code_list(types, codes)
    _add_row_type(types, question.row_type, bilingual(question.zh, question.doc), question.columns)
    add_connection(
        types,
        f"{question.row_type}Connection",
        f"{question.row_type}Edge",
        f"{question.row_type}!",
        bilingual(question.zh, question.doc),
        extra_fields=(
            ELIGIBLE_COUNT,
            *extra_fields,
            *(_column_field(question.row_type, figure) for figure in question.figures),
            *ANSWER_FIELDS,
        ),
    )


def root_field(question: Question) -> Field:
    """Return the root field of a question."""
    return Field(
        question.name,
        f"{question.row_type}Connection",
        bilingual(question.zh, question.doc),
        (AREA, *map(_filter_argument, question.filters), *TIME_ARGUMENTS, *FORWARD_PAGING),
    )


def _add_row_type(types: TypeRegistry, name: str, doc: str, columns: tuple[ResultColumn, ...]) -> None:
    for column in columns:
        if column.parts:
            _add_row_type(types, part_type_name(name, column), bilingual(column.zh, column.doc), column.parts)
    types.add_object(name, doc, [_column_field(name, column) for column in columns])


def part_type_name(row: str, column: ResultColumn) -> str:
    """Return the type name of a list inside of a row: MeasureGap, present → MeasureGapPresent."""
    return f"{row}{column.name[0].upper()}{column.name[1:]}"


def _column_field(row: str, column: ResultColumn) -> Field:
    suffix = "!" if column.required else ""
    size = 0
    type_: object
    if column.parts:
        type_, size = f"[{part_type_name(row, column)}!]{suffix}", PARTS_SIZE
    elif column.node or column.enum:
        name = column.node or column.enum
        type_ = f"[{name}!]{suffix}" if column.kind is PropertyKind.ENUMS else f"{name}{suffix}"
    else:
        scalar: Any = TYPE_BY_KIND[column.kind]
        type_ = scalar if column.required else scalar | None
    return Field(column.name, type_, bilingual(column.zh, column.doc), size=size)


def _filter_argument(filter_: Filter) -> Argument:
    type_: object
    if filter_.enum:
        type_ = f"[{filter_.enum}!]" if filter_.kind is PropertyKind.ENUMS else filter_.enum
    else:
        scalar: Any = TYPE_BY_KIND[filter_.kind]
        type_ = scalar | None
    return Argument(filter_.name, type_, bilingual(filter_.zh, filter_.doc))


@dataclass(frozen=True, slots=True)
class ResultSource:
    """Results of one run of a question: a page after a position, with extra columns; the totals of its connection."""

    page: Callable[[int, Sequence[Any] | None, ExtraColumns], ResultPage]
    totals: Callable[[], dict[str, Any]]


def plan_question(
    question: Question,
    find_results: Callable[[Execution, QueryScope, QuestionArguments], ResultSource],
    figures: Sequence[str],
    context: RootFieldContext,
) -> Resolver:
    """Return the resolver of a question answered by `find_results`; `figures`: fields of its connection that are computed only where they
    are selected."""
    window, compiler = context.window(), context.compiler()
    shape = ConnectionSelection.from_field(context.operation, f"{question.row_type}Connection", context.selected)
    columns = {column.name: column for column in question.columns}

    def on_row(selected: SelectedField) -> Encoder:
        return context.object_encoder(
            question.row_type,
            selected,
            lambda field: _column_encoder(context, compiler, question, columns[field.name], field),
        )

    encode = shape.encoder(on_row)
    key_indexes = [question.column_index(name) for name, _ in question.key]

    def answer(execution: Execution) -> dict[str, Any]:
        scope, after = execution.query_scope(), execution.argument("after")
        source = find_results(
            execution, scope, {filter_.name: execution.argument(filter_.name) for filter_ in question.filters}
        )
        results = ResultPage((), has_next=False)
        if shape.needs_rows:
            start = decode_cursor(after, question.key_types, question.name) if after is not None else None
            results = source.page(window.size, start, compiler.extra_columns(execution, scope))
        extra = answer_values(scope) | (source.totals() if shape.selects(*figures) else {})
        cursors = [(question.name, *(row[index] for index in key_indexes)) for row in results.rows]
        return encode(Page(results.rows, cursors, results.has_next, window, extra))

    return answer


def _result_source(
    question: Question, execution: Execution, scope: QueryScope, arguments: QuestionArguments
) -> ResultSource:
    def load_totals() -> dict[str, Any]:
        totals = fetch_totals(execution.store, scope, question, arguments)
        figures = {column.name: value for column, value in zip(question.figures, totals.figures, strict=True)}
        return {"totalCount": totals.total, "eligibleCount": totals.eligible, **figures}

    return ResultSource(
        lambda first, after, extra: fetch_page(
            execution.store, scope, question, arguments, first=first, after=after, extra=extra
        ),
        load_totals,
    )


def _column_encoder(
    context: RootFieldContext, compiler: Compiler, question: Question, column: ResultColumn, selected: SelectedField
) -> Encoder:
    index = question.column_index(column.statement_column)
    if column.node:
        encode = compiler.add_column(column.node, column.statement_column, selected)
        width = question.column_count
        return lambda row: encode(row[width:])
    if column.parts:
        parts_by_name = {part.name: (part_index, part) for part_index, part in enumerate(column.parts)}
        inner = context.object_encoder(
            part_type_name(question.row_type, column),
            selected,
            lambda field: _value_encoder(*parts_by_name[field.name]),
        )
        convert = column.convert or (lambda rows: rows)
        return lambda row: [inner(part) for part in convert(row[index])]
    return _value_encoder(index, column)


def _value_encoder(index: int, column: ResultColumn) -> Encoder:
    format_value: Callable[[Any], Any] | None = FORMATTERS.get(column.kind)
    return (lambda row: row[index]) if format_value is None else (lambda row: format_value(row[index]))


COUNT_FIELDS = ("totalCount", "eligibleCount")


def derive_root_field(question: Question) -> RootField:
    """Return the root field of a declared question: its rows by page, its totals where they are selected."""
    figures = (*COUNT_FIELDS, *(figure.name for figure in question.figures))
    return RootField(root_field(question), partial(plan_question, question, partial(_result_source, question), figures))
