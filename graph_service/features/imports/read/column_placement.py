"""Positions and units of the columns of a sheet under a header (docs/reference/files.md)."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from functools import lru_cache
from typing import NamedTuple

from graph_service.core.cells.cell_numbers import default_unit, is_measured, property_dimension
from graph_service.core.cells.stated_units import UNCLEAR_MARK, may_be_of_dimension, units_in_note
from graph_service.core.cells.units import (
    MONEY,
    UNITS,
    Unit,
    header_readings,
    is_unit,
    plain_header,
    stated_unit,
    strip_marks,
    unit_of,
)
from graph_service.domain.metamodel import PropertyKind, SheetColumn
from graph_service.domain.model import MODEL
from graph_service.features.imports.read.column_owners import COLUMN_UNCLEAR, is_foreign_column, is_unclear_phone
from graph_service.features.imports.read.header_rows import HeaderRows, HeaderText
from graph_service.features.imports.read.upper_headers import is_neutral_upper_text

COLUMN_TWICE, COLUMN_UNIT = "COLUMN_TWICE", "COLUMN_UNIT"
USUAL_UNITS = {f"?{unit}" for unit in ("元", "圆", "人", "户", "亩", "公里", "%")}
_CACHE_SIZE = 32
"""The number of headers and notes whose reading is cached: a table has fewer."""


class UnusableColumn(NamedTuple):
    """A column that is present but cannot be used: its positions, and the code of the reason."""

    positions: tuple[int, ...]
    code: str


class HeaderHit(NamedTuple):
    """A position whose header has a text, and the unit that the header states beside it; empty where it states none."""

    position: int
    unit: str = ""


class LocatedColumn(NamedTuple):
    """Positions of a column, the unit that its header states, and the code why it cannot be used; no positions where it is missing."""

    positions: tuple[int, ...] = ()
    unit: str = ""
    code: str = ""


@dataclass(slots=True)
class ColumnPlacement:
    """Positions of columns by name, the units that header or notes state, and the columns that cannot be used."""

    positions: dict[str, int] = field(default_factory=dict)
    units: dict[str, Unit] = field(default_factory=dict)
    unusable: dict[str, UnusableColumn] = field(default_factory=dict)

    @property
    def names(self) -> set[str]:
        """The columns present, including those that cannot be used."""
        return {*self.positions, *self.unusable}

    @property
    def column_count(self) -> int:
        """The number of columns present."""
        return len(self.names)


@lru_cache(_CACHE_SIZE)
def _index_headers(
    texts: tuple[HeaderText, ...],
) -> tuple[Mapping[str, list[int]], Mapping[str, list[HeaderHit]]]:
    """Return (positions by full header text, positions by header text without its unit). Each header is compared with every sheet."""
    positions_by_text: dict[str, list[int]] = defaultdict(list)
    positions_by_base: dict[str, list[HeaderHit]] = defaultdict(list)
    for position, header_texts in enumerate(texts):
        for text in header_texts:
            if position not in positions_by_text[strip_marks(plain_header(text))]:
                positions_by_text[strip_marks(plain_header(text))].append(position)
            for reading in header_readings(text):
                if reading.unit:
                    positions_by_base[strip_marks(reading.name)].append(HeaderHit(position, reading.unit))
    return dict(positions_by_text), dict(positions_by_base)


@lru_cache(_CACHE_SIZE)
def _units_in_notes(notes: tuple[str, ...]) -> tuple[str, ...]:
    return tuple(unit for note in dict.fromkeys(notes) for unit in units_in_note(note))


def place_columns(
    header: HeaderRows,
    columns: Mapping[str, SheetColumn],
    mapped_headers: Mapping[str, tuple[str, ...]],
    notes: Sequence[str] = (),
) -> ColumnPlacement:
    """Return the positions of the columns of a sheet, if these rows are its header. `mapped_headers`: headers that a
    mapping names, by column; `notes`: titles and notes above the table."""
    full_texts, base_texts = _index_headers(header.texts)
    note_units = _units_in_notes(tuple(notes))
    placement = ColumnPlacement()
    for name, column in columns.items():
        headers = (*mapped_headers.get(name, ()), *column.headers)
        mapped_count = len(headers) - len(column.headers)
        positions, unit, code = _find_column(
            header, headers, mapped_count, full_texts, base_texts, measured=is_measured(column.property)
        )
        if not positions:
            continue
        upper_text = "" if mapped_count else header.upper_text(positions[0], headers)
        if is_foreign_column(name, upper_text):
            continue
        if not code and not _is_understood(name, column, upper_text):
            code = COLUMN_UNCLEAR
        if not mapped_count and not code and is_unclear_phone(name, header.text(positions[0]), header.shown_texts):
            code = COLUMN_UNCLEAR
        unit = unit or (header.upper_units[positions[0]] if header.upper_units else "")
        # Where the unit of the text above is the usual one, it does not matter how far that text reaches.
        unit = "" if unit in USUAL_UNITS else unit
        if not code and is_measured(column.property):
            code = _assign_unit(name, column, unit, note_units, placement)
        if code:
            placement.unusable[name] = UnusableColumn(positions, code)
        else:
            placement.positions[name] = positions[0]
    return placement


def _is_understood(name: str, column: SheetColumn, upper_text: str) -> bool:
    """Return True where the text above a header does not change the column's meaning; a number that names a record
    keeps it whatever the text above."""
    owner, _, property_name = name.partition(".")
    label = MODEL.labels.get(owner)
    is_record_number = (
        label is not None and property_name == label.key.name and column.property.kind is not PropertyKind.YEAR
    )
    if not upper_text or not property_name or is_record_number:
        return True
    return is_neutral_upper_text(name, upper_text, measured=is_measured(column.property))


def _find_column(
    header: HeaderRows,
    headers: Sequence[str],
    mapped_count: int,
    full_texts: Mapping[str, list[int]],
    base_texts: Mapping[str, list[HeaderHit]],
    *,
    measured: bool,
) -> LocatedColumn:
    """Return the column with these headers. The first `mapped_count` of them are those that a mapping names."""
    for number, text in enumerate(headers):
        positions = full_texts.get(strip_marks(plain_header(text)), [])
        if positions:
            matched_text = next(
                header_text
                for header_text in header.texts[positions[0]]
                if strip_marks(plain_header(header_text)) == strip_marks(plain_header(text))
            )
            # The usual header itself may end like a unit: 总人口.
            allow_ending = number < mapped_count or "(" in plain_header(text)
            unit = stated_unit(matched_text, allow_ending=allow_ending) if measured else ""
            return LocatedColumn(tuple(positions), unit, COLUMN_TWICE if len(positions) > 1 else "")
    if not measured:
        return LocatedColumn()
    for text in headers:
        bases = {
            strip_marks(reading.name) for reading in header_readings(text) if not reading.unit or is_unit(reading.unit)
        }
        hits = [HeaderHit(position) for base in bases for position in full_texts.get(base, [])]
        hits += [hit for base in bases for hit in base_texts.get(base, [])]
        usable_hits = [hit for hit in hits if not hit.unit or is_unit(hit.unit)] or hits
        if usable_hits:
            hit_positions = tuple(dict.fromkeys(hit.position for hit in usable_hits))
            return LocatedColumn(hit_positions, usable_hits[0].unit, COLUMN_TWICE if len(hit_positions) > 1 else "")
    return LocatedColumn()


def _assign_unit(
    name: str, column: SheetColumn, unit: str, note_units: Sequence[str], placement: ColumnPlacement
) -> str:
    """Store the unit of a column; return the code why it cannot be used, empty where it can."""
    dimension = property_dimension(column.property)
    yearly, monthly = name.partition(".")[0].endswith("Year"), "月" in column.headers[0]
    if unit:
        parsed_unit = unit_of(unit, dimension, yearly=yearly, monthly=monthly) if dimension else None
        if parsed_unit is None:
            return COLUMN_UNIT
        placement.units[name] = parsed_unit
        return ""
    usual_unit = default_unit(column.property)
    if usual_unit is None:
        return ""
    stated_units = [
        parsed
        for text in note_units
        if (parsed := unit_of(text, dimension, yearly=yearly, monthly=monthly)) is not None
    ]
    factor = (stated_units[0] if stated_units else usual_unit).factor
    mentioned_texts = [text[1:] for text in note_units if text.startswith(UNCLEAR_MARK)]
    mentioned_factors = [parsed.factor for text in mentioned_texts if (parsed := unit_of(text, dimension))]
    if any(
        other_factor != factor for other_factor in (*(parsed.factor for parsed in stated_units), *mentioned_factors)
    ):
        return COLUMN_UNIT
    unknown_texts = [
        text for text in note_units if not _is_any(text.lstrip(UNCLEAR_MARK), yearly=yearly, monthly=monthly)
    ]
    if not (stated_units and dimension != MONEY) and any(
        may_be_of_dimension(text, dimension) for text in unknown_texts
    ):
        return COLUMN_UNIT
    if stated_units:
        placement.units[name] = stated_units[0]
    # An amount that registers usually keep in 万元 may be in yuan where no unit is stated.
    return COLUMN_UNIT if dimension == MONEY and column.property.unit and not stated_units else ""


def _is_any(text: str, *, yearly: bool, monthly: bool) -> bool:
    return any(unit_of(text, dimension, yearly=yearly, monthly=monthly) for dimension in UNITS)
