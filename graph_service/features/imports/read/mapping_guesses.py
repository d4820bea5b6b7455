"""What a draft of a mapping takes a table for, and what it says of that only as a question."""

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
"""What a header says of a last day: 结对时间 is as like 结束时间 as it is like 开始时间, and means the first day."""
HOUSEHOLD_SHEET, CADRE_SHEET = "贫困户", "帮扶干部"
PHONE_HEADERS = ("联系电话", "电话", "手机", "手机号", "手机号码", "电话号码")
MAX_ROWS_READ = 10_000
"""Of a table, for a draft."""
MIN_SIMILARITY = 0.57
"""How alike a header and a usual one are, at least, for the one to be proposed for the other."""
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
"""Headers under which ledgers often have a column, though not always: proposed, never taken."""


@dataclass(frozen=True, slots=True)
class SheetGuess:
    """A sheet that a table may feed: where its columns are, and what is proposed for those that it lacks."""

    sheet: str
    placement: ColumnPlacement
    similar_headers: Mapping[str, str]

    @property
    def missing_columns(self) -> list[str]:
        """The columns that a row cannot do without and that are neither there nor proposed."""
        return [
            name
            for name in sorted(required_columns(self.sheet))
            if name not in self.placement.positions and name not in self.similar_headers
        ]


def required_columns(sheet: str) -> set[str]:
    """The columns that no row of a sheet can do without."""
    return {name for name, column in sheet_columns(sheet).items() if column.required}


def is_incidental(guess: SheetGuess, guesses: Sequence[SheetGuess], header_count: int) -> bool:
    """Whether a sheet is only what stands beside another one's records: that the department of a helper and the village of a household
    stand in one row does not say that the department helps the village, nor is a ledger of projects a list of
    departments; or whether it uses less than half of the table's `header_count` and tells no more than who is tied to whom."""
    registered = [one for one in guesses if not _has_unregistered_cadres(one)]
    main = max(registered or guesses, key=lambda one: len(one.placement.positions))
    own = {write.target for write in MODEL.sheets[main.sheet].writes}
    ends = {label for name in _relationships_only(guess.sheet) for label in (*name.start, *name.end)}
    if guess is main:
        return _identifies_only(guess) and 2 * len(set(guess.placement.positions.values())) < header_count
    return _identifies_only(guess) and not ends & own


def _identifies_only(guess: SheetGuess) -> bool:
    """Whether a table tells of a sheet's records only which there are, or who is tied to whom."""
    owned = {write.target for write in MODEL.sheets[guess.sheet].writes if write.target in MODEL.labels}
    told = (guess.placement.positions.keys() | guess.similar_headers.keys()) - identifying_columns(guess.sheet)
    return not any(name.partition(".")[0] in owned for name in told)


def _has_unregistered_cadres(guess: SheetGuess) -> bool:
    return guess.sheet == CADRE_SHEET and bool(guess.missing_columns)


def guess_comment(guess: SheetGuess, guesses: Sequence[SheetGuess], header_count: int) -> str:
    """Return what a reader is asked of a sheet that is only proposed, as a comment; empty for one that the table does feed."""
    several = len(guesses) > 1
    if several and (foreign := foreign_keys(guess)):
        header = sheet_columns(guess.sheet)[foreign[0]].headers[0]
        return f"# 缺少 {header},补上后启用 / only once it has {header}:"
    if several and guess.sheet == HOUSEHOLD_SHEET and _identifies_only(guess):
        # A card of the year that tells no more than who the head is would stand before what is known of the household.
        return "# 仅当这些户尚未登记时启用 / only if these households are not registered yet:"
    if is_incidental(guess, guesses, header_count):
        return "# 仅当表中确有此意时启用 / only if the table does say so:"
    if several and _has_unregistered_cadres(guess):
        return "# 仅当这些干部尚未登记时启用 / only if these cadres are not registered yet:"
    return ""


def is_assignable_key(sheet: str, column: str) -> bool:
    """Whether a column names the records of a sheet that have no number but the one that an office gives them: of projects and funds,
    unlike households and persons, one may be made."""
    owner = column.partition(".")[0]
    written = {write.target for write in MODEL.sheets[sheet].writes} - {"Household", "Person"}
    return owner in written and column == f"{owner}.{MODEL.labels[owner].key.name}"


def foreign_keys(guess: SheetGuess) -> list[str]:
    """Return the columns that a guess lacks in which its rows name records of other sheets."""
    written = {write.target for write in MODEL.sheets[guess.sheet].writes}
    owners = {name: MODEL.labels.get(name.partition(".")[0]) for name in guess.missing_columns}
    keys = {name for name, owner in owners.items() if owner is not None and name.endswith(f".{owner.key.name}")}
    return sorted(name for name in keys if name.partition(".")[0] not in written)


def unregistered_cadres(
    chosen: Sequence[SheetGuess], guesses: Sequence[SheetGuess], texts: Sequence[str], recognised: Collection[str]
) -> list[SheetGuess]:
    """Return the sheet of cadres, where rows name them and have a telephone of which a number can be made: whoever is named must be
    registered. `recognised`: headers that the chosen sheets know, none of which is the number of anything else."""
    named = any("Cadre.cadre_no" in guess.placement.positions for guess in chosen)
    telephoned = any(normalize_header(text).endswith(PHONE_HEADERS) for text in texts)
    fresh = named and telephoned and not any(guess.sheet == CADRE_SHEET for guess in chosen)

    def is_proposed(name: str, text: str) -> bool:
        return name != "Cadre.cadre_no" and (name.startswith("Cadre.") or text not in recognised)

    return [
        SheetGuess(
            one.sheet,
            one.placement,
            {name: text for name, text in one.similar_headers.items() if is_proposed(name, text)},
        )
        for one in guesses
        if fresh
        and one.sheet == CADRE_SHEET
        and "Cadre.name" in one.placement.positions.keys() | one.similar_headers.keys()
    ]


