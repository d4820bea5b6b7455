"""Lines of a text file → records of cells, such that no quotation mark hides a row."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass
from typing import NamedTuple

from graph_service.platform.readers.limits import MAX_CELL_LENGTH

SEPARATORS = ",\t;|，"
QUOTE = '"'
HEAD_LINES = 10
"""A header row is among the first lines."""
MAX_CELL_LINES = 1_000
"""Lines of one quoted cell."""
MAX_LOOKAHEAD_LINES = 200_000


class SplitLine(NamedTuple):
    """The cells of a record; the cell in which the line ends while its quotation mark is open (else None); whether a quotation mark
    is closed in the middle of a cell."""

    cells: list[str]
    open_cell: int | None = None
    has_broken_quote: bool = False


def split_line(text: str, separator: str) -> SplitLine:
    """Split a record as CSV does: a quotation mark counts where a cell begins."""
    if QUOTE not in text:
        return SplitLine(text.split(separator))
    cells: list[str] = []
    at, end = 0, len(text)
    while True:
        if text.startswith(QUOTE, at):
            start, closing = at + 1, text.find(QUOTE, at + 1)
            while closing >= 0 and text.startswith(QUOTE, closing + 1):
                closing = text.find(QUOTE, closing + 2)
            if closing < 0:
                cells.append(text[start:].replace('""', QUOTE))
                return SplitLine(cells, len(cells) - 1)
            cells.append(text[start:closing].replace('""', QUOTE))
            at = closing + 1
            while at < end and text[at] == " ":
                at += 1
            if at == end:
                return SplitLine(cells)
            if text[at] != separator:
                return SplitLine(cells, has_broken_quote=True)
        else:
            following = text.find(separator, at)
            if following < 0:
                cells.append(text[at:])
                return SplitLine(cells)
            cells.append(text[at:following])
            at = following
        at += 1


def filled_width(cells: list[str]) -> int:
    """Return the count of cells up to the last one that is not blank."""
    return next((at for at in range(len(cells), 0, -1) if cells[at - 1].strip()), 0)


def detect_separator(lines: list[str]) -> str:
    """Return the mark that separates the cells of the first lines: the one of which the most lines have equally many."""

    def score(mark: str) -> tuple[int, int, int]:
        counts = Counter(len(split_line(line, mark).cells) - 1 for line in lines)
        del counts[0]
        count, alike = max(((c, n) for c, n in counts.items()), key=lambda entry: (entry[1], entry[0]), default=(0, 0))
        return alike, count, -SEPARATORS.index(mark)

    return max(SEPARATORS, key=score)


@dataclass(frozen=True, slots=True)
class TextDialect:
    """How a text is split. `header_width`: the cells of its header row, which is the record of that number, from 1; `max_width`: how many cells,
    blank ones at the end included, its rows have."""

    separator: str
    header_width: int
    header_number: int
    max_width: int = 0


class TextRecord(NamedTuple):
    """A record: its cells, or its text alone and why it cannot be split."""

    cells: list[str]
    fault: str = ""


class TextRecordReader:
    """Splits lines without their ends into records. A cell may span lines only where no row can be hidden in it."""

    def __init__(self, lines: Iterator[str], dialect: TextDialect) -> None:
        self._lines, self._separator, self._width = lines, dialect.separator, dialect.header_width
        self._pushed_back: list[str] = []
        """Lines looked at that turned out to be lines of their own, the next one last."""
        self._lookahead_left = MAX_LOOKAHEAD_LINES
        """Lines that may still be looked at in vain: a file of lone quotation marks must not take for ever."""

    def _next_line(self) -> str | None:
        return self._pushed_back.pop() if self._pushed_back else next(self._lines, None)

    def __iter__(self) -> Iterator[TextRecord]:
        while (line := self._next_line()) is not None:
            if QUOTE not in line:
                yield TextRecord(line.split(self._separator))
                continue
            first = split_line(line, self._separator)
            if first.has_broken_quote or (first.open_cell is None and self._swallows_cells(line, first)):
                yield TextRecord([line], "CSV_QUOTE")
            elif first.open_cell is None:
                yield TextRecord(first.cells)
            else:
                taken: list[str] = []
                cells = self._read_continuation(first, taken)
                if cells is None:
                    self._lookahead_left -= len(taken)
                    self._pushed_back.extend(reversed(taken))
                yield TextRecord([line], "CSV_QUOTE") if cells is None else TextRecord(cells)

    def _swallows_cells(self, line: str, record: SplitLine) -> bool:
        """Return whether a cell in quotation marks takes in cells of its own row: only without them has the row its full width."""
        return len(record.cells) < self._width == len(line.split(self._separator))

    def _read_continuation(self, first: SplitLine, lines_read: list[str]) -> list[str] | None:
        """Return the cells of a record that goes on over the following lines, or None where it may hide a row; add the lines looked
        at to `lines_read`."""
        *cells, opened = first.cells
        literal = len(cells) + opened.count(self._separator) + 1
        if self._width < 2 or (literal >= self._width and len(cells) + 1 < self._width):
            return None
        most = max(1.0, (self._width - 1) / 2)
        parts, size = [opened], len(opened)
        while len(lines_read) < min(MAX_CELL_LINES, self._lookahead_left) and size <= MAX_CELL_LENGTH:
            line = self._next_line()
            if line is None:
                return None
            lines_read.append(line)
            size += len(line) + 1
            closing = _closing_quote(line)
            inside = line if closing is None else line[:closing]
            if inside.count(self._separator) >= most:
                return None
            parts.append(inside.replace('""', QUOTE))
            if closing is None:
                continue
            cells.append("\n".join(parts))
            rest = line[closing + 1 :].lstrip(" ")
            if not rest:
                return cells if filled_width(cells) <= self._width else None
            following = split_line(rest[1:], self._separator)
            if rest[0] != self._separator or following.has_broken_quote:
                return None
            cells.extend(following.cells)
            if filled_width(cells) > self._width:
                return None
            if following.open_cell is None:
                return cells
            parts = [cells.pop()]
        return None


def _closing_quote(text: str) -> int | None:
    """Return where the quotation mark that is open when the line begins is closed."""
    at = text.find(QUOTE)
    while at >= 0 and text.startswith(QUOTE, at + 1):
        at = text.find(QUOTE, at + 2)
    return at if at >= 0 else None
