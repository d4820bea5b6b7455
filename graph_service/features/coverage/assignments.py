"""Changes to duties of help: duties assigned and ended, visits recorded. Earlier records are kept."""

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
"""Maximum number of assignments in one change."""


def assign_duty(
    store: Store, request: ChangeRequest, assignment: DutyAssignment, since: int, until: int | None
) -> ChangeResult:
    """Assign a duty to a holder from a day on (YYYYMMDD). Raises `ChangeInvalid`, `ChangeConflict`."""
    post = resolve_post(assignment)
    require_plausible_days(since=since, until=until)
    if until is not None and until < since:
        raise invalid_change("until", "早于开始日期", "it is before the first day")

    def build_rows() -> list[ChangeRow]:
        last_day = LAST_DAY if until is None else until
        [terms] = load_terms(store, request.granted_areas, [assignment], post=post, since=since)
        require_no_overlap(assignment, terms, since, last_day)
        return [term_row(assignment, post, since, last_day)]

    return apply_change(store, _build_change("assignDuty", request, assignment, since, until), build_rows)


def assign_helpers(store: Store, request: ChangeRequest, pairs: Sequence[tuple[str, str]], since: int) -> ChangeResult:
    """Assign a helper to each household, as (cadre, card number), from a day on (YYYYMMDD): all of them, or none. Raises `ChangeInvalid`,
    `ChangeConflict`."""
    require_plausible_days(since=since)
    if not 0 < len(pairs) <= MAX_ASSIGNMENTS:
        raise invalid_change(
            ASSIGNMENTS_FIELD, f"应为 1 至 {MAX_ASSIGNMENTS} 条", f"there are 1 to {MAX_ASSIGNMENTS} of them"
        )
    first_indexes: dict[tuple[str, str], int] = {}
    for index, pair in enumerate(pairs):
        if first_indexes.setdefault(pair, index) != index:
            raise invalid_change(
                f"{ASSIGNMENTS_FIELD}[{index}]",
                f"与第 {first_indexes[pair]} 条相同",
                f"it is the same as {ASSIGNMENTS_FIELD}[{first_indexes[pair]}]",
            )
    assignments = [DutyAssignment(HELPER, cadre_no=cadre, card_no=card) for cadre, card in pairs]

    def build_rows() -> list[ChangeRow]:
        existing_terms = load_terms(
            store, request.granted_areas, assignments, since=since, list_field=ASSIGNMENTS_FIELD
        )
        for assignment, terms in zip(assignments, existing_terms, strict=True):
            require_no_overlap(assignment, terms, since, LAST_DAY)
        return [term_row(assignment, None, since, LAST_DAY) for assignment in assignments]

    return apply_change(store, _build_change("applyAssignments", request, since, *pairs), build_rows)


def end_duty(store: Store, request: ChangeRequest, assignment: DutyAssignment, until: int) -> ChangeResult:
    """End a duty of a holder; `until` is its last day. Raises `ChangeInvalid`, `ChangeConflict`."""
    post = resolve_post(assignment)
    require_plausible_days(until=until)

    def build_rows() -> list[ChangeRow]:
        [terms] = load_terms(store, request.granted_areas, [assignment], post=post)
        if not terms:
            raise invalid_change(assignment.holder_field, "该责任人没有承担过此责任", "the holder never had this duty")
        first_day, last_day, _ = max((term for term in terms if term[0] <= until), default=min(terms))
        if first_day > until:
            start_date = iso_day(first_day)
            raise invalid_change("until", f"该责任 {start_date} 才开始", f"the duty begins on {start_date} only")
        if last_day < until:
            end_date = iso_day(last_day)
            raise ChangeConflict(
                reason_zh=f"该责任已于 {end_date} 结束", reason_en=f"it has ended already, on {end_date}"
            )
        return [term_row(assignment, post, first_day, until)]

    return apply_change(store, _build_change("endDuty", request, assignment, until), build_rows)


def record_visit(
    store: Store, request: ChangeRequest, cadre_no: str, card_no: str, visited_on: int, note: str | None
) -> ChangeResult:
    """Record a visit to a household. Raises `ChangeInvalid`, `ChangeConflict`."""
    require_past_days(on=visited_on)
    assignment = DutyAssignment(VISIT, cadre_no=cadre_no, card_no=card_no)

    def build_rows() -> list[ChangeRow]:
        [visits] = load_terms(store, request.granted_areas, [assignment], relationship="VISITED", since=visited_on)
        for visit_day, _, visit_note in visits:
            if visit_day == visited_on and visit_note != note:
                raise ChangeConflict(
                    reason_zh="当天已有该干部的走访记录，内容不同",
                    reason_en="a visit of that cadre on that day is recorded, with another note",
                )
        return [(("VISITED", "Cadre", "Household"), [cadre_no, card_no, visited_on, LAST_DAY, note])]

    return apply_change(store, _build_change("recordVisit", request, assignment, visited_on, note), build_rows)


def _build_change(kind: str, request: ChangeRequest, *content: Any) -> Change:
    encoded_content = [
        [getattr(value, name) for name in DutyAssignment.__slots__] if isinstance(value, DutyAssignment) else value
        for value in content
    ]
    return build_change(kind, request, *encoded_content)
