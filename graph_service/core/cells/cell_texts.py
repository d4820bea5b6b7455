"""Cells as text, as they are displayed: without invisible characters, and with placeholders for missing values recognised
(docs/reference/files.md)."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Callable
from datetime import date
from typing import Any

from graph_service.platform.readers.cells import Cell

FlagCode = str
"""Code of an issue with which the cell's value is kept."""


class CellRefused(Exception):
    """The cell's value makes its row unusable; `code` is the reason."""

    def __init__(self, code: str) -> None:
        super().__init__(code)
        self.code = code


class CellNotUnderstood(Exception):
    """The cell has a value that is not understood: a recorded value stays, and without one `value` is stored (the raw text of an
    enumeration)."""

    def __init__(self, code: str, value: Any = None) -> None:
        super().__init__(code)
        self.code, self.value = code, value


CellParser = Callable[[Cell], tuple[Any, FlagCode | None]]
"""Function from a cell to (stored value or None, flag or None). Raises `CellRefused`, `CellNotUnderstood`."""

MAX_EXACT_INTEGER = 10**15
"""Spreadsheets keep fifteen digits of a number: longer numbers have lost their last digits."""
FILLERS = {
    "无", "無", "没有", "空", "空白", "(空)", "暂无", "待定", "待补", "待补充", "待查", "待核实", "待填", "未定", "未知", "未填", "不详", "不明",
    "不清楚", "同上", "同前", "同左", "暂缺", "缺", "见备注", "不适用", "略", "tbd", "n.a.", "〃", "″", '"', "null", "none", "nil", "n/a", "na", "nan", "undefined", "\\n",
}  # fmt: skip
"""Texts that people write in place of a missing value. Texts of punctuation alone (- — / …) are fillers too."""
_ENCLOSED = re.compile(r"[(\[【〔<{]\s*(.+?)\s*[)\]】〕>}]")
_LETTER = re.compile(r"[^\W_]")
_LIST_MARKS = re.compile(r"[、;；\n]")
_HAN = re.compile(r"[\u3400-\u9fff]")
ERROR_TEXTS = {
    "#n/a",
    "#ref!",
    "#value!",
    "#name?",
    "#div/0!",
    "#num!",
    "#null!",
    "#spill!",
    "#calc!",
    "#field!",
    "#getting_data",
    "#unknown!",
}
_SCIENTIFIC = re.compile(r"^(?:\d(?:\.\d+)?[eE]\+?\d{2}|\d{16,}\.0+)$")
_WRAPPED = re.compile(r'="([^"=]*)"')
"""A text as systems export it so that a spreadsheet does not take it for a number: ="0012"."""
MARKS_ONLY = re.compile(r"[\W_]+")


def normalize_text(text: str) -> str:
    """Return a text without invisible characters: full-width forms narrowed, format characters (Unicode Cf) and surrounding blanks
    removed."""
    if not text.isascii():
        text = unicodedata.normalize("NFKC", text)
        text = "".join(c for c in text if unicodedata.category(c) != "Cf")
    return text.strip().lstrip("'").strip()


def cell_text(cell: Cell) -> str | None:
    """Return the cell as text, normalised: the text within ="…", a whole number without its '.0'; None where the cell is blank."""
    if isinstance(cell, str):
        text = normalize_text(cell)
        match = _WRAPPED.fullmatch(text)
        return (normalize_text(match[1]) if match else text) or None
    if cell is None:
        return None
    if isinstance(cell, bool):
        return "是" if cell else "否"
    if isinstance(cell, float):
        # A spreadsheet shows fifteen digits of a number, without the rounding noise of sums.
        return str(int(cell)) if cell.is_integer() and abs(cell) < MAX_EXACT_INTEGER else format(cell, ".15g")
    if isinstance(cell, date):
        return cell.isoformat()[:10]
    return normalize_text(str(cell)) or None


def is_filler(text: str) -> bool:
    """Return True where a text is a placeholder for a missing value: 无, null, - …"""
    lower_text = text.lower()
    match = _ENCLOSED.fullmatch(lower_text)
    return (
        lower_text in FILLERS or (match is not None and match[1] in FILLERS) or MARKS_ONLY.fullmatch(text) is not None
    )


def is_name(text: str) -> bool:
    """Return True where a text in place of a number may be a name: it has a Chinese character, and is no filler."""
    return _HAN.search(text) is not None and not is_filler(text.strip())


def is_list(text: str) -> bool:
    """Return True where a text in place of a number may be several numbers. A comma does not count: 1,234 is a single number."""
    first_letter, last_letter = _LETTER.search(text), _LETTER.search(text[::-1])
    return (
        first_letter is not None
        and last_letter is not None
        and bool(_LIST_MARKS.search(text, first_letter.start(), len(text) - last_letter.start()))
    )


def is_error(text: str) -> bool:
    """Return True where a text is the error that a spreadsheet shows for a failed formula."""
    return text.startswith("#") and (text.lower() in ERROR_TEXTS or set(text) == {"#"})


def has_lost_digits(cell: Cell) -> bool:
    """Return True where a long number was stored as a number, so that its last digits are lost."""
    if isinstance(cell, (int, float)):
        return abs(cell) >= MAX_EXACT_INTEGER
    return isinstance(cell, str) and bool(_SCIENTIFIC.match(cell.strip()))
