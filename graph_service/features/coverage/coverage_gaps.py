"""Coverage of duties of help: villages and households whose duties are not met on a day, with the reason."""

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
"""Page size that returns all rows."""
START_CURSOR = ("", "", 0)


@dataclass(frozen=True, slots=True)
class CoverageGap:
    """A duty that is not met; days as YYYYMMDD. `household` is empty where the village itself lacks the duty.

    `since`: first day unmet, None where the register does not tell. `held_until`: the last holder's last day; `holder_left`: the
    first day on which the holder had left the post, held it in name only, or was dissolved or merged. `waiver`: the waiver of the gap.
    `leader`: the county's leader of the village, in post. `extra_values`: values of the extra columns.
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
        """Return the office that has to mend the gap (DOMAIN §4): the village's county leader where one is in post, else the township or
        the county's office, for `office_area`."""
        return "COUNTY_LEADER" if self.leader else {9: "TOWNSHIP", 6: "COUNTY_OFFICE"}[len(self.office_area)]


@dataclass(frozen=True, slots=True)
class CoverageShare:
    """Number of subjects in an area that owe a duty (`eligible`), and of those that lack it (`missing`)."""

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
    """Return one page of gaps, in order of (village, household, duty); `waived` limits it to the gaps that are waived, or are not.
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
    village, household, rank, reason, held_until, holder_left, last_held, last_left, *other_columns = row
    cadre, department, leader, mend_area, poor_since, last_visit, waiver, *extra_values = other_columns
    duty = next(duty for duty in duties_in_force(as_of) if duty.rank == rank)
    lapse_days = (
        last_left,
        last_held and day_after(last_held),
        last_visit and first_day_without_visit(last_visit, duty.months),
    )
    since = max(filter(None, (*lapse_days, poor_since)), default=None)
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
        tuple(extra_values),
    )


def require_level_below(area: str, by: str) -> None:
    """Raise `ArgumentInvalid` where an area has no areas of a level: its figures would be shown under the name of a larger area."""
    if len(unpad_code(area)) > CODE_DIGITS.get(by, 0):
        levels = ", ".join(level for level, digits in CODE_DIGITS.items() if digits >= len(unpad_code(area)))
        raise ArgumentInvalid(
            name="by", reason_zh=f"区划 {area} 可用：{levels}", reason_en=f"for area {area} it must be one of {levels}"
        )


def _merged_ranges(store: Store, scope: QueryScope, digits: int) -> list[dict[str, str]]:
    """Return the codes of each area merged into another area of the level: the first, the one beyond the last, and the area. Longer codes
    come first: the merger of an area itself precedes that of an area around it."""
    merged_codes = [
        (code, new_code) for code, new_code in scope.areas_merged_away(store) if code[:digits] != new_code[:digits]
    ]
    return [
        {"first_code": first_code, "beyond_code": beyond_code, "area": new_code[:digits]}
        for code, new_code in sorted(merged_codes, key=lambda codes: (-len(codes[0]), codes))
        for first_code, beyond_code in [code_range(code)]
    ]


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
    """Return missing of eligible for each area of level `by` (`""`: all together) and each duty, in order of both. One statement.

    A merged area counts in the area that it was merged into from the day of the merger, as in `gaps`.
    """
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
    duties_by_rank = {duty.rank: duty for duty in duties_in_force(scope.as_of)}
    rows = store.query("coverage/coverage_summary", extra, **parameters)
    shares = (
        CoverageShare(area, duties_by_rank[rank], eligible, missing, tuple(extra_values))
        for area, rank, eligible, missing, *extra_values in rows[:first]
    )
    return CoverageSharePage(tuple(shares), len(rows) > first)
