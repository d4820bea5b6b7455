"""Coverage: the villages and households that a duty of help does not reach on a day, and why."""

from __future__ import annotations

import calendar
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from graph_service.errors import ArgumentInvalid
from graph_service.services.duties import Duty, in_force
from graph_service.services.viewing import Viewing, iso
from graph_service.store.graph import Store

REASONS = ("NEVER_ASSIGNED", "ENDED", "HOLDER_LEFT", "NO_RECENT_VISIT")
LARGEST_PAGE = 500
DIGITS = {"PROVINCE": 2, "PREFECTURE": 4, "COUNTY": 6, "TOWNSHIP": 9, "VILLAGE": 12}
"""Length of an area's code, by level."""
START = ("", "", 0)


@dataclass(frozen=True, slots=True)
class Gap:
    """A duty not met. `household` is empty where the village itself lacks it. `date`: the last holder's last day, or
    the first day on which the holder was gone."""

    village: str
    household: str
    duty: str
    rank: int
    reason: str
    holder: str | None
    date: str | None

    @property
    def cursor(self) -> tuple[str, str, int]:
        return (self.village, self.household, self.rank)


@dataclass(frozen=True, slots=True)
class Share:
    """Of the subjects in an area that owe a duty (`eligible`), those that lack it (`missing`)."""

    area: str
    duty: str
    eligible: int
    missing: int


@dataclass(frozen=True, slots=True)
class Page:
    gaps: tuple[Gap, ...]
    has_next: bool


def months_before(day: int, months: int) -> int:
    """The same day `months` earlier, or the last day of that month where it has no such day."""
    month = day // 10000 * 12 + day // 100 % 100 - 1 - months
    year, month = month // 12, month % 12 + 1
    return year * 10000 + month * 100 + min(day % 100, calendar.monthrange(year, month)[1])


def duty_parameters(asked: Sequence[str] | None, as_of: int) -> dict[str, Any]:
    """What the coverage statements take of the duties in force."""
    known = in_force(as_of)
    unknown = set(asked or ()) - {duty.name for duty in known}
    if unknown:
        names = ", ".join(duty.name for duty in known)
        raise ArgumentInvalid(
            name="duties",
            reason_zh=f"没有 {unknown};可用:{names}",
            reason_en=f"there is no {unknown}; there are: {names}",
        )
    wanted = [duty for duty in known if not asked or duty.name in asked]
    by_name = {duty.name: duty for duty in known}

    def rank(name: str) -> int | None:
        return next((duty.rank for duty in wanted if duty.name == name), None)

    visit: Duty | None = by_name.get("VISIT")
    helper: Duty | None = by_name.get("HELPER")
    return {
        "year": as_of // 10000,
        "villageDuties": [
            [d.rank, list(d.posts), d.poor_village, d.from_poor_households] for d in wanted if d.subject == "VILLAGE"
        ],
        "helperRank": rank("HELPER"),
        "visitRank": rank("VISIT"),
        "yearsAfterExit": helper.years_after_exit if helper else 0,
        "visitedSince": months_before(as_of, visit.months) if visit else as_of,
    }


def gaps(
    store: Store,
    viewing: Viewing,
    *,
    duties: Sequence[str] | None = None,
    reasons: Sequence[str] | None = None,
    first: int = 50,
    after: tuple[str, str, int] = START,
) -> Page:
    """One page of gaps, in order of (village, household, duty). One statement."""
    if not 0 < first <= LARGEST_PAGE:
        raise ArgumentInvalid(
            name="first", reason_zh=f"应为 1 到 {LARGEST_PAGE}", reason_en=f"from 1 to {LARGEST_PAGE}"
        )
    parameters = {
        **viewing.parameters(),
        **duty_parameters(duties, viewing.as_of),
        "reasons": list(reasons) if reasons else None,
        "after": list(after),
        "limit": first + 1,
    }
    names = {duty.rank: duty.name for duty in in_force(viewing.as_of)}
    rows = store.ask("coverage/coverage_gaps", **parameters)
    found = tuple(
        Gap(village, household, names[rank], rank, reason, cadre or department, iso(held_until or left))
        for village, household, rank, reason, held_until, left, cadre, department in rows[:first]
    )
    return Page(found, len(rows) > first)


def summary(store: Store, viewing: Viewing, *, by: str, duties: Sequence[str] | None = None) -> tuple[Share, ...]:
    """Missing of eligible for each area of level `by` and each duty, in order of both. One statement."""
    if by not in DIGITS:
        raise ArgumentInvalid(name="by", reason_zh=f"可用:{'、'.join(DIGITS)}", reason_en=f"one of {', '.join(DIGITS)}")
    parameters = {**viewing.parameters(), **duty_parameters(duties, viewing.as_of), "digits": DIGITS[by]}
    names = {duty.rank: duty.name for duty in in_force(viewing.as_of)}
    rows = store.ask("coverage/coverage_summary", **parameters)
    return tuple(Share(area, names[rank], eligible, missing) for area, rank, eligible, missing in rows)
