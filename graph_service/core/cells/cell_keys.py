"""Numbers that identify a record: parsing, placeholders, and texts that cannot be such a number (docs/reference/files.md)."""

from __future__ import annotations

import re
import unicodedata
from datetime import date

from graph_service.core.cells.cell_texts import (
    CellRefused,
    cell_text,
    has_lost_digits,
    is_error,
    is_filler,
)
from graph_service.platform.readers.cells import Cell, UnreadableCell

_EXPORTED_INTEGER = re.compile(r"(\d{1,15})\.0+")
"""A whole number as exported by programs that keep number columns with blanks as fractions: 12.0."""
_COUNT = re.compile(r"\d{1,7}(?:户|人|个|项|笔|条|村|户\d{1,7}人)")
"""A count in a row of totals, in the column of the number: 2户."""
_DAY_LIKE = re.compile(r"(?:(?:19|20)\d\d年)?\d{1,2}月\d{1,2}[日号]|\d{1,2}-[A-Z][a-z]{2}|[A-Z][a-z]{2}-\d{2}")
"""A number like 3-1 that a spreadsheet has turned into a day, kept as text: 3月1日, 5-Mar, Mar-05."""
_CREDIT_CODE = re.compile(r"9[1-3][0-9OoIl]{6}[0-9A-Za-z]{10}")
"""A unified social credit code of an operator: its letters are capitals."""
_PROSE = re.compile(r"[,;:!?。、…\"*~^|]")
MAX_KEY_LENGTH = 200
UNNUMBERED_TEXTS = {
    "无编号", "未编号", "暂无编号", "没有编号", "未登记", "新增", "新增户", "待编", "待编号", "待定", "无", "空", "暂无", "未知", "不详", "未编", "未编码", "未编号户", "待分配", "无户编号",
}  # fmt: skip
"""Texts that people write in place of a missing number."""
_NUMBERED_FILLER = re.compile(r"(?<=[\u3400-\u9fff])\d{1,3}$")
"""A running number after such a text: 新增1 and 新增2 are no numbers either."""
_INVISIBLE = re.compile("[\u115f\u1160\u2800\u3164\uffa0\ufe00-\ufe0f\ufffc\ufffd]")
"""Characters that show nothing, or replace unreadable ones, and are no format characters."""


def parse_key(cell: Cell, *, strict: bool = False) -> str | None:
    """Return a number that identifies a record; None where there is none, fillers included. `strict`: it has neither white space
    nor punctuation. Raises `CellRefused` where its digits are lost or it cannot be such a number."""
    if isinstance(cell, UnreadableCell):
        raise CellRefused(cell.code)
    if has_lost_digits(cell) or (isinstance(cell, float) and not cell.is_integer()):
        raise CellRefused("KEY_STORED_AS_NUMBER")
    if isinstance(cell, date):
        raise CellRefused("KEY_STORED_AS_DATE")
    if isinstance(cell, bool):
        raise CellRefused("KEY_SHAPE")
    text = cell_text(cell)
    if text is None:
        return None
    if is_error(text):
        raise CellRefused("CELL_ERROR")
    match = _EXPORTED_INTEGER.fullmatch(text)
    text = match[1] if match else text
    if is_filler(text) or _NUMBERED_FILLER.sub("", text) in UNNUMBERED_TEXTS or not text.strip("0"):
        return None
    if _DAY_LIKE.fullmatch(text):
        raise CellRefused("KEY_STORED_AS_DATE")
    if _CREDIT_CODE.fullmatch(text):
        text = text.upper()
    if _COUNT.fullmatch(text):
        raise CellRefused("KEY_SHAPE")
    if len(text) > MAX_KEY_LENGTH or (isinstance(cell, str) and not _is_key(str(cell), text, strict=strict)):
        raise CellRefused("KEY_SHAPE")
    return text


def _is_key(cell: str, text: str, *, strict: bool) -> bool:
    if cell.isascii() and text.isalnum():
        return True
    # NFKC turns ² and ① into digits: no key is written with them.
    if (
        text.startswith("=")
        or _INVISIBLE.search(cell)
        or any(unicodedata.category(c) in ("Cc", "Cn", "Co", "Me", "No") for c in cell.strip())
    ):
        return False
    return not strict or (not any(c.isspace() for c in text) and _PROSE.search(text) is None)
