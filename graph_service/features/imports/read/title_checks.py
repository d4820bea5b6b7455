"""Columns of which nothing is read because of what titles and upper headers say of the year (docs/files.md)."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from graph_service.domain.metamodel import PropertyKind, SheetColumn
from graph_service.features.imports.read.column_owners import COLUMN_UNCLEAR
from graph_service.features.imports.read.column_placement import ColumnPlacement
from graph_service.features.imports.read.header_rows import FirstRows, HeaderRows
from graph_service.features.imports.read.titles import years_in
from graph_service.features.imports.read.upper_headers import income_years


def refuse_other_years(
    placement: ColumnPlacement,
    columns: Mapping[str, SheetColumn],
    header: HeaderRows,
    head: FirstRows,
    titled: tuple[int, int] | None,
    notes: Sequence[str],
) -> None:
    """Take out the columns above which another year stands than the table is of: 2015年收入 in the cards of 2016. `notes`: those that may
    say so of all incomes."""
    at = next((at for name, at in placement.positions.items() if name.endswith(".year")), None)
    below = [texts for number, texts in head if number > header.last_row]
    year_texts = {text[:4] for texts in below if at is not None and at < len(texts) and (text := texts[at])}
    own = {titled[0]} if titled else set()
    years = {int(text) for text in year_texts if text.isdigit()} or own
    for name, place in list(placement.positions.items()):
        above = years_in(header.upper_text(place, columns[name].headers))
        if above and above != years:
            placement.unusable[name] = (place,), COLUMN_UNCLEAR
            del placement.positions[name]
    noted = set[int]().union(*map(income_years, notes))
    if noted and years and not noted & years:
        refuse_incomes(placement, columns, {})


def refuse_incomes(
    placement: ColumnPlacement, columns: Mapping[str, SheetColumn], mapped_headers: Mapping[str, tuple[str, ...]]
) -> None:
    """Take out the incomes of a year, where a title says that they are something else and no mapping names them."""
    for name in placement.positions.keys() - mapped_headers.keys():
        if name.partition(".")[0].endswith("Year") and columns[name].property.kind is PropertyKind.YUAN:
            placement.unusable[name] = (placement.positions.pop(name),), COLUMN_UNCLEAR
