"""Root fields of declared questions: each a connection of its rows, with the totals and how many there should be."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from functools import partial
from typing import Any, NamedTuple, Protocol

from graph_service.access.masking import AUDITED_CLASSES
from graph_service.audit.entries import AuditSubject
from graph_service.core.query_scope import QueryScope
from graph_service.core.question import (
    TELLS_SENSITIVE,
    Filter,
    Node,
    Question,
    QuestionArguments,
    ResultColumn,
    ResultPage,
    find_results,
)
from graph_service.domain.metamodel import DataClassification, PropertyKind
from graph_service.domain.model import MODEL
from graph_service.graphql.audit_trail import current_trail
from graph_service.graphql.cursors import decode_cursor
from graph_service.graphql.nodes import NodeLookup, NodeValues
from graph_service.graphql.pages import ConnectionSelection, Encoder, Page
from graph_service.graphql.plan_key import Execution
from graph_service.graphql.root_fields import (
    ANSWER_FIELDS,
    AREA,
    FORWARD_PAGING,
    FURTHER_ROWS_ARGUMENT,
    REQUIRED_PURPOSE_ARGUMENT,
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
from graph_service.platform.catalog import NO_EXTRA_COLUMNS

COUNT_FIELDS = ("totalCount", "eligibleCount")
PEOPLE_LABELS = frozenset(("Household", "Person"))
"""Labels of the nodes whom a sensitive question is about."""
NO_SELECTION = SelectedField("", "", {}, ())


def add_question_types(types: TypeRegistry, question: Question) -> None:
    """Add the types of a question."""
    for codes in question.codes:
        add_code_list(types, codes)
    _add_row_type(types, question.row_type, bilingual(question.zh, question.row_doc or question.doc), question.columns)
    _add_part_types(types, question.row_type, question.figures)
    eligible = question.eligible and Field("eligibleCount", "Int!", bilingual(*question.eligible))
    add_connection(
        types,
        f"{question.row_type}Connection",
        f"{question.row_type}Edge",
        f"{question.row_type}!",
        bilingual(question.zh, f"Rows of `{question.name}`."),
        extra_fields=(
            *((eligible,) if eligible else ()),
            *(_column_field(question.row_type, figure) for figure in question.figures),
            *ANSWER_FIELDS,
        ),
        has_total_count=question.has_total_count,
    )


def root_field(question: Question) -> Field:
    """Return the root field of a question."""
    return Field(
        question.name,
        f"{question.row_type}Connection",
        bilingual(question.zh, question.doc),
        (
            *((AREA,) if question.takes_area else ()),
            *map(_filter_argument, question.filters),
            *TIME_ARGUMENTS,
            *FORWARD_PAGING,
            *([REQUIRED_PURPOSE_ARGUMENT] if question.classification in AUDITED_CLASSES else []),
            *([FURTHER_ROWS_ARGUMENT] if question.has_sensitive_rows else []),
        ),
    )


def _add_row_type(types: TypeRegistry, name: str, doc: str, columns: tuple[ResultColumn, ...]) -> None:
    _add_part_types(types, name, columns)
    types.add_object(name, doc, [_column_field(name, column) for column in columns])


def _add_part_types(types: TypeRegistry, name: str, columns: tuple[ResultColumn, ...]) -> None:
    for column in columns:
        if column.parts or column.fields:
            type_doc = column.type_doc or (column.zh, column.doc)
            _add_row_type(types, part_type_name(name, column), bilingual(*type_doc), column.parts or column.fields)


def part_type_name(row: str, column: ResultColumn) -> str:
    """Return the type name of a list or an object inside of a row: MeasureGap, present → MeasureGapPresent."""
    return column.type_name or f"{row}{column.name[0].upper()}{column.name[1:]}"


def _column_field(row: str, column: ResultColumn) -> Field:
    suffix = "!" if column.required else ""
    size = 0
    type_: object
    if column.parts:
        type_, size = f"[{part_type_name(row, column)}!]{suffix}", column.size
    elif column.fields:
        type_ = f"{part_type_name(row, column)}{suffix}"
    elif column.node or column.enum:
        name = column.node or column.enum
        type_ = f"[{name}!]{suffix}" if column.kind is PropertyKind.ENUMS else f"{name}{suffix}"
    else:
        scalar: Any = TYPE_BY_KIND[column.kind]
        type_ = list[scalar] if column.many else scalar if column.required else scalar | None
    return Field(column.name, type_, bilingual(column.zh, column.doc), size=size)


def _filter_argument(filter_: Filter) -> Argument:
    type_: object
    suffix = "!" if filter_.required else ""
    if filter_.enum:
        type_ = f"[{filter_.enum}!]" if filter_.kind is PropertyKind.ENUMS else f"{filter_.enum}{suffix}"
    else:
        scalar: Any = TYPE_BY_KIND[filter_.kind]
        type_ = scalar if filter_.required else scalar | None
    return Argument(filter_.name, type_, bilingual(filter_.zh, filter_.doc))


class ResultRow(NamedTuple):
    """A row of an answer, with the values of its nodes, as their source gives them."""

    record: Any
    nodes: Any


class NodeSource(Protocol):
    """Source of the nodes of an answer's rows."""

    def encoder(self, column: ResultColumn, selected: SelectedField) -> Encoder:
        """Add a selection of the nodes in a column; return its encoder from a row."""

    def rows(self, execution: Execution, scope: QueryScope, page: ResultPage) -> Sequence[ResultRow]:
        """Return the rows of a page with the values of their nodes."""


