"""Guesses of the sheets that a table may feed, for the draft of a mapping, and the comments that ask the reader about them."""

from __future__ import annotations

import re
from collections.abc import Collection, Iterator, Mapping, Sequence
from dataclasses import dataclass
from difflib import SequenceMatcher
from itertools import islice

from graph_service.core.cells.cell_numbers import is_measured
from graph_service.core.cells.day_bounds import FIRST_DAY_SUFFIXES, LAST_DAY_SUFFIXES
from graph_service.core.cells.units import header_readings, stated_unit
from graph_service.domain.metamodel import Relationship, SheetColumn
from graph_service.domain.model import MODEL
from graph_service.features.imports.read.cell_rules import cell_text_at
from graph_service.features.imports.read.column_owners import COLUMN_UNCLEAR, is_foreign_column
from graph_service.features.imports.read.column_placement import ColumnPlacement
from graph_service.features.imports.read.derived_values import NUMBER_COLUMN_BY_SHEET
from graph_service.features.imports.read.header_rows import HeaderRows
from graph_service.features.imports.read.name_columns import (
    NAME_HEADERS,
    identifying_columns,
    normalize_header,
    sheet_columns,
)
from graph_service.platform.readers.delivery import SourceTable

_PERIOD = re.compile("(帮扶|结对|驻村|任职|服务).*(时间|日期|期限)|起止")
"""A header under which a period may stand in one cell."""
_LAST_DAYS = re.compile("结束|终|止|截|到期|期满|离|撤|退|卸|注销|至|末")
"""Words in the header of a last day: 结对时间 is as similar to 结束时间 as to 开始时间, and means the first day."""
HOUSEHOLD_SHEET, CADRE_SHEET = "贫困户", "帮扶干部"
PHONE_HEADERS = ("联系电话", "电话", "手机", "手机号", "手机号码", "电话号码")
MAX_ROWS_READ = 10_000
"""The number of rows of a table read for a draft."""
MIN_SIMILARITY = 0.57
"""The least similarity of a header and a usual one for which the column is proposed."""
LIKELY_HEADERS: Mapping[str, tuple[str, ...]] = {
    "HouseholdYear.status": ("脱贫状态", "脱贫情况", "脱贫标识"),
    "Measure.kind": ("帮扶措施", "措施类型", "措施名称", "帮扶方式", "措施"),
    "Measure.content": ("措施内容", "具体措施", "具体内容"),
    "Measure.amount": ("投入资金", "投入金额", "补助金额", "补助资金", "帮扶资金", "落实资金", "资金"),
    "Measure.starts_on": ("实施时间", "落实时间", "享受时间", "帮扶时间"),
    "Fund.fund_no": ("资金文号", "下达文号", "指标文号"),
    "Fund.amount": ("下达金额", "下达资金", "安排资金", "资金总额"),
    "Cadre.name": ("帮扶干部姓名", "帮扶责任人", "帮扶干部", "帮扶人", "责任人"),
}
"""Headers that ledgers often, but not always, use for a column: they are proposed, never assigned."""


@dataclass(frozen=True, slots=True)
class SheetGuess:
    """A sheet that a table may feed: the placement of its columns, and the headers proposed for those that it lacks."""

    sheet: str
    placement: ColumnPlacement
    similar_headers: Mapping[str, str]

    @property
    def missing_columns(self) -> list[str]:
        """The required columns that are neither present nor proposed."""
        return [
            name
            for name in sorted(required_columns(self.sheet))
            if name not in self.placement.positions and name not in self.similar_headers
        ]


def required_columns(sheet: str) -> set[str]:
    """Return the columns that every row of a sheet must have."""
    return {name for name, column in sheet_columns(sheet).items() if column.required}


def is_incidental(guess: SheetGuess, guesses: Sequence[SheetGuess], header_count: int) -> bool:
    """Return True where a sheet is only incidental to the records of another one: a row with the department of a
    helper and the village of a household does not say that the department helps the village, nor is a ledger of
    projects a list of departments. Return True also where the main sheet uses less than half of the table's
    `header_count` and only links records."""
    registered_guesses = [candidate for candidate in guesses if not _has_unregistered_cadres(candidate)]
    main_guess = max(registered_guesses or guesses, key=lambda candidate: len(candidate.placement.positions))
    written_targets = {write.target for write in MODEL.sheets[main_guess.sheet].writes}
    end_labels = {label for name in _relationships_only(guess.sheet) for label in (*name.start, *name.end)}
    if guess is main_guess:
        return _identifies_only(guess) and 2 * len(set(guess.placement.positions.values())) < header_count
    return _identifies_only(guess) and not end_labels & written_targets


def _identifies_only(guess: SheetGuess) -> bool:
    """Return True where a table only identifies the records of a sheet, or links records, without describing them."""
    owned_labels = {write.target for write in MODEL.sheets[guess.sheet].writes if write.target in MODEL.labels}
    descriptive_columns = (guess.placement.positions.keys() | guess.similar_headers.keys()) - identifying_columns(
        guess.sheet
    )
    return not any(name.partition(".")[0] in owned_labels for name in descriptive_columns)


