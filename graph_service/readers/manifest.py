"""What the process that reads workbooks tells of them, one line of JSON each."""

from __future__ import annotations

from typing import TypedDict


class Entry(TypedDict, total=False):
    """A line. `kind`: file (it begins), table, left_out, refused or done."""

    kind: str
    file: int
    sheet: str
    code: str
    offset: int
    length: int
    rows: int
    hidden_rows: int
    hidden_columns: list[str]
    beside: list[str]
    zh: str
    en: str


def left_out(sheet: str, code: str) -> Entry:
    """Return the line of a sheet that is not read."""
    return Entry(kind="left_out", sheet=sheet, code=code)
