"""Duties of help, as data with validity: who owes what (DOMAIN §4)."""

from __future__ import annotations

from dataclasses import dataclass
from functools import cache

from graph_service.services.rules import rules, several, validity


@dataclass(frozen=True, slots=True)
class Duty:
    """One duty. `rank` orders a subject's gaps. A village owes it when poor, or from so many poor households on."""

    rank: int
    name: str
    zh: str
    subject: str
    posts: tuple[str, ...]
    poor_village: bool
    from_poor_households: int | None
    years_after_exit: int
    months: int
    since: int
    until: int


@cache
def duties() -> tuple[Duty, ...]:
    """All duties that ever were, in order of rank."""
    return tuple(
        Duty(
            rank,
            row["duty"],
            row["zh"],
            row["subject"],
            several(row["posts"]),
            row["poor_village"] == "yes",
            int(row["from_poor_households"]) if row["from_poor_households"] else None,
            int(row["years_after_exit"] or 0),
            int(row["months"] or 0),
            *validity(row),
        )
        for rank, row in enumerate(rules("duties"), 1)
    )


def years_after_exit(as_of: int) -> int:
    """For how many years after its exit a household is still owed a helper: so long support goes on."""
    return next((duty.years_after_exit for duty in in_force(as_of) if duty.name == "HELPER"), 0)


def in_force(as_of: int) -> tuple[Duty, ...]:
    """The duties that hold on a day (YYYYMMDD)."""
    return tuple(duty for duty in duties() if duty.since <= as_of <= duty.until)
