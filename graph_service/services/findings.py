"""What officials say of findings: put right, or excepted for a time with a reason. A duty of help may be excepted too."""

from __future__ import annotations

from typing import Any

from graph_service.declare import FIRST_DAY, LAST_DAY
from graph_service.derive.days import iso_day, today
from graph_service.errors import ChangeConflict, ChangeInvalid
from graph_service.services.checks import run as checks
from graph_service.services.duties import named
from graph_service.services.imports.changes import Recorded, Row, changed
from graph_service.services.requests import NOW, Request, change, require_said, unknown
from graph_service.services.viewing import newest
from graph_service.store.graph import Store


def resolve(store: Store, request: Request, finding_no: str, note: str) -> Recorded:
    """Say of an open finding that it is put right, and how. The next delivery in which it is found opens it again.

    Raises `ChangeInvalid`, `ChangeConflict`.
    """
    require_said("note", note)

    def rows() -> list[Row]:
        state, check, value, _, seen_on, *_ = _finding(store, request, finding_no)
        if state == checks.GONE:
            raise _gone()
        return [checks.finding(finding_no, check, checks.RESOLVED, value, note, request.by, today(), seen_on)]

    return changed(store, change("resolveFinding", request, finding_no, note), rows)


def waive_finding(store: Store, request: Request, finding_no: str, reason: str, until: int) -> Recorded:
    """Except a finding until a day (YYYYMMDD). Raises `ChangeInvalid`, `ChangeConflict`."""
    require_said("reason", reason)
    begins = _begins(store, until)

    def rows() -> list[Row]:
        state, check, _, _, _, about, subject, _ = _finding(store, request, finding_no)
        if state == checks.GONE:
            raise _gone()
        return _waiver(request, finding_no, check, reason, begins, until, about, subject)

    return changed(store, change("waiveFinding", request, finding_no, reason, until), rows)


def waive_duty(
    store: Store, request: Request, duty: str, about: str, subject: str, reason: str, until: int
) -> Recorded:
    """Except a village (`about`: Area) or a household from a duty of help until a day (YYYYMMDD). Raises `ChangeInvalid`."""
    require_said("reason", reason)
    begins = _begins(store, until)
    owed = named()[duty]
    if (owed.subject == "VILLAGE") != (about == "Area"):
        zh, en = ("村", "a village") if owed.subject == "VILLAGE" else ("户", "a household")
        field = "villageCode" if owed.subject == "VILLAGE" else "cardNo"
        raise ChangeInvalid(field=field, reason_zh=f"{owed.zh}的对象是{zh}", reason_en=f"{duty} is owed to {en}")

    def rows() -> list[Row]:
        field = "villageCode" if about == "Area" else "cardNo"
        _looked(store, request, None, about, subject, field)
        return _waiver(request, waiver_no(duty, subject), duty, reason, begins, until, about, subject)

    return changed(store, change("waiveDuty", request, duty, about, subject, reason, until), rows)


def waiver_no(code: str, subject: str) -> str:
    """What a waiver is found by: the check or duty, and whom it is about; a finding's is the finding's own number."""
    return f"{code}!{subject}"


def _waiver(
    request: Request, number: str, code: str, reason: str, begins: int, until: int, about: str, subject: str
) -> list[Row]:
    stored = [number, code, reason, request.by, begins, until]
    return [(("Waiver",), stored), (("ABOUT", "Waiver", about), [number, subject, FIRST_DAY, LAST_DAY])]


def _gone() -> ChangeConflict:
    return ChangeConflict(reason_zh="该疑点已消失", reason_en="the finding is there no more")


def _finding(store: Store, request: Request, finding_no: str) -> list[Any]:
    found = _looked(store, request, finding_no, None, None, "findingNo")
    if found[0] is None:
        raise unknown("findingNo", finding_no)
    return found


def _looked(
    store: Store, request: Request, finding_no: str | None, about: str | None, subject: str | None, field: str
) -> list[Any]:
    """The finding and where its subject lies; what lies outside of what was granted is, to the asker, not there."""
    [found] = store.ask("imports/subject", finding=finding_no, about=about, subject=subject, seq=NOW)
    place = found[-1]
    if place is None or not place.startswith(request.granted):
        raise unknown(field, finding_no or subject or "")
    return found


def _begins(store: Store, until: int) -> int:
    """From when a waiver counts that is granted now: from the day of the last collection, for which questions are asked."""
    last = newest(store)
    begins = min(last.latest, today()) if last else today()
    if until < begins:
        day = iso_day(begins)
        raise ChangeInvalid(
            field="until",
            reason_zh=f"早于最近采集日 {day}",
            reason_en=f"it lies before {day}, the day of the last collection",
        )
    return begins
