"""Tables of a delivery that feed a sheet by a mapping file: their own columns, then those computed by rules."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field, fields, replace
from fnmatch import fnmatchcase
from functools import cache
from typing import NamedTuple

from graph_service.domain.metamodel import PropertyKind, plain_spelling
from graph_service.domain.model import MODEL
from graph_service.errors import MappingInvalid
from graph_service.features.imports.read.cell_rules import (
    cell_text_at,
    compute_cell,
    computed_header,
    is_record_key,
    is_unreadable,
    stated_units,
)
from graph_service.features.imports.read.header_rows import HeaderRows, first_rows, header_candidates
from graph_service.features.imports.read.mapping_rules import (
    HEADER_FIELD,
    CellRule,
    HeaderMapping,
    SheetRule,
    TableRule,
)
from graph_service.features.imports.read.name_columns import normalize_header, sheet_columns
from graph_service.features.imports.read.row_classification import non_record_reason
from graph_service.platform.readers.cells import Cell, SourceRow
from graph_service.platform.readers.delivery import SourceTable

MAX_PERIOD_PARTS = 2
ROW_UNMAPPED = "ROW_UNMAPPED"
NOTES_SHEET = "#说明"
"""The sheet of notes of a workbook of refused rows."""
CORRECTED_HINT_ZH = "。改正后的拒收工作簿不需要映射文件，除非其说明页另有写明"
CORRECTED_HINT_EN = "; a corrected workbook of refused rows needs no mapping file, unless its notes say so"


class Condition(NamedTuple):
    """A condition of a mapping on a row: the position of a cell, and the texts of which it has one; `!` before a text excludes it."""

    position: int
    texts: tuple[str, ...]


"""The position of a column, and the texts accepted in its cell: "" is a blank cell, "!户主" any text but this."""


@dataclass(frozen=True)
class MappedTable(SourceTable):
    """A table as it feeds one sheet. Rows and their numbers are those of the file; cells computed by rules follow to
    the right.

    `headers`: the names of the columns in this table; `mentioned_headers`: the headers that the rules of all sheets
    name; `ignored_columns`: columns that are not read; `lookup_paths`, `numbers`, `areas`, `otherwise`: rules for
    the lookup of names; `once`: True where several rows may describe the same record.
    """

    source: SourceTable | None = field(default=None, compare=False)
    target_sheet: str = ""
    is_first: bool = False
    once: bool = False
    header: HeaderRows = field(default=HeaderRows(0, (), ()), compare=False)
    computed_columns: tuple[tuple[str, CellRule], ...] = field(default=(), compare=False)
    conditions: tuple[Condition, ...] = field(default=(), compare=False)
    all_conditions: tuple[tuple[Condition, ...], ...] = field(default=(), compare=False)
    headers: Mapping[str, tuple[str, ...]] = field(default_factory=dict, compare=False)
    mentioned_headers: frozenset[str] = field(default=frozenset(), compare=False)
    ignored_columns: frozenset[str] = field(default=frozenset(), compare=False)
    areas: tuple[str, ...] = field(default=(), compare=False)
    lookup_paths: Mapping[str, tuple[str, ...]] = field(default_factory=dict, compare=False)
    numbers: Mapping[str, Mapping[str, str]] = field(default_factory=dict, compare=False)
    otherwise: Mapping[str, str] = field(default_factory=dict, compare=False)

    @property
    def composed_columns(self) -> frozenset[str]:
        """The columns whose cells are composed of others."""
        names = {header for header, rule in self.computed_columns if rule.format}
        return frozenset(column for column, headers in self.headers.items() if headers[0] in names)

    def rows(self) -> Iterator[SourceRow]:
        """Yield the rows that feed the sheet. A row that feeds no sheet at all is reported with the first of them."""
        assert self.source is not None
        width = len(self.header.texts)
        positions = {
            normalize_header(text): position
            for position, texts in reversed(list(enumerate(self.header.texts)))
            for text in texts
        }
        for row in self.source.rows():
            if row.number < self.header.last_row:
                yield row
            elif row.number == self.header.last_row:
                # A blank column between, so that a text above the last column does not also stand above the computed ones.
                yield row._replace(
                    cells=[
                        *_padded(row.cells, width),
                        *([None] if self.computed_columns else []),
                        *(header for header, _ in self.computed_columns),
                    ]
                )
            elif row.hidden or row.fault:
                yield row
            elif any(is_unreadable(row.cells, condition.position) for condition in self.conditions):
                # It cannot be told whether such a row feeds the sheet.
                yield row._replace(fault=ROW_UNMAPPED)
            elif _meets_conditions(self.conditions, row.cells):
                computed_cells = [compute_cell(rule, row.cells, positions) for _, rule in self.computed_columns]
                yield row._replace(
                    cells=[*_padded(row.cells, width), *([None] if computed_cells else []), *computed_cells]
                    if computed_cells
                    else row.cells
                )
            elif self.is_first and not any(
                _meets_conditions(conditions, row.cells) for conditions in self.all_conditions
            ):
                reason_code = non_record_reason(row.cells, 0, self.header.rows).code
                yield row if reason_code else row._replace(fault=ROW_UNMAPPED)


def apply_mapping(tables: Sequence[SourceTable], mapping: HeaderMapping) -> list[SourceTable]:
    """Return the tables, those named by a mapping once for each sheet that they feed. Raises `MappingInvalid` where
    a table lacks a header that the mapping names, and for a rule that names no table."""
    mapped_tables: list[SourceTable] = []
    used_rules: set[int] = set()
    for table in tables:
        rule_indexes = [rule_index for rule_index, rule in enumerate(mapping.tables) if _is_named_by(table, rule)]
        used_rules.update(rule_indexes)
        mapped_tables.extend(
            [mapped for rule_index in rule_indexes for mapped in _map_table(table, mapping, rule_index)]
            if rule_indexes
            else [table]
        )
    for rule_index, rule in enumerate(mapping.tables):
        if rule_index not in used_rules:
            listed_tables = "、".join(f"{table.file}:{table.name}" if table.sheet else table.file for table in tables)
            is_corrected = any(table.name == NOTES_SHEET for table in tables)
            zh, en = (CORRECTED_HINT_ZH, CORRECTED_HINT_EN) if is_corrected else ("", "")
            raise _mapping_error(mapping, f"tables[{rule_index + 1}].name", f"没有名为 {'、'.join(rule.names)} 的文件或表；可用：{listed_tables}{zh}",
                         f"no file or sheet is named {', '.join(rule.names)}; available: {listed_tables}{en}")  # fmt: skip
    return mapped_tables


def _is_named_by(table: SourceTable, rule: TableRule) -> bool:
    sheet = table.sheet.strip() or table.name
    # Names are displayed with the numbers of people in them masked; a mapping may have them in full.
    names = {table.name, sheet, table.file, table.path.stem, f"{table.file}!{table.name}", f"{table.path.name}!{sheet}"}
    return any(
        fnmatchcase(normalize_header(name), "*".join(map(normalize_header, pattern.split("*"))))
        for name in names
        for pattern in rule.names
    )


def _map_table(table: SourceTable, mapping: HeaderMapping, rule_index: int) -> Iterator[MappedTable]:
    rule = mapping.tables[rule_index]
    expected_texts = {normalize_header(text) for sheet in rule.sheets for text in _mentioned_headers(sheet)}
    header = find_likely_header(table, expected_texts)
    conditions = [
        _locate_conditions(sheet, header, mapping, f"tables[{rule_index + 1}].sheets[{number}]")
        for number, sheet in enumerate(rule.sheets, 1)
    ]
    for number, sheet in enumerate(rule.sheets):
        yield _feed_sheet(
            table, mapping, rule, sheet, header, f"tables[{rule_index + 1}].sheets[{number + 1}]", conditions, number
        )


def _feed_sheet(
    table: SourceTable, mapping: HeaderMapping, rule: TableRule, sheet: SheetRule, header: HeaderRows, location: str,
    conditions: Sequence[tuple[Condition, ...]], sheet_index: int,
) -> MappedTable:  # fmt: skip
    """Return the table as it feeds one sheet."""
    existing_headers = {normalize_header(text) for texts in header.texts for text in texts}
    headers = dict(mapping.headers.get(sheet.sheet, {}))
    computed_columns: list[tuple[str, CellRule]] = []
    for column, cell in sheet.columns.items():
        required_headers = _required_headers(header, cell, mapping, f'{location}.columns."{column}"')
        if cell.is_computed:
            usual_header = computed_header(sheet_columns(sheet.sheet)[column], cell)
            headers[column] = (
                column + stated_units(cell) if normalize_header(usual_header) in existing_headers else usual_header,
            )
            # A period has two days: a text with more parts is none.
            is_day = sheet_columns(sheet.sheet)[column].property.kind is PropertyKind.DATE
            max_parts = MAX_PERIOD_PARTS if is_day and cell.split else 0
            computed_columns.append(
                (headers[column][0], replace(cell, max_parts=max_parts, is_record_number=is_record_key(column)))
            )
        elif required_headers:
            headers[column] = (required_headers[-1],) if cell.lookup else required_headers
    for column in list(headers):
        # A column of a table stands for all columns of the sheet with its header: the amounts of the kinds of payments.
        for same_column in _same_header_columns(sheet.sheet, column) - headers.keys() - sheet.columns.keys():
            headers[same_column] = headers[column]
    return MappedTable(
        **{table_field.name: getattr(table, table_field.name) for table_field in fields(SourceTable)},
        source=table,
        target_sheet=sheet.sheet,
        is_first=sheet_index == 0,
        once=sheet.once,
        header=header,
        computed_columns=tuple(computed_columns),
        conditions=conditions[sheet_index],
        all_conditions=tuple(conditions),
        headers=headers,
        mentioned_headers=frozenset(
            normalize_header(text) for sheet_rule in rule.sheets for text in _mentioned_headers(sheet_rule)
        ),
        ignored_columns=frozenset(name for name, cell in sheet.columns.items() if cell == CellRule()),
        areas=rule.areas,
        lookup_paths={name: cell.lookup for name, cell in sheet.columns.items() if cell.lookup},
        numbers=rule.numbers,
        otherwise={name: cell.otherwise for name, cell in sheet.columns.items() if cell.otherwise},
    )


def _same_header_columns(sheet: str, column: str) -> set[str]:
    """Return the columns of a sheet that have the same headers as this one."""
    columns = sheet_columns(sheet)
    return {name for name, candidate in columns.items() if candidate.headers == columns[column].headers}


def _mentioned_headers(sheet: SheetRule) -> Iterator[str]:
    """Yield the headers of the file that the rules of a sheet name."""
    yield from sheet.where
    for cell in sheet.columns.values():
        yield from (*cell.headers, *cell.lookup, *HEADER_FIELD.findall(cell.format))


def find_likely_header(table: SourceTable, expected_texts: set[str]) -> HeaderRows:
    """Return the rows most similar to a header with these texts, among the first rows of a table."""

    def similarity(header: HeaderRows) -> tuple[int, int, int]:
        texts = {normalize_header(text) for texts in header.texts for text in texts}
        return len(texts & expected_texts), len(texts & usual_headers()), -len(header.rows)

    return max(header_candidates(first_rows(table.rows())), key=similarity, default=HeaderRows(0, (), ()))


@cache
def usual_headers() -> frozenset[str]:
    """Return all headers by which a column of a sheet is recognised, in the form in which headers are compared."""
    columns = (column for name in MODEL.sheets for column in sheet_columns(name).values())
    return frozenset(normalize_header(text) for column in columns for text in column.headers)


def _required_headers(header: HeaderRows, cell: CellRule, mapping: HeaderMapping, location: str) -> tuple[str, ...]:
    """Return the headers that a rule needs, all present in the table. Raises `MappingInvalid`."""
    existing_headers = {normalize_header(text) for texts in header.texts for text in texts}
    if cell.headers:
        matching_headers = tuple(text for text in cell.headers if normalize_header(text) in existing_headers)
        if not matching_headers:
            raise _missing_header_error(header, cell.headers, mapping, location)
        return matching_headers
    required_headers = cell.lookup or tuple(HEADER_FIELD.findall(cell.format))
    if missing := [text for text in required_headers if normalize_header(text) not in existing_headers]:
        raise _missing_header_error(header, missing, mapping, location)
    return tuple(required_headers)


def _locate_conditions(
    sheet: SheetRule, header: HeaderRows, mapping: HeaderMapping, location: str
) -> tuple[Condition, ...]:
    conditions: list[Condition] = []
    for text, values in sheet.where.items():
        positions = [
            position
            for position, texts in enumerate(header.texts)
            if normalize_header(text) in map(normalize_header, texts)
        ]
        if not positions:
            raise _missing_header_error(header, [text], mapping, f"{location}.where")
        conditions.append(Condition(positions[0], values))
    return tuple(conditions)


def _missing_header_error(
    header: HeaderRows, missing: Sequence[str], mapping: HeaderMapping, location: str
) -> MappingInvalid:
    listed_headers = "、".join(header.text(position) for position in range(len(header.texts)) if header.text(position))
    return _mapping_error(mapping, location, f"表中没有表头 {'、'.join(missing)}；可用：{listed_headers}",
                  f"the table has no header {', '.join(missing)}; available: {listed_headers}")  # fmt: skip


def _mapping_error(mapping: HeaderMapping, location: str, zh: str, en: str) -> MappingInvalid:
    return MappingInvalid(file=mapping.file, where=location, reason_zh=zh, reason_en=en)


def _meets_conditions(conditions: Sequence[Condition], cells: Sequence[Cell]) -> bool:
    return all(_matches_texts(cell_text_at(cells, condition.position), condition.texts) for condition in conditions)


def _matches_texts(text: str, texts: Sequence[str]) -> bool:
    text = plain_spelling(text)
    excluded_texts = [plain_spelling(condition_text[1:]) for condition_text in texts if condition_text.startswith("!")]
    accepted_texts = [plain_spelling(condition_text) for condition_text in texts if not condition_text.startswith("!")]
    return text not in excluded_texts and (not accepted_texts or text in accepted_texts)


def _padded(cells: Sequence[Cell], width: int) -> list[Cell]:
    return [*cells[:width], *[None] * (width - len(cells))]
