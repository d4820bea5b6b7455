"""conflictsOfInterest: conflicts of an area with every step; what the asker may not see keeps its place."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass
from fractions import Fraction
from typing import Any

from graph_service.api.cursors import parts_of
from graph_service.api.pages import ConnectionShape, Encode, Page
from graph_service.api.planning import Run
from graph_service.api.root import AREA, PAGED, TIMES, Answer, Asked, Root, answered
from graph_service.api.roots.conflict_types import CONNECTION, DOC, ROW, declare
from graph_service.api.roots.nodes import Found, Lookup
from graph_service.api.selection import Selected
from graph_service.api.types.building import Argument, Field
from graph_service.api.types.derived import told
from graph_service.api.types.scalars import show_shares
from graph_service.derive.amounts import show_rate, show_yuan
from graph_service.derive.days import show_day
from graph_service.model import MODEL
from graph_service.services.conflicts import finding
from graph_service.services.conflicts.kinds import Conflict, Effective, Evidence, Node, Opening, Step

__all__ = ("ROOTS", "declare")

EVIDENCE: dict[str, Callable[[Step, Evidence], Any]] = {
    "number": lambda _, one: one.number,
    "amount": lambda _, one: show_yuan(one.amount),
    "shares": lambda _, one: show_shares(one.shares),
    "totalShares": lambda _, one: show_shares(one.total_shares),
    "shareKind": lambda step, one: one.says if step.relationship == "HOLDS" else None,
    "part": lambda _, one: show_rate(one.part),
    "kinship": lambda step, one: one.says if step.relationship == "KIN_OF" else None,
    "duty": lambda step, one: one.says if step.relationship == "SERVES" else None,
    "post": lambda step, one: one.says if step.relationship in ("LEADS", "POSTED_TO") else None,
    "on": lambda _, one: show_day(one.on),
}
MILLION = 1_000_000


def _rounded(part: Fraction) -> str | None:
    return show_rate(round(part * MILLION))


EFFECTIVE: dict[str, Callable[[Effective], Any]] = {
    "outside": lambda one: one.outside,
    "share": lambda one: _rounded(one.part),
    "exact": lambda one: str(one.part),
}


@dataclass(frozen=True, slots=True)
class Shown:
    """A conflict as it is shown: with what is selected of its nodes. `marked`: where among a node's values it stands that it may
    be seen; none: everything may."""

    opening: Opening
    nodes: Found
    marked: int | None

    @property
    def conflict(self) -> Conflict:
        if self.opening.conflict is None:
            raise LookupError(self.opening.name)
        return self.opening.conflict

    def sees(self, node: Node) -> bool:
        return self.marked is None or self.nodes[node[0], (node[1],)][self.marked] is not None

    def value(self, node: Node | None, place: int) -> Any:
        """What is selected of a node; none where it may not be seen."""
        return None if node is None else self.nodes[node[0], (node[1],)][place]

    def evidence(self, step: Step) -> tuple[Evidence, ...]:
        """Of a step none of whose ends is hidden."""
        ends = (step.node, self.conflict.steps[max(step.origin, 0)].node)
        return step.evidence if all(map(self.sees, ends)) else ()

    @property
    def amount(self) -> str | None:
        told = all(self.evidence(step) == step.evidence for step in self.conflict.steps if _moved(step.evidence))
        return show_yuan(self.conflict.amount) if told else None


def _moved(evidence: Iterable[Evidence]) -> bool:
    return any(one.amount is not None for one in evidence)


OPERATORS = MODEL.unions["Operator"].labels
ENDS = {"area": ("Area",), "cadre": ("Cadre",), "operator": OPERATORS, "household": ("Household",)}
"""Labels of the nodes that a conflict is about."""
NODES: dict[str, Callable[[Opening, Conflict], Node | None]] = {
    "area": lambda one, _: ("Area", one.place) if one.place else None,
    "cadre": lambda _, one: ("Cadre", one.cadre) if one.cadre else None,
    "operator": lambda _, one: one.operator,
    "household": lambda _, one: ("Household", one.household) if one.household else None,
}


def _nodes(openings: Iterable[Opening]) -> Iterator[Node]:
    """All nodes of some conflicts."""
    for opening in openings:
        if (one := opening.conflict) is not None:
            yield from (step.node for step in one.steps)
            yield from (end for share in one.effective for end in (share.holder, share.operator))
            yield from (node for get in NODES.values() if (node := get(opening, one)) is not None)


def _conflicts(asked: Asked) -> Answer:
    window = asked.window()
    nodes = Lookup(asked.compiler(), MODEL.unions["ConflictNode"].labels, guarded=not asked.sees_all)
    # A selection of nothing is there where the node is.
    marked = None if asked.sees_all else nodes.select(Selected("", "", {}, ()))
    on_row = _encoder(asked, nodes)
    shape = ConnectionShape.of(asked.document, CONNECTION, asked.selected)
    encode = shape.encoder(lambda one: asked.object(ROW, one, on_row))
    nodes.finish()

    def answer(run: Run) -> dict[str, Any]:
        viewing, after = run.viewing(), run.given("after")
        found = finding.Found((), 0)
        if shape.paged or shape.wants("totalCount", "eligibleCount"):
            found = finding.found(run.store, viewing, run.given("kinds"))
        start = finding.START if after is None else parts_of(after, (int, str, str), finding.NAME)
        page, more = found.page(window.size if shape.paged else 0, start)
        there = nodes.find_nodes(run, viewing, _nodes(page))
        said = {"totalCount": len(found.conflicts), "eligibleCount": found.eligible, **answered(viewing)}
        cursors = [(finding.NAME, *one.key) for one in page]
        return encode(Page([Shown(one, there, marked) for one in page], cursors, more, window, said))

    return answer


def _encoder(asked: Asked, nodes: Lookup) -> Callable[[Selected], Encode]:
    """How a field of a conflict is encoded."""

    def on_step(one: Selected) -> Encode:
        if one.name == "node":
            place = nodes.select(one)
            return lambda at: at[0].value(at[2].node, place)
        if one.name == "evidence":
            show = asked.object("ConflictEvidence", one, lambda field: _evidence(field.name))
            return lambda at: [show((at[2], document)) for document in at[0].evidence(at[2])]
        return STEP[one.name]

    def on_share(one: Selected) -> Encode:
        if one.name in EFFECTIVE:
            get = EFFECTIVE[one.name]
            return lambda at: get(at[1])
        place = nodes.select(one, OPERATORS)
        return lambda at: at[0].value(getattr(at[1], one.name), place)

    def on_row(one: Selected) -> Encode:
        if one.name in NODES:
            place, of = nodes.select(one, ENDS[one.name]), NODES[one.name]
            return lambda shown: shown.value(of(shown.opening, shown.conflict), place)
        if one.name == "steps":
            step = asked.object("ConflictStep", one, on_step)
            return lambda shown: [step((shown, at, each)) for at, each in enumerate(shown.conflict.steps, 1)]
        if one.name == "effective":
            share = asked.object("EffectiveShare", one, on_share)
            return lambda shown: [share((shown, each)) for each in shown.conflict.effective]
        return CONFLICT[one.name]

    return on_row


def _evidence(name: str) -> Encode:
    show = EVIDENCE[name]
    return lambda pair: show(*pair)


STEP: dict[str, Encode] = {
    "place": lambda at: at[1],
    "from": lambda at: at[2].origin + 1 or None,
    "kind": lambda at: at[2].node[0],
    "hidden": lambda at: not at[0].sees(at[2].node),
    "relationship": lambda at: at[2].relationship or None,
    "forward": lambda at: at[2].forward,
}
"""Of (the conflict shown, the step's number, the step)."""
CONFLICT: dict[str, Encode] = {
    "kind": lambda shown: shown.opening.kind,
    "amount": lambda shown: shown.amount,
    "undetermined": lambda shown: shown.conflict.fault,
}
ROOTS = (
    Root(
        Field(
            finding.NAME,
            CONNECTION,
            told("利益冲突", DOC),
            (
                AREA,
                Argument("kinds", "[ConflictKind!]", "冲突类型:Of which kinds; of all where none is named."),
                *TIMES,
                *PAGED,
            ),
        ),
        _conflicts,
    ),
)
