"""The problem list: problems opened, handed on, closed with evidence, opened again. What was before stays."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Any

from graph_service.declare import FIRST_DAY, LAST_DAY
from graph_service.derive.days import days_after, iso_day, today
from graph_service.errors import ChangeConflict
from graph_service.services.answering import Named, held_on, lies_within, require_answerable, require_subject
from graph_service.services.imports.changes import Recorded, Row, changed
from graph_service.services.requests import (
    NOW,
    Request,
    change,
    invalid,
    require_dated,
    require_past,
    require_said,
    unknown,
)
from graph_service.services.viewing import newest
from graph_service.store.graph import Store

OPEN, UNDER_WAY, CLOSED = "OPEN", "UNDER_WAY", "CLOSED"


@dataclass(frozen=True, slots=True)
class Term:
    """From when until when (YYYYMMDD) somebody must put a problem right, and the day by which."""

    label: str
    key: str
    since: int
    until: int
    due: int | None

    def row(self, number: str) -> Row:
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
    holders: tuple[Term, ...] = field(default=())
    found: tuple[str, ...] = field(default=())

    @property
    def closed(self) -> bool:
        return self.state == CLOSED or self.closed_on is not None

    def row(self, number: str, **other: Any) -> Row:
        """Its own values, with what is another one now."""
        names = ("content", "state", "state_text", "closed_on", "evidence", "note")
        return ("Problem",), [number, *(other.get(name, getattr(self, name)) for name in names)]


@dataclass(frozen=True, slots=True)
class Opening:
    """A problem that is to be opened: what is wrong, with whom, who must put it right until when, which inspection found it, and the
    day (YYYYMMDD) on which it was found."""

    content: str
    subject: Named
    holder: Named
    due: int
    inspection: str | None = None
    found_on: int | None = None


def day_found(store: Store, opening: Opening) -> int:
    """The day that is given, else the first of the inspection, else that of the last collection: what is found in the register was
    there then. Never a day to come."""
    if opening.found_on is not None:
        require_past(foundOn=opening.found_on)
        return opening.found_on
    held = held_on(store, opening.inspection) if opening.inspection is not None else None
    last = newest(store)
    return min(today(), held or (last.latest if last else today()))


def open_problem(store: Store, request: Request, number: str, opening: Opening) -> Recorded:
    """Put a problem on the list. Raises `ChangeInvalid`; `ChangeConflict` where another one has the number."""
    require_said("content", opening.content)
    require_dated(due=opening.due)
    if opening.found_on is not None:
        require_past(foundOn=opening.found_on)
    subject, holder, inspection = opening.subject, opening.holder, opening.inspection

    def rows() -> list[Row]:
        require_subject(store, request, subject)
        require_answerable(store, request, holder, today(), inspection)
        term = Term(holder.label, holder.key, FIRST_DAY, LAST_DAY, opening.due)
        known = _known(store, number)
        if known is not None:
            same = (known.content, known.about, known.subject) == (opening.content, subject.label, subject.key)
            same = same and opening.found_on in (None, known.found_on)
            if not same or known.closed or term not in known.holders or inspection not in (None, *known.found):
                raise ChangeConflict(
                    reason_zh=f"编号 {number} 已用于另一问题", reason_en=f"another problem has the number {number}"
                )
            return []
        fresh = Problem(opening.content, OPEN, None, None, None, None)
        about: Row = ("ABOUT", "Problem", subject.label), [number, subject.key, day_found(store, opening), LAST_DAY]
        return [fresh.row(number), about, term.row(number), *_found(number, inspection)]

    said = [opening.content, subject.label, subject.key, holder.label, holder.key, opening.due, inspection]
    said += [] if opening.found_on is None else [opening.found_on]
    return changed(store, change("openProblem", request, number, *said), rows)


def update_problem(
    store: Store,
    request: Request,
    number: str,
    *,
    content: str | None = None,
    state: str | None = None,
    holder: Named | None = None,
    since: int | None = None,
    due: int | None = None,
    inspection: str | None = None,
) -> Recorded:
    """Say otherwise what is given; a holder takes over alone from a day on (`since`, YYYYMMDD; else today).

    Raises `ChangeInvalid`; `ChangeConflict` for a problem that is closed.
    """
    if content is not None:
        require_said("content", content)
    if state not in (None, OPEN, UNDER_WAY):
        raise invalid("state", "销号请用 closeProblem", "close it with closeProblem")
    require_dated(since=since, due=due)
    if since is not None and holder is None:
        raise invalid("since", "请同时给出接手的责任人", "say who takes over from that day on")

    def rows() -> list[Row]:
        known = _seen(store, request, number)
        if known.closed:
            raise ChangeConflict(
                reason_zh="该问题已销号;请先用 reopenProblem 重新打开",
                reason_en="it is closed: open it again with reopenProblem",
            )
        begins = since or today()
        require_answerable(store, request, holder, begins, inspection)
        said: dict[str, Any] = {} if content is None else {"content": content}
        if state is not None:
            said |= {"state": state, "state_text": None}
        terms = _handed(known, holder, begins, due) if holder is not None or due is not None else []
        return [known.row(number, **said), *(term.row(number) for term in terms), *_found(number, inspection)]

    named = None if holder is None else [holder.label, holder.key]
    return changed(store, change("updateProblem", request, number, content, state, named, since, due, inspection), rows)


def close_problem(store: Store, request: Request, number: str, closed_on: int, evidence: str) -> Recorded:
    """Take a problem off the list. Raises `ChangeInvalid`; `ChangeConflict` where it is closed with other words already."""
    require_said("evidence", evidence)
    require_past(closedOn=closed_on)

    def rows() -> list[Row]:
        known = _seen(store, request, number)
        if known.closed and (known.closed_on, known.evidence) != (closed_on, evidence):
            day = iso_day(known.closed_on) if known.closed_on else "-"
            raise ChangeConflict(
                reason_zh=f"该问题已销号({day}),日期或依据不同",
                reason_en=f"it is closed already ({day}), on another day or with other evidence",
            )
        return [known.row(number, state=CLOSED, state_text=None, closed_on=closed_on, evidence=evidence)]

    return changed(store, change("closeProblem", request, number, closed_on, evidence), rows)


def reopen_problem(store: Store, request: Request, number: str, reason: str | None) -> Recorded:
    """Put a closed problem on the list again. Raises `ChangeInvalid`; `ChangeConflict` for one that is not closed."""
    if reason is not None:
        require_said("reason", reason)

    def rows() -> list[Row]:
        known = _seen(store, request, number)
        if not known.closed:
            raise ChangeConflict(reason_zh="该问题未销号", reason_en="it is not closed")
        return [known.row(number, state=OPEN, state_text=None, closed_on=None, evidence=None, note=reason)]

    return changed(store, change("reopenProblem", request, number, reason), rows)


def _known(store: Store, number: str) -> Problem | None:
    for *said, holders, found in store.ask("imports/problem", problem=number, seq=NOW):
        values: list[Any] = [*said, tuple(Term(*one) for one in holders), tuple(found)]
        return Problem(*values)
    return None


def _seen(store: Store, request: Request, number: str) -> Problem:
    known = _known(store, number)
    if known is None or not lies_within(store, request, known.about, known.subject):
        raise unknown("problemNo", number)
    return known


def _found(number: str, inspection: str | None) -> list[Row]:
    return (
        [] if inspection is None else [(("FOUND", "Inspection", "Problem"), [inspection, number, FIRST_DAY, LAST_DAY])]
    )


def _handed(known: Problem, holder: Named | None, since: int, due: int | None) -> list[Term]:
    """The terms that are others now: of who is responsible on the day `since`, and of who takes over. Without a holder, only the
    day by which it is due is another one."""
    present = [one for one in known.holders if one.until >= since]
    if holder is None:
        if not present:
            raise invalid("due", "尚无整改责任人;请同时给出责任人", "nobody is responsible yet: say who is")
        return [Term(one.label, one.key, one.since, one.until, due) for one in present]
    mine = [one for one in present if (one.label, one.key) == (holder.label, holder.key)]
    others = [one for one in present if one not in mine]
    if late := [one.since for one in present if one.since > since or (one.since == since and one in others)]:
        day = iso_day(max(late))
        raise invalid(
            "since", f"{day} 起已另有安排,请给出其后的日期", f"from {day} on it is settled otherwise: give a later day"
        )
    due = due if due is not None else min((one.due for one in [*mine, *others] if one.due is not None), default=None)
    kept = [Term(one.label, one.key, one.since, one.until, due) for one in mine]
    ended = [Term(one.label, one.key, one.since, days_after(since, -1), one.due) for one in others]
    return [*ended, *(kept or [Term(holder.label, holder.key, since, LAST_DAY, due)])]
