"""Where the columns of a sheet are under a header, and in which units they are (docs/files.md)."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from functools import lru_cache

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
"""Headers and notes of which is remembered what they say: of one table there are fewer."""


@dataclass(slots=True)
class ColumnPlacement:
    """Where columns are, by name: positions, units that header or notes state, and columns that cannot be used, with the code why."""

    positions: dict[str, int] = field(default_factory=dict)
    units: dict[str, Unit] = field(default_factory=dict)
    unusable: dict[str, tuple[tuple[int, ...], str]] = field(default_factory=dict)

    @property
    def names(self) -> set[str]:
        """The columns that are there, those too that cannot be used."""
        return {*self.positions, *self.unusable}

    @property
    def column_count(self) -> int:
        """How many columns are there."""
        return len(self.names)


@lru_cache(_CACHE_SIZE)
def _index_headers(
    texts: tuple[HeaderText, ...],
) -> tuple[Mapping[str, list[int]], Mapping[str, list[tuple[int, str]]]]:
    """Where columns are by what they are called, and by that without a unit; each header is compared with every sheet."""
    whole: dict[str, list[int]] = defaultdict(list)
    based: dict[str, list[tuple[int, str]]] = defaultdict(list)
    for position, some in enumerate(texts):
        for text in some:
            if position not in whole[strip_marks(plain_header(text))]:
                whole[strip_marks(plain_header(text))].append(position)
            for reading in header_readings(text):
                if reading.unit:
                    based[strip_marks(reading.name)].append((position, reading.unit))
    return dict(whole), dict(based)


@lru_cache(_CACHE_SIZE)
def _units_in_notes(notes: tuple[str, ...]) -> tuple[str, ...]:
    return tuple(unit for note in dict.fromkeys(notes) for unit in units_in_note(note))


def place_columns(
    header: HeaderRows,
    columns: Mapping[str, SheetColumn],
    mapped_headers: Mapping[str, tuple[str, ...]],
    notes: Sequence[str] = (),
) -> ColumnPlacement:
    """Return where the columns of a sheet are, if these rows are its header. `mapped_headers`: headers that a mapping names, by column;
    `notes`: titles and notes above the table."""
    whole, based = _index_headers(header.texts)
    note_units = _units_in_notes(tuple(notes))
    placement = ColumnPlacement()
    for name, column in columns.items():
        headers = (*mapped_headers.get(name, ()), *column.headers)
        named = len(headers) - len(column.headers)
        spots, unit, code = _find_column(header, headers, named, whole, based, measured=is_measured(column.property))
        if not spots:
            continue
        upper = "" if named else header.upper_text(spots[0], headers)
        if is_foreign_column(name, upper):
            continue
        if not code and not _is_understood(name, column, upper):
            code = COLUMN_UNCLEAR
        if not named and not code and is_unclear_phone(name, header.text(spots[0]), header.shown_texts):
            code = COLUMN_UNCLEAR
        unit = unit or (header.upper_units[spots[0]] if header.upper_units else "")
        # How far the text above reaches decides nothing where its unit is the usual one.
        unit = "" if unit in USUAL_UNITS else unit
        if not code and is_measured(column.property):
            code = _assign_unit(name, column, unit, note_units, placement)
        if code:
            placement.unusable[name] = (spots, code)
        else:
            placement.positions[name] = spots[0]
    return placement


def _is_understood(name: str, column: SheetColumn, upper_text: str) -> bool:
    """Whether what stands above a header leaves the column what it is; a number that names a record is one whatever stands above it."""
    owner, _, own = name.partition(".")
    label = MODEL.labels.get(owner)
    numbered = label is not None and own == label.key.name and column.property.kind is not PropertyKind.YEAR
    if not upper_text or not own or numbered:
        return True
    return is_neutral_upper_text(name, upper_text, measured=is_measured(column.property))


def _find_column(
    header: HeaderRows,
    headers: Sequence[str],
    mapped_count: int,
    full_texts: Mapping[str, list[int]],
    base_texts: Mapping[str, list[tuple[int, str]]],
    *,
    measured: bool,
) -> tuple[tuple[int, ...], str, str]:
    """Return (positions, unit that the header states, code why the column cannot be used) of the column with these headers, of which
    the first (`mapped_count`) are those that a mapping names."""
    for number, text in enumerate(headers):
        positions = full_texts.get(strip_marks(plain_header(text)), [])
        if positions:
            shown = next(
                t for t in header.texts[positions[0]] if strip_marks(plain_header(t)) == strip_marks(plain_header(text))
            )
            # The usual header itself may end like a unit: 总人口.
            ending = number < mapped_count or "(" in plain_header(text)
            unit = stated_unit(shown, allow_ending=ending) if measured else ""
            return tuple(positions), unit, COLUMN_TWICE if len(positions) > 1 else ""
    if not measured:
        return (), "", ""
    for text in headers:
        bases = {
            strip_marks(reading.name) for reading in header_readings(text) if not reading.unit or is_unit(reading.unit)
        }
        hits = [(at, "") for base in bases for at in full_texts.get(base, [])]
        hits += [hit for base in bases for hit in base_texts.get(base, [])]
        understood = [hit for hit in hits if not hit[1] or is_unit(hit[1])] or hits
        if understood:
            spots = tuple(dict.fromkeys(position for position, _ in understood))
            return spots, understood[0][1], COLUMN_TWICE if len(spots) > 1 else ""
    return (), "", ""


def _assign_unit(
    name: str, column: SheetColumn, unit: str, note_units: Sequence[str], placement: ColumnPlacement
) -> str:
    """Keep the unit of a column; return the code why it cannot be used, empty where it can."""
    dimension = property_dimension(column.property)
    yearly, monthly = name.partition(".")[0].endswith("Year"), "月" in column.headers[0]
    if unit:
        understood = unit_of(unit, dimension, yearly=yearly, monthly=monthly) if dimension else None
        if understood is None:
            return COLUMN_UNIT
        placement.units[name] = understood
        return ""
    usual = default_unit(column.property)
    if usual is None:
        return ""
    stated = [
        found for text in note_units if (found := unit_of(text, dimension, yearly=yearly, monthly=monthly)) is not None
    ]
    factor = (stated[0] if stated else usual).factor
    mentioned = [text[1:] for text in note_units if text.startswith(UNCLEAR_MARK)]
    others = [found.factor for text in mentioned if (found := unit_of(text, dimension))]
    if any(other != factor for other in (*(found.factor for found in stated), *others)):
        return COLUMN_UNIT
    unknown = [text for text in note_units if not _is_any(text.lstrip(UNCLEAR_MARK), yearly=yearly, monthly=monthly)]
    if not (stated and dimension != MONEY) and any(may_be_of_dimension(text, dimension) for text in unknown):
        return COLUMN_UNIT
    if stated:
        placement.units[name] = stated[0]
    # An amount that registers keep in 万元 may be in yuan where nothing says so.
    return COLUMN_UNIT if dimension == MONEY and column.property.unit and not stated else ""


def _is_any(text: str, *, yearly: bool, monthly: bool) -> bool:
    return any(unit_of(text, dimension, yearly=yearly, monthly=monthly) for dimension in UNITS)
