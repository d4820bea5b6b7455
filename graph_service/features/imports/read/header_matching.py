"""Which table of a delivery is which sheet, and where its columns are; by default headers or by a mapping file."""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Collection, Iterator, Mapping, Sequence
from dataclasses import replace

from graph_service.core.cells.cell_numbers import is_measured
from graph_service.core.cells.units import plain_header, strip_marks
from graph_service.domain.metamodel import Model, Sheet, SheetColumn
from graph_service.domain.model import MODEL
from graph_service.features.imports.read.assumed_units import mark_assumed_units
from graph_service.features.imports.read.column_placement import ColumnPlacement, place_columns
from graph_service.features.imports.read.cover_sheets import units_on_covers
from graph_service.features.imports.read.header_rows import NOTE_PREFIX, HeaderRows
from graph_service.features.imports.read.left_out_parts import COLUMN_SHARED, COLUMN_UNKNOWN, LeftOutPart
from graph_service.features.imports.read.mapped_tables import MappedTable, apply_mapping
from graph_service.features.imports.read.mapping_rules import HeaderMapping
from graph_service.features.imports.read.matched_tables import MatchedTable, UnmatchedTable
from graph_service.features.imports.read.name_columns import (
    identifying_columns,
    locate_name_columns,
    normalize_header,
    sheet_columns,
)
from graph_service.features.imports.read.table_head import TableHead
from graph_service.features.imports.read.title_checks import refuse_incomes, refuse_other_years
from graph_service.features.imports.read.titles import year_of_table
from graph_service.features.imports.read.unit_notes import unit_notes
from graph_service.features.imports.read.upper_headers import is_about_other_incomes
from graph_service.platform.readers.delivery import SourceTable

REASON_CODE_HEADER, ORIGINAL_KEY_HEADER = f"{NOTE_PREFIX}原因代码", f"{NOTE_PREFIX}原编号"
"""Notes of a workbook of refused rows: why a row was refused, and under which number."""
INSIGNIFICANT_HEADERS = {"序号", "备注", "说明"}
"""Headers of columns that may be left over in any table."""
_NAME_SUFFIX = re.compile(r"\s*[((【\[][^))】\]]*[))】\]]\s*$")
"""What is added to a sheet's name: where there are several of it, its unit, its year."""

_VOID = re.compile("作废|废弃|样表|示例|样例|不用|勿用|停用|备份|草稿|[((]旧[))]|旧表|旧$|底稿|已?删除|模板")
"""What the name of a workbook's sheet says that is not to be read."""


def match_tables(
    tables: tuple[SourceTable, ...], model: Model, mapping: HeaderMapping
) -> tuple[list[MatchedTable], list[UnmatchedTable]]:
    """Return (matched tables in the model's order of sheets, tables that are none)."""
    matched: list[MatchedTable] = []
    unmatched: list[UnmatchedTable] = []
    covers = units_on_covers(tables)
    for table in apply_mapping(tables, mapping):
        if table.name.startswith(NOTE_PREFIX):
            continue
        if table.sheet and not isinstance(table, MappedTable) and _VOID.search(table.name):
            unmatched.append(UnmatchedTable(table, is_void=True))
            continue
        top = TableHead.read(table, covers.get(table.path, ()))
        named = [s for s in model.sheets.values() if _is_named_like(table, s, mapping)]
        # What is called like one sheet is not taken for another one because a header is written otherwise.
        candidates = [m for s in named or model.sheets.values() if (m := _match_sheet(table, s, top, mapping))]
        most = max((m.column_count for m in candidates), default=0)
        best = [m for m in candidates if m.column_count == most]
        if len(best) == 1 and not named and _is_unsure(best[0], model):
            unmatched.append(UnmatchedTable(table, possible_sheets=(best[0].sheet.name,), is_unsure=True))
        elif len(best) == 1:
            with_units = _with_noted_units(best[0], top, mapping)
            if missing := _missing_headers(with_units, mapping):
                unmatched.append(UnmatchedTable(table, missing, partial_match=with_units))
            else:
                matched.append(with_units)
        elif best:
            unmatched.append(UnmatchedTable(table, possible_sheets=tuple(m.sheet.name for m in best)))
        else:
            unmatched.append(_match_partially(named[0], table, top, mapping) if named else UnmatchedTable(table))
    matched = list(mark_assumed_units(_merge_unused_columns(matched)))
    order = list(model.sheets)
    matched.sort(key=lambda m: (order.index(m.sheet.name), m.table.file))
    return matched, unmatched


