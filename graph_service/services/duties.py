"""Duties of help, as data with validity: who owes what (DOMAIN §4)."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from functools import cache
from typing import Any

from graph_service.services.rules import rules, split_values, validity


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
