"""What of a delivery is not read, and why; which files of a folder are read."""

from __future__ import annotations

import stat
from collections import Counter
from collections.abc import Iterable
from dataclasses import dataclass
from pathlib import Path

from graph_service.readers.naming import shown_name

WORKBOOKS = {".xlsx", ".xlsm", ".xls", ".ods"}
TEXTS = {".csv", ".tsv", ".txt"}
MOST_LEFT_OUT = 100
"""Of one reason; the others are counted."""
REASONS = {
    "SHEET_HIDDEN": ("隐藏的工作表,未读取;需要时请取消隐藏", "a hidden sheet is not read: unhide it if it is meant"),
    "SHEET_VERY_HIDDEN": (
        "深度隐藏的工作表,未读取;需要时请在 VBA 编辑器中取消隐藏",
        "a very hidden sheet is not read: unhide it in the VBA editor if it is meant",
    ),
    "SHEET_WITHOUT_CELLS": ("图表或宏工作表,没有单元格", "a sheet of a chart or macros has no cells"),
    "SHEET_EMPTY": ("空工作表", "the sheet is empty"),
    "FILE_KIND": (
        "不是登记表文件,未读取;可读取 .xlsx、.xlsm、.xls、.ods、.csv、.tsv、.txt",
        "not a file of a register: .xlsx, .xlsm, .xls, .ods, .csv, .tsv and .txt are read",
    ),
    "FILE_LOCK": ("Excel 打开文件时的临时文件,未读取", "a lock file of Excel is not read"),
    "FILE_HIDDEN": ("隐藏文件,未读取", "a hidden file is not read"),
    "FILE_SPECIAL": (
        "不是普通文件(管道、设备或失效的链接),未打开",
        "not a regular file (a pipe, a device or a dangling link), not opened",
    ),
    "FOLDER": ("文件夹中的文件夹,未读取;请单独导入", "a folder in a folder is not read: import it by itself"),
}


@dataclass(frozen=True, slots=True)
class LeftOut:
    """Something that was not read. `code` is one of `REASONS`; `sheet` is "" for a whole file; `file` is "" where `count` of them
    are told together."""

    file: str
    sheet: str
    code: str
    count: int = 1

    @property
    def message_zh(self) -> str:
        """Return why, in Chinese."""
        return REASONS[self.code][0]

    @property
    def message_en(self) -> str:
        """Return why, in English."""
        return REASONS[self.code][1]

    def __str__(self) -> str:
        name = f"{self.file}:{self.sheet}" if self.sheet else self.file or f"+{self.count}"
        return f"{name}: {self.message_zh} / {self.message_en}"


def bounded(left_out: Iterable[LeftOut]) -> tuple[LeftOut, ...]:
    """Return the first of each reason, and the count of the others."""
    kept: list[LeftOut] = []
    counts: Counter[str] = Counter()
    for entry in left_out:
        counts[entry.code] += 1
        if counts[entry.code] <= MOST_LEFT_OUT:
            kept.append(entry)
    more = (LeftOut("", "", code, count - MOST_LEFT_OUT) for code, count in counts.items() if count > MOST_LEFT_OUT)
    return (*kept, *more)


def is_regular(path: Path) -> bool:
    """Return whether it is a file, or a link to one, that can be opened without waiting."""
    try:
        return stat.S_ISREG(path.stat().st_mode)
    except (OSError, ValueError):
        return False


def in_folder(folder: Path) -> tuple[list[Path], list[LeftOut]]:
    """Return the files of a folder that are read, and what is left out."""
    files: list[Path] = []
    left_out: list[LeftOut] = []
    for path in sorted(folder.iterdir()):
        code = _reason(path)
        if code:
            left_out.append(LeftOut(shown_name(path), "", code))
        else:
            files.append(path)
    return files, left_out


def _reason(path: Path) -> str:
    if path.is_dir():
        return "FOLDER"
    if not is_regular(path):
        return "FILE_SPECIAL"
    if path.name.startswith(("~$", ".~")):
        return "FILE_LOCK"
    if path.name.startswith("."):
        return "FILE_HIDDEN"
    return "" if path.suffix.lower() in WORKBOOKS | TEXTS else "FILE_KIND"
