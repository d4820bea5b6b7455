"""Matching of the tables of a delivery with sheets and columns, by default headers or by a mapping file."""

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
"""Note columns of a workbook of refused rows: the code of the refusal, and the number under which the row was refused."""
INSIGNIFICANT_HEADERS = {"序号", "备注", "说明"}
"""Headers of columns that may remain unused in any table."""
_NAME_SUFFIX = re.compile(r"\s*[((【\[][^))】\]]*[))】\]]\s*$")
"""The addition to a sheet's name where there are several of it: its unit, its year."""

_VOID = re.compile("作废|废弃|样表|示例|样例|不用|勿用|停用|备份|草稿|[((]旧[))]|旧表|旧$|底稿|已?删除|模板")
"""Words in the name of a workbook's sheet that exclude it from reading."""


def match_tables(
    tables: tuple[SourceTable, ...], model: Model, mapping: HeaderMapping
) -> tuple[list[MatchedTable], list[UnmatchedTable]]:
    """Return (matched tables in the model's order of sheets, tables that match no sheet)."""
    matched: list[MatchedTable] = []
    unmatched: list[UnmatchedTable] = []
    covers = units_on_covers(tables)
    for table in apply_mapping(tables, mapping):
        if table.name.startswith(NOTE_PREFIX):
            continue
        if table.sheet and not isinstance(table, MappedTable) and _VOID.search(table.name):
            unmatched.append(UnmatchedTable(table, is_void=True))
            continue
        head = TableHead.read(table, covers.get(table.path, ()))
        named_sheets = [sheet for sheet in model.sheets.values() if _is_named_like(table, sheet, mapping)]
        # A table with the name of one sheet is not matched with another one because of a header written differently.
        candidates = [
            candidate
            for sheet in named_sheets or model.sheets.values()
            if (candidate := _match_sheet(table, sheet, head, mapping))
        ]
        max_column_count = max((candidate.column_count for candidate in candidates), default=0)
        best_matches = [candidate for candidate in candidates if candidate.column_count == max_column_count]
        if len(best_matches) == 1 and not named_sheets and _is_unsure(best_matches[0], model):
            unmatched.append(UnmatchedTable(table, possible_sheets=(best_matches[0].sheet.name,), is_unsure=True))
        elif len(best_matches) == 1:
            with_units = _with_noted_units(best_matches[0], head, mapping)
            if missing := _missing_headers(with_units, mapping):
                unmatched.append(UnmatchedTable(table, missing, partial_match=with_units))
            else:
                matched.append(with_units)
        elif best_matches:
            unmatched.append(
                UnmatchedTable(table, possible_sheets=tuple(candidate.sheet.name for candidate in best_matches))
            )
        else:
            unmatched.append(
                _match_partially(named_sheets[0], table, head, mapping) if named_sheets else UnmatchedTable(table)
            )
    matched = list(mark_assumed_units(_merge_unused_columns(matched)))
    sheet_order = list(model.sheets)
    matched.sort(key=lambda candidate: (sheet_order.index(candidate.sheet.name), candidate.table.file))
    return matched, unmatched


def _is_unsure(matched: MatchedTable, model: Model) -> bool:
    """Return True where a table hardly matches this sheet by its headers: it has no columns beyond those that
    identify the records and their place; or it only links records, and more of its columns are left over than are
    read."""
    unused = [part for part in matched.unused if normalize_header(part.column) not in INSIGNIFICANT_HEADERS]
    if all(write.target in model.relationships for write in matched.sheet.writes):
        return len(matched.unused) > len(set(matched.positions.values()) | matched.context_positions)
    return bool(unused) and set(matched.positions) <= identifying_columns(matched.sheet.name)


