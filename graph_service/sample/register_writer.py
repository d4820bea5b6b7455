"""Files of a register: one CSV file for each sheet, all open at once; each row is written as soon as it is known."""

from __future__ import annotations

import csv
from collections import Counter
from collections.abc import Callable, Mapping, Sequence
from contextlib import ExitStack
from datetime import date
from pathlib import Path
from types import TracebackType
from typing import Any

from graph_service.domain.metamodel import Enumeration, Sheet
from graph_service.domain.model import MODEL
from graph_service.domain.sheet_columns import columns_by_name

CellValue = str | int | float | date | None
RowCells = Mapping[str, CellValue]
"""Cells of a row by column name; columns without a cell are blank."""


def member_texts(enumeration: Enumeration) -> dict[str, str]:
    """Return member → its Chinese name, as in cells."""
    return {member.name: member.zh for member in enumeration.members}


def yes_no(flag: bool | None) -> str | None:
    return None if flag is None else "是" if flag else "否"


def yuan_text(fen: int) -> str:
    """Return fen as yuan, exactly."""
    return f"{'-' if fen < 0 else ''}{abs(fen) // 100}.{abs(fen) % 100:02d}"


def header_positions(sheet: Sheet) -> dict[str, int]:
    """Return the default headers of a sheet, each once, with their positions."""
    return {
        text: position
        for position, text in enumerate(dict.fromkeys(c.headers[0] for c in columns_by_name(MODEL, sheet).values()))
    }


class RegisterWriter:
    """Writer of all sheets of the model, as files in a folder. A context manager."""

    def __init__(self, folder: Path) -> None:
        self.rows: Counter[str] = Counter()
        self._folder, self._files = folder, ExitStack()
        self._sheets: dict[str, tuple[Callable[[Sequence[CellValue]], Any], dict[str, int], list[CellValue]]] = {}

    def __enter__(self) -> RegisterWriter:
        self._folder.mkdir(parents=True, exist_ok=True)
        for sheet in MODEL.sheets.values():
            position_by_header = header_positions(sheet)
            path = self._folder / f"{sheet.name}.csv"
            file = self._files.enter_context(path.open("w", encoding="utf-8", newline=""))
            # Spreadsheets recognise UTF-8 by its mark; written by hand, as `utf-8-sig` is several times slower.
            file.write("\ufeff")
            writer = csv.writer(file)
            writer.writerow(position_by_header)
            positions = {name: position_by_header[c.headers[0]] for name, c in columns_by_name(MODEL, sheet).items()}
            self._sheets[sheet.name] = writer.writerow, positions, [None] * len(position_by_header)
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self._files.close()

    def add(self, sheet: str, cells: RowCells) -> None:
        write, positions, blank = self._sheets[sheet]
        line = blank.copy()
        for name, value in cells.items():
            line[positions[name]] = value
        write(line)
        self.rows[sheet] += 1
