"""Which table of a delivery is which sheet, and where its columns are; by default headers or by a mapping file."""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Collection, Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from itertools import islice

from graph_service.declare import Column, Model, Sheet
from graph_service.derive.cell_texts import text_of
from graph_service.derive.units import Unit, bare, plain_header
from graph_service.model import MODEL
from graph_service.readers.delivery import Table
from graph_service.services.imports.header_rows import (
    HeaderRows,
    Placement,
    header_candidates,
    place_columns,
    year_of_title,
)
from graph_service.services.imports.left_out import (
    COLUMN_SHARED,
    COLUMN_UNKNOWN,
    SHEET_AMBIGUOUS,
    SHEET_LACKS,
    SHEET_UNKNOWN,
    LeftOut,
)
from graph_service.services.imports.mapped_tables import MappedTable, mapped_tables
from graph_service.services.imports.mapping_rules import HeaderMapping
from graph_service.services.imports.name_columns import name_columns, plain, sheet_columns

HEADER_ROWS = 10
"""How many rows may stand above the header row: titles, notes."""
NOTE = "#"
"""Columns and sheets whose names begin with it are notes: nothing is read of them, and nothing is said of that."""
REFUSED_FOR, REFUSED_KEY = f"{NOTE}原因代码", f"{NOTE}原编号"
"""Notes of a workbook of refused rows: why a row was refused, and under which number."""
_COPY = re.compile(r"\s*[((【\[][^))】\]]*[))】\]]\s*$")
"""What is added to a sheet's name: where there are several of it, its unit, its year."""

Head = list[tuple[int, list[str]]]
"""The first rows of a table: number, texts."""


@dataclass(frozen=True, slots=True)
class Matched:
    """A table, the sheet that it is, the number of its (last) header row and its texts, where its columns are, what they are called
    there and in which unit they are where the file states it.

    `header_rows`: the texts of all header rows. `year`, `day`: what a title says of the year and the day of the rows, 0 where it says
    nothing. `unused`: columns of which nothing is read. `refused`: where a workbook of refused rows has why and under which
    number, `REFUSED_FOR` and `REFUSED_KEY`.
    """

    table: Table
    sheet: Sheet
    header_row: int
    header: tuple[str, ...]
    places: dict[str, int]
    shown: dict[str, str]
    unused: tuple[LeftOut, ...]
    refused: tuple[int, ...] = ()
    units: dict[str, Unit] = field(default_factory=dict)
    header_rows: tuple[tuple[str, ...], ...] = ()
    year: int = 0
    day: int = 0
    titles: frozenset[str] = frozenset()
    """What stands above the header, without white space: it is repeated on further pages."""
    narrowing: frozenset[int] = frozenset()
    """Places of the columns that tell of whom a name is: the areas above a village, the department of a cadre."""

    @property
    def key_place(self) -> int | None:
        """The place of the column that names a record: the first one where none does, None where a mapping composes it."""
        place = self.places.get(self.sheet.key[0], 0)
        return None if isinstance(self.table, MappedTable) and place >= len(self.table.header.texts) else place


@dataclass(frozen=True, slots=True)
class Unmatched:
    """A table that is no sheet, and why. `lacking`: where it is called like a sheet, the headers that it lacks of it; `alike`: the sheets
    that it could be, where it could be several."""

    table: Table
    lacking: tuple[str, ...] = ()
    alike: tuple[str, ...] = ()
    partial: Matched | None = None
    """As far as it is the sheet that it is called like: its rows can be completed in the workbook of refused rows."""

    @property
    def left_out(self) -> LeftOut:
        """How it is told, with the number of its rows."""
        code = SHEET_LACKS if self.lacking else SHEET_AMBIGUOUS if self.alike else SHEET_UNKNOWN
        below = self.partial.header_row if self.partial else 0
        rows = sum(1 for row in self.table.rows() if row.number > below)
        value = "、".join(self.lacking or self.alike)
        # One table may be to feed several sheets.
        if isinstance(self.table, MappedTable) and self.lacking:
            value = f"{self.table.target}: {value}"
        return LeftOut(self.table.file, self.table.name, code, value=value, count=rows)

    def __str__(self) -> str:
        lacks = f"(缺少表头 / lacks the headers: {'、'.join(self.lacking)})" if self.lacking else ""
        could = f"(可能是 / could be: {'、'.join(self.alike)})" if self.alike else ""
        return f"{self.table.file}:{self.table.name}{lacks}{could}"


