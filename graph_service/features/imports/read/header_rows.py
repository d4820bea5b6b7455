"""Header rows of a table among its first rows, with their units and titles (docs/reference/files.md)."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from itertools import islice, pairwise
from typing import NamedTuple

from graph_service.core.cells.cell_texts import MARKS_ONLY, cell_text
from graph_service.core.cells.units import is_unit, marked_readings, plain_header, strip_marks
from graph_service.platform.readers.cells import SourceRow

NOTE_PREFIX = "#"
"""Prefix of the names of columns and sheets that are notes: they are neither read nor reported."""
MAX_FIRST_ROWS = 20
"""The number of first rows among which the header is searched, below titles and notes."""
MAX_HEADER_ROWS = 3
_FIGURE = re.compile(r"\d{2}")
_YEAR = re.compile(r"(?:19|20)\d\d年度?")
_TITLE = re.compile("表|名册|名单|清单|台账|统计|汇总|花名|单位|情况")

_STATEMENT = re.compile(r"[^:：(（]{2,12}[:：]\s*[^\s:：].*")
"""A statement above a header about the whole table: 填报单位:塘木村."""

HeaderText = tuple[str, ...]
"""The names that a header gives a column, the fuller text first: 帮扶干部姓名, 姓名 where 帮扶干部 stands above 姓名."""


class TextRow(NamedTuple):
    """A row of a table: its number as a spreadsheet shows it, and the texts of its cells."""

    number: int
    texts: Sequence[str]


@dataclass(frozen=True, slots=True)
class HeaderRows:
    """Consecutive rows read as the header: the number of the last one, their texts, the possible names of each
    column, and the unit that an upper row states for it; behind a question mark where it is not clear how far
    that upper text reaches."""

    last_row: int
    rows: tuple[tuple[str, ...], ...]
    texts: tuple[HeaderText, ...]
    upper_units: tuple[str, ...] = ()

    def text(self, position: int) -> str:
        """Return the name that the file gives the column at a position; empty where it has no header."""
        return self.texts[position][0] if position < len(self.texts) and self.texts[position] else ""

    @property
    def shown_texts(self) -> list[str]:
        """The names of the columns that have a header, without those that are notes."""
        return [texts[0] for texts in self.texts if texts and not texts[0].startswith(NOTE_PREFIX)]

    def upper_text(self, position: int, headers: Sequence[str]) -> str:
        """Return the text above the header of a column that matches one of `headers` only by its lowest row; empty
        where there is none."""
        full_text, *lowest_texts = self.texts[position]
        usual_texts = {strip_marks(plain_header(text)) for text in headers}
        # Units may stand below a row of headers: they are no headers.
        if (
            not lowest_texts
            or is_unit(strip_marks(plain_header(lowest_texts[0])))
            or strip_marks(plain_header(full_text)) in usual_texts
        ):
            return ""
        return full_text.removesuffix(lowest_texts[0])


def first_rows(rows: Iterable[SourceRow]) -> list[TextRow]:
    """Return the first rows of a table, among which its header is: those that are visible and split into cells."""
    visible = (row for row in rows if not row.hidden and not row.fault)
    return [
        TextRow(row.number, [cell_text(cell) or "" for cell in row.cells]) for row in islice(visible, MAX_FIRST_ROWS)
    ]


def header_candidates(head: Sequence[TextRow]) -> Iterator[HeaderRows]:
    """Yield the possible headers among the first rows, single rows before groups of rows that stand above each
    other.

    A row of units below belongs to the header; a row whose upper neighbour is a part of the header is none alone.
    """
    rows = [TextRow(row.number, tuple(" ".join(text.split()) for text in row.texts)) for row in head]
    for size in range(1, MAX_HEADER_ROWS + 1):
        for first_index in range(len(rows) - size + 1):
            header_rows = rows[first_index : first_index + size]
            first_row, last_row = header_rows[0], header_rows[-1]
            if last_row.number - first_row.number != size - 1 or _starts_above(rows[:first_index], first_row):
                continue
            # 总股数:10000股 beside a title stands above the header, not over a column of it.
            if any(_STATEMENT.fullmatch(text) for row in header_rows[:-1] for text in row.texts):
                continue
            row_below = rows[first_index + size] if first_index + size < len(rows) else None
            if row_below is not None and row_below.number == last_row.number + 1:
                if _has_units(last_row.texts, row_below.texts):
                    header_rows = [*header_rows, _without_dashes(row_below)]
                elif size < MAX_HEADER_ROWS and _continues_below(last_row.texts, row_below.texts):
                    continue
            texts = tuple(tuple(row.texts) for row in header_rows)
            yield HeaderRows(header_rows[-1].number, texts, *_merge_rows(texts))


def _has_units(header: Sequence[str], row_below: Sequence[str]) -> bool:
    """Return True where the row below a header states the units of its columns, and has nothing else but merged texts or dashes."""
    filled_cells = [(index, text) for index, text in enumerate(row_below) if text and not MARKS_ONLY.fullmatch(text)]
    repeated_indexes = {index for index, text in filled_cells if index < len(header) and header[index] == text}
    return len(repeated_indexes) < len(filled_cells) and all(
        index in repeated_indexes or is_unit(strip_marks(plain_header(text))) for index, text in filled_cells
    )


def _without_dashes(row: TextRow) -> TextRow:
    """Return a row of units without the dashes in columns that have none."""
    return TextRow(row.number, tuple("" if MARKS_ONLY.fullmatch(text) else text for text in row.texts))


def _continues_below(header: Sequence[str], row_below: Sequence[str]) -> bool:
    """Return True where the row below is a part of the same header: some texts are merged into both rows, and the
    others, at least one, stand under texts of the upper row and have no figures; or it has only years, one for
    each column."""
    filled_cells = [(index, text) for index, text in enumerate(row_below) if text]
    merged_indexes = [index for index, text in filled_cells if index < len(header) and header[index] == text]
    other_texts = [text for index, text in filled_cells if index not in merged_indexes]
    if other_texts and not merged_indexes and all(map(_YEAR.fullmatch, other_texts)):
        return True
    return bool(merged_indexes and other_texts) and not any(_FIGURE.search(text) for text in other_texts)


def _starts_above(rows_before: Sequence[TextRow], first_row: TextRow) -> bool:
    """Return True where the row before is a part of the same header: a text is merged into both, or it states a unit
    of some of the columns."""
    if not rows_before or rows_before[-1].number != first_row.number - 1:
        return False
    texts_above, texts = rows_before[-1].texts, first_row.texts
    if any(text and index < len(texts) and text == texts[index] for index, text in enumerate(texts_above)):
        return True
    filled_indexes = [index for index, text in enumerate(texts_above) if text]
    column_count = sum(map(bool, texts))
    unit_indexes = [index for index in filled_indexes if index > 0 and _group_unit(texts_above[index])]
    return (
        bool(unit_indexes)
        and len(filled_indexes) < column_count
        and not any(_TITLE.search(texts_above[index]) for index in filled_indexes)
    )


def _group_unit(text: str) -> str:
    """Return the unit that a text above some columns states for them: 收入(万元); empty for a note about the whole table."""
    unit_reading = next((reading for reading in marked_readings(text) if is_unit(reading.unit)), None)
    return unit_reading.unit if unit_reading and unit_reading.name and "单位" not in unit_reading.name else ""


def _merge_rows(rows: tuple[tuple[str, ...], ...]) -> tuple[tuple[HeaderText, ...], tuple[str, ...]]:
    """Return (the possible names of each column, the unit that an upper row states for it), for rows that stand above each other."""
    width = max(map(len, rows))
    padded_rows = [[*row, *[""] * (width - len(row))] for row in rows]
    if len(padded_rows) == 1:
        return tuple((text,) if text else () for text in padded_rows[0]), ("",) * width
    extended_cells: set[tuple[int, int]] = set()
    for row_index, (upper_row, lower_row) in enumerate(pairwise(padded_rows)):
        # A text file has no merged cells: the upper text stands above the first of its columns alone.
        for index in range(1, width):
            if not upper_row[index] and lower_row[index] and upper_row[index - 1] and lower_row[index - 1]:
                upper_row[index] = upper_row[index - 1]
                extended_cells.add((row_index, index))
    lowest_texts = [next((row[index] for row in reversed(padded_rows) if row[index]), "") for index in range(width)]
    text_counts = Counter(lowest_texts)
    texts: list[HeaderText] = []
    units: list[str] = []
    for index in range(width):
        row_texts = list(dict.fromkeys(row[index] for row in padded_rows if row[index]))
        full_text = "".join(row_texts)
        unique_text = (lowest_texts[index],) if text_counts[lowest_texts[index]] == 1 and lowest_texts[index] else ()
        texts.append(tuple(dict.fromkeys(text for text in (full_text, *unique_text) if text)))
        stated_units = [
            ("?" if (row_index, index) in extended_cells else "") + unit
            for row_index, row in enumerate(padded_rows)
            if row[index] != lowest_texts[index] and (unit := _group_unit(row[index]))
        ]
        units.append(stated_units[-1] if stated_units else "")
    return tuple(texts), tuple(units)
