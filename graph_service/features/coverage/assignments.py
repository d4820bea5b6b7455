"""Changes to duties of help: duties assigned and ended, visits recorded. Earlier records are kept."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from graph_service.core.change_request import (
    ChangeRequest,
    build_change,
    require_item_count,
    require_note,
    require_past_days,
    require_plausible_days,
)
from graph_service.core.duties import HELPER, VISIT, duty_of_kind
from graph_service.core.recording.changes import Change, ChangeResult, ChangeRow, apply_change, relationship_row
from graph_service.core.refusals import RefusalCode, conflicting_change, invalid_change
from graph_service.domain.days import iso_day
from graph_service.domain.metamodel import LAST_DAY
from graph_service.domain.records import Target
from graph_service.features.coverage.duty_terms import (
    DutyAssignment,
    load_terms,
    require_no_overlap,
    resolve_post,
    term_row,
)
from graph_service.platform.store.graph import Store

ASSIGNMENTS_FIELD = "assignments"
MAX_ASSIGNMENTS = 10_000
"""Maximum number of assignments in one change."""


def assign_duty(
    store: Store, request: ChangeRequest, assignment: DutyAssignment, since: int, until: int | None
) -> ChangeResult:
    """Assign a duty to a holder from a day on (YYYYMMDD). Raises `ChangeInvalid`, `ChangeConflict`."""
    post = resolve_post(assignment)
    require_plausible_days(since=since, until=until)
    if until is not None and until < since:
        raise invalid_change(
            RefusalCode.DAY_TOO_EARLY,
            "until",
            "结束日期早于开始日期。请更正其一。",
            "The last day is before the first day. Correct one of them.",
        )

    def build_rows() -> list[ChangeRow]:
        last_day = LAST_DAY if until is None else until
        [terms] = load_terms(store, request, [assignment], post=post, since=since)
        require_no_overlap(assignment, terms, since, last_day)
        return [term_row(assignment, post, since, last_day)]

    return apply_change(store, _build_change("assignDuty", request, assignment, since, until), build_rows)


def assign_helpers(store: Store, request: ChangeRequest, pairs: Sequence[tuple[str, str]], since: int) -> ChangeResult:
    """Assign a helper to each household, as (cadre, card number), from a day on (YYYYMMDD): all of them, or none. Raises `ChangeInvalid`,
    `ChangeConflict`."""
    require_plausible_days(since=since)
    require_item_count(ASSIGNMENTS_FIELD, len(pairs), MAX_ASSIGNMENTS)
    first_indexes: dict[tuple[str, str], int] = {}
    for index, pair in enumerate(pairs):
        if first_indexes.setdefault(pair, index) != index:
            first_path = f"{ASSIGNMENTS_FIELD}[{first_indexes[pair]}]"
            raise invalid_change(
                RefusalCode.LISTED_TWICE,
                f"{ASSIGNMENTS_FIELD}[{index}]",
                f"与 {first_path} 相同。请删去其一。",
                f"The entry is the same as {first_path}. Remove one of them.",
            )
    assignments = [DutyAssignment(duty_of_kind(HELPER).name, cadre_no=cadre, card_no=card) for cadre, card in pairs]

    def build_rows() -> list[ChangeRow]:
        existing_terms = load_terms(store, request, assignments, since=since, list_field=ASSIGNMENTS_FIELD)
        for assignment, terms in zip(assignments, existing_terms, strict=True):
            require_no_overlap(assignment, terms, since, LAST_DAY)
        return [term_row(assignment, None, since, LAST_DAY) for assignment in assignments]

    return apply_change(store, _build_change("applyAssignments", request, since, *pairs), build_rows)


def end_duty(store: Store, request: ChangeRequest, assignment: DutyAssignment, until: int) -> ChangeResult:
    """End a duty of a holder; `until` is its last day. Raises `ChangeInvalid`, `ChangeConflict`."""
    post = resolve_post(assignment)
    require_plausible_days(until=until)

    def build_rows() -> list[ChangeRow]:
        [terms] = load_terms(store, request, [assignment], post=post)
        if not terms:
            raise invalid_change(
                RefusalCode.NOT_A_HOLDER,
                assignment.holder_field,
                f"{assignment.holder} 没有承担过此责任。请核对责任人和对象。",
                f"{assignment.holder} never had this duty. Check the holder and the subject.",
            )
        first_day, last_day, _ = max((term for term in terms if term[0] <= until), default=min(terms))
        if first_day > until:
            start_date = iso_day(first_day)
            raise invalid_change(
                RefusalCode.DAY_TOO_EARLY,
                "until",
                f"该责任自 {start_date} 开始。请填写该日或以后的日期。",
                f"The duty begins on {start_date}. Give that day or a later one.",
            )
        if last_day < until:
            end_date = iso_day(last_day)
            raise conflicting_change(
                RefusalCode.ALREADY_ENDED,
                f"该责任已于 {end_date} 结束。请核对结束日期。",
                f"The duty already ended on {end_date}. Check the last day.",
            )
        return [term_row(assignment, post, first_day, until)]

    return apply_change(store, _build_change("endDuty", request, assignment, until), build_rows)


def record_visit(
    store: Store, request: ChangeRequest, cadre_no: str, card_no: str, visited_on: int, note: str | None
) -> ChangeResult:
    """Record a visit to a household. Raises `ChangeInvalid`, `ChangeConflict`."""
    require_past_days(on=visited_on)
    if note:
        require_note("note", note)
    assignment = DutyAssignment(duty_of_kind(VISIT).name, cadre_no=cadre_no, card_no=card_no)

    def build_rows() -> list[ChangeRow]:
        [visits] = load_terms(store, request, [assignment], relationship="VISITED", since=visited_on)
        for visit_day, _, visit_note in visits:
            if visit_day == visited_on and visit_note != note:
                raise conflicting_change(
                    RefusalCode.RECORDED_OTHERWISE,
                    "当天已有该干部的走访记录，内容与本次不同。请核对。",
                    "A visit of this cadre on this day is recorded with another note. Check the note.",
                )
        target = Target("VISITED", "Cadre", "Household")
        return [relationship_row(target, cadre_no, card_no, since=visited_on, note=note)]

    return apply_change(store, _build_change("recordVisit", request, assignment, visited_on, note), build_rows)


def _build_change(kind: str, request: ChangeRequest, *content: Any) -> Change:
    encoded_content = [
        [getattr(value, name) for name in DutyAssignment.__slots__] if isinstance(value, DutyAssignment) else value
        for value in content
    ]
    return build_change(kind, request, *encoded_content)
