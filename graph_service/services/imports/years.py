"""The years of a delivery's cards and books: of several rows of one owner the last tells where it lives and whom it belongs to."""

from __future__ import annotations

from collections.abc import Collection, Iterator, Sequence
from contextlib import suppress

from graph_service.derive.cell_days import year_of
from graph_service.derive.cell_texts import CellRefused, NotUnderstood, text_of
from graph_service.readers.cells import Cell
from graph_service.services.imports.keys import Keys
from graph_service.services.imports.matched import Matched

YEARS = {"HouseholdYear.year", "PersonYear.year", "VillageYear.year"}


def years(matched: Sequence[Matched]) -> dict[str, set[int]]:
    """The years of the rows of each sheet: of which there are cards or books. Every table that has years is read once."""
    found: dict[str, set[int]] = {one.sheet.name: set() for one in matched}
    for one in matched:
        found[one.sheet.name].update(year for _, year in _rows(one))
    return found


class Last:
    """Whether a row is the last of its owner in a delivery, by year. `told`: the years of each sheet; where it has several, its
    tables are read once for it."""

    def __init__(self, matched: Sequence[Matched], told: dict[str, set[int]], keys: Keys) -> None:
        self._keys, self._years = keys, told
        for one in matched:
            name, at = one.sheet.name, one.places.get(one.sheet.key[0], -1)
            if len(told[name]) > 1 and at >= 0:
                keys.add_all(name, (f"{year}!{text_of(cells[at])}" for cells, year in _rows(one) if at < len(cells)))

    def years(self, sheet: str) -> set[int]:
        """The years of a sheet's rows."""
        return self._years[sheet]

    def latest(self, sheet: str, year: int) -> int:
        """The latest year of a sheet's rows until this one; this one where they have none."""
        return max((one for one in self._years[sheet] if one <= year), default=year)

    def is_last(self, sheet: str, owner: str, year: int) -> bool:
        """Whether no row of a later year has this owner."""
        later = [f"{other}!{owner}" for other in self._years[sheet] if other > year]
        return not (later and self._keys.known(sheet, later))


def row_years(matched: Sequence[Matched]) -> set[int]:
    """Return the years that rows of any sheet are of: of a fund's budget, a dividend, a target."""
    return {year for one in matched for _, year in _rows(one, {n for n in one.places if n.endswith(".year")})}


def _rows(one: Matched, columns: Collection[str] = YEARS) -> Iterator[tuple[list[Cell], int]]:
    places = [at for name, at in one.places.items() if name in columns]
    for _, cells, hidden, fault in one.rows() if places else ():
        if hidden or fault:
            continue
        for at in places:
            if at < len(cells):
                with suppress(CellRefused, NotUnderstood):
                    if year := year_of(cells[at]):
                        yield cells, year
