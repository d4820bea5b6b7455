"""Coverage: the villages and households that a duty of help does not reach on a day, and why."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from graph_service.core.areas import CODE_DIGITS, code_digits, code_range
from graph_service.core.duties import (
    Duty,
    duties_in_force,
    duty_parameters,
    first_day_without_visit,
)
from graph_service.core.query_scope import QueryScope
from graph_service.domain.area_paths import unpad_code
from graph_service.domain.days import day_after
from graph_service.errors import ArgumentInvalid
from graph_service.platform.catalog import NO_EXTRA_COLUMNS, ExtraColumns
from graph_service.platform.store.graph import Store

NO_LIMIT = 1_000_000
"""As many rows as there are."""
START_CURSOR = ("", "", 0)


@dataclass(frozen=True, slots=True)
class CoverageGap:
    """A duty not met; days are stored ones (YYYYMMDD). `household` is empty where the village itself lacks it.

    `since`: first day unmet, null where the register does not tell. `held_until`: the last holder's last day; `holder_left`: the
    first day on which the holder had left the post, held it in name only, or was dissolved or merged. `waiver`: what excepts it.
    `leader`: the county's leader of the village, in post. `extra_values`: what was asked for besides.
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
    office_area: str
    waiver: str | None = None
    extra_values: tuple[Any, ...] = ()

    @property
    def cursor(self) -> tuple[str, str, int]:
        return (self.village, self.household, self.duty.rank)

    @property
    def office(self) -> str:
        """Who has to mend it (DOMAIN §4): the village's county leader where one is in post, else the township or the
        county's office, for `mend_area`."""
        return "COUNTY_LEADER" if self.leader else {9: "TOWNSHIP", 6: "COUNTY_OFFICE"}[len(self.office_area)]


@dataclass(frozen=True, slots=True)
class CoverageShare:
    """Of the subjects in an area that owe a duty (`eligible`), those that lack it (`missing`)."""

    area: str
    duty: Duty
    eligible: int
    missing: int
    extra_values: tuple[Any, ...] = ()


@dataclass(frozen=True, slots=True)
class CoverageGapPage:
    gaps: tuple[CoverageGap, ...]
    has_next: bool


@dataclass(frozen=True, slots=True)
class CoverageSharePage:
    shares: tuple[CoverageShare, ...]
    has_next: bool


def gaps(
    store: Store,
    scope: QueryScope,
    *,
    duties: Sequence[str] | None = None,
    reasons: Sequence[str] | None = None,
    waived: bool | None = None,
    first: int = 50,
    after: Sequence[str | int] = START_CURSOR,
    extra: ExtraColumns = NO_EXTRA_COLUMNS,
) -> CoverageGapPage:
    """One page of gaps, in order of (village, household, duty); only those that are excepted, or are not, where `waived` says so.
    One statement."""
    parameters = {
        **scope.parameters(),
        **duty_parameters(duties, scope.as_of),
        "reasons": list(reasons) if reasons else None,
        "waived": waived,
        "after": list(after),
        "limit": first + 1,
    }
    rows = store.query("coverage/coverage_gaps", extra, **parameters)
    return CoverageGapPage(tuple(_decode_gap(row, scope.as_of) for row in rows[:first]), len(rows) > first)


def _decode_gap(row: Sequence[Any], as_of: int) -> CoverageGap:
    village, household, rank, reason, held_until, holder_left, last_held, last_left, *others = row
    cadre, department, leader, mend_area, poor_since, visited, waiver, *more = others
    duty = next(d for d in duties_in_force(as_of) if d.rank == rank)
    lapsed = (last_left, last_held and day_after(last_held), visited and first_day_without_visit(visited, duty.months))
    since = max(filter(None, (*lapsed, poor_since)), default=None)
    return CoverageGap(
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


def require_level_below(area: str, by: str) -> None:
    """Raises `ArgumentInvalid` where an area has no areas of a level: its figures would stand under a larger one's name."""
    if len(unpad_code(area)) > CODE_DIGITS.get(by, 0):
        levels = ", ".join(level for level, digits in CODE_DIGITS.items() if digits >= len(unpad_code(area)))
        raise ArgumentInvalid(name="by", reason_zh=f"{area} 可用:{levels}", reason_en=f"for {area} one of {levels}")


def _merged_ranges(store: Store, scope: QueryScope, digits: int) -> list[list[str]]:
    """Return [first code, beyond, area of a level] of what was merged into another area of it; what was merged itself before what lies in
    what was."""
    moved = [(code, now) for code, now in scope.areas_merged_away(store) if code[:digits] != now[:digits]]
    return [[*code_range(code), now[:digits]] for code, now in sorted(moved, key=lambda one: (-len(one[0]), one))]


def summary(
    store: Store,
    scope: QueryScope,
    *,
    by: str,
    duties: Sequence[str] | None = None,
    reasons: Sequence[str] | None = None,
    waived: bool | None = None,
    first: int = NO_LIMIT,
    after: Sequence[str | int] = ("", 0),
    extra: ExtraColumns = NO_EXTRA_COLUMNS,
) -> CoverageSharePage:
    """Missing of eligible for each area of level `by` (`""`: all together) and each duty, in order of both. One
    statement. What was merged into another area counts in that one from the day of the merger, as in `gaps`."""
    digits = code_digits(by) if by else 0
    parameters = {
        **scope.parameters(),
        **duty_parameters(duties, scope.as_of),
        "reasons": list(reasons) if reasons else None,
        "waived": waived,
        "digits": digits,
        "moved": _merged_ranges(store, scope, digits),
        "after": list(after),
        "limit": first + 1,
    }
    known = {duty.rank: duty for duty in duties_in_force(scope.as_of)}
    rows = store.query("coverage/coverage_summary", extra, **parameters)
    shares = (
        CoverageShare(area, known[rank], eligible, missing, tuple(more))
        for area, rank, eligible, missing, *more in rows[:first]
    )
    return CoverageSharePage(tuple(shares), len(rows) > first)
