"""conflictsOfInterest: conflicts of an area with every step; what the asker may not see keeps its place."""

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
    "number": lambda _, one: one.number,
    "amount": lambda _, one: format_yuan(one.amount),
    "shares": lambda _, one: show_shares(one.shares),
    "totalShares": lambda _, one: show_shares(one.total_shares),
    "shareKind": lambda step, one: one.detail if step.relationship == "HOLDS" else None,
    "part": lambda _, one: format_rate(one.stake_millionths),
    "kinship": lambda step, one: one.detail if step.relationship == "KIN_OF" else None,
    "duty": lambda step, one: one.detail if step.relationship == "SERVES" else None,
    "post": lambda step, one: one.detail if step.relationship in ("LEADS", "POSTED_TO") else None,
    "on": lambda _, one: format_day(one.day),
}
MILLION = 1_000_000


def _show_rounded(part: Fraction) -> str | None:
    return format_rate(round(part * MILLION))


EFFECTIVE_ENCODERS: dict[str, Callable[[EffectiveShare], Any]] = {
    "outside": lambda one: one.is_outside,
    "share": lambda one: _show_rounded(one.share),
    "exact": lambda one: str(one.share),
}


@dataclass(frozen=True, slots=True)
class ShownConflict:
    """A conflict as it is shown: with what is selected of its nodes. `visibility_index`: where among a node's values it stands that it may
    be seen; none: everything may."""

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
        """What is selected of a node; none where it may not be seen."""
        return None if node is None else self.nodes[node[0], (node[1],)][index]

    def evidence(self, step: ConflictStep) -> tuple[ConflictEvidence, ...]:
        """Of a step none of whose ends is hidden."""
        ends = (step.node, self.conflict.steps[max(step.origin, 0)].node)
        return step.evidence if all(map(self.can_see, ends)) else ()

    @property
    def amount(self) -> str | None:
        told = all(self.evidence(step) == step.evidence for step in self.conflict.steps if _has_amount(step.evidence))
        return format_yuan(self.conflict.amount) if told else None


def _has_amount(evidence: Iterable[ConflictEvidence]) -> bool:
    return any(one.amount is not None for one in evidence)


OPERATOR_LABELS = MODEL.unions["Operator"].labels
SUBJECT_LABELS = {"area": ("Area",), "cadre": ("Cadre",), "operator": OPERATOR_LABELS, "household": ("Household",)}
"""Labels of the nodes that a conflict is about."""
SUBJECT_NODES: dict[str, Callable[[ConflictCandidate, Conflict], Node | None]] = {
    "area": lambda one, _: ("Area", one.area_code) if one.area_code else None,
    "cadre": lambda _, one: ("Cadre", one.cadre) if one.cadre else None,
    "operator": lambda _, one: one.operator,
    "household": lambda _, one: ("Household", one.household) if one.household else None,
}


def _all_nodes(candidates: Iterable[ConflictCandidate]) -> Iterator[Node]:
    """All nodes of some conflicts."""
    for opening in candidates:
        if (one := opening.conflict) is not None:
            yield from (step.node for step in one.steps)
            yield from (end for share in one.effective_shares for end in (share.holder, share.operator))
            yield from (node for get in SUBJECT_NODES.values() if (node := get(opening, one)) is not None)


