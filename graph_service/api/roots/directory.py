"""The directory: one node of a label by its key, and lists of them; one statement each, and one for a total."""

from __future__ import annotations

from functools import partial
from typing import Any

from graph_service.api.pages import ConnectionShape, Encode, Page
from graph_service.api.planning import Run
from graph_service.api.root import ANSWERED, TIMES, Answer, Asked, Root, answered
from graph_service.api.selection import Selected
from graph_service.api.statements.compiler import Compiler
from graph_service.api.statements.listing import Listing, Order, is_near
from graph_service.api.statements.orders import derive_orders
from graph_service.api.statements.slots import Slots, at
from graph_service.api.types.building import Argument, Field, Types
from graph_service.api.types.derived import PAGE, declare_connection, told
from graph_service.api.types.scalars import TYPES
from graph_service.declare import Label
from graph_service.derive.fields import camel, small
from graph_service.derive.places import lying
from graph_service.errors import ArgumentInvalid
from graph_service.model import MODEL

LABELS = tuple(label for label in MODEL.labels.values() if label.name != "Import")
"""Deliveries are asked for as data versions: what is not published is nobody's to see."""


def declare(types: Types) -> None:
    """A connection for each label, with its order."""
    derive_orders(types, MODEL)
    for label in LABELS:
        name = label.plural_name
        doc = told(label.zh, f"{name} of the areas asked for.")
        declare_connection(types, f"{name}Connection", f"{name}Edge", f"{label.name}!", doc, more=ANSWERED)


def key_arguments(label: Label) -> tuple[Argument, ...]:
    """What finds one node: its key; of a yearly record its owner's key first."""
    parts = [MODEL.labels[label.owner], label] if label.owner else [label]
    keys = (part.key for part in parts)
    return tuple(
        Argument(camel(key.name), f"{'Int' if TYPES[key.kind] is int else 'String'}!", told(key.zh, key.doc))
        for key in keys
    )


def _one(label: Label, asked: Asked) -> Answer:
    compiler = asked.compiler()
    key = [
        compiler.parameter(asked.selected, partial(_argument, name=argument.name)) for argument in key_arguments(label)
    ]
    text, encode = compiler.by_key(label, key, [asked.selected], guarded=True)
    statement = f"RETURN {text} AS node"

    def answer(run: Run) -> Any:
        viewing = run.viewing()
        parameters = {**viewing.parameters(), **compiler.parameters(run, viewing)}
        [[row]] = run.store.lookup(statement, parameters, f"directory/{small(label.name)}")
        return encode(row)

    return answer


def _argument(arguments: Any, *, name: str) -> Any:
    return arguments[name]


def _several(label: Label, asked: Asked) -> Answer:
    compiler, order = asked.compiler(), asked.given("orderBy") or {}
    listing = Listing(
        compiler,
        label,
        asked.selected,
        asked.window(),
        Order(order.get("by", ""), order.get("descending", False)),
        everywhere=asked.sees_all and asked.given("area") is None,
    )
    shape = ConnectionShape.of(asked.document, f"{label.plural_name}Connection", asked.selected)
    encode, projection = _rows(compiler, label, shape)
    pages = {near: listing.page(projection, near=near) for near in (False, True)} if shape.paged else {}
    counts = {near: listing.count(near=near) for near in (False, True)} if shape.wants("totalCount") else {}
    window, name = listing.window, small(label.plural_name)

    def answer(run: Run) -> Any:
        viewing = run.viewing()
        near = is_near(viewing)
        if order and not near and listing.lying in ("home", "ties"):
            raise ArgumentInvalid(
                name="orderBy",
                reason_zh="按数值排序须限定在县级及以下区划(area)",
                reason_en="to order by a value, ask for a county or less (area)",
            )
        parameters = {**viewing.parameters(), **compiler.parameters(run, viewing)}
        rows = run.store.lookup(pages[near], parameters, f"directory/{name}") if pages else []
        found = window.shown(rows)
        extra = answered(viewing)
        if counts:
            [[extra["totalCount"]]] = run.store.lookup(counts[near], parameters, f"directory/{name}.count")
        return encode(Page(found, [(window.ordered, *row[0]) for row in found], len(rows) > window.size, window, extra))

    return answer


def _rows(compiler: Compiler, label: Label, shape: ConnectionShape) -> tuple[Any, str]:
    """The page's encoder, and the projection of a row's node."""
    slots = Slots()

    def on_row(one: Selected) -> Encode:
        text, encode = compiler.node(label, "n", [one])
        inner = at(slots.place(text), encode)
        return lambda row: inner(row[1])

    encode = shape.encoder(on_row)
    return encode, slots.text()


def _roots(label: Label) -> list[Root]:
    where = Argument("where", f"{label.name}Where", "条件:Which of them are meant.")
    order = Argument(
        "orderBy", f"{label.name}Order", "排序:By a value of theirs, in a county or less; else by place and key."
    )
    area = Argument("area", "AreaScope", "区域范围:Those of which area; all that may be seen where none is asked.")
    areas = () if lying(MODEL, label) == "nowhere" else (area,)
    doc = told(label.zh, f"{label.doc} One, by its key.")
    several = told(label.zh, f"{label.doc} Those of an area, on a day.")
    return [
        Root(Field(small(label.name), label.name, doc, (*key_arguments(label), *TIMES)), partial(_one, label)),
        Root(
            Field(
                small(label.plural_name),
                f"{label.plural_name}Connection",
                several,
                (*areas, where, order, *TIMES, *PAGE),
            ),
            partial(_several, label),
        ),
    ]


ROOTS = tuple(root for label in LABELS for root in _roots(label))
