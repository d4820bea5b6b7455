"""Which table of a delivery is which sheet, and where its columns are; by default headers or by a mapping file."""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Collection, Iterator, Mapping, Sequence
from dataclasses import replace

from graph_service.declare import Column, Model, Sheet
from graph_service.derive.cell_numbers import is_measured
from graph_service.derive.units import bare, plain_header
from graph_service.model import MODEL
from graph_service.readers.delivery import Table
from graph_service.services.imports.assumed_units import assumed_units
from graph_service.services.imports.column_places import Placement, place_columns
from graph_service.services.imports.cover_sheets import units_on_covers
from graph_service.services.imports.header_rows import NOTE, HeaderRows
from graph_service.services.imports.left_out import (
    COLUMN_SHARED,
    COLUMN_UNKNOWN,
    LeftOut,
)
from graph_service.services.imports.mapped_tables import MappedTable, mapped_tables
from graph_service.services.imports.mapping_rules import HeaderMapping
from graph_service.services.imports.matched import Matched, Unmatched
from graph_service.services.imports.name_columns import identifying_columns, name_columns, plain, sheet_columns
from graph_service.services.imports.title_meanings import refuse_incomes, refuse_other_years
from graph_service.services.imports.titles import year_of_table
from graph_service.services.imports.top_rows import Top
from graph_service.services.imports.unit_notes import unit_notes
from graph_service.services.imports.upper_headers import is_of_other_incomes

REFUSED_FOR, REFUSED_KEY = f"{NOTE}原因代码", f"{NOTE}原编号"
"""Notes of a workbook of refused rows: why a row was refused, and under which number."""
SAYS_NOTHING = {"序号", "备注", "说明"}
"""Headers of columns that may be left over in any table."""
_COPY = re.compile(r"\s*[((【\[][^))】\]]*[))】\]]\s*$")
"""What is added to a sheet's name: where there are several of it, its unit, its year."""

_VOID = re.compile("作废|废弃|样表|示例|样例|不用|勿用|停用|备份|草稿|[((]旧[))]|旧表|旧$|底稿|已?删除|模板")
"""What the name of a workbook's sheet says that is not to be read."""


def match(tables: tuple[Table, ...], model: Model, mapping: HeaderMapping) -> tuple[list[Matched], list[Unmatched]]:
    """Return (matched tables in the model's order of sheets, tables that are none)."""
    matched: list[Matched] = []
    unmatched: list[Unmatched] = []
    covers = units_on_covers(tables)
    for table in mapped_tables(tables, mapping):
        if table.name.startswith(NOTE):
            continue
        if table.sheet and not isinstance(table, MappedTable) and _VOID.search(table.name):
            unmatched.append(Unmatched(table, void=True))
            continue
        top = Top.of(table, covers.get(table.path, ()))
        named = [s for s in model.sheets.values() if _named(table, s, mapping)]
        # What is called like one sheet is not taken for another one because a header is written otherwise.
        candidates = [m for s in named or model.sheets.values() if (m := _as_sheet(table, s, top, mapping))]
        most = max((m.size for m in candidates), default=0)
        best = [m for m in candidates if m.size == most]
        if len(best) == 1 and not named and _is_unsure(best[0], model):
            unmatched.append(Unmatched(table, alike=(best[0].sheet.name,), unsure=True))
        elif len(best) == 1:
            with_units = _with_notes_below(best[0], top, mapping)
            if missing := _missing(with_units, mapping):
                unmatched.append(Unmatched(table, missing, partial=with_units))
            else:
                matched.append(with_units)
        elif best:
            unmatched.append(Unmatched(table, alike=tuple(m.sheet.name for m in best)))
        else:
            unmatched.append(_lacking(named[0], table, top, mapping) if named else Unmatched(table))
    matched = list(assumed_units(_used_together(matched)))
    order = list(model.sheets)
    matched.sort(key=lambda m: (order.index(m.sheet.name), m.table.file))
    return matched, unmatched