def _has_unregistered_cadres(guess: SheetGuess) -> bool:
    return guess.sheet == CADRE_SHEET and bool(guess.missing_columns)


def guess_comment(guess: SheetGuess, guesses: Sequence[SheetGuess], header_count: int) -> str:
    """Return the question, as a comment, about a sheet that is only proposed; empty for one that the table does feed."""
    has_several = len(guesses) > 1
    if has_several and (foreign_columns := foreign_keys(guess)):
        header = sheet_columns(guess.sheet)[foreign_columns[0]].headers[0]
        return f"# 缺少 {header}，补上后启用 / enable after adding {header}:"
    if has_several and guess.sheet == HOUSEHOLD_SHEET and _identifies_only(guess):
        # A card of the year that names only the head would take precedence over earlier data of the household.
        return "# 仅当这些户尚未登记时启用 / enable only if these households are not registered yet:"
    if is_incidental(guess, guesses, header_count):
        return "# 仅当表中确有此意时启用 / enable only if the table really contains this:"
    if has_several and _has_unregistered_cadres(guess):
        return "# 仅当这些干部尚未登记时启用 / enable only if these cadres are not registered yet:"
    return ""


def is_assignable_key(sheet: str, column: str) -> bool:
    """Return True where a column is the key of records that are numbered only by an office: a number may be composed
    for projects and funds, unlike for households and persons."""
    owner = column.partition(".")[0]
    written_targets = {write.target for write in MODEL.sheets[sheet].writes} - {"Household", "Person"}
    return owner in written_targets and column == f"{owner}.{MODEL.labels[owner].key.name}"


def foreign_keys(guess: SheetGuess) -> list[str]:
    """Return the missing columns of a guess that refer to records of other sheets."""
    written_targets = {write.target for write in MODEL.sheets[guess.sheet].writes}
    owners = {name: MODEL.labels.get(name.partition(".")[0]) for name in guess.missing_columns}
    keys = {name for name, owner in owners.items() if owner is not None and name.endswith(f".{owner.key.name}")}
    return sorted(name for name in keys if name.partition(".")[0] not in written_targets)


def unregistered_cadres(
    chosen: Sequence[SheetGuess], guesses: Sequence[SheetGuess], texts: Sequence[str], recognised: Collection[str]
) -> list[SheetGuess]:
    """Return the sheet of cadres where rows refer to cadres and have a telephone from which a number can be
    composed: every cadre referred to must be registered. `recognised`: headers that the chosen sheets recognise,
    none of which is the number of anything else."""
    has_cadre_number = any("Cadre.cadre_no" in guess.placement.positions for guess in chosen)
    has_telephone = any(normalize_header(text).endswith(PHONE_HEADERS) for text in texts)
    is_unregistered = has_cadre_number and has_telephone and not any(guess.sheet == CADRE_SHEET for guess in chosen)

    def is_proposed(name: str, text: str) -> bool:
        return name != "Cadre.cadre_no" and (name.startswith("Cadre.") or text not in recognised)

    return [
        SheetGuess(
            cadre_guess.sheet,
            cadre_guess.placement,
            {name: text for name, text in cadre_guess.similar_headers.items() if is_proposed(name, text)},
        )
        for cadre_guess in guesses
        if is_unregistered
        and cadre_guess.sheet == CADRE_SHEET
        and "Cadre.name" in cadre_guess.placement.positions.keys() | cadre_guess.similar_headers.keys()
    ]


def is_titled(sheet: str, notes: Sequence[str]) -> bool:
    """Return True where the title of a table names a sheet: 到户帮扶措施台账."""
    names = (sheet, *MODEL.sheets[sheet].aliases)
    return any(len(name) > 1 and name in note for name in names for note in notes)


def may_repeat_records(guess: SheetGuess, guesses: Sequence[SheetGuess]) -> bool:
    """Return True where several rows may describe one record of a sheet: rows of members, measures or helpers
    describe their household, rows of persons any record that belongs to the person."""
    key_column = MODEL.sheets[guess.sheet].key[0]
    is_key_written = key_column.partition(".")[0] in {write.target for write in MODEL.sheets[guess.sheet].writes}
    other_guesses = [other_guess for other_guess in guesses if other_guess.sheet != guess.sheet]
    has_person_rows = guess.sheet not in NUMBER_COLUMN_BY_SHEET and any(
        other_guess.sheet == "家庭成员" for other_guess in other_guesses
    )
    return has_person_rows or (
        is_key_written
        and any(
            key_column in other_guess.placement.positions.keys() | other_guess.similar_headers.keys()
            for other_guess in other_guesses
        )
    )


