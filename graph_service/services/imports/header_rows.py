"""Where the columns of a sheet are in the first rows of a table: header rows, units, titles (docs/files.md)."""

from __future__ import annotations

import re
import unicodedata
from collections import defaultdict
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from itertools import pairwise

from graph_service.declare import Column
from graph_service.derive.cell_numbers import dimension_of, is_measured
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
    units_in_note,
)

MOST_HEADER_ROWS = 3
COLUMN_TWICE, COLUMN_UNIT = "COLUMN_TWICE", "COLUMN_UNIT"
_YEAR = re.compile(r"(?<!\d)((?:19|20)\d\d)(?!\d)")
_DAY = re.compile(r"((?:19|20)\d\d)\s*[年.\-/]\s*(\d{1,2})\s*[月.\-/]\s*(\d{1,2})\s*日?")

HeaderText = tuple[str, ...]
"""What a column may be called by its header, the fuller text first: 帮扶干部姓名, 姓名 where 帮扶干部 stands above 姓名."""


@dataclass(frozen=True, slots=True)
class HeaderRows:
    """Consecutive rows read as the header: the number of the last one, their texts, and what each column may be called."""

    last: int
    rows: tuple[tuple[str, ...], ...]
    texts: tuple[HeaderText, ...]

    def text(self, position: int) -> str:
        """Return what the file calls the column at a position; empty where it has no header."""
        return self.texts[position][0] if position < len(self.texts) and self.texts[position] else ""


@dataclass(slots=True)
class Placement:
    """Where columns are, by name: positions, units that header or notes state, and columns that cannot be used, with the code why."""

    places: dict[str, int] = field(default_factory=dict)
    units: dict[str, Unit] = field(default_factory=dict)
    refused: dict[str, tuple[tuple[int, ...], str]] = field(default_factory=dict)

    @property
    def size(self) -> int:
        """How many columns are there, those too that cannot be used."""
        return len(self.places) + len(self.refused)


def header_candidates(head: Sequence[tuple[int, list[str]]]) -> Iterator[HeaderRows]:
    """Yield what may be the header among the first rows, single rows before rows that stand above each other."""
    for size in range(1, MOST_HEADER_ROWS + 1):
        for first in range(len(head) - size + 1):
            some = head[first : first + size]
            if some[-1][0] - some[0][0] == size - 1:
                rows = tuple(tuple(" ".join(text.split()) for text in texts) for _, texts in some)
                yield HeaderRows(some[-1][0], rows, _stacked(rows))


def _stacked(rows: tuple[tuple[str, ...], ...]) -> tuple[HeaderText, ...]:
    """What each column may be called, of rows that stand above each other."""
    width = max(map(len, rows))
    padded = [[*row, *[""] * (width - len(row))] for row in rows]
    if len(padded) == 1:
        return tuple((text,) if text else () for text in padded[0])
    for above, below in pairwise(padded):
        # A text file has no merged cells: the upper text stands above the first of its columns alone.
        for at in range(1, width):
            if not above[at] and below[at] and above[at - 1] and below[at - 1]:
                above[at] = above[at - 1]
    lowest = [next((row[at] for row in reversed(padded) if row[at]), "") for at in range(width)]
    texts: list[HeaderText] = []
    for at in range(width):
        parts = list(dict.fromkeys(row[at] for row in padded if row[at]))
        whole = "".join(parts)
        alone = (lowest[at],) if lowest.count(lowest[at]) == 1 and lowest[at] else ()
        texts.append(tuple(dict.fromkeys(text for text in (whole, *alone) if text)))
    return tuple(texts)


def place_columns(
    header: HeaderRows, wanted: Mapping[str, Column], mapped: Mapping[str, tuple[str, ...]], notes: Sequence[str] = ()
) -> Placement:
    """Return where the columns of a sheet are, if these rows are its header. `mapped`: headers that a mapping names, by column;
    `notes`: titles and notes above the table."""
    whole: dict[str, list[int]] = defaultdict(list)
    based: dict[str, list[tuple[int, str]]] = defaultdict(list)
    for position, texts in enumerate(header.texts):
        for text in texts:
            if position not in whole[bare(plain_header(text))]:
                whole[bare(plain_header(text))].append(position)
            for reading in headings(text):
                if reading.unit:
                    based[bare(reading.base)].append((position, reading.unit))
    note_units = [unit for note in notes for unit in units_in_note(note)]
    placement = Placement()
    for name, column in wanted.items():
        headers = (*mapped.get(name, ()), *column.headers)
        spots, unit, code = _find(header, headers, whole, based, measured=is_measured(column.property))
        if not spots:
            continue
        if not code and is_measured(column.property):
            code = _measure(name, column, unit, note_units, placement)
        if code:
            placement.refused[name] = (spots, code)
        else:
            placement.places[name] = spots[0]
    return placement


def _find(
    header: HeaderRows,
    headers: Sequence[str],
    whole: Mapping[str, list[int]],
    based: Mapping[str, list[tuple[int, str]]],
    *,
    measured: bool,
) -> tuple[tuple[int, ...], str, str]:
    """Return (positions, unit that the header states, code why the column cannot be used) of the column with these headers."""
    for text in headers:
        positions = whole.get(bare(plain_header(text)), [])
        if positions:
            shown = next(t for t in header.texts[positions[0]] if bare(plain_header(t)) == bare(plain_header(text)))
            return tuple(positions), stated_unit(shown) if measured else "", COLUMN_TWICE if len(positions) > 1 else ""
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
    if unit:
        yearly, monthly = name.partition(".")[0].endswith("Year"), "月" in column.headers[0]
        understood = unit_of(unit, dimension, yearly=yearly, monthly=monthly) if dimension else None
        if understood is None:
            return COLUMN_UNIT
        placement.units[name] = understood
        return ""
    stated = [found for text in note_units if dimension and (found := unit_of(text, dimension))]
    if len({found.factor for found in stated}) > 1:
        return COLUMN_UNIT
    if stated:
        placement.units[name] = stated[0]
    elif dimension == MONEY and any(not any(unit_of(text, d) for d in UNITS) for text in note_units):
        return COLUMN_UNIT
    return ""


def year_of_title(texts: Sequence[str]) -> tuple[int, int] | None:
    """Return (year, day as YYYYMMDD) that titles name; none where they name none or several years."""
    narrow = [unicodedata.normalize("NFKC", text) for text in texts]
    days = {
        (int(y), int(y) * 10000 + int(m) * 100 + int(d))
        for text in narrow
        for y, m, d in _DAY.findall(text)
        if 1 <= int(m) <= 12 and 1 <= int(d) <= 31
    }
    years = {int(year) for text in narrow for year in _YEAR.findall(text)}
    if len(years) != 1:
        return None
    [year] = years
    dated = {day for of, day in days if of == year}
    return year, dated.pop() if len(dated) == 1 else year * 10000 + 1231
