"""The years of a delivery's cards and books: of several rows of one owner the last tells where it lives and whom it belongs to."""

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
    """The years of the rows of each sheet: of which there are cards or books. Every table that has years is read once."""
    found: dict[str, set[int]] = {one.sheet.name: set() for one in matched_tables}
    for one in matched_tables:
        found[one.sheet.name].update(year for _, year in _rows_with_years(one))
    return found


class LatestYears:
    """Whether a row is the last of its owner in a delivery, by year. `sheet_years`: the years of each sheet; where it has several, its
    tables are read once for it."""

    def __init__(
        self, matched_tables: Sequence[MatchedTable], sheet_years: dict[str, set[int]], keys: KeyIndex
    ) -> None:
        self._keys, self._years_by_sheet = keys, sheet_years
        for one in matched_tables:
            name, at = one.sheet.name, one.positions.get(one.sheet.key[0], -1)
            if len(sheet_years[name]) > 1 and at >= 0:
                keys.add_all(
                    name, (f"{year}!{cell_text(cells[at])}" for cells, year in _rows_with_years(one) if at < len(cells))
                )

    def years_of_sheet(self, sheet: str) -> set[int]:
        """The years of a sheet's rows."""
        return self._years_by_sheet[sheet]

    def latest_year(self, sheet: str, year: int) -> int:
        """The latest year of a sheet's rows until this one; this one where they have none."""
        return max((one for one in self._years_by_sheet[sheet] if one <= year), default=year)

    def is_latest(self, sheet: str, owner: str, year: int) -> bool:
        """Whether no row of a later year has this owner."""
        later = [f"{other}!{owner}" for other in self._years_by_sheet[sheet] if other > year]
        return not (later and self._keys.find_known(sheet, later))


def all_row_years(matched_tables: Sequence[MatchedTable]) -> set[int]:
    """Return the years that rows of any sheet are of: of a fund's budget, a dividend, a target."""
    return {
        year
        for one in matched_tables
        for _, year in _rows_with_years(one, {n for n in one.positions if n.endswith(".year")})
    }


def _rows_with_years(
    matched: MatchedTable, columns: Collection[str] = YEAR_COLUMNS
) -> Iterator[tuple[list[Cell], int]]:
    places = [at for name, at in matched.positions.items() if name in columns]
    for _, cells, hidden, fault in matched.rows() if places else ():
        if hidden or fault:
            continue
        for at in places:
            if at < len(cells):
                with suppress(CellRefused, CellNotUnderstood):
                    if year := parse_year(cells[at]):
                        yield cells, year
