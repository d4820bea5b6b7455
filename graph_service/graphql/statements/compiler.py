"""Compiler: a selection of the model's types → positional lists in Cypher, and their encoder.

`[h.card_no, head(COLLECT { … RETURN [s.head_name] }), [COUNT { … }, COLLECT { … RETURN […] }]]`: in canonical order,
without the document's aliases and values, so that equal questions are equal text, which an engine plans once. Map
literals are not used, because one engine answers them wrongly where they hold subqueries.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import Any, NamedTuple

from graph_service.access.masking import MaskedClasses
from graph_service.audit.entries import AuditSubject
from graph_service.core.query_scope import QueryScope
from graph_service.core.question import WITHHELD_FIELD
from graph_service.core.rules import mask_check
from graph_service.domain.fields import (
    RelationshipField,
    ValueField,
    is_version,
    node_value_fields,
    relationship_fields,
    relationship_value_fields,
    subtype_labels,
    value_class,
)
from graph_service.domain.metamodel import DataClassification, Label, Model
from graph_service.graphql.audit_trail import current_trail
from graph_service.graphql.cursors import encode_global_id
from graph_service.graphql.pages import ConnectionSelection, Encoder, Page, object_encoder
from graph_service.graphql.paging import Window
from graph_service.graphql.plan_key import Execution
from graph_service.graphql.selection import Operation, SelectedField
from graph_service.graphql.statements.anchors import anchor_codes, anchor_condition
from graph_service.graphql.statements.conditions import Conditions
from graph_service.graphql.statements.counts import counts_encoder
from graph_service.graphql.statements.matches import far_end_key, hop_conditions, hop_match, hop_order_terms
from graph_service.graphql.statements.slots import (
    Slots,
    full_value_encoder,
    is_masked,
    on_record,
    slot_encoder,
    value_encoder,
)
from graph_service.graphql.statements.statement_builder import StatementBuilder
from graph_service.graphql.types.counts import COUNTS_FIELD
from graph_service.graphql.types.derived import (
    FULL_FIELD,
    MASKED_FIELDS,
    connection_name,
    full_leaves,
    full_type_name,
    maskable_leaves,
)
from graph_service.platform.catalog import KNOWN_CONDITION, ExtraColumns
from graph_service.platform.codec import Codec


class FullValues(NamedTuple):
    """A row whose personal values are encoded in full, as far as their classes may be shown."""

    row: Any
    status: str
    shown_classes: frozenset[DataClassification]


class Compiler(StatementBuilder):
    """Compiler of the projections of one root field."""

    def __init__(
        self,
        model: Model,
        operation: Operation,
        codec: Codec,
        *,
        scoped: bool,
        masked: MaskedClasses,
        has_purpose: bool,
        selected_by: dict[str, None],
    ) -> None:
        super().__init__(
            model,
            operation,
            codec,
            scoped=scoped,
            masked=masked,
            has_purpose=has_purpose,
            selected_by=selected_by,
        )
        self._columns: dict[str, str] = {}

    def extra_columns(self, execution: Execution, scope: QueryScope) -> ExtraColumns:
        """Return the columns selected beside a question's own."""
        return ExtraColumns(self._columns, self.parameters(execution, scope))

    def add_column(self, label_name: str, key: str, selected: SelectedField) -> Encoder:
        """Add a column: the node whose key is in a column of the question. Return its encoder from the extra columns."""
        label = self.model.labels[label_name]
        text, encode = self.node_by_key(label, [key], [selected])
        index = len(self._columns)
        self._columns[f"node{index}"] = text
        return slot_encoder(index, encode)

    def node_by_key(
        self, label: Label, key: Sequence[str], selections: Sequence[SelectedField], *, visible_only: bool = False
    ) -> tuple[str, Encoder]:
        """Return the projection of a node found by the expressions of its key, null where there is none, and its encoder.
        `visible_only`: the node must be known, and in scope."""
        variable = self.new_variable()
        text, encode = self.node(label, variable, selections)
        conditions = [KNOWN_CONDITION.format(variable)] if is_version(label) else []
        if visible_only:
            conditions = [
                *node_conditions(self.model, label, variable, scoped=self.scoped),
                *self.class_conditions(label, variable),
            ]
        where = f" WHERE {' AND '.join(conditions)}" if conditions else ""
        return (
            f"head(COLLECT {{ MATCH {self.key_pattern(label, variable, key)}{where} RETURN {text} LIMIT 1 }})",
            encode,
        )

    def key_pattern(self, label: Label, variable: str, key: Sequence[str]) -> str:
        """Return the pattern of a node by the expressions of its key; for a yearly record, its owner's comes first."""
        if not label.owner or len(key) == 1:
            return f"({variable}:{label.name} {{{label.key.name}: {key[0]}}})"
        owner = self.model.labels[label.owner]
        return (
            f"(:{owner.name} {{{owner.key.name}: {key[0]}}})<-[:OF]-"
            f"({variable}:{label.name} {{{label.key.name}: {key[1]}}})"
        )

    def node(self, label: Label, variable: str, selections: Sequence[SelectedField]) -> tuple[str, Encoder]:
        """Return the projection of a node of one label, and its encoder."""
        slots, state = Slots(), Slots()
        leaves = {leaf.name: leaf for leaf in node_value_fields(label)}
        hops = {hop.name: hop for hop in relationship_fields(self.model, label)}
        subtypes = {subtype.name.lower(): subtype for subtype in subtype_labels(self.model, label)}

        def value_position(leaf: ValueField) -> int:
            return (
                state.add(leaf.stored_name)
                if leaf.stored_on == "state"
                else slots.add(f"{variable}.{leaf.stored_name}")
            )

        def on_field(selected: SelectedField) -> Encoder:
            if selected.name == "id":
                return self._id_encoder(label, variable, slots)
            if selected.name == COUNTS_FIELD.name:
                return counts_encoder(self, variable, selected, slots)
            if selected.name in subtypes:
                return self._facet_encoder(subtypes[selected.name], variable, selected, slots)
            if selected.name in hops:
                build_encoder = self._single_encoder if hops[selected.name].single else self._connection_encoder
                return build_encoder(hops[selected.name], variable, selected, slots)
            if selected.name == MASKED_FIELDS.name:
                return self._masked_fields_encoder(label, value_position)
            if selected.name == FULL_FIELD:
                return self._full_encoder(label, variable, selected, slots, value_position)
            leaf = leaves[selected.name]
            return on_record(leaf, value_encoder(value_position(leaf), leaf, self.codec, self.masked))

        encode = object_encoder(self.operation, label.name, selections, on_field)
        if state:
            s = self.new_variable()
            match = f"MATCH ({variable})<-[:OF]-({s}:{label.state_label}) WHERE {KNOWN_CONDITION.format(s)}"
            slots.add(f"head(COLLECT {{ {match} RETURN {state.text(f'{s}.')} LIMIT 1 }})")
        return slots.text(), encode

    def subject_reader(self, label: Label, variable: str, slots: Slots) -> Callable[[Any], AuditSubject]:
        """Add what the audit log tells of a node; return the function that reads it from a row. A yearly record is its owner's, and of a
        finding or waiver only whom it is about is told: who reads the log may not read which it is."""
        subject = self.model.labels[label.owner] if label.owner else label
        key = slots.add(
            f"toString({self._owner_key(label, variable)})" if label.owner else f"toString({variable}.{label.key.name})"
        )
        areas = slots.add(anchor_codes(self.model, label, variable))

        def read_subject(row: Any) -> AuditSubject:
            subject_key = mask_check(row[key]) if label.classed_by_check else row[key]
            return AuditSubject(subject.name, subject_key, tuple(dict.fromkeys(row[areas])))

        return read_subject

    def subject_by_key(self, label: Label, key: Sequence[str]) -> tuple[str, Callable[[Any], AuditSubject]]:
        """Return the projection of what the audit log tells of a node found by the expressions of its key, and the function that reads it."""
        variable, slots = self.new_variable(), Slots()
        read_subject = self.subject_reader(label, variable, slots)
        match = f"MATCH {self.key_pattern(label, variable, key)}"
        return f"head(COLLECT {{ {match} RETURN {slots.text()} LIMIT 1 }})", read_subject

    def _masked_fields_encoder(self, label: Label, value_position: Callable[[ValueField], int]) -> Encoder:
        """Return the encoder of the names of the values that are there and shown masked."""
        encoders = [
            (leaf.name, on_record(leaf, slot_encoder(value_position(leaf), lambda value: value is not None)))
            for leaf in maskable_leaves(node_value_fields(label))
            if is_masked(leaf, self.masked)
        ]
        return lambda row: [name for name, has_value in encoders if has_value(row)]

    def _full_encoder(
        self,
        label: Label,
        variable: str,
        selected: SelectedField,
        slots: Slots,
        value_position: Callable[[ValueField], int],
    ) -> Encoder:
        """Return the encoder of a node's personal values in full, which leaves a note in the audit trail."""
        leaves = {leaf.name: leaf for leaf in full_leaves(node_value_fields(label))}
        read_subject = self.subject_reader(label, variable, slots)
        selected_leaves: dict[str, ValueField] = {}

        def on_field(field: SelectedField) -> Encoder:
            if field.name == "status":
                return lambda full: full.status
            leaf = selected_leaves[field.name] = leaves[field.name]
            encode_value = on_record(leaf, full_value_encoder(value_position(leaf), leaf, self.codec))
            class_ = value_class(leaf)
            return lambda full: encode_value(full.row) if class_ in full.shown_classes else None

        encode_full = object_encoder(self.operation, full_type_name(label.name), [selected], on_field)
        classes = frozenset(map(value_class, selected_leaves.values() or leaves.values()))

        def encode(row: Any) -> Any:
            trail, subject = current_trail(), read_subject(row)
            shown_classes = trail.shown_classes(subject.areas) & classes
            shown_names = [name for name, leaf in selected_leaves.items() if value_class(leaf) in shown_classes]
            if shown_names:
                trail.add_read(subject, shown_names, selected)
            status = "SHOWN" if shown_classes == classes else "PARTLY" if shown_classes else "DENIED"
            return encode_full(FullValues(row, status, shown_classes))

        return encode

    def _owner_key(self, label: Label, variable: str) -> str:
        """Return the expression of the key of a yearly record's owner."""
        o, owner = self.new_variable(), self.model.labels[label.owner]
        return f"head(COLLECT {{ MATCH ({variable})-[:OF]->({o}:{owner.name}) RETURN {o}.{owner.key.name} LIMIT 1 }})"

    def _id_encoder(self, label: Label, variable: str, slots: Slots) -> Encoder:
        key, mark = slots.add(f"{variable}.{label.key.name}"), slots.add(self.mark_parameter())
        if not label.owner:
            return lambda row: encode_global_id(label.name, row[mark], row[key])
        owner_key = slots.add(self._owner_key(label, variable))
        return lambda row: encode_global_id(label.name, row[mark], row[owner_key], row[key])

    def _facet_encoder(self, facet: Label, variable: str, selected: SelectedField, slots: Slots) -> Encoder:
        text, encode = self.node(facet, variable, [selected])
        return slot_encoder(slots.add(f"CASE WHEN {variable}:{facet.name} THEN {text} END"), encode)

    def far_end(
        self, targets: Sequence[str], variable: str, selections: Sequence[SelectedField]
    ) -> tuple[str, Encoder]:
        """Return the projection of a hop's far end, and its encoder; of several labels, the label's index comes first."""
        projections = [self.node(self.model.labels[name], variable, selections) for name in targets]
        if len(projections) == 1:
            return projections[0]
        cases = " ".join(
            f"WHEN {variable}:{name} THEN [{i}, {text}]"
            for i, (name, (text, _)) in enumerate(zip(targets, projections, strict=True))
        )
        encoders = [encode for _, encode in projections]
        return f"CASE {cases} END", lambda row: None if row is None else encoders[row[0]](row[1])

    def _single_encoder(self, hop: RelationshipField, variable: str, selected: SelectedField, slots: Slots) -> Encoder:
        r, far = self.new_variable(), self.new_variable()
        text, encode = self.far_end(hop.targets, far, [selected])
        key = far_end_key(self.model, hop, far)
        order = f"{r}.since DESC, {key}" if hop.dated else f"{key} DESC"
        conditions = hop_conditions(self, hop, r, far, ever=False)
        match = hop_match(hop, variable, r, far, conditions)
        return slot_encoder(slots.add(f"head(COLLECT {{ {match} RETURN {text} ORDER BY {order} LIMIT 1 }})"), encode)

    def _connection_encoder(
        self, hop: RelationshipField, variable: str, selected: SelectedField, slots: Slots
    ) -> Encoder:
        shape = ConnectionSelection.from_field(self.operation, connection_name(self.model, hop), selected)
        r, far = self.new_variable(), self.new_variable()
        window, ever = Window.from_arguments(selected.arguments), bool(selected.arguments.get("ever"))
        conditions = hop_conditions(self, hop, r, far, ever=ever)
        conditions += Conditions(self, selected).for_hop(hop, r, far)
        match = hop_match(hop, variable, r, far, conditions)
        count_slot = slots.add(f"COUNT {{ {match} }}") if shape.selects("totalCount") else None
        terms = hop_order_terms(self.model, hop, r, far)
        leaves = {leaf.name: leaf for leaf in relationship_value_fields(hop.relationship)}
        row = Slots()
        row.add(f"[{', '.join(term.expression for term in terms)}]")

        def on_row(row_field: SelectedField) -> Encoder:
            if row_field.name in leaves:
                leaf = leaves[row_field.name]
                return value_encoder(row.add(f"{r}.{leaf.stored_name}"), leaf, self.codec, self.masked)
            text, encode = self.far_end(hop.targets, far, [row_field])
            return slot_encoder(row.add(text), encode)

        encode = shape.encoder(on_row)
        withheld_checks = self.withheld_checks()
        rows_slot = None
        if shape.needs_rows:
            match = hop_match(hop, variable, r, far, [*conditions, *window.bounds(terms, selected, self.add_parameter)])
            limit, order = self.add_parameter(selected, lambda _: window.size + 1), window.order_by(terms)
            rows_slot = slots.add(f"COLLECT {{ {match} RETURN {row.text()} ORDER BY {order} LIMIT {limit} }}")

        def answer(values: list[Any]) -> dict[str, Any]:
            rows = values[rows_slot] if rows_slot is not None else []
            total = values[count_slot] if count_slot is not None else None
            page = window.page_rows(rows)
            extra = {"totalCount": total, WITHHELD_FIELD: withheld_checks}
            return encode(Page(page, [page_row[0] for page_row in page], len(rows) > window.size, window, extra))

        return answer


def node_conditions(model: Model, label: Label, variable: str, *, scoped: bool) -> list[str]:
    """Return the conditions that a node exists in the requested data version, and lies in scope."""
    conditions = [KNOWN_CONDITION.format(variable) if is_version(label) else f"{variable}.recorded <= $seq"]
    scope_condition = anchor_condition(model, label, variable) if scoped else ""
    return [*conditions, f"({scope_condition})"] if scope_condition else conditions
