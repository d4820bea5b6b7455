"""Root fields of the declared inquiries: each a connection of its rows, with how many of how many."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from functools import partial
from typing import Any

from graph_service.api.cursors import parts_of
from graph_service.api.pages import ConnectionShape, Encode, Page
from graph_service.api.planning import Run
from graph_service.api.root import ANSWERED, AREA, PAGED, TIMES, Answer, Asked, Root, answered
from graph_service.api.selection import Selected
from graph_service.api.statements.compiler import Compiler
from graph_service.api.types.building import Argument, Field, Types
from graph_service.api.types.derived import declare_codes, declare_connection, told
from graph_service.api.types.scalars import SHOWN, TYPES
from graph_service.catalog import Extra
from graph_service.declare import Kind
from graph_service.services.inquiries.all import INQUIRIES
from graph_service.services.inquiries.inquiry import Column, Filter, Found, Given, Inquiry, page, totals
from graph_service.services.viewing import Viewing

ELIGIBLE = Field("eligibleCount", "Int!", "应有数:Of how many; counted only when asked for.")
PARTS = 10
"""How many rows a list inside of a row is taken to have."""


def declare(types: Types) -> None:
    """Code lists, rows and connections of every inquiry."""
    for inquiry in INQUIRIES:
        declare_inquiry(types, inquiry)


def declare_inquiry(types: Types, inquiry: Inquiry, *further: Field) -> None:
    """The same of one; `further`: what its connection tells besides."""
    for codes in inquiry.codes:
        declare_codes(types, codes)
    _declare_row(types, inquiry.row, told(inquiry.zh, inquiry.doc), inquiry.columns)
    declare_connection(
        types,
        f"{inquiry.row}Connection",
        f"{inquiry.row}Edge",
        f"{inquiry.row}!",
        told(inquiry.zh, inquiry.doc),
        more=(ELIGIBLE, *further, *(_field(inquiry.row, figure) for figure in inquiry.figures), *ANSWERED),
    )


def field_of(inquiry: Inquiry) -> Field:
    """The root field of an inquiry."""
    return Field(
        inquiry.name,
        f"{inquiry.row}Connection",
        told(inquiry.zh, inquiry.doc),
        (AREA, *map(_argument, inquiry.filters), *TIMES, *PAGED),
    )


def _declare_row(types: Types, name: str, doc: str, columns: tuple[Column, ...]) -> None:
    for column in columns:
        if column.parts:
            _declare_row(types, part_name(name, column), told(column.zh, column.doc), column.parts)
    types.add_object(name, doc, [_field(name, column) for column in columns])


def part_name(row: str, column: Column) -> str:
    """MeasureGap, present → MeasureGapPresent."""
    return f"{row}{column.name[0].upper()}{column.name[1:]}"


def _field(row: str, column: Column) -> Field:
    must = "!" if column.always else ""
    size = 0
    type_: object
    if column.parts:
        type_, size = f"[{part_name(row, column)}!]{must}", PARTS
    elif column.node or column.enum:
        name = column.node or column.enum
        type_ = f"[{name}!]{must}" if column.kind is Kind.ENUMS else f"{name}{must}"
    else:
        plain: Any = TYPES[column.kind]
        type_ = plain if column.always else plain | None
    return Field(column.name, type_, told(column.zh, column.doc), size=size)


def _argument(filter_: Filter) -> Argument:
    type_: object
    if filter_.enum:
        type_ = f"[{filter_.enum}!]" if filter_.kind is Kind.ENUMS else filter_.enum
    else:
        plain: Any = TYPES[filter_.kind]
        type_ = plain | None
    return Argument(filter_.name, type_, told(filter_.zh, filter_.doc))


@dataclass(frozen=True, slots=True)
class Source:
    """What gives the answer to one run of an inquiry: a page after a place, with further columns; what its connection tells."""

    page: Callable[[int, Sequence[Any] | None, Extra], Found]
    told: Callable[[], dict[str, Any]]


def plan(
    inquiry: Inquiry, find: Callable[[Run, Viewing, Given], Source], figures: Sequence[str], asked: Asked
) -> Answer:
    """How an inquiry is answered by what `find` gives; `figures`: fields of its connection that are worked out where they are
    asked for."""
    window, compiler = asked.window(), asked.compiler()
    shape = ConnectionShape.of(asked.document, f"{inquiry.row}Connection", asked.selected)
    columns = {column.name: column for column in inquiry.columns}

    def on_row(one: Selected) -> Encode:
        return asked.object(
            inquiry.row, one, lambda field: _encoder(asked, compiler, inquiry, columns[field.name], field)
        )

    encode = shape.encoder(on_row)
    places = [inquiry.place(name) for name, _ in inquiry.key]

    def answer(run: Run) -> dict[str, Any]:
        viewing, after = run.viewing(), run.given("after")
        source = find(run, viewing, {one.name: run.given(one.name) for one in inquiry.filters})
        found = Found((), has_next=False)
        if shape.paged:
            start = parts_of(after, inquiry.kinds, inquiry.name) if after is not None else None
            found = source.page(window.size, start, compiler.further(run, viewing))
        said = answered(viewing) | (source.told() if shape.wants(*figures) else {})
        cursors = [(inquiry.name, *(row[at] for at in places)) for row in found.rows]
        return encode(Page(found.rows, cursors, found.has_next, window, said))

    return answer


def _source(inquiry: Inquiry, run: Run, viewing: Viewing, given: Given) -> Source:
    def told() -> dict[str, Any]:
        counted = totals(run.store, viewing, inquiry, given)
        figures = {one.name: figure for one, figure in zip(inquiry.figures, counted.figures, strict=True)}
        return {"totalCount": counted.total, "eligibleCount": counted.eligible, **figures}

    return Source(
        lambda first, after, extra: page(run.store, viewing, inquiry, given, first=first, after=after, extra=extra),
        told,
    )


def _encoder(asked: Asked, compiler: Compiler, inquiry: Inquiry, column: Column, one: Selected) -> Encode:
    at = inquiry.place(column.given_by)
    if column.node:
        encode = compiler.column(column.node, column.given_by, one)
        width = inquiry.width
        return lambda row: encode(row[width:])
    if column.parts:
        names = {part.name: (place, part) for place, part in enumerate(column.parts)}
        inner = asked.object(part_name(inquiry.row, column), one, lambda field: _part(*names[field.name]))
        make = column.show or (lambda rows: rows)
        return lambda row: [inner(part) for part in make(row[at])]
    return _part(at, column)


def _part(at: int, column: Column) -> Encode:
    show: Callable[[Any], Any] | None = SHOWN.get(column.kind)
    return (lambda row: row[at]) if show is None else (lambda row: show(row[at]))


COUNTED = ("totalCount", "eligibleCount")
ROOTS = tuple(
    Root(
        field_of(inquiry),
        partial(plan, inquiry, partial(_source, inquiry), (*COUNTED, *(one.name for one in inquiry.figures))),
    )
    for inquiry in INQUIRIES
)
