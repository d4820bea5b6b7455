"""What a cell shows, as text: without what nobody sees, and told apart from what stands where nothing is (docs/files.md)."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Callable
from datetime import date
from typing import Any

from graph_service.platform.readers.cells import Cell

FlagCode = str
"""Code of an issue that leaves the cell's value in."""


class CellRefused(Exception):
    """The cell's value makes its row unusable; `code` says why."""

    def __init__(self, code: str) -> None:
        super().__init__(code)
        self.code = code


class CellNotUnderstood(Exception):
    """The cell says something that is not understood: what was known before stays, and where nothing was, `value` is stored (the
    raw text of an enumeration)."""

    def __init__(self, code: str, value: Any = None) -> None:
        super().__init__(code)
        self.code, self.value = code, value


CellParser = Callable[[Cell], tuple[Any, FlagCode | None]]
"""A cell to (stored value or None, flag or None). Raises `CellRefused`, `NotUnderstood`."""

MAX_EXACT_INTEGER = 10**15
"""Spreadsheets keep fifteen digits of a number: longer ones have lost their last ones."""
FILLERS = {
    "无", "無", "没有", "空", "空白", "(空)", "暂无", "待定", "待补", "待补充", "待查", "待核实", "待填", "未定", "未知", "未填", "不详", "不明",
    "不清楚", "同上", "同前", "同左", "暂缺", "缺", "见备注", "不适用", "略", "tbd", "n.a.", "〃", "″", '"', "null", "none", "nil", "n/a", "na", "nan", "undefined", "\\n",
}  # fmt: skip
"""What people write where they have nothing to write. Texts of marks alone (- — / …) are fillers too."""
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
"""How systems export a text that a spreadsheet is not to take for a number: ="0012"."""
MARKS_ONLY = re.compile(r"[\W_]+")


def normalize_text(text: str) -> str:
    """Return a text without what nobody sees: full-width forms narrowed, format characters (Unicode Cf) and blanks around it gone."""
    if not text.isascii():
        text = unicodedata.normalize("NFKC", text)
        text = "".join(c for c in text if unicodedata.category(c) != "Cf")
    return text.strip().lstrip("'").strip()


def cell_text(cell: Cell) -> str | None:
    """Return the cell as text, narrowed; what ="…" encloses; a whole number without its '.0'; None where it is blank."""
    if isinstance(cell, str):
        text = normalize_text(cell)
        wrapped = _WRAPPED.fullmatch(text)
        return (normalize_text(wrapped[1]) if wrapped else text) or None
    if cell is None:
        return None
    if isinstance(cell, bool):
        return "是" if cell else "否"
    if isinstance(cell, float):
        # What a spreadsheet shows of a number: fifteen digits, without the noise of its sums.
        return str(int(cell)) if cell.is_integer() and abs(cell) < MAX_EXACT_INTEGER else format(cell, ".15g")
    if isinstance(cell, date):
        return cell.isoformat()[:10]
    return normalize_text(str(cell)) or None


def is_filler(text: str) -> bool:
    """Whether a text stands where nothing is to be told: 无, null, - …"""
    plain = text.lower()
    enclosed = _ENCLOSED.fullmatch(plain)
    return (
        plain in FILLERS or (enclosed is not None and enclosed[1] in FILLERS) or MARKS_ONLY.fullmatch(text) is not None
    )


def is_name(text: str) -> bool:
    """Whether a text where a number is meant may be a name: it has a Chinese character, and does not stand for nothing."""
    return _HAN.search(text) is not None and not is_filler(text.strip())


def is_list(text: str) -> bool:
    """Whether a text where a number is meant may be several numbers. A comma does not tell: 1,234 is one."""
    first, last = _LETTER.search(text), _LETTER.search(text[::-1])
    return (
        first is not None
        and last is not None
        and bool(_LIST_MARKS.search(text, first.start(), len(text) - last.start()))
    )


def is_error(text: str) -> bool:
    """Whether a text is what a spreadsheet shows of a formula that failed."""
    return text.startswith("#") and (text.lower() in ERROR_TEXTS or set(text) == {"#"})


def has_lost_digits(cell: Cell) -> bool:
    """Whether a long number was stored as a number, so that its last digits are gone."""
    if isinstance(cell, (int, float)):
        return abs(cell) >= MAX_EXACT_INTEGER
    return isinstance(cell, str) and bool(_SCIENTIFIC.match(cell.strip()))
