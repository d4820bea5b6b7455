"""Amounts that are taken as yuan because nothing states a unit of them, where others are in another one (docs/files.md)."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import replace

from graph_service.derive.cell_numbers import dimension_of
from graph_service.derive.units import MONEY, stated_unit
from graph_service.services.imports.left_out import LeftOut
from graph_service.services.imports.matched import Matched
from graph_service.services.imports.name_columns import sheet_columns

UNIT_ASSUMED = "UNIT_ASSUMED"


def assumed_units(matched: Iterable[Matched]) -> Iterator[Matched]:
    """Yield the tables with the columns to be verified: other amounts of the table, or of another table of the same sheet, are in 万元."""
    tables = list(matched)
    scaled = {one.sheet.name for one in tables if any(_is_scaled(one, name) for name in _amounts(one))}
    for one in tables:
        columns = _without_unit(one) if one.sheet.name in scaled else ()
        yield replace(one, unused=(*one.unused, *columns)) if columns else one


def _amounts(matched: Matched) -> list[str]:
    columns = sheet_columns(matched.sheet.name)
    return [name for name in matched.places if dimension_of(columns[name].property) == MONEY]


def _is_scaled(matched: Matched, name: str) -> bool:
    unit = matched.units.get(name)
    return unit is not None and unit.factor != 1


def _without_unit(matched: Matched) -> tuple[LeftOut, ...]:
    texts = {matched.shown[name]: None for name in _amounts(matched) if name not in matched.units}
    return tuple(
        LeftOut(matched.table.file, matched.table.name, UNIT_ASSUMED, column=text)
        for text in texts
        if not stated_unit(text)
    )