class StatementNodes:
    """Nodes that the question's statement gives in further columns."""

    def __init__(self, compiler: Compiler) -> None:
        self._compiler = compiler

    def encoder(self, column: ResultColumn, selected: SelectedField) -> Encoder:
        node_columns = column.node_columns or ((column.node, column.statement_column),)
        encoders = [(key, self._compiler.add_column(label, key, selected)) for label, key in node_columns]

        def encode(row: ResultRow) -> Any:
            filled = (encode_node for key, encode_node in encoders if getattr(row.record, key))
            return next((encode_node(row.nodes) for encode_node in filled), None)

        return encode

    def rows(self, _: Execution, __: QueryScope, page: ResultPage) -> Sequence[ResultRow]:
        return list(map(ResultRow, page.rows, page.node_values))


class LookedUpNodes:
    """Nodes that are looked up by the keys in a computed question's rows. Where `hides_nodes`, rows are masked."""

    def __init__(self, compiler: Compiler, question: Question, *, hides_nodes: bool) -> None:
        self._question, self._hides_nodes = question, hides_nodes
        labels = dict.fromkeys(label for column in _node_columns(question.columns) for label in _labels(column))
        self._lookup = NodeLookup(compiler, tuple(labels), visible_only=hides_nodes)
        # An empty selection has a value where the node is visible.
        self._visibility_index = self._lookup.select(NO_SELECTION) if hides_nodes else None

    def encoder(self, column: ResultColumn, selected: SelectedField) -> Encoder:
        index, read = self._lookup.select(selected, _labels(column)), column.reader()

        def encode(row: ResultRow) -> Any:
            node = _node(column, read(row.record))
            return None if node is None else row.nodes[node[0], (node[1],)][index]

        return encode

    def finish(self) -> None:
        """Build the statement, after all selections."""
        self._lookup.finish()

    def rows(self, execution: Execution, scope: QueryScope, page: ResultPage) -> Sequence[ResultRow]:
        nodes = (node for row in page.rows for node in _row_nodes(self._question.columns, row))
        values: NodeValues = self._lookup.find_nodes(execution, scope, nodes)

        def is_visible(node: Node) -> bool:
            return values[node[0], (node[1],)][self._visibility_index or 0] is not None

        mask = self._question.mask if self._hides_nodes else None
        return [ResultRow(mask(row, is_visible) if mask else row, values) for row in page.rows]


def _node_columns(columns: Sequence[ResultColumn]) -> Iterator[ResultColumn]:
    for column in columns:
        if column.node:
            yield column
        yield from _node_columns(column.parts or column.fields)


def _labels(column: ResultColumn) -> tuple[str, ...]:
    union = MODEL.unions.get(column.node)
    return (column.node,) if union is None else tuple(union.labels)


def _node(column: ResultColumn, value: Any) -> Node | None:
    """Return the node of a column's value, which is a node, or the key of one of the column's label."""
    return (value if isinstance(value, tuple) else (column.node, value)) if value else None


def _row_nodes(columns: Sequence[ResultColumn], row: Any) -> Iterator[Node]:
    """Yield all nodes of a row."""
    for column in columns:
        if column.node:
            if (node := _node(column, column.reader()(row))) is not None:
                yield node
        elif column.parts:
            for part in column.reader()(row):
                yield from _row_nodes(column.parts, part)


def _row_subjects(columns: Sequence[ResultColumn], row: Any) -> Iterator[Node]:
    """Yield the nodes of a row that are shown by their keys alone."""
    for column in columns:
        if column.subject_label:
            yield column.subject_label, column.reader()(row)
        for part in column.reader()(row) if column.parts else ():
            yield from _row_subjects(column.parts, part)


