"""Coverage: the villages and households that a duty of help does not reach on a day, and why."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from graph_service.catalog import NOTHING, Extra
from graph_service.derive.days import day_after, months_after
from graph_service.errors import ArgumentInvalid
from graph_service.services.areas import DIGITS, code_range, digits_of, unpadded
from graph_service.services.duties import Duty, in_force, named, of_villages, years_after_exit
from graph_service.services.viewing import Viewing
from graph_service.store.graph import Store

MOST = 1_000_000
"""As many rows as there are."""
START = ("", "", 0)


@dataclass(frozen=True, slots=True)
class Gap:
    """A duty not met; days are stored ones (YYYYMMDD). `household` is empty where the village itself lacks it.

    `since`: first day unmet, null where the register does not tell. `held_until`: the last holder's last day; `holder_left`: the
    first day on which the holder had left the post, held it in name only, or was dissolved or merged. `waiver`: what excepts it.
    `leader`: the county's leader of the village, in post. `more`: what was asked for besides.
    """

    village: str
    household: str
    duty: Duty
    reason: str
    since: int | None
    held_until: int | None
    holder_left: int | None
    cadre: str | None
    department: str | None
    leader: str | None
    mend_area: str
    waiver: str | None = None
    more: tuple[Any, ...] = ()

    @property
    def cursor(self) -> tuple[str, str, int]:
        return (self.village, self.household, self.duty.rank)

    @property
    def office(self) -> str:
        """Who has to mend it (DOMAIN §4): the village's county leader where one is in post, else the township or the
        county's office, for `mend_area`."""
        return "COUNTY_LEADER" if self.leader else {9: "TOWNSHIP", 6: "COUNTY_OFFICE"}[len(self.mend_area)]


@dataclass(frozen=True, slots=True)
class Share:
    """Of the subjects in an area that owe a duty (`eligible`), those that lack it (`missing`)."""

    area: str
    duty: Duty
    eligible: int
    missing: int
    more: tuple[Any, ...] = ()


@dataclass(frozen=True, slots=True)
class GapPage:
    gaps: tuple[Gap, ...]
    has_next: bool


@dataclass(frozen=True, slots=True)
class SharePage:
    shares: tuple[Share, ...]
    has_next: bool


def first_without(visited: int, months: int) -> int:
    """The first day whose last `months` months have no visit any more."""
    day = months_after(visited, months)
    while months_after(day, -months) <= visited:
        day = day_after(day)
    return day


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
    return {
        "year": as_of // 10000,
        "names": ["", *(duty.name for duty in sorted(named().values(), key=lambda duty: duty.rank))],
        "villageDuties": of_villages(wanted),
        "helperRank": rank("HELPER"),
        "visitRank": rank("VISIT"),
        "yearsAfterExit": years_after_exit(as_of),
        "visitedSince": months_after(as_of, -visit.months) if visit else as_of,
    }


def gaps(
    store: Store,
    viewing: Viewing,
    *,
    duties: Sequence[str] | None = None,
    reasons: Sequence[str] | None = None,
    waived: bool | None = None,
    first: int = 50,
    after: Sequence[str | int] = START,
    extra: Extra = NOTHING,
) -> GapPage:
    """One page of gaps, in order of (village, household, duty); only those that are excepted, or are not, where `waived` says so.
    One statement."""
    parameters = {
        **viewing.parameters(),
        **duty_parameters(duties, viewing.as_of),
        "reasons": list(reasons) if reasons else None,
        "waived": waived,
        "after": list(after),
        "limit": first + 1,
    }
    rows = store.ask("coverage/coverage_gaps", extra, **parameters)
    return GapPage(tuple(_gap(row, viewing.as_of) for row in rows[:first]), len(rows) > first)


def _gap(row: Sequence[Any], as_of: int) -> Gap:
    village, household, rank, reason, held_until, holder_left, last_held, last_left, *others = row
    cadre, department, leader, mend_area, poor_since, visited, waiver, *more = others
    duty = next(d for d in in_force(as_of) if d.rank == rank)
    lapsed = (last_left, last_held and day_after(last_held), visited and first_without(visited, duty.months))
    since = max(filter(None, (*lapsed, poor_since)), default=None)
    return Gap(
        village,
        household,
        duty,
        reason,
        since,
        held_until,
        holder_left,
        cadre,
        department,
        leader,
        mend_area,
        waiver,
        tuple(more),
    )


def require_below(area: str, by: str) -> None:
    """Raises `ArgumentInvalid` where an area has no areas of a level: its figures would stand under a larger one's name."""
    if len(unpadded(area)) > DIGITS.get(by, 0):
        levels = ", ".join(level for level, digits in DIGITS.items() if digits >= len(unpadded(area)))
        raise ArgumentInvalid(name="by", reason_zh=f"{area} 可用:{levels}", reason_en=f"for {area} one of {levels}")


def _moved(store: Store, viewing: Viewing, digits: int) -> list[list[str]]:
    """Return [first code, beyond, area of a level] of what was merged into another area of it; what was merged itself before what lies in
    what was."""
    moved = [(code, now) for code, now in viewing.departed(store) if code[:digits] != now[:digits]]
    return [[*code_range(code), now[:digits]] for code, now in sorted(moved, key=lambda one: (-len(one[0]), one))]


def summary(
    store: Store,
    viewing: Viewing,
    *,
    by: str,
    duties: Sequence[str] | None = None,
    reasons: Sequence[str] | None = None,
    waived: bool | None = None,
    first: int = MOST,
    after: Sequence[str | int] = ("", 0),
    extra: Extra = NOTHING,
) -> SharePage:
    """Missing of eligible for each area of level `by` (`""`: all together) and each duty, in order of both. One
    statement. What was merged into another area counts in that one from the day of the merger, as in `gaps`."""
    digits = digits_of(by) if by else 0
    parameters = {
        **viewing.parameters(),
        **duty_parameters(duties, viewing.as_of),
        "reasons": list(reasons) if reasons else None,
        "waived": waived,
        "digits": digits,
        "moved": _moved(store, viewing, digits),
        "after": list(after),
        "limit": first + 1,
    }
    known = {duty.rank: duty for duty in in_force(viewing.as_of)}
    rows = store.ask("coverage/coverage_summary", extra, **parameters)
    shares = (
        Share(area, known[rank], eligible, missing, tuple(more))
        for area, rank, eligible, missing, *more in rows[:first]
    )
    return SharePage(tuple(shares), len(rows) > first)
