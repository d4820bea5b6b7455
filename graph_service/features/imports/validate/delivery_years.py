"""Years of a delivery's cards and books: of several rows of one owner the last decides its home or its household."""

from __future__ import annotations

from collections.abc import Collection, Iterator, Sequence
from contextlib import suppress

from graph_service.core.cells.cell_days import parse_year
from graph_service.core.cells.cell_texts import CellNotUnderstood, CellRefused, cell_text
from graph_service.features.imports.read.matched_tables import MatchedTable
from graph_service.features.imports.validate.key_index import KeyIndex
from graph_service.platform.readers.cells import Cell

YEAR_COLUMNS = {"HouseholdYear.year", "PersonYear.year", "VillageYear.year"}


def years_by_sheet(matched_tables: Sequence[MatchedTable]) -> dict[str, set[int]]:
    """Return the years of the rows of each sheet of cards or books. Every table that has years is read once."""
    years: dict[str, set[int]] = {matched.sheet.name: set() for matched in matched_tables}
    for matched in matched_tables:
        years[matched.sheet.name].update(year for _, year in _rows_with_years(matched))
    return years


class LatestYears:
    """Latest rows of each owner in a delivery, by year. `sheet_years`: the years of each sheet; where a sheet has several, its
    tables are read once for it."""

    def __init__(
        self, matched_tables: Sequence[MatchedTable], sheet_years: dict[str, set[int]], keys: KeyIndex
    ) -> None:
        self._keys, self._years_by_sheet = keys, sheet_years
        for matched in matched_tables:
            name, position = matched.sheet.name, matched.positions.get(matched.sheet.key[0], -1)
            if len(sheet_years[name]) > 1 and position >= 0:
                keys.add_all(
                    name,
                    (
                        f"{year}!{cell_text(cells[position])}"
                        for cells, year in _rows_with_years(matched)
                        if position < len(cells)
                    ),
                )

    def years_of_sheet(self, sheet: str) -> set[int]:
        """Return the years of a sheet's rows."""
        return self._years_by_sheet[sheet]

    def latest_year(self, sheet: str, year: int) -> int:
        """Return the latest year of a sheet's rows until this year; this year where there is none."""
        return max((sheet_year for sheet_year in self._years_by_sheet[sheet] if sheet_year <= year), default=year)

    def is_latest(self, sheet: str, owner: str, year: int) -> bool:
        """Return True where no row of a later year has this owner."""
        later_keys = [f"{later_year}!{owner}" for later_year in self._years_by_sheet[sheet] if later_year > year]
        return not (later_keys and self._keys.find_known(sheet, later_keys))


def all_row_years(matched_tables: Sequence[MatchedTable]) -> set[int]:
    """Return the years on rows of any sheet: of a fund's budget, a dividend, a target."""
    return {
        year
        for matched in matched_tables
        for _, year in _rows_with_years(matched, {name for name in matched.positions if name.endswith(".year")})
    }


def _rows_with_years(
    matched: MatchedTable, columns: Collection[str] = YEAR_COLUMNS
) -> Iterator[tuple[list[Cell], int]]:
    positions = [position for name, position in matched.positions.items() if name in columns]
    for _, cells, hidden, fault in matched.rows() if positions else ():
        if hidden or fault:
            continue
        for position in positions:
            if position < len(cells):
                with suppress(CellRefused, CellNotUnderstood):
                    if year := parse_year(cells[position]):
                        yield cells, year
