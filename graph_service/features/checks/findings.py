"""Handling of findings by officials: put right, or waived for a time with a reason. A duty of help may be waived too."""

from __future__ import annotations

from typing import NamedTuple

from graph_service.core.areas import covers_province
from graph_service.core.change_request import (
    CURRENT_VERSION,
    ChangeRequest,
    build_change,
    require_changeable,
    require_note,
)
from graph_service.core.duties import duties_by_name, wrong_subject_error
from graph_service.core.query_scope import QueryScope, newest_version
from graph_service.core.recording.changes import ChangeResult, ChangeRow, apply_change, node_row, relationship_row
from graph_service.core.refusals import RefusalCode, conflicting_change, forbidden_change, invalid_change
from graph_service.domain.days import iso_day, today
from graph_service.domain.records import Target
from graph_service.errors import ChangeConflict
from graph_service.features.checks import run as checks
from graph_service.platform.store.graph import Store


class FindingSubject(NamedTuple):
    """A finding as it is recorded (blank for a subject alone), and its subject: label, key, and the code of its village or area; empty
    where it has none, None where it does not exist. Days are YYYYMMDD."""

    state: str | None
    check: str
    value: str | None
    day: int | None
    seen_on: int | None
    about: str
    subject: str
    area: str | None


def resolve_finding(store: Store, request: ChangeRequest, finding_no: str, note: str) -> ChangeResult:
    """Record that an open finding is put right, and how. The next delivery in which it is found opens it again.

    Raises `ChangeInvalid`, `ChangeConflict`.
    """
    require_note("note", note)

    def build_rows() -> list[ChangeRow]:
        finding = _load_finding(store, request, finding_no)
        if finding.state == checks.GONE:
            raise _gone_error()
        return [
            checks.finding_row(
                finding_no,
                finding.check,
                checks.RESOLVED,
                finding.value,
                note,
                request.by,
                today(),
                finding.seen_on,
            )
        ]

    return apply_change(store, build_change("resolveFinding", request, finding_no, note), build_rows)


def waive_finding(store: Store, request: ChangeRequest, finding_no: str, reason: str, until: int) -> ChangeResult:
    """Waive a finding until a day (YYYYMMDD). Raises `ChangeInvalid`, `ChangeConflict`."""
    require_note("reason", reason)
    first_day = _waiver_start(store, until)

    def build_rows() -> list[ChangeRow]:
        finding = _load_finding(store, request, finding_no)
        if finding.state == checks.GONE:
            raise _gone_error()
        return _waiver_rows(
            request, finding_no, finding.check, reason, first_day, until, finding.about, finding.subject
        )

    return apply_change(store, build_change("waiveFinding", request, finding_no, reason, until), build_rows)


def waive_duty(
    store: Store, request: ChangeRequest, duty: str, about: str, subject: str, reason: str, until: int
) -> ChangeResult:
    """Waive a duty of help to a village (`about`: Area) or a household until a day (YYYYMMDD). Raises `ChangeInvalid`."""
    require_note("reason", reason)
    first_day = _waiver_start(store, until)
    terms = duties_by_name()[duty]
    if (terms.subject == "VILLAGE") != (about == "Area"):
        raise wrong_subject_error(terms)

    def build_rows() -> list[ChangeRow]:
        field = "villageCode" if about == "Area" else "cardNo"
        _load_subject(store, request, None, about, subject, field)
        return _waiver_rows(request, waiver_no(duty, subject), duty, reason, first_day, until, about, subject)

    return apply_change(store, build_change("waiveDuty", request, duty, about, subject, reason, until), build_rows)


def waiver_no(code: str, subject: str) -> str:
    """Return the number of a waiver, made of the check or duty and the subject; a waived finding's is the number of the finding."""
    return f"{code}!{subject}"


def _waiver_rows(
    request: ChangeRequest, number: str, code: str, reason: str, since: int, until: int, about: str, subject: str
) -> list[ChangeRow]:
    return [
        node_row("Waiver", number, excepts=code, reason=reason, by=request.by, begins_on=since, expires_on=until),
        relationship_row(Target("ABOUT", "Waiver", about), number, subject),
    ]


def _gone_error() -> ChangeConflict:
    return conflicting_change(
        RefusalCode.ALREADY_ENDED, "该疑点已消失，无需处理。", "The finding no longer exists. Nothing has to be done."
    )


def _load_finding(store: Store, request: ChangeRequest, finding_no: str) -> FindingSubject:
    return _load_subject(store, request, finding_no, None, None, "findingNo")


def _load_subject(
    store: Store, request: ChangeRequest, finding_no: str | None, about: str | None, subject: str | None, field: str
) -> FindingSubject:
    """Return the finding and the area of its subject. Raises `ChangeForbidden` where that may be read and not changed, `ChangeInvalid` where it
    may not be read either, as if it did not exist."""
    [row] = store.query("imports/subject", finding=finding_no, about=about, subject=subject, seq=CURRENT_VERSION)
    finding = FindingSubject(*row)
    # A number of no finding has no state, and the area of nothing.
    area = None if finding_no is not None and finding.state is None else finding.area
    if finding_no is not None and area is not None and not area.startswith(request.granted_areas + request.read_areas):
        _require_unlisted(store, request, finding_no, finding.about)
    require_changeable(request, area, field, finding_no or subject or "")
    return finding


def _require_unlisted(store: Store, request: ChangeRequest, finding_no: str, about: str) -> None:
    """Raise `ChangeForbidden` for a finding about a fund or an asset outside of the areas of the requester, which is listed in them: money of
    the fund went there, or the asset lies in no area."""
    if about not in ("Fund", "Asset"):
        return
    scope = QueryScope.resolve(store, None, granted_areas=request.read_areas)
    parameters = {**scope.parameters(), "everywhere": covers_province(scope.areas), "finding": finding_no}
    if store.query("checks/finding_without_area", **parameters):
        raise forbidden_change(
            RefusalCode.OUTSIDE_GRANTED_AREAS,
            f"您可查看 {finding_no}，但其对象由可变更的区划以外的单位管理，或不属于任何区划。请由可变更管理单位所在区划或全部区划的人员办理。",
            f"You may read {finding_no}, but its subject is managed outside of the areas in which you may make this change, or lies in no "
            "area. Ask somebody who may change the area of its manager, or all areas.",
        )


def _waiver_start(store: Store, until: int) -> int:
    """Return the first day of a waiver granted now: the day of the last collection, for which questions are asked, or today where that is
    earlier. Raises `ChangeInvalid`."""
    newest = newest_version(store)
    first_day = min(newest.latest_day, today()) if newest else today()
    if until < first_day:
        day = iso_day(first_day)
        raise invalid_change(
            RefusalCode.DAY_TOO_EARLY,
            "until",
            f"截止日期早于最近采集日 {day}。请填写该日或以后的日期。",
            f"The last day is before {day}, the day of the last collection. Give that day or a later one.",
        )
    return first_day