def match(tables: tuple[Table, ...], model: Model, mapping: HeaderMapping) -> tuple[list[Matched], list[Unmatched]]:
    """Return (matched tables in the model's order of sheets, tables that are none)."""
    matched: list[Matched] = []
    unmatched: list[Unmatched] = []
    for table in mapped_tables(tables, mapping):
        if table.name.startswith(NOTE):
            continue
        shown = (row for row in table.rows() if not row.hidden and not row.fault)
        head = [(row.number, [text_of(c) or "" for c in row.cells]) for row in islice(shown, HEADER_ROWS)]
        named = [s for s in model.sheets.values() if _named(table, s, mapping)]
        # What is called like one sheet is not taken for another one because a header is written otherwise.
        candidates = [m for s in named or model.sheets.values() if (m := _as_sheet(table, s, head, mapping))]
        most = max((len(m.places) for m in candidates), default=0)
        best = [m for m in candidates if len(m.places) == most]
        if len(best) == 1:
            matched.append(best[0])
        elif best:
            unmatched.append(Unmatched(table, alike=tuple(m.sheet.name for m in best)))
        else:
            unmatched.append(_lacking(named[0], table, head, mapping) if named else Unmatched(table))
    matched = list(_used_together(matched))
    order = list(model.sheets)
    matched.sort(key=lambda m: (order.index(m.sheet.name), m.table.file))
    return matched, unmatched


def _used_together(matched: Sequence[Matched]) -> Iterator[Matched]:
    """The tables; of one that feeds several sheets a column is not used where none of them uses it, and told with the first."""
    feeding: dict[tuple[str, str], list[Matched]] = defaultdict(list)
    for one in matched:
        if isinstance(one.table, MappedTable):
            feeding[one.table.file, one.table.name].append(one)
    for one in matched:
        if not isinstance(one.table, MappedTable):
            yield one
            continue
        group, mentioned = feeding[one.table.file, one.table.name], one.table.mentioned
        others = [{part.column for part in other.unused} for other in group]
        unused = tuple(
            part
            for part in one.unused
            if all(part.column in some for some in others) and plain(part.column) not in mentioned
        )
        yield replace(one, unused=(*unused, *_shared(group)) if one is group[0] else ())


def _shared(group: Sequence[Matched]) -> Iterator[LeftOut]:
    """The columns of a table that were taken, unasked, for something of several: the telephone of a household and of a cadre."""
    for at, header in enumerate(group[0].header):
        owners: dict[str, tuple[str, bool]] = {}
        for one in group:
            assert isinstance(one.table, MappedTable)
            for name, place in one.places.items():
                if place == at and (owner := _owner(name)):
                    owners.setdefault(owner, (one.sheet.name, name in one.table.headers))
        sheets = dict.fromkeys(sheet for sheet, _ in owners.values())
        if len(sheets) > 1 and not all(stated for _, stated in owners.values()):
            yield LeftOut(
                group[0].table.file, group[0].table.name, COLUMN_SHARED, column=header, value="、".join(sheets)
            )


def _owner(column: str) -> str:
    """Of what a column tells something; empty where it says who or what is meant, or of which year."""
    owner, _, name = column.partition(".")
    label = MODEL.labels.get(owner)
    keys = {"year", label.key.name} if label else {"year"}
    return "" if not name or name in keys else owner


