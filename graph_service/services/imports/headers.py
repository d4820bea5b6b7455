"""Under which headers rows of a delivery are written, so that an import reads them again without a mapping."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator
from dataclasses import dataclass

from graph_service.declare import Column, Kind
from graph_service.derive.cell_numbers import is_measured
from graph_service.derive.units import headings as header_readings
from graph_service.derive.units import is_unit, stated_unit
from graph_service.services.imports.header_rows import NOTE
from graph_service.services.imports.mapping_rules import HeaderMapping
from graph_service.services.imports.matched import Matched
from graph_service.services.imports.matching import REFUSED_FOR, REFUSED_KEY, placed
from graph_service.services.imports.missing_columns import missing_columns
from graph_service.services.imports.name_columns import name_columns, sheet_columns, usual_beside

NOWHERE = 1_000_000
"""The place of the first column that a table lacks."""
REASONS = (
    f"{NOTE}原文件",
    f"{NOTE}原行号",
    REFUSED_KEY,
    REFUSED_FOR,
    f"{NOTE}原因",
    f"{NOTE}Reason",
    f"{NOTE}列 Column",
)
"""What is written to the right of refused rows: file, row, number, code, reason in both languages, the column concerned."""


@dataclass(frozen=True, slots=True)
class Heading:
    """A column that is written: its header, the place of its cells in a delivered row, whether they are texts."""

    header: str
    place: int
    textual: bool


@dataclass(frozen=True, slots=True)
class Headings:
    """The name of the sheet and its columns; `mapped`: only with the mapping of the delivery are they read again."""

    sheet: str
    columns: tuple[Heading, ...]
    mapped: bool = False


def headings(matched: Matched) -> Headings:
    """The delivered headers where they are recognised by default, else the model's; columns that were not used become notes.

    Where the model has no header that says the same (an amount in another unit, two columns that it takes for one), table and
    headers stay as they were delivered.
    """
    delivered = tuple(_delivered(matched))
    # The year that a title names is read again from the name of the sheet.
    sheet = f"{matched.sheet.name}({matched.year})" if matched.year else matched.sheet.name
    for some in (delivered, tuple(_usual(matched))):
        if _recognised(matched, some):
            return Headings(sheet, (*some, *_missing(matched)))
    return Headings(matched.table.name, delivered, mapped=True)


def _missing(matched: Matched) -> Iterator[Heading]:
    """Columns that the table lacks, empty, so that they can be filled in; their places are beyond those of all cells."""
    wanted = sheet_columns(matched.sheet.name)
    for at, name in enumerate(missing_columns(matched.sheet.name, matched.places)):
        yield Heading(wanted[name].headers[0], NOWHERE + at, _textual([wanted[name]]))


def _recognised(matched: Matched, some: tuple[Heading, ...]) -> bool:
    wanted = sheet_columns(matched.sheet.name)
    placement = placed([one.header for one in some], matched.sheet, wanted, HeaderMapping())
    places = {name: some[at].place for name, at in placement.places.items()}
    same_units = all(
        (unit := placement.units.get(name)) is not None and unit.factor == stated.factor
        for name, stated in matched.units.items()
    )
    unstated = all(name in matched.units for name in placement.units if _is_rate(wanted[name]))
    # A name that is looked up in other areas than before would be another one.
    beside = name_columns(matched.sheet.name, [one.header for one in some], placement.places).used
    narrowing = {some[at].place for at in beside} == matched.narrowing
    return places == matched.places and same_units and unstated and narrowing


def _delivered(matched: Matched) -> Iterator[Heading]:
    named = _named(matched)
    for place, header in enumerate(matched.header):
        if place in named:
            yield Heading(header + _unit_of_note(matched, header, place), place, _textual([c for _, c in named[place]]))
        else:
            yield from _note(matched, header, place)


def _unit_of_note(matched: Matched, header: str, place: int) -> str:
    """The unit of a column that a title or note states, as its header will state it."""
    units = {matched.units[name].name for name, at in matched.places.items() if at == place and name in matched.units}
    return f"({units.pop()})" if len(units) == 1 and not stated_unit(header) else ""


def _is_rate(column: Column) -> bool:
    return column.property.kind is Kind.RATE


def _usual(matched: Matched) -> Iterator[Heading]:
    named = _named(matched)
    for place, header in enumerate(matched.header):
        if place not in named:
            yield from _note(matched, usual_beside(header) if place in matched.narrowing else header, place)
        for usual in dict.fromkeys(_header(matched, name, column) for name, column in named.get(place, ())):
            yield Heading(usual, place, _textual([column for _, column in named[place]]))


def _named(matched: Matched) -> dict[int, list[tuple[str, Column]]]:
    """The columns that are read at each place."""
    wanted = sheet_columns(matched.sheet.name)
    found: dict[int, list[tuple[str, Column]]] = defaultdict(list)
    for name, place in matched.places.items():
        found[place].append((name, wanted[name]))
    return dict(found)


def _header(matched: Matched, name: str, column: Column) -> str:
    """The first usual header of a column; of a measured one with the unit that was delivered."""
    usual, unit = column.headers[0], matched.units.get(name)
    if not is_measured(column.property) or (unit is None and not _is_rate(column)):
        return usual
    base = next((reading.base for reading in header_readings(usual) if reading.unit and is_unit(reading.unit)), usual)
    return f"{base}({unit.name})" if unit is not None else base


def _note(matched: Matched, header: str, place: int) -> Iterator[Heading]:
    """A column of which nothing is read; what rows were refused for before is not told again. What tells of whom a name is stays what it
    is."""
    if place in matched.narrowing:
        yield Heading(header, place, textual=False)
    elif header not in REASONS:
        yield Heading(f"{NOTE}{header}" if header and not header.startswith(NOTE) else header, place, textual=False)


def _textual(some: list[Column]) -> bool:
    return any(column.property.kind is Kind.TEXT for column in some)
