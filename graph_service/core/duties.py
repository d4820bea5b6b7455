"""Duties of help, as data with validity: who owes what (DOMAIN §4)."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from functools import cache
from typing import Any

from graph_service.core.rules import rules, split_values, validity
from graph_service.domain.days import day_after, months_after
from graph_service.errors import ArgumentInvalid


@dataclass(frozen=True, slots=True)
class Duty:
    """One duty while its terms hold. `rank` orders a subject's gaps. A village owes it when poor, or from so many poor households on.
    `max_villages`: in how many villages at once one may hold it, so that it is not in name only; none where in any number.
    `max_households`: to how many one may owe it."""

    rank: int
    name: str
    zh: str
    subject: str
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
    """All duties that ever were, in order of rank; one for each stretch in which its terms are the same."""
    ranks = {name: rank for rank, name in enumerate(dict.fromkeys(row["duty"] for row in rules("duties")), 1)}
    return tuple(
        Duty(
            ranks[row["duty"]],
            row["duty"],
            row["zh"],
            row["subject"],
            split_values(row["posts"]),
            row["poor_village"] == "yes",
            int(row["from_poor_households"]) if row["from_poor_households"] else None,
            int(row["years_after_exit"] or 0),
            int(row["months"] or 0),
            int(row["most_places"]) if row["most_places"] else None,
            int(row["most_households"]) if row["most_households"] else None,
            *validity(row),
        )
        for row in rules("duties")
    )


def duties_by_name() -> dict[str, Duty]:
    """The duties by name, each as it was first."""
    return {duty.name: duty for duty in reversed(duties())}


def years_after_exit(as_of: int) -> int:
    """For how many years after its exit a household is still owed a helper: so long support goes on."""
    return next((duty.years_after_exit for duty in duties_in_force(as_of) if duty.name == "HELPER"), 0)


def max_households(as_of: int) -> int | None:
    """How many households one may help at most; none where the rules of the day set no limit."""
    return next((duty.max_households for duty in duties_in_force(as_of) if duty.name == "HELPER"), None)


def duties_in_force(as_of: int) -> tuple[Duty, ...]:
    """The duties that hold on a day (YYYYMMDD)."""
    return tuple(duty for duty in duties() if duty.since <= as_of <= duty.until)


def village_duty_rows(selected: Iterable[Duty]) -> list[list[Any]]:
    """What statements take of the duties that villages owe: [rank, posts (none = a department's), owed by poor villages, owed from
    so many poor households, most places, name]."""
    return [
        [d.rank, list(d.posts), d.poor_village, d.from_poor_households, d.max_villages, d.name]
        for d in selected
        if d.subject == "VILLAGE"
    ]


def first_day_without_visit(visited_on: int, months: int) -> int:
    """The first day whose last `months` months have no visit any more."""
    day = months_after(visited_on, months)
    while months_after(day, -months) <= visited_on:
        day = day_after(day)
    return day


def duty_parameters(duty_names: Sequence[str] | None, as_of: int) -> dict[str, Any]:
    """What the coverage statements take of the duties in force."""
    known = duties_in_force(as_of)
    unknown = set(duty_names or ()) - {duty.name for duty in known}
    if unknown:
        names = ", ".join(duty.name for duty in known)
        raise ArgumentInvalid(
            name="duties",
            reason_zh=f"没有 {unknown};可用:{names}",
            reason_en=f"there is no {unknown}; there are: {names}",
        )
    wanted = [duty for duty in known if not duty_names or duty.name in duty_names]
    by_name = {duty.name: duty for duty in known}

    def rank(name: str) -> int | None:
        return next((duty.rank for duty in wanted if duty.name == name), None)

    visit: Duty | None = by_name.get("VISIT")
    return {
        "year": as_of // 10000,
        "names": ["", *(duty.name for duty in sorted(duties_by_name().values(), key=lambda duty: duty.rank))],
        "villageDuties": village_duty_rows(wanted),
        "helperRank": rank("HELPER"),
        "visitRank": rank("VISIT"),
        "yearsAfterExit": years_after_exit(as_of),
        "visitedSince": months_after(as_of, -visit.months) if visit else as_of,
    }
