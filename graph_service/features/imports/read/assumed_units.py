"""Amounts read as yuan because no unit is stated for them, although others are in another unit (docs/reference/files.md)."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import replace

from graph_service.core.cells.cell_numbers import property_dimension
from graph_service.core.cells.units import MONEY, stated_unit
from graph_service.features.imports.read.left_out_parts import LeftOutPart
from graph_service.features.imports.read.matched_tables import MatchedTable
from graph_service.features.imports.read.name_columns import sheet_columns

UNIT_ASSUMED = "UNIT_ASSUMED"


def mark_assumed_units(matched_tables: Iterable[MatchedTable]) -> Iterator[MatchedTable]:
    """Yield the tables, with the columns to be verified where other amounts of the table, or of another table of the
    same sheet, are in 万元."""
    tables = list(matched_tables)
    scaled_sheets = {
        matched.sheet.name for matched in tables if any(_is_scaled(matched, name) for name in _amount_columns(matched))
    }
    for matched in tables:
        columns = _columns_without_unit(matched) if matched.sheet.name in scaled_sheets else ()
        yield replace(matched, unused=(*matched.unused, *columns)) if columns else matched


def _amount_columns(matched: MatchedTable) -> list[str]:
    columns = sheet_columns(matched.sheet.name)
    return [name for name in matched.positions if property_dimension(columns[name].property) == MONEY]


def _is_scaled(matched: MatchedTable, column: str) -> bool:
    unit = matched.units.get(column)
    return unit is not None and unit.factor != 1


def _columns_without_unit(matched: MatchedTable) -> tuple[LeftOutPart, ...]:
    texts = {matched.header_texts[name]: None for name in _amount_columns(matched) if name not in matched.units}
    return tuple(
        LeftOutPart(matched.table.file, matched.table.name, UNIT_ASSUMED, column=text)
        for text in texts
        if not stated_unit(text)
    )
