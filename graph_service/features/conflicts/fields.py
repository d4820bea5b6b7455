"""conflictsOfInterest: conflicts of an area with every step; a node hidden from the asker keeps its step."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass
from fractions import Fraction
from typing import Any

from graph_service.domain.amounts import format_rate, format_yuan
from graph_service.domain.days import format_day
from graph_service.domain.model import MODEL
from graph_service.features.conflicts import detection
from graph_service.features.conflicts.models import (
    Conflict,
    ConflictCandidate,
    ConflictEvidence,
    ConflictStep,
    EffectiveShare,
    Node,
)
from graph_service.features.conflicts.types import CONNECTION, DOC, ROW_TYPE, add_types
from graph_service.graphql.cursors import decode_cursor
from graph_service.graphql.nodes import NodeLookup, NodeValues
from graph_service.graphql.pages import ConnectionSelection, Encoder, Page
from graph_service.graphql.plan_key import Execution
from graph_service.graphql.root_fields import (
    AREA,
    FORWARD_PAGING,
    TIME_ARGUMENTS,
    Resolver,
    RootField,
    RootFieldContext,
    answer_values,
)
from graph_service.graphql.selection import SelectedField
from graph_service.graphql.types.derived import bilingual
from graph_service.graphql.types.scalars import show_shares
from graph_service.graphql.types.type_registry import Argument, Field

__all__ = ("ROOT_FIELDS", "add_types")

EVIDENCE_ENCODERS: dict[str, Callable[[ConflictStep, ConflictEvidence], Any]] = {
    "number": lambda _, document: document.number,
    "amount": lambda _, document: format_yuan(document.amount),
    "shares": lambda _, document: show_shares(document.shares),
    "totalShares": lambda _, document: show_shares(document.total_shares),
    "shareKind": lambda step, document: document.detail if step.relationship == "HOLDS" else None,
    "part": lambda _, document: format_rate(document.stake_millionths),
    "kinship": lambda step, document: document.detail if step.relationship == "KIN_OF" else None,
    "duty": lambda step, document: document.detail if step.relationship == "SERVES" else None,
    "post": lambda step, document: document.detail if step.relationship in ("LEADS", "POSTED_TO") else None,
    "on": lambda _, document: format_day(document.day),
}
MILLION = 1_000_000


def _show_rounded(part: Fraction) -> str | None:
    return format_rate(round(part * MILLION))


EFFECTIVE_ENCODERS: dict[str, Callable[[EffectiveShare], Any]] = {
    "outside": lambda share: share.is_outside,
    "share": lambda share: _show_rounded(share.share),
    "exact": lambda share: str(share.share),
}


@dataclass(frozen=True, slots=True)
class ShownConflict:
    """A conflict as it is shown, with the selected values of its nodes. `visibility_index`: index of the node's value
    that marks it as visible; None: all nodes are visible."""

    candidate: ConflictCandidate
    nodes: NodeValues
    visibility_index: int | None

    @property
    def conflict(self) -> Conflict:
        if self.candidate.conflict is None:
            raise LookupError(self.candidate.name)
        return self.candidate.conflict

    def can_see(self, node: Node) -> bool:
        return self.visibility_index is None or self.nodes[node[0], (node[1],)][self.visibility_index] is not None

    def value(self, node: Node | None, index: int) -> Any:
        """Return a selected value of a node; None where the asker may not see it."""
        return None if node is None else self.nodes[node[0], (node[1],)][index]

    def evidence(self, step: ConflictStep) -> tuple[ConflictEvidence, ...]:
        """Return the evidence of a step; none where one of its ends is hidden."""
        ends = (step.node, self.conflict.steps[max(step.origin, 0)].node)
        return step.evidence if all(map(self.can_see, ends)) else ()

    @property
    def amount(self) -> str | None:
        is_visible = all(
            self.evidence(step) == step.evidence for step in self.conflict.steps if _has_amount(step.evidence)
        )
        return format_yuan(self.conflict.amount) if is_visible else None


def _has_amount(evidence: Iterable[ConflictEvidence]) -> bool:
    return any(document.amount is not None for document in evidence)


OPERATOR_LABELS = MODEL.unions["Operator"].labels
SUBJECT_LABELS = {"area": ("Area",), "cadre": ("Cadre",), "operator": OPERATOR_LABELS, "household": ("Household",)}
"""Labels of the nodes that a conflict is about."""
SUBJECT_NODES: dict[str, Callable[[ConflictCandidate, Conflict], Node | None]] = {
    "area": lambda candidate, _: ("Area", candidate.area_code) if candidate.area_code else None,
    "cadre": lambda _, conflict: ("Cadre", conflict.cadre) if conflict.cadre else None,
    "operator": lambda _, conflict: conflict.operator,
    "household": lambda _, conflict: ("Household", conflict.household) if conflict.household else None,
}


def _all_nodes(candidates: Iterable[ConflictCandidate]) -> Iterator[Node]:
    """Yield all nodes of conflicts."""
    for candidate in candidates:
        if (conflict := candidate.conflict) is not None:
            yield from (step.node for step in conflict.steps)
            yield from (end for share in conflict.effective_shares for end in (share.holder, share.operator))
            yield from (
                node
                for find_subject in SUBJECT_NODES.values()
                if (node := find_subject(candidate, conflict)) is not None
            )


def _plan_conflicts(context: RootFieldContext) -> Resolver:
    window = context.window()
    nodes = NodeLookup(
        context.compiler(), MODEL.unions["ConflictNode"].labels, visible_only=not context.sees_everything
    )
    # An empty selection has a value where the node is visible.
    visibility_index = None if context.sees_everything else nodes.select(SelectedField("", "", {}, ()))
    on_row = _row_encoder(context, nodes)
    selection = ConnectionSelection.from_field(context.operation, CONNECTION, context.selected)
    encode = selection.encoder(lambda selected: context.object_encoder(ROW_TYPE, selected, on_row))
    nodes.finish()

    def answer(execution: Execution) -> dict[str, Any]:
        scope, after = execution.query_scope(), execution.argument("after")
        detected_conflicts = detection.DetectedConflicts((), 0)
        if selection.needs_rows or selection.selects("totalCount", "eligibleCount"):
            detected_conflicts = detection.find_conflicts(execution.store, scope, execution.argument("kinds"))
        cursor = (
            detection.START_CURSOR if after is None else decode_cursor(after, (int, str, str), detection.QUESTION_NAME)
        )
        page, has_next = detected_conflicts.page(window.size if selection.needs_rows else 0, cursor)
        node_values = nodes.find_nodes(execution, scope, _all_nodes(page))
        connection_values = {
            "totalCount": len(detected_conflicts.conflicts),
            "eligibleCount": detected_conflicts.eligible_count,
            **answer_values(scope),
        }
        cursors = [(detection.QUESTION_NAME, *candidate.sort_key) for candidate in page]
        return encode(
            Page(
                [ShownConflict(candidate, node_values, visibility_index) for candidate in page],
                cursors,
                has_next,
                window,
                connection_values,
            )
        )

    return answer


def _row_encoder(context: RootFieldContext, nodes: NodeLookup) -> Callable[[SelectedField], Encoder]:
    """Return the function that makes the encoder for a field of a conflict."""

    def on_step(selected: SelectedField) -> Encoder:
        if selected.name == "node":
            value_index = nodes.select(selected)
            return lambda entry: entry[0].value(entry[2].node, value_index)
        if selected.name == "evidence":
            encode_document = context.object_encoder(
                "ConflictEvidence", selected, lambda field: _evidence_encoder(field.name)
            )
            return lambda entry: [encode_document((entry[2], document)) for document in entry[0].evidence(entry[2])]
        return STEP_ENCODERS[selected.name]

    def on_share(selected: SelectedField) -> Encoder:
        if selected.name in EFFECTIVE_ENCODERS:
            encode_value = EFFECTIVE_ENCODERS[selected.name]
            return lambda entry: encode_value(entry[1])
        value_index = nodes.select(selected, OPERATOR_LABELS)
        return lambda entry: entry[0].value(getattr(entry[1], selected.name), value_index)

    def on_row(selected: SelectedField) -> Encoder:
        if selected.name in SUBJECT_NODES:
            value_index, find_subject = (
                nodes.select(selected, SUBJECT_LABELS[selected.name]),
                SUBJECT_NODES[selected.name],
            )
            return lambda row: row.value(find_subject(row.candidate, row.conflict), value_index)
        if selected.name == "steps":
            encode_step = context.object_encoder("ConflictStep", selected, on_step)
            return lambda row: [
                encode_step((row, position, step)) for position, step in enumerate(row.conflict.steps, 1)
            ]
        if selected.name == "effective":
            encode_share = context.object_encoder("EffectiveShare", selected, on_share)
            return lambda row: [encode_share((row, share)) for share in row.conflict.effective_shares]
        return CONFLICT_ENCODERS[selected.name]

    return on_row


def _evidence_encoder(name: str) -> Encoder:
    encode = EVIDENCE_ENCODERS[name]
    return lambda pair: encode(*pair)


STEP_ENCODERS: dict[str, Encoder] = {
    "place": lambda entry: entry[1],
    "from": lambda entry: entry[2].origin + 1 or None,
    "kind": lambda entry: entry[2].node[0],
    "hidden": lambda entry: not entry[0].can_see(entry[2].node),
    "relationship": lambda entry: entry[2].relationship or None,
    "forward": lambda entry: entry[2].is_forward,
}
"""Encoders of (the conflict shown, the step's number, the step)."""
CONFLICT_ENCODERS: dict[str, Encoder] = {
    "kind": lambda row: row.candidate.kind,
    "amount": lambda row: row.amount,
    "undetermined": lambda row: row.conflict.fault,
}
ROOT_FIELDS = (
    RootField(
        Field(
            detection.QUESTION_NAME,
            CONNECTION,
            bilingual("利益冲突", DOC),
            (
                AREA,
                Argument("kinds", "[ConflictKind!]", "冲突类型：Only conflicts of these kinds; all if omitted."),
                *TIME_ARGUMENTS,
                *FORWARD_PAGING,
            ),
        ),
        _plan_conflicts,
    ),
)
