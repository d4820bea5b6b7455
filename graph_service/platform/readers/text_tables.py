"""Text files as tables: how a file is split is decided by its first lines, its rows are read in bounded memory."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterator
from itertools import islice
from pathlib import Path

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
"""Characters of 2016.1, which Excel writes for the number 2016.10."""
_HAS_NUMBER = re.compile(r"(?=[^\W\d_]*\d)[\x21-\x7e]+", re.ASCII)
"""A cell that a header row does not have: H1, 2016, 3.5."""


def _lines(path: Path, encoding: str) -> Iterator[str]:
    with path.open(encoding=encoding, newline="") as file:
        while line := file.readline(MAX_CELL_LENGTH + 2):
            yield line.rstrip("\r\n").lstrip(BOM)


def detect_dialect(path: Path, encoding: str) -> TextDialect:
    """Return how a text file is split. Raises `FileUnreadable` where its header has too many columns."""
    lines = [line for line in islice(_lines(path, encoding), _HEAD_LINES) if line.strip()]
    mark = detect_separator(lines[:HEAD_LINES])
    widths = [width for line in lines if (width := _line_width(line, mark))]
    usual = _usual_width(widths)
    head = islice(TextRecordReader(_lines(path, encoding), TextDialect(mark, usual, 0)), _HEAD_LINES)
    # A row may have a million cells: one is held at a time, and of all the first ones.
    rows = [
        (number, record.cells[: MAX_COLUMNS + 1], width)
        for number, record in enumerate(head, 1)
        if not record.fault and (width := filled_width(record.cells))
    ]
    number, width = _find_header(rows[:HEAD_LINES])
    # The upper row of a header whose last group is merged has fewer cells than the lower one.
    width = max([width, *(wide for at, _, wide in _rows_before_records(rows[:HEAD_LINES]) if at > number)])
    if width > MAX_COLUMNS:
        raise FileUnreadable(
            file=display_name(path),
            reason_zh=f"第 {number} 行有 {width:,} 列,超过 {MAX_COLUMNS:,} 列;请删除右侧的空列",
            reason_en=f"line {number} has {width:,} columns, more than {MAX_COLUMNS:,}: delete the empty ones on the right",
        )
    own = next((len(cells) for at, cells, _ in rows if at == number), width)
    # Where most lines end with the same marks too many, no value has moved.
    most = usual if 2 * widths.count(usual) > len(widths) else 0
    return TextDialect(mark, width, number, max(own, most))


def _usual_width(widths: list[int]) -> int:
    """Return the width that most records have, of several the widest."""
    counts = Counter(width for width in widths if width > 1)
    return max(counts, key=lambda width: (counts[width], width), default=1)


def _line_width(line: str, separator: str) -> int:
    """Return how many cells a line has; none where it is not a record by itself."""
    part = split_line(line, separator)
    return 0 if part.open_cell is not None or part.has_broken_quote else len(part.cells)


def _find_header(rows: list[tuple[int, list[str], int]]) -> tuple[int, int]:
    """Return the number and the width of the header row: of the rows (number, cells, width) before the first with a number in it, the
    fullest; where there is none, the first row, of the usual width."""
    usual = _usual_width([width for _, _, width in rows])
    best, most = (rows[0][0] if rows else 1, usual), 0
    for number, cells, width in rows:
        texts = [text for cell in cells if (text := cell.strip())]
        if any(_HAS_NUMBER.fullmatch(text) for text in texts):
            break
        if len(texts) > most and 2 * len(texts) >= usual:
            best, most = (number, width), len(texts)
    return best


def _rows_before_records(rows: list[tuple[int, list[str], int]]) -> list[tuple[int, list[str], int]]:
    """Return the rows before the first with a number in it; none where there is no such row."""
    records = (
        at for at, (_, cells, _) in enumerate(rows) if any(_HAS_NUMBER.fullmatch(cell.strip()) for cell in cells)
    )
    return rows[: next(records, 0)]


def read_text_rows(path: Path, encoding: str, dialect: TextDialect) -> Iterator[SourceRow]:
    """Yield the rows that are not wholly blank, numbered as a spreadsheet shows them."""
    width, mark = dialect.header_width, dialect.separator
    others = [other for other in SEPARATORS if other != mark]
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
                    or (count != width and _is_misplaced(cells, count, width, others))
                )
            ):
                fault = "ROW_WIDTH"
            if fault:
                yield SourceRow(number, [mark.join(cells)[:MAX_CELL_LENGTH]], fault=fault)
                continue
            del cells[max(count, width) :]
            values = [_cell(value) for value in cells]
            if any(value is not None for value in values):
                yield SourceRow(number, values)
    except UnicodeError as error:
        raise FileUnreadable(
            file=display_name(path),
            reason_zh="文件在读取时被改动;请重试",
            reason_en="the file was changed while it was read: try again",
        ) from error


def _cell(value: str) -> Cell:
    text = value.strip().lstrip(BOM).strip()
    return MonthOrNumber(text) if len(text) == LOST_ZERO_LENGTH and text.endswith(".1") else text or None


def _is_misplaced(cells: list[str], count: int, width: int, other_separators: list[str]) -> bool:
    """Return whether a row's values would stand under other headers: it has more cells than the header, or another mark between
    some of them."""
    if count > width:
        return True
    for other in other_separators:
        extra = sum(cell.count(other) for cell in cells if QUOTE not in cell and "\n" not in cell)
        if extra and (len(cells) + extra == width or (len(cells) == 1 and extra + 1 >= max(3, width - 2))):
            return True
    return False
