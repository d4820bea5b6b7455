"""Splitting of the lines of a text file into records of cells, so that no quotation mark hides a row."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass
from typing import NamedTuple

from graph_service.platform.readers.limits import MAX_CELL_LENGTH

SEPARATORS = ",\t;|，"
QUOTE = '"'
HEAD_LINES = 10
"""Number of first lines among which the header row is."""
MAX_CELL_LINES = 1_000
"""Maximum lines of a quoted cell."""
MAX_LOOKAHEAD_LINES = 200_000


class SplitLine(NamedTuple):
    """A split line. `open_cell`: index of the cell whose quotation mark is still open at the end of the line. `has_broken_quote`: a
    quotation mark is closed in the middle of a cell."""

    cells: list[str]
    open_cell: int | None = None
    has_broken_quote: bool = False


def split_line(text: str, separator: str) -> SplitLine:
    """Split a record as CSV: a quotation mark counts only where a cell begins."""
    if QUOTE not in text:
        return SplitLine(text.split(separator))
    cells: list[str] = []
    position, length = 0, len(text)
    while True:
        if text.startswith(QUOTE, position):
            start, closing_index = position + 1, text.find(QUOTE, position + 1)
            while closing_index >= 0 and text.startswith(QUOTE, closing_index + 1):
                closing_index = text.find(QUOTE, closing_index + 2)
            if closing_index < 0:
                cells.append(text[start:].replace('""', QUOTE))
                return SplitLine(cells, len(cells) - 1)
            cells.append(text[start:closing_index].replace('""', QUOTE))
            position = closing_index + 1
            while position < length and text[position] == " ":
                position += 1
            if position == length:
                return SplitLine(cells)
            if text[position] != separator:
                return SplitLine(cells, has_broken_quote=True)
        else:
            separator_index = text.find(separator, position)
            if separator_index < 0:
                cells.append(text[position:])
                return SplitLine(cells)
            cells.append(text[position:separator_index])
            position = separator_index
        position += 1


def filled_width(cells: list[str]) -> int:
    """Return the number of cells up to the last one that is not blank."""
    return next((width for width in range(len(cells), 0, -1) if cells[width - 1].strip()), 0)


def detect_separator(lines: list[str]) -> str:
    """Return the separator of the first lines: the one that occurs equally often in the most lines."""

    def score(separator: str) -> tuple[int, int, int]:
        counts = Counter(len(split_line(line, separator).cells) - 1 for line in lines)
        del counts[0]
        count, line_count = max(
            ((c, n) for c, n in counts.items()), key=lambda entry: (entry[1], entry[0]), default=(0, 0)
        )
        return line_count, count, -SEPARATORS.index(separator)

    return max(SEPARATORS, key=score)


@dataclass(frozen=True, slots=True)
class TextDialect:
    """Dialect by which a text is split. `header_width`: number of cells of the header row; `header_number`: number of its record, from 1;
    `max_width`: number of cells of the rows, including blank ones at the end."""

    separator: str
    header_width: int
    header_number: int
    max_width: int = 0


class TextRecord(NamedTuple):
    """A record: its cells, or only its text with the row issue (`fault`) that keeps it from being split."""

    cells: list[str]
    fault: str = ""


class TextRecordReader:
    """Reader that splits lines without line ends into records. A cell may span lines only where it cannot hide a row."""

    def __init__(self, lines: Iterator[str], dialect: TextDialect) -> None:
        self._lines, self._separator, self._width = lines, dialect.separator, dialect.header_width
        self._pushed_back: list[str] = []
        """Lines read ahead that turned out to be separate records, the next one last."""
        self._lookahead_left = MAX_LOOKAHEAD_LINES
        """Number of lines that may still be read ahead in vain: it bounds the time of a file full of lone quotation marks."""

    def _next_line(self) -> str | None:
        return self._pushed_back.pop() if self._pushed_back else next(self._lines, None)

    def __iter__(self) -> Iterator[TextRecord]:
        while (line := self._next_line()) is not None:
            if QUOTE not in line:
                yield TextRecord(line.split(self._separator))
                continue
            split = split_line(line, self._separator)
            if split.has_broken_quote or (split.open_cell is None and self._swallows_cells(line, split)):
                yield TextRecord([line], "CSV_QUOTE")
            elif split.open_cell is None:
                yield TextRecord(split.cells)
            else:
                lines_read: list[str] = []
                cells = self._read_continuation(split, lines_read)
                if cells is None:
                    self._lookahead_left -= len(lines_read)
                    self._pushed_back.extend(reversed(lines_read))
                yield TextRecord([line], "CSV_QUOTE") if cells is None else TextRecord(cells)

    def _swallows_cells(self, line: str, record: SplitLine) -> bool:
        """Tell whether a quoted cell swallows cells of its row: the row has its full width only without the quotation marks."""
        return len(record.cells) < self._width == len(line.split(self._separator))

    def _read_continuation(self, first: SplitLine, lines_read: list[str]) -> list[str] | None:
        """Return the cells of a record that continues on the following lines, or None where it may hide a row; add the lines read to
        `lines_read`."""
        *cells, open_text = first.cells
        literal_width = len(cells) + open_text.count(self._separator) + 1
        if self._width < 2 or (literal_width >= self._width and len(cells) + 1 < self._width):
            return None
        separator_limit = max(1.0, (self._width - 1) / 2)
        parts, length = [open_text], len(open_text)
        while len(lines_read) < min(MAX_CELL_LINES, self._lookahead_left) and length <= MAX_CELL_LENGTH:
            line = self._next_line()
            if line is None:
                return None
            lines_read.append(line)
            length += len(line) + 1
            closing_index = _closing_quote(line)
            quoted_text = line if closing_index is None else line[:closing_index]
            if quoted_text.count(self._separator) >= separator_limit:
                return None
            parts.append(quoted_text.replace('""', QUOTE))
            if closing_index is None:
                continue
            cells.append("\n".join(parts))
            remainder = line[closing_index + 1 :].lstrip(" ")
            if not remainder:
                return cells if filled_width(cells) <= self._width else None
            next_split = split_line(remainder[1:], self._separator)
            if remainder[0] != self._separator or next_split.has_broken_quote:
                return None
            cells.extend(next_split.cells)
            if filled_width(cells) > self._width:
                return None
            if next_split.open_cell is None:
                return cells
            parts = [cells.pop()]
        return None


def _closing_quote(text: str) -> int | None:
    """Return the index that closes the quotation mark open at the start of the line; None where it stays open."""
    index = text.find(QUOTE)
    while index >= 0 and text.startswith(QUOTE, index + 1):
        index = text.find(QUOTE, index + 2)
    return index if index >= 0 else None
