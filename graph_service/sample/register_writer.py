"""The files of a register: one CSV a sheet, open side by side; a row leaves as soon as it is known."""

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
"""A row's cells by name of the column; what is not named is blank."""


def member_texts(enumeration: Enumeration) -> dict[str, str]:
    """Member → its Chinese name, as cells have it."""
    return {member.name: member.zh for member in enumeration.members}


def yes_no(flag: bool | None) -> str | None:
    return None if flag is None else "是" if flag else "否"


def yuan_text(fen: int) -> str:
    """Fen as yuan, exactly."""
    return f"{'-' if fen < 0 else ''}{abs(fen) // 100}.{abs(fen) % 100:02d}"


def header_positions(sheet: Sheet) -> dict[str, int]:
    """The default headers of a sheet, each once, and where they stand."""
    return {
        text: at for at, text in enumerate(dict.fromkeys(c.headers[0] for c in columns_by_name(MODEL, sheet).values()))
    }


class RegisterWriter:
    """All sheets of the model, as files in a folder. A context."""

    def __init__(self, folder: Path) -> None:
        self.rows: Counter[str] = Counter()
        self._folder, self._files = folder, ExitStack()
        self._sheets: dict[str, tuple[Callable[[Sequence[CellValue]], Any], dict[str, int], list[CellValue]]] = {}

    def __enter__(self) -> RegisterWriter:
        self._folder.mkdir(parents=True, exist_ok=True)
        for sheet in MODEL.sheets.values():
            there = header_positions(sheet)
            path = self._folder / f"{sheet.name}.csv"
            file = self._files.enter_context(path.open("w", encoding="utf-8", newline=""))
            # Spreadsheets know UTF-8 by its mark; written once by hand, as `utf-8-sig` is several times slower.
            file.write("\ufeff")
            writer = csv.writer(file)
            writer.writerow(there)
            places = {name: there[c.headers[0]] for name, c in columns_by_name(MODEL, sheet).items()}
            self._sheets[sheet.name] = writer.writerow, places, [None] * len(there)
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self._files.close()

    def add(self, sheet: str, cells: RowCells) -> None:
        write, places, blank = self._sheets[sheet]
        line = blank.copy()
        for name, value in cells.items():
            line[places[name]] = value
        write(line)
        self.rows[sheet] += 1