def _is_unsure(matched: Matched, model: Model) -> bool:
    """Whether a table is hardly this sheet, going by its headers: of its records it has no more than which they are and where; or it is to
    tell who is tied to whom, and more of its columns are left than are read."""
    unused = [part for part in matched.unused if plain(part.column) not in SAYS_NOTHING]
    if all(write.target in model.relationships for write in matched.sheet.writes):
        return len(matched.unused) > len(set(matched.places.values()) | matched.narrowing)
    return bool(unused) and set(matched.places) <= identifying_columns(matched.sheet.name)


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
        others = [{part.column: part for part in other.unused} for other in group]
        # Why a sheet cannot use a column says more than that the others do not know it.
        reasons = {part.column: part for other in others for part in other.values() if part.code != COLUMN_UNKNOWN}
        unused = tuple(
            reasons.get(part.column, part)
            for part in one.unused
            if all(part.column in some for some in others)
            and (plain(part.column) not in mentioned or part.column in reasons)
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


def _lacking(sheet: Sheet, table: Table, top: Top, mapping: HeaderMapping) -> Unmatched:
    """A table that lacks headers to be this sheet, going by the rows that are most like its header."""
    partial = _as_sheet(table, sheet, top, mapping, whole=False)
    if partial is None or not partial.places:
        return Unmatched(table, _required(table, sheet, mapping, ()))
    return Unmatched(table, _missing(partial, mapping), partial=partial)


def _missing(matched: Matched, mapping: HeaderMapping) -> tuple[str, ...]:
    """The usual headers of columns that the sheet cannot do without and that are not there, or cannot be used."""
    return _required(matched.table, matched.sheet, mapping, matched.places)


def _required(table: Table, sheet: Sheet, mapping: HeaderMapping, places: Collection[str]) -> tuple[str, ...]:
    wanted = _wanted(table, sheet, mapping)[0]
    missing = (column.headers[0] for name, column in wanted.items() if column.required and name not in places)
    return tuple(dict.fromkeys(missing))


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


def _with_notes_below(matched: Matched, top: Top, mapping: HeaderMapping) -> Matched:
    """The same with the units that notes below its header state: it takes a reading of the whole table, so of the chosen sheet alone."""
    wanted, _ = _wanted(matched.table, matched.sheet, mapping)
    measured = {at for name, at in matched.places.items() if is_measured(wanted[name].property)}
    if not measured:
        return matched
    below = unit_notes(matched.rows, matched.header_rows, matched.key_place, measured)
    return (below and _as_sheet(matched.table, matched.sheet, top, mapping, below=below)) or matched


def _as_sheet(
    table: Table,
    sheet: Sheet,
    top: Top,
    mapping: HeaderMapping,
    *,
    whole: bool = True,
    below: Sequence[str] = (),
) -> Matched | None:
    """The table read as this sheet, or None where a column that it cannot do without is not there, if it must be `whole`.

    `below`: the notes below its header that state a unit.
    """
    wanted, mapped = _wanted(table, sheet, mapping)
    required = {name for name, column in wanted.items() if column.required and whole}
    best: tuple[HeaderRows, Placement, list[str]] | None = None
    for header in top.headers:
        notes = [table.name, table.path.stem, *top.above(header), *top.unclear(header)]
        placement = place_columns(header, wanted, mapped, notes)
        # A column that cannot be used is there all the same: no other rows are the header for that.
        if (best is None or placement.size > best[1].size) and required <= placement.names:
            best = header, placement, notes
    if best is None:
        return None
    header, placement, notes = best
    placement = place_columns(header, wanted, mapped, [*notes, *below]) if below else placement
    above = top.above(header)
    titled = year_of_table(above, table.name, table.path.stem)
    refuse_other_years(placement, wanted, header, top.head, titled, (*above, *below))
    if any(map(is_of_other_incomes, (*above, *below, table.name, table.path.stem))):
        refuse_incomes(placement, wanted, mapped)
    texts = tuple(header.text(at) for at in range(len(header.texts)))
    shown = {name: texts[at] for name, at in placement.places.items()}
    reasons = [texts.index(note) for note in (REFUSED_FOR, REFUSED_KEY) if note in texts]
    refused = tuple(reasons) if len(reasons) == len((REFUSED_FOR, REFUSED_KEY)) else ()
    beside = name_columns(
        sheet.name, texts, placement.places, paths=table.paths if isinstance(table, MappedTable) else {}
    ).used
    year, day = titled or (0, 0)
    return Matched(
        table, sheet, header.last, texts, placement.places, shown,
        _unused(table, texts, placement, beside), refused,
        placement.units, header.rows, year, day, frozenset("".join(text.split()) for text in above),
        tuple(name for name in placement.refused if name in sheet.key and name.endswith(".year")), frozenset(beside),
        placement.size,
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