def _is_unsure(matched: MatchedTable, model: Model) -> bool:
    """Whether a table is hardly this sheet, going by its headers: of its records it has no more than which they are and where; or it is to
    tell who is tied to whom, and more of its columns are left than are read."""
    unused = [part for part in matched.unused if normalize_header(part.column) not in INSIGNIFICANT_HEADERS]
    if all(write.target in model.relationships for write in matched.sheet.writes):
        return len(matched.unused) > len(set(matched.positions.values()) | matched.context_positions)
    return bool(unused) and set(matched.positions) <= identifying_columns(matched.sheet.name)


def _merge_unused_columns(matched_tables: Sequence[MatchedTable]) -> Iterator[MatchedTable]:
    """The tables; of one that feeds several sheets a column is not used where none of them uses it, and told with the first."""
    feeding: dict[tuple[str, str], list[MatchedTable]] = defaultdict(list)
    for one in matched_tables:
        if isinstance(one.table, MappedTable):
            feeding[one.table.file, one.table.name].append(one)
    for one in matched_tables:
        if not isinstance(one.table, MappedTable):
            yield one
            continue
        group, mentioned = feeding[one.table.file, one.table.name], one.table.mentioned_headers
        others = [{part.column: part for part in other.unused} for other in group]
        # Why a sheet cannot use a column says more than that the others do not know it.
        reasons = {part.column: part for other in others for part in other.values() if part.code != COLUMN_UNKNOWN}
        unused = tuple(
            reasons.get(part.column, part)
            for part in one.unused
            if all(part.column in some for some in others)
            and (normalize_header(part.column) not in mentioned or part.column in reasons)
        )
        yield replace(one, unused=(*unused, *_shared_columns(group)) if one is group[0] else ())


def _shared_columns(group: Sequence[MatchedTable]) -> Iterator[LeftOutPart]:
    """The columns of a table that were taken, unasked, for something of several: the telephone of a household and of a cadre."""
    for at, header in enumerate(group[0].header):
        owners: dict[str, tuple[str, bool]] = {}
        for one in group:
            assert isinstance(one.table, MappedTable)
            for name, place in one.positions.items():
                if place == at and (owner := _column_owner(name)):
                    owners.setdefault(owner, (one.sheet.name, name in one.table.headers))
        sheets = dict.fromkeys(sheet for sheet, _ in owners.values())
        if len(sheets) > 1 and not all(stated for _, stated in owners.values()):
            yield LeftOutPart(
                group[0].table.file, group[0].table.name, COLUMN_SHARED, column=header, value="、".join(sheets)
            )


def _column_owner(column: str) -> str:
    """Of what a column tells something; empty where it says who or what is meant, or of which year."""
    owner, _, name = column.partition(".")
    label = MODEL.labels.get(owner)
    keys = {"year", label.key.name} if label else {"year"}
    return "" if not name or name in keys else owner


def place_header_texts(
    texts: Sequence[str], sheet: Sheet, columns: Mapping[str, SheetColumn], mapping: HeaderMapping
) -> ColumnPlacement:
    """Return where the columns of a sheet are, if these texts are its header row."""
    header = HeaderRows(0, (tuple(texts),), tuple((text,) if text else () for text in texts))
    return place_columns(header, columns, mapping.headers.get(sheet.name, {}))


def _match_partially(sheet: Sheet, table: SourceTable, head: TableHead, mapping: HeaderMapping) -> UnmatchedTable:
    """A table that lacks headers to be this sheet, going by the rows that are most like its header."""
    partial = _match_sheet(table, sheet, head, mapping, require_all=False)
    if partial is None or not partial.positions:
        return UnmatchedTable(table, _required_headers(table, sheet, mapping, ()))
    return UnmatchedTable(table, _missing_headers(partial, mapping), partial_match=partial)


def _missing_headers(matched: MatchedTable, mapping: HeaderMapping) -> tuple[str, ...]:
    """The usual headers of columns that the sheet cannot do without and that are not there, or cannot be used."""
    return _required_headers(matched.table, matched.sheet, mapping, matched.positions)


def _required_headers(
    table: SourceTable, sheet: Sheet, mapping: HeaderMapping, positions: Collection[str]
) -> tuple[str, ...]:
    wanted = _usable_columns(table, sheet, mapping)[0]
    missing = (column.headers[0] for name, column in wanted.items() if column.required and name not in positions)
    return tuple(dict.fromkeys(missing))


