"""Lines of a text file → records of cells, such that no quotation mark hides a row."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass
from typing import NamedTuple

from graph_service.readers.limits import LARGEST_CELL

MARKS = ",\t;|，"
QUOTE = '"'
HEAD = 10
"""A header row is among the first lines."""
MOST_LINES = 1_000
"""Lines of one quoted cell."""
MOST_LOOKS = 200_000


class Split(NamedTuple):
    """The cells of a record; the cell in which the line ends while its quotation mark is open (else None); whether a quotation mark
    is closed in the middle of a cell."""

    cells: list[str]
    open_cell: int | None = None
    broken: bool = False


def split(text: str, mark: str) -> Split:
    """Split a record as CSV does: a quotation mark counts where a cell begins."""
    if QUOTE not in text:
        return Split(text.split(mark))
    cells: list[str] = []
    at, end = 0, len(text)
    while True:
        if text.startswith(QUOTE, at):
            start, closing = at + 1, text.find(QUOTE, at + 1)
            while closing >= 0 and text.startswith(QUOTE, closing + 1):
                closing = text.find(QUOTE, closing + 2)
            if closing < 0:
                cells.append(text[start:].replace('""', QUOTE))
                return Split(cells, len(cells) - 1)
            cells.append(text[start:closing].replace('""', QUOTE))
            at = closing + 1
            while at < end and text[at] == " ":
                at += 1
            if at == end:
                return Split(cells)
            if text[at] != mark:
                return Split(cells, broken=True)
        else:
            following = text.find(mark, at)
            if following < 0:
                cells.append(text[at:])
                return Split(cells)
            cells.append(text[at:following])
            at = following
        at += 1


def filled(cells: list[str]) -> int:
    """Return the count of cells up to the last one that is not blank."""
    return next((at for at in range(len(cells), 0, -1) if cells[at - 1].strip()), 0)


def separator(lines: list[str]) -> str:
    """Return the mark that separates the cells of the first lines: the one of which the most lines have equally many."""

    def score(mark: str) -> tuple[int, int, int]:
        counts = Counter(len(split(line, mark).cells) - 1 for line in lines)
        del counts[0]
        count, alike = max(((c, n) for c, n in counts.items()), key=lambda entry: (entry[1], entry[0]), default=(0, 0))
        return alike, count, -MARKS.index(mark)

    return max(MARKS, key=score)


@dataclass(frozen=True, slots=True)
class Shape:
    """How a text is split. `width`: the cells of its header row, which is the record of that number, from 1; `most`: how many cells,
    blank ones at the end included, its rows have."""

    mark: str
    width: int
    header: int
    most: int = 0


class Record(NamedTuple):
    """A record: its cells, or its text alone and why it cannot be split."""

    cells: list[str]
    fault: str = ""


class Records:
    """Splits lines without their ends into records. A cell may span lines only where no row can be hidden in it."""

    def __init__(self, lines: Iterator[str], shape: Shape) -> None:
        self._lines, self._mark, self._width = lines, shape.mark, shape.width
        self._waiting: list[str] = []
        """Lines looked at that turned out to be lines of their own, the next one last."""
        self._looks = MOST_LOOKS
        """Lines that may still be looked at in vain: a file of lone quotation marks must not take for ever."""

    def _next(self) -> str | None:
        return self._waiting.pop() if self._waiting else next(self._lines, None)

    def __iter__(self) -> Iterator[Record]:
        while (line := self._next()) is not None:
            if QUOTE not in line:
                yield Record(line.split(self._mark))
                continue
            first = split(line, self._mark)
            if first.broken or (first.open_cell is None and self._swallows(line, first)):
                yield Record([line], "CSV_QUOTE")
            elif first.open_cell is None:
                yield Record(first.cells)
            else:
                taken: list[str] = []
                cells = self._continued(first, taken)
                if cells is None:
                    self._looks -= len(taken)
                    self._waiting.extend(reversed(taken))
                yield Record([line], "CSV_QUOTE") if cells is None else Record(cells)

    def _swallows(self, line: str, record: Split) -> bool:
        """Return whether a cell in quotation marks takes in cells of its own row: only without them has the row its full width."""
        return len(record.cells) < self._width == len(line.split(self._mark))

    def _continued(self, first: Split, taken: list[str]) -> list[str] | None:
        """Return the cells of a record that goes on over the following lines, or None where it may hide a row; add the lines looked
        at to `taken`."""
        *cells, opened = first.cells
        literal = len(cells) + opened.count(self._mark) + 1
        if self._width < 2 or (literal >= self._width and len(cells) + 1 < self._width):
            return None
        most = max(1.0, (self._width - 1) / 2)
        parts, size = [opened], len(opened)
        while len(taken) < min(MOST_LINES, self._looks) and size <= LARGEST_CELL:
            line = self._next()
            if line is None:
                return None
            taken.append(line)
            size += len(line) + 1
            closing = _closing(line)
            inside = line if closing is None else line[:closing]
            if inside.count(self._mark) >= most:
                return None
            parts.append(inside.replace('""', QUOTE))
            if closing is None:
                continue
            cells.append("\n".join(parts))
            rest = line[closing + 1 :].lstrip(" ")
            if not rest:
                return cells if filled(cells) <= self._width else None
            following = split(rest[1:], self._mark)
            if rest[0] != self._mark or following.broken:
                return None
            cells.extend(following.cells)
            if filled(cells) > self._width:
                return None
            if following.open_cell is None:
                return cells
            parts = [cells.pop()]
        return None


def _closing(text: str) -> int | None:
    """Return where the quotation mark that is open when the line begins is closed."""
    at = text.find(QUOTE)
    while at >= 0 and text.startswith(QUOTE, at + 1):
        at = text.find(QUOTE, at + 2)
    return at if at >= 0 else None
