"""Rows on disk: JSON lines in an unnamed temporary file, which disappears when it is closed.

A cell is stored as it is where JSON has its type, else as a tagged list: ["d", day], ["u", code, displayed], ["c", number], ["m", number],
["n", number], ["t", text], ["b", count of blanks].
"""

from __future__ import annotations

import os
import tempfile
import weakref
from collections.abc import Iterator
from datetime import date
from typing import Any

import orjson

from graph_service.platform.readers.cells import (
    Cell,
    ComputedNumber,
    ComputedText,
    RepeatedComputedNumber,
    RepeatedNumber,
    SourceRow,
    UnreadableCell,
)
from graph_service.platform.readers.limits import MAX_ROW_LENGTH, MAX_SPOOL_BYTES

_BUFFER_BYTES = 1 << 20
_MIN_BLANK_RUN = 4
"""Number of blanks in a row from which they are stored as a count."""


class SpoolFull(Exception):
    """The rows need more disk space than those of a register."""


class RowTooLarge(Exception):
    """A row has more text than can be stored."""


_NUMBER_TYPES: dict[str, type[float]] = {"c": ComputedNumber, "m": RepeatedNumber, "n": RepeatedComputedNumber}
_NUMBER_TAGS = {kind: tag for tag, kind in _NUMBER_TYPES.items()}


def _encode_cell(cell: Cell) -> Any:
    if isinstance(cell, ComputedNumber | RepeatedNumber):
        return [_NUMBER_TAGS[type(cell)], float(cell)]
    if isinstance(cell, ComputedText):
        return ["t", str(cell)]
    if isinstance(cell, UnreadableCell):
        return ["u", cell.code, cell.displayed]
    if isinstance(cell, date):
        return ["d", cell.isoformat()[:10]]
    return cell


_JSON_TYPES = {str, float, int, bool}


def _encode_row(cells: list[Cell]) -> list[Any]:
    encoded: list[Any] = []
    blanks = 0
    for cell in cells:
        if cell is None:
            blanks += 1
            continue
        if blanks:
            encoded.extend([["b", blanks]] if blanks >= _MIN_BLANK_RUN else [None] * blanks)
            blanks = 0
        encoded.append(cell if type(cell) in _JSON_TYPES else _encode_cell(cell))
    return encoded


def _decode_row(cells: list[Any]) -> list[Cell]:
    decoded: list[Cell] = []
    for cell in cells:
        if type(cell) is not list:
            decoded.append(cell)
        elif cell[0] == "b":
            decoded.extend([None] * cell[1])
        elif cell[0] == "d":
            decoded.append(date.fromisoformat(cell[1]))
        elif cell[0] == "u":
            decoded.append(UnreadableCell(cell[1], cell[2]))
        elif cell[0] in _NUMBER_TYPES:
            decoded.append(_NUMBER_TYPES[cell[0]](cell[1]))
        else:
            decoded.append(ComputedText(cell[1]))
    return decoded


class SpoolWriter:
    """Writer of rows to an open file, one sheet after another."""

    def __init__(self, descriptor: int, offset: int = 0) -> None:
        self.descriptor = descriptor
        self._buffer = bytearray()
        self.offset = offset

    def write(self, number: int, hidden: bool, cells: list[Cell]) -> None:
        """Add a row. Raises `SpoolFull`, `RowTooLarge`."""
        encoded = cells if _JSON_TYPES.issuperset(map(type, cells)) else _encode_row(cells)
        try:
            line = orjson.dumps([number, hidden, encoded])
        except orjson.JSONEncodeError:
            # Surrogates, which only a damaged file has.
            line = orjson.dumps([number, hidden, [_replace_surrogates(cell) for cell in encoded]])
        if len(line) > 4 * MAX_ROW_LENGTH:
            raise RowTooLarge
        self._buffer += line
        self._buffer += b"\n"
        self.offset += len(line) + 1
        if self.offset > MAX_SPOOL_BYTES:
            raise SpoolFull
        if len(self._buffer) >= _BUFFER_BYTES:
            self.flush()

    def flush(self) -> None:
        """Write the buffered rows to the file."""
        view = memoryview(self._buffer)
        while view:
            view = view[os.write(self.descriptor, view) :]
        self._buffer = bytearray()


def _replace_surrogates(cell: Any) -> Any:
    return cell.encode("utf-8", "replace").decode("utf-8") if isinstance(cell, str) else cell


def read_rows(descriptor: int, offset: int, length: int) -> Iterator[SourceRow]:
    """Yield the rows of a byte range of a spool; several readers may run at once."""
    remainder, end = b"", offset + length
    while offset < end:
        chunk = os.pread(descriptor, min(_BUFFER_BYTES, end - offset), offset)
        if not chunk:
            return
        offset += len(chunk)
        *lines, remainder = (remainder + chunk).split(b"\n")
        for line in lines:
            number, hidden, cells = orjson.loads(line)
            yield SourceRow(number, _decode_row(cells), hidden)


class Spool:
    """Temporary file for the rows of a delivery's workbooks, closed when nothing refers to it, or the process ends."""

    def __init__(self) -> None:
        with tempfile.TemporaryFile() as file:
            self.descriptor = os.dup(file.fileno())
        self._close = weakref.finalize(self, os.close, self.descriptor)

    def rows(self, offset: int, length: int) -> Iterator[SourceRow]:
        """Yield the rows of one sheet."""
        yield from read_rows(self.descriptor, offset, length)

    def close(self) -> None:
        """Close the file and free its disk space."""
        self._close()