def _plan_conflicts(context: RootFieldContext) -> Resolver:
    window = context.window()
    nodes = NodeLookup(
        context.compiler(), MODEL.unions["ConflictNode"].labels, visible_only=not context.sees_everything
    )
    # A selection of nothing is there where the node is.
    marked = None if context.sees_everything else nodes.select(SelectedField("", "", {}, ()))
    on_row = _row_encoder(context, nodes)
    shape = ConnectionSelection.from_field(context.operation, CONNECTION, context.selected)
    encode = shape.encoder(lambda one: context.object_encoder(ROW_TYPE, one, on_row))
    nodes.finish()

    def answer(execution: Execution) -> dict[str, Any]:
        viewing, after = execution.query_scope(), execution.argument("after")
        found = detection.DetectedConflicts((), 0)
        if shape.needs_rows or shape.selects("totalCount", "eligibleCount"):
            found = detection.find_conflicts(execution.store, viewing, execution.argument("kinds"))
        start = (
            detection.START_CURSOR if after is None else decode_cursor(after, (int, str, str), detection.QUESTION_NAME)
        )
        page, more = found.page(window.size if shape.needs_rows else 0, start)
        there = nodes.find_nodes(execution, viewing, _all_nodes(page))
        said = {"totalCount": len(found.conflicts), "eligibleCount": found.eligible_count, **answer_values(viewing)}
        cursors = [(detection.QUESTION_NAME, *one.sort_key) for one in page]
        return encode(Page([ShownConflict(one, there, marked) for one in page], cursors, more, window, said))

    return answer


def _row_encoder(context: RootFieldContext, nodes: NodeLookup) -> Callable[[SelectedField], Encoder]:
    """How a field of a conflict is encoded."""

    def on_step(selected: SelectedField) -> Encoder:
        if selected.name == "node":
            place = nodes.select(selected)
            return lambda at: at[0].value(at[2].node, place)
        if selected.name == "evidence":
            show = context.object_encoder("ConflictEvidence", selected, lambda field: _evidence_encoder(field.name))
            return lambda at: [show((at[2], document)) for document in at[0].evidence(at[2])]
        return STEP_ENCODERS[selected.name]

    def on_share(selected: SelectedField) -> Encoder:
        if selected.name in EFFECTIVE_ENCODERS:
            get = EFFECTIVE_ENCODERS[selected.name]
            return lambda at: get(at[1])
        place = nodes.select(selected, OPERATOR_LABELS)
        return lambda at: at[0].value(getattr(at[1], selected.name), place)

    def on_row(selected: SelectedField) -> Encoder:
        if selected.name in SUBJECT_NODES:
            place, of = nodes.select(selected, SUBJECT_LABELS[selected.name]), SUBJECT_NODES[selected.name]
            return lambda shown: shown.value(of(shown.candidate, shown.conflict), place)
        if selected.name == "steps":
            step = context.object_encoder("ConflictStep", selected, on_step)
            return lambda shown: [step((shown, at, each)) for at, each in enumerate(shown.conflict.steps, 1)]
        if selected.name == "effective":
            share = context.object_encoder("EffectiveShare", selected, on_share)
            return lambda shown: [share((shown, each)) for each in shown.conflict.effective_shares]
        return CONFLICT_ENCODERS[selected.name]

    return on_row


def _evidence_encoder(name: str) -> Encoder:
    show = EVIDENCE_ENCODERS[name]
    return lambda pair: show(*pair)


STEP_ENCODERS: dict[str, Encoder] = {
    "place": lambda at: at[1],
    "from": lambda at: at[2].origin + 1 or None,
    "kind": lambda at: at[2].node[0],
    "hidden": lambda at: not at[0].can_see(at[2].node),
    "relationship": lambda at: at[2].relationship or None,
    "forward": lambda at: at[2].is_forward,
}
"""Of (the conflict shown, the step's number, the step)."""
CONFLICT_ENCODERS: dict[str, Encoder] = {
    "kind": lambda shown: shown.candidate.kind,
    "amount": lambda shown: shown.amount,
    "undetermined": lambda shown: shown.conflict.fault,
}
ROOT_FIELDS = (
    RootField(
        Field(
            detection.QUESTION_NAME,
            CONNECTION,
            bilingual("利益冲突", DOC),
            (
                AREA,
                Argument("kinds", "[ConflictKind!]", "冲突类型:Of which kinds; of all where none is named."),
                *TIME_ARGUMENTS,
                *FORWARD_PAGING,
            ),
        ),
        _plan_conflicts,
    ),
)
