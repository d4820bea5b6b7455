"""What of a delivery is not read, and why; which files of a folder are read."""

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
"""Of one reason; the others are counted."""


@dataclass(frozen=True, slots=True)
class UnreadPart:
    """Something that was not read. `code`: why (`services.troubles` has its text); `sheet` is "" for a whole file; `file` is ""
    where `count` of them are told together."""

    file: str
    sheet: str
    code: str
    count: int = 1


def limit_unread_parts(parts: Iterable[UnreadPart]) -> tuple[UnreadPart, ...]:
    """Return the first of each reason, and the count of the others."""
    kept: list[UnreadPart] = []
    counts: Counter[str] = Counter()
    for entry in parts:
        counts[entry.code] += 1
        if counts[entry.code] <= MAX_UNREAD_PARTS:
            kept.append(entry)
    more = (
        UnreadPart("", "", code, count - MAX_UNREAD_PARTS) for code, count in counts.items() if count > MAX_UNREAD_PARTS
    )
    return (*kept, *more)


def is_regular_file(path: Path) -> bool:
    """Return whether it is a file, or a link to one, that can be opened without waiting."""
    try:
        return stat.S_ISREG(path.stat().st_mode)
    except (OSError, ValueError):
        return False


def list_folder(folder: Path) -> tuple[list[Path], list[UnreadPart]]:
    """Return the files of a folder that are read, and what is left out."""
    files: list[Path] = []
    left_out: list[UnreadPart] = []
    for path in sorted(folder.iterdir()):
        code = _unread_code(path)
        if code:
            left_out.append(UnreadPart(display_name(path), "", code))
        else:
            files.append(path)
    return files, left_out


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