def _merge_unused_columns(matched_tables: Sequence[MatchedTable]) -> Iterator[MatchedTable]:
    """Yield the tables; a column of a table that feeds several sheets is unused where none of them uses it, and is
    reported with the first of them."""
    groups: dict[tuple[str, str], list[MatchedTable]] = defaultdict(list)
    for matched in matched_tables:
        if isinstance(matched.table, MappedTable):
            groups[matched.table.file, matched.table.name].append(matched)
    for matched in matched_tables:
        if not isinstance(matched.table, MappedTable):
            yield matched
            continue
        group, mentioned_headers = groups[matched.table.file, matched.table.name], matched.table.mentioned_headers
        unused_by_column = [{part.column: part for part in parts.unused} for parts in group]
        # The reason why one sheet cannot use a column is more informative than that the other sheets do not know it.
        reasons = {
            part.column: part for parts in unused_by_column for part in parts.values() if part.code != COLUMN_UNKNOWN
        }
        unused = tuple(
            reasons.get(part.column, part)
            for part in matched.unused
            if all(part.column in parts for parts in unused_by_column)
            and (normalize_header(part.column) not in mentioned_headers or part.column in reasons)
        )
        yield replace(matched, unused=(*unused, *_shared_columns(group)) if matched is group[0] else ())


def _shared_columns(group: Sequence[MatchedTable]) -> Iterator[LeftOutPart]:
    """Yield the columns of a table that were assigned, without a rule, to several owners: the telephone of a household and of a cadre."""
    for index, header in enumerate(group[0].header):
        owners: dict[str, tuple[str, bool]] = {}
        for matched in group:
            assert isinstance(matched.table, MappedTable)
            for name, position in matched.positions.items():
                if position == index and (owner := _column_owner(name)):
                    owners.setdefault(owner, (matched.sheet.name, name in matched.table.headers))
        sheets = dict.fromkeys(sheet for sheet, _ in owners.values())
        if len(sheets) > 1 and not all(is_stated for _, is_stated in owners.values()):
            yield LeftOutPart(
                group[0].table.file, group[0].table.name, COLUMN_SHARED, column=header, value="、".join(sheets)
            )


def _column_owner(column: str) -> str:
    """Return the label or relationship that a column describes; empty where the column identifies a record or states the year."""
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
    """Return a table that lacks headers of this sheet as unmatched, with the match of the rows most similar to its header."""
    partial_match = _match_sheet(table, sheet, head, mapping, require_all=False)
    if partial_match is None or not partial_match.positions:
        return UnmatchedTable(table, _required_headers(table, sheet, mapping, ()))
    return UnmatchedTable(table, _missing_headers(partial_match, mapping), partial_match=partial_match)


def _missing_headers(matched: MatchedTable, mapping: HeaderMapping) -> tuple[str, ...]:
    """Return the usual headers of required columns that are missing or cannot be used."""
    return _required_headers(matched.table, matched.sheet, mapping, matched.positions)


def _required_headers(
    table: SourceTable, sheet: Sheet, mapping: HeaderMapping, positions: Collection[str]
) -> tuple[str, ...]:
    columns = _usable_columns(table, sheet, mapping)[0]
    missing = (column.headers[0] for name, column in columns.items() if column.required and name not in positions)
    return tuple(dict.fromkeys(missing))


def _is_named_like(table: SourceTable, sheet: Sheet, mapping: HeaderMapping) -> bool:
    """Return True where a table has the name of a sheet, or the mapping feeds this sheet from it."""
    if isinstance(table, MappedTable):
        return table.target_sheet == sheet.name
    name = table.name
    texts = (*mapping.sheets.get(sheet.name, ()), sheet.name, *sheet.aliases)
    table_texts = {strip_marks(plain_header(name)), strip_marks(plain_header(_NAME_SUFFIX.sub("", name)))}
    return table_texts & {strip_marks(plain_header(text)) for text in texts} != set()


def _usable_columns(
    table: SourceTable, sheet: Sheet, mapping: HeaderMapping
) -> tuple[Mapping[str, SheetColumn], Mapping[str, tuple[str, ...]]]:
    """Return (the columns of a sheet that a table may have, the headers that a mapping names for them)."""
    columns = sheet_columns(sheet.name)
    if not isinstance(table, MappedTable):
        return columns, mapping.headers.get(sheet.name, {})
    return {name: column for name, column in columns.items() if name not in table.ignored_columns}, table.headers