def _relationships_only(sheet: str) -> list[Relationship]:
    """Return the relationships of a sheet that has nothing else; empty for one with records of its own labels."""
    targets = [write.target for write in MODEL.sheets[sheet].writes]
    has_only_relationships = all(target in MODEL.relationships for target in targets)
    return [MODEL.relationships[target] for target in targets] if has_only_relationships else []


def match_similar_headers(
    columns: Mapping[str, SheetColumn], placement: ColumnPlacement, free_headers: Sequence[str]
) -> dict[str, str]:
    """Return for the missing columns the most similar of `free_headers`: each header is proposed only for the column
    that it is most similar to."""
    scores = sorted(
        (
            (score, name, text)
            for text in free_headers
            for name, column in columns.items()
            if name not in placement.positions
            and not is_foreign_column(name, text)
            and (not name.endswith(LAST_DAY_SUFFIXES) or _LAST_DAYS.search(text))
            and (not name.endswith(FIRST_DAY_SUFFIXES) or not _LAST_DAYS.search(text))
            and (is_measured(column.property) or not stated_unit(text, allow_ending=False))
            and (name not in placement.unusable or placement.unusable[name].code == COLUMN_UNCLEAR)
            for score in _similarities(normalize_header(text), name, column)
        ),
        reverse=True,
    )
    header_by_column: dict[str, str] = {}
    for score, name, text in scores:
        if score >= MIN_SIMILARITY and name not in header_by_column and text not in header_by_column.values():
            header_by_column[name] = text
    return header_by_column


def _similarities(header_text: str, column_name: str, column: SheetColumn) -> Iterator[float]:
    likely_headers = LIKELY_HEADERS.get(column_name, ())
    # A header without its unit is the same: 投入资金(万元).
    bases = {normalize_header(reading.name) for reading in header_readings(header_text)}
    yield from (
        2 - rank / 100 for rank, header in enumerate(likely_headers) if any(base.endswith(header) for base in bases)
    )
    yield from (_similarity(header_text, normalize_header(header)) for header in column.headers)


def _similarity(text: str, header: str) -> float:
    if len(header) >= 2 and (header in text or text in header) and len(text) >= 2:
        return 0.6 + 0.4 * min(len(text), len(header)) / max(len(text), len(header))
    return SequenceMatcher(None, text, header).ratio()


def suggest_period_columns(guess: SheetGuess, unused_headers: Sequence[str]) -> Iterator[str]:
    """Yield the proposals for a column that may have the first and the last day in one cell."""
    columns, taken_columns = sheet_columns(guess.sheet), guess.placement.positions.keys() | guess.similar_headers.keys()
    period_header = next((text for text in unused_headers if _PERIOD.search(text)), "")
    begin_column = next((name for name in columns if name.endswith(".since") and name not in taken_columns), "")
    if not period_header or not begin_column:
        return
    for part, name in enumerate((begin_column, begin_column.replace(".since", ".until"))):
        if name in columns and name not in taken_columns:
            optional = ", optional = true" if part else ""
            rule = f'{{header = {toml_text(period_header)}, split = ["至", "—", "~", "-"], part = {part}{optional}}}'
            yield f"# columns.{toml_text(name)} = {rule}  # 起止日期写在一格时启用 / enable if one cell contains both dates"


def is_period(guess: SheetGuess, header_text: str) -> bool:
    """Return True where `suggest_period_columns` proposes a rule for a header."""
    return next(iter(suggest_period_columns(guess, [header_text])), "") != ""


def suggest_row_condition(guess: SheetGuess, header: HeaderRows) -> Iterator[str]:
    """Yield the proposal of a condition for a sheet of relationships in whose rows a helper may be blank."""
    position = guess.placement.positions.get("Cadre.cadre_no")
    if _relationships_only(guess.sheet) and position is not None:
        yield f'# where.{toml_text(header.text(position))} = "!"  # 只取此列不空的行 / only rows in which this column is not blank'


def shared_phone_header(table: SourceTable, header: HeaderRows) -> str:
    """Return the header of a table's names of cadres where two of them share one telephone in its first rows; else an empty text."""
    texts = [normalize_header(header.text(position)) for position in range(len(header.texts))]
    phone_position = next((position for position, text in enumerate(texts) if text.endswith(PHONE_HEADERS)), None)
    name_position = next(
        (position for position, text in enumerate(texts) if text in map(normalize_header, NAME_HEADERS["Cadre"])), None
    )
    if phone_position is None or name_position is None:
        return ""
    name_by_phone: dict[str, str] = {}
    for row in islice(table.rows(), MAX_ROWS_READ):
        phone, cadre_name = cell_text_at(row.cells, phone_position), cell_text_at(row.cells, name_position)
        if (
            row.number > header.last_row
            and phone
            and cadre_name
            and name_by_phone.setdefault(phone, cadre_name) != cadre_name
        ):
            return header.text(name_position)
    return ""


def toml_text(text: str) -> str:
    """Return a text as a mapping file writes it."""
    escaped = text.replace("\\", "\\\\").replace('"', '\\"')
    return f'"{escaped}"'
