"""Problem list: problems opened, reassigned, closed with evidence, reopened. Earlier records are kept."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Any

from graph_service.core.change_request import (
    CURRENT_VERSION,
    ChangeRequest,
    build_change,
    require_changeable,
    require_note,
    require_past_days,
    require_plausible_days,
)
from graph_service.core.query_scope import newest_version
from graph_service.core.recording.changes import ChangeResult, ChangeRow, apply_change, node_row, relationship_row
from graph_service.core.refusals import RefusalCode, conflicting_change, invalid_change, unknown_reference
from graph_service.domain.days import days_after, iso_day, today
from graph_service.domain.metamodel import FIRST_DAY, LAST_DAY
from graph_service.domain.records import Target
from graph_service.features.responsibility.accountability import (
    NodeReference,
    inspection_day,
    require_accountable,
    require_subject,
    subject_area,
)
from graph_service.platform.store.graph import Store

OPEN, UNDER_WAY, CLOSED = "OPEN", "UNDER_WAY", "CLOSED"


@dataclass(frozen=True, slots=True)
class ResponsibilityTerm:
    """Term of the cadre or department that must put a problem right: first and last day (YYYYMMDD), and due day."""

    label: str
    key: str
    since: int
    until: int
    due: int | None

    def to_row(self, number: str) -> ChangeRow:
        target = Target("RESPONSIBLE_FOR", self.label, "Problem")
        return relationship_row(target, self.key, number, since=self.since, until=self.until, due=self.due)


@dataclass(frozen=True, slots=True)
class Problem:
    """A problem as it is recorded."""

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
        """Return the row of the problem, with the values in `changes` replaced."""
        names = ("content", "state", "state_text", "closed_on", "evidence", "note")
        return node_row("Problem", number, **{name: changes.get(name, getattr(self, name)) for name in names})


@dataclass(frozen=True, slots=True)
class NewProblem:
    """A problem to be opened: content, subject, holder who must put it right, due day, inspection that found it, and the day (YYYYMMDD) on
    which it was found."""

    content: str
    subject: NodeReference
    holder: NodeReference
    due: int
    inspection: str | None = None
    found_on: int | None = None


def discovery_day(store: Store, new_problem: NewProblem) -> int:
    """Return the given day, else the first day of the inspection, else that of the last collection: a problem found in the register was
    there then. Never a day to come."""
    if new_problem.found_on is not None:
        require_past_days(foundOn=new_problem.found_on)
        return new_problem.found_on
    inspected_on = inspection_day(store, new_problem.inspection) if new_problem.inspection is not None else None
    version = newest_version(store)
    return min(today(), inspected_on or (version.latest_day if version else today()))


def open_problem(store: Store, request: ChangeRequest, number: str, new_problem: NewProblem) -> ChangeResult:
    """Put a problem on the list. Raises `ChangeInvalid`; `ChangeConflict` where another problem has the number."""
    require_note("content", new_problem.content)
    require_plausible_days(due=new_problem.due)
    if new_problem.found_on is not None:
        require_past_days(foundOn=new_problem.found_on)
    subject, holder, inspection = new_problem.subject, new_problem.holder, new_problem.inspection

    def build_rows() -> list[ChangeRow]:
        require_subject(store, request, subject)
        require_accountable(store, request, holder, today(), inspection)
        term = ResponsibilityTerm(holder.label, holder.key, FIRST_DAY, LAST_DAY, new_problem.due)
        existing = _load_problem(store, number)
        if existing is not None:
            is_same = (existing.content, existing.about, existing.subject) == (
                new_problem.content,
                subject.label,
                subject.key,
            )
            is_same = is_same and new_problem.found_on in (None, existing.found_on)
            if (
                not is_same
                or existing.is_closed
                or term not in existing.holders
                or inspection not in (None, *existing.inspections)
            ):
                raise conflicting_change(
                    RefusalCode.NUMBER_IN_USE,
                    f"编号 {number} 已用于另一问题。请换一个编号。",
                    f"The number {number} belongs to another problem. Use another number.",
                )
            return []
        problem = Problem(new_problem.content, OPEN, None, None, None, None)
        about_row = relationship_row(
            Target("ABOUT", "Problem", subject.label), number, subject.key, since=discovery_day(store, new_problem)
        )
        return [problem.to_row(number), about_row, term.to_row(number), *_inspection_rows(number, inspection)]

    change_content = [
        new_problem.content,
        subject.label,
        subject.key,
        holder.label,
        holder.key,
        new_problem.due,
        inspection,
    ]
    change_content += [] if new_problem.found_on is None else [new_problem.found_on]
    return apply_change(store, build_change("openProblem", request, number, *change_content), build_rows)


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
    """Change the given values of a problem; a new holder takes over alone from a day on (`since`, YYYYMMDD; default: today).

    Raises `ChangeInvalid`; `ChangeConflict` for a problem that is closed.
    """
    if content is not None:
        require_note("content", content)
    if state not in (None, OPEN, UNDER_WAY):
        raise invalid_change(
            RefusalCode.VALUE_NOT_ALLOWED,
            "state",
            "此处不能销号。请用 closeProblem 销号。",
            "A problem cannot be closed here. Close it with closeProblem.",
        )
    require_plausible_days(since=since, due=due)
    if since is not None and holder is None:
        raise invalid_change(
            RefusalCode.REQUIRED_VALUE_MISSING,
            "since",
            "给出了接手日期，但缺少接手的责任人。请同时给出干部编号或单位编号。",
            "The day has no holder who takes over on it. Give cadreNo or departmentNo too.",
        )

    def build_rows() -> list[ChangeRow]:
        problem = _load_granted_problem(store, request, number)
        if problem.is_closed:
            raise conflicting_change(
                RefusalCode.ALREADY_CLOSED,
                "该问题已销号。请先用 reopenProblem 重新打开。",
                "The problem is closed. Reopen it first with reopenProblem.",
            )
        first_day = since or today()
        require_accountable(store, request, holder, first_day, inspection)
        changes: dict[str, Any] = {} if content is None else {"content": content}
        if state is not None:
            changes |= {"state": state, "state_text": None}
        terms = _reassign(problem, holder, first_day, due) if holder is not None or due is not None else []
        return [
            problem.to_row(number, **changes),
            *(term.to_row(number) for term in terms),
            *_inspection_rows(number, inspection),
        ]

    holder_id = None if holder is None else [holder.label, holder.key]
    return apply_change(
        store,
        build_change("updateProblem", request, number, content, state, holder_id, since, due, inspection),
        build_rows,
    )


def close_problem(store: Store, request: ChangeRequest, number: str, closed_on: int, evidence: str) -> ChangeResult:
    """Close a problem. Raises `ChangeInvalid`; `ChangeConflict` where it is already closed on another day or with other evidence."""
    require_note("evidence", evidence)
    require_past_days(closedOn=closed_on)

    def build_rows() -> list[ChangeRow]:
        problem = _load_granted_problem(store, request, number)
        if problem.is_closed and (problem.closed_on, problem.evidence) != (closed_on, evidence):
            day = iso_day(problem.closed_on) if problem.closed_on else "-"
            raise conflicting_change(
                RefusalCode.ALREADY_CLOSED,
                f"该问题已销号（{day}），日期或依据与本次不同。请核对。",
                f"The problem is already closed ({day}), on another day or with other evidence. Check both.",
            )
        return [problem.to_row(number, state=CLOSED, state_text=None, closed_on=closed_on, evidence=evidence)]

    return apply_change(store, build_change("closeProblem", request, number, closed_on, evidence), build_rows)


def reopen_problem(store: Store, request: ChangeRequest, number: str, reason: str | None) -> ChangeResult:
    """Reopen a closed problem. Raises `ChangeInvalid`; `ChangeConflict` for a problem that is not closed."""
    if reason is not None:
        require_note("reason", reason)

    def build_rows() -> list[ChangeRow]:
        problem = _load_granted_problem(store, request, number)
        if not problem.is_closed:
            raise conflicting_change(
                RefusalCode.NOT_CLOSED,
                "该问题未销号，无需重新打开。",
                "The problem is not closed, so it cannot be reopened.",
            )
        return [problem.to_row(number, state=OPEN, state_text=None, closed_on=None, evidence=None, note=reason)]

    return apply_change(store, build_change("reopenProblem", request, number, reason), build_rows)


def _load_problem(store: Store, number: str) -> Problem | None:
    for *properties, terms, inspections in store.query("imports/problem", problem=number, seq=CURRENT_VERSION):
        values: list[Any] = [*properties, tuple(ResponsibilityTerm(**term) for term in terms), tuple(inspections)]
        return Problem(*values)
    return None


def _load_granted_problem(store: Store, request: ChangeRequest, number: str) -> Problem:
    problem = _load_problem(store, number)
    if problem is None:
        raise unknown_reference("problemNo", number)
    require_changeable(request, subject_area(store, problem.about, problem.subject), "problemNo", number)
    return problem


def _inspection_rows(number: str, inspection: str | None) -> list[ChangeRow]:
    target = Target("FOUND", "Inspection", "Problem")
    return [] if inspection is None else [relationship_row(target, inspection, number)]


def _reassign(problem: Problem, holder: NodeReference | None, since: int, due: int | None) -> list[ResponsibilityTerm]:
    """Return the terms that change: those of the holders on the day `since`, and that of the new holder. Without a holder only the due day
    changes."""
    current_terms = [term for term in problem.holders if term.until >= since]
    if holder is None:
        if not current_terms:
            raise invalid_change(
                RefusalCode.REQUIRED_VALUE_MISSING,
                "due",
                "该问题尚无整改责任人。请同时给出干部编号或单位编号。",
                "Nobody is responsible for the problem yet. Give cadreNo or departmentNo too.",
            )
        return [ResponsibilityTerm(term.label, term.key, term.since, term.until, due) for term in current_terms]
    holder_terms = [term for term in current_terms if (term.label, term.key) == (holder.label, holder.key)]
    other_terms = [term for term in current_terms if term not in holder_terms]
    if late_days := [
        term.since for term in current_terms if term.since > since or (term.since == since and term in other_terms)
    ]:
        day = iso_day(max(late_days))
        raise invalid_change(
            RefusalCode.DAY_TOO_EARLY,
            "since",
            f"自 {day} 起已有责任人。请填写其后的日期。",
            f"The term of a holder begins on {day}. Give a later day.",
        )
    due = (
        due
        if due is not None
        else min((term.due for term in [*holder_terms, *other_terms] if term.due is not None), default=None)
    )
    kept_terms = [ResponsibilityTerm(term.label, term.key, term.since, term.until, due) for term in holder_terms]
    ended_terms = [
        ResponsibilityTerm(term.label, term.key, term.since, days_after(since, -1), term.due) for term in other_terms
    ]
    return [*ended_terms, *(kept_terms or [ResponsibilityTerm(holder.label, holder.key, since, LAST_DAY, due)])]
