"""The directory: a node of a label by its key, and lists of nodes; one statement for each, and one more for a total."""

from __future__ import annotations

from collections.abc import Sequence
from functools import partial
from typing import Any

from graph_service.access.masking import AUDITED_CLASSES
from graph_service.core.areas import require_granted_area
from graph_service.core.question import WITHHELD_FIELD
from graph_service.domain.area_paths import is_area, location_kind, unpad_code
from graph_service.domain.fields import camel_case, lower_first
from graph_service.domain.metamodel import Label
from graph_service.domain.model import MODEL
from graph_service.errors import ArgumentInvalid
from graph_service.graphql import aggregates
from graph_service.graphql.aggregates import AggregatePlan, aggregate_encoder, aggregate_field, plan_aggregate
from graph_service.graphql.audit_trail import current_trail
from graph_service.graphql.pages import ConnectionSelection, Encoder, Page
from graph_service.graphql.plan_key import Execution
from graph_service.graphql.root_fields import (
    ANSWER_FIELDS,
    PURPOSE_ARGUMENT,
    TIME_ARGUMENTS,
    Resolver,
    RootField,
    RootFieldContext,
    answer_values,
)
from graph_service.graphql.selection import SelectedField
from graph_service.graphql.statements.compiler import Compiler
from graph_service.graphql.statements.listing import Listing, Order, is_within_counties
from graph_service.graphql.statements.orders import derive_orders
from graph_service.graphql.statements.slots import Slots, slot_encoder
from graph_service.graphql.types.derived import PAGE_ARGUMENTS, add_connection, bilingual, withheld_fields
from graph_service.graphql.types.scalars import TYPE_BY_KIND
from graph_service.graphql.types.type_registry import Argument, Field, TypeRegistry

"""Labels of the directory. Imports are queried as data versions, since nobody may see unpublished ones."""


def add_types(types: TypeRegistry) -> None:
    """Add a connection for each label, with its order."""
    derive_orders(types, MODEL)
    aggregates.add_types(types)
    for label in MODEL.directory_labels:
        name = label.plural_name
        doc = bilingual(label.zh, f"{name} that match the query.")
        extra_fields = (*ANSWER_FIELDS, *withheld_fields([label]), aggregate_field(label))
        add_connection(types, f"{name}Connection", f"{name}Edge", f"{label.name}!", doc, extra_fields=extra_fields)


def key_arguments(label: Label) -> tuple[Argument, ...]:
    """Return the arguments that identify one node: its key; for a yearly record, its owner's key first."""
    parts = [MODEL.labels[label.owner], label] if label.owner else [label]
    keys = (part.key for part in parts)
    return tuple(
        Argument(
            camel_case(key.name), f"{'Int' if TYPE_BY_KIND[key.kind] is int else 'String'}!", bilingual(key.zh, key.doc)
        )
        for key in keys
    )


def _area_argument(label: Label) -> str | None:
    """Return the argument that names an area by its code: the key of an area, or of the area of a yearly record; None for other labels."""
    area_label = MODEL.labels[label.owner or label.name]
    return camel_case(area_label.key.name) if is_area(area_label) else None


def _plan_node(label: Label, context: RootFieldContext) -> Resolver:
    compiler, area_argument = context.compiler(), _area_argument(label)
    key = [
        compiler.add_parameter(
            context.selected,
            partial(_area_code if argument.name == area_argument else _argument_value, name=argument.name),
        )
        for argument in key_arguments(label)
    ]
    text, encode = compiler.node_by_key(label, key, [context.selected], visible_only=True)
    columns, read_subject = [f"{text} AS node"], None
    if context.selected_by:
        subject_text, read_subject = compiler.subject_by_key(label, key)
        columns.append(f"{subject_text} AS subject")
    statement = f"RETURN {', '.join(columns)}"

    def answer(execution: Execution) -> Any:
        scope = execution.query_scope()
        if area_argument is not None:
            # An area above those granted is shown; a record about all of it is not.
            code = unpad_code(execution.argument(area_argument))
            require_granted_area(execution.store, code, execution.granted_areas, in_part=not label.owner)
        parameters = {**scope.parameters(), **compiler.parameters(execution, scope)}
        [[row, *subject]] = execution.store.query_text(statement, parameters, f"directory/{lower_first(label.name)}")
        if read_subject is not None and row is not None:
            current_trail().row_count += 1
            current_trail().add_row(read_subject(subject[0]))
        return encode(row)

    return answer


def _argument_value(arguments: Any, *, name: str) -> Any:
    return arguments[name]


def _area_code(arguments: Any, *, name: str) -> str:
    return unpad_code(arguments[name])


