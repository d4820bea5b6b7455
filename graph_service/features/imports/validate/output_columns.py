"""Headers under which rows of a delivery are written, so that an import reads them again without a mapping."""

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
"""Position of the first column that a table lacks."""
REASON_HEADERS = (
    f"{NOTE_PREFIX}原文件",
    f"{NOTE_PREFIX}原行号",
    ORIGINAL_KEY_HEADER,
    REASON_CODE_HEADER,
    f"{NOTE_PREFIX}原因",
    f"{NOTE_PREFIX}Reason",
    f"{NOTE_PREFIX}列 Column",
)
"""Headers to the right of refused rows: file, row, number, code, reason in both languages, the column concerned."""


@dataclass(frozen=True, slots=True)
class OutputColumn:
    """A column that is written: its header, the position of its cells in a delivered row, whether they are texts."""

    header: str
    position: int
    is_text: bool


@dataclass(frozen=True, slots=True)
class OutputSheet:
    """A sheet that is written: its name and columns. `needs_mapping`: they are read again only with the mapping of the delivery."""

    sheet: str
    columns: tuple[OutputColumn, ...]
    needs_mapping: bool = False


def plan_output_sheet(matched: MatchedTable) -> OutputSheet:
    """Return the delivered headers where they are recognised by default, else the model's; columns that were not used become notes.

    Where the model has no header with the same meaning (an amount in another unit, two columns that it takes for the same), table
    and headers stay as they were delivered.
    """
    delivered_columns = tuple(_delivered_columns(matched))
    # The year that a title names is read again from the name of the sheet.
    sheet_name = f"{matched.sheet.name}({matched.year})" if matched.year else matched.sheet.name
    for columns in (delivered_columns, tuple(_usual_columns(matched))):
        if _is_recognised(matched, columns):
            return OutputSheet(sheet_name, (*columns, *_missing_columns(matched)))
    return OutputSheet(matched.table.name, delivered_columns, needs_mapping=True)


def _missing_columns(matched: MatchedTable) -> Iterator[OutputColumn]:
    """Yield the columns that the table lacks, empty, so that they can be filled in; their positions are beyond those of all cells."""
    columns = sheet_columns(matched.sheet.name)
    for index, name in enumerate(missing_columns(matched.sheet.name, matched.positions)):
        yield OutputColumn(columns[name].headers[0], MISSING_COLUMN_OFFSET + index, _is_text([columns[name]]))


def _is_recognised(matched: MatchedTable, columns: tuple[OutputColumn, ...]) -> bool:
    model_columns = sheet_columns(matched.sheet.name)
    placement = place_header_texts([column.header for column in columns], matched.sheet, model_columns, HeaderMapping())
    positions = {name: columns[index].position for name, index in placement.positions.items()}
    has_same_units = all(
        (unit := placement.units.get(name)) is not None and unit.factor == stated.factor
        for name, stated in matched.units.items()
    )
    has_same_rates = all(name in matched.units for name in placement.units if _is_rate(model_columns[name]))
    # A name that is looked up in other areas than before would stand for another record.
    context_indexes = locate_name_columns(
        matched.sheet.name, [column.header for column in columns], placement.positions
    ).used_positions
    has_same_context = {columns[index].position for index in context_indexes} == matched.context_positions
    return positions == matched.positions and has_same_units and has_same_rates and has_same_context


def _delivered_columns(matched: MatchedTable) -> Iterator[OutputColumn]:
    columns_by_position = _columns_by_position(matched)
    for position, header in enumerate(matched.header):
        if position in columns_by_position:
            yield OutputColumn(
                header + _noted_unit(matched, header, position),
                position,
                _is_text([column for _, column in columns_by_position[position]]),
            )
        else:
            yield from _note_column(matched, header, position)


def _noted_unit(matched: MatchedTable, header: str, position: int) -> str:
    """Return the unit of a column that a title or note states, in the form in which its header will state it."""
    units = {
        matched.units[name].name
        for name, column_position in matched.positions.items()
        if column_position == position and name in matched.units
    }
    return f"({units.pop()})" if len(units) == 1 and not stated_unit(header) else ""


def _is_rate(column: SheetColumn) -> bool:
    return column.property.kind is PropertyKind.RATE


def _usual_columns(matched: MatchedTable) -> Iterator[OutputColumn]:
    columns_by_position = _columns_by_position(matched)
    for position, header in enumerate(matched.header):
        if position not in columns_by_position:
            yield from _note_column(
                matched, usual_context_header(header) if position in matched.context_positions else header, position
            )
        for usual_header in dict.fromkeys(
            _usual_header(matched, name, column) for name, column in columns_by_position.get(position, ())
        ):
            yield OutputColumn(
                usual_header, position, _is_text([column for _, column in columns_by_position[position]])
            )


def _columns_by_position(matched: MatchedTable) -> dict[int, list[tuple[str, SheetColumn]]]:
    """Return the columns that are read at each position."""
    columns = sheet_columns(matched.sheet.name)
    columns_by_position: dict[int, list[tuple[str, SheetColumn]]] = defaultdict(list)
    for name, position in matched.positions.items():
        columns_by_position[position].append((name, columns[name]))
    return dict(columns_by_position)


def _usual_header(matched: MatchedTable, name: str, column: SheetColumn) -> str:
    """Return the first usual header of a column; of a measured one with the unit that was delivered."""
    header, unit = column.headers[0], matched.units.get(name)
    if not is_measured(column.property) or (unit is None and not _is_rate(column)):
        return header
    name_text = next(
        (reading.name for reading in header_readings(header) if reading.unit and is_unit(reading.unit)), header
    )
    return f"{name_text}({unit.name})" if unit is not None else name_text


def _note_column(matched: MatchedTable, header: str, position: int) -> Iterator[OutputColumn]:
    """Yield a column of which nothing is read, as a note; the reasons of an earlier refusal are left out. A column that narrows the
    lookup of names keeps its header."""
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