def _with_noted_units(matched: MatchedTable, head: TableHead, mapping: HeaderMapping) -> MatchedTable:
    """Return the match with the units that notes below its header state. The whole table is read for this, so it is
    done for the chosen sheet alone."""
    columns, _ = _usable_columns(matched.table, matched.sheet, mapping)
    measured_positions = {
        position for name, position in matched.positions.items() if is_measured(columns[name].property)
    }
    if not measured_positions:
        return matched
    notes_below = unit_notes(matched.rows, matched.header_rows, matched.key_position, measured_positions)
    return (
        notes_below and _match_sheet(matched.table, matched.sheet, head, mapping, notes_below=notes_below)
    ) or matched


def _match_sheet(
    table: SourceTable,
    sheet: Sheet,
    head: TableHead,
    mapping: HeaderMapping,
    *,
    require_all: bool = True,
    notes_below: Sequence[str] = (),
) -> MatchedTable | None:
    """Return the table read as this sheet, or None where a required column is missing and `require_all` is set.

    `notes_below`: the notes below its header that state a unit.
    """
    columns, mapped_headers = _usable_columns(table, sheet, mapping)
    required = {name for name, column in columns.items() if column.required and require_all}
    best: tuple[HeaderRows, ColumnPlacement, list[str]] | None = None
    for header in head.header_candidates:
        notes = [table.name, table.path.stem, *head.texts_above(header), *head.unclear_units(header)]
        placement = place_columns(header, columns, mapped_headers, notes)
        # A column that cannot be used counts as present: it does not make other rows the header.
        if (best is None or placement.column_count > best[1].column_count) and required <= placement.names:
            best = header, placement, notes
    if best is None:
        return None
    header, placement, notes = best
    placement = place_columns(header, columns, mapped_headers, [*notes, *notes_below]) if notes_below else placement
    titles = head.texts_above(header)
    title_date = year_of_table(titles, table.name, table.path.stem)
    refuse_other_years(placement, columns, header, head.first_rows, title_date, (*titles, *notes_below))
    if any(map(is_about_other_incomes, (*titles, *notes_below, table.name, table.path.stem))):
        refuse_incomes(placement, columns, mapped_headers)
    texts = tuple(header.text(index) for index in range(len(header.texts)))
    header_texts = {name: texts[index] for name, index in placement.positions.items()}
    note_positions = [texts.index(note) for note in (REASON_CODE_HEADER, ORIGINAL_KEY_HEADER) if note in texts]
    reason_positions = (
        tuple(note_positions) if len(note_positions) == len((REASON_CODE_HEADER, ORIGINAL_KEY_HEADER)) else ()
    )
    context_positions = locate_name_columns(
        sheet.name,
        texts,
        placement.positions,
        lookup_paths=table.lookup_paths if isinstance(table, MappedTable) else {},
    ).used_positions
    year, day = title_date or (0, 0)
    return MatchedTable(
        table, sheet, header.last_row, texts, placement.positions, header_texts,
        _unused_columns(table, texts, placement, context_positions), reason_positions,
        placement.units, header.rows, year, day, frozenset("".join(text.split()) for text in titles),
        tuple(name for name in placement.unusable if name in sheet.key and name.endswith(".year")), frozenset(context_positions),
        placement.column_count,
    )  # fmt: skip


def _unused_columns(
    table: SourceTable, texts: Sequence[str], placement: ColumnPlacement, context_positions: Collection[int]
) -> tuple[LeftOutPart, ...]:
    """Return the columns with a header that are not read, each with the reason."""
    codes = {position: code for positions, code in placement.unusable.values() for position in positions}
    used_positions = {*placement.positions.values(), *context_positions}
    return tuple(
        LeftOutPart(table.file, table.name, codes.get(position, COLUMN_UNKNOWN), column=text)
        for position, text in enumerate(texts)
        if text and position not in used_positions and not text.startswith(NOTE_PREFIX)
    )
