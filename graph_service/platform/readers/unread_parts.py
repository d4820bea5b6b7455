"""Unread parts of a delivery with their reasons; files of a folder that are read."""

from __future__ import annotations

import stat
from collections import Counter
from collections.abc import Iterable
from dataclasses import dataclass
from pathlib import Path

from graph_service.platform.readers.display_names import display_name

WORKBOOK_SUFFIXES = {".xlsx", ".xlsm", ".xls", ".ods"}
TEXT_SUFFIXES = {".csv", ".tsv", ".txt"}
MAX_UNREAD_PARTS = 100
"""Maximum listed parts of one reason; further ones are only counted."""


@dataclass(frozen=True, slots=True)
class UnreadPart:
    """An unread part. `code`: the reason (`features/imports/read/row_issues.py` has its text); `sheet` is "" for a whole file; `file`
    is "" where `count` parts are reported together."""

    file: str
    sheet: str
    code: str
    count: int = 1


def limit_unread_parts(parts: Iterable[UnreadPart]) -> tuple[UnreadPart, ...]:
    """Return the first parts of each reason, and the count of the others."""
    listed_parts: list[UnreadPart] = []
    counts: Counter[str] = Counter()
    for part in parts:
        counts[part.code] += 1
        if counts[part.code] <= MAX_UNREAD_PARTS:
            listed_parts.append(part)
    counted_parts = (
        UnreadPart("", "", code, count - MAX_UNREAD_PARTS) for code, count in counts.items() if count > MAX_UNREAD_PARTS
    )
    return (*listed_parts, *counted_parts)


def is_regular_file(path: Path) -> bool:
    """Tell whether a path is a file, or a link to one, that can be opened without blocking."""
    try:
        return stat.S_ISREG(path.stat().st_mode)
    except (OSError, ValueError):
        return False


def list_folder(folder: Path) -> tuple[list[Path], list[UnreadPart]]:
    """Return the files of a folder that are read, and its unread parts."""
    files: list[Path] = []
    unread_parts: list[UnreadPart] = []
    for path in sorted(folder.iterdir()):
        code = _unread_code(path)
        if code:
            unread_parts.append(UnreadPart(display_name(path), "", code))
        else:
            files.append(path)
    return files, unread_parts


def _unread_code(path: Path) -> str:
    if path.is_dir():
        return "FOLDER_NESTED"
    if not is_regular_file(path):
        return "FILE_SPECIAL"
    if path.name.startswith(("~$", ".~")):
        return "FILE_LOCK"
    if path.name.startswith("."):
        return "FILE_HIDDEN"
    return "" if path.suffix.lower() in WORKBOOK_SUFFIXES | TEXT_SUFFIXES else "FILE_KIND"
