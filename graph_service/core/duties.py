"""Duties of help, as data with validity: posts and subjects of each (DOMAIN §4)."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from functools import cache
from typing import Any

from graph_service.core.refusals import RefusalCode, invalid_change
from graph_service.core.rules import rules, split_values, validity
from graph_service.domain.days import day_after, iso_day, months_after
from graph_service.errors import ArgumentInvalid, ChangeInvalid

HELPER, VISIT = "HELPER", "VISIT"
"""Kinds of duties that are owed to households."""


@dataclass(frozen=True, slots=True)
class Duty:
    """A duty of help and its terms while they hold. `kind`: how it is met, by a cadre in a `POST`, a `DEPARTMENT`, a `HELPER` or a
    `VISIT`. `rank` orders a subject's gaps. It is owed to a village that is poor (`poor_village`), or has at least `from_poor_households`
    (1 or more) poor households: statements pass by villages of which nothing is recorded. `max_villages`: the number of villages at once in which a person may hold it, so
    that it is not in name only; none where there is no limit. `max_households`: the number of households to which a person may owe it."""

    rank: int
    name: str
    zh: str
    subject: str
    kind: str
    posts: tuple[str, ...]
    poor_village: bool
    from_poor_households: int | None
    years_after_exit: int
    months: int
    max_villages: int | None
    max_households: int | None
    since: int
    until: int


@cache
def duties() -> tuple[Duty, ...]:
    """Return the duties of all times, in order of rank; one for each period in which its terms are the same."""
    ranks = {name: rank for rank, name in enumerate(dict.fromkeys(row["duty"] for row in rules("duties")), 1)}
    return tuple(
        Duty(
            ranks[row["duty"]],
            row["duty"],
            row["zh"],
            row["subject"],
            row["kind"],
            split_values(row["posts"]),
            row["poor_village"] == "yes",
            int(row["from_poor_households"]) if row["from_poor_households"] else None,
            int(row["years_after_exit"] or 0),
            int(row["months"] or 0),
            int(row["max_villages"]) if row["max_villages"] else None,
            int(row["max_households"]) if row["max_households"] else None,
            *validity(row),
        )
        for row in rules("duties")
    )


def duties_by_name() -> dict[str, Duty]:
    """Return the duties by name, each with its earliest terms."""
    return {duty.name: duty for duty in reversed(duties())}


def wrong_subject_error(duty: Duty) -> ChangeInvalid:
    """Return the error for a change of a duty that names a household in place of a village, or the reverse."""
    field, zh, en = (
        ("villageCode", "村，请给出村编码", "a village")
        if duty.subject == "VILLAGE"
        else ("cardNo", "户，请给出户编号", "a household")
    )
    return invalid_change(
        RefusalCode.SUBJECT_KIND_WRONG,
        field,
        f"{duty.zh}的对象是{zh}。",
        f"The subject of {duty.name} is {en}. Give {field}.",
    )


def duty_of_kind(kind: str) -> Duty:
    """Return the first duty of a kind."""
    return next(duty for duty in duties() if duty.kind == kind)


def years_after_exit(as_of: int) -> int:
    """Return the number of years after its exit for which a household is still owed a helper: the years of support."""
    return next((duty.years_after_exit for duty in duties_in_force(as_of) if duty.kind == HELPER), 0)


def max_households(as_of: int) -> int | None:
    """Return the number of households that a person may help at most; none where the rules of the day set no limit."""
    return next((duty.max_households for duty in duties_in_force(as_of) if duty.kind == HELPER), None)


def duties_in_force(as_of: int) -> tuple[Duty, ...]:
    """Return the duties in force on a day (YYYYMMDD)."""
    return tuple(duty for duty in duties() if duty.since <= as_of <= duty.until)


def duty_of_rank(rank: int, as_of: int) -> Duty:
    """Return the duty of a rank that is in force on a day (YYYYMMDD)."""
    return next(duty for duty in duties_in_force(as_of) if duty.rank == rank)


def village_duty_rows(selected: Iterable[Duty]) -> list[dict[str, Any]]:
    """Return the duties owed to villages, as statements take them. No posts: a department holds the duty."""
    return [
        {
            "rank": duty.rank,
            "name": duty.name,
            "posts": list(duty.posts),
            "poor_village": duty.poor_village,
            "from_poor_households": duty.from_poor_households,
            "max_villages": duty.max_villages,
        }
        for duty in selected
        if duty.subject == "VILLAGE"
    ]


def household_duty_rows(selected: Iterable[Duty], as_of: int) -> list[dict[str, Any]]:
    """Return the duties owed to households, as statements take them. `visited_since`: first day (YYYYMMDD) of the months in which a visit
    is due."""
    return [
        {
            "rank": duty.rank,
            "name": duty.name,
            "kind": duty.kind,
            "visited_since": months_after(as_of, -duty.months),
        }
        for duty in selected
        if duty.subject == "HOUSEHOLD"
    ]


def first_day_without_visit(visited_on: int, months: int) -> int:
    """Return the first day whose last `months` months contain no visit any more."""
    day = months_after(visited_on, months)
    while months_after(day, -months) <= visited_on:
        day = day_after(day)
    return day


def duty_parameters(duty_names: Sequence[str] | None, as_of: int) -> dict[str, Any]:
    """Return the parameters of the coverage statements for the duties in force. Raises `ArgumentInvalid` for a duty that is not in
    force."""
    in_force = require_in_force(duty_names, as_of)
    requested_duties = [duty for duty in in_force if not duty_names or duty.name in duty_names]
    return {
        "year": as_of // 10000,
        "names": ["", *(duty.name for duty in sorted(duties_by_name().values(), key=lambda duty: duty.rank))],
        "villageDuties": village_duty_rows(requested_duties),
        "householdDuties": household_duty_rows(requested_duties, as_of),
        "yearsAfterExit": years_after_exit(as_of),
    }


def require_in_force(duty_names: Sequence[str] | None, as_of: int) -> tuple[Duty, ...]:
    """Return the duties in force on a day. Raises `ArgumentInvalid` where a requested one is not among them: an empty answer would look
    as if nobody lacked it."""
    in_force = duties_in_force(as_of)
    missing_names = set(duty_names or ()) - {duty.name for duty in in_force}
    if missing_names:
        raise _not_in_force_error(sorted(missing_names), in_force, as_of)
    return in_force


def _not_in_force_error(names: Sequence[str], in_force: Sequence[Duty], as_of: int) -> ArgumentInvalid:
    """Return the error for duties that are not in force on a day: it tells the first day of what begins later, and the last day of what
    has ended."""
    choices = ", ".join(duty.name for duty in in_force)
    unknown = ", ".join(sorted(set(names) - duties_by_name().keys()))
    if unknown:
        return ArgumentInvalid(
            name="duties",
            reason_zh=f"没有 {unknown}；可选值：{choices}",
            reason_en=f"there is no duty {unknown}; must be one of {choices}",
        )
    zh, en = [], []
    for name in names:
        first_day = min((duty.since for duty in duties() if duty.name == name and duty.since > as_of), default=None)
        if first_day is not None:
            zh.append(f"{name} 自 {iso_day(first_day)} 起施行")
            en.append(f"{name} begins on {iso_day(first_day)}")
        else:
            last_day = iso_day(max(duty.until for duty in duties() if duty.name == name))
            zh.append(f"{name} 已于 {last_day} 终止")
            en.append(f"{name} ended on {last_day}")
    return ArgumentInvalid(
        name="duties",
        reason_zh=f"{'，'.join(zh)}，{iso_day(as_of)} 不在施行期内；当日可选值：{choices}",
        reason_en=f"{', '.join(en)}, so it is not in force on {iso_day(as_of)}; on that day it must be one of {choices}",
    )
