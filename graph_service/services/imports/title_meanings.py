"""Columns of which nothing is read because of what titles and upper headers say of the year (docs/files.md)."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from graph_service.declare import Column, Kind
from graph_service.services.imports.column_owners import COLUMN_UNCLEAR
from graph_service.services.imports.column_places import Placement
from graph_service.services.imports.header_rows import Head, HeaderRows
from graph_service.services.imports.titles import years_in
from graph_service.services.imports.upper_headers import years_of_incomes


def refuse_other_years(
    placement: Placement,
    wanted: Mapping[str, Column],
    header: HeaderRows,
    head: Head,
    titled: tuple[int, int] | None,
    notes: Sequence[str],
) -> None:
    """Take out the columns above which another year stands than the table is of: 2015年收入 in the cards of 2016. `notes`: those that may
    say so of all incomes."""
    at = next((at for name, at in placement.places.items() if name.endswith(".year")), None)
    below = [texts for number, texts in head if number > header.last]
    year_texts = {text[:4] for texts in below if at is not None and at < len(texts) and (text := texts[at])}
    own = {titled[0]} if titled else set()
    years = {int(text) for text in year_texts if text.isdigit()} or own
    for name, place in list(placement.places.items()):
        above = years_in(header.upper(place, wanted[name].headers))
        if above and above != years:
            placement.refused[name] = (place,), COLUMN_UNCLEAR
            del placement.places[name]
    noted = set[int]().union(*map(years_of_incomes, notes))
    if noted and years and not noted & years:
        refuse_incomes(placement, wanted, {})


def refuse_incomes(placement: Placement, wanted: Mapping[str, Column], mapped: Mapping[str, tuple[str, ...]]) -> None:
    """Take out the incomes of a year, where a title says that they are something else and no mapping names them."""
    for name in placement.places.keys() - mapped.keys():
        if name.partition(".")[0].endswith("Year") and wanted[name].property.kind is Kind.YUAN:
            placement.refused[name] = (placement.places.pop(name),), COLUMN_UNCLEAR