def placed(texts: Sequence[str], sheet: Sheet, wanted: Mapping[str, Column], mapping: HeaderMapping) -> Placement:
    """Return where the columns of a sheet are, if these texts are its header row."""
    header = HeaderRows(0, (tuple(texts),), tuple((text,) if text else () for text in texts))
    return place_columns(header, wanted, mapping.headers.get(sheet.name, {}))


def _lacking(sheet: Sheet, table: Table, head: Head, mapping: HeaderMapping) -> Unmatched:
    """A table that lacks headers to be this sheet, going by the rows that are most like its header."""
    wanted, partial = _wanted(table, sheet, mapping)[0], _as_sheet(table, sheet, head, mapping, whole=False)
    places = partial.places if partial is not None else {}
    missing = (column.headers[0] for name, column in wanted.items() if column.required and name not in places)
    return Unmatched(table, tuple(dict.fromkeys(missing)), partial=partial if places else None)


def _named(table: Table, sheet: Sheet, mapping: HeaderMapping) -> bool:
    """Whether a table is called like a sheet, or the mapping has it feed this one."""
    if isinstance(table, MappedTable):
        return table.target == sheet.name
    name = table.name
    texts = (*mapping.sheets.get(sheet.name, ()), sheet.name, *sheet.aliases)
    plain = {bare(plain_header(name)), bare(plain_header(_COPY.sub("", name)))}
    return plain & {bare(plain_header(text)) for text in texts} != set()


def _wanted(
    table: Table, sheet: Sheet, mapping: HeaderMapping
) -> tuple[Mapping[str, Column], Mapping[str, tuple[str, ...]]]:
    """(the columns of a sheet that a table may have, the headers that a mapping names for them)."""
    wanted = sheet_columns(sheet.name)
    if not isinstance(table, MappedTable):
        return wanted, mapping.headers.get(sheet.name, {})
    return {name: column for name, column in wanted.items() if name not in table.ignored}, table.headers


def _as_sheet(table: Table, sheet: Sheet, head: Head, mapping: HeaderMapping, *, whole: bool = True) -> Matched | None:
    """The table read as this sheet, or None where a column that it cannot do without is not there, if it must be `whole`."""
    wanted, mapped = _wanted(table, sheet, mapping)
    required = {name for name, column in wanted.items() if column.required and whole}
    best: tuple[HeaderRows, Placement, list[str]] | None = None
    for header in header_candidates(head):
        above = [text for number, texts in head if number <= header.last - len(header.rows) for text in texts if text]
        placement = place_columns(header, wanted, mapped, [table.name, *above])
        if (best is None or placement.size > best[1].size) and required <= placement.places.keys():
            best = header, placement, above
    if best is None:
        return None
    header, placement, above = best
    texts = tuple(header.text(at) for at in range(len(header.texts)))
    shown = {name: texts[at] for name, at in placement.places.items()}
    notes = [texts.index(note) for note in (REFUSED_FOR, REFUSED_KEY) if note in texts]
    refused = tuple(notes) if len(notes) == len((REFUSED_FOR, REFUSED_KEY)) else ()
    beside = name_columns(
        sheet.name, texts, placement.places, paths=table.paths if isinstance(table, MappedTable) else {}
    ).used
    titled = year_of_title(above) or year_of_title([table.name]) or year_of_title([table.path.stem])
    year, day = titled or (0, 0)
    return Matched(
        table, sheet, header.last, texts, placement.places, shown, _unused(table, texts, placement, beside), refused,
        placement.units, header.rows, year, day, frozenset("".join(text.split()) for text in above), frozenset(beside),
    )  # fmt: skip


def _unused(table: Table, texts: Sequence[str], placement: Placement, beside: Collection[int]) -> tuple[LeftOut, ...]:
    """The columns with a header of which nothing is read, each with why."""
    codes = {position: code for positions, code in placement.refused.values() for position in positions}
    used = {*placement.places.values(), *beside}
    return tuple(
        LeftOut(table.file, table.name, codes.get(at, COLUMN_UNKNOWN), column=text)
        for at, text in enumerate(texts)
        if text and at not in used and not text.startswith(NOTE)
    )
