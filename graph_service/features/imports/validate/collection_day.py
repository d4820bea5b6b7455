"""The day of a collection, where its delivery does not state it (docs/reference/files.md)."""

from __future__ import annotations

from collections.abc import Sequence

from graph_service.core import query_scope
from graph_service.core.cells.cell_days import MIN_YEAR
from graph_service.domain.days import today
from graph_service.errors import ArgumentInvalid, DayUnknown
from graph_service.features.imports.read.matched_tables import MatchedTable
from graph_service.features.imports.validate.delivery_years import YEAR_COLUMNS, all_row_years


def require_valid_day(day: int) -> None:
    """Raise `ArgumentInvalid` for a day on which no collection can be."""
    latest_year = today() // 10000
    if not MIN_YEAR <= day // 10000 <= latest_year:
        raise ArgumentInvalid(
            name="day",
            reason_zh=f"采集日应在 {MIN_YEAR} 年至 {latest_year} 年之间。请更正。",
            reason_en=f"The day of a collection must be in the years {MIN_YEAR} to {latest_year}. Correct it.",
        )


def collection_day(
    matched_tables: Sequence[MatchedTable],
    years_by_sheet: dict[str, set[int]],
    last_version: query_scope.DataVersion | None,
) -> int:
    """Return 31 December of the latest year on cards and books, future years left out; without any, the latest day in a title;
    without one, the day of the last collection; without one, 31 December of the latest year on other rows. Cards and books without
    any year do not take the day of the last collection. Raises `DayUnknown`."""
    this_year = today() // 10000
    latest_year = max((year for years in years_by_sheet.values() for year in years if year <= this_year), default=0)
    if latest_year > MIN_YEAR:
        return latest_year * 10000 + 1231
    title_day = max((matched.day for matched in matched_tables if matched.day // 10000 <= this_year), default=0)
    if title_day:
        return title_day
    if last_version is not None and not any(map(_has_undated_records, matched_tables)):
        return last_version.latest_day
    latest_year = max((year for year in all_row_years(matched_tables) if MIN_YEAR < year <= this_year), default=0)
    if latest_year:
        return latest_year * 10000 + 1231
    raise DayUnknown(sheets="、".join(dict.fromkeys(matched.sheet.name for matched in matched_tables)))


def _has_undated_records(matched: MatchedTable) -> bool:
    """Return True where a table has cards or books and gives no year for them."""
    is_yearly = any(name in YEAR_COLUMNS for name in matched.sheet.key)
    return is_yearly and not matched.year and not any(name in YEAR_COLUMNS for name in matched.positions)
