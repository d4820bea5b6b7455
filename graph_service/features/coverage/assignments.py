"""Changes that officials make to who helps whom: duties assigned and ended, visits recorded. Each keeps what was before."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from graph_service.core.change_request import (
    ChangeRequest,
    build_change,
    invalid_change,
    require_past_days,
    require_plausible_days,
)
from graph_service.core.recording.changes import Change, ChangeResult, ChangeRow, apply_change
from graph_service.domain.days import iso_day
from graph_service.domain.metamodel import LAST_DAY
from graph_service.errors import ChangeConflict
from graph_service.features.coverage.duty_terms import (
    VISIT,
    DutyAssignment,
    load_terms,
    require_no_overlap,
    resolve_post,
    term_row,
)
from graph_service.platform.store.graph import Store

HELPER, ASSIGNMENTS_FIELD = "HELPER", "assignments"
MAX_ASSIGNMENTS = 10_000
"""As many as one change makes."""


def assign_duty(
    store: Store, request: ChangeRequest, assignment: DutyAssignment, since: int, until: int | None
) -> ChangeResult:
    """Give a duty to a holder from a day on (YYYYMMDD). Raises `ChangeInvalid`, `ChangeConflict`."""
    post = resolve_post(assignment)
    require_plausible_days(since=since, until=until)
    if until is not None and until < since:
        raise invalid_change("until", "早于开始日期", "it is before the first day")

    def rows() -> list[ChangeRow]:
        last = LAST_DAY if until is None else until
        [terms] = load_terms(store, request.granted_areas, [assignment], post=post, since=since)
        require_no_overlap(assignment, terms, since, last)
        return [term_row(assignment, post, since, last)]

    return apply_change(store, _build_change("assignDuty", request, assignment, since, until), rows)


def assign_helpers(store: Store, request: ChangeRequest, pairs: Sequence[tuple[str, str]], since: int) -> ChangeResult:
    """Make each (cadre, card number) a helper and a household from a day on (YYYYMMDD): all of them, or none. Raises `ChangeInvalid`,
    `ChangeConflict`."""
    require_plausible_days(since=since)
    if not 0 < len(pairs) <= MAX_ASSIGNMENTS:
        raise invalid_change(
            ASSIGNMENTS_FIELD, f"应为 1 至 {MAX_ASSIGNMENTS} 条", f"there are 1 to {MAX_ASSIGNMENTS} of them"
        )
    first: dict[tuple[str, str], int] = {}
    for at, pair in enumerate(pairs):
        if first.setdefault(pair, at) != at:
            raise invalid_change(
                f"{ASSIGNMENTS_FIELD}[{at}]",
                f"与第 {first[pair]} 条相同",
                f"it is the same as {ASSIGNMENTS_FIELD}[{first[pair]}]",
            )
    holdings = [DutyAssignment(HELPER, cadre_no=cadre, card_no=card) for cadre, card in pairs]

    def rows() -> list[ChangeRow]:
        known = load_terms(store, request.granted_areas, holdings, since=since, list_field=ASSIGNMENTS_FIELD)
        for holding, terms in zip(holdings, known, strict=True):
            require_no_overlap(holding, terms, since, LAST_DAY)
        return [term_row(holding, None, since, LAST_DAY) for holding in holdings]

    return apply_change(store, _build_change("applyAssignments", request, since, *pairs), rows)


def end_duty(store: Store, request: ChangeRequest, assignment: DutyAssignment, until: int) -> ChangeResult:
    """End a duty that a holder has: `until` is its last day. Raises `ChangeInvalid`, `ChangeConflict`."""
    post = resolve_post(assignment)
    require_plausible_days(until=until)

    def rows() -> list[ChangeRow]:
        [terms] = load_terms(store, request.granted_areas, [assignment], post=post)
        if not terms:
            raise invalid_change(assignment.holder_field, "该责任人没有承担过此责任", "the holder never had this duty")
        begun, ended, _ = max((term for term in terms if term[0] <= until), default=min(terms))
        if begun > until:
            first = iso_day(begun)
            raise invalid_change("until", f"该责任 {first} 才开始", f"the duty begins on {first} only")
        if ended < until:
            over = iso_day(ended)
            raise ChangeConflict(reason_zh=f"该责任已于 {over} 结束", reason_en=f"it has ended already, on {over}")
        return [term_row(assignment, post, begun, until)]

    return apply_change(store, _build_change("endDuty", request, assignment, until), rows)


def record_visit(
    store: Store, request: ChangeRequest, cadre_no: str, card_no: str, visited_on: int, note: str | None
) -> ChangeResult:
    """Record a visit to a household. Raises `ChangeInvalid`, `ChangeConflict`."""
    require_past_days(on=visited_on)
    holding = DutyAssignment(VISIT, cadre_no=cadre_no, card_no=card_no)

    def rows() -> list[ChangeRow]:
        [visits] = load_terms(store, request.granted_areas, [holding], relationship="VISITED", since=visited_on)
        for begun, _, said in visits:
            if begun == visited_on and said != note:
                raise ChangeConflict(
                    reason_zh="当天已有该干部的走访记录,内容不同",
                    reason_en="a visit of that cadre on that day is recorded, with another note",
                )
        return [(("VISITED", "Cadre", "Household"), [cadre_no, card_no, visited_on, LAST_DAY, note])]

    return apply_change(store, _build_change("recordVisit", request, holding, visited_on, note), rows)


def _build_change(kind: str, request: ChangeRequest, *content: Any) -> Change:
    said = [
        [getattr(one, name) for name in DutyAssignment.__slots__] if isinstance(one, DutyAssignment) else one
        for one in content
    ]
    return build_change(kind, request, *said)
