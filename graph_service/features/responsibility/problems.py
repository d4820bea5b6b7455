"""The problem list: problems opened, handed on, closed with evidence, opened again. What was before stays."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Any

from graph_service.core.change_request import (
    CURRENT_VERSION,
    ChangeRequest,
    build_change,
    invalid_change,
    require_past_days,
    require_plausible_days,
    require_text,
    unknown_reference,
)
from graph_service.core.query_scope import newest_version
from graph_service.core.recording.changes import ChangeResult, ChangeRow, apply_change
from graph_service.domain.days import days_after, iso_day, today
from graph_service.domain.metamodel import FIRST_DAY, LAST_DAY
from graph_service.errors import ChangeConflict
from graph_service.features.responsibility.accountability import (
    NodeReference,
    inspection_day,
    is_granted,
    require_accountable,
    require_subject,
)
from graph_service.platform.store.graph import Store

OPEN, UNDER_WAY, CLOSED = "OPEN", "UNDER_WAY", "CLOSED"


@dataclass(frozen=True, slots=True)
class ResponsibilityTerm:
    """From when until when (YYYYMMDD) somebody must put a problem right, and the day by which."""

    label: str
    key: str
    since: int
    until: int
    due: int | None

    def to_row(self, number: str) -> ChangeRow:
        target = ("RESPONSIBLE_FOR", self.label, "Problem")
        return target, [self.key, number, self.since, self.until, self.due]


@dataclass(frozen=True, slots=True)
class Problem:
    """What is known of a problem."""

    content: str | None
    state: str | None
    state_text: str | None
    closed_on: int | None
    evidence: str | None
    note: str | None
    about: str | None = None
    subject: str | None = None
    found_on: int | None = None
    holders: tuple[ResponsibilityTerm, ...] = field(default=())
    inspections: tuple[str, ...] = field(default=())

    @property
    def is_closed(self) -> bool:
        return self.state == CLOSED or self.closed_on is not None

    def to_row(self, number: str, **changes: Any) -> ChangeRow:
        """Its own values, with what is another one now."""
        names = ("content", "state", "state_text", "closed_on", "evidence", "note")
        return ("Problem",), [number, *(changes.get(name, getattr(self, name)) for name in names)]


@dataclass(frozen=True, slots=True)
class NewProblem:
    """A problem that is to be opened: what is wrong, with whom, who must put it right until when, which inspection found it, and the
    day (YYYYMMDD) on which it was found."""

    content: str
    subject: NodeReference
    holder: NodeReference
    due: int
    inspection: str | None = None
    found_on: int | None = None


def discovery_day(store: Store, new_problem: NewProblem) -> int:
    """The day that is given, else the first of the inspection, else that of the last collection: what is found in the register was
    there then. Never a day to come."""
    if new_problem.found_on is not None:
        require_past_days(foundOn=new_problem.found_on)
        return new_problem.found_on
    held = inspection_day(store, new_problem.inspection) if new_problem.inspection is not None else None
    last = newest_version(store)
    return min(today(), held or (last.latest_day if last else today()))


def open_problem(store: Store, request: ChangeRequest, number: str, new_problem: NewProblem) -> ChangeResult:
    """Put a problem on the list. Raises `ChangeInvalid`; `ChangeConflict` where another one has the number."""
    require_text("content", new_problem.content)
    require_plausible_days(due=new_problem.due)
    if new_problem.found_on is not None:
        require_past_days(foundOn=new_problem.found_on)
    subject, holder, inspection = new_problem.subject, new_problem.holder, new_problem.inspection

    def rows() -> list[ChangeRow]:
        require_subject(store, request, subject)
        require_accountable(store, request, holder, today(), inspection)
        term = ResponsibilityTerm(holder.label, holder.key, FIRST_DAY, LAST_DAY, new_problem.due)
        known = _load_problem(store, number)
        if known is not None:
            same = (known.content, known.about, known.subject) == (new_problem.content, subject.label, subject.key)
            same = same and new_problem.found_on in (None, known.found_on)
            if not same or known.is_closed or term not in known.holders or inspection not in (None, *known.inspections):
                raise ChangeConflict(
                    reason_zh=f"编号 {number} 已用于另一问题", reason_en=f"another problem has the number {number}"
                )
            return []
        fresh = Problem(new_problem.content, OPEN, None, None, None, None)
        about: ChangeRow = (
            ("ABOUT", "Problem", subject.label),
            [number, subject.key, discovery_day(store, new_problem), LAST_DAY],
        )
        return [fresh.to_row(number), about, term.to_row(number), *_inspection_rows(number, inspection)]

    said = [new_problem.content, subject.label, subject.key, holder.label, holder.key, new_problem.due, inspection]
    said += [] if new_problem.found_on is None else [new_problem.found_on]
    return apply_change(store, build_change("openProblem", request, number, *said), rows)


def update_problem(
    store: Store,
    request: ChangeRequest,
    number: str,
    *,
    content: str | None = None,
    state: str | None = None,
    holder: NodeReference | None = None,
    since: int | None = None,
    due: int | None = None,
    inspection: str | None = None,
) -> ChangeResult:
    """Say otherwise what is given; a holder takes over alone from a day on (`since`, YYYYMMDD; else today).

    Raises `ChangeInvalid`; `ChangeConflict` for a problem that is closed.
    """
    if content is not None:
        require_text("content", content)
    if state not in (None, OPEN, UNDER_WAY):
        raise invalid_change("state", "销号请用 closeProblem", "close it with closeProblem")
    require_plausible_days(since=since, due=due)
    if since is not None and holder is None:
        raise invalid_change("since", "请同时给出接手的责任人", "say who takes over from that day on")

    def rows() -> list[ChangeRow]:
        known = _load_granted_problem(store, request, number)
        if known.is_closed:
            raise ChangeConflict(
                reason_zh="该问题已销号;请先用 reopenProblem 重新打开",
                reason_en="it is closed: open it again with reopenProblem",
            )
        begins = since or today()
        require_accountable(store, request, holder, begins, inspection)
        said: dict[str, Any] = {} if content is None else {"content": content}
        if state is not None:
            said |= {"state": state, "state_text": None}
        terms = _reassign(known, holder, begins, due) if holder is not None or due is not None else []
        return [
            known.to_row(number, **said),
            *(term.to_row(number) for term in terms),
            *_inspection_rows(number, inspection),
        ]

    named = None if holder is None else [holder.label, holder.key]
    return apply_change(
        store, build_change("updateProblem", request, number, content, state, named, since, due, inspection), rows
    )


def close_problem(store: Store, request: ChangeRequest, number: str, closed_on: int, evidence: str) -> ChangeResult:
    """Take a problem off the list. Raises `ChangeInvalid`; `ChangeConflict` where it is closed with other words already."""
    require_text("evidence", evidence)
    require_past_days(closedOn=closed_on)

    def rows() -> list[ChangeRow]:
        known = _load_granted_problem(store, request, number)
        if known.is_closed and (known.closed_on, known.evidence) != (closed_on, evidence):
            day = iso_day(known.closed_on) if known.closed_on else "-"
            raise ChangeConflict(
                reason_zh=f"该问题已销号({day}),日期或依据不同",
                reason_en=f"it is closed already ({day}), on another day or with other evidence",
            )
        return [known.to_row(number, state=CLOSED, state_text=None, closed_on=closed_on, evidence=evidence)]

    return apply_change(store, build_change("closeProblem", request, number, closed_on, evidence), rows)


def reopen_problem(store: Store, request: ChangeRequest, number: str, reason: str | None) -> ChangeResult:
    """Put a closed problem on the list again. Raises `ChangeInvalid`; `ChangeConflict` for one that is not closed."""
    if reason is not None:
        require_text("reason", reason)

    def rows() -> list[ChangeRow]:
        known = _load_granted_problem(store, request, number)
        if not known.is_closed:
            raise ChangeConflict(reason_zh="该问题未销号", reason_en="it is not closed")
        return [known.to_row(number, state=OPEN, state_text=None, closed_on=None, evidence=None, note=reason)]

    return apply_change(store, build_change("reopenProblem", request, number, reason), rows)


def _load_problem(store: Store, number: str) -> Problem | None:
    for *said, holders, found in store.query("imports/problem", problem=number, seq=CURRENT_VERSION):
        values: list[Any] = [*said, tuple(ResponsibilityTerm(*one) for one in holders), tuple(found)]
        return Problem(*values)
    return None


def _load_granted_problem(store: Store, request: ChangeRequest, number: str) -> Problem:
    known = _load_problem(store, number)
    if known is None or not is_granted(store, request, known.about, known.subject):
        raise unknown_reference("problemNo", number)
    return known


def _inspection_rows(number: str, inspection: str | None) -> list[ChangeRow]:
    return (
        [] if inspection is None else [(("FOUND", "Inspection", "Problem"), [inspection, number, FIRST_DAY, LAST_DAY])]
    )


def _reassign(problem: Problem, holder: NodeReference | None, since: int, due: int | None) -> list[ResponsibilityTerm]:
    """The terms that are others now: of who is responsible on the day `since`, and of who takes over. Without a holder, only the
    day by which it is due is another one."""
    present = [one for one in problem.holders if one.until >= since]
    if holder is None:
        if not present:
            raise invalid_change("due", "尚无整改责任人;请同时给出责任人", "nobody is responsible yet: say who is")
        return [ResponsibilityTerm(one.label, one.key, one.since, one.until, due) for one in present]
    mine = [one for one in present if (one.label, one.key) == (holder.label, holder.key)]
    others = [one for one in present if one not in mine]
    if late := [one.since for one in present if one.since > since or (one.since == since and one in others)]:
        day = iso_day(max(late))
        raise invalid_change(
            "since", f"{day} 起已另有安排,请给出其后的日期", f"from {day} on it is settled otherwise: give a later day"
        )
    due = due if due is not None else min((one.due for one in [*mine, *others] if one.due is not None), default=None)
    kept = [ResponsibilityTerm(one.label, one.key, one.since, one.until, due) for one in mine]
    ended = [ResponsibilityTerm(one.label, one.key, one.since, days_after(since, -1), one.due) for one in others]
    return [*ended, *(kept or [ResponsibilityTerm(holder.label, holder.key, since, LAST_DAY, due)])]
