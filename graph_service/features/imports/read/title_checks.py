"""Columns that are not read because titles or upper headers state another year (docs/reference/files.md)."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from graph_service.domain.metamodel import PropertyKind, SheetColumn
from graph_service.features.imports.read.column_owners import COLUMN_UNCLEAR
from graph_service.features.imports.read.column_placement import ColumnPlacement, UnusableColumn
from graph_service.features.imports.read.header_rows import HeaderRows, TextRow
from graph_service.features.imports.read.titles import years_in
from graph_service.features.imports.read.upper_headers import income_years


def refuse_other_years(
    placement: ColumnPlacement,
    columns: Mapping[str, SheetColumn],
    header: HeaderRows,
    head: Sequence[TextRow],
    titled: tuple[int, int] | None,
    notes: Sequence[str],
) -> None:
    """Remove the columns above which another year stands than that of the table: 2015年收入 in the cards of 2016.
    `notes`: notes that may state another year for all incomes."""
    year_position = next(
        (year_position for name, year_position in placement.positions.items() if name.endswith(".year")), None
    )
    rows_below = [texts for number, texts in head if number > header.last_row]
    year_texts = {
        text[:4]
        for texts in rows_below
        if year_position is not None and year_position < len(texts) and (text := texts[year_position])
    }
    title_years = {titled[0]} if titled else set()
    years = {int(text) for text in year_texts if text.isdigit()} or title_years
    for name, position in list(placement.positions.items()):
        upper_years = years_in(header.upper_text(position, columns[name].headers))
        if upper_years and upper_years != years:
            placement.unusable[name] = UnusableColumn((position,), COLUMN_UNCLEAR)
            del placement.positions[name]
    noted_years = set[int]().union(*map(income_years, notes))
    if noted_years and years and not noted_years & years:
        refuse_incomes(placement, columns, {})


def refuse_incomes(
    placement: ColumnPlacement, columns: Mapping[str, SheetColumn], mapped_headers: Mapping[str, tuple[str, ...]]
) -> None:
    """Remove the incomes of a year, where a title states that they are something else and no mapping names them."""
    for name in placement.positions.keys() - mapped_headers.keys():
        if name.partition(".")[0].endswith("Year") and columns[name].property.kind is PropertyKind.YUAN:
            placement.unusable[name] = UnusableColumn((placement.positions.pop(name),), COLUMN_UNCLEAR)
