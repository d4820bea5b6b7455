"""Where the columns of a sheet are under a header, and in which units they are (docs/files.md)."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from functools import lru_cache

from graph_service.declare import Column, Kind
from graph_service.derive.cell_numbers import dimension_of, is_measured, usual_unit
from graph_service.derive.stated_units import UNCLEAR, is_of_kind, units_in_note
from graph_service.derive.units import (
    MONEY,
    UNITS,
    Unit,
    bare,
    headings,
    is_unit,
    plain_header,
    stated_unit,
    unit_of,
)
from graph_service.model import MODEL
from graph_service.services.imports.column_owners import COLUMN_UNCLEAR, is_of_another, is_unclear
from graph_service.services.imports.header_rows import HeaderRows, HeaderText
from graph_service.services.imports.upper_headers import is_understood_above

COLUMN_TWICE, COLUMN_UNIT = "COLUMN_TWICE", "COLUMN_UNIT"
USUAL = {f"?{unit}" for unit in ("元", "圆", "人", "户", "亩", "公里", "%")}
_REMEMBERED = 32
"""Headers and notes of which is remembered what they say: of one table there are fewer."""


@dataclass(slots=True)
class Placement:
    """Where columns are, by name: positions, units that header or notes state, and columns that cannot be used, with the code why."""

    places: dict[str, int] = field(default_factory=dict)
    units: dict[str, Unit] = field(default_factory=dict)
    refused: dict[str, tuple[tuple[int, ...], str]] = field(default_factory=dict)

    @property
    def names(self) -> set[str]:
        """The columns that are there, those too that cannot be used."""
        return {*self.places, *self.refused}

    @property
    def size(self) -> int:
        """How many columns are there."""
        return len(self.names)


@lru_cache(_REMEMBERED)
def _positions(texts: tuple[HeaderText, ...]) -> tuple[Mapping[str, list[int]], Mapping[str, list[tuple[int, str]]]]:
    """Where columns are by what they are called, and by that without a unit; each header is compared with every sheet."""
    whole: dict[str, list[int]] = defaultdict(list)
    based: dict[str, list[tuple[int, str]]] = defaultdict(list)
    for position, some in enumerate(texts):
        for text in some:
            if position not in whole[bare(plain_header(text))]:
                whole[bare(plain_header(text))].append(position)
            for reading in headings(text):
                if reading.unit:
                    based[bare(reading.base)].append((position, reading.unit))
    return dict(whole), dict(based)


@lru_cache(_REMEMBERED)
def _units_in_notes(notes: tuple[str, ...]) -> tuple[str, ...]:
    return tuple(unit for note in dict.fromkeys(notes) for unit in units_in_note(note))


def place_columns(
    header: HeaderRows, wanted: Mapping[str, Column], mapped: Mapping[str, tuple[str, ...]], notes: Sequence[str] = ()
) -> Placement:
    """Return where the columns of a sheet are, if these rows are its header. `mapped`: headers that a mapping names, by column;
    `notes`: titles and notes above the table."""
    whole, based = _positions(header.texts)
    note_units = _units_in_notes(tuple(notes))
    placement = Placement()
    for name, column in wanted.items():
        headers = (*mapped.get(name, ()), *column.headers)
        named = len(headers) - len(column.headers)
        spots, unit, code = _find(header, headers, named, whole, based, measured=is_measured(column.property))
        if not spots:
            continue
        upper = "" if named else header.upper(spots[0], headers)
        if is_of_another(name, upper):
            continue
        if not code and not _is_understood(name, column, upper):
            code = COLUMN_UNCLEAR
        if not named and not code and is_unclear(name, header.text(spots[0]), header.shown):
            code = COLUMN_UNCLEAR
        unit = unit or (header.above[spots[0]] if header.above else "")
        # How far the text above reaches decides nothing where its unit is the usual one.
        unit = "" if unit in USUAL else unit
        if not code and is_measured(column.property):
            code = _measure(name, column, unit, note_units, placement)
        if code:
            placement.refused[name] = (spots, code)
        else:
            placement.places[name] = spots[0]
    return placement


def _is_understood(name: str, column: Column, upper: str) -> bool:
    """Whether what stands above a header leaves the column what it is; a number that names a record is one whatever stands above it."""
    owner, _, own = name.partition(".")
    label = MODEL.labels.get(owner)
    numbered = label is not None and own == label.key.name and column.property.kind is not Kind.YEAR
    if not upper or not own or numbered:
        return True
    return is_understood_above(name, upper, measured=is_measured(column.property))


def _find(
    header: HeaderRows,
    headers: Sequence[str],
    mapped: int,
    whole: Mapping[str, list[int]],
    based: Mapping[str, list[tuple[int, str]]],
    *,
    measured: bool,
) -> tuple[tuple[int, ...], str, str]:
    """Return (positions, unit that the header states, code why the column cannot be used) of the column with these headers, of which
    the first (`mapped`) are those that a mapping names."""
    for number, text in enumerate(headers):
        positions = whole.get(bare(plain_header(text)), [])
        if positions:
            shown = next(t for t in header.texts[positions[0]] if bare(plain_header(t)) == bare(plain_header(text)))
            # The usual header itself may end like a unit: 总人口.
            ending = number < mapped or "(" in plain_header(text)
            unit = stated_unit(shown, ending=ending) if measured else ""
            return tuple(positions), unit, COLUMN_TWICE if len(positions) > 1 else ""
    if not measured:
        return (), "", ""
    for text in headers:
        bases = {bare(reading.base) for reading in headings(text) if not reading.unit or is_unit(reading.unit)}
        hits = [(at, "") for base in bases for at in whole.get(base, [])]
        hits += [hit for base in bases for hit in based.get(base, [])]
        understood = [hit for hit in hits if not hit[1] or is_unit(hit[1])] or hits
        if understood:
            spots = tuple(dict.fromkeys(position for position, _ in understood))
            return spots, understood[0][1], COLUMN_TWICE if len(spots) > 1 else ""
    return (), "", ""


def _measure(name: str, column: Column, unit: str, note_units: Sequence[str], placement: Placement) -> str:
    """Keep the unit of a column; return the code why it cannot be used, empty where it can."""
    dimension = dimension_of(column.property)
    yearly, monthly = name.partition(".")[0].endswith("Year"), "月" in column.headers[0]
    if unit:
        understood = unit_of(unit, dimension, yearly=yearly, monthly=monthly) if dimension else None
        if understood is None:
            return COLUMN_UNIT
        placement.units[name] = understood
        return ""
    usual = usual_unit(column.property)
    if usual is None:
        return ""
    stated = [
        found for text in note_units if (found := unit_of(text, dimension, yearly=yearly, monthly=monthly)) is not None
    ]
    factor = (stated[0] if stated else usual).factor
    mentioned = [text[1:] for text in note_units if text.startswith(UNCLEAR)]
    others = [found.factor for text in mentioned if (found := unit_of(text, dimension))]
    if any(other != factor for other in (*(found.factor for found in stated), *others)):
        return COLUMN_UNIT
    unknown = [text for text in note_units if not _is_any(text.lstrip(UNCLEAR), yearly=yearly, monthly=monthly)]
    if not (stated and dimension != MONEY) and any(is_of_kind(text, dimension) for text in unknown):
        return COLUMN_UNIT
    if stated:
        placement.units[name] = stated[0]
    return ""


def _is_any(text: str, *, yearly: bool, monthly: bool) -> bool:
    return any(unit_of(text, dimension, yearly=yearly, monthly=monthly) for dimension in UNITS)