def _plan_list(label: Label, context: RootFieldContext) -> Resolver:
    compiler, order = context.compiler(), context.argument("orderBy") or {}
    listing = Listing(
        compiler,
        label,
        context.selected,
        context.window(),
        Order(order.get("by", ""), order.get("descending", False)),
        everywhere=context.sees_everything and context.argument("area") is None,
    )
    shape = ConnectionSelection.from_field(context.operation, f"{label.plural_name}Connection", context.selected)
    plans = [plan_aggregate(compiler, listing, field) for field in shape.fields if field.name == "aggregate"]
    encode, slots = _row_projection(compiler, label, shape, plans)
    read_subject = compiler.subject_reader(label, "n", slots) if context.selected_by and label.anchors else None
    projection = slots.text()
    # Who is counted by such values is named in the audit log as who is listed is.
    needs_rows = shape.needs_rows or read_subject is not None
    page_statement = listing.page_statement(projection) if needs_rows else None
    count_statement = listing.count_statement() if shape.selects("totalCount") else None
    window, name, withheld_checks = listing.window, lower_first(label.plural_name), compiler.withheld_checks()

    def answer(execution: Execution) -> Any:
        scope, trail = execution.query_scope(), current_trail()
        if order and not is_within_counties(scope) and listing.location_kind in ("home", "ties"):
            raise ArgumentInvalid(
                name="orderBy",
                reason_zh="按数值排序时，区域（area）须为县级及以下区划",
                reason_en="sorting by a value requires an `area` of county level or below",
            )
        parameters = {**scope.parameters(), **compiler.parameters(execution, scope)}
        rows: Sequence[Any] = []
        if page_statement is not None:
            rows = execution.store.query_text(page_statement.text(scope), parameters, f"directory/{name}")
        page_rows = window.page_rows(rows)
        if read_subject is not None:
            for row in page_rows:
                trail.add_row(read_subject(row[1]))
        extra = {**answer_values(scope), WITHHELD_FIELD: withheld_checks}
        if count_statement is not None:
            [[extra["totalCount"]]] = execution.store.query_text(
                count_statement.text(scope), parameters, f"directory/{name}.count"
            )
        trail.row_count += len(page_rows) if shape.needs_rows else extra.get("totalCount", len(page_rows))
        for plan in plans:
            extra[plan.selected.key] = plan.load(execution, scope, parameters)
        return encode(
            Page(page_rows, [(window.order_name, *row[0]) for row in page_rows], len(rows) > window.size, window, extra)
        )

    return answer


def _row_projection(
    compiler: Compiler, label: Label, shape: ConnectionSelection, plans: Sequence[AggregatePlan]
) -> tuple[Any, Slots]:
    """Return the encoder of a page, and the expressions of a row's node."""
    slots = Slots()

    def on_row(selected: SelectedField) -> Encoder:
        text, encode = compiler.node(label, "n", [selected])
        encode_node = slot_encoder(slots.add(text), encode)
        return lambda row: encode_node(row[1])

    extra_encoders = {plan.selected.key: aggregate_encoder(plan, shape.operation) for plan in plans}
    encode = shape.encoder(on_row, extra_encoders)
    return encode, slots


def _root_fields(label: Label) -> list[RootField]:
    where = Argument("where", f"{label.name}Where", "条件：Conditions that the returned items must meet.")
    order = Argument(
        "orderBy",
        f"{label.name}Order",
        "排序：Sort order; by default by location and key. Sorting by a value may require an `area` of county level or below.",
    )
    area = Argument("area", "AreaScope", "区域范围：Area to query; all granted areas if omitted.")
    area_arguments = () if location_kind(MODEL, label) == "nowhere" else (area,)
    area_doc = " A code of an area that does not exist, or that the caller may not read, is refused."
    purpose_doc = " Requires a purpose." if label.classification in AUDITED_CLASSES else ""
    single_doc = f"{label.doc} Returns one by its key; null if there is none.{purpose_doc}{area_doc if _area_argument(label) else ''}"
    doc = bilingual(label.zh, single_doc)
    extent = "in the queried area on the query date" if area_arguments else "on the query date"
    list_doc = bilingual(label.zh, f"{label.doc} Lists those {extent}.{purpose_doc}")
    return [
        RootField(
            Field(lower_first(label.name), label.name, doc, (*key_arguments(label), *TIME_ARGUMENTS, PURPOSE_ARGUMENT)),
            partial(_plan_node, label),
            classification=label.classification,
        ),
        RootField(
            Field(
                lower_first(label.plural_name),
                f"{label.plural_name}Connection",
                list_doc,
                (*area_arguments, where, order, *TIME_ARGUMENTS, *PAGE_ARGUMENTS, PURPOSE_ARGUMENT),
            ),
            partial(_plan_list, label),
            classification=label.classification,
        ),
    ]


ROOT_FIELDS = tuple(root for label in MODEL.directory_labels for root in _root_fields(label))
