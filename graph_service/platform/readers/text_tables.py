"""Text files as tables: the first lines decide how a file is split; its rows are read in bounded memory."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterator
from itertools import islice
from pathlib import Path
from typing import NamedTuple

from graph_service.errors import FileUnreadable
from graph_service.platform.readers.cells import Cell, MonthOrNumber, SourceRow
from graph_service.platform.readers.display_names import display_name
from graph_service.platform.readers.limits import MAX_CELL_LENGTH, MAX_COLUMNS
from graph_service.platform.readers.text_records import (
    HEAD_LINES,
    QUOTE,
    SEPARATORS,
    TextDialect,
    TextRecordReader,
    detect_separator,
    filled_width,
    split_line,
)

BOM = "\ufeff"
_HEAD_LINES = 40
LOST_ZERO_LENGTH = 6
"""Length of 2016.1, which Excel writes for the number 2016.10."""
_HAS_NUMBER = re.compile(r"(?=[^\W\d_]*\d)[\x21-\x7e]+", re.ASCII)
"""Cells that do not occur in a header row: H1, 2016, 3.5."""


class HeadRow(NamedTuple):
    """One of the first rows of a text file: its number, its first cells, and its width without blank cells at the end."""

    number: int
    cells: list[str]
    width: int


def _lines(path: Path, encoding: str) -> Iterator[str]:
    with path.open(encoding=encoding, newline="") as file:
        while line := file.readline(MAX_CELL_LENGTH + 2):
            yield line.rstrip("\r\n").lstrip(BOM)


def detect_dialect(path: Path, encoding: str) -> TextDialect:
    """Return the dialect of a text file. Raises `FileUnreadable` where its header has too many columns."""
    lines = [line for line in islice(_lines(path, encoding), _HEAD_LINES) if line.strip()]
    separator = detect_separator(lines[:HEAD_LINES])
    widths = [width for line in lines if (width := _line_width(line, separator))]
    usual_width = _usual_width(widths)
    head_records = islice(TextRecordReader(_lines(path, encoding), TextDialect(separator, usual_width, 0)), _HEAD_LINES)
    # A row may have a million cells: only one is in memory at a time, and of each row only the first cells are kept.
    rows = [
        HeadRow(number, record.cells[: MAX_COLUMNS + 1], width)
        for number, record in enumerate(head_records, 1)
        if not record.fault and (width := filled_width(record.cells))
    ]
    number, width = _find_header(rows[:HEAD_LINES])
    # The upper row of a header whose last group is merged has fewer cells than the lower one.
    width = max(
        [
            width,
            *(row.width for row in _rows_before_records(rows[:HEAD_LINES]) if row.number > number),
        ]
    )
    if width > MAX_COLUMNS:
        raise FileUnreadable(
            file=display_name(path),
            reason_zh=f"第 {number} 行有 {width:,} 列，超过 {MAX_COLUMNS:,} 列；请删除右侧的空列",
            reason_en=f"line {number} has {width:,} columns, more than the limit of {MAX_COLUMNS:,}; delete the empty columns on the right",
        )
    header_cell_count = next((len(row.cells) for row in rows if row.number == number), width)
    # Where most lines have the same surplus of separators at the end, no value is misplaced.
    common_width = usual_width if 2 * widths.count(usual_width) > len(widths) else 0
    return TextDialect(separator, width, number, max(header_cell_count, common_width))


def _usual_width(widths: list[int]) -> int:
    """Return the most frequent width of the records, the widest of several."""
    counts = Counter(width for width in widths if width > 1)
    return max(counts, key=lambda width: (counts[width], width), default=1)


def _line_width(line: str, separator: str) -> int:
    """Return the number of cells of a line, 0 where it is not a complete record."""
    split = split_line(line, separator)
    return 0 if split.open_cell is not None or split.has_broken_quote else len(split.cells)


def _find_header(rows: list[HeadRow]) -> tuple[int, int]:
    """Return the number and the width of the header row: of the rows before the first with a number in a cell,
    the row with the most texts; where there is none, the first row, with the usual width."""
    usual_width = _usual_width([row.width for row in rows])
    header, best_count = (rows[0].number if rows else 1, usual_width), 0
    for row in rows:
        texts = [text for cell in row.cells if (text := cell.strip())]
        if any(_HAS_NUMBER.fullmatch(text) for text in texts):
            break
        if len(texts) > best_count and 2 * len(texts) >= usual_width:
            header, best_count = (row.number, row.width), len(texts)
    return header


def _rows_before_records(rows: list[HeadRow]) -> list[HeadRow]:
    """Return the rows before the first with a number in a cell; none where there is no such row."""
    record_indexes = (
        index for index, row in enumerate(rows) if any(_HAS_NUMBER.fullmatch(cell.strip()) for cell in row.cells)
    )
    return rows[: next(record_indexes, 0)]


def read_text_rows(path: Path, encoding: str, dialect: TextDialect) -> Iterator[SourceRow]:
    """Yield the rows that are not blank, numbered as a spreadsheet shows them."""
    width, separator = dialect.header_width, dialect.separator
    other_separators = [candidate for candidate in SEPARATORS if candidate != separator]
    try:
        for number, record in enumerate(TextRecordReader(_lines(path, encoding), dialect), 1):
            cells, fault = record
            count = filled_width(cells)
            if not count:
                continue
            if (
                not fault
                and number > dialect.header_number
                and (
                    len(cells) > max(width, dialect.max_width)
                    or (count != width and _is_misplaced(cells, count, width, other_separators))
                )
            ):
                fault = "ROW_WIDTH"
            if fault:
                yield SourceRow(number, [separator.join(cells)[:MAX_CELL_LENGTH]], fault=fault)
                continue
            del cells[max(count, width) :]
            values = [_cell(value) for value in cells]
            if any(value is not None for value in values):
                yield SourceRow(number, values)
    except UnicodeError as error:
        raise FileUnreadable(
            file=display_name(path),
            reason_zh="文件在读取时被改动；请重试",
            reason_en="the file was changed while it was being read; try again",
        ) from error


def _cell(value: str) -> Cell:
    text = value.strip().lstrip(BOM).strip()
    return MonthOrNumber(text) if len(text) == LOST_ZERO_LENGTH and text.endswith(".1") else text or None


def _is_misplaced(cells: list[str], count: int, width: int, other_separators: list[str]) -> bool:
    """Tell whether a row's values would fall under wrong headers: it has more cells than the header, or another separator between
    some of them."""
    if count > width:
        return True
    for separator in other_separators:
        extra_count = sum(cell.count(separator) for cell in cells if QUOTE not in cell and "\n" not in cell)
        if extra_count and (
            len(cells) + extra_count == width or (len(cells) == 1 and extra_count + 1 >= max(3, width - 2))
        ):
            return True
    return False