def derive_root_field(question: Question) -> RootField:
    """Return the root field of a declared question: its rows by page, its totals where they are selected."""
    return RootField(root_field(question), partial(_plan_question, question), question.right, question.classification)


def _plan_question(question: Question, context: RootFieldContext) -> Resolver:
    compiler = context.compiler()
    tells_sensitive = question.has_sensitive_rows and context.has_purpose
    compiler.require_class(question.name, DataClassification.SENSITIVE if tells_sensitive else question.classification)
    window = context.window()
    shape = ConnectionSelection.from_field(context.operation, f"{question.row_type}Connection", context.selected)
    hides_nodes = question.mask is not None and not context.sees_everything
    looked_up = LookedUpNodes(compiler, question, hides_nodes=hides_nodes) if question.compute else None
    nodes = looked_up or StatementNodes(compiler)
    columns = {column.name: column for column in question.columns}

    def on_row(selected: SelectedField) -> Encoder:
        return context.object_encoder(
            question.row_type,
            selected,
            lambda field: _column_encoder(context, nodes, question.row_type, columns[field.name], field),
        )

    figures = {figure.name: figure for figure in question.figures}
    figure_encoders = {
        selected.key: _column_encoder(context, nodes, question.row_type, figures[selected.name], selected)
        for selected in shape.fields
        if selected.name in figures
    }
    encode = shape.encoder(
        on_row, {key: _figure_encoder(encode_figure) for key, encode_figure in figure_encoders.items()}
    )
    if looked_up:
        looked_up.finish()

    def answer(execution: Execution) -> dict[str, Any]:
        scope, after = execution.query_scope(right=question.right), execution.argument("after")
        extra = compiler.extra_columns(execution, scope) if question.compute is None else NO_EXTRA_COLUMNS
        arguments = {**_arguments(question, execution), TELLS_SENSITIVE: tells_sensitive}
        results = find_results(execution.store, scope, question, arguments, extra)
        page = ResultPage((), has_next=False)
        if shape.needs_rows or context.selected_by:
            start = decode_cursor(after, question.key_types, question.name) if after is not None else None
            page = results.page(window.size, start)
        values = answer_values(scope)
        if shape.selects(*COUNT_FIELDS, *figures):
            totals = results.totals()
            values |= {"totalCount": totals.total, "eligibleCount": totals.eligible, "figures": totals.figures}
        if context.selected_by:
            _note_subjects(question, page, execution)
            current_trail().row_count += (
                len(page.rows) if shape.needs_rows else values.get("totalCount", len(page.rows))
            )
        cursors = [(question.name, *question.row_key(row)) for row in page.rows]
        return encode(Page(nodes.rows(execution, scope, page), cursors, page.has_next, window, values))

    return answer


def _note_subjects(question: Question, page: ResultPage, execution: Execution) -> None:
    """Note in the audit trail whom the rows of a page are about: of a total, those of its first page."""
    trail, area = current_trail(), execution.argument("area")
    for row in page.rows:
        areas = tuple(filter(None, (getattr(row, "village", None) or (area and area["code"]),)))
        for label, key in (*_row_nodes(question.columns, row), *_row_subjects(question.columns, row)):
            if label in PEOPLE_LABELS:
                trail.add_row(AuditSubject(label, key, areas))


def _arguments(question: Question, execution: Execution) -> QuestionArguments:
    area = {"area": execution.argument("area")["code"]} if question.takes_area else {}
    return area | {filter_.name: execution.argument(filter_.name) for filter_ in question.filters}


def _figure_encoder(encode: Encoder) -> Callable[[Page], Any]:
    return lambda page: encode(ResultRow(page.extra["figures"], ()))


def _column_encoder(
    context: RootFieldContext, nodes: NodeSource, row_type: str, column: ResultColumn, selected: SelectedField
) -> Encoder:
    if column.node:
        return nodes.encoder(column, selected)
    read = column.reader()
    if column.parts or column.fields:
        type_name = part_type_name(row_type, column)
        inner_columns = {inner.name: inner for inner in column.parts or column.fields}
        encode_object = context.object_encoder(
            type_name,
            selected,
            lambda field: _column_encoder(context, nodes, type_name, inner_columns[field.name], field),
        )
        if column.parts:
            return lambda row: [encode_object(ResultRow(part, row.nodes)) for part in read(row.record)]
        return lambda row: None if (value := read(row.record)) is None else encode_object(ResultRow(value, row.nodes))
    format_value: Callable[[Any], Any] | None = FORMATTERS.get(column.kind)
    if format_value is None:
        return lambda row: read(row.record)
    if column.many:
        return lambda row: [format_value(value) for value in read(row.record)]
    return lambda row: format_value(read(row.record))
