"""Amounts, rates and counts as registers write them, with their units (docs/reference/files.md)."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Callable
from datetime import date
from decimal import Decimal

from graph_service.core.cells.cell_texts import CellNotUnderstood, CellRefused, cell_text, is_filler
from graph_service.core.cells.units import (
    MONEY,
    RATE,
    UNITS,
    Unit,
    unit_of,
)
from graph_service.domain.metamodel import Property, PropertyKind
from graph_service.platform.readers.cells import Cell

MAX_NUMBER = Decimal(10) ** 13
_QUANTITY = re.compile(
    r"^(?P<sign>[-+]?)(?P<mark>¥|人民币|rmb|cny)?(?P<inner>[-+]?)(?P<digits>\d{1,3}(?:,\d{3})+|\d+)?(?P<part>\.\d*)?(?P<unit>[^\d.,\s].*)?$",
    re.IGNORECASE,
)


def parse_quantity(cell: Cell) -> tuple[Decimal | None, str]:
    """Return (number, the unit in the cell, empty where it has none). Raises `CellRefused`, `CellNotUnderstood`."""
    if cell is None:
        return None, ""
    if isinstance(cell, (bool, date)):
        raise CellRefused("NUMBER_INVALID")
    if isinstance(cell, (int, float)):
        number, unit = Decimal(format(cell, ".15g") if isinstance(cell, float) else cell), ""
        if not number.is_finite():
            raise CellRefused("NUMBER_INVALID")
    else:
        text = cell_text(cell)
        if text is None:
            return None, ""
        if is_filler(text):
            raise CellNotUnderstood("CELL_FILLER")
        match = _QUANTITY.match(text.replace("\u2212", "-").replace(" ", "") if _is_safely_spaced(text) else text)
        # NFKC turns ² and ½ into digits: no amount is written with them.
        if (
            match is None
            or not (match["digits"] or match["part"])
            or (match["sign"] and match["inner"])
            or _has_superscript(cell)
        ):
            raise CellRefused("NUMBER_INVALID")
        digits, part = (match["digits"] or "0").replace(",", ""), match["part"] or ""
        number = Decimal(f"{match['sign']}{match['inner']}{digits}{part}".rstrip(".") or "0")
        unit = match["unit"] or ("元" if match["mark"] else "")
        if match["mark"] and match["unit"] and unit_of(match["unit"], MONEY) is None:
            raise CellRefused("NUMBER_INVALID")
    if abs(number) > MAX_NUMBER:
        raise CellRefused("NUMBER_INVALID")
    return number, unit


def _is_safely_spaced(text: str) -> bool:
    """Return True where the blanks of an amount stand only between sign, number and unit, never between digits."""
    return re.search(r"[\d.,]\s+[\d.,]", text) is None


def _has_superscript(cell: Cell) -> bool:
    return isinstance(cell, str) and not cell.isascii() and any(unicodedata.category(c) == "No" for c in cell)


def property_dimension(property_: Property) -> str:
    """Return the dimension of a property's numbers; empty where a register states no unit for it."""
    if property_.kind is PropertyKind.YUAN:
        return MONEY
    if property_.kind is PropertyKind.RATE:
        return RATE
    if property_.kind not in (PropertyKind.INTEGER, PropertyKind.NUMBER, PropertyKind.SHARES) or not property_.unit:
        return ""
    return next(dimension for dimension, units in UNITS.items() if dimension != MONEY and property_.unit in units)


def default_unit(property_: Property) -> Unit | None:
    """Return the unit of a property's cells where neither header nor cell states one."""
    dimension = property_dimension(property_)
    unit_name = property_.unit or {MONEY: "元", RATE: "%"}.get(dimension, "")
    return UNITS[dimension][unit_name] if dimension else None


def is_measured(property_: Property) -> bool:
    """Return True where a property's cells are numbers that may have a unit."""
    return property_.kind in (
        PropertyKind.YUAN,
        PropertyKind.RATE,
        PropertyKind.INTEGER,
        PropertyKind.NUMBER,
        PropertyKind.SHARES,
    )


def number_parser(property_: Property, column_unit: Unit | None) -> Callable[[Cell], Decimal | None]:
    """Return a parser of numbers in the base unit of their dimension. `column_unit`: the unit of the column."""
    dimension, usual_unit, is_rate = (
        property_dimension(property_),
        default_unit(property_),
        property_.kind is PropertyKind.RATE,
    )
    factor = (column_unit or usual_unit or Unit("", "", Decimal(1))).factor

    def measure(cell: Cell) -> Decimal | None:
        number, unit = parse_quantity(cell)
        if number is None:
            return None
        if unit:
            cell_unit = unit_of(unit, dimension) if dimension else None
            if cell_unit is None:
                # A unit of another dimension, or no unit at all: 6% of an amount, about 500, 500 or so.
                is_known_unit = any(unit_of(unit, any_dimension) for any_dimension in UNITS)
                raise CellNotUnderstood("CELL_UNIT") if is_known_unit else CellRefused("NUMBER_INVALID")
            return number * cell_unit.factor
        if is_rate and column_unit is None and 0 < number <= 1:
            raise CellNotUnderstood("RATE_AMBIGUOUS")
        return number * factor

    return measure
