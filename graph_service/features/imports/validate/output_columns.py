"""Under which headers rows of a delivery are written, so that an import reads them again without a mapping."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator
from dataclasses import dataclass

from graph_service.core.cells.cell_numbers import is_measured
from graph_service.core.cells.units import header_readings, is_unit, stated_unit
from graph_service.domain.metamodel import PropertyKind, SheetColumn
from graph_service.features.imports.read.header_matching import (
    ORIGINAL_KEY_HEADER,
    REASON_CODE_HEADER,
    place_header_texts,
)
from graph_service.features.imports.read.header_rows import NOTE_PREFIX
from graph_service.features.imports.read.mapping_rules import HeaderMapping
from graph_service.features.imports.read.matched_tables import MatchedTable
from graph_service.features.imports.read.missing_columns import missing_columns
from graph_service.features.imports.read.name_columns import locate_name_columns, sheet_columns, usual_context_header

MISSING_COLUMN_OFFSET = 1_000_000
"""The place of the first column that a table lacks."""
REASON_HEADERS = (
    f"{NOTE_PREFIX}原文件",
    f"{NOTE_PREFIX}原行号",
    ORIGINAL_KEY_HEADER,
    REASON_CODE_HEADER,
    f"{NOTE_PREFIX}原因",
    f"{NOTE_PREFIX}Reason",
    f"{NOTE_PREFIX}列 Column",
)
"""What is written to the right of refused rows: file, row, number, code, reason in both languages, the column concerned."""


@dataclass(frozen=True, slots=True)
class OutputColumn:
    """A column that is written: its header, the place of its cells in a delivered row, whether they are texts."""

    header: str
    position: int
    is_text: bool


@dataclass(frozen=True, slots=True)
class OutputSheet:
    """The name of the sheet and its columns; `needs_mapping`: only with the mapping of the delivery are they read again."""

    sheet: str
    columns: tuple[OutputColumn, ...]
    needs_mapping: bool = False


def plan_output_sheet(matched: MatchedTable) -> OutputSheet:
    """The delivered headers where they are recognised by default, else the model's; columns that were not used become notes.

    Where the model has no header that says the same (an amount in another unit, two columns that it takes for one), table and
    headers stay as they were delivered.
    """
    delivered = tuple(_delivered_columns(matched))
    # The year that a title names is read again from the name of the sheet.
    sheet = f"{matched.sheet.name}({matched.year})" if matched.year else matched.sheet.name
    for some in (delivered, tuple(_usual_columns(matched))):
        if _is_recognised(matched, some):
            return OutputSheet(sheet, (*some, *_missing_columns(matched)))
    return OutputSheet(matched.table.name, delivered, needs_mapping=True)


def _missing_columns(matched: MatchedTable) -> Iterator[OutputColumn]:
    """Columns that the table lacks, empty, so that they can be filled in; their places are beyond those of all cells."""
    wanted = sheet_columns(matched.sheet.name)
    for at, name in enumerate(missing_columns(matched.sheet.name, matched.positions)):
        yield OutputColumn(wanted[name].headers[0], MISSING_COLUMN_OFFSET + at, _is_text([wanted[name]]))


def _is_recognised(matched: MatchedTable, columns: tuple[OutputColumn, ...]) -> bool:
    wanted = sheet_columns(matched.sheet.name)
    placement = place_header_texts([one.header for one in columns], matched.sheet, wanted, HeaderMapping())
    places = {name: columns[at].position for name, at in placement.positions.items()}
    same_units = all(
        (unit := placement.units.get(name)) is not None and unit.factor == stated.factor
        for name, stated in matched.units.items()
    )
    unstated = all(name in matched.units for name in placement.units if _is_rate(wanted[name]))
    # A name that is looked up in other areas than before would be another one.
    beside = locate_name_columns(
        matched.sheet.name, [one.header for one in columns], placement.positions
    ).used_positions
    narrowing = {columns[at].position for at in beside} == matched.context_positions
    return places == matched.positions and same_units and unstated and narrowing


def _delivered_columns(matched: MatchedTable) -> Iterator[OutputColumn]:
    named = _columns_by_position(matched)
    for place, header in enumerate(matched.header):
        if place in named:
            yield OutputColumn(
                header + _noted_unit(matched, header, place), place, _is_text([c for _, c in named[place]])
            )
        else:
            yield from _note_column(matched, header, place)


def _noted_unit(matched: MatchedTable, header: str, position: int) -> str:
    """The unit of a column that a title or note states, as its header will state it."""
    units = {
        matched.units[name].name for name, at in matched.positions.items() if at == position and name in matched.units
    }
    return f"({units.pop()})" if len(units) == 1 and not stated_unit(header) else ""


def _is_rate(column: SheetColumn) -> bool:
    return column.property.kind is PropertyKind.RATE


def _usual_columns(matched: MatchedTable) -> Iterator[OutputColumn]:
    named = _columns_by_position(matched)
    for place, header in enumerate(matched.header):
        if place not in named:
            yield from _note_column(
                matched, usual_context_header(header) if place in matched.context_positions else header, place
            )
        for usual in dict.fromkeys(_usual_header(matched, name, column) for name, column in named.get(place, ())):
            yield OutputColumn(usual, place, _is_text([column for _, column in named[place]]))


def _columns_by_position(matched: MatchedTable) -> dict[int, list[tuple[str, SheetColumn]]]:
    """The columns that are read at each place."""
    wanted = sheet_columns(matched.sheet.name)
    found: dict[int, list[tuple[str, SheetColumn]]] = defaultdict(list)
    for name, place in matched.positions.items():
        found[place].append((name, wanted[name]))
    return dict(found)


def _usual_header(matched: MatchedTable, name: str, column: SheetColumn) -> str:
    """The first usual header of a column; of a measured one with the unit that was delivered."""
    usual, unit = column.headers[0], matched.units.get(name)
    if not is_measured(column.property) or (unit is None and not _is_rate(column)):
        return usual
    base = next((reading.name for reading in header_readings(usual) if reading.unit and is_unit(reading.unit)), usual)
    return f"{base}({unit.name})" if unit is not None else base


def _note_column(matched: MatchedTable, header: str, position: int) -> Iterator[OutputColumn]:
    """A column of which nothing is read; what rows were refused for before is not told again. What tells of whom a name is stays what it
    is."""
    if position in matched.context_positions:
        yield OutputColumn(header, position, is_text=False)
    elif header not in REASON_HEADERS:
        yield OutputColumn(
            f"{NOTE_PREFIX}{header}" if header and not header.startswith(NOTE_PREFIX) else header,
            position,
            is_text=False,
        )


def _is_text(columns: list[SheetColumn]) -> bool:
    return any(column.property.kind is PropertyKind.TEXT for column in columns)
