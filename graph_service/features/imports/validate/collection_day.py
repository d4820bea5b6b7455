"""Of which day a collection is, where its delivery does not say (docs/files.md)."""

from __future__ import annotations

from collections.abc import Sequence

from graph_service.core import query_scope
from graph_service.core.cells.cell_days import MIN_YEAR
from graph_service.domain.days import today
from graph_service.errors import ArgumentInvalid, DayUnknown
from graph_service.features.imports.read.matched_tables import MatchedTable
from graph_service.features.imports.validate.delivery_years import YEAR_COLUMNS, all_row_years


def require_valid_day(day: int) -> None:
    """Raises `ArgumentInvalid` for a day that no collection is of."""
    latest = today() // 10000
    if not MIN_YEAR <= day // 10000 <= latest:
        raise ArgumentInvalid(
            name="day",
            reason_zh=f"采集日应在 {MIN_YEAR} 至 {latest} 年之间",
            reason_en=f"a collection is of a day between {MIN_YEAR} and {latest}",
        )


def collection_day(
    matched_tables: Sequence[MatchedTable],
    years_by_sheet: dict[str, set[int]],
    last_version: query_scope.DataVersion | None,
) -> int:
    """31 December of the latest year on cards and books, those of years to come left out; without any, the latest day that a title
    names; without one, the day of the last collection; without one, of the latest year on other rows. Cards and books of which nothing
    says the year are not those of the last collection. Raises `DayUnknown`."""
    this_year = today() // 10000
    latest = max((year for some in years_by_sheet.values() for year in some if year <= this_year), default=0)
    if latest > MIN_YEAR:
        return latest * 10000 + 1231
    titled = max((one.day for one in matched_tables if one.day // 10000 <= this_year), default=0)
    if titled:
        return titled
    if last_version is not None and not any(map(_has_undated_records, matched_tables)):
        return last_version.latest_day
    latest = max((year for year in all_row_years(matched_tables) if MIN_YEAR < year <= this_year), default=0)
    if latest:
        return latest * 10000 + 1231
    raise DayUnknown(sheets="、".join(dict.fromkeys(one.sheet.name for one in matched_tables)))


def _has_undated_records(matched: MatchedTable) -> bool:
    """Whether a table has cards or books and says of no year that it is theirs."""
    is_yearly = any(name in YEAR_COLUMNS for name in matched.sheet.key)
    return is_yearly and not matched.year and not any(name in YEAR_COLUMNS for name in matched.positions)
