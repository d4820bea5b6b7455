"""What officials say of findings: put right, or excepted for a time with a reason. A duty of help may be excepted too."""

from __future__ import annotations

from typing import Any

from graph_service.core.change_request import (
    CURRENT_VERSION,
    ChangeRequest,
    build_change,
    require_text,
    unknown_reference,
)
from graph_service.core.duties import duties_by_name
from graph_service.core.query_scope import newest_version
from graph_service.core.recording.changes import ChangeResult, ChangeRow, apply_change
from graph_service.domain.days import iso_day, today
from graph_service.domain.metamodel import FIRST_DAY, LAST_DAY
from graph_service.errors import ChangeConflict, ChangeInvalid
from graph_service.features.checks import run as checks
from graph_service.platform.store.graph import Store


def resolve_finding(store: Store, request: ChangeRequest, finding_no: str, note: str) -> ChangeResult:
    """Say of an open finding that it is put right, and how. The next delivery in which it is found opens it again.

    Raises `ChangeInvalid`, `ChangeConflict`.
    """
    require_text("note", note)

    def rows() -> list[ChangeRow]:
        state, check, value, _, seen_on, *_ = _load_finding(store, request, finding_no)
        if state == checks.GONE:
            raise _gone_error()
        return [checks.finding_row(finding_no, check, checks.RESOLVED, value, note, request.by, today(), seen_on)]

    return apply_change(store, build_change("resolveFinding", request, finding_no, note), rows)


def waive_finding(store: Store, request: ChangeRequest, finding_no: str, reason: str, until: int) -> ChangeResult:
    """Except a finding until a day (YYYYMMDD). Raises `ChangeInvalid`, `ChangeConflict`."""
    require_text("reason", reason)
    begins = _waiver_start(store, until)

    def rows() -> list[ChangeRow]:
        state, check, _, _, _, about, subject, _ = _load_finding(store, request, finding_no)
        if state == checks.GONE:
            raise _gone_error()
        return _waiver_rows(request, finding_no, check, reason, begins, until, about, subject)

    return apply_change(store, build_change("waiveFinding", request, finding_no, reason, until), rows)


def waive_duty(
    store: Store, request: ChangeRequest, duty: str, about: str, subject: str, reason: str, until: int
) -> ChangeResult:
    """Except a village (`about`: Area) or a household from a duty of help until a day (YYYYMMDD). Raises `ChangeInvalid`."""
    require_text("reason", reason)
    begins = _waiver_start(store, until)
    owed = duties_by_name()[duty]
    if (owed.subject == "VILLAGE") != (about == "Area"):
        zh, en = ("村", "a village") if owed.subject == "VILLAGE" else ("户", "a household")
        field = "villageCode" if owed.subject == "VILLAGE" else "cardNo"
        raise ChangeInvalid(field=field, reason_zh=f"{owed.zh}的对象是{zh}", reason_en=f"{duty} is owed to {en}")

    def rows() -> list[ChangeRow]:
        field = "villageCode" if about == "Area" else "cardNo"
        _load_subject(store, request, None, about, subject, field)
        return _waiver_rows(request, waiver_no(duty, subject), duty, reason, begins, until, about, subject)

    return apply_change(store, build_change("waiveDuty", request, duty, about, subject, reason, until), rows)


def waiver_no(code: str, subject: str) -> str:
    """What a waiver is found by: the check or duty, and whom it is about; a finding's is the finding's own number."""
    return f"{code}!{subject}"


def _waiver_rows(
    request: ChangeRequest, number: str, code: str, reason: str, since: int, until: int, about: str, subject: str
) -> list[ChangeRow]:
    stored = [number, code, reason, request.by, since, until]
    return [(("Waiver",), stored), (("ABOUT", "Waiver", about), [number, subject, FIRST_DAY, LAST_DAY])]


def _gone_error() -> ChangeConflict:
    return ChangeConflict(reason_zh="该疑点已消失", reason_en="the finding is there no more")


def _load_finding(store: Store, request: ChangeRequest, finding_no: str) -> list[Any]:
    found = _load_subject(store, request, finding_no, None, None, "findingNo")
    if found[0] is None:
        raise unknown_reference("findingNo", finding_no)
    return found


def _load_subject(
    store: Store, request: ChangeRequest, finding_no: str | None, about: str | None, subject: str | None, field: str
) -> list[Any]:
    """The finding and where its subject lies; what lies outside of what was granted is, to the asker, not there."""
    [found] = store.query("imports/subject", finding=finding_no, about=about, subject=subject, seq=CURRENT_VERSION)
    place = found[-1]
    if place is None or not place.startswith(request.granted_areas):
        raise unknown_reference(field, finding_no or subject or "")
    return found


def _waiver_start(store: Store, until: int) -> int:
    """From when a waiver counts that is granted now: from the day of the last collection, for which questions are asked."""
    last = newest_version(store)
    begins = min(last.latest_day, today()) if last else today()
    if until < begins:
        day = iso_day(begins)
        raise ChangeInvalid(
            field="until",
            reason_zh=f"早于最近采集日 {day}",
            reason_en=f"it lies before {day}, the day of the last collection",
        )
    return begins
