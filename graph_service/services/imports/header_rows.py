"""Where the columns of a sheet are in the first rows of a table: header rows, units, titles (docs/files.md)."""

from __future__ import annotations

import re
from collections import Counter, defaultdict
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from functools import lru_cache
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
    marked_units,
    plain_header,
    stated_unit,
    unit_of,
    units_in_note,
)

MOST_HEADER_ROWS = 3
COLUMN_TWICE, COLUMN_UNIT = "COLUMN_TWICE", "COLUMN_UNIT"
_FIGURE = re.compile(r"\d{2}")
_TITLE = re.compile("表|名册|名单|清单|台账|统计|汇总|花名|单位|情况")
USUAL = {f"?{unit}" for unit in ("元", "圆", "人", "户", "亩", "公里", "%")}

_REMEMBERED = 32
"""Headers and notes of which is remembered what they say: of one table there are fewer."""
HeaderText = tuple[str, ...]
"""What a column may be called by its header, the fuller text first: 帮扶干部姓名, 姓名 where 帮扶干部 stands above 姓名."""


@dataclass(frozen=True, slots=True)
class HeaderRows:
    """Consecutive rows read as the header: the number of the last one, their texts, what each column may be called, and the unit that an
    upper row states for it; behind a question mark where nothing says how far that upper text reaches."""

    last: int
    rows: tuple[tuple[str, ...], ...]
    texts: tuple[HeaderText, ...]
    above: tuple[str, ...] = ()

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
    """Yield what may be the header among the first rows, single rows before rows that stand above each other.

    A row of units below belongs to it; a row whose upper neighbour is a part of the header is none alone.
    """
    rows = [(number, tuple(" ".join(text.split()) for text in texts)) for number, texts in head]
    for size in range(1, MOST_HEADER_ROWS + 1):
        for first in range(len(rows) - size + 1):
            some = rows[first : first + size]
            if some[-1][0] - some[0][0] != size - 1 or _begins_above(rows[:first], some[0]):
                continue
            if first + size < len(rows) and rows[first + size][0] == some[-1][0] + 1:
                below = rows[first + size]
                some = [*some, below] if _has_units(some[-1][1], below[1]) else some
                if size < MOST_HEADER_ROWS and len(some) == size and _goes_on_below(some[-1][1], below[1]):
                    continue
            texts = tuple(texts for _, texts in some)
            yield HeaderRows(some[-1][0], texts, *_stacked(texts))


def _has_units(header: Sequence[str], below: Sequence[str]) -> bool:
    """Whether the row below a header says in which units its columns are, and nothing else but what is merged into it."""
    filled = [(at, text) for at, text in enumerate(below) if text]
    repeated = {at for at, text in filled if at < len(header) and header[at] == text}
    return len(repeated) < len(filled) and all(
        at in repeated or is_unit(bare(plain_header(text))) for at, text in filled
    )


def _goes_on_below(header: Sequence[str], below: Sequence[str]) -> bool:
    """Whether the row below is a part of the same header: some texts are merged into both, and the others, of which there are some, stand
    under texts of the upper row and have no figures."""
    filled = [(at, text) for at, text in enumerate(below) if text]
    merged = [at for at, text in filled if at < len(header) and header[at] == text]
    others = [text for at, text in filled if at not in merged]
    return bool(merged and others) and not any(_FIGURE.search(text) for text in others)


def _begins_above(before: Sequence[tuple[int, tuple[str, ...]]], first: tuple[int, tuple[str, ...]]) -> bool:
    """Whether the row before is a part of the same header: a text is merged into both, or it states a unit of some of the columns."""
    if not before or before[-1][0] != first[0] - 1:
        return False
    above = before[-1][1]
    if any(text and at < len(first[1]) and text == first[1][at] for at, text in enumerate(above)):
        return True
    filled = [at for at, text in enumerate(above) if text]
    wide = sum(bool(text) for text in first[1])
    units = [at for at in filled if at > 0 and _group_unit(above[at])]
    return bool(units) and len(filled) < wide and not any(_TITLE.search(above[at]) for at in filled)


def _group_unit(text: str) -> str:
    """The unit that a text above some columns states of them: 收入(万元); empty for a note of the whole table."""
    found = next((reading for reading in marked_units(text) if is_unit(reading.unit)), None)
    return found.unit if found and found.base and "单位" not in found.base else ""


def _stacked(rows: tuple[tuple[str, ...], ...]) -> tuple[tuple[HeaderText, ...], tuple[str, ...]]:
    """(what each column may be called, the unit that an upper row states), of rows that stand above each other."""
    width = max(map(len, rows))
    padded = [[*row, *[""] * (width - len(row))] for row in rows]
    if len(padded) == 1:
        return tuple((text,) if text else () for text in padded[0]), ("",) * width
    reached: set[tuple[int, int]] = set()
    for number, (above, below) in enumerate(pairwise(padded)):
        # A text file has no merged cells: the upper text stands above the first of its columns alone.
        for at in range(1, width):
            if not above[at] and below[at] and above[at - 1] and below[at - 1]:
                above[at] = above[at - 1]
                reached.add((number, at))
    lowest = [next((row[at] for row in reversed(padded) if row[at]), "") for at in range(width)]
    counts = Counter(lowest)
    texts: list[HeaderText] = []
    units: list[str] = []
    for at in range(width):
        parts = list(dict.fromkeys(row[at] for row in padded if row[at]))
        whole = "".join(parts)
        alone = (lowest[at],) if counts[lowest[at]] == 1 and lowest[at] else ()
        texts.append(tuple(dict.fromkeys(text for text in (whole, *alone) if text)))
        stated = [
            ("?" if (number, at) in reached else "") + unit
            for number, row in enumerate(padded)
            if row[at] != lowest[at] and (unit := _group_unit(row[at]))
        ]
        units.append(stated[-1] if stated else "")
    return tuple(texts), tuple(units)


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
        spots, unit, code = _find(
            header, headers, len(headers) - len(column.headers), whole, based, measured=is_measured(column.property)
        )
        if not spots:
            continue
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