def is_titled(sheet: str, notes: Sequence[str]) -> bool:
    """Whether the title of a table names a sheet: 到户帮扶措施台账."""
    names = (sheet, *MODEL.sheets[sheet].aliases)
    return any(len(name) > 1 and name in note for name in names for note in notes)


def may_repeat_records(guess: SheetGuess, guesses: Sequence[SheetGuess]) -> bool:
    """Whether several rows may tell of one record of a sheet: the rows of its members, measures or helpers of their household, those of
    persons of whatever is theirs."""
    own = MODEL.sheets[guess.sheet].key[0]
    numbered = own.partition(".")[0] in {write.target for write in MODEL.sheets[guess.sheet].writes}
    others = [other for other in guesses if other.sheet != guess.sheet]
    persons = guess.sheet not in NUMBER_COLUMN_BY_SHEET and any(other.sheet == "家庭成员" for other in others)
    return persons or (
        numbered and any(own in other.placement.positions.keys() | other.similar_headers.keys() for other in others)
    )


def _relationships_only(sheet: str) -> list[Relationship]:
    """The relationships of a sheet that tells of nothing else; empty for one that has records of its own."""
    targets = [write.target for write in MODEL.sheets[sheet].writes]
    alone = all(target in MODEL.relationships for target in targets)
    return [MODEL.relationships[target] for target in targets] if alone else []


def match_similar_headers(
    columns: Mapping[str, SheetColumn], placement: ColumnPlacement, free_headers: Sequence[str]
) -> dict[str, str]:
    """Return for the columns that are not there the `free_headers` headers that are most like theirs: each header for the column that it is most
    like."""
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
            and placement.unusable.get(name, ((), COLUMN_UNCLEAR))[1] == COLUMN_UNCLEAR
            for score in _similarities(normalize_header(text), name, column)
        ),
        reverse=True,
    )
    found: dict[str, str] = {}
    for score, name, text in scores:
        if score >= MIN_SIMILARITY and name not in found and text not in found.values():
            found[name] = text
    return found


def _similarities(header_text: str, column_name: str, column: SheetColumn) -> Iterator[float]:
    likely = LIKELY_HEADERS.get(column_name, ())
    # A header without its unit is the same: 投入资金(万元).
    bases = {normalize_header(reading.name) for reading in header_readings(header_text)}
    yield from (2 - at / 100 for at, header in enumerate(likely) if any(base.endswith(header) for base in bases))
    yield from (_similarity(header_text, normalize_header(header)) for header in column.headers)


def _similarity(text: str, header: str) -> float:
    if len(header) >= 2 and (header in text or text in header) and len(text) >= 2:
        return 0.6 + 0.4 * min(len(text), len(header)) / max(len(text), len(header))
    return SequenceMatcher(None, text, header).ratio()


def suggest_period_columns(guess: SheetGuess, unused_headers: Sequence[str]) -> Iterator[str]:
    """What is proposed for a column that may have the first and the last day in one cell."""
    columns, taken = sheet_columns(guess.sheet), guess.placement.positions.keys() | guess.similar_headers.keys()
    period = next((text for text in unused_headers if _PERIOD.search(text)), "")
    begin = next((name for name in columns if name.endswith(".since") and name not in taken), "")
    if not period or not begin:
        return
    for part, name in enumerate((begin, begin.replace(".since", ".until"))):
        if name in columns and name not in taken:
            optional = ", optional = true" if part else ""
            rule = f'{{header = {toml_text(period)}, split = ["至", "—", "~", "-"], part = {part}{optional}}}'
            yield f"# columns.{toml_text(name)} = {rule}  # 一格写起止两日时 / where one cell has both days"


def is_period(guess: SheetGuess, header_text: str) -> bool:
    """Whether `periods` proposes something for a header."""
    return next(iter(suggest_period_columns(guess, [header_text])), "") != ""


def suggest_row_condition(guess: SheetGuess, header: HeaderRows) -> Iterator[str]:
    """What is proposed for a sheet of ties in whose rows a helper may be blank."""
    at = guess.placement.positions.get("Cadre.cadre_no")
    if _relationships_only(guess.sheet) and at is not None:
        yield f'# where.{toml_text(header.text(at))} = "!"  # 只取此列不空的行 / only rows in which it is not blank'


def shared_phone_header(table: SourceTable, header: HeaderRows) -> str:
    """Return the header of a table's names of cadres where two of them stand beside one telephone in its first rows; else an empty text."""
    texts = [normalize_header(header.text(at)) for at in range(len(header.texts))]
    telephone = next((at for at, text in enumerate(texts) if text.endswith(PHONE_HEADERS)), None)
    name = next((at for at, text in enumerate(texts) if text in map(normalize_header, NAME_HEADERS["Cadre"])), None)
    if telephone is None or name is None:
        return ""
    seen: dict[str, str] = {}
    for row in islice(table.rows(), MAX_ROWS_READ):
        number, who = cell_text_at(row.cells, telephone), cell_text_at(row.cells, name)
        if row.number > header.last_row and number and who and seen.setdefault(number, who) != who:
            return header.text(name)
    return ""


def toml_text(text: str) -> str:
    """Return a text as a mapping file writes it."""
    escaped = text.replace("\\", "\\\\").replace('"', '\\"')
    return f'"{escaped}"'
