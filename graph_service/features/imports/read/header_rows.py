"""Where the columns of a sheet are in the first rows of a table: header rows, units, titles (docs/files.md)."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from itertools import islice, pairwise

from graph_service.core.cells.cell_texts import MARKS_ONLY, cell_text
from graph_service.core.cells.units import is_unit, marked_readings, plain_header, strip_marks
from graph_service.platform.readers.cells import SourceRow

NOTE_PREFIX = "#"
"""Columns and sheets whose names begin with it are notes: nothing is read of them, and nothing is said of that."""
MAX_FIRST_ROWS = 20
"""How many rows may stand above the header row: titles, notes."""
MAX_HEADER_ROWS = 3
FirstRows = list[tuple[int, list[str]]]
"""The first rows of a table: number, texts."""
_FIGURE = re.compile(r"\d{2}")
_YEAR = re.compile(r"(?:19|20)\d\d年度?")
_TITLE = re.compile("表|名册|名单|清单|台账|统计|汇总|花名|单位|情况")

_STATEMENT = re.compile(r"[^:：(（]{2,12}[:：]\s*[^\s:：].*")
"""What a line above a header says of the whole table: 填报单位:塘木村."""

HeaderText = tuple[str, ...]
"""What a column may be called by its header, the fuller text first: 帮扶干部姓名, 姓名 where 帮扶干部 stands above 姓名."""


@dataclass(frozen=True, slots=True)
class HeaderRows:
    """Consecutive rows read as the header: the number of the last one, their texts, what each column may be called, and the unit that an
    upper row states for it; behind a question mark where nothing says how far that upper text reaches."""

    last_row: int
    rows: tuple[tuple[str, ...], ...]
    texts: tuple[HeaderText, ...]
    upper_units: tuple[str, ...] = ()

    def text(self, position: int) -> str:
        """Return what the file calls the column at a position; empty where it has no header."""
        return self.texts[position][0] if position < len(self.texts) and self.texts[position] else ""

    @property
    def shown_texts(self) -> list[str]:
        """What the file calls the columns that it gives a header, without those that are notes."""
        return [texts[0] for texts in self.texts if texts and not texts[0].startswith(NOTE_PREFIX)]

    def upper_text(self, position: int, headers: Sequence[str]) -> str:
        """Return what stands above the header of a column that is one of these only by its lowest row; empty where nothing does."""
        whole, *lowest = self.texts[position]
        usual = {strip_marks(plain_header(text)) for text in headers}
        # Below a row of headers units may stand: they are none.
        if not lowest or is_unit(strip_marks(plain_header(lowest[0]))) or strip_marks(plain_header(whole)) in usual:
            return ""
        return whole.removesuffix(lowest[0])


def first_rows(rows: Iterable[SourceRow]) -> FirstRows:
    """Return the first rows of a table among which its header is: those that are shown and split into cells."""
    visible = (row for row in rows if not row.hidden and not row.fault)
    return [(row.number, [cell_text(cell) or "" for cell in row.cells]) for row in islice(visible, MAX_FIRST_ROWS)]


def header_candidates(head: Sequence[tuple[int, list[str]]]) -> Iterator[HeaderRows]:
    """Yield what may be the header among the first rows, single rows before rows that stand above each other.

    A row of units below belongs to it; a row whose upper neighbour is a part of the header is none alone.
    """
    rows = [(number, tuple(" ".join(text.split()) for text in texts)) for number, texts in head]
    for size in range(1, MAX_HEADER_ROWS + 1):
        for first in range(len(rows) - size + 1):
            some = rows[first : first + size]
            if some[-1][0] - some[0][0] != size - 1 or _starts_above(rows[:first], some[0]):
                continue
            # 总股数:10000股 beside a title stands above the header, not over a column of it.
            if any(_STATEMENT.fullmatch(text) for _, texts in some[:-1] for text in texts):
                continue
            if first + size < len(rows) and rows[first + size][0] == some[-1][0] + 1:
                below = rows[first + size]
                some = [*some, _without_dashes(below)] if _has_units(some[-1][1], below[1]) else some
                if size < MAX_HEADER_ROWS and len(some) == size and _continues_below(some[-1][1], below[1]):
                    continue
            texts = tuple(texts for _, texts in some)
            yield HeaderRows(some[-1][0], texts, *_merge_rows(texts))


def _has_units(header: Sequence[str], row_below: Sequence[str]) -> bool:
    """Whether the row below a header says in which units its columns are, and nothing else but what is merged into it, or dashes."""
    filled = [(at, text) for at, text in enumerate(row_below) if text and not MARKS_ONLY.fullmatch(text)]
    repeated = {at for at, text in filled if at < len(header) and header[at] == text}
    return len(repeated) < len(filled) and all(
        at in repeated or is_unit(strip_marks(plain_header(text))) for at, text in filled
    )


def _without_dashes(row: tuple[int, tuple[str, ...]]) -> tuple[int, tuple[str, ...]]:
    """A row of units without the dashes that stand where a column has none."""
    return row[0], tuple("" if MARKS_ONLY.fullmatch(text) else text for text in row[1])


def _continues_below(header: Sequence[str], row_below: Sequence[str]) -> bool:
    """Whether the row below is a part of the same header: some texts are merged into both, and the others, of which there are some, stand
    under texts of the upper row and have no figures; or it has years alone, each of a column."""
    filled = [(at, text) for at, text in enumerate(row_below) if text]
    merged = [at for at, text in filled if at < len(header) and header[at] == text]
    others = [text for at, text in filled if at not in merged]
    if others and not merged and all(map(_YEAR.fullmatch, others)):
        return True
    return bool(merged and others) and not any(_FIGURE.search(text) for text in others)


def _starts_above(rows_before: Sequence[tuple[int, tuple[str, ...]]], first_row: tuple[int, tuple[str, ...]]) -> bool:
    """Whether the row before is a part of the same header: a text is merged into both, or it states a unit of some of the columns."""
    if not rows_before or rows_before[-1][0] != first_row[0] - 1:
        return False
    above = rows_before[-1][1]
    if any(text and at < len(first_row[1]) and text == first_row[1][at] for at, text in enumerate(above)):
        return True
    filled = [at for at, text in enumerate(above) if text]
    wide = sum(bool(text) for text in first_row[1])
    units = [at for at in filled if at > 0 and _group_unit(above[at])]
    return bool(units) and len(filled) < wide and not any(_TITLE.search(above[at]) for at in filled)


def _group_unit(text: str) -> str:
    """The unit that a text above some columns states of them: 收入(万元); empty for a note of the whole table."""
    found = next((reading for reading in marked_readings(text) if is_unit(reading.unit)), None)
    return found.unit if found and found.name and "单位" not in found.name else ""


def _merge_rows(rows: tuple[tuple[str, ...], ...]) -> tuple[tuple[HeaderText, ...], tuple[str, ...]]:
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