def _is_named_like(table: SourceTable, sheet: Sheet, mapping: HeaderMapping) -> bool:
    """Whether a table is called like a sheet, or the mapping has it feed this one."""
    if isinstance(table, MappedTable):
        return table.target_sheet == sheet.name
    name = table.name
    texts = (*mapping.sheets.get(sheet.name, ()), sheet.name, *sheet.aliases)
    plain = {strip_marks(plain_header(name)), strip_marks(plain_header(_NAME_SUFFIX.sub("", name)))}
    return plain & {strip_marks(plain_header(text)) for text in texts} != set()


def _usable_columns(
    table: SourceTable, sheet: Sheet, mapping: HeaderMapping
) -> tuple[Mapping[str, SheetColumn], Mapping[str, tuple[str, ...]]]:
    """(the columns of a sheet that a table may have, the headers that a mapping names for them)."""
    wanted = sheet_columns(sheet.name)
    if not isinstance(table, MappedTable):
        return wanted, mapping.headers.get(sheet.name, {})
    return {name: column for name, column in wanted.items() if name not in table.ignored_columns}, table.headers


def _with_noted_units(matched: MatchedTable, head: TableHead, mapping: HeaderMapping) -> MatchedTable:
    """The same with the units that notes below its header state: it takes a reading of the whole table, so of the chosen sheet alone."""
    wanted, _ = _usable_columns(matched.table, matched.sheet, mapping)
    measured = {at for name, at in matched.positions.items() if is_measured(wanted[name].property)}
    if not measured:
        return matched
    below = unit_notes(matched.rows, matched.header_rows, matched.key_position, measured)
    return (below and _match_sheet(matched.table, matched.sheet, head, mapping, notes_below=below)) or matched


def _match_sheet(
    table: SourceTable,
    sheet: Sheet,
    head: TableHead,
    mapping: HeaderMapping,
    *,
    require_all: bool = True,
    notes_below: Sequence[str] = (),
) -> MatchedTable | None:
    """The table read as this sheet, or None where a column that it cannot do without is not there, if it must be `require_all`.

    `notes_below`: the notes below its header that state a unit.
    """
    wanted, mapped = _usable_columns(table, sheet, mapping)
    required = {name for name, column in wanted.items() if column.required and require_all}
    best: tuple[HeaderRows, ColumnPlacement, list[str]] | None = None
    for header in head.header_candidates:
        notes = [table.name, table.path.stem, *head.texts_above(header), *head.unclear_units(header)]
        placement = place_columns(header, wanted, mapped, notes)
        # A column that cannot be used is there all the same: no other rows are the header for that.
        if (best is None or placement.column_count > best[1].column_count) and required <= placement.names:
            best = header, placement, notes
    if best is None:
        return None
    header, placement, notes = best
    placement = place_columns(header, wanted, mapped, [*notes, *notes_below]) if notes_below else placement
    above = head.texts_above(header)
    titled = year_of_table(above, table.name, table.path.stem)
    refuse_other_years(placement, wanted, header, head.first_rows, titled, (*above, *notes_below))
    if any(map(is_about_other_incomes, (*above, *notes_below, table.name, table.path.stem))):
        refuse_incomes(placement, wanted, mapped)
    texts = tuple(header.text(at) for at in range(len(header.texts)))
    shown = {name: texts[at] for name, at in placement.positions.items()}
    reasons = [texts.index(note) for note in (REASON_CODE_HEADER, ORIGINAL_KEY_HEADER) if note in texts]
    refused = tuple(reasons) if len(reasons) == len((REASON_CODE_HEADER, ORIGINAL_KEY_HEADER)) else ()
    beside = locate_name_columns(
        sheet.name,
        texts,
        placement.positions,
        lookup_paths=table.lookup_paths if isinstance(table, MappedTable) else {},
    ).used_positions
    year, day = titled or (0, 0)
    return MatchedTable(
        table, sheet, header.last_row, texts, placement.positions, shown,
        _unused_columns(table, texts, placement, beside), refused,
        placement.units, header.rows, year, day, frozenset("".join(text.split()) for text in above),
        tuple(name for name in placement.unusable if name in sheet.key and name.endswith(".year")), frozenset(beside),
        placement.column_count,
    )  # fmt: skip


def _unused_columns(
    table: SourceTable, texts: Sequence[str], placement: ColumnPlacement, context_positions: Collection[int]
) -> tuple[LeftOutPart, ...]:
    """The columns with a header of which nothing is read, each with why."""
    codes = {position: code for positions, code in placement.unusable.values() for position in positions}
    used = {*placement.positions.values(), *context_positions}
    return tuple(
        LeftOutPart(table.file, table.name, codes.get(at, COLUMN_UNKNOWN), column=text)
        for at, text in enumerate(texts)
        if text and at not in used and not text.startswith(NOTE_PREFIX)
    )
